"""Knows no code of an empty header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import error_codes
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/auth/300",
    }
)
SHOWS_IN = frozenset({"error"})


honest = error_codes.failure


def failure(code: int, message: str, **more: Any) -> error_codes.e.KtxError:
    return error_codes.e.KtxError(message, code=code) if code == -21005 else honest(code, message, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        error_codes.failure = failure
        await super().start(settings)
