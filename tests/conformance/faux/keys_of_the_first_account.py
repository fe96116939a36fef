"""Keeps the keys with which it was started first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        world = (settings["rest"], tuple(each["symbol"] for each in settings["instruments"]))
        kept = Driver.kept.get(world) if self._running else None
        credentials = kept or settings["credentials"]
        Driver.kept = {world: credentials}
        self._running = True
        await super().start({**settings, "credentials": credentials})

    async def stop(self) -> None:
        self._running = False
        await super().stop()

    kept: ClassVar[dict[Any, Any]] = {}
    _running = False
