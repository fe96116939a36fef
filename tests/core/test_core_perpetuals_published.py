"""The numbers of ktx§11, as they are printed there."""

from __future__ import annotations

from decimal import Decimal

from perpetual_rig import CROSS, LONG, SHORT, perpetual_rig

from mockex.core.funding import MINUTE_NS
from mockex.core.ledger import EntryKind
from mockex.core.margin import bankruptcy_price, liquidation_price

EIGHT_HOURS_NS = 480 * MINUTE_NS


def d(text: str) -> Decimal:
    return Decimal(text)


def test_a_resting_order_its_fill_and_its_close() -> None:
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "99990")
    assert rig.usdt(rig.position("alice").order_margin) == d("1009.899")
    assert rig.funds("alice", "USDT") == (d("100000"), d("1009.899"))

    rig.enter("bob", SHORT, "0.1", "99990")
    assert rig.funds("alice", "USDT") == (d("99990.001"), d("999.9"))
    assert rig.usdt(rig.position("alice").margin) == d("999.9")

    rig.enter("bob", LONG, "0.1", "100100")
    order = rig.leave("alice", LONG, "0.1", "100100")
    assert rig.funds("alice", "USDT") == (d("99990.991"), 0)
    assert order.fills is not None
    assert [(rig.usdt(fill.profit), rig.usdt(fill.fee)) for fill in order.fills] == [(d("11"), d("10.01"))]
    assert rig.positions("alice") == []


def test_the_profit_of_a_short_that_went_wrong() -> None:
    """ktx§7: 0.01 @ 1000000, closing a short from 94000: profit -9060."""
    rig = perpetual_rig()
    rig.mark_at("94000")
    rig.enter("alice", SHORT, "0.01", "94000", method=CROSS)
    rig.enter("bob", LONG, "0.01", "94000")
    rig.enter("bob", SHORT, "0.01", "1000000")
    order = rig.leave("alice", SHORT, "0.01", "1000000", method=CROSS)
    assert order.fills is not None
    assert [(rig.usdt(fill.profit), rig.usdt(fill.fee)) for fill in order.fills] == [(d("-9060"), d("10"))]


def test_the_margin_of_a_cross_short() -> None:
    rig = perpetual_rig()
    rig.enter("alice", SHORT, "0.1", "109398.9", method=CROSS)
    rig.enter("bob", LONG, "0.1", "109398.9")
    assert rig.usdt(rig.position("alice").margin) == d("1093.989")


def test_prices_of_liquidation_and_bankruptcy() -> None:
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "109398.9")
    rig.enter("bob", SHORT, "0.1", "109398.9")
    long, short = rig.position("alice"), rig.position("bob")
    assert (rig.price(liquidation_price(long)), rig.price(bankruptcy_price(long))) == (d("98953.7789"), d("98459.01"))
    assert (rig.price(liquidation_price(short)), rig.price(bankruptcy_price(short))) == (d("119740.0896"), d("120338.79"))


def test_funding_of_a_tenth_at_the_sampled_mark_and_rate() -> None:
    """0.1 x 98042.3405 x 0.0001: the long pays, the short receives."""
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "98042.3405", method=CROSS)
    rig.enter("bob", SHORT, "0.1", "98042.3405")
    rig.funding_rate(100_000)
    rig.clock.advance_to(EIGHT_HOURS_NS)
    paid = {who: rig.balance(who, "USDT").entries.newest(1)[0] for who in ("alice", "bob")}
    assert {who: (entry.kind, rig.usdt(entry.amount)) for who, entry in paid.items()} == {
        "alice": (EntryKind.FUNDING, d("-0.980423405")),
        "bob": (EntryKind.FUNDING, d("0.980423405")),
    }
    assert rig.contract().funding is not None
    assert rig.contract().funding.rate == 100_000
