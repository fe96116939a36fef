"""Keeps the keys with which it was started first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        Driver.kept = Driver.kept or settings["credentials"]
        await super().start({**settings, "credentials": Driver.kept})

    kept: ClassVar[Mapping[str, str] | None] = None
