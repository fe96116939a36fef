"""Takes used up points for a lack of permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import error_codes
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/limits/020",
    }
)
SHOWS_IN = frozenset({"error"})


honest = error_codes.failure
OTHERS: Mapping[int, type[error_codes.e.KtxError]] = {-20006: error_codes.e.PermissionDeniedError}


def failure(code: int, message: str, **more: Any) -> error_codes.e.KtxError:
    return OTHERS[code](message, code=code) if code in OTHERS else honest(code, message, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.failure = failure
        await super().start(settings)
