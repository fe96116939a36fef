"""Names candles in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/market/040",
        "ktx/market/090",
    }
)
SHOWS_IN = frozenset({"candles"})


honest = rest.encode_query


def encode_query(params: rest.Params) -> str:
    return honest([(name, value.lower() if name == "time_frame" else value) for name, value in params])


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.encode_query = encode_query
        await super().start(settings)
