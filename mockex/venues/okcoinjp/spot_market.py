"""Public spot endpoints (okj§8). Thin: read the query, ask the market, encode."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.core.candles import FIRST_MONDAY_NS, HOUR_NS, BucketSpec, FixedBuckets, MonthBuckets
from mockex.core.markets import Market
from mockex.core.policy import SECOND_NS
from mockex.core.units import Instrument
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.limits import per_seconds
from mockex.wire.decimals import to_units
from mockex.wire.depth import BucketEdge, merge_levels
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.paging import OverLimit, page_limit
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route
from mockex.wire.timestamps import iso_ms, parse_iso_ns

MAX_BOOK_LEVELS = 200
MAX_TRADES = 60
MAX_CANDLES = 200
CANDLE_HISTORY = 1_440  # okj§13 row 1: the FAQ says 2000

# Days open at midnight UTC+8 (okj§8). Week and month alignment: proposed and ASSUMED, weeks open on Monday.
_OFFSET_NS = -8 * HOUR_NS

CANDLES: Mapping[int, BucketSpec] = {
    **{
        seconds: FixedBuckets(width_ns=seconds * SECOND_NS, offset_ns=_OFFSET_NS)
        for seconds in (60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400)
    },
    604_800: FixedBuckets(width_ns=604_800 * SECOND_NS, offset_ns=FIRST_MONDAY_NS + _OFFSET_NS),
    **{
        seconds: MonthBuckets(months=months, offset_ns=_OFFSET_NS)
        for seconds, months in ((2_678_400, 1), (8_035_200, 3), (16_070_400, 6), (31_536_000, 12))
    },
}


def market_of(desk: Desk, text: str) -> Market:
    """The market of an instrument id in any case. SYMBOL_UNKNOWN: 30032."""
    market = desk.exchange.markets.get(text.upper())
    if market is None:
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=text[:32])
    return market


def _market(call: Call) -> Market:
    return market_of(call.desk, call.path_params["instrument_id"])


def _params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def _json(value: object) -> WireResponse:
    return WireResponse(200, dumps(value))


def instruments(call: Call) -> WireResponse:
    desk = call.desk
    return _json(
        [
            codec.encode_instrument(market.instrument, with_category=desk.settings.observed)
            for market in desk.exchange.markets.values()
        ]
    )


def book(call: Call) -> WireResponse:
    """`size` levels a side, 200 at most; `depth` merges prices into buckets, bids down and asks up."""
    market, params = _market(call), _params(call)
    size = params.optional_integer("size", minimum=0)
    size = MAX_BOOK_LEVELS if size is None else min(size, MAX_BOOK_LEVELS)
    depth = params.optional_decimal("depth")
    bids, asks = market.book.bids, market.book.asks
    if depth is None:
        bid_levels, ask_levels = bids.depth(size), asks.depth(size)
    else:
        bucket = _bucket_ticks(market.instrument, depth)
        bid_levels = merge_levels(bids.depth(len(bids.keys)), bucket, BucketEdge.FLOOR)[:size]
        ask_levels = merge_levels(asks.depth(len(asks.keys)), bucket, BucketEdge.CEILING)[:size]
    return _json(
        {
            "asks": codec.encode_rest_levels(market.instrument, ask_levels),
            "bids": codec.encode_rest_levels(market.instrument, bid_levels),
            "timestamp": iso_ms(call.desk.clock.now_ns()),
        }
    )


def _bucket_ticks(instrument: Instrument, depth: Decimal) -> int:
    """ASSUMED: a bucket that is no multiple of the tick size is refused like any value outside its range."""
    scale = instrument.price_scale
    units, exact = to_units(depth, scale.decimals)
    if not exact or units <= 0 or units % scale.step:
        raise ApiFault(FaultKind.PARAM_VALUE, field="depth", value=str(depth))
    return units // scale.step


def has_ticker(market: Market, now_ns: int) -> bool:
    """Whether there is anything to show: a trade, ever, or an order. ASSUMED: this is what "no relevant data" means."""
    book = market.book
    return bool(book.bids.keys or book.asks.keys) or market.ticker.at(now_ns).last_price is not None


def tickers(call: Call) -> WireResponse:
    """Of every pair that has something to show."""
    now_ns = call.desk.clock.now_ns()
    markets = call.desk.exchange.markets.values()
    return _json([codec.encode_ticker(market, now_ns) for market in markets if has_ticker(market, now_ns)])


def ticker(call: Call) -> WireResponse:
    """30036 for a pair that has nothing to show: here the client wants one row, where a list would be empty (okj§5.1)."""
    market, now_ns = _market(call), call.desk.clock.now_ns()
    if not has_ticker(market, now_ns):
        raise ApiFault(OkFault.NO_DATA)
    return _json(codec.encode_ticker(market, now_ns))


def trades(call: Call) -> WireResponse:
    """Newest first; more than 60 are cut to 60, because clients ask for 100."""
    market = _market(call)
    requested = _params(call).optional_integer("limit")
    limit = page_limit(requested, default=MAX_TRADES, maximum=MAX_TRADES, over=OverLimit.CLAMP)
    return _json([codec.encode_trade(market.instrument, trade) for trade in market.newest_trades(limit)])


def candles(call: Call) -> WireResponse:
    """Newest first, 200 at most. Without both `start` and `end`: the latest 200.

    Buckets without trades are flat at the last close: the document shows such a candle on the WebSocket (okj§11.3); that they
    are not left out here is ASSUMED.
    """
    market, params = _market(call), _params(call)
    granularity = params.optional_integer("granularity")
    spec = CANDLES.get(60 if granularity is None else granularity)
    if spec is None:
        raise ApiFault(FaultKind.PARAM_VALUE, field="granularity", value=str(granularity))
    start_ns, end_ns = _time(params, "start"), _time(params, "end")
    if start_ns is None or end_ns is None:
        start_ns = end_ns = None
    now_ns = call.desk.clock.now_ns()
    found = market.candles.filled(spec, now_ns=now_ns, start_ns=start_ns, end_ns=end_ns, limit=MAX_CANDLES)
    return _json([codec.encode_candle(market.instrument, candle) for candle in found])


def _time(params: Params, name: str) -> int | None:
    text = params.optional_text(name)
    if text is None:
        return None
    time_ns = parse_iso_ns(text)
    if time_ns is None:
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name, value=text[:32])
    return time_ns


def _route(path: str, handler: Handler) -> Route:
    return Route(
        method="GET",
        path=f"/api/spot/v3/instruments{path}",
        handler=handler,
        limit=per_seconds(20, 2, f"instruments{path}"),
    )


MARKET_ROUTES = (
    _route("", instruments),
    _route("/ticker", tickers),
    _route("/{instrument_id}/book", book),
    _route("/{instrument_id}/ticker", ticker),
    _route("/{instrument_id}/trades", trades),
    _route("/{instrument_id}/candles", candles),
)
