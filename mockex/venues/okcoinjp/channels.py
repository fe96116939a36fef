"""What each WebSocket channel of OKCoin Japan v3 says, and when. Source: okj§11.3 and §11.4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mockex.core.candles import BucketSpec, Candle
from mockex.core.events import BalanceChanged, Event, OrderAccepted, OrderCancelled, OrderFilled, Trade
from mockex.core.markets import Market
from mockex.core.orders import Fill, Order, OrderStatus
from mockex.core.units import Instrument, Wallet
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.checksum import CHECKSUM_LEVELS, checksum
from mockex.venues.okcoinjp.spot_market import CANDLES, has_ticker
from mockex.wire.depth import DepthDelta, DepthWindow, Level
from mockex.wire.desk import Desk
from mockex.wire.fanout import DepthFeed, EventFeed, Feed, StateFeed, Trigger
from mockex.wire.json import dumps
from mockex.wire.newest import Newest
from mockex.wire.timestamps import iso_ms

MS_NS = 1_000_000
DEPTH_LEVELS = 400  # the first `partial`; 200 in 2019 (okj§11.4)
DEPTH5_LEVELS = 5

Row = Mapping[str, object]

_WS_CANDLES = (60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 604_800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`make_feed(desk, table, argument, account_id)`; the argument is a known pair or currency in upper case."""

    make_feed: Callable[[Desk, str, str, str], Feed]
    needs_login: bool = False
    by_currency: bool = False


def _push(table: str, row: Row, *, action: str | None = None) -> bytes:
    """One element per `data`, as in every recording (okj§11.2)."""
    head: dict[str, object] = {"table": table}
    if action is not None:
        head["action"] = action
    return dumps({**head, "data": [row]})


def _stamped(desk: Desk, table: str) -> Callable[[Row], bytes]:
    """Pushes a row with the time of the push."""
    return lambda row: _push(table, {**row, "timestamp": iso_ms(desk.clock.now_ns())})


def _ticker(desk: Desk, table: str, symbol: str, _: str) -> Feed:
    """A pair with nothing to show yet pushes none on arrival."""
    market = desk.exchange.markets[symbol]

    def newest() -> Row:
        return codec.ticker_values(market, desk.clock.now_ns())

    def present() -> Row | None:
        return newest() if has_ticker(market, desk.clock.now_ns()) else None

    rows = Newest(newest, _stamped(desk, table), present=present)
    return StateFeed(
        (Trigger.TRADE, symbol),
        (Trigger.BOOK, symbol),
        clock=desk.clock,
        interval_ns=100 * MS_NS,
        render=rows.render,
        opening=rows.opening,
    )


def _candle(spec: BucketSpec) -> Callable[[Desk, str, str, str], Feed]:
    """Pushes the candle that was traded in, which may have closed by then. On arrival: the present one, flat while nothing has
    traded in it, as in the document's example.
    """

    def make_feed(desk: Desk, table: str, symbol: str, _: str) -> Feed:
        market = desk.exchange.markets[symbol]

        def row(candle: Candle) -> Row:
            return {"candle": codec.encode_candle(market.instrument, candle), "instrument_id": symbol}

        def newest() -> Row | None:
            traded = market.candles.latest(spec)
            return None if traded is None else row(traded)

        def present() -> Row | None:
            found = market.candles.filled(spec, now_ns=desk.clock.now_ns(), limit=1)
            return row(found[0]) if found else None

        rows = Newest(newest, lambda row: _push(table, row), present=present)
        return StateFeed(
            (Trigger.TRADE, symbol),
            clock=desk.clock,
            interval_ns=500 * MS_NS,
            render=rows.render,
            opening=rows.opening,
        )

    return make_feed


def _trade(desk: Desk, table: str, symbol: str, _: str) -> Feed:
    market = desk.exchange.markets[symbol]

    def render(event: Event) -> bytes | None:
        return _push(table, codec.encode_trade_push(market.instrument, event)) if isinstance(event, Trade) else None

    def last_trade() -> Iterable[bytes]:
        return [_push(table, codec.encode_trade_push(market.instrument, trade)) for trade in market.newest_trades(1)]

    return EventFeed((Trigger.TRADE, symbol), render=render, opening=last_trade)


def _depth5(desk: Desk, table: str, symbol: str, _: str) -> Feed:
    market = desk.exchange.markets[symbol]

    def newest() -> Row:
        bids, asks = market.book.bids.depth(DEPTH5_LEVELS), market.book.asks.depth(DEPTH5_LEVELS)
        return {
            "asks": codec.encode_ws_levels(market.instrument, asks),
            "bids": codec.encode_ws_levels(market.instrument, bids),
            "instrument_id": symbol,
        }

    rows = Newest(newest, _stamped(desk, table))
    return StateFeed(
        (Trigger.BOOK, symbol),
        clock=desk.clock,
        interval_ns=100 * MS_NS,
        render=rows.render,
        opening=rows.opening,
    )


def _depth(
    encode_levels: Callable[[Instrument, list[Level]], list[list[object]]], interval_ns: int | None
) -> Callable[[Desk, str, str, str], Feed]:
    def make_feed(desk: Desk, table: str, symbol: str, _: str) -> Feed:
        market = desk.exchange.markets[symbol]

        def payload(action: str, bids: list[Level], asks: list[Level], window: DepthWindow) -> bytes:
            row = {
                "instrument_id": symbol,
                "asks": encode_levels(market.instrument, asks),
                "bids": encode_levels(market.instrument, bids),
                "timestamp": iso_ms(desk.clock.now_ns()),
                "checksum": _checksum(market, window),
            }
            return _push(table, row, action=action)

        def snapshot(window: DepthWindow) -> bytes:
            return payload("partial", window.bids, window.asks, window)

        def update(delta: DepthDelta, window: DepthWindow) -> bytes:
            return payload("update", delta.bids, delta.asks, window)

        return DepthFeed(
            market,
            clock=desk.clock,
            levels=DEPTH_LEVELS,
            interval_ns=interval_ns,
            snapshot=snapshot,
            update=update,
        )

    return make_feed


def _checksum(market: Market, window: DepthWindow) -> int:
    instrument = market.instrument

    def texts(levels: list[Level]) -> list[tuple[str, str]]:
        return [(codec.price_text(instrument, price), codec.qty_text(instrument, qty)) for price, qty, _ in levels]

    return checksum(texts(window.bids[:CHECKSUM_LEVELS]), texts(window.asks[:CHECKSUM_LEVELS]))


def _account(desk: Desk, table: str, currency: str, account_id: str) -> Feed:
    def render(event: Event) -> bytes | None:
        if not isinstance(event, BalanceChanged):
            return None
        return _push(table, codec.encode_balance_push(currency, event.total, event.held))

    def current() -> Iterable[bytes]:
        balance = desk.account(account_id).wallets[Wallet.SPOT].get(currency)
        total, held = (0, 0) if balance is None else (balance.total, balance.held)
        return (_push(table, codec.encode_balance_push(currency, total, held)),)

    return EventFeed((Trigger.BALANCE, account_id, Wallet.SPOT, currency), render=render, opening=current)


def _order(desk: Desk, table: str, symbol: str, account_id: str) -> Feed:
    def render(event: Event) -> bytes | None:
        row = _order_row(event)
        return None if row is None else _push(table, row)

    return EventFeed((Trigger.ORDER, account_id, symbol), render=render)


def _order_row(event: Event) -> dict[str, str] | None:
    """The order as it was after the event: later events of the same command must not show through."""
    match event:
        case OrderAccepted():
            return codec.encode_order_push(event.order, OrderStatus.OPEN, 0, 0, None, event.time_ns)
        case OrderFilled():
            fill = event.fill
            return codec.encode_order_push(
                fill.order, fill.order_status, fill.order_filled_qty, fill.order_filled_notional, fill, fill.time_ns
            )
        case OrderCancelled():
            order = event.order
            return codec.encode_order_push(
                order, order.status, order.filled_qty, order.filled_notional, _last_fill(order), event.time_ns
            )
        case _:
            return None


def _last_fill(order: Order) -> Fill | None:
    return order.fills[-1] if order.fills else None


CHANNELS: Mapping[str, Channel] = {
    "spot/ticker": Channel(make_feed=_ticker),
    **{f"spot/candle{seconds}s": Channel(make_feed=_candle(CANDLES[seconds])) for seconds in _WS_CANDLES},
    "spot/trade": Channel(make_feed=_trade),
    "spot/depth5": Channel(make_feed=_depth5),
    "spot/depth": Channel(make_feed=_depth(codec.encode_ws_levels, 100 * MS_NS)),
    "spot/depth_l2_tbt": Channel(make_feed=_depth(codec.encode_tbt_levels, None)),
    "spot/account": Channel(make_feed=_account, needs_login=True, by_currency=True),
    "spot/order": Channel(make_feed=_order, needs_login=True),
}
