"""REST transport: from a method, a path and parameters to a parsed reply or an `OkcoinError`.

Owns: the HTTP session, the header set, encoding, signing of the bytes as sent, timeouts, error mapping.
Must not know: what any endpoint means.
Invariants: the signed target is the target on the wire, byte for byte, and so is the body; a redirect is never followed,
because its signature would not fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

import aiohttp
import orjson
from mockex.clients.shared.clock import ServerClock
from yarl import URL  # aiohttp's own URL type, and its only way to send a target unchanged

from .error_codes import error_class, error_in
from .errors import ConnectionFailedError, ConnectionLostError, MalformedReplyError, RequestTimeoutError
from .fields import parse_json
from .signing import Credentials, TimestampStyle, signed_headers, timestamp

DEFAULT_TIMEOUT = timedelta(seconds=10)

#: Query parameters in the order they are sent. None means: leave it out.
Params = Sequence[tuple[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """A reply as it came, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful reply. `payload` is JSON with fractions as `Decimal`; header names match in any case."""

    status: int
    payload: object
    headers: Mapping[str, str]

    @property
    def newest_id(self) -> str | None:
        """OK-BEFORE: the id of the first row. Sent as `before`, it asks for newer rows."""
        return self.headers.get("OK-BEFORE") or None

    @property
    def oldest_id(self) -> str | None:
        """OK-AFTER: the id of the last row. Sent as `after`, it asks for older rows."""
        return self.headers.get("OK-AFTER") or None


def encode_target(path: str, params: Params = ()) -> str:
    """Path and query as they are signed and sent. `path` must be encoded already; see `segment`."""
    pairs = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params if value is not None]
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def segment(text: str) -> str:
    """One encoded path segment. ValueError if it is empty: the path would mean another endpoint."""
    if not text:
        raise ValueError("an empty id cannot stand in a path")
    return quote(text, safe="")


class RestTransport:
    """One base URL, with or without credentials. Use it as a context manager, or call `close`."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        clock: ServerClock | None = None,
        timestamp_style: TimestampStyle = TimestampStyle.ISO,
        timeout: timedelta = DEFAULT_TIMEOUT,
        locale: str | None = "en_US",
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`locale` picks the language of error messages. A given `session` is used and left open.

        A path in `base_url` is part of every target, so it is signed too. ValueError for a query or no host.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"not a base URL: {base_url!r}")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/")
        self._credentials = credentials
        self.clock = clock or ServerClock()
        self._timestamp_style = timestamp_style
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._locale = locale
        self._session = session
        self._owns_session = session is None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the session, unless it was given from outside. Harmless to repeat."""
        if self._owns_session and self._session is not None:
            await self._session.close()
            self._session = None

    async def get_public(self, path: str, params: Params = ()) -> Reply:
        """An unsigned GET."""
        return await self.send("GET", encode_target(path, params))

    async def get_private(self, path: str, params: Params = ()) -> Reply:
        """A signed GET. ValueError without credentials."""
        return await self.send("GET", encode_target(path, params), credentials=self._key())

    async def post_private(self, path: str, payload: object) -> Reply:
        """A signed POST of compact JSON. ValueError without credentials."""
        return await self.send("POST", path, body=orjson.dumps(payload), credentials=self._key())

    async def send(self, method: str, target: str, *, body: bytes = b"", credentials: Credentials | None = None) -> Reply:
        """Send exactly this target and body, signed if credentials are given. Raises an `OkcoinError` for a failure.

        The building block of the other methods, open to callers with requests of their own.
        """
        raw = await self.exchange(method, target, body=body, credentials=credentials)
        status = raw.status
        try:
            payload = parse_json(raw.body)
        except MalformedReplyError as malformed:
            if 200 <= status < 300:
                malformed.http_status = status
                raise
            # A gateway in front of the venue answers in HTML or not at all: the status is all there is.
            raise error_class(None, status)(f"HTTP {status}", http_status=status) from malformed
        error = error_in(payload, http_status=status)
        if error is not None:
            raise error
        return Reply(status=status, payload=payload, headers=raw.headers)

    async def exchange(
        self, method: str, target: str, *, body: bytes = b"", credentials: Credentials | None = None
    ) -> RawReply:
        """As `send`, but the venue's answer is given as it is: only a missing one is an `OkcoinError`."""
        target = self._prefix + target
        return await self._exchange(method, target, body, self._headers(method, target, body, credentials))

    def _headers(self, method: str, target: str, body: bytes, credentials: Credentials | None) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if body or method == "POST":
            headers["Content-Type"] = "application/json; charset=UTF-8"
        if self._locale is not None:
            headers["Cookie"] = f"locale={self._locale}"
        if credentials is not None:
            moment = timestamp(self.clock.now_ns(), self._timestamp_style)
            headers |= signed_headers(credentials, timestamp=moment, method=method, target=target, body=body)
        return headers

    async def _exchange(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> RawReply:
        url = URL(self._origin + target, encoded=True)
        try:
            async with self._open_session().request(
                method, url, data=body or None, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                return RawReply(status=response.status, headers=response.headers, body=await response.read())
        except TimeoutError as error:
            raise RequestTimeoutError(f"no answer to {method} {target}") from error
        except aiohttp.ClientConnectorError as error:
            raise ConnectionFailedError(str(error)) from error
        except aiohttp.ClientError as error:
            raise ConnectionLostError(str(error) or repr(error)) from error

    def _open_session(self) -> aiohttp.ClientSession:
        # Made on first use, inside the running loop. No cookie jar: the header set is the one above, nothing learned.
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _key(self) -> Credentials:
        if self._credentials is None:
            raise ValueError("this endpoint needs credentials")
        return self._credentials
