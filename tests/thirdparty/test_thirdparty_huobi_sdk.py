"""huobi_Python, the venue's own client as huobi-sdk-hash-7 2.3.10 has it, reads and trades on HTX, and listens to its sockets.

Its sockets go to port 443 of a host over TLS, whatever its URL says besides. So a second simulator listens there, at a loopback
address that hardly anything else uses; a machine that does not let it skips those tests.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk, running_simulator

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
HOST, PORT = "127.0.0.5", 443


@pytest.fixture(scope="module")
def sdk(lasting_talk: Talk) -> Conversation:
    return lasting_talk("huobi_sdk", "session.py")


def account_id(sdk: Conversation) -> int:
    (spot,) = [account for account in sdk.call("rest", "account", "get_accounts") if account["type"] == "spot"]
    found: int = spot["id"]
    return found


def order(sdk: Conversation, side: str, amount: str, price: str | None, kind: str = "limit") -> int:
    placed: int = sdk.call(
        "rest",
        "trade",
        "create_order",
        symbol="btcusdt",
        account_id=account_id(sdk),
        order_type=f"{side}-{kind}",
        amount=amount,
        price=price,
        source="spot-api",
    )
    return placed


# --- requests


def test_it_reads_what_is_public(venue: Simulator, sdk: Conversation) -> None:
    venue.freeze()
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("maker", "btcusdt", "buy", "0.5", "64990")
    bought = venue.place("alice", "btcusdt", "buy", "0.02", "65000")

    symbols = {row["symbol"]: row for row in sdk.call("rest", "generic", "get_exchange_symbols")}
    depth = sdk.call("rest", "market", "get_pricedepth", symbol="btcusdt", depth_type="step0")
    ticker = sdk.call("rest", "market", "get_market_detail_merged", symbol="btcusdt")
    (trade,) = sdk.call("rest", "market", "get_history_trade", symbol="btcusdt", size=10)
    candle, *_ = sdk.call("rest", "market", "get_candlestick", symbol="btcusdt", period="1day", size=1)

    assert (symbols["btcusdt"]["price_precision"], symbols["btcusdt"]["limit_order_min_order_amt"]) == (2, 0.0001)
    assert depth["bids"] == [{"price": 64990.0, "amount": 0.5}]
    assert depth["asks"] == [{"price": 65000.0, "amount": 0.98}]
    assert (ticker["close"], ticker["bid"], ticker["ask"]) == (65000.0, [64990.0, 0.5], [65000.0, 0.98])
    assert (str(trade["trade_id"]), trade["direction"]) == (bought["fills"][0]["trade_id"], "buy")
    assert (candle["open"], candle["close"], candle["amount"], candle["vol"]) == (65000.0, 65000.0, 0.02, 1300.0)


def test_it_places_reads_and_cancels_orders(venue: Simulator, sdk: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "0.004", "65000")
    placed = order(sdk, "buy", "0.01", "65000")

    told = sdk.call("rest", "trade", "get_order", order_id=placed)
    assert (told["type"], told["state"]) == ("buy-limit", "partial-filled")
    assert (float(told["filled_amount"]), float(told["filled_cash_amount"])) == (0.004, 260.0)
    (live,) = sdk.call("rest", "trade", "get_open_orders", symbol="btcusdt", account_id=account_id(sdk))
    assert (live["id"], float(live["filled_fees"])) == (placed, 0.000008)
    (match,) = sdk.call("rest", "trade", "get_match_results_by_order_id", order_id=placed)
    assert (float(match["price"]), float(match["filled_amount"]), match["role"]) == (65000.0, 0.004, "taker")

    assert sdk.call("rest", "trade", "cancel_order", symbol="btcusdt", order_id=placed) == placed
    assert venue.venue("GET", f"/orders/{placed}")["status"] == "cancelled"
    ended = sdk.call("rest", "trade", "get_orders", symbol="btcusdt", order_state="partial-canceled")
    assert [row["id"] for row in ended] == [placed]


def test_its_batches_have_an_outcome_for_each_order(venue: Simulator, sdk: Conversation) -> None:
    def row(amount: str, price: str) -> dict[str, Any]:
        terms = {"symbol": "btcusdt", "order_type": "buy-limit", "source": "spot-api"}
        return {**terms, "account_id": account_id(sdk), "amount": amount, "price": price}

    good, poor = sdk.call("rest", "trade", "batch_create_order", order_config_list=[row("0.01", "60000"), row("900", "60000")])

    assert poor["err_code"] == "account-frozen-balance-insufficient-error"
    cancelled = sdk.call("rest", "trade", "cancel_orders", symbol="btcusdt", order_id_list=[good["order_id"], 1])
    assert cancelled["success"] == [str(good["order_id"])]
    assert [failed["err-code"] for failed in cancelled["failed"]] == ["base-not-found"]


def test_balances_and_their_history_are_the_accounts(venue: Simulator, sdk: Conversation) -> None:
    order(sdk, "buy", "0.1", "60000")

    rows = sdk.call("rest", "account", "get_balance", account_id=account_id(sdk))

    held = {(row["currency"], row["type"]): float(row["balance"]) for row in rows}
    assert (held["usdt", "trade"], held["usdt", "frozen"], held["btc", "trade"]) == (94000.0, 6000.0, 2.0)
    venue.place("maker", "btcusdt", "sell", "0.1", "60000")
    history = sdk.call("rest", "account", "get_account_history", account_id=account_id(sdk), currency="btc", sort="desc")
    assert sum(float(row["transact_amt"]) for row in history["data"][:2]) == pytest.approx(0.0998)


def test_a_refusal_is_an_exception_in_the_venues_words(venue: Simulator, sdk: Conversation) -> None:
    with pytest.raises(ClientError) as failure:
        sdk.call("rest", "trade", "get_order", order_id=1)

    assert failure.value.types[0] == "HuobiApiException"
    assert "base-record-invalid" in failure.value.message


# --- sockets


def port_is_free() -> bool:
    try:
        with socket.socket() as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trying.bind((HOST, PORT))
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def simulator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """In place of the one at free ports, for all tests of this module."""
    if not port_is_free():
        yield request.getfixturevalue("simulators")[VENUE]
        return
    options = ["--tls", "--host", HOST, "--port", f"{VENUE}.tls={PORT}"]
    with running_simulator(tmp_path_factory.mktemp("simulator"), VENUE, options=options) as running:
        yield running[VENUE]


@pytest.fixture
def listener(simulator: Simulator, venue: Simulator, talk: Talk) -> Conversation:
    if f"//{HOST}:" not in simulator.rest:
        pytest.skip(f"its sockets go to port {PORT}, and {HOST}:{PORT} is not to be had here")
    return talk("huobi_sdk", "session.py", host=f"https://{HOST}")


def listen(venue: Simulator, listener: Conversation, channel: str, client: str, method: str, **arguments: object) -> None:
    """Returns once the venue knows of the subscription."""
    venue.record()
    listener.call("subscribe", client, method, **arguments)
    venue.await_recorded("subscribed", channel=channel)


def heard(listener: Conversation) -> Any:
    event = listener.call("next")
    assert "error" not in event, event
    return event


def test_it_hears_of_every_trade(venue: Simulator, listener: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    listen(venue, listener, "market.btcusdt.trade.detail", "market", "sub_trade_detail", symbols="btcusdt")

    bought = venue.place("alice", "btcusdt", "buy", "0.25", "65000")

    event = heard(listener)
    (trade,) = event["data"]
    assert event["ch"] == "market.btcusdt.trade.detail"
    assert (trade["price"], trade["amount"], trade["direction"]) == (65000.0, 0.25, "buy")
    assert str(trade["tradeId"]) == bought["fills"][0]["trade_id"]


def test_it_hears_of_books_and_candles(venue: Simulator, listener: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    listen(venue, listener, "market.btcusdt.depth.step0", "market", "sub_pricedepth", symbols="btcusdt", depth_step="step0")
    assert heard(listener)["tick"]["asks"] == [{"price": 65000.0, "amount": 1.0}]

    listen(venue, listener, "market.btcusdt.kline.1day", "market", "sub_candlestick", symbols="btcusdt", interval="1day")
    venue.place("alice", "btcusdt", "buy", "0.25", "65000")

    events = [heard(listener)]
    while events[-1]["ch"] != "market.btcusdt.kline.1day" or not events[-1]["tick"]["amount"]:
        events.append(heard(listener))
    assert (events[-1]["tick"]["close"], events[-1]["tick"]["amount"]) == (65000.0, 0.25)


def test_it_follows_the_increments_of_a_book(venue: Simulator, listener: Conversation) -> None:
    """On the third socket; each increment names the one before it."""
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    listen(venue, listener, "market.btcusdt.mbp.150", "market", "sub_mbp_increase", symbols="btcusdt", levels=150)

    venue.place("maker", "btcusdt", "buy", "0.5", "64990")

    before = heard(listener)["data"]
    while not before["bids"]:
        after = heard(listener)["data"]
        assert after["prevSeqNum"] == before["seqNum"]
        before = after
    assert (before["bids"], before["asks"]) == ([{"price": 64990.0, "amount": 0.5}], [])


def test_it_logs_in_and_hears_of_its_orders_and_balances(venue: Simulator, listener: Conversation) -> None:
    listen(venue, listener, "orders#btcusdt", "trade", "sub_order_update", symbols="btcusdt")

    placed = order(listener, "sell", "0.5", "65000")

    created = heard(listener)["data"]
    assert (created["eventType"], created["orderId"], created["orderStatus"]) == ("creation", placed, "submitted")
    venue.place("maker", "btcusdt", "buy", "0.2", "65000")
    traded = heard(listener)["data"]
    assert (traded["eventType"], traded["orderId"], traded["orderStatus"]) == ("trade", placed, "partial-filled")
    assert (float(traded["tradePrice"]), float(traded["tradeVolume"]), traded["aggressor"]) == (65000.0, 0.2, False)

    listen(venue, listener, "accounts.update#1", "account", "sub_account_update", mode="1")
    while (balance := heard(listener)["data"])["currency"] != "btc":
        assert float(balance["balance"]) == {"usdt": 112974.0}.get(balance["currency"], 0.0)
    assert (float(balance["balance"]), float(balance["available"])) == (1.8, 1.5)


@pytest.mark.usefixtures("listener")
def test_a_wrong_secret_is_not_let_in(venue: Simulator, talk: Talk) -> None:
    stranger = talk("huobi_sdk", "session.py", host=f"https://{HOST}", secret="00000000-00000000-00000000-00000")
    venue.record()
    stranger.call("subscribe", "trade", "sub_order_update", symbols="btcusdt")

    assert venue.await_recorded("close")["by"] == "server"
    assert '"message":"auth.fail"' in venue.await_recorded("out")["text"]
