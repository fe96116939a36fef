"""Public market data over REST (htx§3.2). Thin: read the query, ask the market, encode.

Where a request breaks several rules, the symbol is told before the rest (ASSUMED). Parameters that an endpoint does not have
are ignored, signatures included (htx§2).
"""

from __future__ import annotations

from itertools import islice

from mockex.core.candles import BucketSpec
from mockex.core.markets import Market
from mockex.venues.htx import books, codec
from mockex.venues.htx.envelopes import market_data, market_tick, reply
from mockex.venues.htx.errors import MARKET, HtxFault
from mockex.venues.htx.limits import per_seconds
from mockex.venues.htx.periods import DAY, GUIDE_PERIODS, PERIODS
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

NOT_OPEN_FLAG = "not_open"

DEPTHS = frozenset({"5", "10", "20"})
MAX_ROWS = 2_000
DEFAULT_CANDLES, DEFAULT_MATCHES = 150, 1
MAX_RANGE_CANDLES = 1_000  # of /market/history/candles: above it, nothing (htx§3.2)

SECOND_NS = 1_000_000_000

_CALLS_PER_5_MINUTES = 4_500


def _params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def _market(call: Call) -> Market:
    symbol = _params(call).optional_text("symbol")
    if symbol is None:
        raise ApiFault(HtxFault.SYMBOL_MISSING)
    market = call.desk.exchange.markets.get(symbol)
    if market is None:
        raise ApiFault(HtxFault.SYMBOL_INVALID)
    if NOT_OPEN_FLAG in call.desk.flags:
        raise ApiFault(HtxFault.NOT_OPEN)
    return market


def _size(call: Call, default: int) -> int:
    """1 to 2,000."""
    text = _params(call).optional_text("size")
    if text is None:
        return default
    if not (text.isascii() and text.lstrip("-").isdigit()):
        raise ApiFault(HtxFault.SIZE_INVALID)
    size = int(text) if len(text) <= len(str(MAX_ROWS)) else 0  # int() would read any number of digits
    if not 1 <= size <= MAX_ROWS:
        raise ApiFault(HtxFault.SIZE_OUT_OF_RANGE, range=f"1, {MAX_ROWS}")
    return size


# --- tickers


def ticker_row(market: Market, now_ns: int) -> codec.Row:
    day = market.candles.filled(DAY, now_ns=now_ns, limit=1)
    return codec.encode_ticker(market, day[0] if day else None, now_ns)


def ticker_rows(desk: Desk) -> list[codec.Row]:
    """Of every market, as REST and the socket list them."""
    now_ns = desk.clock.now_ns()
    return [{"symbol": symbol, **ticker_row(market, now_ns)} for symbol, market in desk.exchange.markets.items()]


def tickers(call: Call) -> WireResponse:
    return reply(call, {"status": "ok", "ts": codec.ms(call.desk.clock.now_ns()), "data": ticker_rows(call.desk)})


def detail_tick(market: Market, now_ns: int) -> codec.Row:
    """`id` and `version` are the book's version: what the venue counts there is unknown (ASSUMED)."""
    version = books.version_of(market)
    return {"id": version, **codec.encode_detail(market, now_ns), "version": version}


def detail(call: Call) -> WireResponse:
    market = _market(call)
    symbol = market.instrument.symbol
    return market_tick(call, f"market.{symbol}.detail", detail_tick(market, call.desk.clock.now_ns()))


def merged(call: Call) -> WireResponse:
    market = _market(call)
    best = codec.encode_best(market)
    tick = detail_tick(market, call.desk.clock.now_ns())
    tick |= {"bid": [best["bid"], best["bidSize"]], "ask": [best["ask"], best["askSize"]]}
    return market_tick(call, f"market.{market.instrument.symbol}.detail.merged", tick)


# --- books


def depth_tick(market: Market, step: str, levels: int, now_ns: int) -> codec.Row:
    """The book in groups of a step; the same over REST and on the socket."""
    bids, asks = books.grouped(market, step, levels)
    return {
        "ts": codec.ms(now_ns),
        "version": books.version_of(market),
        "bids": codec.encode_levels(market.instrument, bids),
        "asks": codec.encode_levels(market.instrument, asks),
    }


def depth(call: Call) -> WireResponse:
    market, params = _market(call), _params(call)
    step = params.optional_text("type")
    if step is None or step not in books.STEPS:
        raise ApiFault(HtxFault.TYPE_INVALID)
    levels = params.optional_text("depth")
    if levels is not None and levels not in DEPTHS:
        raise ApiFault(HtxFault.DEPTH_INVALID)
    limit = books.default_levels(step) if levels is None else int(levels)
    tick = depth_tick(market, step, limit, call.desk.clock.now_ns())
    return market_tick(call, f"market.{market.instrument.symbol}.depth.{step}", tick)


def full_book(call: Call) -> WireResponse:
    """The name of the channel is inferred: no source prints one that fits."""
    market = _market(call)
    tick = depth_tick(market, books.UNGROUPED, books.MOST_LEVELS, call.desk.clock.now_ns())
    return market_tick(call, f"market.{market.instrument.symbol}.mbp.{books.MOST_LEVELS}", tick)


# --- trades


def newest_matches(market: Market, limit: int, *, id_name: str) -> list[codec.Row]:
    """Newest first."""
    found = islice(codec.matches(reversed(market.trades)), limit)
    return [codec.encode_match(market.instrument, trades, id_name=id_name) for trades in found]


def _trade_channel(market: Market) -> str:
    return f"market.{market.instrument.symbol}.trade.detail"


def trade(call: Call) -> WireResponse:
    """The last match. Before the first one the tick is empty (ASSUMED)."""
    market = _market(call)
    newest = newest_matches(market, 1, id_name="trade-id")
    now_ms = codec.ms(call.desk.clock.now_ns())
    return market_tick(call, _trade_channel(market), newest[0] if newest else {"id": 0, "ts": now_ms, "data": []})


def trades(call: Call) -> WireResponse:
    """One row for each match; `size` counts matches."""
    market = _market(call)
    return market_data(call, _trade_channel(market), newest_matches(market, _size(call, DEFAULT_MATCHES), id_name="trade-id"))


# --- candles


def _period(call: Call) -> tuple[str, BucketSpec]:
    name = _params(call).optional_text("period")
    if name is not None and call.desk.switch("seed_compat"):
        name = GUIDE_PERIODS.get(name, name)
    spec = None if name is None else PERIODS.get(name)
    if name is None or spec is None:
        raise ApiFault(HtxFault.PERIOD_INVALID)
    return name, spec


def kline(call: Call) -> WireResponse:
    """The newest candles, newest first; buckets without trades are flat at the last close (ASSUMED)."""
    market = _market(call)
    name, spec = _period(call)
    size = _size(call, DEFAULT_CANDLES)
    found = market.candles.filled(spec, now_ns=call.desk.clock.now_ns(), limit=size)
    rows = [codec.encode_candle(market.instrument, candle) for candle in found]
    return market_data(call, f"market.{market.instrument.symbol}.kline.{name}", rows)


def candles(call: Call) -> WireResponse:
    """The same for a range: candles that open between `from` and `to`, both included, in seconds (undocumented).

    More than 1,000 at a time are none at all (htx§3.2). No `size` means 150, as seen in March 2024 (issue 21819 of ccxt). Of a
    range with more of them than `size` the newest come, and what is no number is passed over: both ASSUMED.
    """
    market = _market(call)
    name, spec = _period(call)
    size = _size(call, DEFAULT_CANDLES)
    found = market.candles.filled(
        spec,
        now_ns=call.desk.clock.now_ns(),
        start_ns=_seconds(call, "from"),
        end_ns=_seconds(call, "to"),
        limit=0 if size > MAX_RANGE_CANDLES else size,
    )
    rows = [codec.encode_candle(market.instrument, candle) for candle in found]
    return market_data(call, f"market.{market.instrument.symbol}.kline.{name}", rows)


def _seconds(call: Call, name: str) -> int | None:
    """A time within what the candles' calendar can hold; None for anything else."""
    text = _params(call).optional_text(name) or ""
    return int(text) * SECOND_NS if text.isascii() and text.isdigit() and len(text) <= 11 else None


def _route(path: str, handler: Handler, calls: int = _CALLS_PER_5_MINUTES, seconds: int = 300) -> Route:
    return Route(method="GET", path=path, handler=handler, limit=per_seconds(calls, seconds, path), tags=frozenset({MARKET}))


MARKET_ROUTES = (
    _route("/market/tickers", tickers),
    _route("/market/detail/merged", merged),
    _route("/market/detail", detail),
    _route("/market/depth", depth, 4_000),
    _route("/market/fullMbp", full_book, 5, 1),
    _route("/market/trade", trade),
    _route("/market/history/trade", trades, 3_000),
    _route("/market/history/kline", kline),
    _route("/market/history/candles", candles),
)
