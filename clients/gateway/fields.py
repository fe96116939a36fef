"""The readers of JSON with this client's error, and decimals as the numbers of requests."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import orjson
from mockex.clients.shared.fields import JsonRow, plain
from mockex.clients.shared.fields import parse_json as parse_any_json

from .errors import MalformedReplyError


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal`, out of their text: amounts are numbers here (gw§4)."""
    return parse_any_json(raw, MalformedReplyError)


def number(amount: Decimal) -> orjson.Fragment:
    """A decimal as a JSON number with the digits that it has. ValueError if not finite."""
    return orjson.Fragment(plain(amount))


class Row(JsonRow):
    """One JSON object of the gateway."""

    __slots__ = ()

    malformed = MalformedReplyError

    def optional_milliseconds(self, name: str) -> datetime | None:
        """An aware UTC datetime, or None if the field is absent or null."""
        return None if self.blank(name) else self.milliseconds(name)
