"""The client: one base URL, one set of credentials, one clock.

Owns: the composition of the endpoint groups, and the correction of the clock.
Must not know: how requests are signed or sent.
"""

from __future__ import annotations

import time
from datetime import timedelta

import aiohttp
from mockex.clients.shared.clock import NowNs, ServerClock, Stopwatch
from mockex.clients.shared.http import DEFAULT_TIMEOUT
from mockex.clients.shared.lifetime import ClosedAtEnd

from .connection import StreamTiming
from .fields import Row
from .funding import FundingApi
from .market import MarketApi
from .market_models import ServerTime, decode_server_time
from .rest import RestTransport
from .signing import Credentials, TimestampStyle
from .stream import OkcoinStream
from .trading import TradingApi

_TIME_PATH = "/api/general/v3/time"


class OkcoinClient(ClosedAtEnd):
    """The REST API by area, and streams with the same credentials and clock. An async context manager."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        now: NowNs = time.time_ns,
        timeout: timedelta = DEFAULT_TIMEOUT,
        timestamp_style: TimestampStyle = TimestampStyle.ISO,
        locale: str | None = "en_US",
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`base_url` is a venue or a simulator, without a query. `now` gives Unix nanoseconds.

        Without `credentials`, private endpoints raise ValueError. A given `session` is used and left open.
        """
        self._credentials = credentials
        self.clock = ServerClock(now)
        self.rest = RestTransport(
            base_url,
            credentials=credentials,
            clock=self.clock,
            timestamp_style=timestamp_style,
            timeout=timeout,
            locale=locale,
            session=session,
        )
        self.market = MarketApi(self.rest)
        self.funding = FundingApi(self.rest)
        self.trading = TradingApi(self.rest)

    async def close(self) -> None:
        """Close the HTTP session. Streams have lives of their own. Harmless to repeat."""
        await self.rest.close()

    async def server_time(self) -> ServerTime:
        """The venue's clock."""
        reply = await self.rest.get_public(_TIME_PATH)
        return decode_server_time(Row.of(reply.payload, "time"))

    async def sync_time(self) -> int:
        """Correct the clock by the venue's; signatures and logins use it from then on. Returns the offset in ns."""
        asked_ns = self.clock.local_ns()
        answer = await self.server_time()
        self.clock.correct(server_ns=answer.epoch_ns, asked_ns=asked_ns, answered_ns=self.clock.local_ns())
        return self.clock.offset_ns

    def stream(
        self,
        url: str,
        *,
        log_in: bool | None = None,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> OkcoinStream:
        """A stream on a WebSocket URL, not started. `log_in` None means: if there are credentials."""
        if log_in and self._credentials is None:
            raise ValueError("a login needs credentials")
        return OkcoinStream(
            url,
            credentials=None if log_in is False else self._credentials,
            clock=self.clock,
            timing=timing,
            stopwatch=stopwatch,
        )
