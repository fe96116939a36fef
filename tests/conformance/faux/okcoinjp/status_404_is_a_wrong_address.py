"""Takes every 404 for a wrong address, without reading what came with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"okcoinjp/errors/330"})
SHOWS_IN = frozenset({"error"})


honest = rest.error_in


def error_in(payload: object, *, http_status: int) -> e.OkcoinError | None:
    if http_status == 404:
        return e.EndpointNotFoundError("no such address", http_status=404)
    return honest(payload, http_status=http_status)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.error_in = error_in
        await super().start(settings)
