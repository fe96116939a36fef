"""Sends signatures of numbered notes without escapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/070",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        if not any(name == "note" and value.isdigit() for name, value in query):
            return await super().request(method, path, signed, query, body)
        target = self.api.rest.signed_target(method, path, [(name, value) for name, value in query])
        head, _, signature = target.rpartition("&Signature=")
        bare = signature.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
        reply = await self.api.rest.exchange(method, f"{head}&Signature={bare}")
        return {"status": reply.status, "body": orjson.loads(reply.body)}
