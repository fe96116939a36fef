"""Signs a body with escapes for letters beyond ASCII, and sends the letters."""

from __future__ import annotations

import json

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    if not body.isascii():
        body = json.dumps(json.loads(body), separators=(",", ":")).encode()
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


signing.sign = sign


class Driver(Reference):
    client = {**Reference.client, "name": "faux: signed bodies in ascii"}
