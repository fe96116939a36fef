"""pybotters 1.11.2, which speaks this venue's protocol natively: its signing, login and heartbeat, REST and WebSocket."""

from __future__ import annotations

import zlib
from itertools import zip_longest
from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

ORDERS = "/api/spot/v3/orders"


@pytest.fixture
def pybotters(talk: Talk) -> Conversation:
    return talk("pybotters", "session.py")


def place(pybotters: Conversation, **order: str) -> str:
    """Places an order for BTC-JPY over REST and gives its id."""
    reply = pybotters.call("request", "POST", ORDERS, data={"instrument_id": "BTC-JPY", **order})
    assert (reply["status"], reply["body"]["error_code"]) == (200, "0")
    order_id: str = reply["body"]["order_id"]
    return order_id


def next_row(pybotters: Conversation, table: str) -> dict[str, Any]:
    """The row of the next push of a channel."""
    message = pybotters.call("receive_until", {"table": table})[-1]
    (row,) = message["data"]
    found: dict[str, Any] = row
    return found


# --- REST


def test_a_signed_get_with_a_query_is_accepted(pybotters: Conversation) -> None:
    placed = place(pybotters, side="buy", type="limit", price="5826000", size="0.1")

    reply = pybotters.call("request", "GET", ORDERS, params={"instrument_id": "BTC-JPY", "state": "0", "limit": "10"})

    assert reply["status"] == 200
    assert [(order["order_id"], order["price"], order["size"], order["state"]) for order in reply["body"]] == [
        (placed, "5826000", "0.1", "0")
    ]


def test_a_signed_post_places_and_cancels(pybotters: Conversation) -> None:
    placed = place(pybotters, side="buy", type="limit", price="5826000", size="0.1", client_oid="oktspot79")

    reply = pybotters.call("request", "POST", "/api/spot/v3/cancel_orders/oktspot79", data={"instrument_id": "btc-jpy"})

    assert (reply["body"]["order_id"], reply["body"]["result"], reply["body"]["error_code"]) == (placed, True, "0")
    row = pybotters.call("request", "GET", "/api/spot/v3/accounts/JPY")["body"]
    assert (row["balance"], row["hold"], row["available"]) == ("1000000", "0", "1000000")


def test_fills_come_as_two_rows_of_one_trade(venue: Simulator, pybotters: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    placed = place(pybotters, side="buy", type="limit", price="7000000", size="0.01")

    rows = pybotters.call("request", "GET", "/api/spot/v3/fills", params={"instrument_id": "BTC-JPY"})["body"]

    assert [(row["currency"], row["side"], row["size"], row["fee"], row["exec_type"]) for row in rows] == [
        ("BTC", "buy", "0.01", "-0.000015", "T"),
        ("JPY", "sell", "70000", "0", "T"),
    ]
    assert {row["order_id"] for row in rows} == {placed}
    assert len({row["trade_id"] for row in rows}) == 1
    assert int(rows[0]["ledger_id"]) > int(rows[1]["ledger_id"])


def test_a_wrong_secret_is_refused(talk: Talk) -> None:
    reply = talk("pybotters", "session.py", secret="0" * 32).call("request", "GET", "/api/spot/v3/accounts")

    assert reply["status"] == 401
    assert reply["body"] == {
        "error_message": "Invalid Sign",
        "code": 30013,
        "error_code": "30013",
        "message": "Invalid Sign",
    }


# --- WebSocket


def test_private_channels_are_acknowledged_after_its_login(pybotters: Conversation) -> None:
    pybotters.call("open", ["spot/order:BTC-JPY", "spot/account:JPY"])

    first, second = pybotters.call("receive_until", {"event": "subscribe", "channel": "spot/account:JPY"})

    assert first == {"event": "subscribe", "channel": "spot/order:BTC-JPY"}
    assert second == {"event": "subscribe", "channel": "spot/account:JPY"}


def test_a_login_with_a_wrong_secret_leaves_private_channels_closed(talk: Talk) -> None:
    """The failed login closes the socket; pybotters comes back and tries again, and never gets in."""
    pybotters = talk("pybotters", "session.py", secret="0" * 32)
    pybotters.call("open", ["spot/account:JPY"])

    with pytest.raises(ClientError, match="TimeoutError") as failure:
        pybotters.call("receive_until", {"event": "subscribe", "channel": "spot/account:JPY"}, seconds=2)
    assert '"event": "subscribe"' not in failure.value.message


def test_an_order_is_pushed_when_it_rests_and_when_it_fills(venue: Simulator, pybotters: Conversation) -> None:
    pybotters.call("open", ["spot/order:BTC-JPY"])
    pybotters.call("receive_until", {"event": "subscribe"})
    placed = place(pybotters, side="sell", type="limit", price="7000000", size="0.5", client_oid="a1")

    resting = next_row(pybotters, "spot/order")
    venue.place("maker", "BTC-JPY", "buy", "0.2", "7000000")
    partly = next_row(pybotters, "spot/order")
    venue.place("maker", "BTC-JPY", "buy", "0.3", "7000000")
    filled = next_row(pybotters, "spot/order")

    assert [
        tuple(row[name] for name in ("order_id", "client_oid", "state", "filled_size", "last_fill_px", "last_fill_qty"))
        for row in (resting, partly, filled)
    ] == [
        (placed, "a1", "0", "0", "0", "0"),
        (placed, "a1", "1", "0.2", "7000000", "0.2"),
        (placed, "a1", "2", "0.5", "7000000", "0.3"),
    ]


def test_the_account_is_pushed_at_once_and_on_every_change(venue: Simulator, pybotters: Conversation) -> None:
    pybotters.call("open", ["spot/account:JPY"])
    before = next_row(pybotters, "spot/account")
    place(pybotters, side="buy", type="limit", price="5826000", size="0.1")
    after = next_row(pybotters, "spot/account")

    assert (before["balance"], before["available"], before["hold"]) == ("1000000", "1000000", "0")
    assert (after["currency"], after["balance"], after["available"], after["hold"]) == ("JPY", "1000000", "417400", "582600")


def test_heartbeat_is_answered_in_a_compressed_frame(pybotters: Conversation) -> None:
    pybotters.call("open", ["spot/ticker:BTC-JPY"])
    pybotters.call("receive_until", {"event": "subscribe"})

    pybotters.call("send", "ping")

    assert pybotters.call("receive_until", "pong")[-1] == "pong"


def test_a_socket_that_the_venue_closed_is_opened_again_with_login(venue: Simulator, talk: Talk) -> None:
    """A new world sends everybody away. pybotters comes back, logs in and subscribes by itself; alice has the same keys."""
    alice = next(key for key in venue.venue("GET", "/keys")["keys"] if key["name"] == "alice")
    keys = {"key": alice["api_key"], "secret": alice["secret"], "passphrase": alice["passphrase"]}
    pybotters = talk("pybotters", "session.py", **keys)
    pybotters.call("open", ["spot/order:BTC-JPY"])
    pybotters.call("receive_until", {"event": "subscribe"})

    venue.reset()

    assert pybotters.call("receive_until", {"event": "subscribe"})[-1]["channel"] == "spot/order:BTC-JPY"


# --- the book


def crc_of(bids: dict[str, str], asks: dict[str, str]) -> int:
    """The venue's checksum, written down here once more: 25 best levels a side, alternating, signed CRC32 of their text."""
    best_bids = sorted(bids.items(), key=lambda level: -float(level[0]))[:25]
    best_asks = sorted(asks.items(), key=lambda level: float(level[0]))[:25]
    pairs = zip_longest(best_bids, best_asks)
    text = ":".join(":".join(level) for pair in pairs for level in pair if level is not None)
    unsigned = zlib.crc32(text.encode())
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


def apply(book: dict[str, dict[str, str]], change: dict[str, Any]) -> None:
    for side in ("bids", "asks"):
        for price, qty, *_ in change[side]:
            if qty == "0":
                del book[side][price]  # KeyError: deletes what was never sent
            else:
                book[side][price] = qty


@pytest.mark.parametrize("channel", ["spot/depth", "spot/depth_l2_tbt"])
def test_a_book_kept_from_pushes_has_the_checksum_of_every_message(
    venue: Simulator, pybotters: Conversation, channel: str
) -> None:
    for step in range(30):
        venue.place("maker", "BTC-JPY", "sell", f"0.{step + 10}", str(7_000_000 + step))
    venue.place("maker", "BTC-JPY", "buy", "0.5", "6999000.5")
    pybotters.call("open", [f"{channel}:BTC-JPY"])
    partial = pybotters.call("receive_until", {"table": channel})[-1]
    book: dict[str, dict[str, str]] = {"bids": {}, "asks": {}}
    seen = [partial["action"]]
    apply(book, partial["data"][0])
    assert crc_of(**book) == partial["data"][0]["checksum"]

    for side, qty, price in (
        ("buy", "0.35", "7000010"),
        ("buy", "1", "6999999.9"),
        ("sell", "0.7", "6999000.5"),
        ("buy", "9", "7000100"),
    ):
        venue.place("alice", "BTC-JPY", side, qty, price)
        update = pybotters.call("receive_until", {"table": channel, "action": "update"})[-1]
        seen.append(update["action"])
        apply(book, update["data"][0])
        assert crc_of(**book) == update["data"][0]["checksum"]

    assert seen == ["partial", *["update"] * 4]
    state = venue.venue("GET", "/book?symbol=BTC-JPY&depth=400")
    assert list(book["asks"].items()) == [(level["price"], level["qty"]) for level in state["asks"]]
    assert sorted(book["bids"]) == sorted(level["price"] for level in state["bids"])
