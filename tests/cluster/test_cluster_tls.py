"""The encrypted sockets of a local cluster."""

from __future__ import annotations

import pickle
import socket
import ssl
import threading
import time

import pytest

from hpt_widgets.cluster.tls import ErrorClearingSecurity


@pytest.fixture(scope="module")
def keys():
    return ErrorClearingSecurity.temporary()


def pair(keys):
    """Return both ends of an encrypted connection."""
    listen = keys.get_listen_args("scheduler")["ssl_context"]
    connect = keys.get_connection_args("worker")["ssl_context"]
    ends = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        join = threading.Thread(target=lambda: ends.append(connect.wrap_socket(client)))
        join.start()
        server = listen.wrap_socket(listener.accept()[0], server_side=True)
        join.join()
    # TLS 1.3 sends its tickets after the handshake: they are read with the first bytes.
    server.send(b"hello")
    assert ends[0].recv(5) == b"hello"
    server.setblocking(False)
    return server, ends[0]


def break_off(end):
    """End a connection as the system does where a process is killed with unread bytes."""
    plain = socket.socket(fileno=end.detach())
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    plain.close()
    time.sleep(0.1)


@pytest.mark.parametrize("at_first", ["send", "recv_into"])
def test_a_connection_that_breaks_harms_no_other_of_the_thread(keys, at_first):
    broken, its_peer = pair(keys)
    other, peer = pair(keys)
    use = {
        "send": lambda: broken.send(b"x" * 1000),
        "recv_into": lambda: broken.recv_into(bytearray(9)),
    }
    break_off(its_peer)
    for name in (at_first, "send", "send"):
        with pytest.raises(OSError, match=r"reset|pipe|EOF"):
            use[name]()
        with pytest.raises(ssl.SSLWantReadError):
            other.recv_into(bytearray(9))
    peer.send(b"still here")
    received = bytearray(10)
    other.setblocking(True)
    assert other.recv_into(received) == 10
    assert received == b"still here"
    for each in (broken, other, peer):
        each.close()


def test_the_keys_travel_to_the_workers_as_they_are(keys):
    there = pickle.loads(pickle.dumps(keys))
    assert type(there) is ErrorClearingSecurity
    assert there.get_tls_config_for_role("worker") == keys.get_tls_config_for_role("worker")
