"""A platform of the gateway out of a venue's desk: what all platforms do alike before there is a link.

Must not know: venues; the life of a link (`_link`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mockex.gateway.platform import Account, Endpoint, Line, Link, Listener, Time
from mockex.gateway.platforms._desk import Desk
from mockex.gateway.platforms._link import VenueLink

#: Opens the desk of one login: with the venue's addresses by endpoint, the keys, and the pairs of the login.
OpenDesk = Callable[[Mapping[str, str], Account, Sequence[str], Time], Desk]


def _nothing(_account: Account) -> None:
    """The gateway itself sees that a login has a key and a secret."""


class VenuePlatform:
    """A `Platform`."""

    def __init__(
        self,
        name: str,
        *,
        venue: str,
        endpoints: Mapping[str, Endpoint],
        open_desk: OpenDesk,
        contracts: bool = False,
        lacks: Callable[[Account], str | None] = _nothing,
    ) -> None:
        """`lacks` says what a login needs besides and does not have, None if nothing: it is told as `refused`."""
        self.name = name
        self.venue = venue
        self.endpoints = endpoints
        self.contracts = contracts
        self._open_desk = open_desk
        self._lacks = lacks

    def open(
        self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line
    ) -> Link:
        desk = self._open_desk(urls, account, pairs, time)
        return VenueLink(desk, pairs, listener=listener, time=time, line=line, lacks=self._lacks(account))
