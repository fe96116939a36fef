"""A live market and time: stopping, long jumps, and what it costs, counted in commands and candles."""

from __future__ import annotations

import pytest
from live_rig import BTC_JPY, ETH_BTC, ETH_JPY, MINUTES, START_NS, LiveRig, levels

from mockex.core.candles import DAY_NS, HOUR_NS, MINUTE_NS
from mockex.core.commands import AdjustBalance, CancelOrder, OpenAccount, PlaceOrder
from mockex.core.invariants import digest
from mockex.core.orders import OrderStatus
from mockex.market.history import timeline
from mockex.market.live import FIRST_TRADES, JUMP_STEPS, LONGEST_STRIDE_NS, advance_to


def jump(rig: LiveRig, span_ns: int) -> None:
    advance_to(rig.clock, [rig.live], rig.clock.now_ns() + span_ns)


# --- stopping


def test_a_stopped_market_does_nothing_and_keeps_its_orders() -> None:
    rig = LiveRig()
    rig.live.stop()
    before = digest(rig.exchange)

    rig.advance(3_600)

    assert digest(rig.exchange) == before
    assert rig.clock.pending_count == 0


def test_a_market_goes_on_after_a_stop() -> None:
    rig = LiveRig()
    rig.live.stop()
    rig.advance(3_600)
    before = [levels(side) for side in rig.sides()]

    rig.live.start()
    rig.advance(10)

    assert [levels(side) for side in rig.sides()] != before
    assert rig.market().trades[-1].time_ns > START_NS + HOUR_NS
    rig.assert_sound()


def test_stopping_twice_and_starting_twice_are_as_good_as_once() -> None:
    once, twice = LiveRig(), LiveRig()
    for rig, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            rig.live.stop()
        for _ in range(times):
            rig.live.start()
        rig.advance(60)

    assert digest(once.exchange) == digest(twice.exchange)
    assert once.clock.pending_count == twice.clock.pending_count == 2


# --- jumping


def test_a_short_way_is_the_same_as_without_help() -> None:
    helped, plain = LiveRig(), LiveRig()
    jump(helped, LONGEST_STRIDE_NS)
    plain.clock.advance(LONGEST_STRIDE_NS)

    assert digest(helped.exchange) == digest(plain.exchange)


@pytest.mark.parametrize("days", [1, 30, 1_000])
def test_a_long_jump_costs_the_same_however_long_it_is(days: int) -> None:
    rig = LiveRig()
    rig.commands.clear()

    jump(rig, days * DAY_NS)

    ladder = sum(len(side.keys) for side in rig.sides())
    assert JUMP_STEPS // 2 < rig.commands[PlaceOrder] <= JUMP_STEPS * (ladder + 4)
    assert rig.commands[CancelOrder] <= JUMP_STEPS * ladder
    assert rig.clock.now_ns() == START_NS + days * DAY_NS
    rig.assert_sound()


def test_a_market_trades_on_during_a_long_jump_and_at_its_pace_afterwards() -> None:
    rig = LiveRig()

    jump(rig, 12 * HOUR_NS)

    hours = {trade.time_ns // HOUR_NS for trade in rig.trades}
    assert len(hours) >= 12
    candles = rig.market().candles.candles(MINUTES, start_ns=START_NS, limit=1_440)
    assert len(candles) > 100
    lowest, highest = min(candle.low for candle in candles), max(candle.high for candle in candles)
    assert highest < 2 * lowest
    last_id = rig.market().trade_ids.last or 0
    rig.advance(120)
    assert (rig.market().trade_ids.last or 0) - last_id > 60


def test_the_price_moves_by_all_the_time_that_a_jump_takes() -> None:
    """Over many seeds a day moves a price further than a minute does, and never out of its bounds."""
    moves: dict[int, list[int]] = {}
    for span_ns in (MINUTE_NS, DAY_NS):
        for seed in "abcdef":
            rig = LiveRig(seed=seed)
            before = rig.middle()
            jump(rig, span_ns)
            moves.setdefault(span_ns, []).append(abs(rig.middle() - before))
            assert before * 6 // 10 < rig.middle() < before * 14 // 10

    assert sum(moves[DAY_NS]) > 3 * sum(moves[MINUTE_NS])


def test_a_resting_order_is_filled_when_a_jump_passes_its_price() -> None:
    rig = LiveRig()
    bid, ask = rig.touch()
    bids = [rig.buy(1_000_000, bid * 998 // 1_000), rig.sell(1_000_000, ask * 1_002 // 1_000)]

    jump(rig, DAY_NS)

    assert [order.status for order in bids] == [OrderStatus.FILLED] * 2


def test_jumps_repeat_exactly() -> None:
    digests = []
    for _ in range(2):
        rig = LiveRig(BTC_JPY, ETH_JPY, ETH_BTC)
        jump(rig, DAY_NS)
        rig.advance(30)
        digests.append(digest(rig.exchange))

    assert digests[0] == digests[1]


def test_a_stopped_market_stays_stopped_over_a_jump() -> None:
    rig = LiveRig()
    rig.live.stop()
    before = digest(rig.exchange)

    jump(rig, DAY_NS)
    rig.advance(60)

    assert digest(rig.exchange) == before


# --- cost


def test_building_a_market_costs_a_bounded_number_of_commands_and_candles() -> None:
    rig = LiveRig()
    sides = 2
    ladder = 40 * sides

    assert rig.commands[OpenAccount] == 2
    assert rig.commands[AdjustBalance] == 4
    assert rig.commands[PlaceOrder] <= ladder + FIRST_TRADES + ladder // 2
    assert len(timeline(START_NS)) <= 3_000


def test_an_ordinary_minute_costs_few_commands() -> None:
    rig = LiveRig()
    rig.commands.clear()

    rig.advance(600)

    # 1,200 steps and about 600 takes: most quotes stay where they are from step to step.
    assert rig.commands.total() < 600 * 8
    assert rig.commands[CancelOrder] < 600 * 3


def test_a_market_holds_two_timers_for_an_instrument_and_no_more() -> None:
    rig = LiveRig(BTC_JPY, ETH_JPY)
    rig.advance(600)

    assert rig.clock.pending_count == 4
