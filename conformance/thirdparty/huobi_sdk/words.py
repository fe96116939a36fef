"""The client's objects in the words of the driver protocol. Numbers are told as held; what it does not hold is None."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from huobi.exception.huobi_api_exception import HuobiApiException

Fields = dict[str, Any]

WORDS: Fields = json.loads((Path(__file__).resolve().parents[1] / "htx.json").read_text(encoding="utf-8"))
KIND_OF_CODE = {code: kind for kind, codes in WORDS["error_kinds"].items() for code in codes}

PERIODS = {
    60: "1min", 300: "5min", 900: "15min", 1_800: "30min", 3_600: "60min", 14_400: "4hour", 86_400: "1day", 604_800: "1week",
}  # fmt: skip

ACCEPTED, UNKNOWN = 10, 0
"""What a cancel by client id comes to (htx§3.4); the other numbers are states of an order that is over."""


class Refused(Exception):  # noqa: N818  # what the client hands on, not an error of this program
    """A refusal that the client returns and does not raise."""

    def __init__(self, kind: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code


def text(value: object) -> str | None:
    """A number just as it is held. Floats with the fewest digits that read back as the same float, without an exponent."""
    return None if value is None else f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def coin(currency: str) -> str:
    """The protocol's name of what the venue writes in lower case."""
    return currency.upper()


def ticker_of(ticker: Any, symbol: str, bid: object, ask: object) -> Fields:
    told = {name: text(getattr(ticker, name)) for name in ("high", "low", "open")}
    return {
        "symbol": symbol,
        "last": text(ticker.close),
        "bid": text(bid),
        "ask": text(ask),
        **told,
        "volume": text(ticker.amount),
    }


def book_of(depth: Any) -> Fields:
    bids, asks = ([[text(entry.price), text(entry.amount)] for entry in side] for side in (depth.bids, depth.asks))
    return {"bids": bids, "asks": asks, "time_ms": depth.ts}


def trade_of(trade: Any) -> Fields:
    return {
        "trade_id": text(trade.trade_id),
        "price": text(trade.price),
        "qty": text(trade.amount),
        "side": trade.direction,
        "time_ms": trade.ts,
    }


def candle_of(row: Any) -> Fields:
    told = {name: text(getattr(row, name)) for name in ("open", "high", "low", "close")}
    return {"time_ms": row.id * 1_000, **told, "volume": text(row.amount)}


def order_type(side: str, type: str, time_in_force: str, *, post_only: bool) -> str:
    """The venue's word, which the client takes as it is."""
    if post_only:
        return f"{side}-limit-maker"
    return f"{side}-{type}" if time_in_force == "gtc" else {"ioc": f"{side}-ioc", "fok": f"{side}-limit-fok"}[time_in_force]


def order_of(order: Any) -> Fields:
    """The amount of a market buy is money."""
    side, _, kind = order.type.partition("-")
    return {
        "order_id": text(order.id),
        "client_id": order.client_order_id or None,
        "symbol": order.symbol,
        "side": side,
        "type": "market" if kind == "market" else "limit",
        "price": text(order.price),
        "qty": None if order.type == "buy-market" else text(order.amount),
        "filled_qty": text(order.filled_amount),
        "status": WORDS["order_statuses"].get(order.state),
        "created_ms": order.created_at,
    }


def fill_of(match: Any) -> Fields:
    """The client keeps the number of the fill and of the match, but not the trade's."""
    return {
        "order_id": text(match.order_id),
        "symbol": match.symbol,
        "side": match.type.partition("-")[0],
        "price": text(match.price),
        "qty": text(match.filled_amount),
        "fee": text(match.filled_fees),
        "fee_currency": coin(match.fee_currency),
        "role": match.role,
        "time_ms": match.created_at,
    }


def balances_of(rows: list[Any]) -> list[Fields]:
    """A row for what can be used of a currency, another for what is held; the client adds nothing up."""
    told: dict[str, Fields] = {}
    for row in rows:
        member = {"trade": "available", "frozen": "held"}.get(row.type)
        if member is not None:
            told.setdefault(row.currency, {"currency": coin(row.currency)})[member] = text(row.balance)
    return list(told.values())


def entry_of(row: Any) -> Fields:
    return {
        "id": text(row.record_id),
        "currency": coin(row.currency),
        "amount": text(row.transact_amt),
        "balance": text(row.acct_balance),
        "type": row.transact_type,
        "time_ms": row.transact_time,
    }


def payment_of(row: Any) -> Fields:
    return {
        "id": text(row.id),
        "currency": coin(row.currency),
        "chain": row.chain,
        "amount": text(row.amount),
        "fee": text(row.fee),
        "status": WORDS["payment_statuses"].get(row.state),
        "address": row.address,
        "tag": row.address_tag or None,
        "txid": row.tx_hash or None,
        "time_ms": row.created_at,
    }


def describe_error(error: Exception) -> Fields:
    """The client's exception says whether it refused by itself; the venue's code stands at the beginning of its text."""
    told: Fields = {"message": str(error), "exception": type(error).__name__}
    match error:
        case Refused():
            return {**told, "kind": error.kind, "code": error.code}
        case HuobiApiException():
            return {**told, "message": error.error_message, **_kind_and_code(error)}
        case requests.exceptions.JSONDecodeError() | json.JSONDecodeError():
            return {**told, "kind": "malformed_reply"}
        case requests.exceptions.Timeout():
            return {**told, "kind": "timeout"}
        case requests.exceptions.ConnectionError():
            return {**told, "kind": "connection_lost"}
        case _:
            return {**told, "kind": "other"}


def _kind_and_code(error: HuobiApiException) -> Fields:
    if error.error_code in (HuobiApiException.INPUT_ERROR, HuobiApiException.KEY_MISSING):
        return {"kind": "refused_by_client"}
    found = re.match(r"\[Executing\] ([\w-]+): ", error.error_message)
    if found is None:
        return {"kind": "malformed_reply"}
    return {"kind": kind_of(found[1]), "code": found[1]}


def kind_of(code: str) -> str:
    return str(KIND_OF_CODE.get(code, "bad_request"))
