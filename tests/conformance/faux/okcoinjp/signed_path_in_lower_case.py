"""Signs the path in lower case, and sends it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/010",
        "common/balances/070",
        "common/balances/080",
        "common/balances/090",
        "common/funding/040",
        "common/funding/050",
        "common/funding/090",
        "common/time/120",
        "okcoinjp/auth/060",
        "okcoinjp/auth/900",
        "okcoinjp/errors/090",
        "okcoinjp/funding/020",
        "okcoinjp/funding/030",
        "okcoinjp/funding/040",
        "okcoinjp/funding/050",
    }
)
SHOWS_IN = frozenset(
    {"cancel_order", "cash_deposits", "cash_withdrawals", "deposits", "ledger", "order", "request", "withdrawals"}
)


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    path, mark, query = target.partition("?")
    target = f"{path.lower()}{mark}{query}"
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing.sign = sign
        await super().start(settings)
