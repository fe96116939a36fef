"""Escapes blanks as plus signs where it signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/020",
        "htx/auth/020",
        "htx/auth/030",
    }
)


def encode(text: str) -> str:
    return quote_plus(text)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        honest, signing.encode = signing.encode, encode
        try:
            return await super().request(method, path, signed, query, body)
        finally:
            signing.encode = honest
