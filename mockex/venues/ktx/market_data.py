"""Public market data over REST (ktx§6). Thin: read the query, ask the exchange, encode.

All parameters are read before the product is looked for, because what is wrong with one is told first (ktx§3).
"""

from __future__ import annotations

from collections.abc import Iterable

from mockex.core.book import BookSide
from mockex.core.candles import Candle
from mockex.core.fees import RATE_DECIMALS
from mockex.core.markets import Market
from mockex.venues.ktx import codec
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.instruments import market_of
from mockex.venues.ktx.paging import BOUNDS, COMBINATIONS, Page
from mockex.venues.ktx.params import check_combination, given, market_name, of_query, product, product_named, values_of
from mockex.venues.ktx.periods import CANDLES_KEPT, TIME_FRAMES, width_ms
from mockex.wire.decimals import plain
from mockex.wire.depth import BucketEdge, Level, merge_levels
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

LEVELS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
DEFAULT_LEVELS = "100"
PRICE_SCALES = {str(scale): scale for scale in range(6)}
CACHED_TRADES = 1_000
MAX_TRADES = 10_000

_OF_PRODUCTS = ("market", "symbol")
_LEVELS_BY_TEXT = {str(level): level for level in LEVELS}


# --- products


def products(call: Call) -> WireResponse:
    """Of a market, or one of them."""
    params = of_query(call, required=("market",))
    market = market_name(params)
    if params.raw("symbol") is not None:
        return reply(call, [encode_product(call, product(call, params, market))])
    found = [each for symbol, each in call.desk.exchange.markets.items() if market_of(symbol) == market]
    return reply(call, [encode_product(call, each) for each in found])


def encode_product(call: Call, market: Market) -> codec.Row:
    """`quantityScale` and `priceScale` are numbers of decimals. A value has no maximum of its own here but what is printed.
    Perpetuals alone have what follows it (proposed).
    """
    instrument = market.instrument
    fees = call.desk.exchange.policy.fees
    row: codec.Row = {
        "id": call.state.product_id(instrument.symbol),
        "market": market_of(instrument.symbol),
        "symbol": instrument.symbol,
        "takerFee": plain(fees.taker_rate, RATE_DECIMALS),
        "makerFee": plain(fees.maker_rate, RATE_DECIMALS),
        "minOrderSize": codec.qty_text(instrument, instrument.min_qty),
        "maxOrderSize": codec.qty_text(instrument, instrument.max_qty),
        "quantityScale": instrument.qty_scale.decimals,
        "priceScale": instrument.price_scale.decimals,
        "minOrderValue": codec.amount_text(instrument.quote, instrument.limits.min_notional or 0),
        "maxOrderValue": "10000000000",
    }
    contract = market.contract
    if contract is not None and contract.funding is not None:
        row |= codec.encode_funding(contract, contract.funding, call.desk.clock.now_ns())
    return row


# --- books


def order_book(call: Call) -> WireResponse:
    params = of_query(call, required=_OF_PRODUCTS)
    name = market_name(params)
    level = params.optional_choice("level", _LEVELS_BY_TEXT) or _LEVELS_BY_TEXT[DEFAULT_LEVELS]
    scale = params.optional_choice("price_scale", PRICE_SCALES) or 0
    return reply(call, book_row(call, product(call, params, name), level, scale=scale))


def book_row(call: Call, market: Market, level: int, *, scale: int) -> codec.Row:
    """The best levels once prices are merged: bids downwards, asks upwards, so that the book never crosses (proposed)."""
    instrument, book = market.instrument, market.book
    bids = _merged(book.bids, level, scale, BucketEdge.FLOOR)
    asks = _merged(book.asks, level, scale, BucketEdge.CEILING)
    return codec.encode_book(
        call.state.generation.number(book.version),
        call.desk.clock.now_ns(),
        codec.encode_levels(instrument, bids, coarser=scale),
        codec.encode_levels(instrument, asks, coarser=scale),
    )


def _merged(side: BookSide, level: int, scale: int, edge: BucketEdge) -> list[Level]:
    """Merged first, then cut: all prices of the side are looked at where several make one level."""
    if scale == 0:
        return side.depth(level)
    return merge_levels(side.depth(len(side.keys)), 10**scale, edge)[:level]


# --- candles


def candles(call: Call) -> WireResponse:
    """`before`: the newest that open at it or earlier; `after`: the oldest that open at it or later; not both (proposed)."""
    params = of_query(call, required=(*_OF_PRODUCTS, "time_frame"))
    name = market_name(params)
    spec = params.choice("time_frame", TIME_FRAMES)
    bounds = given(params, ("before", "after"))
    check_combination(bounds, ("before",), ("after",))
    before, after, limit = params.moment_ms("before"), params.moment_ms("after"), params.rows()
    market = product(call, params, name)
    rows = [
        (candle, last_id)
        for candle, last_id in with_last_ids(market, market.candles.candles(spec, limit=CANDLES_KEPT))
        if (before is None or codec.ms(candle.open_ns) <= before) and (after is None or codec.ms(candle.open_ns) >= after)
    ]
    ascending = rows[::-1]
    page = ascending[:limit] if after is not None else ascending[-limit:]
    encoded = [codec.encode_candle(market.instrument, candle, last_id) for candle, last_id in page]
    return reply(call, {"t": width_ms(spec), "e": encoded})


def with_last_ids(market: Market, newest_first: Iterable[Candle]) -> Iterable[tuple[Candle, int]]:
    """Each candle with the id of its last trade: the trades of a market are numbered without gaps, so counts tell."""
    last_id = market.trade_ids.last or 0
    for candle in newest_first:
        yield candle, last_id
        last_id -= candle.trade_count


# --- trades


def trades(call: Call) -> WireResponse:
    """Ascending. Bounds are included, so that pages overlap (ktx§6)."""
    params = of_query(call, required=_OF_PRODUCTS)
    name = market_name(params)
    bounded = given(params, BOUNDS)
    check_combination(bounded, *COMBINATIONS)
    page = Page(params)
    market = product(call, params, name)
    first_ns, last_ns = page.span_ns
    kept = market.newest_trades(MAX_TRADES if bounded else CACHED_TRADES)[::-1]
    found = page.cut([trade for trade in kept if first_ns <= trade.time_ns <= last_ns and page.takes(trade.trade_id)])
    generation: Generation = call.state.generation
    number, sides = generation.number, generation.rest_sides
    return reply(
        call,
        [codec.encode_trade(market.instrument, trade, number(trade.trade_id), sides[trade.taker_side]) for trade in found],
    )


# --- tickers


def ticker(call: Call) -> WireResponse:
    """Of the symbols named, or of the whole market (proposed)."""
    params = of_query(call, required=("market",))
    market = market_name(params)
    symbols = values_of(call, "symbol")
    if symbols is None:
        found = [each for symbol, each in call.desk.exchange.markets.items() if market_of(symbol) == market]
    else:
        found = [product_named(call, market, symbol) for symbol in symbols]
    return reply(call, [ticker_row(each, call.desk.clock.now_ns()) for each in found])


def ticker_row(market: Market, now_ns: int) -> codec.Row:
    last_id = market.trade_ids.last or 0
    count = market.ticker.at(now_ns).trade_count
    return codec.encode_ticker(market, now_ns, max(last_id - count + 1, 0) if count else 0)


def spare_domains(call: Call) -> WireResponse:
    """None here (proposed)."""
    return reply(call, [])


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler)


MARKET_ROUTES = (
    _route("/api/v1/products", products),
    _route("/api/v1/order_book", order_book),
    _route("/api/v1/candles", candles),
    _route("/api/v1/trades", trades),
    _route("/api/v1/ticker", ticker),
    _route("/v1/public/queryApiDomain", spare_domains),
)
