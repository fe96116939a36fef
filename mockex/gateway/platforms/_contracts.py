"""Positions of linear contracts that are held long and short at once, and what they are worth (gw§9).

Owns: unrealised profit, margin balance, prices of liquidation, what may still be closed.
Must not know: requests and messages of a venue, time.
Let q be a position's quantity, E its entry price, M the mark price, m its margin, r its maintenance rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

from mockex.gateway.platform import Asset, MarginMode, Position, PositionHalf, PositionSide
from mockex.gateway.platforms._orders import EXACT, sum_of

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_DIGITS: Final = Context(prec=50)  # of a quotient, before it is rounded to a price


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One position. `quantity` is above zero."""

    pair: str
    side: PositionSide
    mode: MarginMode
    quantity: Decimal
    entry_price: Decimal
    leverage: Decimal
    margin: Decimal
    maintenance_rate: Decimal

    @property
    def sign(self) -> Decimal:
        """What a rise of the price is to it."""
        return _ONE if self.side is PositionSide.LONG else -_ONE

    def profit(self, mark: Decimal) -> Decimal:
        """(M - E) q of a long position, (E - M) q of a short one."""
        return EXACT.multiply(EXACT.multiply(self.sign, EXACT.subtract(mark, self.entry_price)), self.quantity)

    def maintenance(self, mark: Decimal) -> Decimal:
        """M q r."""
        return EXACT.multiply(EXACT.multiply(mark, self.quantity), self.maintenance_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is left of an order that rests and reduces a position."""

    pair: str
    side: PositionSide
    remain: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What prices of a pair are. `mark` None: not known yet."""

    price_tick: Decimal
    settlement: str
    mark: Decimal | None = None


class ContractHoldings:
    """What an account has, by what has been noted: a `Holdings`. Who owns it notes changes."""

    def __init__(self, markets: Mapping[str, Market], *, mode: MarginMode, now_ms: int) -> None:
        """`markets` by pair. `mode`: of the orders that this login places. `now_ms`: when all this is so."""
        self.markets = dict(markets)
        self.balances: dict[str, tuple[Decimal, Decimal]] = {}  # balance and what is held of it, by coin
        self.positions: dict[str, Held] = {}  # by the venue's number
        self.closing: dict[str, Closing] = {}  # by number of the order
        self.now_ms = now_ms
        self._mode = mode

    def exposed(self) -> Sequence[str]:
        return list(dict.fromkeys(held.pair for held in self.positions.values()))

    # --- balances

    def assets(self) -> Mapping[str, Asset]:
        """Of the coins in which contracts are settled: free and locked make the balance, total has the profit besides."""
        coins = dict.fromkeys(market.settlement for market in self.markets.values())
        found = {}
        for coin in sorted(coins):
            balance, held = self.balances.get(coin, (_ZERO, _ZERO))
            total = EXACT.add(balance, sum_of(self._profit(each) for each in self._settled_in(coin)))
            if balance or held or total:
                found[coin] = Asset(free=EXACT.subtract(balance, held), locked=held, total=total)
        return found

    def _settled_in(self, coin: str) -> Iterable[Held]:
        return (held for held in self.positions.values() if self.markets[held.pair].settlement == coin)

    def _profit(self, held: Held) -> Decimal:
        mark = self.markets[held.pair].mark
        return _ZERO if mark is None else held.profit(mark)

    # --- positions

    def position(self, pair: str) -> Position:
        """Those of one margin mode: of the login's, unless there are only others. Without any: crossed (gw§6)."""
        here = [held for held in self.positions.values() if held.pair == pair]
        modes = dict.fromkeys(held.mode for held in here)
        mode = self._mode if self._mode in modes else next(iter(modes), MarginMode.CROSSED)
        shown = {held.side: held for held in here if held.mode is mode}
        return Position(
            pair=pair,
            updated_ms=self.now_ms,
            margin_mode=mode,
            long=self._half(shown.get(PositionSide.LONG)),
            short=self._half(shown.get(PositionSide.SHORT)),
        )

    def _half(self, held: Held | None) -> PositionHalf:
        if held is None:
            return PositionHalf()
        resting = sum_of(each.remain for each in self.closing.values() if (each.pair, each.side) == (held.pair, held.side))
        return PositionHalf(
            quantity=held.quantity,
            avail_qty=max(EXACT.subtract(held.quantity, resting), _ZERO),
            open_price=held.entry_price,
            hold_price=held.entry_price,
            liquid_price=self.liquid_price(held),
            unrealised_pnl=self._profit(held),
            leverage=held.leverage,
            margin=held.margin,
        )

    def liquid_price(self, held: Held) -> Decimal:
        """The mark price at which the venue liquidates, rounded to a price; zero if there is none."""
        with localcontext(_DIGITS):
            price = _isolated_price(held) if held.mode is MarginMode.FIXED else self._cross_price(held)
            if price is None or price <= 0:
                return _ZERO
            tick = self.markets[held.pair].price_tick
            return (price / tick).to_integral_value(ROUND_HALF_EVEN) * tick

    def _cross_price(self, held: Held) -> Decimal | None:
        """Where the equity of all cross positions is their maintenance margin, with the prices of other pairs as they stand.

        Both positions of a pair move with one price. It can fall or rise so far, not both: the price belongs to the side that
        it harms.
        """
        cross = [each for each in self._settled_in(self.markets[held.pair].settlement) if each.mode is MarginMode.CROSSED]
        here = [each for each in cross if each.pair == held.pair]
        equity = self._cross_balance(held) + sum(
            (self._profit(each) - each.maintenance(self.markets[each.pair].mark or each.entry_price))
            for each in cross
            if each.pair != held.pair
        )
        slope = sum((each.quantity * (each.sign - each.maintenance_rate) for each in here), _ZERO)
        if not slope or (slope > 0) is not (held.side is PositionSide.LONG):
            return None
        return (sum((each.sign * each.quantity * each.entry_price for each in here), _ZERO) - equity) / slope

    def _cross_balance(self, held: Held) -> Decimal:
        """The balance without what stands for isolated positions."""
        coin = self.markets[held.pair].settlement
        balance, _ = self.balances.get(coin, (_ZERO, _ZERO))
        return balance - sum((each.margin for each in self._settled_in(coin) if each.mode is MarginMode.FIXED), _ZERO)


def _isolated_price(held: Held) -> Decimal:
    """(E q - m) / (q (1 - r)) of a long position, (E q + m) / (q (1 + r)) of a short one."""
    value = held.entry_price * held.quantity
    return (value - held.sign * held.margin) / (held.quantity * (1 - held.sign * held.maintenance_rate))
