"""ccxt's words into the protocol's, and back: symbols, numbers, statuses, errors. Decides and repairs nothing.

A value that ccxt does not tell, or tells in a word of the venue that it never translated, becomes None.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ccxt

Fields = dict[str, Any]

ORDER_STATUSES = {"open": "open", "closed": "filled", "canceled": "cancelled", "failed": "rejected", "rejected": "rejected"}
ORDER_TYPES: Fields = {"limit": "limit", "market": "market"}
PAYMENT_STATUSES = {"pending": "pending", "ok": "done", "failed": "failed", "canceled": "cancelled"}

ERROR_KINDS = (
    ("PermissionDenied", "permission"),
    ("AccountSuspended", "permission"),
    ("AuthenticationError", "authentication"),
    ("InvalidNonce", "authentication"),
    ("InsufficientFunds", "insufficient_funds"),
    ("OrderNotFound", "order_not_found"),
    ("InvalidOrder", "invalid_order"),
    ("BadSymbol", "bad_symbol"),
    ("BadRequest", "bad_request"),
    ("InvalidAddress", "bad_request"),
    ("BadResponse", "malformed_reply"),
    ("DDoSProtection", "rate_limited"),
    ("RateLimitExceeded", "rate_limited"),
    ("OnMaintenance", "maintenance"),
    ("ExchangeNotAvailable", "unavailable"),
    ("RequestTimeout", "timeout"),
    ("NetworkError", "connection_lost"),
)
"""ccxt's classes, the special ones before those that they derive from."""


CODE_MEMBERS = ("code", "error_code", "errorCode", "err-code")
"""What venues call the code of an error."""


def text(value: object) -> str | None:
    """A number just as ccxt holds it. Floats with the fewest digits that read back as the same float, without an exponent."""
    return None if value is None else f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


class Names:
    """The venue's symbols and ccxt's. One that is not listed is translated all the same, so that ccxt may refuse it."""

    def __init__(self, instruments: list[Fields]) -> None:
        self._unified = {each["symbol"]: f"{each['base']}/{each['quote']}" for each in instruments}
        self._own = {unified: own for own, unified in self._unified.items()}

    def unified(self, symbol: str | None) -> str | None:
        return None if symbol is None else self._unified.get(symbol, symbol.replace("-", "/"))

    def own(self, symbol: str | None) -> str | None:
        return None if symbol is None else self._own.get(symbol, symbol)

    def first_with(self, currency: str) -> str | None:
        """Some market of that currency, for a call that wants one. None if there is none."""
        return next((unified for unified in self._own if currency in unified.split("/")), None)


def timeframe_of(exchange: Any, interval_s: int | None) -> str:
    """ccxt's name of an interval. Its own exception if it has none."""
    for timeframe in exchange.timeframes:
        if exchange.parse_timeframe(timeframe) == interval_s:
            return str(timeframe)
    raise ccxt.NotSupported(f"{exchange.id} has no timeframe of {interval_s} s")


def ticker_of(ticker: Fields, names: Names) -> Fields:
    told = {name: text(ticker[name]) for name in ("last", "bid", "ask", "high", "low", "open")}
    return {"symbol": names.own(ticker["symbol"]), **told, "volume": text(ticker["baseVolume"]), "time_ms": ticker["timestamp"]}


def book_of(book: Fields, limit: int | None = None) -> Fields:
    bids, asks = ([[text(price), text(qty)] for price, qty, *_ in book[side][:limit]] for side in ("bids", "asks"))
    return {"bids": bids, "asks": asks, "time_ms": book["timestamp"]}


def trade_of(trade: Fields) -> Fields:
    return {
        "trade_id": trade["id"],
        "price": text(trade["price"]),
        "qty": text(trade["amount"]),
        "side": trade["side"],
        "time_ms": trade["timestamp"],
    }


def candle_of(row: list[Any]) -> Fields:
    return {"time_ms": row[0], **dict(zip(("open", "high", "low", "close", "volume"), map(text, row[1:]), strict=True))}


def order_of(order: Fields, names: Names) -> Fields:
    """ccxt's "open" order with something filled is the protocol's partly filled one. What it pushes may lack members."""
    status = ORDER_STATUSES.get(order["status"])
    return {
        "order_id": order["id"],
        "client_id": order.get("clientOrderId"),
        "symbol": names.own(order["symbol"]),
        "side": order.get("side"),
        "type": ORDER_TYPES.get(str(order.get("type"))),
        "price": text(order["price"]),
        "qty": text(order["amount"]),
        "filled_qty": text(order["filled"]),
        "average_price": text(order.get("average")),
        "status": "partly_filled" if status == "open" and order["filled"] else status,
        "created_ms": order.get("timestamp"),
    }


def fill_of(trade: Fields, names: Names) -> Fields:
    fee = trade["fee"] or {}
    return {
        **trade_of(trade),
        "order_id": trade["order"],
        "symbol": names.own(trade["symbol"]),
        "fee": text(fee.get("cost")),
        "fee_currency": fee.get("currency"),
        "role": trade["takerOrMaker"],
    }


def balances_of(balance: Fields) -> list[Fields]:
    return [
        {
            "currency": currency,
            "total": text(total),
            "available": text(balance["free"][currency]),
            "held": text(balance["used"][currency]),
        }
        for currency, total in balance["total"].items()
    ]


def entry_of(row: Fields) -> Fields:
    return {
        "id": row["id"],
        "currency": row["currency"],
        "amount": text(row["amount"]),
        "balance": text(row["after"]),
        "type": row["type"],
        "time_ms": row["timestamp"],
    }


def payment_of(row: Fields) -> Fields:
    return {
        "id": row["id"],
        "currency": row["currency"],
        "chain": row["network"],
        "amount": text(row["amount"]),
        "fee": text(row["fee"]["cost"]),
        "status": PAYMENT_STATUSES.get(row["status"]),
        "address": row["address"],
        "tag": row["tag"],
        "txid": row["txid"],
        "time_ms": row["timestamp"],
    }


def describe_error(error: Exception) -> Fields:
    """By ccxt's class. Its message quotes the venue's reply after the exchange's name, and so tells the code; where it has
    neither a reply nor an address, ccxt refused by itself."""
    message = str(error)
    described = {"message": message, "exception": type(error).__name__}
    if isinstance(error, TimeoutError):
        return {**described, "kind": "timeout"}
    reply = quoted_reply(message)
    if isinstance(error, ccxt.ExchangeError) and not reply and "://" not in message:
        return {**described, "kind": "refused_by_client"}
    kind = next((kind for name, kind in ERROR_KINDS if isinstance(error, getattr(ccxt, name))), "other")
    code = next((reply[name] for name in CODE_MEMBERS if name in reply), None)
    return {**described, "kind": kind} if code is None else {**described, "kind": kind, "code": str(code)}


def quoted_reply(message: str) -> Fields:
    """{} if there is none. A row of a batch stands without the exchange's name."""
    try:
        reply = json.loads(message[message.find("{") :])
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}
