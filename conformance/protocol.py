"""The driver protocol, version 1: what may be said in both directions, checked against `protocol.schema.json`.

Owns the schema's use and the features that are capabilities without being operations. Knows no process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

import fastjsonschema

VERSION = 1
SCHEMA_FILE = "protocol.schema.json"

Json: TypeAlias = Any
"""A value of JSON. Its shape is the schema's business; a type could only repeat it."""

HOUSEKEEPING = frozenset({"start", "stop", "settle"})
"""Operations that every driver answers, so that they are no capabilities."""

FEATURES: Mapping[str, str] = {
    "place_order.market": "market orders",
    "place_order.post_only": "orders that never take",
    "place_order.ioc": "orders whose rest is cancelled at once",
    "place_order.fok": "orders that are filled whole or not at all",
    "place_order.client_id": "orders with an id of the client's own",
    "place_order.position": "orders that open, enlarge and close positions in contracts",
    "cancel_order.client_id": "cancelling by that id",
    "order.client_id": "looking up by that id",
    "paging": "the parameter `all` of lists is honoured",
    "subscribe.ticker": "a stream of tickers",
    "subscribe.trades": "a stream of public trades",
    "subscribe.book": "a stream of books",
    "subscribe.candles": "a stream of candles",
    "subscribe.orders": "a stream of own orders",
    "subscribe.balances": "a stream of own balances",
    "subscribe.positions": "a stream of own positions",
    "error.code": "errors carry the venue's code",
    "reconnect": "the client renews a lost stream by itself, login and subscriptions included",
}
"""Capabilities that are no operation."""


class ProtocolError(Exception):
    """What was said, or is about to be said, is not of the protocol. One line."""


@cache
def schema() -> Mapping[str, Json]:
    """The whole schema."""
    text = resources.files("mockex.conformance").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    loaded: Mapping[str, Json] = json.loads(text)
    return loaded


@cache
def operations() -> tuple[str, ...]:
    """The names of all operations."""
    return tuple(schema()["definitions"]["operations"])


def capabilities() -> frozenset[str]:
    """All that a driver may declare."""
    return (frozenset(operations()) - HOUSEKEEPING) | FEATURES.keys()


@cache
def _validator(*path: str) -> Callable[[Json], Json]:
    pointer = "/".join(("#", "definitions", *path))
    definitions = schema()["definitions"]
    compiled: Callable[[Json], Json] = fastjsonschema.compile(
        {"$schema": schema()["$schema"], "$ref": pointer, "definitions": definitions}
    )
    return compiled


def _check(value: Json, what: str, *path: str) -> None:
    try:
        _validator(*path)(value)
    except fastjsonschema.JsonSchemaException as error:
        raise ProtocolError(f"{what}: {str(error).replace('data', 'it', 1)}") from None


def encode_request(number: int, operation: str, params: Mapping[str, Json]) -> bytes:
    """One line. ProtocolError for what the schema does not know: a mistake of a case."""
    message = {"id": number, "op": operation, "params": params}
    _check(message, f"the request {operation}", "request")
    _check(params, f"the parameters of {operation}", "operations", operation, "params")
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode_reply(line: bytes, number: int, operation: str) -> Json:
    """The reply to that request. ProtocolError for anything else."""
    try:
        message = json.loads(line)
    except ValueError:
        raise ProtocolError(f"not a line of JSON: {line[:200].decode('utf-8', 'replace')!r}") from None
    _check(message, f"the reply to {operation}", "reply")
    if message["id"] != number:
        raise ProtocolError(f"a reply to request {message['id']}, but {number} ({operation}) was asked")
    if "result" in message:
        _check(message["result"], f"the result of {operation}", "operations", operation, "result")
    return message
