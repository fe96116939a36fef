"""REST transport: from a method, a path and parameters to a parsed reply or an `HtxError`.

Owns: signing of the query as sent, the header set, the envelope and its errors.
Must not know: what any endpoint means.
Invariants: the signed query is the query on the wire; a redirect is never followed, because its signature would not fit; a GET
has no body, which the venue would answer with HTTP 403 (htx§1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import orjson
from mockex.clients.shared.clock import ServerClock
from mockex.clients.shared.http import DEFAULT_TIMEOUT, HttpSession, LineErrors, RawReply
from mockex.clients.shared.lifetime import ClosedAtEnd
from mockex.clients.shared.rest import Params as Params
from mockex.clients.shared.rest import base_url as split_url
from mockex.clients.shared.rest import encode_target as encode_target
from mockex.clients.shared.rest import needed, payload_of
from mockex.clients.shared.rest import segment as segment

from .error_codes import error_in, number, status_class
from .errors import ConnectionFailedError, ConnectionLostError, MalformedReplyError, RequestTimeoutError
from .fields import Row, parse_json
from .signing import Credentials, signed_query

_LINE_ERRORS = LineErrors(failed=ConnectionFailedError, lost=ConnectionLostError, timed_out=RequestTimeoutError)

#: What HTTP clients leave out of the Host header, and so must a signature.
_USUAL_PORTS = {"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}


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


def host_of(url: str) -> str:
    """The host that a signature names by default: that of the Host header, in lower case, without the usual port."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower().removesuffix(_USUAL_PORTS.get(parts.scheme, ""))


class RestTransport(ClosedAtEnd):
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
        origin, self._prefix = split_url(base_url)
        self._http = HttpSession(origin, errors=_LINE_ERRORS, timeout=timeout, session=session)
        self._signed_host = signed_host or host_of(base_url)
        self._credentials = credentials
        self.clock = clock or ServerClock()

    async def close(self) -> None:
        """Close the session, unless it was given from outside. Harmless to repeat."""
        await self._http.close()

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
        query = signed_query(
            needed(self._credentials),
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
        payload = payload_of(raw, parse_json, status_class)
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
        headers = {"Accept": "application/json"}
        if body or method == "POST":
            headers["Content-Type"] = "application/json"
        return await self._http.exchange(method, self._prefix + target, body=body, headers=headers)
