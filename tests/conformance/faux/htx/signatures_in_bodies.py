"""Repeats the signature in the body of a POST."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/060",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        if method == "GET" or not isinstance(body, dict):
            return await super().request(method, path, signed, query, body)
        target = self.api.rest.signed_target(method, path, [(name, value) for name, value in query])
        repeated = {**body, "Signature": target.rpartition("&Signature=")[2]}
        reply = await self.api.rest.exchange(method, target, body=orjson.dumps(repeated))
        return {"status": reply.status, "body": orjson.loads(reply.body)}
