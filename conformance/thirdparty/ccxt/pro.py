"""ccxt.pro's `okcoin`: WebSocket subscriptions. Nothing is changed but the addresses and one documented option."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import ccxt.pro


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Any]:
    exchange = ccxt.pro.okcoin(
        {
            "apiKey": settings["key"],
            "secret": settings["secret"],
            "password": settings["passphrase"],
            "urls": {"api": {"rest": settings["rest"], "ws": settings["ws"]["main"]}},
            "options": settings.get("options", {}),
            "enableRateLimit": False,
        }
    )
    try:
        yield exchange
    finally:
        await exchange.close()
