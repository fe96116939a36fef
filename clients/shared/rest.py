"""What the REST transports of all clients do alike: addresses, encoding, and the reading of an answer.

Must not know: any venue, signatures, what any endpoint means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlsplit

from .errors import VenueError
from .http import RawReply

#: Query parameters in the order they are sent. None means: leave it out.
Params = Sequence[tuple[str, str | int | None]]

CredentialsT = TypeVar("CredentialsT")


def base_url(url: str) -> tuple[str, str]:
    """Scheme with host, and the path before every target, without a slash at its end. ValueError for a query or no host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"not a base URL: {url!r}")
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


def encode(text: str, *, safe: str = "") -> str:
    """Percent-encoding of RFC 3986: letters, digits and `-._~` stay, and what is `safe`. Hexadecimal digits are upper case."""
    return quote(text, safe=safe)


def encode_query(params: Params, *, safe: str = "") -> str:
    """A query in the order given. `safe`: what stays as it is in values."""
    return "&".join(f"{encode(name)}={encode(str(value), safe=safe)}" for name, value in params if value is not None)


def encode_target(path: str, params: Params = ()) -> str:
    """Path and query, in the order given. `path` must be encoded already; see `segment`."""
    query = encode_query(params)
    return f"{path}?{query}" if query else path


def segment(text: str) -> str:
    """One encoded path segment. ValueError if it is empty: the path would mean another endpoint."""
    if not text:
        raise ValueError("an empty id or an empty symbol cannot stand in a path")
    return encode(text)


def needed(credentials: CredentialsT | None) -> CredentialsT:
    """ValueError without credentials."""
    if credentials is None:
        raise ValueError("this endpoint needs credentials")
    return credentials


def payload_of(raw: RawReply, parse: Callable[[bytes], object], status_class: Callable[[int], type[VenueError]]) -> object:
    """The JSON of an answer, read by `parse`. An answer that is none is an error of its status, unless that tells of success.

    A gateway in front of a venue answers in HTML or not at all: the status is all there is.
    """
    try:
        return parse(raw.body)
    except VenueError as malformed:
        if 200 <= raw.status < 300:
            malformed.http_status = raw.status
            raise
        raise status_class(raw.status)(f"HTTP {raw.status}", http_status=raw.status) from malformed
