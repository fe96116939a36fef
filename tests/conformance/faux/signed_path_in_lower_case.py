"""Signs the path in lower case, and sends it as it is."""

from __future__ import annotations

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    path, mark, query = target.partition("?")
    target = f"{path.lower()}{mark}{query}"
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


signing.sign = sign


class Driver(Reference):
    client = {**Reference.client, "name": "faux: signed path in lower case"}
