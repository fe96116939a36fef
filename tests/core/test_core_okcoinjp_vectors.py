"""The published and computed examples of matching and money (okj§9.1, okj§10), run through a whole exchange.

Values come from the fixtures; nothing here computes one. States are the venue's numbers (okj§9.4), mapped below.
"""

from decimal import Decimal
from typing import Any

import pytest
from exchange_rig import Rig, make_instrument, make_policy

from mockex import fixtures
from mockex.core.commands import PlaceOrder
from mockex.core.fees import RATE_UNIT, FeeRounding, FeeSchedule
from mockex.core.orders import CancelReason, Fill, Liquidity, Order, OrderStatus, Side, TimeInForce
from mockex.core.policy import BeyondBand, PriceBand
from mockex.core.rejects import RejectReason

MATCHING: dict[str, Any] = fixtures.load("okcoinjp", "matching")
LEDGER: dict[str, Any] = fixtures.load("okcoinjp", "ledger")

STATUSES = {
    "-1": OrderStatus.CANCELLED,
    "0": OrderStatus.OPEN,
    "1": OrderStatus.PARTIALLY_FILLED,
    "2": OrderStatus.FILLED,
}
ORDER_TYPES: dict[str, dict[str, Any]] = {
    "0": {},
    "1": {"post_only": True},
    "2": {"time_in_force": TimeInForce.FOK},
    "3": {"time_in_force": TimeInForce.IOC},
}
SIDES = {"buy": Side.BUY, "sell": Side.SELL}

XY = make_instrument("X-Y", tick="0.00001", lot="0.00000001")
"""Fine enough for every price and size of the examples."""


def named(vector: dict[str, Any]) -> str:
    return str(vector["id"])


def open_rig(**policy: Any) -> Rig:
    """A venue with the 30 % rule, a rich maker and a rich taker."""
    rig = Rig(XY, policy=make_policy(price_band=PriceBand(reach_ppm=300_000, beyond=BeyondBand.CANCEL), **policy))
    for account_id in ("maker", "taker"):
        rig.open(account_id, X=10**9, Y=10**9)
    return rig


def rest(rig: Rig, orders: list[dict[str, str]]) -> dict[str, Order]:
    return {row["order"]: rig.place(rig.order("maker", SIDES[row["side"]], row["size"], row["price"])) for row in orders}


def taker_command(rig: Rig, row: dict[str, str]) -> PlaceOrder:
    terms = ORDER_TYPES[row["order_type"]]
    return rig.order("taker", SIDES[row["side"]], row.get("size"), row.get("price"), budget=row.get("notional"), **terms)


@pytest.mark.parametrize(
    "vector", [*MATCHING["priority"], *MATCHING["price_band"]["vectors"], *MATCHING["order_types"]], ids=named
)
def test_an_order_trades_with_whom_at_what_price_and_ends_how_the_example_says(vector: dict[str, Any]) -> None:
    rig = open_rig()
    names = {order.order_id: name for name, order in rest(rig, vector["resting"]).items()}
    before = rig.levels()
    taker = rig.place(taker_command(rig, vector["taker"]))

    price_of, qty_of = XY.price_scale.increment, XY.qty_scale.increment
    assert [
        {"maker": names[fill.order.order_id], "price": fill.price * price_of, "size": fill.qty * qty_of}
        for fill in maker_fills(rig)
    ] == [
        {"maker": trade["maker"], "price": Decimal(trade["price"]), "size": Decimal(trade["size"])}
        for trade in vector["trades"]
    ]
    assert taker.status is STATUSES[vector["taker_state"]]
    if not vector["trades"] and taker.status is OrderStatus.CANCELLED:
        assert rig.levels() == before
    if "proceeds" in vector:
        assert rig.amount(taker.filled_notional, "Y") == Decimal(vector["proceeds"])
        assert rig.funds("taker", "Y") == (10**9 + Decimal(vector["proceeds"]), Decimal(0))
    if "taker_side" in vector:
        assert [trade.taker_side for trade in rig.trades()] == [SIDES[vector["taker_side"]]]
    if "rests" in vector:
        assert (taker.level is not None) is (vector["rests"] == "1")


def maker_fills(rig: Rig) -> list[Fill]:
    """The resting side of every trade, oldest first."""
    fills = rig.exchange.fills(rig.exchange.accounts["maker"], "X-Y", limit=100)
    assert all(fill.liquidity is Liquidity.MAKER for fill in fills)
    return sorted(fills, key=lambda fill: fill.trade_id)


@pytest.mark.parametrize("vector", [v for v in MATCHING["price_band"]["vectors"] if not v["trades"]], ids=named)
def test_an_order_outside_the_price_band_is_accepted_and_cancelled_whole(vector: dict[str, Any]) -> None:
    rig = open_rig()
    rest(rig, vector["resting"])
    taker = rig.place(taker_command(rig, vector["taker"]))
    assert taker.cancel_reason is CancelReason.PRICE_BAND
    assert rig.funds("taker", "X") == rig.funds("taker", "Y") == (Decimal(10**9), Decimal(0))


@pytest.mark.parametrize("vector", MATCHING["min_size"], ids=named)
def test_a_minimum_is_the_least_size_that_passes(vector: dict[str, Any]) -> None:
    instrument = make_instrument("X-Y", tick="0.1", lot=vector["size_increment"], min_qty=vector["min_size"])
    rig = Rig(instrument)
    rig.open("taker", X=100)
    # What lies between two steps is truncated before the core sees it (okj§10.1).
    steps = Decimal(vector["size"]) // Decimal(vector["size_increment"])
    command = rig.order("taker", Side.SELL, steps * Decimal(vector["size_increment"]), "1")
    if vector["accepted"]:
        assert rig.place(command).status is OrderStatus.OPEN
    else:
        assert rig.refused(command) is RejectReason.QTY_BELOW_MINIMUM


@pytest.mark.parametrize("vector", MATCHING["holds"]["vectors"], ids=named)
def test_a_resting_order_holds_what_it_can_come_to_cost(vector: dict[str, Any]) -> None:
    instrument = make_instrument("LTC-USDT", tick="0.001", lot="0.1", decimals=18)
    rig = Rig(instrument)
    rig.open("taker", USDT=vector["balance"])
    rig.place(rig.order("taker", SIDES[vector["side"]], vector["size"], vector["price"]))
    assert rig.funds("taker", "USDT") == (Decimal(vector["balance"]), Decimal(vector["hold"]))
    assert rig.amount(rig.balance("taker", "USDT").available, "USDT") == Decimal(vector["available"])


@pytest.mark.parametrize("vector", [v for v in MATCHING["market_buys"] if "best_ask" in v], ids=named)
def test_a_market_buy_spends_its_budget_down_to_less_than_a_lot(vector: dict[str, Any]) -> None:
    rig = Rig(make_instrument("BTC-JPY", tick="0.1", lot=vector["size_increment"], min_qty="0.001", decimals=9))
    rig.open("maker", BTC=10)
    rig.open("taker", JPY=vector["notional"])
    rig.sell("maker", 1, vector["best_ask"])
    taker = rig.buy("taker", budget=vector["notional"])
    assert taker.filled_qty * Decimal(vector["size_increment"]) == Decimal(vector["filled_size"])
    assert rig.amount(taker.filled_notional, "JPY") == Decimal(vector["filled_notional"])
    assert rig.funds("taker", "JPY") == (Decimal(vector["released"]), Decimal(0))
    assert taker.status is STATUSES[vector["state"]]


@pytest.mark.parametrize("vector", [v for v in MATCHING["market_buys"] if "best_ask" not in v], ids=named)
def test_a_market_buy_that_empties_the_book_keeps_its_fills_and_is_cancelled(vector: dict[str, Any]) -> None:
    rig = Rig(XY)
    rig.open("maker", X=10)
    rig.open("taker", Y=1_000)
    rig.sell("maker", 2, 100)
    taker = rig.buy("taker", budget=1_000)
    assert rig.fills_of(taker) == [(10_000_000, 200_000_000)]
    assert rig.funds("taker", "Y") == (Decimal(800), Decimal(0))
    assert taker.status is STATUSES[vector["state"]]
    assert taker.cancel_reason is CancelReason.IMMEDIATE_REMAINDER


@pytest.mark.parametrize("chain", LEDGER["chains"], ids=named)
def test_entries_of_trades_are_net_of_the_fee_and_carry_the_balance_after_them(chain: dict[str, Any]) -> None:
    rate = int(Decimal(chain["rate"]) * RATE_UNIT)
    fees = FeeSchedule(maker_rate=rate, taker_rate=rate, rounding=FeeRounding.UP, decimals=8)
    asset = chain["currency"]
    rig = Rig(make_instrument(f"{asset}-JPY", tick="0.1", lot="0.00000001", min_qty="0.001"), policy=make_policy(fees=fees))
    rig.open("maker", **{asset: 1})
    rig.open("taker", JPY=100_000, **{asset: chain["opening_balance"]})
    rig.sell("maker", 1, 400_000)
    for _ in chain["rows"]:
        rig.buy("taker", chain["gross"])
    rows = rig.exchange.entries([rig.balance("taker", asset)], limit=len(chain["rows"]))
    assert [(rig.amount(row.amount, asset), rig.amount(row.total_after, asset)) for row in reversed(rows)] == [
        (Decimal(row["amount"]), Decimal(row["balance"])) for row in chain["rows"]
    ]
    assert {rig.amount(row.fee, asset) for row in rows} == {Decimal(chain["fee"])}


@pytest.mark.parametrize("pair", LEDGER["fill_pairs"], ids=named)
def test_a_fill_books_what_was_paid_and_then_what_was_received(pair: dict[str, Any]) -> None:
    received, paid = pair["received"], pair["paid"]
    fees = FeeSchedule(maker_rate=1_000_000, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8)
    symbol = f"{paid['currency']}-{received['currency']}"
    rig = Rig(make_instrument(symbol, tick="0.0001", lot="0.001"), policy=make_policy(fees=fees))
    rig.open("maker", **{paid["currency"]: paid["size"]})
    rig.open("taker", **{received["currency"]: 1_000})
    maker = rig.sell("maker", paid["size"], "1.7793")  # the price of the same example, okj§10.3
    rig.buy("taker", paid["size"])
    (fill,) = maker.fills or []
    assert rig.amount(fill.notional, received["currency"]) == Decimal(received["size"])
    assert rig.amount(-fill.fee, received["currency"]) == Decimal(received["fee"])
    assert fill.fill_id - fill.paid_entry_id == int(received["ledger_id"]) - int(paid["ledger_id"])
    balances = [rig.balance("maker", row["currency"]) for row in (paid, received)]
    entries = {
        entry.entry_id: (entry.balance.asset, rig.amount(entry.amount, entry.balance.asset))
        for entry in rig.exchange.entries(balances, limit=2)
    }
    assert entries[fill.paid_entry_id] == (paid["currency"], -Decimal(paid["size"]))
    assert entries[fill.fill_id] == (received["currency"], Decimal(received["size"]) + Decimal(received["fee"]))
