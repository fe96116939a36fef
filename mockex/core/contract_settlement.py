"""A contract's orders and trades: which position they are for, what they hold, what they book.

An opening order holds the initial margin and the taker's fee of what it can come to cost; a fill turns its share into the
position's margin and pays its fee. A closing order holds nothing; its fill brings profit or loss and sets margin free. Nothing
is exchanged: profits come from the ledger's `CLEARING`, losses go there. One entry for each fill.
Whatever here could bring somebody closer to liquidation is noted in `Stir`, for `contracts.Contracts` to look at once the
command's matching is over: in the middle of it no order may leave the book.
Invariants: a live order stands in its position's `orders`; the order margins and costs of a position, and its `closing_qty`,
are the sums over these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder
from mockex.core.contract import Contract
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.events import Event, Rejected, Trade
from mockex.core.ledger import Account, Balance, BalanceCause, EntryKind, Ledger
from mockex.core.margin import CrossMargin
from mockex.core.markets import Market
from mockex.core.matching import Match, Preview, SelfTradePolicy, preview
from mockex.core.order_history import OrderHistory
from mockex.core.orders import BUY, OPPOSITE, SELL, Liquidity, Order, OrderEvent, OrderType, Side, TimeInForce
from mockex.core.positions import Position, PositionBook, Purpose, most_margin
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequence
from mockex.core.settlement import Fills, SpotSettlement
from mockex.core.units import Atoms, Lots, Ticks

_MAKER: Final = Liquidity.MAKER
_TAKER: Final = Liquidity.TAKER
_FILL: Final = OrderEvent.FILL
_COMPLETE: Final = OrderEvent.COMPLETE
_PLACED: Final = BalanceCause.ORDER_PLACED
_PROFIT: Final = EntryKind.REALISED_PROFIT
_LIQUIDATION: Final = EntryKind.LIQUIDATION
_CROSS: Final = MarginMethod.CROSS
_SPLIT: Final = PositionMerge.SPLIT
_LONG: Final = PositionMerge.LONG
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class Stir:
    """What a command has changed and somebody must look at. Dicts for their order.

    `contracts`: their book, trades or positions; without any there is nothing to look at. `positions`: to be told. `filled`:
    isolated ones, to be watched at another price. `weakened`: cross accounts, to be worked out anew. `strained`: balances that
    may have less than their orders hold. `crosses`: every balance with cross positions; not emptied, it is here because whoever
    stirs needs it.
    """

    __slots__ = ("contracts", "crosses", "filled", "positions", "strained", "weakened")

    def __init__(self) -> None:
        self.contracts: dict[Contract, None] = {}
        self.positions: dict[Position, None] = {}
        self.filled: dict[Position, None] = {}
        self.weakened: dict[CrossMargin, None] = {}
        self.strained: dict[Balance, None] = {}
        self.crosses: dict[Balance, CrossMargin] = {}

    def weaken(self, cross: CrossMargin) -> None:
        self.weakened[cross] = None
        for position in cross.positions.values():
            self.contracts[position.contract] = None
            return


class IndexSettlement:
    """A spot instrument's settlement, where contracts take their index from its trades."""

    def __init__(self, spot: SpotSettlement, contracts: list[Contract], stir: Stir) -> None:
        self.accept = spot.accept
        self.release: Callable[[Order], None] = spot.release
        self._spot_settle = spot.settle
        self._contracts = contracts
        self._stir = stir

    def settle(
        self, market: Market, taker: Order, made: Match, match_id: int, taker_event: OrderEvent, events: list[Event]
    ) -> None:
        self._spot_settle(market, taker, made, match_id, taker_event, events)
        for contract in self._contracts:
            self._stir.contracts[contract] = None


class ContractSettlement:
    """One contract's."""

    def __init__(
        self,
        contract: Contract,
        *,
        positions: PositionBook,
        stir: Stir,
        ledger: Ledger,
        orders: OrderHistory,
        order_ids: Sequence,
        position_ids: Sequence,
        clock: VirtualClock,
        self_trade: SelfTradePolicy,
    ) -> None:
        self.release: Callable[[Order], None] = self._release
        self._contract = contract
        self._terms = contract.terms
        self._unit = contract.unit
        self._instrument = contract.market.instrument
        self._quote = contract.market.instrument.quote
        self._wallet = contract.market.instrument.wallet
        self._positions = positions
        self._stir = stir
        self._ledger = ledger
        self._orders = orders
        self._order_ids = order_ids
        self._position_ids = position_ids
        self._now_ns = clock.now_ns
        self._self_trade = self_trade
        self._record = Fills(ledger, orders).record

    # --- coming

    def accept(self, command: PlaceOrder, market: Market, account: Account, outlook: Preview | None) -> Order | Rejected:
        terms, qty, price = command.position, command.order_qty, command.limit_price
        if terms is None or command.trigger is not None or command.budget is not None or qty is None:
            return Rejected(RejectReason.ORDER_TERMS_INVALID, command.symbol)
        if terms.close:
            return self._accept_close(command, terms, account, qty)
        if price is not None and command.side is BUY:
            notional = price * qty * self._unit
        else:
            notional = self._worst_notional(command, qty, account, outlook)
        return self._accept_open(command, terms, account, notional, 0 if price is None else price * qty * self._unit)

    def _accept_open(
        self, command: PlaceOrder, terms: PositionTerms, account: Account, notional: Atoms, worth: Atoms
    ) -> Order | Rejected:
        """`notional`: the most that it can come to be worth; `worth`: at its limit, 0 without one."""
        position = self._to_add_to(command.side, terms, account)
        if position is None:
            value, balance = notional, account.balance(self._wallet, self._quote.code)
        elif isinstance(position, Rejected):
            return position
        else:
            value, balance = notional + position.cost + position.order_cost, position.balance
        tier, leverage = self._terms.tier(value), terms.leverage
        if not 1 <= leverage <= tier.max_leverage:
            return Rejected(RejectReason.LEVERAGE_OUT_OF_RANGE, str(leverage), str(tier.max_leverage))
        amount = self._most_hold(account, notional, leverage, tier.initial_rate)
        free = balance.total - balance.held
        if terms.margin_method is _CROSS:
            cross = self._stir.crosses.get(balance)
            if cross is not None:
                profit = cross.profit
                if profit < 0:
                    free += profit
        if amount > free:
            return Rejected(RejectReason.INSUFFICIENT_FUNDS, str(amount), str(free))
        if position is None:
            position = self._new_position(command.side, terms, account, balance)
        order = self._enter(command, position, position.opening(tier.initial_rate))
        if amount:
            self._ledger.hold(balance, amount, _PLACED)
        order.hold_left = amount
        position.order_margin += amount
        position.order_cost += worth
        return order

    def _accept_close(self, command: PlaceOrder, terms: PositionTerms, account: Account, qty: Lots) -> Order | Rejected:
        position = self._to_reduce(command.side, terms, account)
        if isinstance(position, Rejected):
            return position
        closable = 0 if position is None else position.closable_qty
        if position is None or qty > closable:
            return Rejected(RejectReason.QTY_ABOVE_CLOSABLE, str(qty), str(closable))
        order = self._enter(command, position, position.closing)
        position.closing_qty += qty
        return order

    def _to_add_to(self, side: Side, terms: PositionTerms, account: Account) -> Position | Rejected | None:
        """The position that an opening order adds to, None where it gets a new one."""
        if terms.merge is _SPLIT:
            return None if terms.position_id is None else Rejected(RejectReason.ORDER_TERMS_INVALID, str(terms.position_id))
        if (side is BUY) is not (terms.merge is _LONG):
            return Rejected(RejectReason.POSITION_SIDE_WRONG, side.name)
        position = self._positions.merged(account, self._contract, terms.merge)
        if terms.position_id is not None and (position is None or position.position_id != terms.position_id):
            return Rejected(RejectReason.POSITION_UNKNOWN, str(terms.position_id))
        if position is None:
            return None
        if position.margin_method is not terms.margin_method:
            return Rejected(RejectReason.POSITION_TERMS_CHANGED, terms.margin_method.value, position.margin_method.value)
        if position.leverage != terms.leverage:
            return Rejected(RejectReason.POSITION_TERMS_CHANGED, str(terms.leverage), str(position.leverage))
        return position

    def _to_reduce(self, side: Side, terms: PositionTerms, account: Account) -> Position | Rejected | None:
        """The position that a closing order reduces, None where the account has no merged one."""
        if terms.merge is not _SPLIT:
            if (side is SELL) is not (terms.merge is _LONG):
                return Rejected(RejectReason.POSITION_SIDE_WRONG, side.name)
            position = self._positions.merged(account, self._contract, terms.merge)
            if terms.position_id is not None and (position is None or position.position_id != terms.position_id):
                return Rejected(RejectReason.POSITION_UNKNOWN, str(terms.position_id))
        else:
            position = None if terms.position_id is None else self._positions.by_id(terms.position_id)
            if (
                position is None
                or position.account is not account
                or position.contract is not self._contract
                or position.merge is not _SPLIT
            ):
                return Rejected(RejectReason.POSITION_UNKNOWN, str(terms.position_id or ""))
            if side is position.direction:
                return Rejected(RejectReason.POSITION_SIDE_WRONG, side.name)
        if position is not None and position.margin_method is not terms.margin_method:
            return Rejected(RejectReason.POSITION_TERMS_CHANGED, terms.margin_method.value, position.margin_method.value)
        return position

    def _worst_notional(self, command: PlaceOrder, qty: Lots, account: Account, outlook: Preview | None) -> Atoms:
        """The most that an opening order can come to be worth. A sale may trade above its limit, so it must look."""
        price, unit = command.limit_price, self._unit
        if price is None:
            return 0 if outlook is None else outlook.notional
        book = self._contract.market.book
        if command.side is BUY or command.post_only or not book.crosses(SELL, price):
            return price * qty * unit
        if outlook is None:
            outlook = preview(
                book, side=SELL, limit_price=price, order_qty=qty, budget=None, atoms_per_tick_lot=unit, account=account,
                self_trade=command.self_trade or self._self_trade,
            )  # fmt: skip
        return outlook.notional + price * (qty - outlook.qty) * unit

    def _most_hold(self, account: Account, notional: Atoms, leverage: int, initial_rate: int) -> Atoms:
        """What an opening order must hold: margin, and the fee of a taker."""
        fee = account.fees.fee(notional, self._quote, _TAKER)
        margin = most_margin(notional, leverage, initial_rate)
        return margin + fee if fee > 0 else margin

    def _new_position(self, side: Side, terms: PositionTerms, account: Account, balance: Balance) -> Position:
        position = Position(self._position_ids.next(), self._contract, account, balance, side, terms, self._now_ns())
        self._positions.add(position)
        if not position.isolated:
            cross = self._stir.crosses.get(balance)
            if cross is None:
                cross = self._stir.crosses[balance] = CrossMargin(balance)
            position.cross = cross
            cross.positions[position.position_id] = position
        return position

    def _enter(self, command: PlaceOrder, position: Position, purpose: Purpose) -> Order:
        """Makes the order, which nothing refuses any more."""
        order = Order(
            self._order_ids.next(),
            command.client_id,
            position.account,
            self._instrument,
            command.side,
            command.order_type,
            command.time_in_force,
            command.limit_price,
            command.order_qty,
            None,
            position.balance,
            self._now_ns(),
            command.post_only,
            None,
            command.self_trade,
            command.remark,
            purpose,
        )
        self._orders.add(order)
        position.orders[order.order_id] = order
        self._stir.positions[position] = None
        self._stir.contracts[self._contract] = None
        return order

    def force_close(self, position: Position, price: Ticks) -> Order:
        """The order by which a liquidation closes all of a position, which has no other orders."""
        command = PlaceOrder(
            account_id=position.account.account_id,
            symbol=self._contract.symbol,
            side=OPPOSITE[position.direction],
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.IOC,
            limit_price=price,
            order_qty=position.qty,
            self_trade=SelfTradePolicy.ALLOW,
        )
        purpose = Purpose(position, closes=True, forced=True, mark=self._contract.mark)
        order = self._enter(command, position, purpose)
        position.closing_qty += position.qty
        return order

    # --- trading

    def settle(
        self, market: Market, taker: Order, made: Match, match_id: int, taker_event: OrderEvent, events: list[Event]
    ) -> None:
        maker, price, qty = made
        notional = price * qty * self._unit
        now_ns = taker.updated_ns
        maker_event = _FILL if maker.remaining_qty else _COMPLETE
        maker_id, maker_fee, maker_profit = self._book(maker, qty, notional, _MAKER, maker_event, now_ns)
        taker_id, taker_fee, taker_profit = self._book(taker, qty, notional, _TAKER, taker_event, now_ns)
        trade = _new_tuple(Trade, (
            market.trade_ids.next(), self._contract.symbol, price, qty, notional, taker.side, now_ns, match_id,
        ))  # fmt: skip
        market.on_trade(trade)
        events.append(trade)
        record = self._record
        events.append(record(market, maker, trade, maker_id, maker_id, maker_fee, maker_profit, _MAKER, maker_event))
        events.append(record(market, taker, trade, taker_id, taker_id, taker_fee, taker_profit, _TAKER, taker_event))

    def _book(
        self, order: Order, qty: Lots, notional: Atoms, liquidity: Liquidity, event: OrderEvent, now_ns: int
    ) -> tuple[int, Atoms, Atoms]:
        """Books one side of a match. Returns the entry's id, the fee and the profit."""
        purpose = order.purpose
        assert purpose is not None, f"{order!r} is for no position"
        position = purpose.position
        if event is _COMPLETE:
            del position.orders[order.order_id]
        fee = order.account.fees.fee(notional, self._quote, liquidity)
        if purpose.closes:
            position.closing_qty -= qty
            profit, freed = position.reduce(qty, notional)
            if purpose.forced:
                fee = self._affordable_fee(position, fee, profit, freed)
            return self._pay(position, profit, fee, -freed, -freed, order, now_ns, forced=purpose.forced), fee, profit
        # What the order holds afterwards. A taker's quantity is already less by all of its matches.
        limit_price, before, after = order.limit_price, order.hold_left, 0
        if limit_price is not None:
            position.order_cost -= limit_price * qty * self._unit
            if order.remaining_qty:
                worth = limit_price * order.remaining_qty * self._unit
                after = self._most_hold(order.account, worth, purpose.leverage, purpose.initial_rate)
        order.hold_left = after
        position.order_margin += after - before
        margin = purpose.margin_of(notional)
        if position.isolated:
            # Fees of many small fills may sum to more than was held for one: then the margin is what is left, by some atoms.
            balance = position.balance
            room = balance.total - fee - balance.held + balance.cross_margin + before - after
            if margin > room:
                margin = room if room > 0 else 0
        position.increase(qty, notional, margin)
        return self._pay(position, 0, fee, margin + after - before, margin, order, now_ns, forced=False), fee, 0

    def _affordable_fee(self, position: Position, fee: Atoms, profit: Atoms, freed: Atoms) -> Atoms:
        """A liquidation's fee is what is left at most: of the margin, or of all that answers for cross positions."""
        balance = position.balance
        left = (freed if position.isolated else balance.total - balance.committed) + profit
        return min(fee, max(0, left))

    def _pay(
        self, position: Position, profit: Atoms, fee: Atoms, held: Atoms, margin: Atoms, order: Order | None, now_ns: int,
        *, forced: bool,
    ) -> int:  # fmt: skip
        """Books a fill. `held` and `margin`: by how much more is held, and how much of that for the position."""
        ledger, balance = self._ledger, position.balance
        committed, cross = (margin, 0) if position.isolated else (0, margin)
        entry_id = ledger.book_position(
            balance, _LIQUIDATION if forced else _PROFIT, profit, fee, ledger.clearing, held, committed, cross, now_ns, order
        )
        stir, cross_margin = self._stir, position.cross
        if balance.total < balance.held - balance.cross_margin:
            stir.strained[balance] = None
        if cross_margin is None:
            stir.filled[position] = None
        else:
            cross_margin.recount(position)
            stir.weakened[cross_margin] = None
        stir.positions[position] = None
        stir.contracts[self._contract] = None
        return entry_id

    def take_over(self, position: Position, price: Ticks, order: Order | None) -> Atoms:
        """The insurance fund closes all of a position with its own stake. Returns for how much."""
        contract, qty = self._contract, position.qty
        notional = price * qty * contract.unit
        signed_qty = position.signed_qty
        profit, freed = position.reduce(qty, notional)
        fee = position.account.fees.fee(notional, self._quote, _TAKER)
        fee = self._affordable_fee(position, fee, profit, freed)
        self._pay(position, profit, fee, -freed, -freed, order, self._now_ns(), forced=True)
        contract.insurance_qty += signed_qty
        contract.insurance_value += -notional if signed_qty > 0 else notional
        if contract.insurance_qty == 0:
            self._ledger.insure_profit(self._quote.code, contract.insurance_value)
            contract.insurance_value = 0
        return notional

    # --- ending

    def _release(self, order: Order) -> None:
        purpose, held, unfilled = order.purpose, order.hold_left, order.remaining_qty
        assert purpose is not None, f"{order!r} is for no position"
        position = purpose.position
        self._ledger.release_order(order)
        if purpose.closes:
            position.closing_qty -= unfilled
        else:
            position.order_margin -= held
            if order.limit_price is not None:
                position.order_cost -= order.limit_price * unfilled * self._unit
        del position.orders[order.order_id]
        self._stir.positions[position] = None
        self._stir.contracts[self._contract] = None
