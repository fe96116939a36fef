"""The ledger over REST (ktx§7): every change of a balance, and what it was for.

The core books what a trade brings and what it costs in one entry; the wire shows two rows, trade and fee (proposed). So each
entry stands for two numbers, of which the second is the fee's: ids are unique, ascend, and stay what they are. A row of 0 is
left out. Invariant: of each asset, a row's `balance` is that of the row before plus `amount`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockex.core.ledger import Balance, EntryKind, LedgerEntry
from mockex.core.units import Atoms
from mockex.venues.ktx import codec
from mockex.venues.ktx.accounts import WALLET
from mockex.venues.ktx.auth import VIEW
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.ids import ROW_BASE
from mockex.venues.ktx.paging import Page
from mockex.venues.ktx.params import KtxParams, of_query, values_of
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

TRANSFER, TRADE, FEE, REBATE, FUNDING = "transfer", "trade", "fee", "rebate", "funding"
TYPES = (TRANSFER, TRADE, FEE, REBATE, FUNDING)

# What is left out is a transfer: money that comes or goes. What the insurance fund pays belongs to the loss (ASSUMED).
_TYPES: Mapping[EntryKind, str] = {
    EntryKind.TRADE: TRADE,
    EntryKind.REALISED_PROFIT: TRADE,
    EntryKind.LIQUIDATION: TRADE,
    EntryKind.INSURANCE: TRADE,
    EntryKind.FUNDING: FUNDING,
}


class LedgerRow(NamedTuple):
    """`total_after`: the balance that it left."""

    row_id: int
    kind: str
    amount: Atoms
    total_after: Atoms
    entry: LedgerEntry


def rows_of(entry: LedgerEntry) -> list[LedgerRow]:
    """The rows of one entry, ascending."""
    fee, kind = entry.fee, _TYPES.get(entry.kind, TRANSFER)
    first_id = _first_id(entry.entry_id)
    gross = LedgerRow(first_id, kind, entry.amount + fee, entry.total_after + fee, entry)
    charge = LedgerRow(first_id + 1, FEE if fee > 0 else REBATE, -fee, entry.total_after, entry)
    return [row for row in (gross, charge) if row.amount]


def types_of(entry: LedgerEntry) -> list[str]:
    """Of its rows."""
    return [row.kind for row in rows_of(entry)]


def _first_id(entry_id: int) -> int:
    return ROW_BASE + 2 * (entry_id - ROW_BASE) - 1


def _entry_id(row_id: int) -> int:
    """The entry that has that row."""
    return ROW_BASE + (row_id - ROW_BASE + 1) // 2


class _Wanted(Page):
    """Rows of one type, or of all."""

    def __init__(self, params: KtxParams) -> None:
        super().__init__(params)
        self.kind = params.optional_choice("type", {name: name for name in TYPES})

    def of(self, entry: LedgerEntry) -> list[LedgerRow]:
        return [row for row in rows_of(entry) if self.takes(row.row_id) and self.kind in (None, row.kind)]


def ledger(call: Call) -> WireResponse:
    """Ascending (proposed), of all assets or those named. Bounds may stand together as they like (ASSUMED: none are listed)."""
    wanted = _Wanted(of_query(call))
    named, assets = values_of(call, "asset"), call.desk.exchange.assets
    balances = call.desk.account(call.account_id).wallets[WALLET]
    chosen = [balances[code] for code in (balances if named is None else dict.fromkeys(named)) if code in balances]
    rows = _page(call, chosen, wanted)
    return reply(
        call,
        [
            {
                "amount": codec.amount_text(assets[row.entry.balance.asset], row.amount),
                "balance": codec.amount_text(assets[row.entry.balance.asset], row.total_after),
                "id": str(row.row_id),
                "time": codec.ms_text(row.entry.time_ns),
                "asset": row.entry.balance.asset,
                "type": row.kind,
            }
            for row in rows
        ],
    )


def _page(call: Call, balances: list[Balance], wanted: _Wanted) -> list[LedgerRow]:
    entries = call.desk.exchange.entries(
        balances,
        limit=wanted.limit,
        of_kind=None if wanted.kind is None else (types_of, wanted.kind),
        oldest_first=wanted.oldest_first,
        older_than=None if wanted.before is None else _entry_id(wanted.before) + 1,
        newer_than=None if wanted.after is None else _entry_id(wanted.after) - 1,
        span_ns=wanted.span_ns,
        where=lambda entry: bool(wanted.of(entry)),
    )
    return wanted.cut([row for entry in wanted.ascending(entries) for row in wanted.of(entry)])


LEDGER_ROUTES = (Route(method="GET", path="/api/v1/ledger", handler=ledger, permission=VIEW),)
