"""Leaves authType out of its logins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import account_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/400",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = account_socket.login_params


def login_params(*given: Any, **named: Any) -> dict[str, str]:
    params = honest(*given, **named)
    del params["authType"]
    return params


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account_socket.login_params = login_params
        await super().start(settings)
