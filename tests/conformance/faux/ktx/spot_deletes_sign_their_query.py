"""Signs the query of everything that is no POST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/balances/050",
        "common/errors/110",
        "common/errors/120",
        "common/errors/130",
        "common/faults/090",
        "common/numbers/220",
        "common/orders/300",
        "common/orders/310",
        "common/streams/060",
        "ktx/auth/050",
        "ktx/auth/110",
        "ktx/errors/050",
        "ktx/errors/110",
        "ktx/errors/120",
        "ktx/orders/030",
        "ktx/orders/060",
        "ktx/orders/070",
        "ktx/orders/300",
        "ktx/orders/310",
        "ktx/orders/320",
        "ktx/orders/610",
        "ktx/orders/620",
        "ktx/orders/630",
    }
)
SHOWS_IN = frozenset({"request", "cancel_order", "cancel_all"})


honest = rest.RestTransport.exchange
honest_headers = rest.signed_headers


async def exchange(self: rest.RestTransport, method: str, path: str, *, query: str = "", **more: Any) -> rest.RawReply:
    def signed_headers(credentials: Any, *, message: bytes, **rest_of_it: Any) -> dict[str, str]:
        return honest_headers(credentials, message=query.encode() if method != "POST" else message, **rest_of_it)

    rest.signed_headers = signed_headers
    return await honest(self, method, path, query=query, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.exchange = exchange
        await super().start(settings)
