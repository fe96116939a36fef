"""KTX, spot and perpetuals, by its reference client (gw§9).

Owns: the venue's words for orders, fills, balances and positions in the gateway's, and which calls serve which operation.
Must not know: the life of a connection, what has been told (`_life`, `_link`).
A market buy names base currency here: the gateway's amount of quote currency is converted by walking the book. Fees come on
top.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mockex.clients.ktx import (
    Balance,
    ChannelRefused,
    Contract,
    Credentials,
    Disconnected,
    ErrorReported,
    KtxClient,
    KtxError,
    KtxStream,
    LimitOrder,
    MarketOrder,
    Push,
    Side,
    StreamTiming,
    TimeInForce,
    errors,
)
from mockex.clients.ktx import Market as KtxMarket
from mockex.clients.ktx import Order as KtxOrder
from mockex.clients.ktx import Position as KtxPosition
from mockex.clients.ktx.trading_models import NewOrder
from mockex.clients.ktx.vocabulary import OrderType as KtxType
from mockex.clients.shared.clock import NS_PER_MS
from mockex.gateway.platform import (
    DEFAULT_LEVERAGE,
    Account,
    Action,
    Cancelled,
    Endpoint,
    Fill,
    Order,
    OrderRequest,
    OrderStatus,
    OrderType,
    PlatformError,
    PositionSide,
    Refusal,
    Scheme,
    SymbolInfo,
    Time,
    venue_error,
)
from mockex.gateway.platforms._contracts import Closing, ContractHoldings, Held
from mockex.gateway.platforms._desk import (
    PATIENT,
    AssetsChanged,
    Ended,
    Missed,
    News,
    OrderNews,
    PositionChanged,
    Wallet,
    epoch_ms,
)
from mockex.gateway.platforms._ktx_words import (
    CONTRACT_SUFFIX,
    ERRORS,
    MARGINS,
    MERGES,
    MODES,
    STATUSES,
    action_of,
    bought_for,
    fill_of,
    info_of,
    market_of,
    order_type_of,
    pair_of,
    position_side_of,
)
from mockex.gateway.platforms._orders import EXACT
from mockex.gateway.platforms._platform import VenuePlatform

# `market` and `user` are two hosts of the venue with the same paths.
_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "market": Endpoint(scheme=Scheme.HTTP, path="/api"),
    "user": Endpoint(scheme=Scheme.HTTP, path="/api"),
    "stream": Endpoint(scheme=Scheme.SOCKET, path="/user"),
}

_PAGE: Final = 1000
_AMOUNTS_KEPT: Final = 10_000


class ClientIds:
    """Client ids of a platform's orders: of all its logins, so that two with one key never use the same id."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now_ms: int) -> int:
        """One that no later process uses either. An int64."""
        self._last = max(self._last + 1, now_ms << 20)
        return self._last


class KtxDesk:
    """A `Desk` of one of the two markets."""

    errors = ERRORS

    def __init__(
        self, urls: Mapping[str, str], account: Account, *, market: KtxMarket, time: Time, client_ids: ClientIds
    ) -> None:
        self.url = urls["stream"]
        self.listed: Mapping[str, SymbolInfo] = {}
        self.contracts = market is KtxMarket.PERPETUAL
        self.holdings: Wallet | ContractHoldings = Wallet()
        self._market = market
        self._mode = account.margin_mode
        self._time = time
        self._client_ids = client_ids
        self._pairs: dict[str, str] = {}  # by symbol
        self._amounts: OrderedDict[int, Decimal] = OrderedDict()  # quote currency of market buys, by client id
        self._client = KtxClient(
            urls["market"],
            urls["user"],
            credentials=Credentials(api_key=account.access_key, secret=account.secret_key),
            now=time.now_ns,
        )

    async def close(self) -> None:
        await self._client.close()

    def _now_ms(self) -> int:
        return self._time.now_ns() // NS_PER_MS

    # --- reaching the venue

    async def load(self) -> None:
        products = await self._client.market.products(self._market)
        self._pairs = {row.symbol: pair_of(row.symbol) for row in products}
        self.listed = {pair_of(row.symbol): info_of(row) for row in products}

    def stream(self) -> KtxStream:
        timing = StreamTiming(pong_within=PATIENT)
        return self._client.user_stream(self.url, timing=timing, stopwatch=self._time.stopwatch)

    async def enter(self, stream: KtxStream) -> None:
        """What concerns the account flows by itself after the login (ktx§9)."""

    # --- what the stream tells

    def read(self, event: Any) -> Sequence[News]:
        match event:
            case Push(value=KtxOrder() as value) if value.symbol in self._pairs:
                return self._order_news(value)
            case Push(value=Balance() as value):
                self._note_balance(self.holdings, value)
                return (AssetsChanged(),)
            case Push(value=KtxPosition() as value) if value.symbol in self._pairs:
                return self._position_news(value)
            case Disconnected():
                return (Ended(),)
            case ErrorReported() | ChannelRefused():
                return (Missed(),)
            case _:
                return ()

    def _order_news(self, row: KtxOrder) -> Sequence[News]:
        """A closing order that rests takes from what may be closed."""
        order = self._read_order(row)
        news = OrderNews(order=order, fills=tuple(fill_of(order, fill) for fill in row.fills))
        if isinstance(self.holdings, ContractHoldings) and row.close:
            self._note_closing(self.holdings, row)
            return (news, PositionChanged(pair=order.pair))
        return (news,)

    def _position_news(self, position: KtxPosition) -> Sequence[News]:
        if not isinstance(self.holdings, ContractHoldings):
            return ()
        self._note_position(self.holdings, position)
        return (PositionChanged(pair=self._pairs[position.symbol]),)

    # --- holdings

    async def fetch_holdings(self) -> Wallet | ContractHoldings:
        balances = await self._client.account.balances()
        holdings: Wallet | ContractHoldings = Wallet()
        if self.contracts:
            products = await self._client.market.products(self._market)
            markets = {pair_of(row.symbol): market_of(row) for row in products}
            holdings = ContractHoldings(markets, mode=self._mode, now_ms=self._now_ms())
            for position in await self._client.account.positions(market=self._market):
                self._note_position(holdings, position)
            for order in await self._client.trading.open_orders(market=self._market, limit=_PAGE):
                if order.close:
                    self._note_closing(holdings, order)
        for balance in balances:
            self._note_balance(holdings, balance)
        return holdings

    def note_holdings(self, holdings: Wallet | ContractHoldings) -> None:
        self.holdings = holdings

    async def refresh(self) -> None:
        """Mark prices, as long as something depends on them."""
        if isinstance(self.holdings, ContractHoldings):
            self.holdings.now_ms = self._now_ms()
            if self.holdings.exposed():
                products = await self._client.market.products(self._market)
                self.holdings.markets |= {pair_of(row.symbol): market_of(row) for row in products}

    def _note_balance(self, holdings: Wallet | ContractHoldings, balance: Balance) -> None:
        if isinstance(holdings, ContractHoldings):
            holdings.balances[balance.asset.upper()] = (balance.balance, balance.held)
        else:
            holdings.note(balance.asset, free=balance.free, locked=balance.held)

    def _note_position(self, holdings: ContractHoldings, position: KtxPosition) -> None:
        """One of quantity zero is there for an opening order that rests, or is about to go."""
        number = str(position.position_id)
        holdings.positions.pop(number, None)
        if position.quantity:
            holdings.positions[number] = Held(
                pair=self._pairs[position.symbol],
                side=PositionSide.LONG if position.quantity > 0 else PositionSide.SHORT,
                mode=MODES[position.margin],
                quantity=abs(position.quantity),
                entry_price=position.entry_price,
                leverage=position.leverage,
                margin=position.position_margin,
                maintenance_rate=position.maintenance_rate,
            )

    def _note_closing(self, holdings: ContractHoldings, row: KtxOrder) -> None:
        order = self._read_order(row)
        if order.open and order.position is not None:
            closing = Closing(pair=order.pair, side=order.position, remain=order.remain)
            holdings.closing[order.order_no] = closing
        else:
            holdings.closing.pop(order.order_no, None)

    # --- orders out

    async def place(self, request: OrderRequest) -> str:
        order = await self._new_order(request)
        try:
            placed = await self._client.trading.place_order(self._symbol(request.pair), order)
        except (errors.InsufficientFundsError, errors.NotFoundError) as error:
            if order.contract is not None and order.contract.close and not self.errors.verbatim:
                raise PlatformError(Refusal.POSITION) from error
            raise
        return str(placed.order_id)

    async def _new_order(self, request: OrderRequest) -> NewOrder:
        side = Side.BUY if request.action is Action.BUY else Side.SELL
        contract = None if request.position is None else self._contract(request.action, request.position)
        if request.price is not None:
            terms = TimeInForce.IMMEDIATE_OR_CANCEL if request.order_type is OrderType.IOC else None
            return LimitOrder(side=side, quantity=request.quantity, price=request.price, time_in_force=terms, contract=contract)
        if contract is None and side is Side.BUY:
            return await self._market_buy(request)
        return MarketOrder(side=side, quantity=request.quantity, contract=contract)

    def _contract(self, action: Action, position: PositionSide) -> Contract:
        opens = (action is Action.BUY) is (position is PositionSide.LONG)
        return Contract(merge=MERGES[position], margin=MARGINS[self._mode], leverage=DEFAULT_LEVERAGE, close=not opens)

    async def _market_buy(self, request: OrderRequest) -> MarketOrder:
        """For as much of the base currency as the amount buys of the present book. The amount is kept by a client id."""
        book = await self._client.market.book(self._market, self._symbol(request.pair), levels=1000)
        if not book.asks:
            raise venue_error("", "nobody sells")
        quantity = bought_for(request.quantity, book.asks, lot=self.listed[request.pair].size_tick)
        if not quantity:
            raise PlatformError(Refusal.QUANTITY)
        client_id = self._client_ids.next(self._now_ms())
        self._amounts[client_id] = request.quantity
        if len(self._amounts) > _AMOUNTS_KEPT:
            self._amounts.popitem(last=False)
        return MarketOrder(side=Side.BUY, quantity=quantity, client_order_id=client_id)

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        """One after the other: the venue cancels one, or all of a product."""
        outcomes = []
        for order_no in order_nos:
            error = None
            try:
                await self._client.trading.cancel_order(int(order_no), market=self._market)
            except KtxError as refused:
                if refused.outcome_unknown or isinstance(refused, errors.ConnectionFailedError):
                    raise
                error = self.errors.platform_error(refused).text
            outcomes.append(Cancelled(order_no=order_no, error=error))
        return outcomes

    # --- orders in

    async def open_orders(self, pair: str) -> Sequence[Order]:
        """The venue lets an account have fewer than a page."""
        trading = self._client.trading
        found = await trading.open_orders(market=self._market, symbol=self._symbol(pair), limit=_PAGE)
        return [self._read_order(row) for row in found]

    async def order(self, pair: str, order_no: str) -> Order | None:
        try:
            row = await self._client.trading.order(int(order_no))
        except errors.NotFoundError:
            return None
        return self._read_order(row) if self._pairs.get(row.symbol) == pair else None

    async def fills(self, order: Order) -> Sequence[Fill]:
        found = [row async for row in self._client.trading.older_fills(self._market, order_id=int(order.order_no))]
        return [fill_of(order, row) for row in reversed(found)]

    async def recent_fills(self, pair: str) -> Sequence[tuple[str, str]]:
        rows = await self._client.trading.fills(self._market, symbol=self._symbol(pair))
        return [(str(row.order_id), str(row.trade_id)) for row in rows]

    def _read_order(self, row: KtxOrder) -> Order:
        quantity, done = row.quantity, row.filled_quantity
        if not self.contracts and row.type is KtxType.MARKET and row.side is Side.BUY:
            quantity, done = self._amount(row), row.filled_value
        return Order(
            pair=self._pairs[row.symbol],
            order_no=str(row.order_id),
            action=action_of(row.side),
            order_type=order_type_of(row),
            price=row.price or Decimal(0),
            quantity=quantity,
            remain=max(EXACT.subtract(quantity, done), Decimal(0)),
            status=OrderStatus.NONE if row.status is None else STATUSES[row.status],
            created_ms=epoch_ms(row.created_at),
            updated_ms=epoch_ms(row.updated_at),
            position=position_side_of(row) if self.contracts else None,
        )

    def _amount(self, row: KtxOrder) -> Decimal:
        """What a market buy was placed for. Of one that somebody else placed, what it paid, and would pay for the rest."""
        amount = None if row.client_order_id is None else self._amounts.get(row.client_order_id)
        if amount is not None:
            return amount
        price = row.average_price
        if price is None:
            return row.quantity
        return EXACT.add(row.filled_value, EXACT.multiply(EXACT.subtract(row.quantity, row.filled_quantity), price))

    def _symbol(self, pair: str) -> str:
        return pair.replace("/", "_").upper() + (CONTRACT_SUFFIX if self.contracts else "")


def ktx_platform(name: str, market: KtxMarket) -> VenuePlatform:
    """One of the two markets. Contract orders are of leverage 10 and of the account's margin mode."""
    client_ids = ClientIds()

    def open_desk(urls: Mapping[str, str], account: Account, _pairs: Sequence[str], time: Time) -> KtxDesk:
        return KtxDesk(urls, account, market=market, time=time, client_ids=client_ids)

    contracts = market is KtxMarket.PERPETUAL
    return VenuePlatform(name, venue="ktx", endpoints=_ENDPOINTS, open_desk=open_desk, contracts=contracts)
