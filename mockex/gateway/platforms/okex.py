"""OKCoin Japan spot, by its reference client (gw§9).

Owns: the venue's words for orders, fills and balances in the gateway's, and which of its calls serve which operation.
Must not know: the life of a connection, what has been told (`_life`, `_link`).
The stream tells of a fill without saying who was there first, so fills are told as the list of fills has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mockex.clients.okcoinjp import (
    CancelByOrderId,
    ChannelRefused,
    Credentials,
    Cursor,
    Disconnected,
    ErrorReported,
    Execution,
    LimitOrder,
    MarketBuy,
    MarketSell,
    OkcoinClient,
    OkcoinError,
    OkcoinStream,
    Page,
    Push,
    Side,
    StreamTiming,
    channels,
    errors,
    older_rows,
)
from mockex.clients.okcoinjp import OrderState as State
from mockex.clients.okcoinjp import OrderType as OkcoinType
from mockex.clients.okcoinjp.market_models import Instrument
from mockex.clients.okcoinjp.trading_models import Balance, NewOrder, OrderUpdate
from mockex.clients.okcoinjp.trading_models import Fill as OkcoinFill
from mockex.clients.okcoinjp.trading_models import Order as OkcoinOrder
from mockex.clients.okcoinjp.vocabulary import Liquidity
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
)
from mockex.gateway.platforms._orders import EXACT
from mockex.gateway.platforms._platform import VenuePlatform
from mockex.gateway.platforms._spot import SpotDesk

_BATCH: Final = 10  # orders of one pair in one cancellation (okj§9.2)

#: gw§9; others are NONE.
_STATUSES: Final = {
    State.OPEN: OrderStatus.SUBMITTED,
    State.PARTIALLY_FILLED: OrderStatus.PARTIAL_FILLED,
    State.FILLED: OrderStatus.FILLED,
    State.CANCELLED: OrderStatus.CANCELED,
    State.FAILED: OrderStatus.FAILED,
}

_ERRORS: Final = ClientErrors(
    every=OkcoinError,
    keys_refused=(errors.AuthenticationError,),
    login_refused=(errors.PermissionDeniedError,),
    unreached=errors.ConnectionFailedError,
    line=(errors.ConnectionLostError, errors.RequestTimeoutError),
    texts=(
        (errors.InsufficientFundsError, Refusal.BALANCE),
        (errors.OrderNotFoundError, Refusal.ORDER_NOT_FOUND),
        (errors.OrderClosedError, Refusal.ORDER_NOT_FOUND),
        (errors.UnknownInstrumentError, Refusal.SYMBOL_NOT_FOUND),
    ),
)


class OkcoinDesk(SpotDesk[OkcoinClient]):
    """A `Desk`."""

    errors = _ERRORS

    def __init__(self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], time: Time) -> None:
        client = OkcoinClient(
            urls["rest"],
            credentials=Credentials(api_key=account.access_key, secret=account.secret_key, passphrase=account.passphrase or ""),
            now=time.now_ns,
        )
        super().__init__(client, urls["stream"])
        self._time = time
        self._pairs = tuple(pairs)
        self._fill_times: dict[tuple[str, str], datetime] = {}  # by order and trade: the list of fills has whole seconds

    # --- reaching the venue

    async def load(self) -> None:
        await self._client.sync_time()
        rules = await self._client.market.instruments()
        self.listed = {_pair(row.instrument_id): _info(row) for row in rules}

    def stream(self) -> OkcoinStream:
        return self._client.stream(
            self.url, log_in=True, timing=StreamTiming(pong_within=PATIENT), stopwatch=self._time.stopwatch
        )

    async def enter(self, stream: OkcoinStream) -> None:
        infos = self.listed.values()
        currencies = dict.fromkeys(code for info in infos for code in (info.base_currency, info.quote_currency))
        names = [channels.orders(_symbol(pair)) for pair in self._pairs]
        await stream.subscribe(*names, *(channels.balance(currency) for currency in currencies))

    # --- what the stream tells

    def read(self, event: Any) -> Sequence[News]:
        match event:
            case Push(value=OrderUpdate() as value):
                return (self._order_news(value),)
            case Push(value=Balance() as value):
                self.holdings.note(value.currency, free=value.available, locked=value.hold)
                return (AssetsChanged(),)
            case Disconnected():
                return (Ended(),)
            case ErrorReported() | ChannelRefused():
                return (Missed(),)
            case _:
                return ()

    def _order_news(self, update: OrderUpdate) -> OrderNews:
        """Without its fill, which the list of fills tells in full."""
        fill = update.last_fill
        if fill is not None and fill.trade_id is not None:
            self._fill_times[update.order.order_id, fill.trade_id] = fill.time
        return OrderNews(order=_read_order(update.order))

    # --- orders

    async def place(self, request: OrderRequest) -> str:
        return (await self._client.trading.place_order(_new_order(request))).order_id

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        outcomes: list[Cancelled] = []
        symbol = _symbol(pair)
        for batch in batches(order_nos, _BATCH):
            answer = await self._client.trading.cancel_orders([CancelByOrderId(instrument_id=symbol, order_ids=tuple(batch))])
            told = answer.get(symbol, ())
            if len(told) != len(batch):
                raise errors.MalformedReplyError(f"{len(told)} outcomes for {len(batch)} cancellations")
            outcomes += [
                Cancelled(
                    order_no=order_no,
                    error=self.errors.platform_error(outcome).text if isinstance(outcome, OkcoinError) else None,
                )
                for order_no, outcome in zip(batch, told, strict=True)
            ]
        return outcomes

    async def open_orders(self, pair: str) -> Sequence[Order]:
        async def page(cursor: Cursor) -> Page[OkcoinOrder]:
            return await self._client.trading.open_orders(_symbol(pair), cursor=cursor)

        return [_read_order(row) async for row in older_rows(page)]

    async def order(self, pair: str, order_no: str) -> Order | None:
        try:
            return _read_order(await self._client.trading.order(_symbol(pair), order_no))
        except errors.OrderNotFoundError:
            return None

    async def recent_fills(self, pair: str) -> Sequence[tuple[str, str]]:
        return [(row.order_id, row.trade_id) for row in (await self._client.trading.fills(_symbol(pair))).rows]

    async def fills(self, order: Order) -> Sequence[Fill]:
        """Of the two rows of each fill that of the base currency (okj§9.4)."""

        async def page(cursor: Cursor) -> Page[OkcoinFill]:
            return await self._client.trading.fills(_symbol(order.pair), order_id=order.order_no, cursor=cursor)

        base = self.listed[order.pair].base_currency
        newest_first = [row async for row in older_rows(page) if row.currency.upper() == base]
        return [
            order_fill(
                order,
                row.trade_id,
                price=row.price,
                quantity=row.size,
                maker=row.exec_type is Liquidity.MAKER,
                at=self._fill_times.pop((row.order_id, row.trade_id), row.timestamp),
            )
            for row in reversed(newest_first)
        ]

    # --- balances

    async def fetch_holdings(self) -> Wallet:
        wallet = Wallet()
        for balance in await self._client.trading.accounts():
            wallet.note(balance.currency, free=balance.available, locked=balance.hold)
        return wallet


def _symbol(pair: str) -> str:
    return pair.replace("/", "-").upper()


def _pair(instrument_id: str) -> str:
    return instrument_id.replace("-", "/").upper()


def _info(row: Instrument) -> SymbolInfo:
    """The venue has no rules about values (gw§6)."""
    return SymbolInfo(
        price_tick=row.tick_size,
        size_tick=row.size_increment,
        size_limit=row.min_size,
        value_tick=None,
        value_limit=None,
        base_currency=row.base_currency.upper(),
        quote_currency=row.quote_currency.upper(),
        settlement_currency=row.quote_currency.upper(),
    )


def _new_order(request: OrderRequest) -> NewOrder:
    symbol = _symbol(request.pair)
    if request.price is not None:
        return LimitOrder(
            instrument_id=symbol,
            side=Side.BUY if request.action is Action.BUY else Side.SELL,
            price=request.price,
            size=request.quantity,
            execution=Execution.IMMEDIATE_OR_CANCEL if request.order_type is OrderType.IOC else Execution.NORMAL,
        )
    if request.action is Action.BUY:
        return MarketBuy(instrument_id=symbol, notional=request.quantity)
    return MarketSell(instrument_id=symbol, size=request.quantity)


def _read_order(row: OkcoinOrder) -> Order:
    """A market buy counts the quote currency; a query's time is that of the creation."""
    buys_by_value = row.type is OkcoinType.MARKET and row.side is Side.BUY
    quantity = (row.notional if buys_by_value else row.size) or Decimal(0)
    return Order(
        pair=_pair(row.instrument_id),
        order_no=row.order_id,
        action=Action.BUY if row.side is Side.BUY else Action.SELL,
        order_type=_order_type(row),
        price=row.price or Decimal(0),
        quantity=quantity,
        remain=EXACT.subtract(quantity, row.filled_notional if buys_by_value else row.filled_size),
        status=_STATUSES.get(row.state, OrderStatus.NONE),
        created_ms=epoch_ms(row.created_at),
        updated_ms=epoch_ms(row.timestamp),
    )


def _order_type(row: OkcoinOrder) -> OrderType:
    if row.type is OkcoinType.MARKET:
        return OrderType.MARKET
    return OrderType.IOC if row.execution is Execution.IMMEDIATE_OR_CANCEL else OrderType.LIMIT


def _lacks(account: Account) -> str | None:
    """The venue's keys have a passphrase besides."""
    complete = account.access_key and account.secret_key and account.passphrase
    return None if complete else "param access_key or secret_key or passphrase miss"


PLATFORM = VenuePlatform(
    "okex",
    venue="okcoinjp",
    endpoints={
        "rest": Endpoint(scheme=Scheme.HTTP),
        "stream": Endpoint(scheme=Scheme.SOCKET, path="/ws/v3"),
    },
    open_desk=OkcoinDesk,
    lacks=_lacks,
)
