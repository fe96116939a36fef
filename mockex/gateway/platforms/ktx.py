"""KTX spot (gw§9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.ktx import Market
from mockex.gateway.platform import Account, Endpoint, Line, Link, Listener, Time
from mockex.gateway.platforms._ktx import ENDPOINTS, ClientIds, KtxDesk
from mockex.gateway.platforms._link import VenueLink


class Ktx:
    """A `Platform`."""

    name = "ktx"
    venue = "ktx"
    contracts = False
    endpoints: Mapping[str, Endpoint] = ENDPOINTS

    def __init__(self) -> None:
        self._client_ids = ClientIds()

    def open(
        self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line
    ) -> Link:
        desk = KtxDesk(urls, account, market=Market.SPOT, time=time, client_ids=self._client_ids)
        return VenueLink(desk, pairs, listener=listener, time=time, line=line)


PLATFORM = Ktx()
