"""The live market of one exchange: opens the participants' accounts, writes the past, and lets the agents act in time.

From the moment it is built the books have two sides, some trades have been made, and candles and tickers look back on years.
Instruments without a plan are left alone. The same seed, plans and commands at the same virtual times give the same orders.

Every instrument has two timers, one for its market maker and one for its taker; instruments take turns within a step. A
contract's market maker has its turn right after that of the spot pair that it follows, and then its arbitrageur. Over a long
jump of time (`advance_to`) the steps grow so that about `JUMP_STEPS` are enough: each moves the fair price by all the time it
stands for, requotes and trades, so prices and candles go on, only more thinly. A pair that contracts follow trades in each of
them, for a last price of hours ago would be no index. While the market is stopped nothing happens, and its first step
afterwards moves the fair price in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mockex.core.candles import MINUTE_NS
from mockex.core.clock import Timer, VirtualClock
from mockex.core.exchange import Exchange
from mockex.market.agents import REFILLS_PER_STEP, MarketMaker, Taker
from mockex.market.arbitrage import Arbitrageur
from mockex.market.history import Past
from mockex.market.participants import Execute
from mockex.market.roster import Roster

MAKER_STEP_NS = 500_000_000
TAKER_PAUSE_NS = 1_000_000_000

# A jump of time up to this long runs at the ordinary pace; a longer one takes so many steps.
LONGEST_STRIDE_NS = 10 * MINUTE_NS
JUMP_STEPS = 300

# Trades of each instrument at the start: enough for a client that asks for the latest few.
FIRST_TRADES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMarketPlan:
    """One instrument that is to live. `reference_price` is where its trading starts, in units of the quote asset."""

    symbol: str
    reference_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the agents act. `refills`: the most quotes a side that a market maker adds in one step, None for all."""

    maker_step_ns: int = MAKER_STEP_NS
    taker_pause_ns: int = TAKER_PAUSE_NS
    refills: int | None = REFILLS_PER_STEP

    @property
    def hurried(self) -> bool:
        return self.refills is None

    @classmethod
    def over(cls, span_ns: int) -> Pace:
        """The pace for a jump of `span_ns`."""
        if span_ns <= LONGEST_STRIDE_NS:
            return ORDINARY
        step_ns = span_ns // JUMP_STEPS
        return cls(maker_step_ns=step_ns, taker_pause_ns=step_ns, refills=None)


ORDINARY = Pace()


class _Pit:
    """One instrument's agents and their timers. `turn`: of its market maker within a step, counted from 1. `is_index`: a
    contract follows it.
    """

    __slots__ = ("arbitrageur", "is_index", "maker", "maker_timer", "taker", "taker_timer", "turn")

    def __init__(self, maker: MarketMaker, taker: Taker, arbitrageur: Arbitrageur | None, *, turn: int, is_index: bool) -> None:
        self.maker = maker
        self.taker = taker
        self.arbitrageur = arbitrageur
        self.turn = turn
        self.is_index = is_index
        self.maker_timer: Timer | None = None
        self.taker_timer: Timer | None = None


class LiveMarket:
    """The participants of one exchange. They act by timers on the clock until they are stopped."""

    def __init__(
        self,
        *,
        exchange: Exchange,
        execute: Execute,
        clock: VirtualClock,
        seed: str,
        plans: Sequence[LiveMarketPlan],
    ) -> None:
        """ValueError for two plans of one symbol, and as of `Roster.hire`."""
        prices = {plan.symbol: plan.reference_price for plan in plans}
        if len(prices) < len(plans):
            raise ValueError("two plans for one symbol")
        self._clock = clock
        self._pace = ORDINARY
        self._running = False
        roster = Roster.hire(exchange=exchange, execute=execute, prices=prices, seed=seed)
        past = Past(seed=seed, crosses=roster.crosses, indices=roster.indices, now_ns=clock.now_ns())
        for symbol, sizing in roster.sizings.items():
            past.write(exchange.markets[symbol], sizing)
        self._turns = [symbol for symbol in prices if symbol not in roster.indices]
        self._pits = [
            _Pit(
                roster.makers[symbol],
                roster.takers[symbol],
                roster.arbitrageurs.get(symbol),
                turn=1 + self._turns.index(roster.indices.get(symbol, symbol)),
                is_index=symbol in roster.indices.values(),
            )
            for symbol in (*self._turns, *roster.indices)
        ]
        self._make_first_trades()
        self.start()

    def start(self) -> None:
        """Goes on, from the state that the last step left. Does nothing while running."""
        if self._running:
            return
        self._running = True
        step_ns = self._pace.maker_step_ns
        now_ns = self._clock.now_ns()
        for pit in self._pits:
            self._plan_maker(pit, now_ns + pit.turn * step_ns // len(self._turns))
            self._plan_taker(pit)

    def stop(self) -> None:
        """Nobody acts any more; what rests in the books stays there. Does nothing while stopped."""
        self._running = False
        for pit in self._pits:
            for timer in (pit.maker_timer, pit.taker_timer):
                if timer is not None:
                    timer.cancel()

    def set_pace(self, pace: Pace) -> None:
        """Acts at another pace from now on."""
        running = self._running
        self.stop()
        self._pace = pace
        if running:
            self.start()

    def _make_first_trades(self) -> None:
        """Full ladders, some trades between them and the takers, and full ladders again."""
        now_ns = self._clock.now_ns()
        for pit in self._pits:
            pit.maker.step(now_ns, refills=None)
            for _ in range(FIRST_TRADES):
                pit.taker.trade()
            pit.maker.step(now_ns, refills=None)

    def _run_maker(self, pit: _Pit) -> None:
        now_ns = self._clock.now_ns()
        pit.maker.step(now_ns, refills=self._pace.refills)
        if pit.is_index and self._pace.hurried:
            pit.taker.trade()
        if pit.arbitrageur is not None:
            pit.arbitrageur.step()
        self._plan_maker(pit, now_ns + self._pace.maker_step_ns)

    def _run_taker(self, pit: _Pit) -> None:
        pit.taker.trade()
        self._plan_taker(pit)

    def _plan_maker(self, pit: _Pit, due_ns: int) -> None:
        pit.maker_timer = self._clock.call_at(due_ns, lambda: self._run_maker(pit))

    def _plan_taker(self, pit: _Pit) -> None:
        pause_ns = pit.taker.pause_ns(self._pace.taker_pause_ns)
        pit.taker_timer = self._clock.call_after(pause_ns, lambda: self._run_taker(pit))


def advance_to(clock: VirtualClock, markets: Iterable[LiveMarket], target_ns: int) -> None:
    """Moves `clock` with all its timers; over a long way `markets` take few large steps instead of many small ones."""
    hurried = list(markets)
    pace = Pace.over(target_ns - clock.now_ns())
    if pace is ORDINARY or not hurried:
        clock.advance_to(target_ns)
        return
    for market in hurried:
        market.set_pace(pace)
    try:
        clock.advance_to(target_ns)
    finally:
        for market in hurried:
            market.set_pace(ORDINARY)
