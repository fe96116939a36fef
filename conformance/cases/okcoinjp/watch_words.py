"""OKCoin Japan's words on the wire, as far as rules need them: what a request or message of a client says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockex.conformance.facts import Facts
from mockex.conformance.trace import IN, OUT, REQUEST, Entry, Number

Look = Callable[[Entry], None]

PRIVATE_CHANNELS = ("spot/account:", "spot/order:")
PING = "ping"

AUTHENTICATION = ("ok-access-key", "ok-access-sign", "ok-access-timestamp", "ok-access-passphrase")


def is_signed(entry: Entry) -> bool:
    """Whether it is a request that means to be authenticated."""
    return entry.kind == REQUEST and any(name in entry["headers"] for name in AUTHENTICATION)


def new_orders(entry: Entry, facts: Facts) -> list[Mapping[str, Any]]:
    """The orders that a request would place; of a body that is none, nothing."""
    if entry.kind != REQUEST or entry.get("route") not in (facts.route("place_order"), facts.route("place_orders")):
        return []
    said = entry.json
    rows = said if isinstance(said, list) else [said]
    return [row for row in rows if isinstance(row, dict)]


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A field as text, empty if it is not there: empty fields equal absent ones (okj§2)."""
    value = row.get(name)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A client's message on a socket."""

    name: str
    args: tuple[str, ...]


def operation(entry: Entry) -> Operation | None:
    """None for pings, for what is no operation, and for anything else than a client's message."""
    if entry.kind != IN:
        return None
    said = entry.json
    if not isinstance(said, dict) or not isinstance(said.get("op"), str):
        return None
    args = said.get("args", ())
    texts = args if isinstance(args, list) else [args]  # a bare text is one argument (okj§11.2)
    return Operation(name=said["op"], args=tuple(each for each in texts if isinstance(each, str)))


def socket_error(entry: Entry) -> int | None:
    """The code of an error that the venue sends on a socket."""
    if entry.kind != OUT or '"error"' not in str(entry.get("text") or ""):  # most messages are data: look before parsing
        return None
    try:
        said = json.loads(entry["text"])
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("event") != "error":
        return None
    code = str(said.get("errorCode"))
    return int(code) if code.isdigit() else None


def numbers_in(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every JSON number below a value, with the name of the member that it is in."""
    if isinstance(value, Number):
        yield name, str(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from numbers_in(each, str(key))
    elif isinstance(value, list):
        for each in value:
            yield from numbers_in(each, name)
