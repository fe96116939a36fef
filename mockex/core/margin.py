"""When a position or an account no longer covers its risk, and at which price nothing is left of it. Arithmetic in integers.

Isolated: a position is liquidated when margin + unrealised profit <= worth at mark * maintenance rate. Everything but the mark
is fixed between two fills, so this is one price for each position, worked out when the position changes.
Cross: an account is liquidated when its equity (balance, less what is set aside for isolated positions and withdrawals, plus
the unrealised profit of all cross positions) <= the sum of worth * maintenance rate over these. That depends on the marks of
all its contracts at once, so no price is exact for it. The bound that is watched instead: what the account has to spare is
divided among its contracts, and each may move against it by what its share pays for. While no contract has moved further the
account is safe; the first that does has the account worked out anew, and either it is liquidated or new, closer bounds are set.
With one contract the bound is exact. So a mark price costs no look at an account that it does not threaten.
With several contracts only half of what there is to spare is divided. The other half is the reserve: a fill or a payment that
it covers leaves the bounds where they are, at the cost of one sum, and pays for the bound of a contract that turns round; the
one on its other side stays, and may cost a look that was not needed.
The maintenance rate goes by the entry cost: it changes with fills, never with the mark.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mockex.core.fees import RATE_UNIT
from mockex.core.ledger import Balance
from mockex.core.orders import BUY
from mockex.core.units import Atoms, Ticks

if TYPE_CHECKING:
    from mockex.core.contract import Contract
    from mockex.core.positions import Position

_NOTHING: Final = (0, 0)


def liquidation_price(position: Position) -> Fraction | None:
    """The mark price, in ticks, at which an isolated position is liquidated; None where no price does that."""
    if not position.qty:
        return None
    is_long = position.direction is BUY
    rate = position.maintenance_rate
    num = (position.cost - position.margin if is_long else position.cost + position.margin) * RATE_UNIT
    den = position.qty * position.contract.unit * (RATE_UNIT - rate if is_long else RATE_UNIT + rate)
    return Fraction(num, den) if num > 0 else None


def bankruptcy_price(position: Position) -> Fraction:
    """The price, in ticks, at which closing an isolated position loses just its margin. 0 where no price loses it."""
    left = position.cost - position.margin if position.direction is BUY else position.cost + position.margin
    return max(Fraction(left, position.qty * position.contract.unit), Fraction(0))


def trigger_price(position: Position) -> Ticks | None:
    """The first whole mark price that liquidates an isolated position that is not empty; None where none does."""
    unit = position.qty * position.contract.unit
    rate = position.maintenance_rate
    if position.direction is BUY:
        price = (position.cost - position.margin) * RATE_UNIT // (unit * (RATE_UNIT - rate))
        return price if price > 0 else None
    return -(-(position.cost + position.margin) * RATE_UNIT // (unit * (RATE_UNIT + rate)))


def closing_limit(position: Position, exact: Fraction) -> Ticks:
    """The whole price that is not worse than `exact` for closing the position, at least one tick."""
    if position.direction is BUY:
        return max(1, -(-exact.numerator // exact.denominator))
    return max(1, exact.numerator // exact.denominator)


def unrealised(position: Position) -> Atoms:
    """At the mark price. A position has one: it came from a trade."""
    if not position.qty:
        return 0
    mark = position.contract.mark
    assert mark is not None, f"{position!r} without a mark price"
    return position.profit_at(mark)


class CrossMargin:
    """One balance whose cross positions answer for each other. `watched`: see `PriceWatch`.

    `stakes`: of each contract that its mark price matters for, what a tick up brings, and the same after maintenance in
    billionths of an atom. `cost`: of all longs less that of all shorts. Both are sums over the positions, kept by `recount`, so
    that profit and equity cost a look at each contract and not at each position.
    `funds_seen`: what of the balance could answer for them when somebody last looked. More is no reason to look again.
    `floors` and `ceilings`: the marks that are watched since then, of contracts whose fall or rise costs it or has cost it. A
    floor of 0 never comes. `reserve`: what would be left to spare if all marks were at their bounds, in billionths of an atom;
    it and the bounds count only while `bounded`.
    """

    __slots__ = (
        "balance",
        "bounded",
        "ceilings",
        "cost",
        "floors",
        "funds_seen",
        "positions",
        "reserve",
        "stakes",
        "watched",
    )

    def __init__(self, balance: Balance) -> None:
        self.balance = balance
        self.positions: dict[int, Position] = {}
        self.stakes: dict[Contract, tuple[Atoms, int]] = {}
        self.cost: Atoms = 0
        self.funds_seen: Atoms = 0
        self.floors: dict[Contract, Ticks] = {}
        self.ceilings: dict[Contract, Ticks] = {}
        self.reserve = 0
        self.bounded = False
        self.watched = 0

    @property
    def funds(self) -> Atoms:
        """What of the balance may answer for cross positions. Orders may hold it: they are cancelled first."""
        return self.balance.total - self.balance.committed

    @property
    def profit(self) -> Atoms:
        """Unrealised, of all positions together. Every opening order with cross margin asks."""
        total = -self.cost
        for contract, (worth, _) in self.stakes.items():
            mark = contract.mark
            assert mark is not None, f"a position in {contract.symbol} without a mark price"
            total += worth * mark
        return total

    @property
    def equity(self) -> Atoms:
        return self.funds + self.profit

    def open_positions(self) -> list[Position]:
        return [position for position in self.positions.values() if position.qty]

    def recount(self, position: Position) -> None:
        """Counts a position as what it is now, no longer as what it was."""
        contract = position.contract
        unit = position.qty * contract.unit
        if position.direction is BUY:
            worth, slope, cost = unit, unit * (RATE_UNIT - position.maintenance_rate), position.cost
        else:
            worth, slope, cost = -unit, -unit * (RATE_UNIT + position.maintenance_rate), -position.cost
        counted_worth, counted_slope, counted_cost = position.counted
        position.counted = (worth, slope, cost)
        more_cost = cost - counted_cost
        self.cost += more_cost
        worths, slopes = self.stakes.get(contract, _NOTHING)
        worth += worths - counted_worth
        slope += slopes - counted_slope
        if worth or slope:
            self.stakes[contract] = (worth, slope)
        else:
            self.stakes.pop(contract, None)
        if self.bounded:
            self.bounded = len(self.stakes) > 1 and self._recount_reserve(contract, slopes, slope, more_cost)

    def bound(self, contract: Contract, slope: int) -> Ticks | None:
        """The mark up to which a contract with that slope is watched."""
        return (self.ceilings if slope < 0 else self.floors).get(contract) if slope else 0

    def _recount_reserve(self, contract: Contract, before: int, slope: int, more_cost: Atoms) -> bool:
        """Counts a stake that had another slope before. One that has turned round gets half of what is left for its new bound.
        False if that is nothing.
        """
        left = self.reserve - more_cost * RATE_UNIT - before * (self.bound(contract, before) or 0)
        bound = self.bound(contract, slope)
        if bound is None:
            mark = contract.mark
            spare = 0 if mark is None else left + slope * mark
            if spare <= 0:
                return False
            bound = self._set_bound(contract, slope, spare // 2)
        self.reserve = left + slope * bound
        return True

    def _set_bound(self, contract: Contract, slope: int, share: int) -> Ticks:
        """Watches for the mark that costs `share`. A tick is looked at, even if less is left. A fall to nothing never comes."""
        mark = contract.mark
        assert mark is not None, f"a position in {contract.symbol} without a mark price"
        if slope < 0:
            bound = self.ceilings[contract] = mark + (share // -slope or 1)
            contract.watch.add(self, bound, falling=False)
            return bound
        bound = self.floors[contract] = max(0, mark - (share // slope or 1))
        if bound:
            contract.watch.add(self, bound, falling=True)
        return bound

    def spare(self, funds: Atoms) -> int:
        """What would be left of `funds` over the sum of what the positions must maintain, in billionths of an atom."""
        spare = (funds - self.cost) * RATE_UNIT
        for contract, (_, slope) in self.stakes.items():
            mark = contract.mark
            assert mark is not None, f"a position in {contract.symbol} without a mark price"
            spare += slope * mark
        return spare

    def is_covered(self) -> bool:
        """Whether the bounds are still good after fills or payments."""
        funds = self.balance.total - self.balance.committed
        self.reserve += (funds - self.funds_seen) * RATE_UNIT
        self.funds_seen = funds
        return self.bounded and self.reserve > 0

    def watch(self) -> bool:
        """Works the account out anew and sets its bounds. False if it is to be liquidated. O(its contracts)."""
        self.watched += 1
        self.funds_seen = funds = self.funds
        stakes = self.stakes
        self.bounded = False
        if not stakes and not self.open_positions():
            return True
        spare = self.spare(funds)
        if spare <= 0:
            return False
        several = len(stakes) > 1
        share = spare // (2 * len(stakes)) if several else spare
        self.floors.clear()
        self.ceilings.clear()
        for contract, (_, slope) in stakes.items():
            mark = contract.mark
            if slope and mark is not None:
                spare += slope * (self._set_bound(contract, slope, share) - mark)
        self.reserve, self.bounded = spare, several
        return True

    def __repr__(self) -> str:
        return f"<CrossMargin of {self.balance!r}, {len(self.positions)} positions>"
