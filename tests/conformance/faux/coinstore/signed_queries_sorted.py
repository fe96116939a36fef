"""Signs the parameters of a query in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.signing import Credentials

FAILS = frozenset(
    {
        "coinstore/auth/020",
        "coinstore/auth/900",
        "coinstore/fills/010",
        "coinstore/fills/020",
        "coinstore/fills/030",
        "coinstore/numbers/020",
        "common/auth/030",
        "common/auth/050",
        "common/fills/010",
        "common/fills/020",
        "common/fills/030",
        "common/fills/040",
        "common/fills/050",
        "common/fills/060",
        "common/fills/070",
        "common/fills/080",
        "common/fills/090",
        "common/numbers/250",
        "common/time/110",
    }
)
SHOWS_IN = frozenset({"request", "fills"})


honest = rest.signed_headers


def signed_headers(credentials: Credentials, *, expires_ms: int, query: str, body: bytes) -> dict[str, str]:
    query = "&".join(sorted(query.split("&")))
    return honest(credentials, expires_ms=expires_ms, query=query, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
