"""Coinstore's words on the wire, as far as cases and rules need them: what a request or message of a client says.

Knows one venue and no client. Sections cited as cs§n are those of the venue's specification.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockex.conformance.protocol import Json
from mockex.conformance.trace import IN, OUT, REQUEST, Entry

Look = Callable[[Entry], None]

KEY, EXPIRES, SIGN = "x-cs-apikey", "x-cs-expires", "x-cs-sign"

SUB, UNSUB, REQ, LIST, LOGIN, PONG = "SUB", "UNSUB", "REQ", "LIST", "LOGIN", "PONG"
OPERATIONS = (SUB, UNSUB, REQ, LIST, LOGIN, PONG)

SECOND_BITS = 20
"""An order's id is the second of its placing, shifted by so many bits, and a count (cs§5)."""

SPANS = {
    60: ("1min", "min_1"),
    300: ("5min", "min_5"),
    900: ("15min", "min_15"),
    1_800: ("30min", "min_30"),
    3_600: ("60min", "hour_1"),
    14_400: ("4hour", "hour_4"),
    43_200: ("12hour", "hour_12"),
    86_400: ("1day", "day_1"),
    604_800: ("1week", "week_1"),
}
"""Seconds of a candle -> its name in queries and in channels (cs§7.17)."""


def header(request: Entry, name: str) -> str | None:
    """Of a request, by its name in lower case."""
    told = request["headers"].get(name)
    return None if told is None else str(told)


def is_signed(entry: Entry) -> bool:
    """Whether it is a request that means to be authenticated."""
    return entry.kind == REQUEST and any(header(entry, name) is not None for name in (KEY, EXPIRES, SIGN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a client says on the socket. `operation` in upper case, "" for none."""

    operation: str
    channels: tuple[str, ...]


def message(entry: Entry) -> Message | None:
    """None for anything else than a client's message. What is no JSON object says nothing."""
    if entry.kind != IN:
        return None
    said = entry.json
    if not isinstance(said, dict):
        return Message(operation="", channels=())
    named, channels = said.get("op"), said.get("channel")
    return Message(
        operation=named.upper() if isinstance(named, str) else "",
        channels=tuple(map(str, channels)) if isinstance(channels, list) else (),
    )


def answer(entry: Entry) -> tuple[str, str] | None:
    """Code and slug of the venue's answer to a command; None for anything else."""
    if entry.kind != OUT or '"T":"resp"' not in str(entry.get("text") or ""):  # most messages are data: look before parsing
        return None
    said: Json = entry.json
    return None if not isinstance(said, dict) or "C" not in said else (str(said["C"]), str(said.get("M")))
