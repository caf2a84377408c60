"""A lab answers while a cell runs, in a real kernel."""

import json

from jupyter_client.manager import start_new_kernel
from patience import SECONDS

# The page hears of the button, and the cell waits until it was pressed.
CELL = """
import threading
import ipywidgets as widgets
import hpt_widgets as hpt
lab = hpt.BackpropLab()
pressed = threading.Event()
threads = []
button = widgets.Button()
button.on_click(lambda _: (threads.append(threading.current_thread()), pressed.set()))
button.description = "changed by the cell"
print(button.comm.comm_id)
answered = pressed.wait(60)
beside = threads != [threading.main_thread()]
"""
CLICK = {"method": "custom", "content": {"event": "click"}}


def test_a_button_is_answered_while_its_cell_waits():
    manager, client = start_new_kernel()
    try:
        request = client.session.msg("create_subshell_request")
        client.control_channel.send(request)
        subshell = client.get_control_msg(timeout=SECONDS)["content"]["subshell_id"]
        cell = client.execute(CELL, user_expressions={"ok": "[answered, beside]"})
        comm = printed(client)
        click = client.session.msg("comm_msg", {"comm_id": comm, "data": CLICK})
        click["header"]["subshell_id"] = subshell
        client.shell_channel.send(click)
        reply = reply_to(cell, client)
        answer = reply["content"]["user_expressions"]["ok"]["data"]["text/plain"]
        assert json.loads(answer.lower()) == [True, True]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def reply_to(request, client):
    """Return what the kernel replies to a request; it may still owe others from its start."""
    while True:
        reply = client.get_shell_msg(timeout=SECONDS)
        if reply["parent_header"]["msg_id"] == request:
            return reply


def printed(client):
    """Return the first words that the cell prints."""
    while True:
        message = client.get_iopub_msg(timeout=SECONDS)
        if message["msg_type"] == "stream":
            return message["content"]["text"].strip()
