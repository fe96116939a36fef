"""The readers of JSON with this client's error, and what requests spell otherwise than Python does.

Owns: sums that lose no digit, ids, times of requests.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Context, Decimal

from mockex.clients.shared.fields import EPOCH, MS, JsonRow
from mockex.clients.shared.fields import parse_json as parse_any_json

from .errors import MalformedReplyError

_EXACT = Context(prec=80)


def difference(one: Decimal, other: Decimal) -> Decimal:
    """Exact, whatever the digits."""
    return _EXACT.subtract(one, other)


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal`: balances are numbers of this venue (ktx§7)."""
    return parse_any_json(raw, MalformedReplyError)


def epoch_ms(instant: datetime) -> int:
    """Unix milliseconds, rounded down. ValueError if the datetime is naive."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return (instant - EPOCH) // MS


class Row(JsonRow):
    """One JSON object of the venue."""

    __slots__ = ()

    malformed = MalformedReplyError

    def optional_id(self, name: str) -> int | None:
        """An id that is 0 where there is none."""
        return self.integer(name) or None
