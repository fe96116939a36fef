"""What the venue once served to aggregators of market data, at the host's root, and the old list of pairs (cs§7.20).

Withdrawn from the documents in 2022; `/v3` and the list were seen in clients. With strict documents the paths are unknown.
Rows are composed from the list of fields that the specification has; what it leaves open is ASSUMED here.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from mockex.core.events import Trade
from mockex.core.markets import Market
from mockex.core.units import Instrument
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.chains import Chain, chains_of
from mockex.venues.coinstore.envelopes import historical, plain
from mockex.venues.coinstore.errors import STRICT_SWITCH
from mockex.venues.coinstore.market_data import params_of
from mockex.venues.coinstore.reference import is_open
from mockex.wire.decimals import plain as plain_text
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

DEFAULT_DEPTH, MAX_DEPTH = 100, 500
BEST_ONLY = 1
RECENT_TRADES, HISTORICAL_TRADES = 20, 100

_FEE_DECIMALS = 9
_PERCENT_DECIMALS = Decimal("0.01")


def _check_served(call: Call) -> None:
    if call.desk.switch(STRICT_SWITCH):
        raise ApiFault(FaultKind.ROUTE_UNKNOWN)


def pair_name(instrument: Instrument) -> str:
    """`BTC_USDT`."""
    return f"{instrument.base.code}_{instrument.quote.code}"


def _market(call: Call) -> Market:
    named = params_of(call).text("market_pair")
    for market in call.desk.exchange.markets.values():
        if pair_name(market.instrument) == named.upper():
            return market
    raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=named[:32])


def assets(call: Call) -> WireResponse:
    """By currency. Limits are those of its usual chain; flags are text."""
    _check_served(call)
    fees = call.desk.exchange.policy.fees
    rows = {}
    for code in call.desk.exchange.assets:
        chains = chains_of(code)
        open_ones = "true" if any(not call.state.is_closed(chain) for chain in chains) else "false"
        usual: Chain | None = chains[0] if chains else None
        rows[code] = {
            "name": code.lower(),
            "unified_cryptoasset_id": call.state.currency_id(code),
            "can_withdraw": open_ones,
            "can_deposit": open_ones,
            "min_withdraw": "0" if usual is None else usual.min_withdrawal,
            "max_withdraw": "0" if usual is None else usual.max_withdrawal,
            "maker_fee": plain_text(fees.maker_rate, _FEE_DECIMALS),
            "taker_fee": plain_text(fees.taker_rate, _FEE_DECIMALS),
        }
    return historical(rows)


def summary(call: Call) -> WireResponse:
    _check_served(call)
    return historical([_summary_row(call, market) for market in call.desk.exchange.markets.values()])


def _summary_row(call: Call, market: Market) -> codec.Row:
    instrument, book = market.instrument, market.book
    now_ns = call.desk.clock.now_ns()
    view = market.ticker.at(now_ns)
    bid, ask = book.bids.best, book.asks.best
    return {
        "trading_pairs": pair_name(instrument),
        "last_price": codec.price_text(instrument, view.last_price),
        "lowest_ask": codec.price_text(instrument, ask.price if ask else 0),
        "highest_bid": codec.price_text(instrument, bid.price if bid else 0),
        "base_volume": codec.qty_text(instrument, view.base_qty),
        "quote_volume": codec.amount_text(instrument.quote, view.quote_amount),
        "price_change_percent_24h": _percent(market.ticker.first_price(now_ns), view.last_price),
        "highest_price_24h": codec.price_text(instrument, view.high_price),
        "lowest_price_24h": codec.price_text(instrument, view.low_price),
        "base_currency": instrument.base.code,
        "quote_currency": instrument.quote.code,
    }


def _percent(open_price: int | None, last_price: int | None) -> str:
    """With two decimals, `3.76`; 0 where nothing has traded for a day."""
    if not open_price or last_price is None:
        return "0"
    change = Decimal(last_price - open_price) * 100 / open_price
    rounded = change.quantize(_PERCENT_DECIMALS, rounding=ROUND_HALF_EVEN)
    return format(rounded.normalize(), "f") if rounded else "0"


def ticker(call: Call) -> WireResponse:
    """By pair. `isFrozen` 1 where nothing can be traded."""
    _check_served(call)
    rows = {}
    for market in call.desk.exchange.markets.values():
        instrument = market.instrument
        view = market.ticker.at(call.desk.clock.now_ns())
        rows[pair_name(instrument)] = {
            "base_id": call.state.currency_id(instrument.base.code),
            "quote_id": call.state.currency_id(instrument.quote.code),
            "last_price": codec.price_text(instrument, view.last_price),
            "quote_volume": codec.amount_text(instrument.quote, view.quote_amount),
            "base_volume": codec.qty_text(instrument, view.base_qty),
            "isFrozen": int(not is_open(market)),
        }
    return historical(rows)


def order_book(call: Call) -> WireResponse:
    """`depth` levels in all, half of them on each side; of `level` 1 the best of each; pairs, not triples."""
    _check_served(call)
    market, params = _market(call), params_of(call)
    depth = params.optional_integer("depth", minimum=0, maximum=MAX_DEPTH) or DEFAULT_DEPTH
    level = params.optional_integer("level", minimum=1, maximum=3)
    each = 1 if level == BEST_ONLY else max(1, depth // 2)
    instrument, book = market.instrument, market.book
    bids = codec.encode_levels(instrument, book.bids.depth(each), codec.BID_FLAG)
    asks = codec.encode_levels(instrument, book.asks.depth(each), codec.ASK_FLAG)
    return historical(
        {
            "timestamp": codec.seconds(call.desk.clock.now_ns()),
            "bids": [entry[:2] for entry in bids],
            "asks": [entry[:2] for entry in asks],
        }
    )


def recent_trades(call: Call) -> WireResponse:
    return _trades(call, RECENT_TRADES)


def historical_trades(call: Call) -> WireResponse:
    return _trades(call, HISTORICAL_TRADES)


def _trades(call: Call, most: int) -> WireResponse:
    """Newest first."""
    _check_served(call)
    market = _market(call)
    return historical([_trade_row(market.instrument, trade) for trade in market.newest_trades(most)])


def _trade_row(instrument: Instrument, trade: Trade) -> codec.Row:
    return {
        "trade_id": trade.trade_id,
        "price": codec.price_text(instrument, trade.price),
        "base_volume": codec.qty_text(instrument, trade.qty),
        "quote_volume": codec.amount_text(instrument.quote, instrument.notional(trade.price, trade.qty)),
        "timestamp": codec.seconds(trade.time_ns),
        "type": codec.SIDES[trade.taker_side].lower(),
    }


def pairs(call: Call) -> WireResponse:
    """Numbers and symbols, as clients of 2021 read them."""
    _check_served(call)
    markets = call.desk.exchange.markets
    return plain([{"id": call.state.pair_id(symbol), "symbol": symbol} for symbol in markets])


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler)


AGGREGATOR_ROUTES = (
    _route("/v2/public/assets", assets),
    _route("/v3/public/assets", assets),
    _route("/v2/public/summary", summary),
    _route("/v2/public/ticker", ticker),
    _route("/v2/public/orderbook/market_pair", order_book),
    _route("/v3/public/orderbook/market_pair", order_book),
    _route("/v2/public/trades/market_pair", recent_trades),
    _route("/v2/public/trades/historical_trades", historical_trades),
    _route("/api/v1/config/symbols", pairs),
)
