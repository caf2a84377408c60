"""The command ``board`` of ``python -m hpt_widgets``, and what can be done to a board."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import functools
import re
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.board.network import DEFAULT_PORT, BoardError
from hpt_widgets.language import translate

if TYPE_CHECKING:
    from hpt_widgets.board.hub import JupyterHub
    from hpt_widgets.board.invitation import Invitation
    from hpt_widgets.board.reference import ReferencePlan
    from hpt_widgets.board.store import BoardStore
    from hpt_widgets.board.task import Task

FILE_NAME: Final = "board.sqlite"
_SECONDS: Final = 60.0
_PATH: Final = re.compile(r"[A-Za-z0-9/._~@%-]*")
# What a browser and a lab read alike: nothing behind the path.
_URL: Final = re.compile(r"https?://[^\s?#\"'<>\\]+")


def add_parser(commands: Any) -> list[argparse.ArgumentParser]:
    """Add the command to the others, and return its parsers.

    Parameters
    ----------
    commands : argparse's subparsers
        Of ``python -m hpt_widgets``.
    """
    board = commands.add_parser("board", help="gather a class's runs and show them")
    board.add_argument("--share", action="store_true", help="let the local network connect")
    board.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"(default {DEFAULT_PORT})")
    board.add_argument("--prefix", default="/", help="where it lies on a proxy's address")
    board.add_argument("--url", default="", help="the whole address by which labs reach it")
    board.add_argument("--hub", action="store_true", help="be a service of a JupyterHub")
    board.add_argument("--csv", type=Path, metavar="FOLDER", help="read CSV files of labs too")
    anew = board.add_mutually_exclusive_group()
    anew.add_argument("--new-code", action="store_true", help="draw another class code")
    anew.add_argument("--new-class", action="store_true", help="begin another class, from nothing")
    board.add_argument("--no-browser", action="store_true", help="open no page")
    actions = board.add_subparsers(dest="action")
    task = actions.add_parser("task", help="open a task, and train the searches to compare with")
    _add_task_options(task)
    export = actions.add_parser("export", help="write all runs to a CSV file, one row a run")
    export.add_argument("file", type=Path)
    forget = actions.add_parser("forget", help="delete a student and all their runs")
    who = forget.add_mutually_exclusive_group(required=True)
    who.add_argument("name", nargs="?", help="as it stands on the board")
    who.add_argument("--without-runs", action="store_true", help="all who never sent a run")
    forget.add_argument(
        "--class-number",
        type=int,
        help="only of this class (default: of the latest that has the name; without runs: of all)",
    )
    new_class = actions.add_parser("new-class", help="begin another class on a board that is open")
    parsers = [board, task, export, forget, new_class]
    for parser in parsers:
        # Asked for in front of the action or behind it.
        default = None if parser is board else argparse.SUPPRESS
        parser.add_argument("--folder", type=Path, default=default, help="where the board lies")
    return parsers


def _add_task_options(task: argparse.ArgumentParser) -> None:
    from hpt_widgets.board.task import DEFAULT_FREE, FREE_CHOICES

    task.add_argument("--name", help="what the page calls it")
    task.add_argument("--epochs", type=int, default=1, help="of each run (default 1)")
    task.add_argument("--seed", type=int, help="of every run (default: any)")
    task.add_argument(
        "--free",
        nargs="+",
        default=DEFAULT_FREE,
        choices=FREE_CHOICES,
        metavar="HYPERPARAMETER",
        help=f"what is tuned (default {' '.join(DEFAULT_FREE)})",
    )
    task.add_argument("--training-size", type=int, help="samples of MNIST (default: all)")
    task.add_argument("--trials", type=int, default=40, help="of each search (default 40)")
    task.add_argument("--repeats", type=int, default=3, help="searches of a kind (default 3)")
    task.add_argument("--no-reference", action="store_true", help="train nothing")


def run(options: argparse.Namespace, language: str) -> int:
    """Carry out the command and return its exit status.

    Parameters
    ----------
    options : Namespace
        What `add_parser` made of the command line.
    language : {"en", "zh"}
        Of the teacher.

    Raises
    ------
    BoardError
        If it cannot be done; the message is for the teacher.
    """
    if options.action == "task":
        _open_task(options)
        return 0
    if options.action is None:
        _check_options(options)
    else:
        _check_board(options.folder)
    with _opened_store(options.folder) as store:
        if options.action == "export":
            _export(store, options.file)
        elif options.action == "forget":
            _forget(store, options)
        elif options.action == "new-class":
            _begin_class(store)
        else:
            _serve(store, options, language)
    return 0


def board_folder() -> Path:
    """Return the folder of the teacher's board: ``board`` in the reader's folder."""
    from hpt_widgets.support.home import reader_folder

    return reader_folder() / "board"


def _check_board(folder: Path | None) -> None:
    """Refuse a folder without a board, for what is done to one that is there."""
    place = folder or board_folder()
    if not (place / FILE_NAME).is_file():
        raise BoardError(translate("board.no_board_here", folder=place))


@contextlib.contextmanager
def _opened_store(folder: Path | None) -> Iterator[BoardStore]:
    from hpt_widgets.board.store import BoardStore
    from hpt_widgets.board.writer import StoreError

    try:
        store = BoardStore((folder or board_folder()) / FILE_NAME)
    except (StoreError, OSError) as error:
        raise BoardError(str(error)) from error
    try:
        yield store
    except StoreError as error:
        raise BoardError(str(error)) from error
    finally:
        store.close()


def _say(key: str, **values: object) -> None:
    print(translate(f"board.{key}", **values), flush=True)  # noqa: T201


# -- tasks ---------------------------------------------------------------------------------------


def _open_task(options: argparse.Namespace) -> None:
    from hpt_widgets.board.reference import ReferencePlan

    # All that was asked for is checked first: a slip must not take the place of the class's task.
    try:
        plan = ReferencePlan(options.trials, options.repeats)
    except ValueError as error:
        raise BoardError(str(error)) from error
    data, task = _task_on_mnist(options)
    with _opened_store(options.folder) as store:
        store.open_task(task).result(_SECONDS)
        _say("task_opened", name=task.shown_name, free=", ".join(task.free))
        if not options.no_reference:
            _train_reference(store, task, data, plan)


def _task_on_mnist(options: argparse.Namespace) -> tuple[Any, Task]:
    from hpt_widgets.board.task import Task
    from hpt_widgets.data.dataset import SUBSET_SEED
    from hpt_widgets.data.fingerprint import data_fingerprint
    from hpt_widgets.data.mnist import load_mnist

    try:
        data = load_mnist()
        if options.training_size is not None:
            data = data.take(options.training_size, seed=SUBSET_SEED)
        task = Task(
            data=data_fingerprint(data),
            training_size=len(data.y_train),
            name=options.name or translate("board.page_default_task"),
            epochs=options.epochs,
            seed=options.seed,
            free=tuple(options.free),
        )
    except (ValueError, TypeError, OSError) as error:
        raise BoardError(str(error)) from error
    return data, task


def _train_reference(store: BoardStore, task: Task, data: Any, plan: ReferencePlan) -> None:
    from hpt_widgets.board.reference import METHODS, Reference
    from hpt_widgets.board.reference_place import references_of

    reference = Reference(references_of(store.path.parent), task)
    _say("reference_begins", total=plan.total)
    done = 0

    def on_trial(trial: Any) -> None:
        nonlocal done
        done += 1
        accuracy = trial.validation_accuracy
        values = {"done": done, "result": "–" if accuracy is None else f"{accuracy:.1%}"}
        if trial.method in METHODS:
            _say("reference_trial", method=translate(f"board.page_name_{trial.method}"), **values)
        else:
            # The runs that show how much the seed alone does.
            _say("reference_seed", seed=trial.hyperparameters["seed"], **values)

    try:
        reference.train(data, plan, on_trial)
    except KeyboardInterrupt:
        _say("reference_broken_off")
        return
    except ValueError as error:
        raise BoardError(str(error)) from error
    _say("reference_done")


def _default_task(store: BoardStore) -> None:
    """Open a task on MNIST where the teacher has opened none."""
    from hpt_widgets.board.task import DEFAULT_FREE

    if store.task is None:
        options = argparse.Namespace(
            training_size=None, name=None, epochs=1, seed=None, free=DEFAULT_FREE
        )
        _, task = _task_on_mnist(options)
        store.open_task(task).result(_SECONDS)


# -- after the lesson ----------------------------------------------------------------------------


def _export(store: BoardStore, path: Path) -> None:
    from hpt_widgets.board.csv_export import export_runs

    try:
        count = export_runs(store, path)
    except OSError as error:
        reason = error.strerror or error
        raise BoardError(translate("board.not_exported", path=path, reason=reason)) from error
    _say("exported", count=count, path=path)


def _forget(store: BoardStore, options: argparse.Namespace) -> None:
    name, number = options.name, options.class_number
    if options.without_runs:
        _say("cleared", count=store.forget_without_runs(number).result(_SECONDS))
        return
    try:
        count = store.forget(name, number).result(_SECONDS)
    except LookupError:
        names = ", ".join(dict.fromkeys(store.names().values()))
        key = "no_such_name" if names else "no_names"
        raise BoardError(translate(f"board.{key}", name=name, names=names)) from None
    _say("forgotten", name=name, count=count)


def _begin_class(store: BoardStore) -> None:
    _renew_code(store, new_class=True)
    code, key = store.fact("code"), store.fact("teacher_key")
    _say("class_begun", number=store.class_number, code=code, teacher_key=key)


def _renew_code(store: BoardStore, *, new_class: bool) -> None:
    from hpt_widgets.board.words import new_class_code

    store.set_code(new_class_code(), new_class=new_class).result(_SECONDS)


# -- the board -----------------------------------------------------------------------------------


def _check_options(options: argparse.Namespace) -> None:
    """Refuse what nobody could join by, before anything is opened."""
    from hpt_widgets.board.client import BoardAddress

    parts = options.prefix.split("/")
    if not _PATH.fullmatch(options.prefix) or {".", ".."}.intersection(parts):
        raise BoardError(translate("board.prefix", value=options.prefix))
    if options.url:
        try:
            BoardAddress.parse(options.url)
            # A lab sends the path as it is written.
            is_whole = _URL.fullmatch(options.url) is not None and options.url.isascii()
        except ValueError:
            is_whole = False
        if not is_whole:
            raise BoardError(translate("board.url", value=options.url))
    if options.csv and options.csv.exists() and not options.csv.is_dir():
        raise BoardError(translate("board.no_csv_folder", value=f"{options.csv}"))


@dataclass(frozen=True)
class _Stand:
    """Where the board is set up: its socket, its place behind a proxy, and its invitation.

    `is_open` says whether other computers may connect: else only what runs on this one.
    """

    listening: Any
    prefix: str
    invitation: Invitation
    page: str
    hub: JupyterHub | None = None
    is_open: bool = True

    def current_invitation(self, store: BoardStore) -> Callable[[], dict[str, Any]]:
        """Return what gives the invitation with the code of now, for the teacher's page."""

        @functools.lru_cache(maxsize=1)
        def with_code(code: str) -> dict[str, Any]:
            return dataclasses.replace(self.invitation, code=code).to_dict()

        return lambda: with_code(store.fact("code"))


def _serve(store: BoardStore, options: argparse.Namespace, language: str) -> None:
    _default_task(store)
    stand = _on_hub(store, options) if options.hub else _on_own_address(store, options, language)
    opens_page = not (options.no_browser or options.hub)
    asyncio.run(_serve_until_stopped(store, stand, options.csv, opens_page))
    _say("closed")


def _on_own_address(store: BoardStore, options: argparse.Namespace, language: str) -> _Stand:
    from hpt_widgets.board.invitation import Invitation
    from hpt_widgets.board.network import listening_socket, local_address, other_addresses

    prefix = "/".join(["", *filter(None, options.prefix.split("/")), ""])
    listening = listening_socket(options.port, share=options.share)
    _renew_if_asked(store, options)
    port = listening.getsockname()[1]
    host = local_address() if options.share else "localhost"
    is_plain = options.share and not options.url and prefix == "/"
    others = tuple(f"{each}:{port}" for each in other_addresses(host)) if is_plain else ()
    plain = f"{host}:{port}" if prefix == "/" else f"http://{host}:{port}{prefix}"
    shared = options.share or bool(options.url)
    address, code = _whole(options.url) or plain, store.fact("code")
    invitation = Invitation(address, code, shared, others=others)
    key = store.fact("teacher_key")
    page = f"http://localhost:{port}{prefix}#teacher={key}&language={language}"
    return _Stand(listening, prefix, invitation, page, is_open=options.share)


def _renew_if_asked(store: BoardStore, options: argparse.Namespace) -> None:
    """Draw another code, once it is certain that no board is open already at the same port."""
    if options.new_code or options.new_class:
        _renew_code(store, new_class=options.new_class)


def _whole(url: str) -> str:
    """Return an address as it is written, with the slash that a browser needs at its end."""
    return f"{url.rstrip('/')}/" if url else ""


def _on_hub(store: BoardStore, options: argparse.Namespace) -> _Stand:
    from hpt_widgets.board.hub import HubService, JupyterHub
    from hpt_widgets.board.invitation import Invitation
    from hpt_widgets.board.network import LOOPBACK, listening_socket

    service = HubService.from_environment()
    hub = JupyterHub(store)
    share = service.host not in (LOOPBACK, "localhost", "::1")
    listening = listening_socket(service.port, share=share)
    _renew_if_asked(store, options)
    address = _whole(service.url) or service.prefix
    known = bool(service.url)
    invitation = Invitation(address, store.fact("code"), is_shared=known, is_on_hub=True)
    return _Stand(listening, service.prefix, invitation, address, hub)


async def _serve_until_stopped(
    store: BoardStore, stand: _Stand, csv: Path | None, opens_page: bool
) -> None:
    from hpt_widgets.board.assembly import make_board
    from hpt_widgets.board.reference_place import references_of
    from hpt_widgets.board.server import serve

    stop = asyncio.Event()
    _stop_on_signals(stop)
    references = references_of(store.path.parent)
    board = make_board(store, stand.current_invitation(store), references, stand.hub)
    reading = asyncio.create_task(_read_folder(board, csv)) if csv else None

    def on_ready() -> None:
        _greet(store, stand)
        if opens_page:
            import webbrowser

            webbrowser.open(stand.page)

    await serve(board, stand.listening, stop, stand.prefix, on_ready)
    if reading is not None:
        reading.cancel()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _greet(store: BoardStore, stand: _Stand) -> None:
    from hpt_widgets.board.reference_place import has_reference, references_of
    from hpt_widgets.support.own_command import own_command

    task, invitation = store.task, stand.invitation
    _say("open", task=task.shown_name if task else "–", page=stand.page)
    if task and not has_reference(references_of(store.path.parent), task):
        _say("no_reference", command=own_command())
    _say("join", line=invitation.line, code=invitation.code)
    _say("kept_in", folder=store.path.parent)
    if stand.hub is not None:
        _say("on_hub")
        return
    if not invitation.is_shared:
        _say("not_shared")
        return
    if not stand.is_open:
        _say("forwarded", address=invitation.address)
        return
    if "://" in invitation.address:
        _say("behind_proxy")
        return
    _say("shared")
    if invitation.others:
        _say("other_addresses", addresses=", ".join(invitation.others))
    if sys.stdout.isatty() and "utf" in (sys.stdout.encoding or "").lower():
        print(invitation.qr_text())  # noqa: T201


async def _read_folder(board: Any, folder: Path) -> None:
    """Bring the files of a folder to the board, for ever."""
    from hpt_widgets.board.background import repeat
    from hpt_widgets.board.csv_folder import LOOK_SECONDS, CsvFolder
    from hpt_widgets.board.writer import StoreError

    source = CsvFolder(folder, board.store)
    if not folder.is_dir():
        _say("no_folder", path=folder)

    async def look() -> None:
        try:
            for problem in await asyncio.to_thread(source.take_in):
                print(problem, file=sys.stderr, flush=True)  # noqa: T201
            board.projectors.notify()
        except StoreError:
            board.projectors.report("disk_full")

    await repeat(look, LOOK_SECONDS)
