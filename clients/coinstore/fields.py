"""The readers of JSON with this client's error, and the venue's own spellings of time.

Owns: which times are seconds, milliseconds or text; sums that lose no digit, and prices that are not told.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Context, Decimal

from mockex.clients.shared.fields import MS, SECOND, JsonRow
from mockex.clients.shared.fields import parse_json as parse_any_json

from .errors import MalformedReplyError

#: Zone of times that are text. ASSUMED: no source names it (cs§5).
VENUE_ZONE = timezone(timedelta(hours=8))

#: Sums of amounts of 18 decimals have more digits than the usual 28.
_EXACT = Context(prec=80)

_TEXT_FORM = "%Y-%m-%d %H:%M:%S"

#: Below it a count is of seconds: as milliseconds it would lie before 1973-03-03, as seconds above it after the year 5138.
_LEAST_MS = 100_000_000_000


def sum_of(one: Decimal, other: Decimal) -> Decimal:
    """Exact, whatever the digits."""
    return _EXACT.add(one, other)


def price_of(amount: Decimal, quantity: Decimal) -> Decimal | None:
    """The price of a match, which fills leave out, without zeros at its end. None if nothing was matched."""
    if not quantity:
        return None
    price = (amount / quantity).normalize()
    return price.quantize(Decimal(1)) if price == price.to_integral_value() else price


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal`: `0E-18` and `9.1E-10` are numbers of this venue (cs§5)."""
    return parse_any_json(raw, MalformedReplyError)


class Row(JsonRow):
    """One JSON object of the venue."""

    __slots__ = ()

    malformed = MalformedReplyError

    def either_unit(self, name: str) -> datetime:
        """An aware UTC datetime from Unix milliseconds or seconds, told apart by their size: `orderUpdateTime` is both."""
        count = self.integer(name)
        return self.as_time(count, MS if count >= _LEAST_MS else SECOND, self.path(name))

    def local_time(self, name: str) -> datetime:
        """An aware UTC datetime from text in the venue's zone."""
        text = self.text(name)
        try:
            return datetime.strptime(text, _TEXT_FORM).replace(tzinfo=VENUE_ZONE).astimezone(UTC)
        except ValueError:
            raise self.malformed(f"{self.path(name)} is not a time: {text!r}") from None


def local_text(instant: datetime) -> str:
    """A time as requests carry it, in the venue's zone, without fractions. ValueError if the datetime is naive."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(VENUE_ZONE).strftime(_TEXT_FORM)
