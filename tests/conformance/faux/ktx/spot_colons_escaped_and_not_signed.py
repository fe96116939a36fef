"""Escapes colons in the query, and signs the query without the escapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from mockex.clients.ktx import driver, rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/020",
        "common/faults/020",
        "common/orders/130",
        "ktx/auth/030",
        "ktx/faults/520",
        "ktx/orders/020",
        "ktx/orders/040",
    }
)
SHOWS_IN = frozenset({"request", "order"})


honest_query = rest.encode_query
honest = rest.signed_headers


def encode_query(params: rest.Params) -> str:
    return honest_query(params).replace(":", "%3A")


def signed_headers(credentials: Any, *, message: bytes, **more: Any) -> dict[str, str]:
    return honest(credentials, message=message if message.startswith(b"{") else unquote_to_bytes(message), **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.encode_query = encode_query
        driver.encode_query = encode_query
        rest.signed_headers = signed_headers
        await super().start(settings)
