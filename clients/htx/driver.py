"""The reference client as a driver of the conformance suite: a host calls the methods of `Driver` by the protocol's names.

Owns a session: its client, the time that it lives in, and its end. Must not know lines, processes or JSON; the operations stand
in the modules beside, by area. What the protocol has and this venue has not (a second wallet, payments of money in cash) is not
offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import orjson
from mockex.clients.shared.driver_session import relayed
from mockex.clients.shared.driver_values import package_version

from .client import HtxClient
from .driver_errors import error_fields
from .driver_funding import FundingOperations
from .driver_market import MarketOperations
from .driver_streams import StreamOperations, addresses
from .driver_trading import TradingOperations
from .driver_words import Fields
from .rest import encode_target
from .signing import Credentials


class Driver(MarketOperations, TradingOperations, FundingOperations, StreamOperations):
    """One session with a fresh client."""

    client: ClassVar[Mapping[str, str]] = {"name": "htx reference client", "version": package_version(), "language": "Python"}

    features = (
        "place_order.market",
        "place_order.post_only",
        "place_order.ioc",
        "place_order.fok",
        "place_order.client_id",
        "cancel_order.client_id",
        "order.client_id",
        "paging",
        "subscribe.ticker",
        "subscribe.trades",
        "subscribe.book",
        "subscribe.candles",
        "subscribe.orders",
        "subscribe.balances",
        "error.code",
        "reconnect",
    )

    def __init__(self) -> None:
        super().__init__()
        self._credentials: Credentials | None = None

    async def start(self, settings: Mapping[str, Any]) -> None:
        """ValueError for addresses that are none."""
        self.begin(settings)
        self._credentials = _credentials(settings["credentials"])
        self.ws_urls = addresses(settings["ws"])
        self.api = HtxClient(settings["rest"], credentials=self._credentials, now=self._clock.now_ns, timeout=self.timeout)

    async def stop(self) -> None:
        """Harmless after a start that failed."""
        await self.stream_close()
        if hasattr(self, "api"):
            await self.api.close()

    def clock(self, offset_ms: int) -> Fields:
        """A correction that the client made by itself is void: it was made by the clock before."""
        self.api.clock.correct(server_ns=0, asked_ns=0, answered_ns=0)
        return super().clock(offset_ms)

    async def request(
        self, method: str, path: str, signed: bool, query: Sequence[tuple[str, str]] = (), body: object = None
    ) -> Fields:
        """The venue's answer as it is; text if it is no JSON."""
        params = [(name, value) for name, value in query]
        target = self.api.rest.signed_target(method, path, params) if signed else encode_target(path, params)
        reply = await self.api.rest.exchange(method, target, body=b"" if body is None else orjson.dumps(body))
        return relayed(reply.status, reply.body)

    def describe(self, error: Exception) -> Fields:
        return error_fields(error)


def _credentials(given: Mapping[str, str | None] | None) -> Credentials | None:
    """This venue knows no passphrase."""
    if given is None:
        return None
    return Credentials(api_key=given["api_key"] or "", secret=given["secret"] or "")
