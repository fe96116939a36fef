"""Balances, ledger and positions.

Amounts are `Decimal`, times are aware UTC datetimes. Balances are numbers in REST and text on the stream.
Source: KTX document, "User Data Endpoints" and "User Data Streams"; ktx§7, ktx§9, ktx§11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row, difference
from .vocabulary import LedgerType, MarginMethod, PositionMerge


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account has of one asset, and what orders and margins hold of it."""

    asset: str
    balance: Decimal
    held: Decimal

    @property
    def free(self) -> Decimal:
        """What is not held."""
        return difference(self.balance, self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One change of a balance: by so much, to so much. `type` is None for a word outside the table."""

    entry_id: int
    asset: str
    amount: Decimal
    balance: Decimal
    type: LedgerType | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A position. `quantity` is below zero for a short; it may be zero while an opening order rests.

    `initial_rate` and `maintenance_rate` are rates, the two margins amounts. gen1 does not say what is closable.
    """

    position_id: int
    symbol: str
    quantity: Decimal
    entry_price: Decimal
    merge: PositionMerge
    margin: MarginMethod
    leverage: Decimal
    initial_rate: Decimal
    maintenance_rate: Decimal
    position_margin: Decimal
    order_margin: Decimal
    closable_quantity: Decimal | None = None


def decode_balance(row: Row) -> Balance:
    """A balance of REST or of the stream. What gen1 calls `holds` is `locked` in gen2."""
    held = row.decimal("locked" if row.has("locked") else "holds")
    return Balance(asset=row.text("asset"), balance=row.decimal("balance"), held=held)


def decode_entry(row: Row) -> LedgerEntry:
    """A row of the ledger."""
    return LedgerEntry(
        entry_id=row.integer("id"),
        asset=row.text("asset"),
        amount=row.decimal("amount"),
        balance=row.decimal("balance"),
        type=row.known_word(LedgerType, "type"),
        at=row.milliseconds("time"),
    )


def decode_position(row: Row) -> Position:
    """A position of REST or of the stream."""
    return Position(
        position_id=row.integer("id"),
        symbol=row.text("symbol"),
        quantity=_signed_quantity(row),
        entry_price=row.decimal("entryPrice"),
        merge=row.word(PositionMerge, "mergeMode"),
        margin=row.word(MarginMethod, "marginMethod"),
        leverage=row.decimal("leverage"),
        initial_rate=row.decimal("initMargin"),
        maintenance_rate=row.decimal("maintMargin"),
        position_margin=row.decimal("posMargin"),
        order_margin=row.decimal("orderMargin"),
        closable_quantity=row.optional_decimal("closableQty"),
    )


def _signed_quantity(row: Row) -> Decimal:
    """gen2 has a side and no sign: long and short as printed (ktx§14); those of orders are understood too (ASSUMED)."""
    quantity = row.decimal("quantity")
    match row.optional_text("side"):
        case None:
            return quantity
        case "buy" | "long":
            return abs(quantity)
        case "sell" | "short":
            return -abs(quantity)
        case side:
            raise row.malformed(f"{row.path('side')} is no direction: {side!r}")
