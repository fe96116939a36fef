"""Sorts what it signs, and not what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/auth/010",
        "common/auth/030",
    }
)
SHOWS_IN = frozenset({"request"})


honest = rest.signed_headers


def signed_headers(credentials: Any, *, message: bytes, **more: Any) -> dict[str, str]:
    text = message if message.startswith(b"{") else b"&".join(sorted(message.split(b"&")))
    return honest(credentials, message=text, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
