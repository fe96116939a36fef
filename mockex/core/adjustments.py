"""What an account changes about its own positions without an order: their leverage, and the margin of an isolated one.

A change is refused when the money for it is not free, when it would leave less margin than the position needs, and when it
would bring the position, or the cross positions that answer with the same balance, to liquidation. Nothing is booked: margin is
set aside of a balance or given back to it.
"""

from __future__ import annotations

from mockex.core.commands import ChangeLeverage, MoveMargin
from mockex.core.contract_settlement import Stir
from mockex.core.events import Event, Rejected
from mockex.core.fees import RATE_UNIT
from mockex.core.ledger import Balance, BalanceCause, Ledger
from mockex.core.orders import Liquidity, Order
from mockex.core.positions import Position, PositionBook, Purpose, least_margin, most_margin
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms


class Adjustments:
    def __init__(self, *, positions: PositionBook, stir: Stir, ledger: Ledger) -> None:
        self._positions = positions
        self._stir = stir
        self._ledger = ledger

    def change_leverage(self, command: ChangeLeverage) -> list[Event]:
        """The position's margin becomes what that leverage asks for, and so does what its opening orders hold."""
        position = self._own(command.account_id, command.position_id)
        if isinstance(position, Rejected):
            return [position]
        leverage, terms = command.leverage, position.contract.terms
        most = terms.tier(position.cost + position.order_cost).max_leverage
        if not 1 <= leverage <= most:
            return [Rejected(RejectReason.LEVERAGE_OUT_OF_RANGE, str(leverage), str(most))]
        margin = least_margin(position.cost, leverage, terms.tier(position.cost).initial_rate)
        holds = [(order, purpose, _hold(order, purpose, leverage)) for order, purpose in _opening_orders(position)]
        more = sum(hold - order.hold_left for order, _, hold in holds)
        refused = self._refusal(position, margin, more)
        if refused is not None:
            return [refused]
        position.leverage = leverage
        for order, purpose, hold in holds:
            order.purpose = position.opening(purpose.initial_rate)
            order.hold_left = hold
        position.order_margin += more
        self._set_margin(position, margin, more)
        return []

    def move_margin(self, command: MoveMargin) -> list[Event]:
        """What its leverage asks for stays with the position: only what was added may be taken away again."""
        position = self._own(command.account_id, command.position_id)
        if isinstance(position, Rejected):
            return [position]
        if not position.qty:
            return [Rejected(RejectReason.POSITION_UNKNOWN, str(command.position_id))]
        if not position.isolated:
            return [Rejected(RejectReason.POSITION_TERMS_CHANGED, position.margin_method.value)]
        if not command.amount:
            return [Rejected(RejectReason.AMOUNT_NOT_POSITIVE, "0")]
        margin = position.margin + command.amount
        least = least_margin(position.cost, position.leverage, position.contract.terms.tier(position.cost).initial_rate)
        if command.amount < 0 and margin < least:
            return [Rejected(RejectReason.MARGIN_TOO_SMALL, str(margin), str(least))]
        refused = self._refusal(position, margin, 0)
        if refused is not None:
            return [refused]
        self._set_margin(position, margin, 0)
        return []

    def _own(self, account_id: str, position_id: int) -> Position | Rejected:
        """The account's position; nobody sees another's."""
        position = self._positions.by_id(position_id)
        if position is None or position.account.account_id != account_id:
            return Rejected(RejectReason.POSITION_UNKNOWN, str(position_id))
        if position.account.frozen:
            return Rejected(RejectReason.ACCOUNT_FROZEN, account_id)
        return position

    def _refusal(self, position: Position, margin: Atoms, more: Atoms) -> Rejected | None:
        """Why the position may not have `margin`, while its orders hold `more` than they do."""
        balance, added = position.balance, margin - position.margin
        free = self._free(balance)
        if added + more > max(0, free):
            return Rejected(RejectReason.INSUFFICIENT_FUNDS, str(added + more), str(free))
        if not position.isolated:
            return None
        cross = self._stir.crosses.get(balance)
        if not _covers(position, margin) or (cross is not None and added > 0 and cross.spare(cross.funds - added) <= 0):
            return Rejected(RejectReason.MARGIN_TOO_SMALL, str(margin))
        return None

    def _free(self, balance: Balance) -> Atoms:
        """What is not set aside, less what cross positions have lost by now."""
        cross = self._stir.crosses.get(balance)
        return balance.total - balance.held + (0 if cross is None else min(0, cross.profit))

    def _set_margin(self, position: Position, margin: Atoms, more: Atoms) -> None:
        added, stir = margin - position.margin, self._stir
        position.margin = margin
        committed, cross_margin = (added, 0) if position.isolated else (0, added)
        self._ledger.set_aside(
            position.balance, added + more, committed=committed, cross_margin=cross_margin, cause=BalanceCause.MARGIN_MOVED
        )
        if position.isolated:
            stir.filled[position] = None
        stir.positions[position] = None
        stir.contracts[position.contract] = None


def _opening_orders(position: Position) -> list[tuple[Order, Purpose]]:
    found = ((order, order.purpose) for order in position.orders.values())
    return [(order, purpose) for order, purpose in found if purpose is not None and not purpose.closes]


def _hold(order: Order, purpose: Purpose, leverage: int) -> Atoms:
    """What a live opening order holds with that leverage."""
    assert order.limit_price is not None, f"{order!r} rests without a limit"
    worth = order.instrument.notional(order.limit_price, order.remaining_qty)
    fee = order.account.fees.fee(worth, order.instrument.quote, Liquidity.TAKER)
    return most_margin(worth, leverage, purpose.initial_rate) + max(0, fee)


def _covers(position: Position, margin: Atoms) -> bool:
    """Whether an isolated position with that margin is not to be liquidated at the mark price."""
    mark = position.contract.mark
    if not position.qty or mark is None:
        return True
    worth = mark * position.qty * position.contract.unit
    return (margin + position.profit_at(mark)) * RATE_UNIT > worth * position.maintenance_rate
