"""One HTTP session of a client: bytes out, bytes in.

Owns: the session, timeouts, and the error for an answer that is missing.
Must not know: signatures, JSON, what any endpoint means.
Invariants: the target goes on the wire as given; a redirect is never followed, because a signature would not fit; only a read
is ever sent a second time, and that by aiohttp, when a connection that lay ready turns out to be closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from yarl import URL  # aiohttp's own URL type, and its only way to send a target unchanged

DEFAULT_TIMEOUT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """A reply as it came, whatever its status. Header names match in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LineErrors:
    """How a client names a line that fails: never opened, ended before the answer, silent for too long."""

    failed: Callable[[str], Exception]
    lost: Callable[[str], Exception]
    timed_out: Callable[[str], Exception]


class _LostError(aiohttp.ClientError):
    """A line that failed, and for aiohttp no reason to send the request again."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Against aiohttp's own repetition of a DELETE whose answer was lost: the second answer would be a refusal."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise  # nothing was sent
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _LostError(str(error) or repr(error)) from error


class HttpSession:
    """Requests to one origin."""

    def __init__(
        self, origin: str, *, errors: LineErrors, timeout: timedelta, session: aiohttp.ClientSession | None = None
    ) -> None:
        """`origin` is scheme, host and a path before every target, if there is one. A given `session` is left open."""
        self._origin = origin
        self._errors = errors
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._session = session
        self._owns_session = session is None

    async def close(self) -> None:
        """Close the session, unless it was given from outside. Harmless to repeat."""
        if self._owns_session and self._session is not None:
            await self._session.close()
            self._session = None

    async def exchange(self, method: str, target: str, *, body: bytes, headers: Mapping[str, str]) -> RawReply:
        """Send exactly this target and body. Only a missing answer is an error."""
        url = URL(self._origin + target, encoded=True)
        named = f"{method} {url.path}"  # without the query, which may hold a signature and does not belong into logs
        try:
            async with self._open_session().request(
                method,
                url,
                data=body or None,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                middlewares=() if method == "GET" else (_once,),
            ) as response:
                return RawReply(status=response.status, headers=response.headers, body=await response.read())
        except TimeoutError as error:
            raise self._errors.timed_out(f"no answer to {named}") from error
        except aiohttp.ClientConnectorError as error:
            raise self._errors.failed(str(error)) from error
        except aiohttp.ClientError as error:
            raise self._errors.lost(str(error) or repr(error)) from error

    def _open_session(self) -> aiohttp.ClientSession:
        # Made on first use, inside the running loop. No cookie jar: nothing that the venue sets is sent back.
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session
