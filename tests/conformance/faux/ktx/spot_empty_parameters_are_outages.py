"""Takes an empty parameter for a failure of the venue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import error_codes
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/errors/010",
    }
)
SHOWS_IN = frozenset({"error"})


honest = error_codes.failure
OTHERS: Mapping[int, type[error_codes.e.KtxError]] = {-21002: error_codes.e.ServerFaultError}


def failure(code: int, message: str, **more: Any) -> error_codes.e.KtxError:
    return OTHERS[code](message, code=code) if code in OTHERS else honest(code, message, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.failure = failure
        await super().start(settings)
