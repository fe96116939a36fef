"""What the desks of spot markets do alike.

Must not know: any venue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from mockex.gateway.platform import SymbolInfo
from mockex.gateway.platforms._desk import Wallet


class Client(Protocol):
    """What a desk itself asks of every reference client."""

    async def close(self) -> None: ...


ClientT = TypeVar("ClientT", bound=Client)


class SpotDesk(Generic[ClientT]):
    """The part of a `Desk` that does not depend on the venue: there are balances, and nothing that a price moves."""

    contracts = False

    def __init__(self, client: ClientT, url: str) -> None:
        """`url` is that of the stream that tells of the account. The client is closed with the desk."""
        self.url = url
        self.listed: Mapping[str, SymbolInfo] = {}
        self.holdings = Wallet()
        self._client = client

    async def close(self) -> None:
        await self._client.close()

    def note_holdings(self, holdings: Wallet) -> None:
        self.holdings = holdings

    async def refresh(self) -> None:
        """Balances on spot have no price."""
