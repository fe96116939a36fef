"""Signs what is in a body as if it were in the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/030",
        "htx/auth/040",
        "htx/auth/060",
        "htx/orders/300",
        "htx/orders/310",
        "htx/orders/320",
        "htx/streams/300",
        "htx/streams/310",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, signed: bool, query: Sequence[Any] = (), body: object = None) -> Fields:
        if method == "GET" or not isinstance(body, dict):
            return await super().request(method, path, signed, query, body)
        with_body = self.api.rest.signed_target(method, path, [*query, *((name, str(value)) for name, value in body.items())])
        signature = with_body.rpartition("&Signature=")[2]
        target = self.api.rest.signed_target(method, path, query).rpartition("&Signature=")[0]
        reply = await self.api.rest.exchange(method, f"{target}&Signature={signature}", body=orjson.dumps(body))
        return {"status": reply.status, "body": orjson.loads(reply.body)}
