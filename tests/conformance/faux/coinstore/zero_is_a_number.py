"""Takes a code that is text for a failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import error_codes, rest
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.errors import CoinstoreError

FAILS = frozenset(
    {
        "coinstore/errors/010",
        "coinstore/funding/010",
        "coinstore/funding/020",
        "coinstore/funding/030",
        "coinstore/numbers/030",
        "common/auth/080",
        "common/funding/040",
        "common/funding/050",
        "common/reference/010",
        "common/reference/020",
        "common/reference/030",
    }
)
SHOWS_IN = frozenset({"instruments", "deposits"})


honest = error_codes.error_in


def error_in(payload: Any, *, http_status: int) -> CoinstoreError | None:
    if isinstance(payload, dict) and isinstance(payload.get("code"), str):
        return CoinstoreError("failed", http_status=http_status)
    return honest(payload, http_status=http_status)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.error_in = error_in
        await super().start(settings)
