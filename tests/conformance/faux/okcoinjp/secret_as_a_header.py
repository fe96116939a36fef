"""Sends the secret beside the key, as some other venue had it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import Credentials

FAILS = frozenset({"common/auth/060", "common/auth/900"})
SHOWS_IN = frozenset({"balances", "request"})


honest = rest.signed_headers


def signed_headers(credentials: Credentials, **signed: Any) -> dict[str, str]:
    return {**honest(credentials, **signed), "OK-ACCESS-SECRET": credentials.secret}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
