"""A live market from its first moment on: books, trades, reactions to a user's orders, and what a seed decides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from live_rig import BTC_JPY, BUCKETS, ETH_BTC, ETH_JPY, START_NS, LiveRig, levels, qty_at

from mockex.core.commands import OpenAccount
from mockex.core.invariants import digest, violations
from mockex.core.orders import OrderStatus
from mockex.market.live import FIRST_TRADES, LiveMarket, LiveMarketPlan

THREE = (BTC_JPY, ETH_JPY, ETH_BTC)


def everything_visible(rig: LiveRig) -> list[object]:
    """What a client can see of a market: the digest of the books, candles of every width, tickers."""
    now_ns = rig.clock.now_ns()
    markets = rig.exchange.markets.values()
    return [
        digest(rig.exchange),
        [market.candles.candles(spec, limit=2_000) for market in markets for spec in BUCKETS],
        [market.ticker.at(now_ns) for market in markets],
    ]


def play(seed: str) -> LiveRig:
    """The same two orders at the same times in a market of the given seed."""
    rig = LiveRig(*THREE, seed=seed)
    rig.advance(70)
    rig.buy(300_000_000)
    rig.advance(45)
    rig.sell(2_000_000, symbol="ETH-BTC")
    rig.advance(130)
    return rig


# --- the first moment


def test_every_book_has_two_sides_of_many_levels_at_once() -> None:
    rig = LiveRig(*THREE)

    assert [20 <= len(side.keys) <= 40 for side in rig.sides()] == [True] * 6
    rig.assert_sound()


def test_the_public_trade_list_is_filled_at_once() -> None:
    rig = LiveRig(*THREE)

    for symbol in rig.references:
        trades = rig.market(symbol).newest_trades(100)
        assert len(trades) >= FIRST_TRADES
        assert {trade.time_ns for trade in trades} == {START_NS}


def test_the_first_trade_is_near_the_reference_price_where_the_past_ended() -> None:
    rig = LiveRig(*THREE)

    for symbol, reference in rig.references.items():
        market = rig.market(symbol)
        ticks = reference / market.instrument.price_scale.increment
        past_close = market.candles.candles(BUCKETS[0], limit=2)[1].close
        assert past_close == ticks
        assert abs(market.trades[0].price - ticks) * 100 <= ticks


def test_an_instrument_without_a_plan_is_left_alone() -> None:
    rig = LiveRig(BTC_JPY, quiet=(ETH_JPY,))
    rig.advance(120)

    quiet = rig.market("ETH-JPY")
    assert levels(quiet.book.bids) == levels(quiet.book.asks) == []
    assert list(quiet.trades) == []
    assert [quiet.candles.latest(spec) for spec in BUCKETS] == [None] * len(BUCKETS)
    assert quiet.ticker.at(rig.clock.now_ns()).last_price is None


def test_a_second_live_market_on_one_exchange_is_refused() -> None:
    rig = LiveRig(BTC_JPY)
    before = digest(rig.exchange)

    with pytest.raises(ValueError, match="market/maker"):
        LiveMarket(exchange=rig.exchange, execute=rig.execute, clock=rig.clock, seed="1", plans=[])

    assert digest(rig.exchange) == before


@pytest.mark.parametrize(
    ("plans", "complaint"),
    [
        ((("NO-SUCH", 1),), "NO-SUCH: not listed"),
        ((("BTC-JPY", 0),), "reference price of 0"),
        ((("BTC-JPY", 5), ("BTC-JPY", 6)), "two plans"),
    ],
)
def test_an_impossible_plan_is_refused_and_opens_no_account(plans: tuple[tuple[str, int], ...], complaint: str) -> None:
    rig = LiveRig(ETH_JPY, quiet=(BTC_JPY,))
    accounts = list(rig.exchange.accounts)

    with pytest.raises(ValueError, match=complaint):
        LiveMarket(
            exchange=rig.exchange,
            execute=rig.execute,
            clock=rig.clock,
            seed="1",
            plans=[LiveMarketPlan(symbol=symbol, reference_price=Decimal(price)) for symbol, price in plans],
        )

    assert list(rig.exchange.accounts) == accounts


# --- what a seed decides


def test_the_same_seed_commands_and_times_give_the_same_market() -> None:
    assert everything_visible(play("7")) == everything_visible(play("7"))


def test_another_seed_gives_another_market() -> None:
    one, other = everything_visible(play("7")), everything_visible(play("8"))

    assert all(seen != seen_there for seen, seen_there in zip(one, other, strict=True))


def test_an_instrument_lives_the_same_life_beside_another() -> None:
    alone, beside = LiveRig(BTC_JPY), LiveRig(BTC_JPY, ETH_JPY)
    first_trades = [
        [(trade.price, trade.qty, trade.taker_side) for trade in list(rig.market("BTC-JPY").trades)[:FIRST_TRADES]]
        for rig in (alone, beside)
    ]

    assert first_trades[0] == first_trades[1]
    assert alone.market().candles.candles(BUCKETS[3], limit=100) == beside.market().candles.candles(BUCKETS[3], limit=100)


# --- going on


def test_trading_goes_on_and_stays_sound_for_hours() -> None:
    rig = LiveRig(BTC_JPY, ETH_BTC)
    for _ in range(90):
        before = {symbol: rig.market(symbol).trade_ids.last for symbol in rig.references}
        rig.advance(60)
        assert all(side.keys for side in rig.sides())
        for symbol in rig.references:
            assert rig.market(symbol).trade_ids.last != before[symbol], "a minute without a trade"

    rig.assert_sound()


def test_no_participant_trades_with_itself() -> None:
    rig = LiveRig(BTC_JPY)
    rig.advance(1_200)

    market = rig.market()
    sides: dict[int, set[str]] = {}
    for fill in rig.fills:
        sides.setdefault(fill.trade_id, set()).add(fill.order.account.account_id)
    assert len(sides) == market.trade_ids.last
    assert {tuple(sorted(accounts)) for accounts in sides.values()} == {("market/maker", "market/takers")}


def test_a_cross_stays_near_the_ratio_of_its_legs() -> None:
    rig = LiveRig(*THREE)
    rig.buy(3_000_000_000)  # lifts BTC, so an ETH must cost fewer of it

    for _ in range(30):
        rig.advance(60)
        # In the rig's ticks: (ETH in 0.01 JPY) / (BTC in 0.1 JPY) * 0.1 / 0.00001 is ETH-BTC in its own ticks.
        doubled_ratio = rig.middle("ETH-JPY") * 20_000 // rig.middle("BTC-JPY")
        assert abs(rig.middle("ETH-BTC") - doubled_ratio) * 1_000 < doubled_ratio * 4


# --- reacting to a user


def test_a_big_market_buy_moves_the_price_and_the_ladder_comes_back() -> None:
    rig = LiveRig()
    rig.advance(5)
    asks = rig.market().book.asks
    bid, ask = rig.touch()
    full = len(asks.keys)

    bought = rig.buy(1_000_000_000)  # 10 BTC, about two thirds of the near ladder

    assert bought.status is OrderStatus.FILLED
    assert rig.last_price() > ask * 101 // 100
    assert len(asks.keys) < full // 2
    rig.advance(1)
    assert rig.touch()[0] > bid, "the bids did not follow"
    rig.advance(4)
    assert len(asks.keys) >= full - 2
    assert rig.touch()[1] < ask * 101 // 100, "the touch did not come back"
    rig.assert_sound()


def test_a_big_market_sell_presses_the_price_down() -> None:
    rig = LiveRig()
    rig.advance(5)
    bid, ask = rig.touch()

    rig.sell(1_000_000_000)
    rig.advance(1)

    assert rig.last_price() < bid
    assert rig.touch()[1] < ask


def test_the_mark_of_a_big_order_wears_off() -> None:
    """Two markets of one seed walk alike; what differs is the order, and little of that is left after ten minutes."""
    left_alone, disturbed = LiveRig(), LiveRig()
    disturbed.buy(1_000_000_000)

    gaps = []
    for seconds in (1, 600):
        left_alone.advance(seconds)
        disturbed.advance(seconds)
        gaps.append(disturbed.middle() - left_alone.middle())

    assert gaps[0] > left_alone.middle() // 1_000
    assert abs(gaps[1]) < gaps[0] * 2 // 3


def test_no_order_of_a_demo_account_empties_a_book() -> None:
    rig = LiveRig()
    wealth_qty = 1_500 * 10**8  # BTC; a demo account's ten thousand million JPY buy fewer

    rig.buy(wealth_qty)
    rig.assert_sound()
    rig.sell(wealth_qty)
    rig.assert_sound()
    rig.advance(10)

    rig.assert_sound()
    assert [len(side.keys) > 20 for side in rig.sides()] == [True, True]


def test_a_resting_order_is_filled_when_the_market_comes_to_it() -> None:
    rig = LiveRig()
    bid, ask = rig.touch()

    order = rig.buy(10_000_000, (bid + ask) // 2)
    rig.advance(120)

    assert order.status is OrderStatus.FILLED


def test_a_bid_far_above_the_market_is_sold_to_until_it_is_gone() -> None:
    rig = LiveRig()
    limit_price = rig.touch()[1] * 201 // 200
    offered = sum(level.qty for level in rig.market().book.asks if level.price <= limit_price)

    order = rig.buy(offered + 200_000_000, limit_price)
    assert order.status is OrderStatus.PARTIALLY_FILLED
    rig.advance(30)

    assert order.status is OrderStatus.FILLED
    rig.assert_sound()


def test_participants_never_run_dry() -> None:
    rig = LiveRig()
    for _ in range(40):
        for _ in range(5):
            rig.buy(20_000_000_000)
            rig.advance(1)
        rig.assert_sound()
    for _ in range(40):
        rig.sell(90_000_000_000)
        rig.advance(1)
    rig.advance(30)

    rig.assert_sound()
    assert [len(side.keys) > 20 for side in rig.sides()] == [True, True]
    assert qty_at(rig.market().book.bids) > 20_000_000_000


def test_a_user_cannot_open_an_account_of_a_participant() -> None:
    rig = LiveRig()

    (answer,) = rig.execute(OpenAccount(account_id="market/takers"))

    assert "ACCOUNT_EXISTS" in repr(answer)
    assert violations(rig.exchange) == []
