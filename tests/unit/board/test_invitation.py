"""How a class finds the board, and who can reach it."""

import socket
import urllib.parse
from types import SimpleNamespace

import psutil
import pytest
import segno

from hpt_widgets.board import network
from hpt_widgets.board.invitation import Invitation
from hpt_widgets.board.network import BoardError, listening_socket, local_address, other_addresses


def test_an_invitation_says_how_to_join():
    invitation = Invitation("192.0.2.7:8899", "maple-river", is_shared=True)
    assert invitation.line == 'lab.join("192.0.2.7:8899", "maple-river")'
    assert invitation.guest_url == "http://192.0.2.7:8899/#code=maple-river"


def test_a_board_behind_a_proxy_keeps_its_whole_address():
    invitation = Invitation("https://hub.example/services/board/", "maple-river", is_shared=True)
    assert invitation.guest_url == "https://hub.example/services/board/#code=maple-river"


def test_the_qr_code_holds_the_guests_address():
    invitation = Invitation("192.0.2.7:8899", "maple-river", is_shared=True)
    picture = urllib.parse.unquote(invitation.to_dict()["qr"])
    assert picture.startswith("data:image/svg+xml")
    expected = segno.make("http://192.0.2.7:8899/#code=maple-river", error="m", micro=False)
    assert expected.svg_data_uri(border=2, dark="#000", light="#fff") == invitation.qr_picture()
    assert len(invitation.qr_text().splitlines()) > 10


def test_a_board_that_nobody_else_can_reach_shows_no_qr_code():
    assert Invitation("localhost:8899", "maple-river", is_shared=False).to_dict()["qr"] is None


def test_by_default_the_board_listens_on_this_computer_alone():
    with listening_socket(0, share=False) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_only_share_opens_it_to_the_network(monkeypatch):
    asked, create_server = [], socket.create_server

    def on_the_loopback(address, **options):
        asked.append(address[0])
        return create_server(("127.0.0.1", 0), **options)

    monkeypatch.setattr(socket, "create_server", on_the_loopback)
    for share in (False, True):
        listening_socket(0, share=share).close()
    assert asked == ["127.0.0.1", "0.0.0.0"]


def test_a_port_that_is_taken_gets_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BoardError, match=f"port {port} is taken"):
            listening_socket(port, share=False)


def test_a_port_that_there_is_not_gets_a_sentence():
    with pytest.raises(BoardError, match="70000"):
        listening_socket(70000, share=False)


def test_an_address_is_found_with_and_without_a_network(monkeypatch):
    assert local_address().count(".") == 3
    monkeypatch.setattr(network, "_ANYWHERE", ("no such host at all", 9))
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"lo": [address("127.0.0.1")]})
    assert local_address() == "127.0.0.1"


def address(text, family=socket.AF_INET):
    return SimpleNamespace(family=family, address=text)


def test_in_a_room_without_a_gateway_the_likeliest_address_is_shown(monkeypatch):
    monkeypatch.setattr(network, "_ANYWHERE", ("no such host at all", 9))
    found = {
        "lo": [address("127.0.0.1")],
        "docker0": [address("172.17.0.1")],
        "eth0": [address("169.254.3.4"), address("fe80::1", socket.AF_INET6)],
        "wlan0": [address("192.168.1.5")],
        "wlan1": [address("10.0.0.9")],
    }
    states = {name: SimpleNamespace(isup=name != "wlan1") for name in found}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: found)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    assert local_address() == "192.168.1.5"
    assert other_addresses("192.168.1.5") == ["172.17.0.1", "169.254.3.4"]


def test_further_addresses_are_none_of_this_computer_alone():
    for address in other_addresses("192.0.2.7"):
        assert not address.startswith("127.")
        assert address != "192.0.2.7"
