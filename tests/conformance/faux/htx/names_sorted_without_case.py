"""Sorts what it signs as if capitals were small letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/020",
        "common/auth/030",
        "common/auth/040",
        "htx/auth/010",
        "htx/auth/020",
        "htx/auth/030",
        "htx/auth/070",
    }
)


def canonical_query(params: Sequence[tuple[str, str]]) -> str:
    pairs = sorted(params, key=lambda pair: (pair[0].lower(), pair))
    return "&".join(f"{signing.encode(name)}={signing.encode(value)}" for name, value in pairs)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        honest, signing.canonical_query = signing.canonical_query, canonical_query
        try:
            return await super().request(method, path, signed, query, body)
        finally:
            signing.canonical_query = honest
