"""Looks at the status of a reply alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "okcoinjp/errors/300",
        "okcoinjp/errors/310",
        "okcoinjp/errors/320",
    }
)
SHOWS_IN = frozenset({"error"})


honest = rest.error_in


def error_in(payload: object, *, http_status: int) -> OkcoinError | None:
    return None if http_status == 200 else honest(payload, http_status=http_status)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.error_in = error_in
        await super().start(settings)
