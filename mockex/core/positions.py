"""Positions in contracts, and who has which. Knows no book, no clock and no venue.

Linear contracts: a quantity counts base lots, everything else quote atoms. A position keeps its entry as `cost`, the sum of
what its fills were worth, so that the entry price, cost / quantity, is exact and never rounded. When a part is closed its cost
is `cost * part / quantity`, rounded against the position's owner by less than an atom; what is left keeps the rest, so no atom
is lost.
Invariants: quantities are never negative (a short is a position of direction `SELL`); an empty position has no cost and no
margin; one that is empty and has no live orders is forgotten once that was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.fees import RATE_UNIT
from mockex.core.orders import BUY, Side
from mockex.core.units import Atoms, Lots, Ticks

if TYPE_CHECKING:
    from mockex.core.contract import Contract
    from mockex.core.ledger import Account, Balance
    from mockex.core.margin import CrossMargin
    from mockex.core.orders import Order

_ISOLATED: Final = MarginMethod.ISOLATED
_SPLIT: Final = PositionMerge.SPLIT
_LONG: Final = PositionMerge.LONG


class Position:
    """One account's stake in one contract. Only the exchange changes it.

    `margin` is what is set aside for `qty`; `order_margin` what its live opening orders hold; `order_cost` what those are worth
    at their limits. `closing_qty`: what its live closing orders still want. `maintenance_rate`: of the tier of `cost`, in
    billionths. `watched`: counts how often its place among those that wait for liquidation has changed (`watch.PriceWatch`).
    `cross`: what it answers with together with others, None of an isolated one; `counted`: as what it counts there. `closing`:
    the purpose of all orders that close it.
    """

    __slots__ = (
        "_opening",
        "account",
        "balance",
        "closing",
        "closing_qty",
        "contract",
        "cost",
        "counted",
        "created_ns",
        "cross",
        "direction",
        "isolated",
        "leverage",
        "maintenance_rate",
        "margin",
        "margin_method",
        "merge",
        "order_cost",
        "order_margin",
        "orders",
        "position_id",
        "qty",
        "watched",
    )

    def __init__(
        self,
        position_id: int,
        contract: Contract,
        account: Account,
        balance: Balance,
        direction: Side,
        terms: PositionTerms,
        created_ns: int,
    ) -> None:
        self.position_id = position_id
        self.contract = contract
        self.account = account
        self.balance = balance
        self.direction = direction
        self.merge = terms.merge
        self.margin_method = terms.margin_method
        self.isolated = terms.margin_method is _ISOLATED
        self.leverage = terms.leverage
        self.created_ns = created_ns
        self.qty: Lots = 0
        self.cost: Atoms = 0
        self.margin: Atoms = 0
        self.order_margin: Atoms = 0
        self.order_cost: Atoms = 0
        self.closing_qty: Lots = 0
        self.maintenance_rate = contract.terms.tier(0).maintenance_rate
        self.orders: dict[int, Order] = {}  # live ones by id, oldest first
        self.watched = 0
        self.cross: CrossMargin | None = None
        self.counted = (0, 0, 0)
        self.closing = Purpose(self, closes=True)
        self._opening: Purpose | None = None

    def opening(self, initial_rate: int) -> Purpose:
        """The purpose of an order that adds to it at its present leverage. Orders with the same terms share one."""
        found = self._opening
        if found is None or found.initial_rate != initial_rate or found.leverage != self.leverage:
            found = self._opening = Purpose(self, closes=False, leverage=self.leverage, initial_rate=initial_rate)
        return found

    @property
    def closable_qty(self) -> Lots:
        return self.qty - self.closing_qty

    @property
    def signed_qty(self) -> Lots:
        """Negative for a short."""
        return self.qty if self.direction is BUY else -self.qty

    @property
    def entry_price(self) -> Fraction:
        """In ticks, exactly. 0 of an empty position."""
        return Fraction(self.cost, self.qty * self.contract.unit) if self.qty else Fraction(0)

    def profit_at(self, price: Ticks) -> Atoms:
        """What closing all of it at `price` would bring: negative for a loss."""
        worth = price * self.qty * self.contract.unit
        return worth - self.cost if self.direction is BUY else self.cost - worth

    def increase(self, qty: Lots, notional: Atoms, margin: Atoms) -> None:
        self.qty += qty
        self.cost += notional
        self.margin += margin
        self.maintenance_rate = self.contract.terms.tier(self.cost).maintenance_rate

    def reduce(self, qty: Lots, notional: Atoms) -> tuple[Atoms, Atoms]:
        """Closes `qty` for `notional`. Returns the profit, and the margin that is no longer needed."""
        held = self.qty
        if qty == held:
            cost, margin = self.cost, self.margin
        elif self.direction is BUY:
            cost, margin = -(-self.cost * qty // held), self.margin * qty // held  # the owner bears the rest of an atom
        else:
            cost, margin = self.cost * qty // held, self.margin * qty // held
        self.qty = held - qty
        self.cost -= cost
        self.margin -= margin
        self.maintenance_rate = self.contract.terms.tier(self.cost).maintenance_rate
        return (notional - cost if self.direction is BUY else cost - notional), margin

    def __repr__(self) -> str:
        return (
            f"<Position {self.position_id} {self.account.account_id} {self.contract.symbol} {self.direction.name} {self.qty} "
            f"for {self.cost} {self.margin_method.name}>"
        )


class Purpose:
    """What an order in a contract does to which position. `forced`: a liquidation places it, at that `mark` price.

    `initial_rate`: the initial margin rate of the order's tier; with the leverage it says what the order and its fills put up.
    Nobody changes one: orders share it, also such as have ended.
    """

    __slots__ = ("closes", "forced", "initial_rate", "leverage", "mark", "position")

    def __init__(
        self,
        position: Position,
        *,
        closes: bool,
        leverage: int = 1,
        initial_rate: int = 0,
        forced: bool = False,
        mark: Ticks | None = None,
    ) -> None:
        self.position = position
        self.closes = closes
        self.forced = forced
        self.leverage = leverage
        self.initial_rate = initial_rate
        self.mark = mark

    def margin_of(self, notional: Atoms) -> Atoms:
        """The margin of a fill, rounded down: so the fills of an order never need more than it held."""
        by_leverage, by_tier = notional // self.leverage, notional * self.initial_rate // RATE_UNIT
        return by_leverage if by_leverage > by_tier else by_tier


def least_margin(cost: Atoms, leverage: int, initial_rate: int) -> Atoms:
    """What a position puts up, rounded down as fills are."""
    return max(cost // leverage, cost * initial_rate // RATE_UNIT)


def most_margin(notional: Atoms, leverage: int, initial_rate: int) -> Atoms:
    """What an opening order must hold for margin, rounded up."""
    by_leverage, by_tier = -(-notional // leverage), -(-notional * initial_rate // RATE_UNIT)
    return by_leverage if by_leverage > by_tier else by_tier


class PositionBook:
    """Every position of an exchange, by id, by account and by what it merges."""

    def __init__(self) -> None:
        self._by_id: dict[int, Position] = {}
        self._merged: dict[tuple[Account, Contract, bool], Position] = {}  # the last says whether it is long
        self._of_account: dict[Account, dict[int, Position]] = {}

    def add(self, position: Position) -> None:
        self._by_id[position.position_id] = position
        self._of_account.setdefault(position.account, {})[position.position_id] = position
        position.contract.positions[position.position_id] = position
        if position.merge is not _SPLIT:
            self._merged[position.account, position.contract, position.merge is _LONG] = position

    def drop(self, position: Position) -> None:
        """Forgets one that is empty and has no orders."""
        del self._by_id[position.position_id]
        del self._of_account[position.account][position.position_id]
        del position.contract.positions[position.position_id]
        if position.merge is not _SPLIT:
            del self._merged[position.account, position.contract, position.merge is _LONG]

    def by_id(self, position_id: int) -> Position | None:
        return self._by_id.get(position_id)

    def merged(self, account: Account, contract: Contract, merge: PositionMerge) -> Position | None:
        """The account's position of that direction, of either margin method: there is at most one."""
        return self._merged.get((account, contract, merge is _LONG))

    def of(self, account: Account) -> list[Position]:
        """The account's positions, oldest first, empty ones with live orders included."""
        return list(self._of_account.get(account, {}).values())

    def __iter__(self) -> Iterator[Position]:
        yield from self._by_id.values()
