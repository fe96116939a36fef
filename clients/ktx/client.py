"""The client: one venue, one set of credentials, one clock.

Owns: the composition of the endpoint groups and of the streams.
Must not know: how requests are signed or sent.
"""

from __future__ import annotations

import time
from datetime import timedelta

import aiohttp
from mockex.clients.shared.clock import NowNs, ServerClock, Stopwatch
from mockex.clients.shared.http import DEFAULT_TIMEOUT
from mockex.clients.shared.lifetime import ClosedAtEnd

from .account import AccountApi
from .connection import StreamTiming
from .market import MarketApi
from .rest import DEFAULT_EXPIRY, RestTransport
from .signing import Credentials
from .stream import KtxStream, LoginWay
from .trading import TradingApi
from .vocabulary import Profile


class KtxClient(ClosedAtEnd):
    """The REST API by area, and streams with the same credentials and clock. An async context manager.

    `Profile.GEN2` speaks the signatures, error codes, paths and fields of the document's successor, and has a few endpoints
    more. The document has no endpoint for the venue's time; who knows it may correct `clock`.
    """

    def __init__(
        self,
        market_url: str,
        user_url: str | None = None,
        *,
        credentials: Credentials | None = None,
        profile: Profile = Profile.GEN1,
        now: NowNs = time.time_ns,
        expiry: timedelta | None = DEFAULT_EXPIRY,
        timeout: timedelta = DEFAULT_TIMEOUT,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """The URLs are those before `/v1`: `https://api.ktx.com/api`, `https://api-user.ktx.com/api`; both are one if one is
        given, in gen2 with `/papi` for `/api`. `now` gives Unix nanoseconds. A private request expires after `expiry`; None for
        never, which gen2 refuses.

        Without `credentials`, private endpoints raise ValueError. A given `session` is used and left open.
        """
        self._credentials = credentials
        self.clock = ServerClock(now)
        self.rest = RestTransport(
            market_url,
            user_url,
            credentials=credentials,
            profile=profile,
            clock=self.clock,
            expiry=expiry,
            timeout=timeout,
            session=session,
        )
        self.market = MarketApi(self.rest)
        self.account = AccountApi(self.rest)
        self.trading = TradingApi(self.rest)

    async def close(self) -> None:
        """Close the HTTP sessions. Streams have lives of their own. Harmless to repeat."""
        await self.rest.close()

    def market_stream(self, url: str, *, timing: StreamTiming | None = None, stopwatch: Stopwatch | None = None) -> KtxStream:
        """A stream of market data, not started."""
        return KtxStream(url, profile=self.rest.profile, clock=self.clock, timing=timing, stopwatch=stopwatch)

    def user_stream(
        self,
        url: str,
        *,
        login: LoginWay = LoginWay.MESSAGE,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> KtxStream:
        """The stream of the account, not started. ValueError without credentials."""
        if self._credentials is None:
            raise ValueError("a login needs credentials")
        return KtxStream(
            url,
            credentials=self._credentials,
            login=login,
            profile=self.rest.profile,
            clock=self.clock,
            timing=timing,
            stopwatch=stopwatch,
        )
