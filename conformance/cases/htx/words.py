"""HTX's words on the wire, as far as cases and rules need them: what a request or message of a client says.

Knows one venue and no client. Sections cited as htx§n are those of the venue's specification.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockex.conformance.facts import Facts
from mockex.conformance.protocol import Json
from mockex.conformance.trace import IN, OUT, REQUEST, Entry, Number

Look = Callable[[Entry], None]

MARKET_PATHS, FEED_PATHS, ACCOUNT_PATHS = (("/ws", "/api/ws"), ("/feed", "/api/feed"), ("/ws/v2", "/api/ws/v2"))  # htx§1

KEY, METHOD, VERSION, TIME, SIGNATURE = "AccessKeyId", "SignatureMethod", "SignatureVersion", "Timestamp", "Signature"
AUTHENTICATION = (KEY, METHOD, VERSION, TIME, SIGNATURE)

SUB, UNSUB, REQ, PING, PONG, LOGIN = "sub", "unsub", "req", "ping", "pong", "login"


def is_signed(entry: Entry) -> bool:
    """Whether it is a request that means to be authenticated."""
    return entry.kind == REQUEST and any(name in entry.query for name in AUTHENTICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a client says on one of the sockets. `stamp`: the number of a ping or pong; `params`: of a login.

    Numbers are `Number`s, in the digits in which they were sent.
    """

    operation: str
    topics: tuple[str, ...] = ()
    id: Json = None
    stamp: Json = None
    params: Mapping[str, Any] | None = None


def message(entry: Entry) -> Message | None:
    """None for anything else than a client's message, and for what the venue has no word for."""
    said = entry.json if entry.kind == IN else None
    if not isinstance(said, dict):
        return None
    if isinstance(said.get("action"), str):
        return _account_message(said)
    for operation in (SUB, UNSUB, REQ):
        if operation in said:
            wanted = said[operation]
            topics = wanted if isinstance(wanted, list) else [wanted]
            return Message(operation=operation, topics=tuple(map(str, topics)), id=said.get("id"))
    stamp = next((word for word in (PONG, PING) if word in said), None)
    return None if stamp is None else Message(operation=stamp, stamp=said[stamp])


def _account_message(said: Mapping[str, Any]) -> Message | None:
    """htx§6."""
    action, topic = said["action"], str(said.get("ch"))
    if action in (PING, PONG):
        data = said.get("data")
        return Message(operation=action, stamp=data.get("ts") if isinstance(data, dict) else None)
    if action == REQ and topic == "auth":
        params = said.get("params")
        return Message(operation=LOGIN, topics=(topic,), params=params if isinstance(params, dict) else {})
    return Message(operation=action, topics=(topic,)) if action in (SUB, UNSUB, REQ) else None


def ping_of(entry: Entry) -> Json:
    """The number of a ping of the venue on either kind of socket; None for anything else."""
    if entry.kind != OUT or '"ping"' not in str(entry.get("text") or ""):  # most messages are data: look before parsing
        return None
    said = entry.json
    if not isinstance(said, dict):
        return None
    if said.get("action") == PING:
        data = said.get("data")
        return data.get("ts") if isinstance(data, dict) else None
    return said.get(PING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketError:
    """An error that the venue sends on a socket: the code as text, and its words."""

    code: str
    text: str


def socket_error(entry: Entry) -> SocketError | None:
    """None for anything else."""
    raw = str(entry.get("text") or "") if entry.kind == OUT else ""
    if '"err-code"' not in raw and '"code"' not in raw:
        return None
    try:
        said = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if said.get("status") == "error":
        return SocketError(code=str(said.get("err-code")), text=str(said.get("err-msg")))
    if "action" in said and said.get("code", 200) != 200:
        return SocketError(code=str(said["code"]), text=str(said.get("message")))
    return None


def new_orders(entry: Entry, facts: Facts) -> list[Mapping[str, Any]]:
    """The orders that a request would place; of a body that is none, nothing."""
    if entry.kind != REQUEST or entry.get("route") not in (facts.route("place_order"), facts.route("place_orders")):
        return []
    said = entry.json
    rows = said if isinstance(said, list) else [said]
    return [row for row in rows if isinstance(row, dict)]


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A field as text, empty if it is not there."""
    value = row.get(name)
    return "" if value is None else str(value)


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
