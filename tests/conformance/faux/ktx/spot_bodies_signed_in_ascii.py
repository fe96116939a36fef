"""Signs bodies with everything beyond ASCII escaped, and sends them without the escapes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/auth/060",
    }
)
SHOWS_IN = frozenset({"request"})


COMPACT = (",", ":")
honest = rest.signed_headers


def signed_headers(credentials: Any, *, message: bytes, **more: Any) -> dict[str, str]:
    text = json.dumps(json.loads(message), separators=COMPACT).encode() if message.startswith(b"{") else message
    return honest(credentials, message=text, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
