"""The readers of JSON with this client's error, and what this venue spells otherwise than others.

Owns: times, which are ISO 8601 text or decimal seconds.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mockex.clients.shared.fields import EPOCH, JsonRow
from mockex.clients.shared.fields import parse_json as parse_any_json
from mockex.clients.shared.fields import plain as plain

from .errors import MalformedReplyError
from .signing import iso_timestamp

_NS_PER_SECOND = 1_000_000_000


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal`.

    `asset-valuation` sends an unquoted amount, and a parser that goes through binary floats may change its digits.
    """
    return parse_any_json(raw, MalformedReplyError)


def iso(instant: datetime) -> str:
    """An aware datetime as the venue writes times. ValueError if the datetime is naive."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return iso_timestamp((instant - EPOCH) // timedelta(microseconds=1) * 1_000)


def as_time(value: object, where: str) -> datetime:
    """An aware UTC datetime from ISO 8601 text. Fractions beyond microseconds are cut."""
    if isinstance(value, str):
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise MalformedReplyError(f"{where} is not a time: {value!r}") from None
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    raise MalformedReplyError(f"{where} is not a time with a zone: {value!r}")


class Row(JsonRow):
    """One JSON object of the venue."""

    __slots__ = ()

    malformed = MalformedReplyError

    def time(self, name: str) -> datetime:
        """An aware UTC datetime."""
        return as_time(self.get(name), self.path(name))

    def nanoseconds(self, name: str) -> int:
        """Unix nanoseconds from decimal seconds, quoted or not."""
        return int(self.decimal(name) * _NS_PER_SECOND)


#: What stands in no object: parts of arrays, and the payloads of replies.
as_decimal, as_list, rows = Row.as_decimal, Row.as_list, Row.all_of
