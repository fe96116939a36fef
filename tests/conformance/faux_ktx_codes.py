"""Wrong clients of KTX that take some codes for another failure than they are, and know every other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import error_codes
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.errors import KtxError


class MisreadsCodes(Reference):
    """A driver of what is `MISREAD` by its code: its client raises the class given instead."""

    MISREAD: Mapping[int, type[KtxError]]

    async def start(self, settings: Mapping[str, Any]) -> None:
        honest = error_codes.failure

        def failure(code: int, message: str, **more: Any) -> KtxError:
            return self.MISREAD[code](message, code=code) if code in self.MISREAD else honest(code, message, **more)

        error_codes.failure = failure
        await super().start(settings)
