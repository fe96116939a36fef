"""Logs in with the first of its symbols only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import frames, session
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/auth/010",
    }
)

honest = frames.login_fields


def login_fields(login: frames.Login) -> frames.Message:
    fields = honest(login)
    return {**fields, "symbols": [login.symbols[0]]}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.login_fields = login_fields
        await super().start(settings)
