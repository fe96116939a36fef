"""Balances, ledger and positions over REST.

Owns: paths and parameters. Every method raises a `KtxError` for a failure.
Source: KTX document, "User Data Endpoints"; ktx§7, ktx§14.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from . import account_models as m
from .paging import Span, backwards, span_params
from .rest import RestTransport
from .vocabulary import LedgerType, Market

#: The most entries of one request: ASSUMED to be as for trades.
MOST_ENTRIES = 1000


class AccountApi:
    """What the account has."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def balances(self, *assets: str) -> tuple[m.Balance, ...]:
        """Balances of the named assets, or of all."""
        reply = await self._rest.get_private("/v1/accounts", [("asset", ",".join(assets) or None)])
        return tuple(m.decode_balance(row) for row in reply.rows("balance"))

    async def ledger(
        self, *assets: str, type: LedgerType | None = None, span: Span | None = None, limit: int | None = None
    ) -> tuple[m.LedgerEntry, ...]:
        """Changes of balances; 100 unless told."""
        params = [
            ("asset", ",".join(assets) or None),
            *span_params(span),
            ("limit", limit),
            ("type", None if type is None else type.value),
        ]
        reply = await self._rest.get_sorted("/v1/ledger", params)
        return tuple(m.decode_entry(row) for row in reply.rows("ledger entry"))

    def older_entries(
        self, *assets: str, type: LedgerType | None = None, limit: int = MOST_ENTRIES
    ) -> AsyncIterator[m.LedgerEntry]:
        """All changes of balances that the venue keeps, newest first, each once, in requests of `limit`."""

        async def page(span: Span) -> tuple[m.LedgerEntry, ...]:
            return await self.ledger(*assets, type=type, span=span, limit=limit)

        return backwards(page, lambda entry: entry.entry_id, limit=limit)

    async def positions(self, *, market: Market = Market.PERPETUAL, symbol: str | None = None) -> tuple[m.Position, ...]:
        """Positions of a market or of one symbol. Not in the document of gen1: an extension from gen2."""
        return await self._positions([("market", market.value), ("symbol", symbol)])

    async def position(self, position_id: int) -> m.Position | None:
        """One position; None if the venue lists none of that id."""
        return next(iter(await self._positions([("position_id", position_id)])), None)

    async def _positions(self, params: list[tuple[str, str | int | None]]) -> tuple[m.Position, ...]:
        reply = await self._rest.get_private("/v1/positions", params)
        return tuple(m.decode_position(row) for row in reply.rows("position"))
