"""Signs a body with escapes for letters beyond ASCII, and sends the letters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"okcoinjp/auth/040"})
SHOWS_IN = frozenset({"request"})


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    if not body.isascii():
        body = json.dumps(json.loads(body), separators=(",", ":")).encode()
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing.sign = sign
        await super().start(settings)
