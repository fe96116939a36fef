"""What differs between the generations of KTX, as data: handlers and codecs ask a `Generation`, never for its name.

Which paths, errors and hosts there are stands in the tables of the two venues: `__init__`, `gen2_routes`, `gen2_errors`.
Source: ktx§14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockex.core.orders import Fill, Order, Side, TimeInForce
    from mockex.core.positions import Position
    from mockex.core.units import Asset, Atoms
    from mockex.venues.ktx.codec import Row
    from mockex.venues.ktx.params import KtxParams

GEN1, GEN2 = "gen1", "gen2"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReading:
    """How an order's body is read. `always`: the parameters that it must have; `of_contracts`: those that it needs besides in
    the market of contracts. `quantity`: how much and which way. `refuse`: raises for what there is and is not served.
    """

    always: tuple[str, ...]
    of_contracts: tuple[str, ...]
    times_in_force: Mapping[str, TimeInForce]
    quantity: Callable[[KtxParams], tuple[Decimal, Side]]
    refuse: Callable[[KtxParams], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """How one generation speaks.

    `signs_expiry`: a signature is of the time of expiry too, which must be there. `wraps`: replies stand in `state` and
    `result`. `number`: the ids `i` of books and trades. The functions named rows get an object of `gen1` and make of it what is
    said here; `order_row` is told the number of the order's last change. `fill_number`: the id that bounds a page of fills,
    which ascends with them. `balance_row`: what the user socket says of a balance, of its total and what of it is held.
    """

    signs_expiry: bool
    wraps: bool
    number: Callable[[int], int | str]
    rest_sides: Mapping[Side, int | str]
    stream_sides: Mapping[Side, int | str]
    reading: OrderReading
    order_row: Callable[[Row, Order, int], Row]
    order_fill_row: Callable[[Row, Fill], Row]
    fill_row: Callable[[Row, Fill], Row]
    fill_number: Callable[[Fill], int]
    position_row: Callable[[Row, Position], Row]
    balance_row: Callable[[Asset, Atoms, Atoms], Row]
