"""huobi_Python's clients by URL. Nothing is changed: REST goes to `rest`, sockets to port 443 of the host that `host` names, as
all that this client takes of a URL for them is the host's name.
"""

from __future__ import annotations

import asyncio
import builtins
import queue
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from huobi.client.account import AccountClient
from huobi.client.generic import GenericClient
from huobi.client.market import MarketClient
from huobi.client.trade import TradeClient
from huobi.client.wallet import WalletClient
from huobi.connection.impl import websocket_manage
from huobi.connection.impl.websocket_watchdog import WebSocketWatchDog
from huobi.connection.subscribe_client import SubscribeClient

CLIENTS = {
    "account": AccountClient,
    "generic": GenericClient,
    "market": MarketClient,
    "trade": TradeClient,
    "wallet": WalletClient,
}


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Session]:
    # It prints its exceptions; the standard output belongs to the conversation.
    websocket_manage.print = lambda *words: builtins.print(*words, file=sys.stderr)
    try:
        yield Session(settings)
    finally:
        SubscribeClient.subscribe_watch_dog.scheduler.shutdown(wait=False)
        for connection in WebSocketWatchDog.websocket_manage_list:
            connection.close()


class Session:
    """Calls by a client's name and its method's, and what the subscriptions called back with, until it is asked for."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._keys = {"api_key": settings["key"], "secret_key": settings["secret"]}
        self._urls = {"rest": settings["rest"], "socket": settings.get("host")}
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()

    async def rest(self, client: str, method: str, **arguments: Any) -> Any:
        """What the method returns, its objects as their members."""
        asked = getattr(CLIENTS[client](url=self._urls["rest"], **self._keys), method)
        return members(await asyncio.to_thread(asked, **arguments))

    def subscribe(self, client: str, method: str, **arguments: Any) -> None:
        """Every method that subscribes opens a connection of its own."""
        asked = getattr(CLIENTS[client](url=self._urls["socket"], **self._keys), method)
        asked(callback=self._keep, error_handler=self._keep_error, **arguments)

    async def next(self, seconds: float = 10.0) -> Any:
        """The oldest event that was not asked for yet."""
        return await asyncio.to_thread(self._events.get, timeout=seconds)

    def _keep(self, event: Any) -> None:
        self._events.put(members(event))

    def _keep_error(self, error: Any) -> None:
        self._events.put({"error": error.error_message})


def members(value: Any) -> Any:
    """The client's objects print themselves; here they become what JSON can hold."""
    if isinstance(value, list):
        return [members(each) for each in value]
    if isinstance(value, dict):
        return {name: members(each) for name, each in value.items()}
    return members(vars(value)) if hasattr(value, "__dict__") else value
