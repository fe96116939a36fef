"""Puts the key into the query of its reads as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"okcoinjp/auth/070"})
SHOWS_IN = frozenset({"balances", "open_orders", "request"})


honest = rest.RestTransport.get_private


async def get_private(self: rest.RestTransport, path: str, params: rest.Params = ()) -> rest.Reply:
    assert self._credentials is not None
    return await honest(self, path, [*params, ("api_key", self._credentials.api_key)])


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.get_private = get_private
        await super().start(settings)
