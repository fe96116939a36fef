"""How KTX makes its 64-bit numbers. Source: ktx§10, inferred from samples; they do not fit the 53 bits of a double.

An order's id is 2**62, its product's number shifted by 40 bits, and a count; ids of ledger entries, positions and updates are
1000 shifted by 50 bits, and a count.
"""

from __future__ import annotations

from collections.abc import Mapping

_ORDER_BASE = 1 << 62
_PRODUCT_BITS = 40
_COUNT_MASK = (1 << _PRODUCT_BITS) - 1
_MAX_DIGITS = 19

ROW_BASE = 1_000 << 50
_UPDATE_BITS = 9  # milliseconds since 1970 leave so many of the 50
UPDATES_OF_A_MS = 1 << _UPDATE_BITS
"""How many ids of updates a millisecond has."""

ID_STARTS: Mapping[str, int] = {"order": 1, "trade": 1, "match": 1, "ledger entry": ROW_BASE + 1, "position": ROW_BASE + 1}


def order_number(order_id: int, product_id: int) -> int:
    """The id that the wire shows for the exchange's own."""
    return _ORDER_BASE + (product_id << _PRODUCT_BITS) + order_id


def update_number(updated_ns: int, order_id: int) -> int:
    """The id of an order's last change. `gen1` shows none; it ascends with time, which is made of it here (ASSUMED)."""
    return ROW_BASE + (updated_ns // 1_000_000 << _UPDATE_BITS) + (order_id & (1 << _UPDATE_BITS) - 1)


def updated_from_ns(number: int) -> int:
    """The first nanosecond of the millisecond that an update of that id was in; negative for one before 1970."""
    return (number - ROW_BASE >> _UPDATE_BITS) * 1_000_000


def split_order_number(number: int) -> tuple[int, int] | None:
    """The exchange's id and the product's number; None for what is no order's id."""
    if not _ORDER_BASE <= number < 2 * _ORDER_BASE:
        return None
    return number & _COUNT_MASK, number - _ORDER_BASE >> _PRODUCT_BITS


def exchange_order_id(text: str) -> int | None:
    """The exchange's id in one that the wire shows; None for what is no order's id."""
    split = split_order_number(int(text)) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else None
    return None if split is None else split[0]
