"""What can be done with a login: orders, cancellations, questions; and what pushes say in between.

Owns: the operations of one login, its account, the wait for cancellations.
Must not know: sockets, when a login is ready: it asks for the token each time.
Source: gw§6, gw§7, gw§12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockex.clients.shared.feed import Broadcast
from mockex.clients.shared.tasks import cancel

from . import events as ev
from .account import Account
from .errors import GatewayError, MalformedReplyError, NotSupportedError, OrderNotFoundError
from .exchange import Exchange
from .fields import Row
from .frames import Notice, Reply, cancel_fields
from .models import (
    Asset,
    CancelOutcome,
    NewOrder,
    Order,
    Position,
    SymbolInfo,
    decode_assets,
    decode_cancel_outcome,
    decode_fill,
    decode_order,
    decode_position,
    decode_symbol_info,
    order_fields,
)
from .vocabulary import Operation, OrderStatus, Topic

if TYPE_CHECKING:
    from .session import Session


class Operations:
    """Of one login. Unless that is READY, each raises NotSentError."""

    def __init__(
        self,
        session: Session,
        exchange: Exchange,
        readers: Broadcast[ev.GatewayEvent],
        *,
        ready_token: Callable[[], str],
        push_settles: Callable[[], Awaitable[None]],
    ) -> None:
        """`ready_token` raises NotSentError while nothing can be done; `push_settles` is how long a reply may follow a push."""
        self.account = Account()
        self._session = session
        self._exchange = exchange
        self._readers = readers
        self._ready_token = ready_token
        self._push_settles = push_settles
        self._closings: dict[asyncio.Future[None], set[str]] = {}  # orders that somebody waits for to be over
        self._has_positions = True

    # --- orders ---

    async def place_order(self, order: NewOrder) -> str:
        """Returns the order's number; the account may have heard of it already. Sent once, whatever happens to the reply."""
        return (await self._ask(Operation.PLACE_ORDER, order_fields(order))).row.text("order_no")

    async def cancel_orders(self, symbol: str, order_nos: Sequence[str]) -> tuple[CancelOutcome, ...]:
        """One outcome for each number, in their order.

        The reply is not relied upon, as the service sends none for a single number (gw§6): pushes that tell the end of all of
        them do as well, if it does not follow soon. RequestTimeoutError if neither comes.
        """
        if not order_nos:
            raise ValueError("an empty list would cancel every order: say cancel_all")
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closings[over] = set(order_nos)
        asking = asyncio.ensure_future(self._ask(Operation.CANCEL_ORDER, cancel_fields(symbol, order_nos)))
        settled = asyncio.ensure_future(self._settled(over))
        try:
            either: set[asyncio.Future[Any]] = {asking, settled}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return tuple(self._outcome(order_no) for order_no in order_nos)
            told = {outcome.order_no: outcome for outcome in _outcomes(asking.result())}
            return tuple(told.get(order_no) or self._unanswered(order_no) for order_no in order_nos)
        finally:
            del self._closings[over]
            await cancel(asking, settled)

    async def cancel_all(self, symbol: str) -> tuple[CancelOutcome, ...]:
        """Cancel every open order of a symbol. What was cancelled."""
        return _outcomes(await self._ask(Operation.CANCEL_ORDER, cancel_fields(symbol, ())))

    async def _settled(self, over: asyncio.Future[None]) -> None:
        """A push may belong to an earlier request: what the reply says counts if it comes."""
        await over
        await self._push_settles()

    def _outcome(self, order_no: str) -> CancelOutcome:
        """By pushes."""
        order = self.account.order(order_no)
        if order is None or order.status is OrderStatus.CANCELLED:
            return CancelOutcome(order_no=order_no)
        return CancelOutcome(order_no=order_no, error=OrderNotFoundError(f"the order is {order.status.value} already"))

    @staticmethod
    def _unanswered(order_no: str) -> CancelOutcome:
        return CancelOutcome(order_no=order_no, error=MalformedReplyError(f"the reply says nothing of order {order_no}"))

    # --- questions ---

    async def open_orders(self, symbol: str) -> tuple[Order, ...]:
        """Open orders of a symbol, oldest first. The account follows."""
        asked = self.account.ask()
        reply = await self._ask(Operation.OPEN_ORDERS, {"symbol": symbol})
        orders = tuple(decode_order(row, symbol) for row in reply.row.rows("data", "order"))
        changed, gone = self.account.answer_open_orders(symbol, orders, asked=asked)
        for order in changed:
            self._readers.emit(ev.OrderUpdate(session=self._session, order=order))
        for order in gone:
            self._readers.emit(ev.OrderVanished(session=self._session, order=order))
        return orders

    async def assets(self) -> Mapping[str, Asset]:
        """All coins by name; one that is not there is zero. The account follows."""
        asked = self.account.ask()
        assets = decode_assets((await self._ask(Operation.ASSET, {})).row.row("data"))
        if self.account.answer_assets(assets, asked=asked):
            self._readers.emit(ev.AssetUpdate(session=self._session, assets=assets))
        return assets

    async def position(self, symbol: str) -> Position:
        """Both positions of a contract. The account follows. NotSupportedError on spot."""
        asked = self.account.ask()
        reply = await self._ask(Operation.POSITION, {"symbol": symbol})
        position = decode_position(reply.row.row("data"), symbol)
        if self.account.answer_position(position, asked=asked):
            self._readers.emit(ev.PositionUpdate(session=self._session, position=position))
        return position

    async def symbol_info(self, symbol: str) -> SymbolInfo:
        """Steps and least sizes."""
        return decode_symbol_info((await self._ask(Operation.SYMBOL_INFO, {"symbol": symbol})).row.row("data"), symbol)

    async def reconcile(self, symbols: Sequence[str]) -> None:
        """Ask for all that may have changed unseen, at once. What fails is reported, and the rest counts."""
        questions: list[Coroutine[Any, Any, object]] = [self.assets(), *(self.open_orders(symbol) for symbol in symbols)]
        if self._has_positions:
            questions += [self.position(symbol) for symbol in symbols]
        for answer in await asyncio.gather(*questions, return_exceptions=True):
            match answer:
                case NotSupportedError():
                    self._has_positions = False
                case GatewayError() as error:
                    self._readers.emit(ev.ErrorReported(error=error, session=self._session))
                case BaseException():
                    raise answer

    async def _ask(self, operation: Operation, fields: Mapping[str, object]) -> Reply:
        return await self._exchange.ask(operation, fields, token=self._ready_token())

    # --- pushes ---

    def on_notice(self, notice: Notice) -> None:
        """MalformedReplyError for data that is not what its topic carries."""
        match notice.topic:
            case Topic.ORDER:
                self._on_order(decode_order(Row.of(notice.data, "order")))
            case Topic.FILL:
                fill = decode_fill(Row.of(notice.data, "fill"))
                self._readers.emit(ev.FillUpdate(session=self._session, fill=fill))
            case Topic.POSITION:
                position = decode_position(Row.of(notice.data, "position"))
                self.account.push_position(position)
                self._readers.emit(ev.PositionUpdate(session=self._session, position=position))
            case Topic.ASSET:
                assets = decode_assets(Row.of(notice.data, "assets"))
                self.account.push_assets(assets)
                self._readers.emit(ev.AssetUpdate(session=self._session, assets=assets))
            case _:
                self._readers.emit(ev.RawUpdate(session=self._session, topic=notice.topic, data=notice.data))

    def _on_order(self, order: Order) -> None:
        if not self.account.push_order(order):
            return
        self._readers.emit(ev.OrderUpdate(session=self._session, order=order))
        if not order.status.final:
            return
        for over, order_nos in self._closings.items():
            order_nos.discard(order.order_no)
            if not order_nos and not over.done():
                over.set_result(None)


def _outcomes(reply: Reply) -> tuple[CancelOutcome, ...]:
    return tuple(decode_cancel_outcome(row) for row in reply.row.rows("data", "outcome"))
