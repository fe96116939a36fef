"""The client: one base URL, one set of credentials, one clock.

Owns: the composition of the endpoint groups and of the three sockets, and the correction of the clock.
Must not know: how requests are signed or sent.
"""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
from mockex.clients.shared.clock import NowNs, ServerClock, Stopwatch
from mockex.clients.shared.http import DEFAULT_TIMEOUT
from mockex.clients.shared.lifetime import ClosedAtEnd

from .account import AccountApi
from .account_socket import AccountDialect
from .conditional import ConditionalApi
from .connection import ACCOUNT_TIMING, MARKET_TIMING, StreamTiming
from .market import MarketApi
from .market_socket import MarketDialect
from .reference import ReferenceApi
from .rest import RestTransport, host_of
from .signing import Credentials
from .stream import HtxStream
from .trading import TradingApi
from .wallet import WalletApi

_NS_PER_MS = 1_000_000


class HtxClient(ClosedAtEnd):
    """The REST API by area, and streams with the same credentials and clock. An async context manager."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        signed_host: str | None = None,
        now: NowNs = time.time_ns,
        timeout: timedelta = DEFAULT_TIMEOUT,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`base_url` is a venue or a simulator, without a query. `now` gives Unix nanoseconds.

        `signed_host` is named in all signatures; None means the host of each URL, with its port. Without `credentials`, private
        endpoints raise ValueError. A given `session` is used and left open.
        """
        self._credentials = credentials
        self._signed_host = signed_host
        self.clock = ServerClock(now)
        self.rest = RestTransport(
            base_url,
            credentials=credentials,
            signed_host=signed_host,
            clock=self.clock,
            timeout=timeout,
            session=session,
        )
        self.reference = ReferenceApi(self.rest)
        self.market = MarketApi(self.rest)
        self.account = AccountApi(self.rest)
        self.trading = TradingApi(self.rest)
        self.conditional = ConditionalApi(self.rest)
        self.wallet = WalletApi(self.rest)

    async def close(self) -> None:
        """Close the HTTP session. Streams have lives of their own. Harmless to repeat."""
        await self.rest.close()

    async def sync_time(self) -> int:
        """Correct the clock by the venue's; signatures and logins use it from then on. Returns the offset in ns."""
        asked_ns = self.clock.local_ns()
        server_ms = await self.reference.timestamp_ms()
        self.clock.correct(server_ns=server_ms * _NS_PER_MS, asked_ns=asked_ns, answered_ns=self.clock.local_ns())
        return self.clock.offset_ns

    def market_stream(self, url: str, *, timing: StreamTiming | None = None, stopwatch: Stopwatch | None = None) -> HtxStream:
        """A stream of market data, not started: `wss://../ws`, or `wss://../feed` for incremental books."""
        return HtxStream(url, MarketDialect(), timing=timing or MARKET_TIMING, stopwatch=stopwatch)

    def account_stream(self, url: str, *, timing: StreamTiming | None = None, stopwatch: Stopwatch | None = None) -> HtxStream:
        """A stream of orders, fills and balances, not started: `wss://../ws/v2`. ValueError without credentials."""
        if self._credentials is None:
            raise ValueError("a login needs credentials")
        dialect = AccountDialect(
            self._credentials, clock=self.clock, host=self._signed_host or host_of(url), path=urlsplit(url).path
        )
        return HtxStream(url, dialect, timing=timing or ACCOUNT_TIMING, stopwatch=stopwatch)
