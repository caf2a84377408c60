"""A lab's messages on their way out of a real kernel."""

import json

from jupyter_client.manager import start_new_kernel
from patience import SECONDS

N_MESSAGES = 20_000
# Four labs, whose room the messages then need, while nobody reads.
BURST = f"""
from comm import create_comm
import hpt_widgets as hpt
labs = [hpt.BackpropLab() for _ in range(4)]
comm = create_comm(target_name="burst")
for number in range({N_MESSAGES}):
    comm.send({{"number": number, "text": "x" * 500}})
"""


def test_no_message_is_dropped_however_late_it_is_read():
    manager, client = start_new_kernel()
    try:
        client.execute(BURST)
        assert client.get_shell_msg(timeout=SECONDS)["content"]["status"] == "ok"
        # Their contents alone: to read whole messages takes three times as long.
        socket, numbers = client.iopub_channel.socket, []
        while len(numbers) < N_MESSAGES:
            assert socket.poll(100_000)
            _, frames = client.session.feed_identities(socket.recv_multipart())
            _signature, _header, _parent, _metadata, content, *_ = frames
            data = json.loads(content).get("data", {})
            if "number" in data:
                numbers.append(data["number"])
        assert numbers == list(range(N_MESSAGES))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
