"""REST transport: from a method, a path and parameters to a parsed reply or a `KtxError`.

Owns: encoding, signing of the bytes as sent, the header set, the two hosts, wrapped replies and errors, the usage header.
Must not know: what any endpoint means.
Invariant: the signed query or body is the one on the wire, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import orjson
from mockex.clients.shared.clock import NS_PER_MS, ServerClock
from mockex.clients.shared.fields import MS
from mockex.clients.shared.http import DEFAULT_TIMEOUT, HttpSession, LineErrors, RawReply
from mockex.clients.shared.lifetime import ClosedAtEnd
from mockex.clients.shared.rest import Params as Params
from mockex.clients.shared.rest import base_url, needed, payload_of
from mockex.clients.shared.rest import encode_query as encode_any_query

from .error_codes import error_in, status_class
from .errors import ConnectionFailedError, ConnectionLostError, RequestTimeoutError
from .fields import Row, parse_json
from .signing import Credentials, signed_headers
from .vocabulary import Profile

#: As the samples have it (ktx§3).
DEFAULT_EXPIRY = timedelta(seconds=5)

_LINE_ERRORS = LineErrors(failed=ConnectionFailedError, lost=ConnectionLostError, timed_out=RequestTimeoutError)

_USAGE_HEADER = "Ktx-Usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Points of the venue's time: of this request, of this address in the last 10 s with it, and left (ktx§4)."""

    cost: int
    used: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful reply, unwrapped. Header names match in any case."""

    status: int
    data: object
    headers: Mapping[str, str]

    @property
    def usage(self) -> Usage | None:
        """None if the reply does not tell, or not in the documented form."""
        return usage_in(self.headers)

    def row(self, what: str) -> Row:
        """The reply, which must be an object."""
        return Row.of(self.data, what)

    def rows(self, what: str) -> tuple[Row, ...]:
        """The reply, which must be a list of objects."""
        return Row.all_of(self.data, what)


def usage_in(headers: Mapping[str, str]) -> Usage | None:
    """The usage that a reply tells, also that of a refusal. None if there is none in the documented form."""
    parts = headers.get(_USAGE_HEADER, "").split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    cost, used, left = map(int, parts)
    return Usage(cost=cost, used=used, left=left)


def encode_query(params: Params) -> str:
    """A query in the order given. Colons and commas stay as the document prints them: `c:123`, `BTC,ETH`."""
    return encode_any_query(params, safe=":,")


class RestTransport(ClosedAtEnd):
    """One venue, with or without credentials. Use it as a context manager, or call `close`."""

    def __init__(
        self,
        market_url: str,
        user_url: str | None = None,
        *,
        credentials: Credentials | None = None,
        profile: Profile = Profile.GEN1,
        clock: ServerClock | None = None,
        expiry: timedelta | None = DEFAULT_EXPIRY,
        timeout: timedelta = DEFAULT_TIMEOUT,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """The URLs are those before `/v1`; without `user_url` both are the same, but `/papi` for `/api` in gen2.
        ValueError for a query or no host.

        `expiry` is how long a private request is good for; None leaves the header out, which gen2 needs: ValueError. A given
        `session` is used and left open.
        """
        if profile is Profile.GEN2 and expiry is None:
            raise ValueError("gen2 signs the time at which a request expires: expiry must not be None")
        self._market = HttpSession("".join(base_url(market_url)), errors=_LINE_ERRORS, timeout=timeout, session=session)
        self._user = HttpSession(
            "".join(base_url(user_url or _beside(market_url, profile))), errors=_LINE_ERRORS, timeout=timeout, session=session
        )
        self._credentials = credentials
        self._expiry_ms = None if expiry is None else expiry // MS
        self.profile = profile
        self.clock = clock or ServerClock()
        self.usage: Usage | None = None
        """As the last reply told it, refusals included."""

    async def close(self) -> None:
        """Close the sessions, unless one was given from outside. Harmless to repeat."""
        await self._market.close()
        await self._user.close()

    async def get_public(self, path: str, params: Params = ()) -> Reply:
        """An unsigned GET of the market host."""
        return await self.send("GET", path, query=encode_query(params))

    async def get_private(self, path: str, params: Params = ()) -> Reply:
        """A signed GET of the user host. ValueError without credentials."""
        return await self.send("GET", path, query=encode_query(params), credentials=needed(self._credentials))

    async def get_sorted(self, path: str, params: Params) -> Reply:
        """As `get_private`, with the parameters by name: the document wants it of lists, and keeps to it or not (ktx§12)."""
        return await self.get_private(path, sorted(params, key=lambda parameter: parameter[0]))

    async def send_private(self, method: str, path: str, payload: Mapping[str, object]) -> Reply:
        """A signed POST or DELETE of compact JSON to the user host. ValueError without credentials."""
        return await self.send(method, path, body=orjson.dumps(payload), credentials=needed(self._credentials))

    async def send(
        self, method: str, path: str, *, query: str = "", body: bytes = b"", credentials: Credentials | None = None
    ) -> Reply:
        """Send exactly this, signed if credentials are given. Raises a `KtxError` for a failure, also under HTTP 200.

        The building block of the other methods, open to callers with requests of their own.
        """
        raw = await self.exchange(method, path, query=query, body=body, credentials=credentials)
        self.usage = usage_in(raw.headers) or self.usage
        # Live servers answer an unknown path in HTML (ktx§5).
        payload = payload_of(raw, parse_json, status_class)
        error = error_in(payload, http_status=raw.status, profile=self.profile)
        if error is not None:
            raise error
        return Reply(status=raw.status, data=_unwrapped(payload), headers=raw.headers)

    async def exchange(
        self, method: str, path: str, *, query: str = "", body: bytes = b"", credentials: Credentials | None = None
    ) -> RawReply:
        """As `send`, but the venue's answer is given as it is: only a missing one is a `KtxError`."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if credentials is not None:
            now_ms = self.clock.now_ns() // NS_PER_MS
            headers |= signed_headers(
                credentials,
                message=query.encode() if method == "GET" else body,
                expires_ms=None if self._expiry_ms is None else now_ms + self._expiry_ms,
                profile=self.profile,
            )
        host = self._market if credentials is None else self._user
        return await host.exchange(method, f"{path}?{query}" if query else path, body=body, headers=headers)


def _beside(market_url: str, profile: Profile) -> str:
    """Where the account's endpoints are if nobody says: with the public ones, in gen2 below `/papi` instead of `/api`."""
    base = market_url.rstrip("/")
    return f"{base.removesuffix('/api')}/papi" if profile is Profile.GEN2 and base.endswith("/api") else market_url


def _unwrapped(payload: object) -> object:
    """Live servers wrap what the document has bare, in either generation (ktx§2). No bare reply has both names."""
    if isinstance(payload, dict) and payload.get("state") == 0 and "result" in payload:
        return payload["result"]
    return payload
