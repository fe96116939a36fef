"""HTX spot, by its reference client (gw§9).

Owns: the venue's words for orders, fills and balances in the gateway's, and which of its calls serve which operation.
Must not know: the life of a connection, what has been told (`_life`, `_link`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from mockex.clients.htx import (
    Credentials,
    Disconnected,
    ErrorReported,
    Execution,
    HtxClient,
    HtxStream,
    LimitOrder,
    MarketBuy,
    MarketSell,
    Push,
    Side,
    StreamTiming,
    channels,
    errors,
)
from mockex.clients.htx import OrderState as State
from mockex.clients.htx.account_models import BalanceUpdate
from mockex.clients.htx.events import ChannelRefused
from mockex.clients.htx.paging import Cursor
from mockex.clients.htx.reference_models import SymbolRules
from mockex.clients.htx.stream_models import OrderCancelled, OrderCreated, OrderTerms, OrderTraded
from mockex.clients.htx.trading_models import Fill as HtxFill
from mockex.clients.htx.trading_models import NewOrder
from mockex.clients.htx.trading_models import Order as HtxOrder
from mockex.clients.htx.vocabulary import Direction, Role
from mockex.clients.htx.vocabulary import OrderType as HtxType
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

_BATCH: Final = 50  # of one cancellation (htx§3.4)
_PAGE: Final = 500
_SPOT: Final = "spot"

#: gw§9. What a query says besides is of conditional orders.
_STATUSES: Final = {
    State.CREATED: OrderStatus.SUBMITTED,
    State.PRE_SUBMITTED: OrderStatus.SUBMITTED,
    State.SUBMITTED: OrderStatus.SUBMITTED,
    State.PARTIALLY_FILLED: OrderStatus.PARTIAL_FILLED,
    State.FILLED: OrderStatus.FILLED,
    State.CANCELLED: OrderStatus.CANCELED,
    State.PARTIALLY_CANCELLED: OrderStatus.CANCELED,
}

_ERRORS: Final = ClientErrors(
    every=errors.HtxError,
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


class HtxDesk(SpotDesk[HtxClient]):
    """A `Desk`."""

    errors = _ERRORS

    def __init__(self, urls: Mapping[str, str], account: Account, *, time: Time) -> None:
        client = HtxClient(
            urls["rest"],
            credentials=Credentials(api_key=account.access_key, secret=account.secret_key),
            now=time.now_ns,
        )
        super().__init__(client, urls["account"])
        self._time = time
        self._pairs: dict[str, str] = {}  # by symbol
        self._account_id = 0

    # --- reaching the venue

    async def load(self) -> None:
        await self._client.sync_time()
        rules = {_pair(row): row for row in await self._client.reference.symbols()}
        self._pairs = {row.symbol: pair for pair, row in rules.items()}
        self.listed = {pair: _info(row) for pair, row in rules.items()}

    def stream(self) -> HtxStream:
        return self._client.account_stream(self.url, timing=StreamTiming(silent_for=PATIENT), stopwatch=self._time.stopwatch)

    async def enter(self, stream: HtxStream) -> None:
        await self._find_account()
        await stream.subscribe(channels.orders(), channels.balances(2))

    async def _find_account(self) -> int:
        accounts = await self._client.account.accounts()
        spot = next((account.id for account in accounts if account.type == _SPOT), None)
        if spot is None:
            raise errors.PermissionDeniedError("the user has no spot account")
        self._account_id = spot
        return spot

    async def _account(self) -> int:
        """The number of the spot account, which requests may need before the stream is entered."""
        return self._account_id or await self._find_account()

    # --- what the stream tells

    def read(self, event: Any) -> Sequence[News]:
        match event:
            case Push(value=OrderCreated() | OrderTraded() | OrderCancelled() as value) if value.order.symbol in self._pairs:
                return (self._order_news(value),)
            case Push(value=BalanceUpdate() as value):
                return self._balance_news(value)
            case Disconnected():
                return (Ended(),)
            case ErrorReported() | ChannelRefused():
                return (Missed(),)
            case _:
                return ()

    def _order_news(self, value: OrderCreated | OrderTraded | OrderCancelled) -> OrderNews:
        """Events after the first one do not tell when the order was created."""
        terms = value.order
        match value:
            case OrderCreated():
                at_ms, remain = epoch_ms(value.created_at), _amount(terms)
            case OrderTraded():
                at_ms, remain = epoch_ms(value.trade_time), EXACT.subtract(_amount(terms), value.executed)
            case OrderCancelled():
                at_ms, remain = epoch_ms(value.last_act_time), EXACT.subtract(_amount(terms), value.executed)
        order = self._order(
            str(terms.order_id),
            terms.symbol,
            terms.type_text,
            price=terms.price,
            quantity=_amount(terms),
            remain=remain,
            state=value.state,
            created_ms=at_ms,
            updated_ms=at_ms,
        )
        fills = (_stream_fill(order, value),) if isinstance(value, OrderTraded) else ()
        return OrderNews(order=order, fills=fills, dated=isinstance(value, OrderCreated))

    def _balance_news(self, update: BalanceUpdate) -> Sequence[News]:
        if update.account_id != self._account_id or update.balance is None or update.available is None:
            return ()
        self.holdings.note(update.currency, free=update.available, locked=EXACT.subtract(update.balance, update.available))
        return (AssetsChanged(),)

    # --- orders

    async def place(self, request: OrderRequest) -> str:
        receipt = await self._client.trading.place_order(self._new_order(request, await self._account()))
        return receipt.order_id

    def _new_order(self, request: OrderRequest, account_id: int) -> NewOrder:
        symbol = _symbol(request.pair)
        if request.price is not None:
            return LimitOrder(
                account_id=account_id,
                symbol=symbol,
                side=Side.BUY if request.action is Action.BUY else Side.SELL,
                price=request.price,
                amount=request.quantity,
                execution=Execution.IMMEDIATE_OR_CANCEL if request.order_type is OrderType.IOC else Execution.NORMAL,
            )
        if request.action is Action.BUY:
            return MarketBuy(account_id=account_id, symbol=symbol, value=request.quantity)
        return MarketSell(account_id=account_id, symbol=symbol, amount=request.quantity)

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        outcomes: list[Cancelled] = []
        for batch in batches(order_nos, _BATCH):
            answer = await self._client.trading.cancel_orders(batch)
            refused = {error.order_id: self.errors.platform_error(error).text for error in answer.refused}
            done = frozenset(answer.accepted)
            outcomes += [
                Cancelled(order_no=each, error=None if each in done else refused.get(each, Refusal.ORDER_NOT_FOUND))
                for each in batch
            ]
        return outcomes

    async def open_orders(self, pair: str) -> Sequence[Order]:
        found: dict[int, HtxOrder] = {}
        account_id, cursor = await self._account(), Cursor(size=_PAGE)
        while True:
            rows = await self._client.trading.open_orders(account_id=account_id, symbol=_symbol(pair), cursor=cursor)
            known = len(found)
            found |= {row.id: row for row in rows}
            if len(rows) < _PAGE or len(found) == known:
                return [self._read_order(row) for row in found.values()]
            cursor = replace(cursor, from_id=rows[-1].id, direct=Direction.NEXT)

    async def order(self, pair: str, order_no: str) -> Order | None:
        try:
            row = await self._client.trading.order(order_no)
        except errors.OrderNotFoundError:
            return None
        return self._read_order(row) if row.symbol == _symbol(pair) else None

    async def recent_fills(self, pair: str) -> Sequence[tuple[str, str]]:
        return [(str(row.order_id), _fill_no(row)) for row in await self._client.trading.fills(_symbol(pair))]

    async def fills(self, order: Order) -> Sequence[Fill]:
        newest_first = await self._client.trading.order_fills(order.order_no)
        return [
            order_fill(
                order,
                _fill_no(row),
                price=row.price,
                quantity=row.filled_amount,
                maker=row.role is not Role.TAKER,
                at=row.created_at,
            )
            for row in reversed(newest_first)
        ]

    def _read_order(self, row: HtxOrder) -> Order:
        """The venue tells no time of a fill here: until the order ends, that of its creation stands."""
        filled = row.filled_cash_amount if row.type is HtxType.BUY_MARKET else row.filled_amount
        changed = row.finished_at or row.canceled_at or row.created_at
        return self._order(
            str(row.id),
            row.symbol,
            row.type_text,
            price=row.price,
            quantity=row.amount,
            remain=EXACT.subtract(row.amount, filled),
            state=row.state,
            created_ms=epoch_ms(row.created_at),
            updated_ms=epoch_ms(changed),
        )

    def _order(
        self,
        order_no: str,
        symbol: str,
        kind: str,
        *,
        price: Decimal | None,
        quantity: Decimal,
        remain: Decimal,
        state: State,
        created_ms: int,
        updated_ms: int,
    ) -> Order:
        return Order(
            pair=self._pairs[symbol],
            order_no=order_no,
            action=_action(kind),
            order_type=_order_type(kind),
            price=price or Decimal(0),
            quantity=quantity,
            remain=remain,
            status=_STATUSES.get(state, OrderStatus.NONE),
            created_ms=created_ms,
            updated_ms=updated_ms,
        )

    # --- balances

    async def fetch_holdings(self) -> Wallet:
        balances = await self._client.account.balances(await self._account())
        wallet = Wallet()
        for currency in dict.fromkeys(row.currency for row in balances.rows):
            balance = balances.of(currency)
            wallet.note(currency, free=balance.trade, locked=balance.frozen)
        return wallet


def _symbol(pair: str) -> str:
    return pair.replace("/", "").lower()


def _pair(row: SymbolRules) -> str:
    return f"{row.base_currency}/{row.quote_currency}".upper()


def _info(row: SymbolRules) -> SymbolInfo:
    return SymbolInfo(
        price_tick=step(row.price_precision),
        size_tick=step(row.amount_precision),
        size_limit=row.least_limit_amount,
        value_tick=step(row.value_precision),
        value_limit=row.least_value,
        base_currency=row.base_currency.upper(),
        quote_currency=row.quote_currency.upper(),
        settlement_currency=row.quote_currency.upper(),
    )


def _stream_fill(order: Order, traded: OrderTraded) -> Fill:
    return order_fill(
        order,
        traded.trade_id,
        price=traded.trade_price,
        quantity=traded.trade_volume,
        maker=not traded.aggressor,
        at=traded.trade_time,
    )


def _fill_no(row: HtxFill) -> str:
    """Trades of early years have no number of their own."""
    return str(row.id if row.trade_id is None else row.trade_id)


def _amount(terms: OrderTerms) -> Decimal:
    """Quote currency of a market buy, else base."""
    if terms.size is not None:
        return terms.size
    return terms.value or Decimal(0)


def _action(kind: str) -> Action:
    return Action.BUY if kind.startswith(Side.BUY) else Action.SELL


def _order_type(kind: str) -> OrderType:
    match kind.partition("-")[2]:
        case "market":
            return OrderType.MARKET
        case Execution.IMMEDIATE_OR_CANCEL:
            return OrderType.IOC
        case _:
            return OrderType.LIMIT


PLATFORM = VenuePlatform(
    "huobi",
    venue="htx",
    endpoints={
        "rest": Endpoint(scheme=Scheme.HTTP),
        "account": Endpoint(scheme=Scheme.SOCKET, path="/ws/v2"),
    },
    open_desk=lambda urls, account, _pairs, time: HtxDesk(urls, account, time=time),
)
