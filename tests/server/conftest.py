"""The server's tests run against the toy exchange alone: what other venues do is their own tests' business."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from server_rig import TOY_FOLDER, toy_settings

import mockex.venues
from mockex.server.runner import Server


@pytest.fixture(autouse=True)
def only_the_toy_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mockex.venues, "__path__", [str(TOY_FOLDER)])


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(toy_settings()) as running:
        yield running
