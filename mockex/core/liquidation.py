"""Closing by force: what happens to a position that no longer covers its risk, and to orders that have lost their money.

A liquidation cancels the position's live orders (of a cross account: those of all its cross positions); places an immediate
order at the price at which nothing is left of the margin (of a cross account: of its equity); and lets the insurance fund close
at that price what the book did not take. A cross account gives up one position after the other, the largest loss first, until
what it has covers the rest. While the contract's market takes no limit orders, the fund takes all.
Nobody ever owes: what a balance cannot pay the fund does (`Ledger.book_position`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mockex.core.clock import VirtualClock
from mockex.core.contract_settlement import ContractSettlement, Stir
from mockex.core.events import Event, PositionLiquidated
from mockex.core.ledger import Balance
from mockex.core.margin import CrossMargin, bankruptcy_price, closing_limit, unrealised
from mockex.core.markets import TRIGGERING
from mockex.core.order_history import OrderHistory
from mockex.core.orders import BUY, CancelReason, Order
from mockex.core.positions import Position
from mockex.core.trading import TradingDesk
from mockex.core.units import Ticks

Remark = Callable[[list[Event]], None]
"""Brings the mark prices of all that has stirred up to date."""


class Liquidator:
    def __init__(
        self,
        *,
        trading: TradingDesk,
        settlements: dict[str, ContractSettlement],
        orders: OrderHistory,
        stir: Stir,
        clock: VirtualClock,
        remark: Remark,
    ) -> None:
        self._trading = trading
        self._settlements = settlements
        self._orders = orders
        self._stir = stir
        self._now_ns = clock.now_ns
        self._remark = remark

    def liquidate(self, position: Position, events: list[Event]) -> None:
        """Closes an isolated position whose mark price has come."""
        self._cancel_orders(position, events)
        self._close(position, closing_limit(position, bankruptcy_price(position)), events)

    def liquidate_cross(self, cross: CrossMargin, events: list[Event]) -> None:
        """Closes cross positions until the account is safe, and watches what is left."""
        for position in list(cross.positions.values()):
            self._cancel_orders(position, events)
        while not cross.watch():
            position = min(cross.open_positions(), key=lambda each: (unrealised(each), each.position_id))
            self._close(position, closing_limit(position, _exhausting_price(cross, position)), events)
            self._remark(events)

    def relieve(self, balance: Balance, events: list[Event]) -> None:
        """Cancels the account's newest orders that hold this balance until it can pay for all that is held."""
        while not balance.is_backed:
            holding = [
                order for order in self._orders.live_of(balance.account) if order.hold_balance is balance and order.hold_left
            ]
            assert holding, f"{balance!r} has less than is committed"
            self._trading.withdraw(max(holding, key=lambda order: order.order_id), CancelReason.LIQUIDATION, events)

    def _cancel_orders(self, position: Position, events: list[Event]) -> None:
        for order in list(position.orders.values()):
            self._trading.withdraw(order, CancelReason.LIQUIDATION, events)

    def _close(self, position: Position, price: Ticks, events: list[Event]) -> None:
        contract = position.contract
        settlement = self._settlements[contract.symbol]
        mark = contract.mark
        assert mark is not None, f"{position!r} without a mark price"
        order: Order | None = None
        if contract.market.phase in TRIGGERING:
            order = settlement.force_close(position, price)
            self._trading.force(contract.market, order, events)
        taken_qty, taken_notional = position.qty, 0
        if taken_qty:
            taken_notional = settlement.take_over(position, price, order)
        events.append(PositionLiquidated(position, order, mark, taken_qty, taken_notional, self._now_ns()))


def _exhausting_price(cross: CrossMargin, position: Position) -> Fraction:
    """At which closing a cross position leaves no equity, in ticks."""
    mark = position.contract.mark
    assert mark is not None, f"{position!r} without a mark price"
    reach = Fraction(cross.equity, position.qty * position.contract.unit)
    return mark - reach if position.direction is BUY else mark + reach
