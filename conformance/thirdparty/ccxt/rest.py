"""ccxt's synchronous `okcoin`. Nothing is changed but the address, as its own `urls` setting allows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import ccxt


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Any]:
    """`options`: ccxt's own, laid over its defaults."""
    yield ccxt.okcoin(
        {
            "apiKey": settings["key"],
            "secret": settings["secret"],
            "password": settings["passphrase"],
            "urls": {"api": {"rest": settings["rest"]}},
            "options": settings.get("options", {}),
            # Its own pace is slower than the venue's limits and only makes the tests wait.
            "enableRateLimit": False,
        }
    )
