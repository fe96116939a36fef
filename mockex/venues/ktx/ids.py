"""How KTX makes its 64-bit numbers. Source: ktx§10, inferred from samples; they do not fit the 53 bits of a double.

An order's id is 2**62, its product's number shifted by 40 bits, and a count; ids of ledger entries, positions and updates are
1000 shifted by 50 bits, and a count.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.order_changes import COUNT_BITS

_ORDER_BASE = 1 << 62
_PRODUCT_BITS = 40
_COUNT_MASK = (1 << _PRODUCT_BITS) - 1
_MAX_DIGITS = 19

ROW_BASE = 1_000 << 50
_FIRST_CHANGE = (ROW_BASE + 1) << COUNT_BITS
"""The number of a change after the first row of the ledger, at least; those before, of accounts without money, are small."""

ID_STARTS: Mapping[str, int] = {"order": 1, "trade": 1, "match": 1, "ledger entry": ROW_BASE + 1, "position": ROW_BASE + 1}


def order_number(order_id: int, product_id: int) -> int:
    """The id that the wire shows for the exchange's own."""
    return _ORDER_BASE + (product_id << _PRODUCT_BITS) + order_id


def update_number(change: int) -> int:
    """The id of an order's change, from the exchange's number of it: unique, and higher than those of all changes before."""
    return ROW_BASE + (change if change < _FIRST_CHANGE else change - (ROW_BASE << COUNT_BITS))


def change_number(update: int) -> int:
    """The exchange's number of a change, from its id."""
    count = update - ROW_BASE
    return count if count < 1 << COUNT_BITS else count + (ROW_BASE << COUNT_BITS)


def split_order_number(number: int) -> tuple[int, int] | None:
    """The exchange's id and the product's number; None for what is no order's id."""
    if not _ORDER_BASE <= number < 2 * _ORDER_BASE:
        return None
    return number & _COUNT_MASK, number - _ORDER_BASE >> _PRODUCT_BITS


def exchange_order_id(text: str) -> int | None:
    """The exchange's id in one that the wire shows; None for what is no order's id."""
    split = split_order_number(int(text)) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else None
    return None if split is None else split[0]
