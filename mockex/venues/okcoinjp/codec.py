"""OKCoin Japan's words for orders, fills, balances and market data, out and in. Source: okj§8, §9 and §11.3.

Amounts leave as text in plain notation without trailing zeros (okj§2). Times of orders, fills and ledger rows over REST end
in `.000Z`; market data and everything on the WebSocket carry milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mockex.core.candles import Candle
from mockex.core.events import Trade
from mockex.core.ledger import Balance, EntryKind, LedgerEntry
from mockex.core.markets import Market
from mockex.core.orders import Fill, Liquidity, Order, OrderStatus, OrderType, Side, TimeInForce
from mockex.core.units import Atoms, Instrument, Lots, Ticks, Wallet
from mockex.venues.okcoinjp.instruments import ATOM_DECIMALS
from mockex.wire.decimals import plain
from mockex.wire.depth import Level
from mockex.wire.timestamps import iso_ms, iso_seconds000

SIDES: Mapping[str, Side] = {"buy": Side.BUY, "sell": Side.SELL}
SIDE_WORDS: Mapping[Side, str] = {side: word for word, side in SIDES.items()}

ORDER_TYPES: Mapping[str, OrderType] = {"limit": OrderType.LIMIT, "market": OrderType.MARKET}

# `order_type` on the wire: time in force and post-only in one number (okj§9.2).
EXECUTIONS: Mapping[str, tuple[TimeInForce, bool]] = {
    "0": (TimeInForce.GTC, False),
    "1": (TimeInForce.GTC, True),
    "2": (TimeInForce.FOK, False),
    "3": (TimeInForce.IOC, False),
}
_EXECUTION_WORDS = {execution: word for word, execution in EXECUTIONS.items()}

# (state, status): okj§9.4. "submitting" and "cancelling" pass within one command here and are never seen.
STATES: Mapping[OrderStatus, tuple[str, str]] = {
    OrderStatus.NEW: ("3", "ordering"),
    OrderStatus.OPEN: ("0", "open"),
    OrderStatus.PARTIALLY_FILLED: ("1", "part_filled"),
    OrderStatus.FILLED: ("2", "filled"),
    OrderStatus.CANCELLED: ("-1", "cancelled"),
    OrderStatus.WAITING: ("3", "ordering"),  # stop orders are not offered here
}

# What a query's `state` asks for. Failed (-2), submitting (3) and cancelling (4) orders are never kept: empty pages.
STATE_QUERIES: Mapping[int, frozenset[OrderStatus]] = {
    -2: frozenset(),
    -1: frozenset({OrderStatus.CANCELLED}),
    0: frozenset({OrderStatus.OPEN}),
    1: frozenset({OrderStatus.PARTIALLY_FILLED}),
    2: frozenset({OrderStatus.FILLED}),
    3: frozenset(),
    4: frozenset(),
    6: frozenset({OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED}),
    7: frozenset({OrderStatus.CANCELLED, OrderStatus.FILLED}),
}

NO_TIME = "1970-01-01T00:00:00.000Z"


def price_text(instrument: Instrument, price: Ticks) -> str:
    scale = instrument.price_scale
    return plain(price * scale.step, scale.decimals)


def qty_text(instrument: Instrument, qty: Lots) -> str:
    scale = instrument.qty_scale
    return plain(qty * scale.step, scale.decimals)


def amount_text(amount: Atoms) -> str:
    return plain(amount, ATOM_DECIMALS)


# --- orders


def is_order_id(reference: str) -> bool:
    """Whether what names an order is its id: digits only. All else is a client id, which has a letter (okj§9.2, inferred)."""
    return reference.isascii() and reference.isdigit()


def encode_order(order: Order) -> dict[str, str]:
    """The order object of the REST queries (okj§9.4)."""
    fields = _order_fields(order, order.status, order.filled_qty, order.filled_notional)
    fields["product_id"] = order.instrument.symbol
    fields["funds"] = ""
    fields["price_avg"] = _average_price(order)
    fields["timestamp"] = fields["created_at"] = iso_seconds000(order.created_ns)
    return fields


def encode_order_push(
    order: Order, status: OrderStatus, filled_qty: Lots, filled_notional: Atoms, last_fill: Fill | None, time_ns: int
) -> dict[str, str]:
    """The order object of the order channel as it was after one event; `timestamp` is that event's (okj§11.3)."""
    fields = _order_fields(order, status, filled_qty, filled_notional)
    fields["margin_trading"] = "1"  # a spot order
    fields["timestamp"] = iso_ms(time_ns)
    fields["created_at"] = iso_ms(order.created_ns)
    if last_fill is None:
        fields["last_fill_px"] = fields["last_fill_qty"] = fields["last_fill_id"] = "0"
        fields["last_fill_time"] = NO_TIME
    else:
        fields["last_fill_px"] = price_text(order.instrument, last_fill.price)
        fields["last_fill_qty"] = qty_text(order.instrument, last_fill.qty)
        fields["last_fill_id"] = str(last_fill.trade_id)
        fields["last_fill_time"] = iso_ms(last_fill.time_ns)
    return fields


def _order_fields(order: Order, status: OrderStatus, filled_qty: Lots, filled_notional: Atoms) -> dict[str, str]:
    instrument = order.instrument
    state, status_word = STATES[status]
    return {
        "order_id": str(order.order_id),
        "client_oid": order.client_id or "",
        "instrument_id": instrument.symbol,
        "side": SIDE_WORDS[order.side],
        "type": order.order_type.value,
        "order_type": _EXECUTION_WORDS[_execution(order)],
        "price": "" if order.limit_price is None else price_text(instrument, order.limit_price),
        "size": "" if order.order_qty is None else qty_text(instrument, order.order_qty),
        "notional": "" if order.budget is None else amount_text(order.budget),
        "filled_size": qty_text(instrument, filled_qty),
        "filled_notional": amount_text(filled_notional),
        "state": state,
        "status": status_word,
    }


def _execution(order: Order) -> tuple[TimeInForce, bool]:
    """A market order is `0` on this wire, however the exchange carries it out."""
    if order.order_type is OrderType.MARKET:
        return TimeInForce.GTC, False
    return order.time_in_force, order.post_only


def _average_price(order: Order) -> str:
    """Filled notional by filled size, cut to the decimals of the price; "" while nothing is filled (okj§9.4).

    The rounding is ASSUMED: the document's examples contradict themselves (okj§13 row 9).
    """
    if not order.filled_qty:
        return ""
    instrument = order.instrument
    steps = order.filled_notional * instrument.price_scale.step
    return plain(steps // (order.filled_qty * instrument.atoms_per_tick_lot), instrument.price_scale.decimals)


def order_success(order: Order) -> dict[str, object]:
    """The reply to a placed or cancelled order (okj§9.2)."""
    return {
        "client_oid": order.client_id or "",
        "error_message": "",
        "error_code": "0",
        "order_id": str(order.order_id),
        "result": True,
    }


# --- fills


def encode_fill_rows(fill: Fill) -> list[tuple[int, dict[str, str]]]:
    """A fill's two rows with their ledger ids: what was received, with the fee, then what was paid (okj§9.4).

    Both carry the same trade id: with the document's two different ones, clients that pair rows find no trade.
    """
    order = fill.order
    instrument = order.instrument
    bought = order.side is Side.BUY
    base = (instrument.base.code, qty_text(instrument, fill.qty))
    quote = (instrument.quote.code, amount_text(fill.notional))
    received, paid = (base, quote) if bought else (quote, base)
    word = "M" if fill.liquidity is Liquidity.MAKER else "T"
    time = iso_seconds000(fill.time_ns)
    common = {
        "trade_id": str(fill.trade_id),
        "instrument_id": instrument.symbol,
        "product_id": instrument.symbol,
        "price": price_text(instrument, fill.price),
        "order_id": str(order.order_id),
        "timestamp": time,
        "created_at": time,
        "exec_type": word,
        "liquidity": word,
    }

    def row(entry_id: int, side: str, part: tuple[str, str], fee: str) -> tuple[int, dict[str, str]]:
        currency, size = part
        return entry_id, {
            **common, "ledger_id": str(entry_id), "side": side, "currency": currency, "size": size, "fee": fee,
        }  # fmt: skip

    return [
        row(fill.fill_id, "buy", received, amount_text(-fill.fee)),  # negative: charged
        row(fill.paid_entry_id, "sell", paid, "0"),
    ]


# --- accounts


def encode_balance(balance: Balance) -> dict[str, str]:
    """A row of the spot accounts, with the legacy names of the hold (okj§9.1)."""
    held = amount_text(balance.held)
    return {
        "currency": balance.asset,
        "balance": amount_text(balance.total),
        "hold": held,
        "available": amount_text(balance.available),
        "frozen": held,
        "holds": held,
        "id": "",
    }


def encode_balance_push(asset: str, total: Atoms, held: Atoms) -> dict[str, str]:
    """A row of the account channel (okj§11.3)."""
    return {
        "balance": amount_text(total),
        "available": amount_text(total - held),
        "currency": asset,
        "id": "",
        "hold": amount_text(held),
    }


def encode_spot_entry(entry: LedgerEntry) -> dict[str, object]:
    """A row of the spot ledger, net of fees (okj§9.1). What an operator books shows as a transfer."""
    time = iso_seconds000(entry.time_ns)
    is_trade = entry.kind is EntryKind.TRADE
    row: dict[str, object] = {
        "timestamp": time,
        "ledger_id": str(entry.entry_id),
        "created_at": time,
        "currency": entry.balance.asset,
        "amount": amount_text(entry.amount),
        "balance": amount_text(entry.total_after),
        "type": "trade" if is_trade else "transfer",
    }
    if is_trade:
        assert entry.order is not None
        symbol = entry.order.instrument.symbol
        row["details"] = {"instrument_id": symbol, "order_id": str(entry.order.order_id), "product_id": symbol}
    return row


def _moved(*, incoming: bool) -> Callable[[LedgerEntry], bool]:
    return lambda entry: entry.kind is not EntryKind.TRADE and (entry.amount > 0) is incoming


def _traded(side: Side) -> Callable[[LedgerEntry], bool]:
    return lambda entry: entry.order is not None and entry.order.side is side


def _transferred(kind: EntryKind) -> Callable[[LedgerEntry], bool]:
    return lambda entry: entry.kind is kind and entry.counter_wallet is Wallet.FUNDING


def _never(_: LedgerEntry) -> bool:
    return False


# The spot ledger's `type` numbers (okj§9.1). Loans and margin are not offered, so nothing ever matches those.
SPOT_ENTRY_QUERIES: Mapping[int, Callable[[LedgerEntry], bool]] = {
    1: _moved(incoming=True),
    2: _moved(incoming=False),
    7: _traded(Side.BUY),
    8: _traded(Side.SELL),
    9: _transferred(EntryKind.TRANSFER_IN),
    14: _transferred(EntryKind.TRANSFER_OUT),
    **dict.fromkeys((3, 4, 5, 12, 16, 19, 24, 61, 62), _never),
}


# --- market data


def encode_instrument(instrument: Instrument, *, with_category: bool) -> dict[str, str]:
    """A row of the instrument list; `category` is what live siblings add (okj§8)."""
    qty = instrument.qty_scale
    row = {
        "instrument_id": instrument.symbol,
        "base_currency": instrument.base.code,
        "quote_currency": instrument.quote.code,
        "min_size": qty_text(instrument, instrument.min_qty),
        "size_increment": plain(qty.step, qty.decimals),
        "tick_size": price_text(instrument, 1),
    }
    return {**row, "category": "1"} if with_category else row


def encode_rest_levels(instrument: Instrument, levels: Sequence[Level]) -> list[list[str]]:
    """Three strings a level (okj§8)."""
    return [[price_text(instrument, price), qty_text(instrument, qty), str(orders)] for price, qty, orders in levels]


def encode_ws_levels(instrument: Instrument, levels: Sequence[Level]) -> list[list[object]]:
    """Two strings and an integer a level (okj§11.3)."""
    return [[price_text(instrument, price), qty_text(instrument, qty), orders] for price, qty, orders in levels]


def encode_tbt_levels(instrument: Instrument, levels: Sequence[Level]) -> list[list[object]]:
    """Four strings a level, the third always "0" (okj§11.3, recorded)."""
    return [[price_text(instrument, price), qty_text(instrument, qty), "0", str(orders)] for price, qty, orders in levels]


def ticker_values(market: Market, now_ns: int) -> dict[str, str]:
    """What both tickers share, without their time. What a pair has not had yet shows "0" (ASSUMED)."""
    instrument, book = market.instrument, market.book
    view = market.ticker.at(now_ns)
    bid, ask = book.bids.best, book.asks.best

    def price(value: Ticks | None) -> str:
        return "0" if value is None else price_text(instrument, value)

    return {
        "instrument_id": instrument.symbol,
        "last": price(view.last_price),
        "last_qty": "0" if view.last_qty is None else qty_text(instrument, view.last_qty),
        "best_ask": price(ask.price if ask else None),
        "best_ask_size": qty_text(instrument, ask.qty) if ask else "0",
        "best_bid": price(bid.price if bid else None),
        "best_bid_size": qty_text(instrument, bid.qty) if bid else "0",
        "open_24h": price(view.open_price),
        "high_24h": price(view.high_price),
        "low_24h": price(view.low_price),
        "base_volume_24h": qty_text(instrument, view.base_qty),
        "quote_volume_24h": amount_text(view.quote_amount),
    }


def encode_ticker(market: Market, now_ns: int) -> dict[str, str]:
    """The REST ticker, with its legacy names (okj§8)."""
    values = ticker_values(market, now_ns)
    return {
        **values,
        "product_id": values["instrument_id"],
        "ask": values["best_ask"],
        "bid": values["best_bid"],
        "timestamp": iso_ms(now_ns),
    }


def encode_trade(instrument: Instrument, trade: Trade) -> dict[str, str]:
    """A row of the public trades; `side` is the taker's (okj§8)."""
    time = iso_ms(trade.time_ns)
    return {
        "time": time,
        "timestamp": time,
        "trade_id": str(trade.trade_id),
        "price": price_text(instrument, trade.price),
        "size": qty_text(instrument, trade.qty),
        "side": SIDE_WORDS[trade.taker_side],
    }


def encode_trade_push(instrument: Instrument, trade: Trade) -> dict[str, str]:
    """A row of the trade channel (okj§11.3)."""
    row = encode_trade(instrument, trade)
    del row["time"]
    return {"instrument_id": instrument.symbol, **row}


def encode_candle(instrument: Instrument, candle: Candle) -> list[str]:
    """[time, open, high, low, close, volume] (okj§8)."""
    return [
        iso_ms(candle.open_ns),
        price_text(instrument, candle.open),
        price_text(instrument, candle.high),
        price_text(instrument, candle.low),
        price_text(instrument, candle.close),
        qty_text(instrument, candle.base_qty),
    ]
