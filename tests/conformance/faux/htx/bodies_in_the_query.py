"""Sends what belongs into a body in the query as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/040",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        if isinstance(body, dict):
            query = [*query, *((name, str(value)) for name, value in body.items())]
        return await super().request(method, path, signed, query, body)
