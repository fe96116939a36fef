"""ccxt's `htx`, synchronous, asynchronous or as ccxt.pro. Nothing is changed but addresses and documented options."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import ccxt
import ccxt.async_support
import ccxt.pro

REST_GROUPS = ("spot", "public", "private", "v2Public", "v2Private", "status")
"""Where ccxt looks up the address of a REST call, by the call's group. All of them are one host."""

SPOT_ONLY = {"defaultType": "spot", "fetchMarkets": {"types": {"spot": True, "linear": False, "inverse": False}}}
"""ccxt would read the contract markets too, from other hosts."""

CLASSES = {"sync": lambda: ccxt.htx, "async": lambda: ccxt.async_support.htx, "pro": lambda: ccxt.pro.htx}


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Any]:
    """`kind`: of CLASSES. `hosts`: "replaced" (every address by its URL), or "named" (ccxt's own URLs with another host name,
    which it then signs too). `ca`: a file with the authority to trust, for hosts over TLS."""
    exchange = CLASSES[settings["kind"]]()(
        {
            "apiKey": settings["key"],
            "secret": settings["secret"],
            "options": {**SPOT_ONLY, **settings.get("options", {})},
            "enableRateLimit": False,
        }
    )
    if settings.get("hosts", "replaced") == "named":
        name_host(exchange, settings["rest"])
    else:
        replace_addresses(exchange, settings["rest"], settings["ws"])
    if "ca" in settings:
        exchange.cafile = settings["ca"]
    try:
        yield exchange
    finally:
        if settings["kind"] != "sync":
            await exchange.close()


def replace_addresses(exchange: Any, rest: str, ws: Mapping[str, str]) -> None:
    """ccxt goes on signing the real host's name (htx§8.1)."""
    for group in REST_GROUPS:
        exchange.urls["api"][group] = rest
    if "ws" in exchange.urls["api"]:
        spot = exchange.urls["api"]["ws"]["api"]["spot"]
        spot.update(public=ws["market"], feed=ws["feed"], private=ws["account"])


def name_host(exchange: Any, rest: str) -> None:
    """ccxt signs the name that it is given. Its URLs are https and wss; a plain address replaces that of REST, too."""
    host = urlsplit(rest)
    exchange.hostname = host.netloc
    exchange.urls["hostnames"]["spot"] = host.netloc
    for group in REST_GROUPS:
        exchange.urls["api"][group] = f"{host.scheme}://{{hostname}}"
