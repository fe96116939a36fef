"""Signs the query of a POST without its own parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from mockex.clients.htx import rest
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/030",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        if method == "GET" or not query:
            return await super().request(method, path, signed, query, body)
        added = rest.encode_target("", [(name, value) for name, value in query]).replace("?", "&")
        target = self.api.rest.signed_target(method, path) + added
        reply = await self.api.rest.exchange(method, target, body=orjson.dumps(body))
        return {"status": reply.status, "body": orjson.loads(reply.body)}
