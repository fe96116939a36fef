"""A live market under a venue's rules and an operator's hand: refusals stop its participants, and never for good."""

from __future__ import annotations

import pytest
from live_rig import LiveRig, Terms, levels, qty_at

from mockex.core.book import BookSide
from mockex.core.commands import CancelOrder, FreezeAccount, SetPhase
from mockex.core.events import Rejected
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import TimeInForce
from mockex.core.policy import BeyondBand, ClientIdPolicy, PriceBand
from mockex.core.units import Wallet

ENDED_PHASES = [phase for phase in MarketPhase if phase is not MarketPhase.CONTINUOUS]


@pytest.mark.parametrize("phase", ENDED_PHASES, ids=lambda phase: phase.name)
def test_an_instrument_that_takes_no_orders_keeps_its_book_and_goes_on_afterwards(phase: MarketPhase) -> None:
    rig = LiveRig()
    rig.execute(SetPhase(symbol=rig.symbol, phase=phase))
    asked = rig.commands.total()
    before = [levels(side) for side in rig.sides()]

    rig.advance(60)

    assert [levels(side) for side in rig.sides()] == before
    assert rig.commands.total() == asked
    rig.execute(SetPhase(symbol=rig.symbol, phase=MarketPhase.CONTINUOUS))
    last_id = rig.market().trade_ids.last
    rig.advance(60)
    assert rig.market().trade_ids.last != last_id
    assert [levels(side) for side in rig.sides()] != before
    rig.assert_sound()


@pytest.mark.parametrize("wallet", [None, Wallet.SPOT], ids=["account", "wallet"])
@pytest.mark.parametrize("account_id", ["market/maker", "market/takers"])
def test_a_frozen_participant_waits_until_it_is_free_again(account_id: str, wallet: Wallet | None) -> None:
    rig = LiveRig()
    rig.execute(FreezeAccount(account_id=account_id, frozen=True, wallet=wallet))
    last_id = rig.market().trade_ids.last
    rig.advance(60)

    rig.assert_sound()
    if account_id == "market/takers":
        assert rig.market().trade_ids.last == last_id
    rig.execute(FreezeAccount(account_id=account_id, frozen=False, wallet=wallet))
    last_id = rig.market().trade_ids.last
    rig.advance(60)
    assert rig.market().trade_ids.last != last_id
    assert [len(side.keys) > 20 for side in rig.sides()] == [True, True]
    rig.assert_sound()


def test_a_market_maker_whose_orders_were_all_cancelled_quotes_again() -> None:
    rig = LiveRig()
    maker = rig.exchange.accounts["market/maker"]
    for order_id in list(rig.exchange.orders.live(maker, rig.symbol)):
        rig.execute(CancelOrder(account_id="market/maker", order_id=order_id))
    assert [side.keys for side in rig.sides()] == [[], []]

    rig.advance(1)
    rig.assert_sound()
    rig.advance(4)

    assert [len(side.keys) > 30 for side in rig.sides()] == [True, True]


@pytest.mark.parametrize("cap", [4, 10, 50])
def test_a_cap_on_open_orders_shortens_the_ladder(cap: int) -> None:
    rig = LiveRig(max_open_orders=cap)
    maker = rig.exchange.accounts["market/maker"]

    for _ in range(60):
        rig.advance(5)
        assert len(rig.exchange.orders.live(maker, rig.symbol)) <= cap
    rig.assert_sound()
    # A level that was half eaten is gone until the next step.
    assert [len(side.keys) >= cap // 2 - 1 for side in rig.sides()] == [True, True]


@pytest.mark.parametrize("beyond", list(BeyondBand), ids=lambda beyond: beyond.name)
def test_a_narrow_price_band_stops_no_participant_for_good(beyond: BeyondBand) -> None:
    rig = LiveRig(price_band=PriceBand(reach_ppm=100, beyond=beyond))
    last_id = rig.market().trade_ids.last
    rig.advance(300)

    assert rig.market().trade_ids.last != last_id
    rig.assert_sound()


@pytest.mark.parametrize("self_trade", list(SelfTradePolicy), ids=lambda policy: policy.name)
def test_every_rule_against_self_trades_leaves_the_market_alive(self_trade: SelfTradePolicy) -> None:
    rig = LiveRig(self_trade=self_trade, client_ids=ClientIdPolicy.UNIQUE)
    rig.advance(300)

    rig.assert_sound()
    assert [len(side.keys) > 30 for side in rig.sides()] == [True, True]


def test_every_order_respects_the_largest_quantity() -> None:
    rig = LiveRig(max_qty="0.15")
    rig.advance(120)

    rig.assert_sound()
    quantities = [order.order_qty for order in rig.exchange.orders.live_orders()]
    assert max(quantity or 0 for quantity in quantities) == 15_000_000
    assert rig.market().trade_ids.last


# (terms): prices from a single tick to many digits; quantities from whole coins to billionths.
EXTREMES: tuple[Terms, ...] = (
    ("DUST-BTC", "0.00000001", "0.00000001", "1", "1"),
    ("ANT-BTC", "0.00000003", "0.00000001", "1", "100"),
    ("BUG-BTC", "0.000000137", "0.00000001", "0.01", "0.01"),
    ("BIG-JPY", "987654321098.7", "0.1", "0.00000001", "0.00000001"),
    ("HUGE-JPY", "1234567890123", "1", "0.0001", "0.0001"),
    ("COARSE-JPY", "7000000", "50000", "0.001", "0.001"),
    ("LUMP-JPY", "250", "0.5", "10", "5000"),
)


@pytest.mark.parametrize("terms", EXTREMES, ids=lambda terms: terms[0])
def test_every_order_lies_on_the_instruments_grid_whatever_its_prices(terms: Terms) -> None:
    rig = LiveRig(terms)
    min_qty = rig.market().instrument.min_qty
    for _ in range(20):
        rig.advance(30)
        rig.assert_sound()

    assert {order.time_in_force for order in rig.placed} == {TimeInForce.GTC, TimeInForce.IOC}
    assert all(order.order_qty is not None and order.order_qty >= min_qty for order in rig.placed)
    assert all(order.limit_price is None or order.limit_price >= 1 for order in rig.placed)
    assert not any(isinstance(event, Rejected) for event in rig.answers)
    bid, ask = rig.touch()
    assert 1 <= bid < ask


@pytest.mark.parametrize("terms", EXTREMES, ids=lambda terms: terms[0])
def test_a_sweep_empties_no_book_whatever_its_prices(terms: Terms) -> None:
    rig = LiveRig(terms)
    asks, bids = rig.market().book.asks, rig.market().book.bids

    rig.buy(all_but_half_the_backstop(asks))
    rig.assert_sound()
    rig.sell(all_but_half_the_backstop(bids))
    rig.assert_sound()
    rig.advance(10)

    rig.assert_sound()
    assert [qty_at(side) > all_but_half_the_backstop(side) > 0 for side in (bids, asks)] == [True, True]


def all_but_half_the_backstop(side: BookSide) -> int:
    """Everything on a side except half of its largest level."""
    return qty_at(side) - max(level.qty for level in side) // 2
