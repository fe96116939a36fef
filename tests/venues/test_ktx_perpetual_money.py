"""What perpetuals bring and cost, through REST: profits, funding by the operator's clock, liquidations (ktx§11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ktx_served import CONTRACT, VENUE, ServedBench
from ktx_support import by_id
from ktx_user_client import PERPETUAL
from mockex.fixtures import load

PERPETUALS = load("ktx", "perpetuals")
LIFECYCLE = PERPETUALS["lifecycle"]
FUNDING = PERPETUALS["funding"]
LONG_LIQUIDATION, SHORT_LIQUIDATION = PERPETUALS["liquidations"]


def d(text: str) -> Decimal:
    return Decimal(text)


def after(bench: ServedBench, who: str) -> dict[str, str]:
    """What a step of the worked example tells of."""
    balance, holds = bench.usdt(who)
    margins = {name: sum((d(row[name]) for row in bench.positions(who)), d("0")) for name in ("orderMargin", "posMargin")}
    return {name: format(value.normalize(), "f") for name, value in {**margins, "balance": balance, "holds": holds}.items()}


# --- profits


def test_the_worked_life_of_a_position() -> None:
    bench = ServedBench()
    rested, filled, closed = LIFECYCLE["steps"]

    opening = bench.buy("alice", rested["order"]["quantity"], rested["order"]["price"])
    assert (opening["status"], opening["action"]) == ("accepted", rested["action"])
    assert after(bench, "alice") == {name: rested[name] for name in ("orderMargin", "posMargin", "balance", "holds")}

    bench.sell("bob", "0.1", "99990", marginMethod="cross")
    (settled,) = bench.orders("alice", "settled")
    assert [(each["price"], each["taker"], each["fees"][0]["amount"], each["profit"]) for each in settled["fills"]] == [
        (filled["fill"]["price"], filled["fill"]["taker"], filled["fee"], filled["profit"])
    ]
    assert after(bench, "alice") == {name: filled[name] for name in ("orderMargin", "posMargin", "balance", "holds")}

    bench.buy("bob", "0.1", "100100", marginMethod="cross", positionMerge="long")
    closing = bench.sell("alice", "0.1", "100100", close=True)
    assert (closing["action"], closing["status"], closing["profit"]) == (closed["action"], "filled", closed["profit"])
    assert closing["fills"][0]["fees"][0]["amount"] == closed["fee"]
    assert after(bench, "alice") == {name: closed[name] for name in ("orderMargin", "posMargin", "balance", "holds")}
    assert bench.booked("alice") == [(row["type"], row["amount"]) for row in LIFECYCLE["ledger"]]


@pytest.mark.parametrize("row", **by_id(PERPETUALS["profits"]))
def test_a_realised_profit_is_that_of_the_table_on_the_order_the_fill_and_the_ledger(row: dict[str, Any]) -> None:
    bench = ServedBench()
    open_mine, open_theirs = (bench.buy, bench.sell) if row["side"] == "long" else (bench.sell, bench.buy)
    open_mine("alice", row["quantity"], row["entryPrice"], marginMethod="cross")
    open_theirs("bob", row["quantity"], row["entryPrice"], marginMethod="cross")
    open_mine("bob", row["quantity"], row["price"], marginMethod="cross")
    closing = open_theirs("alice", row["quantity"], row["price"], marginMethod="cross", close=True)

    assert closing["profit"] == row["profit"]
    (fill,) = bench.read("/v1/fills", f"market=lpc&order_id={closing['orderId']}").data
    assert (fill["profit"], fill["fees"]) == (row["profit"], [{"amount": row["fee"], "asset": "USDT"}])
    assert bench.booked("alice")[-2:] == [("trade", row["profit"]), ("fee", f"-{row['fee']}")]


# --- funding


@pytest.mark.parametrize("row", **by_id(FUNDING["payments"]))
def test_eight_hours_later_the_published_funding_is_paid(row: dict[str, Any]) -> None:
    bench = ServedBench()
    mine, theirs = (bench.buy, bench.sell) if row["side"] == "long" else (bench.sell, bench.buy)
    mine("alice", row["quantity"], row["markPrice"], marginMethod="cross")
    theirs("bob", row["quantity"], row["markPrice"], marginMethod="cross")
    bench.mark_at(row["markPrice"])
    balance, holds = bench.usdt("alice")

    contract = bench.next_funding()

    assert (contract["funding_rate"], bench.now_ms) == (row["rate"], int(FUNDING["published_time"]))
    (paid,) = bench.read("/v1/ledger", "type=funding").data
    assert (d(paid["amount"]), paid["time"], paid["asset"]) == (-d(row["pays"]), FUNDING["published_time"], "USDT")
    assert bench.usdt("alice") == (balance - d(row["pays"]), holds)
    assert d(paid["balance"]) == balance - d(row["pays"])
    (received,) = bench.read("/v1/ledger", "type=funding", who="bob").data
    assert d(received["amount"]) == d(row["pays"])


def test_an_isolated_position_pays_out_of_its_margin_until_none_is_left_to_maintain_it() -> None:
    """Margin 1000 of 10000 at 10 %; 1 % of it is paid every eight hours; 50 are needed to maintain it."""
    bench = ServedBench()
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.mark_at("100000")
    bench.control("POST", f"{CONTRACT}/funding-rate", {"rate": "0.01"})
    free = bench.usdt("alice")[0] - bench.usdt("alice")[1]

    margins = []
    while bench.positions("alice"):
        margins.append(bench.position("alice")["posMargin"])
        bench.next_funding()

    assert margins == ["1000", "900", "800", "700", "600", "500", "400", "300", "200", "100"]
    assert bench.booked("alice") == [("fee", "-10")] + [("funding", "-100")] * 10
    assert bench.usdt("alice") == (free, 0)
    assert [kind for kind, _ in bench.booked("bob")].count("funding") == 10


def test_funding_goes_from_shorts_to_longs_where_the_rate_is_below_zero_and_to_nobody_without_a_position() -> None:
    bench = ServedBench(carol="100000")
    bench.buy("alice", "0.1", "100000", marginMethod="cross")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.buy("carol", "0.1", "90000")
    bench.mark_at("100000")
    bench.control("POST", f"{CONTRACT}/funding-rate", {"rate": "-0.002"})
    bench.next_funding()
    assert (bench.booked("alice")[-1], bench.booked("bob")[-1]) == (("funding", "20"), ("funding", "-20"))
    assert bench.booked("carol") == []


def test_a_day_of_funding_is_three_payments_and_the_product_tells_the_last_rate() -> None:
    bench = ServedBench()
    bench.buy("alice", "0.1", "100000", marginMethod="cross")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.mark_at("100000")
    bench.control("POST", "/clock/advance", {"seconds": 86_400})
    assert [row["amount"] for row in bench.read("/v1/ledger", "type=funding").data] == ["-1", "-1", "-1"]
    (product,) = bench.get("/v1/products", "market=lpc&symbol=BTC_USDT_SWAP").data
    assert product["nextFundingTime"] == str(int(FUNDING["published_time"]) + 86_400_000)


# --- liquidations


@pytest.mark.parametrize(
    ("row", "safe", "due"),
    [(LONG_LIQUIDATION, "98953.7789", "98953.7788"), (SHORT_LIQUIDATION, "119740.0895", "119740.0896")],
    ids=["long", "short"],
)
def test_an_isolated_position_is_liquidated_at_the_price_of_the_table(row: dict[str, Any], safe: str, due: str) -> None:
    """To the tick: 98953.77889 and 119740.08955 are what the table rounds."""
    bench = ServedBench()
    mine, theirs = (bench.buy, bench.sell) if row["side"] == "long" else (bench.sell, bench.buy)
    mine("alice", row["quantity"], row["entryPrice"])
    theirs("bob", row["quantity"], row["entryPrice"], marginMethod="cross", leverage=5)
    before = bench.usdt("alice")
    assert bench.position("alice")["posMargin"] == row["posMargin"]

    bench.mark_at(safe)
    assert bench.position("alice")["quantity"].lstrip("-") == row["quantity"]
    contract = bench.mark_at(due)

    # Nobody trades there: the insurance fund closes it at the price of bankruptcy, and all of the margin is lost.
    assert bench.positions("alice") == []
    assert contract["insurance_qty"] == ("0.1" if row["side"] == "long" else "-0.1")
    assert bench.usdt("alice") == (before[0] - d(row["posMargin"]), 0)
    assert bench.booked("alice")[-1] == ("trade", f"-{row['posMargin']}")
    forced = bench.orders("alice", "settled")[-1]
    assert (forced["price"], forced["timeInForce"], forced["close"]) == (row["bankruptcyPrice"], "ioc", True)
    assert (forced["status"], forced["executedQty"]) == ("cancelled", "0")


def test_a_liquidation_sells_to_who_bids_and_what_is_left_of_the_margin_stays_the_owners() -> None:
    """Long 0.1 at 100000, margin 1000: sold at 90400 it loses 960 and pays 9.04; 30.96 are left."""
    bench = ServedBench(carol="100000")
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000", marginMethod="cross", leverage=5)
    bench.buy("carol", "0.1", "90400")
    balance, _ = bench.usdt("alice")

    contract = bench.mark_at("90400")

    assert (bench.positions("alice"), contract["insurance_qty"]) == ([], "0")
    assert bench.usdt("alice") == (balance - 960 - d("9.04"), 0)
    assert bench.booked("alice")[-2:] == [("trade", "-960"), ("fee", "-9.04")]
    forced = bench.orders("alice", "settled")[-1]
    assert (forced["status"], forced["profit"], forced["executedCost"]) == ("filled", "-960", "9040")
    assert bench.position("carol")["quantity"] == "0.1"


def test_a_jump_of_the_index_liquidates_and_cancels_the_positions_orders() -> None:
    """The mark is the median of the index, the middle 80050 and the last trade at 100000."""
    bench = ServedBench()
    bench.index_at("100000")
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000", marginMethod="cross", leverage=5)
    bench.buy("alice", "0.05", "80000")
    bench.sell("alice", "0.02", "130000", close=True)
    bench.sell("bob", "0.05", "80100", marginMethod="cross", leverage=5)
    spot = {"symbol": "BTC_USDT", "market": "spot", "type": "limit", "quantity": "0.001", "price": "50000"}
    bench.order("POST", "/v1/order", spot)
    assert len(bench.orders("alice")) == 3

    assert bench.index_at("90453")["mark_price"] == "90453"
    assert len(bench.orders("alice")) == 3
    assert bench.index_at("10000")["mark_price"] == "55000"  # her bid is gone, and the middle with it

    assert bench.positions("alice") == []
    assert [row["product"] for row in bench.orders("alice")] == ["BTC_USDT"]  # what is not the position's stays
    statuses = {(row["price"], row["status"]) for row in bench.orders("alice", "settled")}
    assert {("80000", "cancelled"), ("130000", "cancelled"), ("90000", "cancelled")} <= statuses
    assert bench.usdt("alice")[1] == d("50.05")


def test_the_insurance_fund_keeps_what_it_took_until_somebody_is_liquidated_the_other_way() -> None:
    bench = ServedBench()
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000")
    assert bench.mark_at("90000")["insurance_qty"] == "0.1"
    contract = bench.mark_at("110000")
    assert (contract["insurance_qty"], contract["positions"]) == ("0", 0)
    assert [bench.booked(who) for who in ("alice", "bob")] == [[("fee", "-10"), ("trade", "-1000")]] * 2


def test_a_cross_account_answers_with_all_of_its_balance_and_falls_below_none() -> None:
    """100000 less 10 of fees, long 1 BTC at 100000 and ten times leveraged: it lives where an isolated one would not."""
    bench = ServedBench(carol="1000000")
    bench.buy("alice", "1", "100000", marginMethod="cross")
    bench.sell("carol", "1", "100000", marginMethod="cross")
    bench.mark_at("90000")
    assert bench.position("alice")["marginMethod"] == "cross"
    bench.mark_at("1000")
    assert len(bench.positions("alice")) == 1  # 99900 - 99000 > 1000 x 0.005
    bench.mark_at("100")
    assert bench.positions("alice") == []
    assert bench.usdt("alice") == (0, 0)


def test_what_a_balance_cannot_pay_the_insurance_fund_does_and_that_is_a_trade_in_the_ledger() -> None:
    """99900 after the fee, long 1 BTC at 100000: whoever sells it for 10 has lost 99990 and 0.01 of fee. 90.01 are missing."""
    bench = ServedBench(carol="1000000", dave="1000000")
    bench.buy("alice", "1", "100000", marginMethod="cross")
    bench.sell("carol", "1", "100000", marginMethod="cross")
    bench.mark_at("100000")
    bench.buy("dave", "1", "10")
    order = bench.sell("alice", "1", "10", marginMethod="cross", close=True)
    assert (order["status"], order["profit"]) == ("filled", "-99990")
    assert bench.booked("alice") == [("fee", "-100"), ("trade", "-99990"), ("fee", "-0.01"), ("trade", "90.01")]
    assert bench.usdt("alice") == (0, 0)
    assert bench.positions("alice") == []


def test_a_liquidation_brings_the_price_down_to_the_next_one_within_the_same_order() -> None:
    """Without asks and an index the mark price is that of the last trade. erin's position goes at 90904, carol's at 90452."""
    bench = ServedBench(carol="1100", dave="100000", erin="1100")
    bench.sell("bob", "0.1", "100500", marginMethod="cross")
    bench.buy("erin", "0.1", "100500")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.buy("carol", "0.1", "100000")
    for price in ("90900", "90450", "90100"):
        bench.buy("dave", "0.1", price)

    bench.sell("bob", "0.1", "90900", marginMethod="cross")

    assert [trade["p"] for trade in bench.get("/v1/trades", f"market=lpc&symbol={PERPETUAL}").data][-3:] == [
        "90900",
        "90450",
        "90100",
    ]
    assert bench.positions("erin") == bench.positions("carol") == []
    assert bench.booked("erin") == [("fee", "-10.05"), ("trade", "-1005")]  # at its price of bankruptcy: nothing is left to pay
    assert bench.booked("carol") == [("fee", "-10"), ("trade", "-990"), ("fee", "-9.01")]
    assert bench.position("dave")["quantity"] == "0.3"


def test_the_insurance_fund_pays_what_it_does_not_have_and_nobody_else_does() -> None:
    bench = ServedBench(carol="1100")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.buy("carol", "0.1", "100000")
    bench.mark_at("50000")
    assert bench.positions("carol") == []
    before = bench.usdt("bob")[0]
    fund = bench.desk.exchange.ledger.insurance
    assert fund["USDT"] == 0

    bench.control("POST", f"{CONTRACT}/funding-rate", {"rate": "0.0075"})
    bench.next_funding()
    bench.next_funding()

    assert bench.booked("bob")[-2:] == [("funding", "37.5"), ("funding", "37.5")]
    assert bench.usdt("bob")[0] - before == 75
    assert fund["USDT"] == -75 * 10**18
    assert bench.position("bob")["quantity"] == "-0.1"


def test_a_cross_account_gives_up_its_largest_loss_first() -> None:
    """Long 1 BTC at 100000 and 1 ETH at 3500, with 99896.5 after fees. At a mark of 90 BTC has lost 99910.

    Nobody bids, so BTC goes at the price that leaves no equity; then nothing is left to maintain ETH with, and it goes too.
    """
    bench = ServedBench(carol="1000000")
    for who, trade in (("alice", bench.buy), ("carol", bench.sell)):
        trade(who, "1", "100000", marginMethod="cross")
        trade(who, "1", "3500", marginMethod="cross", symbol="ETH_USDT_SWAP")
    bench.mark_at("3500", "ETH_USDT_SWAP")
    bench.mark_at("90")
    assert bench.positions("alice") == []
    assert forced_closes(bench, "alice") == ["BTC_USDT_SWAP", "ETH_USDT_SWAP"]


def test_a_cross_account_keeps_what_the_rest_of_its_equity_maintains() -> None:
    """As before, but somebody bids 500 for BTC: 396 are left, and ETH needs 17.5."""
    bench = ServedBench(carol="1000000", dave="1000000")
    for who, trade in (("alice", bench.buy), ("carol", bench.sell)):
        trade(who, "1", "100000", marginMethod="cross")
        trade(who, "1", "3500", marginMethod="cross", symbol="ETH_USDT_SWAP")
    bench.buy("dave", "1", "500")
    bench.mark_at("3500", "ETH_USDT_SWAP")
    bench.mark_at("90")
    assert [row["symbol"] for row in bench.positions("alice")] == ["ETH_USDT_SWAP"]
    # 99896.5 less a loss of 99500 and a fee of 0.5
    assert bench.usdt("alice")[0] == d("396")


def forced_closes(bench: ServedBench, who: str) -> list[str]:
    """Products of the closing orders of both contracts, in the order in which they came: ids count in their last 40 bits."""
    found: list[tuple[int, str]] = []
    for symbol in ("BTC_USDT_SWAP", "ETH_USDT_SWAP"):
        rows = bench.read("/v1/orders", f"market=lpc&status=settled&symbol={symbol}", who=who).data
        found += [(int(row["orderId"]) % 2**40, row["product"]) for row in rows if row["close"]]
    return [product for _, product in sorted(found)]


# --- reads that lag, and a fresh world


def test_a_read_that_lags_shows_positions_and_ledger_before_the_funding() -> None:
    bench = ServedBench()
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000", marginMethod="cross")
    bench.mark_at("100000")
    rule = {"where": {"route": "GET /api/v1/*"}, "what": {"action": "stale", "ms": 5_000}}
    bench.control("POST", "/faults", {"venue": "ktx", "rules": [rule]})

    bench.next_funding()
    seen = [(bench.position("alice")["posMargin"], len(bench.booked("alice")))]
    bench.control("POST", "/clock/advance", {"seconds": 5})
    seen.append((bench.position("alice")["posMargin"], len(bench.booked("alice"))))

    assert seen == [("1000", 1), ("999", 2)]


def test_a_reset_leaves_no_position_and_no_price_and_funding_goes_on() -> None:
    bench = ServedBench()
    bench.buy("alice", "0.1", "100000")
    bench.sell("bob", "0.1", "100000")
    bench.mark_at("100000")
    bench.next_funding()

    bench.server.reset()

    contract = bench.control("GET", CONTRACT)
    assert (contract["positions"], contract["mark_price"], contract["funding_rate"]) == (0, None, None)
    assert contract["next_funding"] == "2024-12-06T08:00:00.000Z"
    assert bench.next_funding()["funding_rate"] == "0.0001"


# --- the operator's views


def test_the_operator_sees_what_the_customer_sees() -> None:
    bench = ServedBench()
    bench.buy("alice", "0.1", "99990")
    bench.sell("bob", "0.04", "99990", marginMethod="cross")
    seen = [row for row in bench.control("GET", f"{VENUE}/positions")["positions"] if row["account"] == "alice"]
    mine = bench.position("alice")
    assert [(row["position_id"], row["qty"], row["entry_price"]) for row in seen] == [
        (mine["id"], mine["quantity"], mine["entryPrice"])
    ]
    assert [(row["position_margin"], row["order_margin"]) for row in seen] == [(mine["posMargin"], mine["orderMargin"])]
    (order,) = bench.control("GET", f"{VENUE}/orders")["orders"]
    assert order["position"]["position_id"] == mine["id"]
