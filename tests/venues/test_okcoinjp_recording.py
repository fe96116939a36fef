"""What a recording shows of this venue: its own names of channels and sockets, messages before compression, and who asked."""

from __future__ import annotations

import pytest
from okcoinjp_support import SpotBench

from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call, answer
from mockex.wire.recording import Entry

ACCOUNTS = "/api/spot/v3/accounts"
ORDERS = "/api/spot/v3/orders"
INSTRUMENTS = "/api/spot/v3/instruments"


@pytest.fixture
def bench() -> SpotBench:
    bench = SpotBench()
    bench.simulation.desk.recorder.start(lambda: 0)
    return bench


def recorded(bench: SpotBench, *kinds: str) -> list[Entry]:
    return [entry for entry in bench.simulation.desk.recorder.after(0) if entry["kind"] in kinds]


def test_channels_are_named_in_upper_case_however_they_were_asked_for(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.login("bob")
    socket.send({"op": "subscribe", "args": ["spot/depth:btc-jpy", "spot/account:jpy"]})
    socket.send({"op": "unsubscribe", "args": ["spot/depth:Btc-Jpy", "spot/trade:BTC-JPY"]})
    kept = recorded(bench, "open", "login", "subscribed", "unsubscribed")

    assert [{name: entry.get(name) for name in ("kind", "socket", "account", "key", "channel")} for entry in kept] == [
        {"kind": "open", "socket": "main", "account": None, "key": None, "channel": None},
        {"kind": "login", "socket": None, "account": "bob", "key": "bob", "channel": None},
        {"kind": "subscribed", "socket": None, "account": None, "key": None, "channel": "spot/depth:BTC-JPY"},
        {"kind": "subscribed", "socket": None, "account": None, "key": None, "channel": "spot/account:JPY"},
        {"kind": "unsubscribed", "socket": None, "account": None, "key": None, "channel": "spot/depth:BTC-JPY"},
    ]


def test_a_login_that_fails_is_none(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.send({"op": "login", "args": ["a", "b", "c", "d"]})

    assert recorded(bench, "login") == []


def test_a_frame_says_before_compression_what_it_says_after_it(bench: SpotBench) -> None:
    socket = bench.connect()
    bench.simulation.receive(socket.connection, '{"op": "subscribe", "args": ["spot/depth:BTC-JPY"]}')
    acknowledgement, opening = socket.connection.drain()

    assert acknowledgement.message == b'{"event":"subscribe","channel":"spot/depth:BTC-JPY"}'
    assert acknowledgement.push is None
    assert opening.message.startswith(b'{"table":"spot/depth","action":"partial"')
    assert opening.push is not None
    assert opening.push == ("spot/depth:BTC-JPY", True)


@pytest.mark.parametrize(
    ("changes", "account"),
    [({}, "alice"), ({"ok-access-sign": "forged"}, None), ({"ok-access-passphrase": "wrong"}, None)],
)
def test_a_key_counts_as_the_callers_once_its_signature_was_right(
    bench: SpotBench, changes: dict[str, str], account: str | None
) -> None:
    headers = bench.sign("GET", ACCOUNTS) | changes
    call = Call(bench.desk, WireRequest("GET", ACCOUNTS, "", headers, b"", "127.0.0.1"))
    answer(call)

    assert (None if call.authenticated is None else call.authenticated.account_id) == account


def test_a_key_on_a_public_route_only_counts_calls(bench: SpotBench) -> None:
    """Anybody may write any key there: nothing checks it (okj§4)."""
    call = Call(bench.desk, WireRequest("GET", INSTRUMENTS, "", bench.sign("GET", INSTRUMENTS), b"", "127.0.0.1"))
    answer(call)

    assert call.credential is not None
    assert call.authenticated is None


def test_a_key_that_may_not_do_something_is_known_all_the_same(bench: SpotBench) -> None:
    headers = bench.sign("POST", ORDERS, b"{}", who="viewer")
    call = Call(bench.desk, WireRequest("POST", ORDERS, "", headers, b"{}", "127.0.0.1"))

    assert answer(call).error == "30012"
    assert call.authenticated is not None
    assert call.authenticated.label == "viewer"
