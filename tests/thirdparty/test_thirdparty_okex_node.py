"""@okfe/okex-node 0.0.52, the parent exchange's client for Node: its signing, and its own check of the book's checksum."""

from __future__ import annotations

from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

BTC = "BTC-JPY"


@pytest.fixture
def node(talk: Talk) -> Conversation:
    return talk("okex_node", "session.js")


def receive(node: Conversation, **wanted: str) -> dict[str, Any]:
    """The next message that has these members."""
    while True:
        message: dict[str, Any] = node.call("receive")
        if all(message.get(name) == value for name, value in wanted.items()):
            return message


def test_public_data_is_read_without_a_signature(venue: Simulator, node: Conversation) -> None:
    venue.freeze()
    venue.place("maker", BTC, "sell", "1", "7000000")
    venue.place("alice", BTC, "buy", "0.25", "7000000")

    (instrument,) = [row for row in node.call("public.getSpotInstruments") if row["instrument_id"] == BTC]
    assert (instrument["tick_size"], instrument["size_increment"], instrument["min_size"]) == ("0.1", "0.00000001", "0.001")
    assert node.call("public.getSpotBook", BTC, {"size": 1})["asks"] == [["7000000", "0.75", "1"]]
    assert node.call("public.getSpotTicker", BTC)["last"] == "7000000"
    assert [(row["price"], row["size"], row["side"]) for row in node.call("public.getSpotTrade", BTC)] == [
        ("7000000", "0.25", "buy")
    ]
    assert node.call("public.getSpotCandles", BTC, {"granularity": 86400})[0][1:] == ["7000000"] * 4 + ["0.25"]


def test_an_order_goes_in_fills_and_shows_up_everywhere(venue: Simulator, node: Conversation) -> None:
    venue.place("maker", BTC, "sell", "1", "7000000")

    order = {"instrument_id": BTC, "side": "buy", "type": "limit", "price": "7000000", "size": "0.01"}
    placed = node.call("spot.postOrder", order)

    assert placed["result"] is True
    detail = node.call("spot.getOrder", placed["order_id"], {"instrument_id": BTC})
    assert (detail["state"], detail["filled_size"], detail["filled_notional"], detail["price_avg"]) == (
        "2", "0.01", "70000", "7000000",
    )  # fmt: skip
    assert [row["order_id"] for row in node.call("spot.getOrders", {"instrument_id": BTC, "state": "2"})] == [
        placed["order_id"]
    ]
    fills = node.call("spot.getFills", {"instrument_id": BTC, "order_id": placed["order_id"]})
    assert [(row["currency"], row["size"], row["fee"]) for row in fills] == [
        ("BTC", "0.01", "-0.000015"),
        ("JPY", "70000", "0"),
    ]
    trades = [row for row in node.call("spot.getLedger", "BTC") if row["type"] == "trade"]
    assert [row["amount"] for row in trades] == ["0.009985"]
    assert node.call("spot.getAccounts", "JPY")["balance"] == "930000"


def test_batches_place_and_cancel_by_pair(node: Conversation) -> None:
    orders = [
        {"instrument_id": BTC, "side": "buy", "type": "limit", "price": price, "size": "0.01", "client_oid": name}
        for name, price in (("a1", "6000000"), ("a2", "6000001"))
    ]
    placed = node.call("spot.postBatchOrders", orders)["btc_jpy"]
    assert [(item["client_oid"], item["result"]) for item in placed] == [("a1", True), ("a2", True)]
    assert len(node.call("spot.getOrdersPending", {"instrument_id": BTC})) == 2

    ids = [item["order_id"] for item in placed]
    cancelled = node.call("spot.postCancelBatchOrders", [{"instrument_id": BTC, "order_ids": ids}])["btc-jpy"]

    assert [(item["order_id"], item["result"]) for item in cancelled] == [(each, True) for each in ids]
    assert node.call("spot.getOrdersPending") == []


def test_the_funding_account_transfers_and_keeps_a_ledger(node: Conversation) -> None:
    node.call("account.postTransfer", {"currency": "LTC", "amount": "0.1", "from": "6", "to": "1"})

    assert node.call("account.getWallet", "LTC")[0]["balance"] == "39.9"
    assert node.call("spot.getAccounts", "LTC")["balance"] == "0.1"
    (row,) = [row for row in node.call("account.getLedger", {"currency": "LTC"}) if row["type"] == "To spot account"]
    assert (row["amount"], row["balance"]) == ("-0.1", "39.9")


def test_a_refusal_reaches_the_caller_with_its_status(node: Conversation) -> None:
    order = {"instrument_id": BTC, "side": "buy", "type": "limit", "price": "7000000", "size": "1"}

    with pytest.raises(ClientError, match="status code 400"):
        node.call("spot.postOrder", order)
    assert node.call("spot.getOrdersPending") == []


def test_the_client_itself_finds_the_checksum_of_a_partial_right(venue: Simulator, node: Conversation) -> None:
    for step in range(30):
        venue.place("maker", BTC, "sell", f"0.{step + 10}", f"{7_000_000 + step}.5")
    venue.place("maker", BTC, "buy", "0.5", "6999000")
    node.call("open")
    node.call("socket.subscribe", "spot/depth:BTC-JPY")

    assert receive(node, event="subscribe")["channel"] == "spot/depth:BTC-JPY"
    partial = receive(node, table="spot/depth")

    assert partial["action"] == "partial"
    assert partial["checksum_fits"] is True
    assert partial["data"][0]["asks"][0] == ["7000000.5", "0.1", 1]


def test_private_channels_open_after_login(node: Conversation, trader: Any) -> None:
    node.call("open")
    node.call("socket.login", trader.key, trader.secret, trader.passphrase)
    assert receive(node, event="login")["success"] is True
    node.call("socket.subscribe", "spot/account:JPY", "spot/order:BTC-JPY")
    assert receive(node, table="spot/account")["data"][0]["available"] == "1000000"

    order = {"instrument_id": BTC, "side": "buy", "type": "limit", "price": "5826000", "size": "0.1"}
    placed = node.call("spot.postOrder", order)

    pushed = receive(node, table="spot/order")["data"][0]
    assert (pushed["order_id"], pushed["state"], pushed["price"]) == (placed["order_id"], "0", "5826000")


def test_private_channels_are_closed_before_login(node: Conversation) -> None:
    node.call("open")
    node.call("socket.subscribe", "spot/account:JPY")

    assert receive(node, event="error")["errorCode"] == 30041
