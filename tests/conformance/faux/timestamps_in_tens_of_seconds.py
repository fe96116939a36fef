"""Rounds its timestamps down to ten seconds."""

from __future__ import annotations

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import TimestampStyle

FAILS: frozenset[str] = frozenset()


honest = rest.timestamp

TEN_SECONDS_NS = 10_000_000_000


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    return honest(at_ns // TEN_SECONDS_NS * TEN_SECONDS_NS, style)


rest.timestamp = timestamp


class Driver(Reference):
    client = {**Reference.client, "name": "faux: timestamps in tens of seconds"}
