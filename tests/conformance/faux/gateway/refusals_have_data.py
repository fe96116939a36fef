"""Looks for the data of a refused cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import MalformedReplyError, RequestRefusedError
from mockex.clients.gateway.frames import Reply
from mockex.clients.gateway.vocabulary import Operation

FAILS = frozenset(
    {
        "gateway/faults/180",
    }
)

honest = operations.Operations._ask


async def ask(self: operations.Operations, operation: Operation, fields: Mapping[str, object]) -> Reply:
    try:
        return await honest(self, operation, fields)
    except RequestRefusedError:
        if operation is not Operation.CANCEL_ORDER:
            raise
        raise MalformedReplyError("a reply without data") from None


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.Operations._ask = ask
        await super().start(settings)
