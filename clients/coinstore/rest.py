"""REST transport: from a method, a path and parameters to a parsed reply or a `CoinstoreError`.

Owns: signing of the bytes as sent, the header set, the envelope and its errors.
Must not know: what any endpoint means.
Invariants: the signed query and body are those on the wire, byte for byte; a query keeps the order given, because the venue
neither sorts nor decodes what it signs; a POST without parameters sends and signs `{}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import orjson
from mockex.clients.shared.clock import NS_PER_MS, ServerClock
from mockex.clients.shared.http import DEFAULT_TIMEOUT, HttpSession, LineErrors, RawReply
from mockex.clients.shared.lifetime import ClosedAtEnd
from mockex.clients.shared.rest import Params as Params
from mockex.clients.shared.rest import base_url as split_url
from mockex.clients.shared.rest import encode as encode
from mockex.clients.shared.rest import encode_query as encode_query
from mockex.clients.shared.rest import needed, payload_of
from mockex.clients.shared.rest import segment as segment

from .error_codes import error_in, number, status_class
from .errors import ConnectionFailedError, ConnectionLostError, MalformedReplyError, RequestTimeoutError
from .fields import Row, parse_json
from .signing import Credentials, signed_headers

_LINE_ERRORS = LineErrors(failed=ConnectionFailedError, lost=ConnectionLostError, timed_out=RequestTimeoutError)

#: The documented base URL ends in it, the paths of this client begin with it: the aggregator endpoints have none (cs§1).
_API = "/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful reply. Header names match in any case."""

    status: int
    envelope: Row
    headers: Mapping[str, str]

    @property
    def data(self) -> object:
        """What the envelope carries, with fractions as `Decimal`. MalformedReplyError if it carries nothing."""
        return self.envelope.get("data")

    def row(self, what: str) -> Row:
        """What the envelope carries, which must be an object."""
        return Row.of(self.data, what)

    def rows(self, what: str) -> tuple[Row, ...]:
        """What the envelope carries, which must be a list of objects."""
        return Row.all_of(self.data, what)


class RestTransport(ClosedAtEnd):
    """One base URL, with or without credentials. Use it as a context manager, or call `close`."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        clock: ServerClock | None = None,
        timeout: timedelta = DEFAULT_TIMEOUT,
        language: str | None = "en_US",
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`base_url` with or without the documented `/api` at its end; ValueError for a query or no host.

        `language` asks for the language of error messages. A given `session` is used and left open.
        """
        origin, path = split_url(base_url)
        self._http = HttpSession(origin + path.removesuffix(_API), errors=_LINE_ERRORS, timeout=timeout, session=session)
        self._credentials = credentials
        self._language = language
        self.clock = clock or ServerClock()

    async def close(self) -> None:
        """Close the session, unless it was given from outside. Harmless to repeat."""
        await self._http.close()

    def now_ms(self) -> int:
        """Unix milliseconds of the venue's clock, as far as known."""
        return self.clock.now_ns() // NS_PER_MS

    async def get_public(self, path: str, params: Params = ()) -> Reply:
        """An unsigned GET."""
        return await self.send("GET", path, query=encode_query(params))

    async def post_public(self, path: str, payload: Mapping[str, object]) -> Reply:
        """An unsigned POST of compact JSON."""
        return await self.send("POST", path, body=orjson.dumps(payload))

    async def get_private(self, path: str, params: Params = ()) -> Reply:
        """A signed GET. ValueError without credentials."""
        return await self.send("GET", path, query=encode_query(params), credentials=needed(self._credentials))

    async def post_private(self, path: str, payload: Mapping[str, object]) -> Reply:
        """A signed POST of compact JSON. ValueError without credentials."""
        return await self.send("POST", path, body=orjson.dumps(payload), credentials=needed(self._credentials))

    async def send(
        self, method: str, path: str, *, query: str = "", body: bytes = b"", credentials: Credentials | None = None
    ) -> Reply:
        """Send exactly this, signed if credentials are given. Raises a `CoinstoreError` for a failure, also under HTTP 200.

        The building block of the other methods, open to callers with requests of their own.
        """
        raw = await self.exchange(method, path, query=query, body=body, credentials=credentials)
        payload = payload_of(raw, parse_json, status_class)
        error = error_in(payload, http_status=raw.status)
        if error is not None:
            raise error
        envelope = Row.of(payload, "reply")
        if number(envelope.raw.get("code")) is None:
            raise MalformedReplyError(f"code of the reply is no number: {envelope.raw.get('code')!r}", http_status=raw.status)
        return Reply(status=raw.status, envelope=envelope, headers=raw.headers)

    async def exchange(
        self, method: str, path: str, *, query: str = "", body: bytes = b"", credentials: Credentials | None = None
    ) -> RawReply:
        """As `send`, but the venue's answer is given as it is: only a missing one is a `CoinstoreError`."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self._language is not None:
            headers["exch-language"] = self._language
        if credentials is not None:
            headers |= signed_headers(credentials, expires_ms=self.now_ms(), query=query, body=body)
        return await self._http.exchange(method, f"{path}?{query}" if query else path, body=body, headers=headers)
