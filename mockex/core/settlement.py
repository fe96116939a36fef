"""What an instrument's orders hold and what its trades book: the part of trading that spot and contracts do differently.

Each market has one `Settlement`, chosen when the exchange is built, and the trading desk asks it at three points: an order is
accepted, a match is booked, an order ends. So the desk never asks what kind of instrument it has before it.
Of an order's life a settlement owns its money (`hold_balance`, `hold_left`), its totals and its fills. Status, book and events
other than trades and fills are the desk's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder
from mockex.core.events import Event, OrderFilled, Rejected, Trade
from mockex.core.fees import RebateAsset
from mockex.core.ledger import Account, BalanceCause, Ledger
from mockex.core.markets import Market
from mockex.core.matching import Match, Preview
from mockex.core.order_history import OrderHistory
from mockex.core.orders import BUY, ORDER_TRANSITIONS, SELL, Fill, Liquidity, Order, OrderEvent, OrderStatus
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequence
from mockex.core.units import Asset, Atoms, Instrument, Lots, Ticks

# Names of the module for what every order is compared with or made of; see `orders.BUY`.
_MAKER: Final = Liquidity.MAKER
_TAKER: Final = Liquidity.TAKER
_FILLED: Final = OrderStatus.FILLED
_FILL: Final = OrderEvent.FILL
_COMPLETE: Final = OrderEvent.COMPLETE
_PAID: Final = RebateAsset.PAID
_PLACED: Final = BalanceCause.ORDER_PLACED
_ENDED: Final = BalanceCause.ORDER_CANCELLED
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class Settlement(Protocol):
    """One kind of instrument's money."""

    release: Callable[[Order], None]
    """Gives back what an order that has ended still holds. It is out of the book."""

    def accept(self, command: PlaceOrder, market: Market, account: Account, outlook: Preview | None) -> Order | Rejected:
        """The order, known to the history and with all held that it can come to cost; `Rejected` if it may not be, and then
        nothing has changed. `outlook`: how it would trade, for orders whose hold depends on that.
        """

    def settle(
        self, market: Market, taker: Order, made: Match, match_id: int, taker_event: OrderEvent, events: list[Event]
    ) -> None:
        """Books one match and tells the market and both orders of it. `taker_event`: what it is to the taker."""


class Fills:
    """Counts trades towards orders, and closes those that a trade completes. Shared by all settlements."""

    def __init__(self, ledger: Ledger, orders: OrderHistory) -> None:
        self._ledger = ledger
        self._orders = orders

    def record(
        self,
        market: Market,
        order: Order,
        trade: Trade,
        fill_id: int,
        paid_entry_id: int,
        fee: Atoms,
        profit: Atoms,
        liquidity: Liquidity,
        event: OrderEvent,
        rebate: Atoms = 0,
    ) -> OrderFilled:
        """One order's side of `trade`, which the ledger has booked."""
        trade_id, _, price, qty, notional, _, time_ns, match_id = trade
        order.filled_qty = filled_qty = order.filled_qty + qty
        order.filled_notional = filled_notional = order.filled_notional + notional
        order.updated_ns = time_ns
        order.status = status = ORDER_TRANSITIONS[order.status, event]
        fill = _new_tuple(Fill, (
            fill_id, paid_entry_id, trade_id, order, price, qty, notional, fee, liquidity,
            time_ns, status, filled_qty, filled_notional, match_id, profit, rebate,
        ))  # fmt: skip
        if order.fills is None:
            order.fills = [fill]
        else:
            order.fills.append(fill)
        market.fills(order.account).append(fill_id, time_ns, fill)
        if status is _FILLED:
            if order.hold_left:
                self._ledger.release(order.hold_balance, order.hold_left, _ENDED)
                order.hold_left = 0
            self._orders.close(order)
        return _new_tuple(OrderFilled, (fill,))


class SpotSettlement:
    """Base against quote: each side pays out of what its order holds, and fees are taken from what is received."""

    def __init__(self, *, ledger: Ledger, orders: OrderHistory, order_ids: Sequence, clock: VirtualClock) -> None:
        self.release: Callable[[Order], None] = ledger.release_order
        self._ledger = ledger
        self._orders = orders
        self._order_ids = order_ids
        self._now_ns = clock.now_ns
        self._record = Fills(ledger, orders).record

    def accept(self, command: PlaceOrder, market: Market, account: Account, outlook: Preview | None) -> Order | Rejected:
        """Fees are not held: they are taken from what is received."""
        if command.position is not None:
            return Rejected(RejectReason.ORDER_TERMS_INVALID, command.symbol)
        instrument = market.instrument
        side, price, qty, budget = command.side, command.limit_price, command.order_qty, command.budget
        asset = instrument.quote
        if side is SELL:
            assert qty is not None
            asset, amount = instrument.base, qty * instrument.atoms_per_lot
        elif price is not None and qty is not None:
            amount = price * qty * instrument.atoms_per_tick_lot
        elif budget is not None:
            amount = budget
        else:
            amount = 0 if outlook is None else outlook.notional
        return self._enter(command, instrument, account, asset, amount)

    def _enter(
        self, command: PlaceOrder, instrument: Instrument, account: Account, asset: Asset, amount: Atoms
    ) -> Order | Rejected:
        """Makes the order and holds what it needs, if the account has that."""
        balance = account.wallets[instrument.wallet].get(asset.code)
        available = 0 if balance is None else balance.total - balance.held
        if amount > available:
            return Rejected(RejectReason.INSUFFICIENT_FUNDS, str(amount), str(available))
        if balance is None:
            balance = account.balance(instrument.wallet, asset.code)
        order = Order(
            self._order_ids.next(),
            command.client_id,
            account,
            instrument,
            command.side,
            command.order_type,
            command.time_in_force,
            command.limit_price,
            command.order_qty,
            command.budget,
            balance,
            self._now_ns(),
            command.post_only,
            command.trigger,
            command.self_trade,
            command.remark,
        )
        self._ledger.hold(balance, amount, _PLACED)
        order.hold_left = amount
        self._orders.add(order)
        return order

    def settle(
        self, market: Market, taker: Order, made: Match, match_id: int, taker_event: OrderEvent, events: list[Event]
    ) -> None:
        """Books both assets. A trade's ids are four entries: the maker paid and received, the taker paid and received."""
        maker, price, qty = made
        instrument = market.instrument
        unit = instrument.atoms_per_tick_lot
        notional = price * qty * unit
        base_amount = qty * instrument.atoms_per_lot
        if taker.side is BUY:
            maker_pays, taker_pays = base_amount, notional
            maker_asset, taker_asset = instrument.quote, instrument.base  # what they receive
            taker_hold = notional if taker.limit_price is None else taker.limit_price * qty * unit
        else:
            maker_pays, taker_pays = notional, base_amount
            maker_asset, taker_asset = instrument.base, instrument.quote
            taker_hold = base_amount
        maker_account, taker_account, wallet = maker.account, taker.account, instrument.wallet
        maker_fees, taker_fees = maker_account.fees, taker_account.fees
        maker_fee = maker_fees.fee(taker_pays, maker_asset, _MAKER)
        taker_fee = taker_fees.fee(maker_pays, taker_asset, _TAKER)
        maker_rebate = maker_fees.rebate(maker_pays, taker_asset, _MAKER) if maker_fees.rebate_in is _PAID else 0
        taker_rebate = taker_fees.rebate(taker_pays, maker_asset, _TAKER) if taker_fees.rebate_in is _PAID else 0
        now_ns = taker.updated_ns  # it has just come, or was just triggered
        first_id = self._ledger.settle_trade(
            maker, maker_account.balance(wallet, maker_asset.code), maker_pays, maker_fee, maker_rebate,
            taker, taker_account.balance(wallet, taker_asset.code), taker_pays, taker_fee, taker_rebate, taker_hold, now_ns,
        )  # fmt: skip
        self._tell(
            market, maker, taker, price, qty, notional, now_ns, match_id, taker_event,
            first_id, maker_fee, maker_rebate, taker_fee, taker_rebate, events,
        )  # fmt: skip

    def _tell(
        self,
        market: Market, maker: Order, taker: Order, price: Ticks, qty: Lots, notional: Atoms,
        now_ns: int, match_id: int, taker_event: OrderEvent,
        first_id: int, maker_fee: Atoms, maker_rebate: Atoms, taker_fee: Atoms, taker_rebate: Atoms, events: list[Event],
    ) -> None:  # fmt: skip
        """Tells the market and both orders of a match that is booked. `first_id`: of its four entries."""
        trade = _new_tuple(Trade, (
            market.trade_ids.next(), market.instrument.symbol, price, qty, notional, taker.side, now_ns, match_id,
        ))  # fmt: skip
        market.on_trade(trade)
        events.append(trade)
        maker_event = _FILL if maker.remaining_qty else _COMPLETE
        record = self._record
        events.append(record(market, maker, trade, first_id + 1, first_id, maker_fee, 0, _MAKER, maker_event, maker_rebate))
        events.append(record(market, taker, trade, first_id + 3, first_id + 2, taker_fee, 0, _TAKER, taker_event, taker_rebate))
