"""Public market data over REST (cs§7.15-7.19). Thin: read the request, ask the exchange, encode."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from mockex.core.candles import Candle
from mockex.core.markets import Market
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.envelopes import plain, with_blank_message
from mockex.venues.coinstore.ids import FIRST_TRADE_ID
from mockex.venues.coinstore.periods import CANDLES_KEPT, INTERVALS, PERIODS
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

DEPTHS = (5, 10, 20, 50, 100)
DEFAULT_DEPTH = 20
DEFAULT_CANDLES, MAX_CANDLES = 20, CANDLES_KEPT
DEFAULT_TRADES, MAX_TRADES = 20, 100
DEFAULT_PERIOD = "1min"


def params_of(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def market_named(call: Call, symbol: str) -> Market:
    """In any case (proposed, cs§5)."""
    market = call.desk.exchange.markets.get(symbol.upper())
    if market is None:
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=symbol[:32])
    return market


def _market(call: Call) -> Market:
    return market_named(call, call.path_params["symbol"])


def _pair_id(call: Call, market: Market) -> int:
    pair_id: int = call.state.pair_id(market.instrument.symbol)
    return pair_id


def tickers(call: Call) -> WireResponse:
    now_ns = call.desk.clock.now_ns()
    markets = call.desk.exchange.markets.values()
    return plain([codec.encode_ticker(market, _pair_id(call, market), now_ns) for market in markets])


def depth(call: Call) -> WireResponse:
    """Another depth than the five is the default (proposed)."""
    market = _market(call)
    asked = params_of(call).optional_text("depth")
    level = next((known for known in DEPTHS if str(known) == asked), DEFAULT_DEPTH)
    pair_id = _pair_id(call, market)
    return plain({"channel": f"{pair_id}@depth@{level}", **codec.encode_book(market, pair_id, level)})


def trades(call: Call) -> WireResponse:
    """Newest first (observed); a size out of range is an error (ASSUMED)."""
    market = _market(call)
    size = params_of(call).optional_integer("size", minimum=1, maximum=MAX_TRADES) or DEFAULT_TRADES
    pair_id = _pair_id(call, market)
    return plain(
        [
            {"channel": f"{pair_id}@trade", **codec.encode_trade(market.instrument, pair_id, trade)}
            for trade in market.newest_trades(size)
        ]
    )


def klines(call: Call) -> WireResponse:
    """The newest candles, oldest of them first (proposed); periods without trades have none (observed)."""
    market, params = _market(call), params_of(call)
    interval = params.optional_choice("period", PERIODS) or PERIODS[DEFAULT_PERIOD]
    size = params.optional_integer("size", minimum=1, maximum=MAX_CANDLES) or DEFAULT_CANDLES
    pair_id = _pair_id(call, market)
    return plain(
        {
            "channel": f"{pair_id}@kline@{interval}",
            "item": candle_rows(market, interval, limit=size),
            "symbol": market.instrument.symbol,
            "instrumentId": pair_id,
        }
    )


def candle_rows(market: Market, interval: str, *, limit: int, end_ns: int | None = None) -> list[codec.Row]:
    """The newest `limit` candles that open before `end_ns`, oldest first. REST and the socket's requests have the same rows."""
    buckets = INTERVALS[interval]
    rows: list[codec.Row] = []
    newest = market.candles.candles(buckets, limit=limit if end_ns is None else CANDLES_KEPT)  # ids count from the newest one
    for candle, last_id in _with_last_ids(market, newest):
        if end_ns is not None and candle.open_ns >= end_ns:
            continue
        if len(rows) == limit:
            break
        rows.append(codec.encode_candle(market.instrument, candle, buckets, interval, last_id))
    return rows[::-1]


def _with_last_ids(market: Market, newest_first: Iterable[Candle]) -> Iterable[tuple[Candle, int]]:
    """Each candle with the id of its last trade: the trades of a market are numbered without gaps, so counts tell."""
    last_id = market.trade_ids.last or FIRST_TRADE_ID - 1
    for candle in newest_first:
        yield candle, last_id
        last_id -= candle.trade_count


def newest_candle_row(market: Market, interval: str) -> codec.Row | None:
    """None while nothing has traded."""
    rows = candle_rows(market, interval, limit=1)
    return rows[0] if rows else None


def prices(call: Call) -> WireResponse:
    """Of the pairs in the path's matrix parameter `;symbol=A,B`, in that very case; of all without one.

    A query of that name is ignored (observed). Unknown pairs are skipped, and so are those that never traded (proposed).
    """
    named = _matrix_symbols(call.path_params.get("matrix", ""))
    rows = []
    for symbol, market in call.desk.exchange.markets.items():
        price = market.ticker.last_price
        if price is not None and (named is None or symbol in named):
            text = codec.price_text(market.instrument, price)
            rows.append({"id": _pair_id(call, market), "symbol": symbol, "price": text})
    return with_blank_message(rows)


def _matrix_symbols(matrix: str) -> set[str] | None:
    """None: no filter."""
    for parameter in matrix.split(";"):
        name, _, value = parameter.partition("=")
        if name == "symbol" and value:
            return set(unquote(value, errors="replace").split(","))
    return None


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler)


MARKET_ROUTES = (
    _route("/api/v1/market/tickers", tickers),
    _route("/api/v1/market/depth/{symbol}", depth),
    _route("/api/v1/market/kline/{symbol}", klines),
    _route("/api/v1/market/trade/{symbol}", trades),
    _route("/api/v1/ticker/price", prices),
)
