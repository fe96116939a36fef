"""A mark price that an operator has set: the market does not move it, and all that goes by a mark goes by it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from perpetual_rig import CROSS, LONG, PERP, SHORT, perpetual_rig

from mockex.core.commands import PlaceConditional, SetMarkPrice
from mockex.core.contract_terms import PositionTerms
from mockex.core.events import MarkPriceChanged, Rejected
from mockex.core.invariants import digest
from mockex.core.orders import Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.rejects import RejectReason


def test_a_mark_that_an_operator_has_set_stays_until_it_is_left_to_the_market_again() -> None:
    rig = perpetual_rig()
    for name in ("maker", "taker"):
        rig.open(name, USDT=1_000)
    rig.mark_at("100")
    rig.override_mark("250")
    assert rig.mark == 250
    rig.mark_at("300")
    rig.quote("103")
    assert rig.mark == 250
    rig.override_mark(None)
    assert rig.mark == Decimal("201.5")  # (300 + 103) / 2


def test_a_mark_that_an_operator_sets_liquidates_whom_it_threatens() -> None:
    rig = perpetual_rig()
    rig.mark_at("100000")
    rig.enter("alice", LONG, "0.1", "100000")
    rig.enter("bob", SHORT, "0.1", "100000")
    rig.override_mark("90453")  # 90452.26 liquidates: (10000 - 1000) / (0.1 x 0.995)
    assert [position.qty for position in rig.positions("alice")] == [1_000]
    rig.override_mark("90452.2")
    assert rig.positions("alice") == []
    assert rig.contract().insurance_qty == 1_000


@pytest.mark.parametrize("price", [0, -1])
def test_a_mark_that_is_no_price_is_refused_and_changes_nothing(price: int) -> None:
    rig = perpetual_rig()
    rig.mark_at("100")
    before = digest(rig.exchange)
    for symbol, reason in ((PERP, RejectReason.PRICE_NOT_POSITIVE), ("BTC_USDT", RejectReason.SYMBOL_UNKNOWN)):
        (event,) = rig.exchange.execute(SetMarkPrice(symbol=symbol, price=price))
        assert isinstance(event, Rejected)
        assert event.reason is reason
    assert digest(rig.exchange) == before


def test_an_order_that_the_first_trade_of_all_triggers_meets_its_mark_price() -> None:
    """Cross, and waiting for a trade: what it may spend goes by the mark price that this very trade makes."""
    rig = perpetual_rig()
    order = rig.order("alice", Side.BUY, "0.1", "100", position=PositionTerms(merge=LONG, margin_method=CROSS, leverage=10))
    rig.execute(PlaceConditional(order=order, trigger=StopTrigger(price=1, direction=StopDirection.AT_OR_ABOVE)))
    rig.enter("bob", SHORT, "0.1", "100")

    events = rig.execute(replace(order, time_in_force=TimeInForce.IOC))

    assert rig.mark == 100
    assert [position.qty for position in rig.positions("alice")] == [1_000]
    assert [order.order_qty for order in rig.exchange.orders.live(rig.exchange.accounts["alice"], PERP).values()] == [1_000]
    assert sum(isinstance(event, MarkPriceChanged) for event in events) == 1
