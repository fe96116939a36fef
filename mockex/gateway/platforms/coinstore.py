"""Coinstore spot, by its reference client (gw§9).

Owns: the venue's words for orders, fills and balances in the gateway's, and which of its calls serve which operation.
Must not know: the life of a connection, what has been told (`_life`, `_link`).
The stream tells times in whole seconds and never that of an order's creation, which is asked for once for each order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mockex.clients.coinstore import (
    ChannelRefused,
    CoinstoreClient,
    CoinstoreError,
    CoinstoreStream,
    Credentials,
    Disconnected,
    ErrorReported,
    FramesLost,
    LimitOrder,
    MarketBuy,
    MarketSell,
    Push,
    Side,
    StreamTiming,
    TimeInForce,
    channels,
    errors,
)
from mockex.clients.coinstore import OrderState as State
from mockex.clients.coinstore import OrderType as CoinstoreType
from mockex.clients.coinstore.events import BalanceUpdate, OrderUpdate
from mockex.clients.coinstore.reference import Symbol
from mockex.clients.coinstore.trading_models import Fill as CoinstoreFill
from mockex.clients.coinstore.trading_models import NewOrder
from mockex.clients.coinstore.trading_models import Order as CoinstoreOrder
from mockex.clients.coinstore.vocabulary import Role, RoleWord
from mockex.gateway.platform import (
    Account,
    Action,
    Cancelled,
    Endpoint,
    Fill,
    Order,
    OrderRequest,
    OrderStatus,
    OrderType,
    Refusal,
    Scheme,
    SymbolInfo,
    Time,
)
from mockex.gateway.platforms._desk import (
    PATIENT,
    AssetsChanged,
    ClientErrors,
    Ended,
    Missed,
    News,
    OrderNews,
    Wallet,
    batches,
    epoch_ms,
    order_fill,
    step,
)
from mockex.gateway.platforms._orders import EXACT
from mockex.gateway.platforms._platform import VenuePlatform
from mockex.gateway.platforms._spot import SpotDesk

_BATCH: Final = 50  # the most open orders of an account (cs§7.7)
_PAGE: Final = 100

#: gw§9; others are NONE. EXPIRED and STOPPED end an order as a cancellation does.
_STATUSES: Final = {
    State.SUBMITTING: OrderStatus.SUBMITTED,
    State.SUBMITTED: OrderStatus.SUBMITTED,
    State.PARTIALLY_FILLED: OrderStatus.PARTIAL_FILLED,
    State.FILLED: OrderStatus.FILLED,
    State.CANCELLED: OrderStatus.CANCELED,
    State.EXPIRED: OrderStatus.CANCELED,
    State.STOPPED: OrderStatus.CANCELED,
    State.REJECTED: OrderStatus.FAILED,
}

_ERRORS: Final = ClientErrors(
    every=CoinstoreError,
    keys_refused=(errors.AuthenticationError,),
    login_refused=(errors.PermissionDeniedError,),
    unreached=errors.ConnectionFailedError,
    line=(errors.ConnectionLostError, errors.RequestTimeoutError),
    texts=(
        (errors.InsufficientFundsError, Refusal.BALANCE),
        (errors.OrderNotFoundError, Refusal.ORDER_NOT_FOUND),
        (errors.OrderClosedError, Refusal.ORDER_NOT_FOUND),
        (errors.UnknownSymbolError, Refusal.SYMBOL_NOT_FOUND),
    ),
)


class CoinstoreDesk(SpotDesk[CoinstoreClient]):
    """A `Desk`."""

    errors = _ERRORS

    def __init__(self, urls: Mapping[str, str], account: Account, *, time: Time) -> None:
        client = CoinstoreClient(
            urls["rest"],
            credentials=Credentials(api_key=account.access_key, secret=account.secret_key),
            now=time.now_ns,
        )
        super().__init__(client, urls["stream"])
        self._time = time
        self._symbols: dict[str, str] = {}  # by pair, as the venue spells them
        self._pairs: dict[str, str] = {}  # by symbol in upper case

    # --- reaching the venue

    async def load(self) -> None:
        rules = {_pair(row): row for row in await self._client.reference.symbols()}
        self._symbols = {pair: row.symbol for pair, row in rules.items()}
        self._pairs = {row.symbol.upper(): pair for pair, row in rules.items()}
        self.listed = {pair: _info(row) for pair, row in rules.items()}

    def stream(self) -> CoinstoreStream:
        return self._client.private_stream(
            self.url,
            timing=StreamTiming(probe_within=PATIENT),
            stopwatch=self._time.stopwatch,
        )

    async def enter(self, stream: CoinstoreStream) -> None:
        await stream.subscribe(channels.ALL_ORDERS, channels.ALL_BALANCES)

    # --- what the stream tells

    def read(self, event: Any) -> Sequence[News]:
        match event:
            case Push(value=OrderUpdate() as value) if value.symbol.upper() in self._pairs:
                return (self._order_news(value),)
            case Push(value=BalanceUpdate() as value):
                self.holdings.note(value.currency, free=value.available, locked=value.frozen)
                return (AssetsChanged(),)
            case Disconnected():
                return (Ended(),)
            case ErrorReported() | ChannelRefused() | FramesLost():
                return (Missed(),)
            case _:
                return ()

    def _order_news(self, update: OrderUpdate) -> OrderNews:
        buys_by_value = update.type is CoinstoreType.MARKET and update.side is Side.BUY
        quantity = update.amount if buys_by_value else update.quantity
        at_ms = epoch_ms(update.at)
        order = Order(
            pair=self._pairs[update.symbol.upper()],
            order_no=str(update.order_id),
            action=_action(update.side),
            order_type=_order_type(update.type, update.time_in_force),
            price=_price(update.type, update.price),
            quantity=quantity,
            remain=EXACT.subtract(quantity, update.filled_amount if buys_by_value else update.filled_quantity),
            status=_status(update.state),
            created_ms=at_ms,
            updated_ms=at_ms,
        )
        return OrderNews(order=order, fills=_stream_fills(update, order), dated=False)

    # --- orders

    async def place(self, request: OrderRequest) -> str:
        receipt = await self._client.trading.place_order(self._symbols[request.pair], _new_order(request))
        return str(receipt.order_id)

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        """The venue rejects what is not open, and does not say why."""
        outcomes: list[Cancelled] = []
        for batch in batches(order_nos, _BATCH):
            answer = await self._client.trading.cancel_orders(self._symbols[pair], [int(order_no) for order_no in batch])
            done = frozenset(map(str, answer.accepted))
            outcomes += [
                Cancelled(order_no=order_no, error=None if order_no in done else Refusal.ORDER_NOT_FOUND) for order_no in batch
            ]
        return outcomes

    async def open_orders(self, pair: str) -> Sequence[Order]:
        found = await self._client.trading.open_orders(symbol=self._symbols[pair])
        return [self._read_order(row) for row in found]

    async def order(self, pair: str, order_no: str) -> Order | None:
        try:
            row = await self._client.trading.order(int(order_no))
        except errors.OrderNotFoundError:
            return None
        if row.state is State.NOT_FOUND or self._pairs.get(row.symbol.upper()) != pair:
            return None
        return self._read_order(row)

    async def recent_fills(self, pair: str) -> Sequence[tuple[str, str]]:
        rows = await self._client.trading.fills(self._symbols[pair], page_size=_PAGE)
        return [(str(row.order_id), str(row.trade_id)) for row in rows]

    async def fills(self, order: Order) -> Sequence[Fill]:
        """In which order the venue lists them is documented nowhere: trades of a pair are numbered."""
        symbol, order_id = self._symbols[order.pair], int(order.order_no)
        found: list[CoinstoreFill] = []
        page = 1
        while True:
            rows = await self._client.trading.fills(symbol, order_id=order_id, page=page, page_size=_PAGE)
            found += rows
            if len(rows) < _PAGE:
                break
            page += 1
        return [
            order_fill(
                order,
                row.trade_id,
                price=row.price,
                quantity=row.quantity,
                maker=row.role is Role.MAKER,
                at=row.at,
            )
            for row in sorted(found, key=lambda row: row.trade_id)
            if row.price is not None
        ]

    def _read_order(self, row: CoinstoreOrder) -> Order:
        buys_by_value = row.type is CoinstoreType.MARKET and row.side is Side.BUY
        quantity = (row.amount or row.filled_amount) if buys_by_value else row.quantity
        return Order(
            pair=self._pairs[row.symbol.upper()],
            order_no=str(row.order_id),
            action=_action(row.side),
            order_type=_order_type(row.type, row.time_in_force),
            price=_price(row.type, row.price),
            quantity=quantity,
            remain=EXACT.subtract(quantity, row.filled_amount if buys_by_value else row.filled_quantity),
            status=_status(row.state),
            created_ms=epoch_ms(row.placed_at),
            updated_ms=epoch_ms(row.updated_at or row.placed_at),
        )

    # --- balances

    async def fetch_holdings(self) -> Wallet:
        wallet = Wallet()
        for balance in await self._client.account.balances():
            wallet.note(balance.currency, free=balance.available, locked=balance.frozen)
        return wallet


def _pair(row: Symbol) -> str:
    return f"{row.base_currency}/{row.quote_currency}".upper()


def _info(row: Symbol) -> SymbolInfo:
    return SymbolInfo(
        price_tick=row.tick_size,
        size_tick=row.lot_size,
        size_limit=row.least_limit_quantity,
        value_tick=step(row.price_decimals + row.quantity_decimals),
        value_limit=row.least_market_buy_amount,
        base_currency=row.base_currency.upper(),
        quote_currency=row.quote_currency.upper(),
        settlement_currency=row.quote_currency.upper(),
    )


def _stream_fills(update: OrderUpdate, order: Order) -> tuple[Fill, ...]:
    price = update.match_price
    if price is None:
        return ()
    maker = update.role is RoleWord.MAKER
    return (order_fill(order, update.trade_id, price=price, quantity=update.match_quantity, maker=maker, at=update.at),)


def _new_order(request: OrderRequest) -> NewOrder:
    side = Side.BUY if request.action is Action.BUY else Side.SELL
    if request.price is not None:
        terms = TimeInForce.IMMEDIATE_OR_CANCEL if request.order_type is OrderType.IOC else TimeInForce.GOOD_TILL_CANCELLED
        return LimitOrder(side=side, price=request.price, quantity=request.quantity, time_in_force=terms)
    return MarketBuy(amount=request.quantity) if side is Side.BUY else MarketSell(quantity=request.quantity)


def _action(side: Side) -> Action:
    return Action.BUY if side is Side.BUY else Action.SELL


def _order_type(kind: CoinstoreType, terms: TimeInForce | None) -> OrderType:
    if kind is CoinstoreType.MARKET:
        return OrderType.MARKET
    return OrderType.IOC if terms is TimeInForce.IMMEDIATE_OR_CANCEL else OrderType.LIMIT


def _price(kind: CoinstoreType, price: Decimal) -> Decimal:
    return Decimal(0) if kind is CoinstoreType.MARKET else price


def _status(state: State | None) -> OrderStatus:
    return OrderStatus.NONE if state is None else _STATUSES.get(state, OrderStatus.NONE)


PLATFORM = VenuePlatform(
    "coinstore",
    venue="coinstore",
    endpoints={
        "rest": Endpoint(scheme=Scheme.HTTP),
        "stream": Endpoint(scheme=Scheme.SOCKET, path="/s/ws"),
    },
    open_desk=lambda urls, account, _pairs, time: CoinstoreDesk(urls, account, time=time),
)
