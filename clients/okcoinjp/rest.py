"""REST transport: from a method, a path and parameters to a parsed reply or an `OkcoinError`.

Owns: the header set, signing of the bytes as sent, the ids of pages, errors.
Must not know: what any endpoint means.
Invariants: the signed target is the target on the wire, byte for byte, and so is the body; a redirect is never followed,
because its signature would not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

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

from .error_codes import error_class, error_in
from .errors import ConnectionFailedError, ConnectionLostError, RequestTimeoutError
from .fields import parse_json
from .signing import Credentials, TimestampStyle, signed_headers, timestamp

_LINE_ERRORS = LineErrors(failed=ConnectionFailedError, lost=ConnectionLostError, timed_out=RequestTimeoutError)


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


class RestTransport(ClosedAtEnd):
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
        origin, self._prefix = split_url(base_url)
        self._http = HttpSession(origin, errors=_LINE_ERRORS, timeout=timeout, session=session)
        self._credentials = credentials
        self.clock = clock or ServerClock()
        self._timestamp_style = timestamp_style
        self._locale = locale

    async def close(self) -> None:
        """Close the session, unless it was given from outside. Harmless to repeat."""
        await self._http.close()

    async def get_public(self, path: str, params: Params = ()) -> Reply:
        """An unsigned GET."""
        return await self.send("GET", encode_target(path, params))

    async def get_private(self, path: str, params: Params = ()) -> Reply:
        """A signed GET. ValueError without credentials."""
        return await self.send("GET", encode_target(path, params), credentials=needed(self._credentials))

    async def post_private(self, path: str, payload: object) -> Reply:
        """A signed POST of compact JSON. ValueError without credentials."""
        return await self.send("POST", path, body=orjson.dumps(payload), credentials=needed(self._credentials))

    async def send(self, method: str, target: str, *, body: bytes = b"", credentials: Credentials | None = None) -> Reply:
        """Send exactly this target and body, signed if credentials are given. Raises an `OkcoinError` for a failure.

        The building block of the other methods, open to callers with requests of their own.
        """
        raw = await self.exchange(method, target, body=body, credentials=credentials)
        status = raw.status
        payload = payload_of(raw, parse_json, partial(error_class, None))
        error = error_in(payload, http_status=status)
        if error is not None:
            raise error
        return Reply(status=status, payload=payload, headers=raw.headers)

    async def exchange(
        self, method: str, target: str, *, body: bytes = b"", credentials: Credentials | None = None
    ) -> RawReply:
        """As `send`, but the venue's answer is given as it is: only a missing one is an `OkcoinError`."""
        target = self._prefix + target
        headers = self._headers(method, target, body, credentials)
        return await self._http.exchange(method, target, body=body, headers=headers)

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
