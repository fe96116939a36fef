"""Signs the query in the order of the alphabet, and sends it in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/030",
        "common/fills/070",
        "common/orders/270",
        "common/orders/290",
        "okcoinjp/fills/040",
    }
)
SHOWS_IN = frozenset({"fills", "ledger", "open_orders", "order", "orders", "request", "wallet_ledger"})


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    path, mark, query = target.partition("?")
    target = f"{path}{mark}{'&'.join(sorted(query.split('&')))}"
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing.sign = sign
        await super().start(settings)
