"""The class board as it is, but that a whole class may join at once from one address.

Run as ``python -m benchmarks.board_without_queue FOLDER PORT CLASS_SIZE`` by `benchmarks.board`:
its students all have the address of this computer, where a class has many.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from hpt_widgets.board.assembly import make_board
from hpt_widgets.board.commands import FILE_NAME
from hpt_widgets.board.invitation import Invitation
from hpt_widgets.board.limits import RateLimit
from hpt_widgets.board.network import listening_socket
from hpt_widgets.board.reception import Reception
from hpt_widgets.board.reference_place import references_of
from hpt_widgets.board.server import serve
from hpt_widgets.board.store import BoardStore


async def _serve(folder: Path, port: int, class_size: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    store = BoardStore(folder / FILE_NAME)
    listening = listening_socket(port, share=False)
    address = f"localhost:{listening.getsockname()[1]}"
    invitation = Invitation(address, store.fact("code"), is_shared=False)
    reception = Reception(store, join_limit=RateLimit(class_size))
    board = make_board(store, invitation.to_dict, references_of(folder), reception=reception)

    def on_ready() -> None:
        print(f"{invitation.line}\nCtrl-C ends the board.", flush=True)

    try:
        await serve(board, listening, stop, on_ready=on_ready)
    finally:
        store.close()


if __name__ == "__main__":
    _folder, _port, _class_size = sys.argv[1:]
    asyncio.run(_serve(Path(_folder), int(_port), int(_class_size)))
