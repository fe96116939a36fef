"""Sends no body where there are no parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/auth/050",
        "coinstore/auth/060",
        "coinstore/auth/070",
        "coinstore/balances/010",
        "coinstore/balances/020",
        "coinstore/errors/010",
        "coinstore/errors/910",
        "common/auth/060",
        "common/auth/100",
        "common/auth/200",
        "common/auth/210",
        "common/balances/010",
        "common/balances/020",
        "common/balances/030",
        "common/balances/040",
        "common/balances/050",
        "common/balances/060",
        "common/balances/110",
        "common/errors/300",
        "common/errors/310",
        "common/errors/330",
        "common/faults/060",
        "common/faults/110",
        "common/limits/010",
        "common/numbers/200",
        "common/numbers/210",
        "common/numbers/220",
        "common/time/050",
        "common/time/060",
        "common/time/070",
    }
)
SHOWS_IN = frozenset({"balances"})


honest = rest.RestTransport.post_private


async def post_private(self: rest.RestTransport, path: str, payload: Mapping[str, object]) -> rest.Reply:
    if payload:
        return await honest(self, path, payload)
    return await self.send("POST", path, body=b"", credentials=self._credentials)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.post_private = post_private
        await super().start(settings)
