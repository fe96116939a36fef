"""Platforms whose contracts are KTX's perpetuals (gw§9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockex.clients.ktx import Market
from mockex.gateway.platform import Account, Endpoint, Line, Link, Listener, Time
from mockex.gateway.platforms._ktx import ENDPOINTS, ClientIds, KtxDesk
from mockex.gateway.platforms._link import VenueLink


@dataclass(frozen=True, slots=True)
class KtxPerpetuals:
    """A `Platform`. Orders are of leverage 10 and of the account's margin mode."""

    name: str
    venue: str = "ktx"
    contracts: bool = True
    endpoints: Mapping[str, Endpoint] = field(default_factory=lambda: ENDPOINTS)

    def open(
        self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line
    ) -> Link:
        # Orders of contracts need no client ids.
        desk = KtxDesk(urls, account, market=Market.PERPETUAL, time=time, client_ids=ClientIds())
        return VenueLink(desk, pairs, listener=listener, time=time, line=line)
