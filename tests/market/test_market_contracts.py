"""A live market of contracts: quoted around their index, traded, kept beside their spot pair, and never liquidated."""

from __future__ import annotations

import itertools

import pytest
from live_rig import BTC_JPY, DAYS, ETH_JPY, MINUTES, SECOND_NS, START_NS, LiveRig, Terms, contract_of, levels

from mockex.core.candles import DAY_NS, HOUR_NS
from mockex.core.commands import PlaceOrder, SetIndexPrice, SetMarkPrice, SetPhase
from mockex.core.contract import Contract
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.events import FundingPaid, FundingSettled, PositionLiquidated, Rejected
from mockex.core.invariants import digest
from mockex.core.markets import MarketPhase
from mockex.core.orders import OrderStatus, Side
from mockex.core.units import Wallet
from mockex.market.fair_price import FARTHEST_BASIS_PPB, LARGEST_IMPACT_PPB, PPB
from mockex.market.live import FIRST_TRADES, JUMP_STEPS, advance_to
from mockex.market.roster import ARBITRAGE_HOLDS_LEVELS, ARBITRAGEURS, MARKET_MAKER, TAKER_HOLDS_TRADES, TAKERS
from mockex.market.sizing import Sizing

PERP = contract_of("BTC-JPY")
TICKS_PER_SPOT_TICK = 2  # a tick of the contract is two of the pair
LOTS_PER_SPOT_LOT = 2
PARTICIPANTS = (MARKET_MAKER, TAKERS, ARBITRAGEURS)
SEEDS = ("1", "2", "3", "4")


def make_rig(seed: str = "1", **more: object) -> LiveRig:
    return LiveRig(BTC_JPY, ETH_JPY, contracts=(BTC_JPY, ETH_JPY), seed=seed, **more)  # type: ignore[arg-type]


def contract(rig: LiveRig, symbol: str = PERP) -> Contract:
    assert rig.exchange.contracts is not None
    return rig.exchange.contracts.by_symbol[symbol]


def gap_ppm(rig: LiveRig, spot: str = "BTC-JPY") -> int:
    """How far the middle of a contract's book lies above that of its pair."""
    return (rig.middle(contract_of(spot)) * TICKS_PER_SPOT_TICK - rig.middle(spot)) * 10**6 // rig.middle(spot)


def held(rig: LiveRig, account_id: str, symbol: str = PERP) -> list[int]:
    """An account's positions in a contract, in lots, shorts negative."""
    assert rig.exchange.contracts is not None
    positions = rig.exchange.contracts.positions.of(rig.exchange.accounts[account_id])
    return [position.signed_qty for position in positions if position.contract.symbol == symbol]


def sizing(rig: LiveRig, terms: Terms = BTC_JPY) -> Sizing:
    instrument = rig.market(contract_of(terms[0])).instrument
    return Sizing.of(instrument, rig.references[terms[0]], quote_worth=1)  # type: ignore[arg-type]


def open_position(rig: LiveRig, side: Side, qty: int) -> OrderStatus:
    """alice trades with whoever quotes."""
    merge = PositionMerge.LONG if side is Side.BUY else PositionMerge.SHORT
    terms = PositionTerms(merge=merge, margin_method=MarginMethod.CROSS, leverage=1)
    trade = rig.buy if side is Side.BUY else rig.sell
    return trade(qty, symbol=PERP, position=terms).status


def assert_nobody_was_liquidated_or_refused(rig: LiveRig) -> None:
    assert rig.events[PositionLiquidated] == 0
    assert [answer for answer in rig.answers if isinstance(answer, Rejected)] == []


# --- the first moment


def test_a_contract_has_a_full_book_trades_and_a_mark_price_at_once() -> None:
    rig = make_rig()

    rig.assert_sound()
    for symbol in (PERP, contract_of("ETH-JPY")):
        book = rig.market(symbol).book
        assert [20 <= len(side.keys) <= 40 for side in (book.bids, book.asks)] == [True, True]
        assert len(rig.market(symbol).newest_trades(100)) >= FIRST_TRADES
        mark = contract(rig, symbol).mark
        assert mark is not None
        assert abs(2 * mark - rig.middle(symbol)) * 1_000 < 2 * mark


def test_a_contract_has_always_stood_beside_its_pair() -> None:
    rig = make_rig()

    for spec in (MINUTES, DAYS):
        spot, perp = (rig.market(symbol).candles.candles(spec, limit=500)[1:] for symbol in ("BTC-JPY", PERP))
        assert len(spot) == len(perp) >= 80
        opens = [(one.open, TICKS_PER_SPOT_TICK * other.open) for one, other in zip(spot, perp, strict=True)]
        assert all(abs(one - other) * 200 < one for one, other in opens)
        assert any(abs(one - other) * 10_000 > one for one, other in opens), "no basis at all"
        assert all(later.open == earlier.close for later, earlier in itertools.pairwise(perp))
    view = rig.market(PERP).ticker.at(START_NS)
    assert view.trade_count > 80_000


def test_only_where_contracts_follow_pairs_there_are_arbitrageurs() -> None:
    assert ARBITRAGEURS not in LiveRig(BTC_JPY).exchange.accounts
    assert ARBITRAGEURS not in LiveRig(ETH_JPY, contracts=(BTC_JPY,)).exchange.accounts
    assert ARBITRAGEURS in make_rig().exchange.accounts


def test_a_contract_without_a_pair_walks_by_itself() -> None:
    rig = LiveRig(ETH_JPY, contracts=(BTC_JPY,))
    before = rig.middle(PERP)
    rig.advance(300)

    rig.assert_sound()
    assert rig.middle(PERP) != before
    assert_nobody_was_liquidated_or_refused(rig)


def test_the_same_seed_gives_the_same_contracts_and_another_seed_others() -> None:
    rigs = [make_rig(seed) for seed in ("7", "7", "8")]
    for rig in rigs:
        rig.advance(120)
    digests = [digest(rig.exchange) for rig in rigs]

    assert digests[0] == digests[1] != digests[2]


# --- going on


@pytest.mark.parametrize("seed", SEEDS)
def test_contracts_stay_beside_their_pairs_and_positions_stay_small(seed: str) -> None:
    rig = make_rig(seed)
    gaps, trades = set(), rig.market(PERP).trade_ids.last
    farthest_ppm = (FARTHEST_BASIS_PPB + LARGEST_IMPACT_PPB // 100) * 10**6 // PPB
    for _ in range(20):
        rig.advance(60)
        for terms in (BTC_JPY, ETH_JPY):
            symbol, sizes = contract_of(terms[0]), sizing(rig, terms)
            gaps.add(gap_ppm(rig, terms[0]))
            assert abs(gap_ppm(rig, terms[0])) < farthest_ppm
            bid, ask = rig.touch(symbol)
            assert bid < ask
            for account_id, most in (
                (TAKERS, TAKER_HOLDS_TRADES * sizes.trade_qty),
                (ARBITRAGEURS, ARBITRAGE_HOLDS_LEVELS * sizes.level_qty),
            ):
                positions = held(rig, account_id, symbol)
                assert len(positions) <= 2
                assert abs(sum(positions)) <= most
                assert min(map(abs, positions), default=0) * (len(positions) == 2) <= most // 4, "both sides grow"

    rig.assert_sound()
    assert rig.market(PERP).trade_ids.last != trades
    assert len(gaps) > 10, "the basis stands still"
    assert_nobody_was_liquidated_or_refused(rig)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_no_participant_trades_a_contract_with_itself(seed: str) -> None:
    rig = make_rig(seed)
    rig.advance(600)

    sides: dict[tuple[str, int], list[str]] = {}
    for fill in rig.fills:
        sides.setdefault((fill.order.instrument.symbol, fill.trade_id), []).append(fill.order.account.account_id)
    assert {tuple(sorted(accounts)) for key, accounts in sides.items() if key[0] == PERP} <= {
        (MARKET_MAKER, TAKERS), (ARBITRAGEURS, MARKET_MAKER)
    }  # fmt: skip


def test_what_is_remembered_does_not_grow_with_time() -> None:
    rig = make_rig()
    sizes = []
    for _ in range(2):
        rig.advance(600)
        contracts = rig.exchange.contracts
        assert contracts is not None
        assert len(contracts.stir.crosses) <= len(PARTICIPANTS)
        sizes.append((len(rig.exchange.orders), len(list(contracts.positions))))

    assert all(orders <= 8 * 40 and positions <= 2 * 2 * len(PARTICIPANTS) for orders, positions in sizes)
    for account_id in PARTICIPANTS:
        for balances in rig.exchange.accounts[account_id].wallets.values():
            assert all(len(balance.entries) == 0 for balance in balances.values())


# --- who reacts to what


@pytest.mark.parametrize("side", list(Side), ids=lambda side: side.name)
def test_who_moves_a_contract_away_meets_arbitrageurs_who_hedge_in_the_pair(side: Side) -> None:
    rig = make_rig()
    rig.advance(5)
    spot_balance = rig.exchange.accounts[ARBITRAGEURS].balance(Wallet.SPOT, "BTC")
    before, held_before = spot_balance.total, sum(held(rig, ARBITRAGEURS))
    sign = 1 if side is Side.BUY else -1

    assert open_position(rig, side, 100 * sizing(rig).level_qty) is OrderStatus.FILLED
    rig.advance(1)
    gaps = [sign * gap_ppm(rig)]
    rig.advance(30)
    gaps.append(sign * gap_ppm(rig))

    assert gaps[0] > 2_000
    assert gaps[1] < gaps[0] * 3 // 4
    sold = sign * (held_before - sum(held(rig, ARBITRAGEURS)))
    assert sold >= 5 * sizing(rig).level_qty
    lot = rig.market().instrument.atoms_per_lot
    bought = sign * (spot_balance.total - before) * LOTS_PER_SPOT_LOT
    assert abs(bought - sold * lot) * 100 < sold * lot, "but for fees, as much as was sold"
    assert_nobody_was_liquidated_or_refused(rig)
    rig.assert_sound()


def test_who_moves_the_pair_moves_the_contract() -> None:
    rig = make_rig()
    rig.advance(5)
    before = rig.middle(PERP)

    rig.buy(1_000_000_000)
    rig.advance(2)

    assert rig.middle(PERP) * 1_000 > before * 1_001
    assert abs(gap_ppm(rig)) < 5_000


def test_contracts_are_quoted_around_an_index_that_an_operator_sets() -> None:
    rig = make_rig()
    rig.advance(5)
    index = rig.last_price(PERP) * 9 // 10

    rig.execute(SetIndexPrice(symbol=PERP, price=index))
    rig.advance(10)
    assert abs(rig.middle(PERP) - 2 * index) * 100 < 2 * index
    rig.execute(SetIndexPrice(symbol=PERP, price=None))
    rig.advance(10)

    assert abs(gap_ppm(rig)) < 10_000
    assert_nobody_was_liquidated_or_refused(rig)
    rig.assert_sound()


@pytest.mark.parametrize("factor", [0, 20])
def test_no_mark_price_of_an_operator_liquidates_a_participant(factor: int) -> None:
    rig = make_rig()
    open_position(rig, Side.BUY, 1_000 * sizing(rig).level_qty)
    open_position(rig, Side.SELL, 3_000 * sizing(rig).level_qty)
    rig.advance(20)
    price = max(1, factor * rig.last_price(PERP))

    for set_price in (SetIndexPrice, SetMarkPrice):
        rig.execute(set_price(symbol=PERP, price=price))
        rig.advance(20)

    rig.execute(SetMarkPrice(symbol=PERP, price=None))
    rig.execute(SetIndexPrice(symbol=PERP, price=None))
    rig.advance(20)
    assert_nobody_was_liquidated_or_refused(rig)
    rig.assert_sound()


@pytest.mark.parametrize("symbol", ["BTC-JPY", PERP])
def test_arbitrageurs_wait_while_either_side_is_halted(symbol: str) -> None:
    rig = make_rig()
    open_position(rig, Side.BUY, 100 * sizing(rig).level_qty)
    rig.execute(SetPhase(symbol=symbol, phase=MarketPhase.HALTED))
    before = held(rig, ARBITRAGEURS), len(rig.placed)

    rig.advance(30)

    assert held(rig, ARBITRAGEURS) == before[0]
    assert {order.account_id for order in rig.placed[before[1] :] if order.symbol == symbol} == set()
    rig.execute(SetPhase(symbol=symbol, phase=MarketPhase.CONTINUOUS))
    open_position(rig, Side.BUY, 100 * sizing(rig).level_qty)
    rig.advance(30)
    assert held(rig, ARBITRAGEURS) != before[0]
    rig.assert_sound()


# --- jumping


@pytest.mark.parametrize("seed", SEEDS)
def test_funding_is_paid_among_participants_over_a_jump_of_a_day(seed: str) -> None:
    rig = make_rig(seed)
    rig.advance(60)
    paid: list[FundingPaid] = []
    settled: list[FundingSettled] = []
    execute = rig.exchange.execute

    def spy(command: object) -> tuple[object, ...]:
        events = execute(command)  # type: ignore[arg-type]
        paid.extend(event for event in events if isinstance(event, FundingPaid))
        settled.extend(event for event in events if isinstance(event, FundingSettled))
        return events

    rig.exchange.execute = spy  # type: ignore[assignment, method-assign]
    advance_to(rig.clock, [rig.live], rig.clock.now_ns() + DAY_NS)

    assert len(settled) == 6
    assert all(abs(event.rate) < 2_000_000 for event in settled)
    assert {event.position.account.account_id for event in paid} <= set(PARTICIPANTS)
    for event in settled:
        of_this = [each for each in paid if each.time_ns == event.time_ns and each.position.contract.symbol == event.symbol]
        amounts = [each.amount for each in of_this]
        assert min(amounts) < 0 < max(amounts)
        assert -len(amounts) <= sum(amounts) <= 0, "who pays pays what the others get, but for atoms"
    assert_nobody_was_liquidated_or_refused(rig)
    rig.assert_sound()


@pytest.mark.parametrize("span_ns", [HOUR_NS, 3 * DAY_NS, 100 * DAY_NS])
def test_a_jump_keeps_contracts_beside_their_pairs_at_a_bounded_cost(span_ns: int) -> None:
    rig = make_rig()
    rig.commands.clear()

    advance_to(rig.clock, [rig.live], rig.clock.now_ns() + span_ns)

    for spot in ("BTC-JPY", "ETH-JPY"):
        assert abs(gap_ppm(rig, spot)) < 4_000
        mark = contract(rig, contract_of(spot)).mark
        assert mark is not None
        assert abs(2 * mark - rig.middle(contract_of(spot))) * 100 < 2 * mark
    ladder = sum(len(side.keys) for side in rig.sides())
    assert rig.commands[PlaceOrder] <= JUMP_STEPS * (ladder + 16)
    assert [len(levels(side)) > 20 for side in rig.sides()] == [True] * 8
    assert rig.market(PERP).trades[-1].time_ns > rig.clock.now_ns() - 20 * span_ns // JUMP_STEPS - 60 * SECOND_NS
    assert_nobody_was_liquidated_or_refused(rig)
    rig.assert_sound()


def test_a_step_of_a_contract_costs_no_more_than_its_ladder_is_long() -> None:
    rig = make_rig()
    ladder = len(rig.market(PERP).book.bids.keys) + len(rig.market(PERP).book.asks.keys)
    costs = []
    for _ in range(200):
        before = rig.commands.total()
        rig.clock.advance(SECOND_NS // 2)
        costs.append(rig.commands.total() - before)

    assert max(costs) <= 4 * (2 * ladder + 6)
    assert sum(costs) < 200 * 4 * 12
