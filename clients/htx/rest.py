"""REST transport: from a method, a path and parameters to a parsed reply or an `HtxError`.

Owns: the HTTP session, encoding, signing of the query as sent, timeouts, error mapping.
Must not know: what any endpoint means.
Invariants: the signed query is the query on the wire; a redirect is never followed, because its signature would not fit; a GET
has no body, which the venue would answer with HTTP 403 (htx§1.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import orjson
from mockex.clients.shared.clock import ServerClock
from yarl import URL  # aiohttp's own URL type, and its only way to send a target unchanged

from .error_codes import error_in, number, status_class
from .errors import ConnectionFailedError, ConnectionLostError, MalformedReplyError, RequestTimeoutError
from .fields import Row, parse_json
from .signing import Credentials, encode, signed_query

DEFAULT_TIMEOUT = timedelta(seconds=10)

#: What HTTP clients leave out of the Host header, and so must a signature.
_USUAL_PORTS = {"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}

#: Query parameters. None means: leave it out.
Params = Sequence[tuple[str, str | int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """A reply as it came, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


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

    def data_row(self, what: str) -> Row:
        """What the envelope carries, which must be an object."""
        return Row.of(self.data, what)

    @property
    def requests_remaining(self) -> int | None:
        """X-HB-RateLimit-Requests-Remain: requests left in the venue's present window, if the reply says so."""
        return number(self.headers.get("X-HB-RateLimit-Requests-Remain"))

    @property
    def window_ends_ms(self) -> int | None:
        """X-HB-RateLimit-Requests-Expire: when that window ends, in Unix milliseconds."""
        return number(self.headers.get("X-HB-RateLimit-Requests-Expire"))


def present(params: Params) -> list[tuple[str, str]]:
    """Parameters that have a value, as text."""
    return [(name, str(value)) for name, value in params if value is not None]


def encode_target(path: str, params: Params = ()) -> str:
    """Path and query of a public request, in the order given. `path` must be encoded already; see `segment`."""
    query = "&".join(f"{encode(name)}={encode(value)}" for name, value in present(params))
    return f"{path}?{query}" if query else path


def segment(text: str) -> str:
    """One encoded path segment. ValueError if it is empty: the path would mean another endpoint."""
    if not text:
        raise ValueError("an empty id cannot stand in a path")
    return encode(text)


def host_of(url: str) -> str:
    """The host that a signature names by default: that of the Host header, in lower case, without the usual port."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower().removesuffix(_USUAL_PORTS.get(parts.scheme, ""))


class RestTransport:
    """One base URL, with or without credentials. Use it as a context manager, or call `close`."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        signed_host: str | None = None,
        clock: ServerClock | None = None,
        timeout: timedelta = DEFAULT_TIMEOUT,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`signed_host` is named in signatures; None means the host of `base_url`, see `host_of`. It differs where the venue is
        reached by another name than its own. A given `session` is used and left open.

        A path in `base_url` is part of every target, so it is signed too. ValueError for a query or no host.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"not a base URL: {base_url!r}")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/")
        self._signed_host = signed_host or host_of(base_url)
        self._credentials = credentials
        self.clock = clock or ServerClock()
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
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
        return await self.send("GET", self.signed_target("GET", path, params))

    async def post_private(self, path: str, payload: object) -> Reply:
        """A POST of compact JSON with a signed query. ValueError without credentials."""
        return await self.send("POST", self.signed_target("POST", path), body=orjson.dumps(payload))

    def signed_target(self, method: str, path: str, params: Params = ()) -> str:
        """Path and query of a private request, signed at the present time of the venue. ValueError without credentials."""
        if self._credentials is None:
            raise ValueError("this endpoint needs credentials")
        query = signed_query(
            self._credentials,
            method=method,
            host=self._signed_host,
            path=self._prefix + path,
            params=present(params),
            at_ns=self.clock.now_ns(),
        )
        return f"{path}?{query}"

    async def send(self, method: str, target: str, *, body: bytes = b"") -> Reply:
        """Send exactly this target and body. Raises an `HtxError` for a failure, also for one under HTTP 200.

        The building block of the other methods, open to callers with requests of their own.
        """
        raw = await self.exchange(method, target, body=body)
        status = raw.status
        try:
            payload = parse_json(raw.body)
        except MalformedReplyError as malformed:
            if 200 <= status < 300:
                malformed.http_status = status
                raise
            # A gateway in front of the venue answers in HTML or not at all: the status is all there is.
            raise status_class(status)(f"HTTP {status}", http_status=status) from malformed
        error = error_in(payload, http_status=status)
        if error is not None:
            raise error
        envelope = Row.of(payload, "reply")
        # Withdrawals are documented without `status`, so `data` alone will do.
        if not any(envelope.has(name) for name in ("status", "code", "data")):
            raise MalformedReplyError("the reply has neither status nor code nor data", http_status=status)
        return Reply(status=status, envelope=envelope, headers=raw.headers)

    async def exchange(self, method: str, target: str, *, body: bytes = b"") -> RawReply:
        """As `send`, but the venue's answer is given as it is: only a missing one is an `HtxError`."""
        url = URL(self._origin + self._prefix + target, encoded=True)
        headers = {"Accept": "application/json"}
        if body or method == "POST":
            headers["Content-Type"] = "application/json"
        # Without its query, which holds a signature and does not belong into logs.
        named = f"{method} {url.path}"
        try:
            async with self._open_session().request(
                method, url, data=body or None, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                return RawReply(status=response.status, headers=response.headers, body=await response.read())
        except TimeoutError as error:
            raise RequestTimeoutError(f"no answer to {named}") from error
        except aiohttp.ClientConnectorError as error:
            raise ConnectionFailedError(str(error)) from error
        except aiohttp.ClientError as error:
            raise ConnectionLostError(str(error) or repr(error)) from error

    def _open_session(self) -> aiohttp.ClientSession:
        # Made on first use, inside the running loop. No cookie jar: nothing that the venue sets is sent back.
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session
