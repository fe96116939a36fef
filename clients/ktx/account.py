"""Balances, ledger and positions over REST.

Owns: paths and parameters. Every method raises a `KtxError` for a failure.
Source: KTX document, "User Data Endpoints"; ktx§7, ktx§14.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

from mockex.clients.shared.fields import plain

from . import account_models as m
from .paging import Span, backwards, span_params
from .paths import PATHS
from .rest import RestTransport
from .vocabulary import LedgerType, Market, TransferWay

#: The most entries of one request: ASSUMED to be as for trades.
MOST_ENTRIES = 1000


class AccountApi:
    """What the account has."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def balances(self, *assets: str) -> tuple[m.Balance, ...]:
        """Balances of the named assets, or of all."""
        reply = await self._rest.get_private(PATHS[self._rest.profile].accounts, [("asset", ",".join(assets) or None)])
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
        reply = await self._rest.get_sorted(PATHS[self._rest.profile].ledger, params)
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

    # --- gen2 alone (ktx§14)

    async def main_balances(self, *assets: str) -> tuple[m.Balance, ...]:
        """Of the main account, which does not trade."""
        body = {"asset": ",".join(assets)} if assets else {}
        reply = await self._rest.send_private("POST", "/v1/main/accounts", body)
        return tuple(m.decode_balance(row) for row in reply.rows("balance"))

    async def transfer(self, asset: str, amount: Decimal, way: TransferWay, *, transfer_id: str | None = None) -> Decimal:
        """Between the main account and the one that trades. What the venue says is there afterwards."""
        body = {"symbol": asset, "amount": plain(amount), "type": way.value}
        reply = await self._rest.send_private(
            "POST", "/v1/transfer", body if transfer_id is None else body | {"transfer_id": transfer_id}
        )
        return reply.row("transfer").decimal("balance")

    async def change_leverage(self, position_id: int, leverage: int) -> None:
        """Of a position that there is."""
        await self._rest.send_private("POST", "/v1/change/leverage", {"positionId": str(position_id), "leverage": leverage})

    async def move_margin(self, position_id: int, amount: Decimal) -> None:
        """Adds it to the margin of an isolated position; below zero, takes it away."""
        body = {"positionId": str(position_id), "type": 1 if amount > 0 else 2, "amount": plain(abs(amount))}
        await self._rest.send_private("POST", "/v1/margin/transfer", body)

    async def _positions(self, params: list[tuple[str, str | int | None]]) -> tuple[m.Position, ...]:
        reply = await self._rest.get_private("/v1/positions", params)
        return tuple(m.decode_position(row) for row in reply.rows("position"))
