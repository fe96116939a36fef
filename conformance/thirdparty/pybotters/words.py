"""The venue's words, which pybotters hands on as they are, into the protocol's. Numbers stay the text that they are."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

Fields = dict[str, Any]

WORDS: Fields = json.loads((Path(__file__).resolve().parents[1] / "okcoinjp.json").read_text(encoding="utf-8"))
KIND_OF_CODE = {str(code): kind for kind, codes in WORDS["error_kinds"].items() for code in codes}

CHANNELS = {"ticker": "ticker", "trades": "trade", "book": "depth5", "orders": "order", "balances": "account"}
"""The snapshots of five levels, for books: nothing here keeps one from changes."""


def kind_of(code: str | None, status: int | None) -> str:
    """By the venue's code, else by the status."""
    by_status = "unavailable" if (status or 0) >= 500 else WORDS["status_kinds"].get(str(status), "bad_request")
    return str(KIND_OF_CODE.get(str(code), by_status))


def ms_of(time: str) -> int:
    """Whole milliseconds, by integers."""
    delta = datetime.datetime.fromisoformat(time) - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return delta // datetime.timedelta(milliseconds=1)


def order_body(
    symbol: str,
    side: str,
    type: str,
    price: str | None,
    qty: str | None,
    notional: str | None,
    order_type: str,
    client_id: str | None,
) -> dict[str, str]:
    given = {
        "instrument_id": symbol,
        "side": side,
        "type": type,
        "price": price,
        "size": qty,
        "notional": notional,
        "order_type": WORDS["order_types"][order_type],
        "client_oid": client_id,
    }
    return {name: value for name, value in given.items() if value is not None}


def reference_of(row: Fields) -> Fields:
    return {"order_id": row.get("order_id"), "client_id": row.get("client_oid") or None}


def order_of(row: Fields) -> Fields:
    return {
        "order_id": row["order_id"],
        "client_id": row["client_oid"] or None,
        "symbol": row["instrument_id"],
        "side": row["side"],
        "type": row["type"],
        "price": row["price"] or None,
        "qty": row["size"] or None,
        "filled_qty": row["filled_size"] or None,
        "average_price": row.get("price_avg") or None,
        "status": WORDS["order_statuses"].get(row["state"]),
        "created_ms": ms_of(row["created_at"]),
    }


def balance_of(row: Fields) -> Fields:
    return {"currency": row["currency"], "total": row["balance"], "available": row["available"], "held": row["hold"]}


def channel_name(channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> str:
    return f"spot/{f'candle{interval_s}s' if channel == 'candles' else CHANNELS[channel]}:{symbol or currency}"


def event_of(table: str, row: Fields) -> tuple[str, Fields]:
    """The name of the channel that a pushed row belongs to, and the protocol's event."""
    name = f"{table}:{row.get('instrument_id') or row.get('currency')}"
    match table.removeprefix("spot/"):
        case "ticker":
            return name, {"ticker": _ticker_of(row)}
        case "trade":
            told = {"trade_id": row["trade_id"], "price": row["price"], "qty": row["size"], "side": row["side"]}
            return name, {"trades": [{**told, "time_ms": ms_of(row["timestamp"])}]}
        case "depth5":
            sides = {side: [[price, qty] for price, qty, *_ in row[side]] for side in ("bids", "asks")}
            return name, {"book": {**sides, "time_ms": ms_of(row["timestamp"])}}
        case "order":
            return name, {"orders": [order_of(row)]}
        case "account":
            return name, {"balances": [balance_of(row)]}
        case _:
            time, *numbers = row["candle"]
            told = dict(zip(("open", "high", "low", "close", "volume"), numbers, strict=True))
            return name, {"candles": [{"time_ms": ms_of(time), **told}]}


def _ticker_of(row: Fields) -> Fields:
    words = {
        "last": "last",
        "bid": "best_bid",
        "ask": "best_ask",
        "high": "high_24h",
        "low": "low_24h",
        "open": "open_24h",
        "volume": "base_volume_24h",
    }
    told = {ours: row.get(theirs) or None for ours, theirs in words.items()}
    return {"symbol": row["instrument_id"], **told, "time_ms": ms_of(row["timestamp"])}
