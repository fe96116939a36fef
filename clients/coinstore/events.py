"""What a stream tells its readers.

Owns: the typed events, the values of private pushes, and the decoding of data messages.
Must not know: connections, subscriptions, time.
Source: Coinstore document, "Websocket"; cs§9.4, cs§9.5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from . import channels
from . import market_models as m
from .errors import CoinstoreError
from .fields import Row, price_of, sum_of
from .trading_models import Order, decode_order
from .vocabulary import OrderState, OrderType, RoleWord, Side, TimeInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class AllTickers:
    """A push of `!@ticker`."""

    tickers: tuple[m.Ticker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceUpdate:
    """A push of `<currency>@account`."""

    account_id: int
    currency: str
    available: Decimal
    frozen: Decimal
    at: datetime

    @property
    def total(self) -> Decimal:
        """What the account holds of the currency, free or not."""
        return sum_of(self.available, self.frozen)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """A push of `<pair>@order`. `version` increases. What begins with `match_` and the fee mean something if `match_quantity`
    is above zero: they are of the present match, while `filled_*` and `remaining_quantity` are totals.
    """

    version: int
    account_id: int
    order_id: int
    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce | None
    state: OrderState | None
    price: Decimal
    quantity: Decimal
    amount: Decimal
    filled_quantity: Decimal
    filled_amount: Decimal
    remaining_quantity: Decimal
    match_id: int
    trade_id: int
    role: RoleWord | None
    match_quantity: Decimal
    match_amount: Decimal
    self_dealing_quantity: Decimal
    fee_rate: Decimal
    fee_currency_id: int
    fee: Decimal
    at: datetime

    @property
    def match_price(self) -> Decimal | None:
        """Of the present match, if there is one."""
        return price_of(self.match_amount, self.match_quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetBalance:
    """A balance in a push of `spot_asset`. Which fields the venue sends is not known: only the currency is sure."""

    currency: str
    available: Decimal | None
    frozen: Decimal | None
    btc_value: Decimal | None
    usd_value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUpdate:
    """A push of `spot_asset`."""

    assets: tuple[AssetBalance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersUpdate:
    """A push of `spot_order`."""

    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPush:
    """A message of a type that this client does not know."""

    type: str
    fields: Mapping[str, object]


PushValue = (
    m.Trade
    | m.TradeHistory
    | m.CandleUpdate
    | m.Ticker
    | m.Book
    | AllTickers
    | BalanceUpdate
    | OrderUpdate
    | AssetUpdate
    | OrdersUpdate
    | RawPush
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One data message. `channel` is as the venue spells it, empty if it names none."""

    channel: str
    value: PushValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Established, and logged in if there are credentials. `sid` names the session; `reconnections` is 0 for the first time."""

    reconnections: int
    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """The venue acknowledged a subscription: for the first time, or again on a new connection."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The connection is gone, or an attempt to renew it failed. Messages may have been missed."""

    error: CoinstoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesLost:
    """The venue counts what it sends, and these numbers, both included, are missing."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """The venue refused a channel, which is no longer subscribed."""

    channel: str
    error: CoinstoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    """An error that belongs to no request of this client, or a message of unexpected shape."""

    error: CoinstoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The stream is closed for good: the last event."""


StreamEvent = Push | Connected | Subscribed | Disconnected | FramesLost | ChannelRefused | ErrorReported | Closed


def _trade(row: Row) -> m.Trade | m.TradeHistory:
    if not row.has("data"):
        return m.decode_trade(row)
    return m.TradeHistory(trades=tuple(m.decode_trade(trade) for trade in row.rows("data", "trade")))


def _ticker(row: Row) -> m.Ticker | AllTickers:
    if not row.has("data"):
        return m.decode_ticker(row)
    return AllTickers(tickers=tuple(m.decode_ticker(ticker) for ticker in row.rows("data", "ticker")))


def _balance(row: Row) -> BalanceUpdate:
    return BalanceUpdate(
        account_id=row.integer("accountId"),
        currency=row.text("currency"),
        available=row.decimal("available"),
        frozen=row.decimal("frozen"),
        at=row.seconds("timestamp"),
    )


def _order(row: Row) -> OrderUpdate:
    return OrderUpdate(
        version=row.integer("version"),
        account_id=row.integer("accountId"),
        order_id=row.integer("ordId"),
        symbol=row.text("symbol"),
        side=row.word(Side, "side"),
        type=row.word(OrderType, "ordType"),
        time_in_force=row.known_word(TimeInForce, "timeInForce"),
        state=row.known_word(OrderState, "ordState"),
        price=row.decimal("ordPrice"),
        quantity=row.decimal("ordQty"),
        amount=row.decimal("ordAmt"),
        filled_quantity=row.decimal("execQty"),
        filled_amount=row.decimal("execAmt"),
        remaining_quantity=row.decimal("remainingQty"),
        match_id=row.integer("matchId"),
        trade_id=row.integer("tradeId"),
        role=row.known_word(RoleWord, "matchRole"),
        match_quantity=row.decimal("matchQty"),
        match_amount=row.decimal("matchAmt"),
        self_dealing_quantity=row.decimal("selfDealingQty"),
        fee_rate=row.decimal("actualFeeRate"),
        fee_currency_id=row.integer("feeCurrencyId"),
        fee=row.decimal("fee"),
        at=row.seconds("timestamp"),
    )


def _assets(row: Row) -> AssetUpdate:
    return AssetUpdate(
        assets=tuple(
            AssetBalance(
                currency=asset.text("symbol"),
                available=asset.optional_decimal("available"),
                frozen=asset.optional_decimal("frozen"),
                btc_value=asset.optional_decimal("btcValuation"),
                usd_value=asset.optional_decimal("usdValuation"),
            )
            for asset in row.rows("assets", "asset")
        )
    )


def _orders(row: Row) -> OrdersUpdate:
    return OrdersUpdate(orders=tuple(decode_order(order) for order in row.rows("orderVoList", "order")))


_DECODERS: Mapping[str, Callable[[Row], PushValue]] = MappingProxyType(
    {
        "trade": _trade,
        "kline": m.decode_candle_update,
        "ticker": _ticker,
        "depth": m.decode_book,
        "account": _balance,
        "order": _order,
        channels.SPOT_ASSETS: _assets,
        channels.SPOT_ORDERS: _orders,
    }
)


def decode_push(kind: str, row: Row) -> Push:
    """A data message as a typed push."""
    decode = _DECODERS.get(kind)
    value = decode(row) if decode is not None else RawPush(type=kind, fields=row.raw)
    return Push(channel=_channel_of(kind, row), value=value)


def _channel_of(kind: str, row: Row) -> str:
    """The channel of a message, of the first of its rows, or its type where that is the channel's name."""
    named = row.optional_text("channel")
    if named is not None:
        return named
    if kind in (channels.SPOT_ASSETS, channels.SPOT_ORDERS):
        return kind
    if row.blank("data"):
        return ""
    if kind == "ticker":
        return channels.ALL_TICKERS
    trades = row.rows("data", kind)
    return (trades[0].optional_text("channel") or "") if trades else ""
