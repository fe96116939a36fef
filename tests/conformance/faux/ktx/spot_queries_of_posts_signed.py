"""Signs the query of a POST in front of its body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/auth/070",
    }
)
SHOWS_IN = frozenset({"request"})


honest = rest.RestTransport.exchange
honest_headers = rest.signed_headers


async def exchange(self: rest.RestTransport, method: str, path: str, *, query: str = "", **more: Any) -> rest.RawReply:
    def signed_headers(credentials: Any, *, message: bytes, **rest_of_it: Any) -> dict[str, str]:
        return honest_headers(credentials, message=query.encode() + message if method == "POST" else message, **rest_of_it)

    rest.signed_headers = signed_headers
    return await honest(self, method, path, query=query, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.exchange = exchange
        await super().start(settings)
