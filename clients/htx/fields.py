"""The readers of JSON with this client's error, and what this venue spells otherwise than others.

Owns: times, which are milliseconds, and what stands for none; times of requests.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

from datetime import datetime

from mockex.clients.shared.fields import EPOCH, MS, JsonRow
from mockex.clients.shared.fields import epoch_seconds as epoch_seconds
from mockex.clients.shared.fields import parse_json as parse_any_json
from mockex.clients.shared.fields import plain as plain

from .errors import MalformedReplyError


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal` and integers of any length.

    Market data are numbers as Java prints doubles (`9.121E-7`, `4.0E7`), and inner ids of trades have up to 28 digits
    (htx§3.2): a parser that goes through binary floats changes the digits of both.
    """
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

    def time(self, name: str) -> datetime:
        """An aware UTC datetime from milliseconds, quoted or not."""
        return self.milliseconds(name)

    def optional_time(self, name: str) -> datetime | None:
        """As `time`, or None if the field is absent, null, empty or 0: the venue writes 0 for what has not happened."""
        return None if self.blank(name) or self.raw[name] in (0, "0") else self.time(name)

    def optional_flag(self, name: str) -> bool | None:
        """A boolean, or None if the field is absent or null."""
        return None if self.blank(name) else self.flag(name)


#: What stands in no object: parts of arrays, and the payloads of replies.
as_decimal, as_integer, as_list, as_text, rows = Row.as_decimal, Row.as_integer, Row.as_list, Row.as_text, Row.all_of
