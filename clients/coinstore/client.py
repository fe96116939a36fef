"""The client: one base URL, one set of credentials, one clock.

Owns: the composition of the endpoint groups and of the stream.
Must not know: how requests are signed or sent.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import aiohttp
from mockex.clients.shared.clock import NowNs, ServerClock, Stopwatch
from mockex.clients.shared.http import DEFAULT_TIMEOUT
from mockex.clients.shared.lifetime import ClosedAtEnd

from .account import AccountApi
from .aggregator import AggregatorApi
from .connection import StreamTiming
from .market import MarketApi
from .reference import ReferenceApi
from .rest import RestTransport
from .signing import Credentials
from .stream import CoinstoreStream
from .trading import TradingApi
from .wallet import WalletApi


class CoinstoreClient(ClosedAtEnd):
    """The REST API by area, and streams with the same credentials and clock. An async context manager.

    The venue has no endpoint for its time; a program that knows it may correct `clock`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        now: NowNs = time.time_ns,
        timeout: timedelta = DEFAULT_TIMEOUT,
        language: str | None = "en_US",
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`base_url` is a venue or a simulator, with or without the documented `/api`. `now` gives Unix nanoseconds.

        Without `credentials`, private endpoints raise ValueError. A given `session` is used and left open.
        """
        self._credentials = credentials
        self.clock = ServerClock(now)
        self.rest = RestTransport(
            base_url, credentials=credentials, clock=self.clock, timeout=timeout, language=language, session=session
        )
        self.reference = ReferenceApi(self.rest)
        self.market = MarketApi(self.rest)
        self.account = AccountApi(self.rest)
        self.trading = TradingApi(self.rest)
        self.wallet = WalletApi(self.rest)
        self.aggregator = AggregatorApi(self.rest)

    async def close(self) -> None:
        """Close the HTTP session. Streams have lives of their own. Harmless to repeat."""
        await self.rest.close()

    def stream(self, url: str, *, timing: StreamTiming | None = None, stopwatch: Stopwatch | None = None) -> CoinstoreStream:
        """A stream of market data, not started: `wss://../s/ws`."""
        return CoinstoreStream(url, clock=self.clock, timing=timing, stopwatch=stopwatch)

    def private_stream(
        self,
        url: str,
        *,
        login_channels: Sequence[str] = (),
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> CoinstoreStream:
        """A stream that logs in, not started. ValueError without credentials."""
        if self._credentials is None:
            raise ValueError("a login needs credentials")
        return CoinstoreStream(
            url,
            credentials=self._credentials,
            login_channels=login_channels,
            clock=self.clock,
            timing=timing,
            stopwatch=stopwatch,
        )
