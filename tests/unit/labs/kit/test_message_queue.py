"""A lab's messages on their way out of a real kernel."""

from jupyter_client.manager import start_new_kernel

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
        assert client.get_shell_msg(timeout=100)["content"]["status"] == "ok"
        numbers = []
        while len(numbers) < N_MESSAGES:
            content = client.get_iopub_msg(timeout=100)["content"]
            if "number" in content.get("data", {}):
                numbers.append(content["data"]["number"])
        assert numbers == list(range(N_MESSAGES))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
