"""What the fills of an order sum up to, after each of them: an order is told after every fill, with the totals of all before.

Of an order with few fills they are added up anew, as almost all are. Of one with many the sums are kept, so that telling of its
last fill costs as much as telling of its first. Fills are never taken back, so what is kept stays true, of a fork's order too.
"""

from __future__ import annotations

from mockex.core.orders import Fill, Order
from mockex.core.units import Atoms

_FEW = 32

FeeAndProfit = tuple[Atoms, Atoms]


def fee_of(fill: Fill) -> Atoms:
    """What the venue took for it, of the quote asset; negative where it paid. Both sides pay in that (ktx§10)."""
    return fill.fee - fill.rebate


class FillSums:
    def __init__(self) -> None:
        self._of_order: dict[int, list[FeeAndProfit]] = {}

    def of(self, order: Order, count: int) -> FeeAndProfit:
        """Of its first `count` fills."""
        fills = order.fills or []
        if count <= _FEW:
            return sum(fee_of(fill) for fill in fills[:count]), sum(fill.profit for fill in fills[:count])
        sums = self._of_order.get(order.order_id)
        if sums is None:
            sums = self._of_order[order.order_id] = [(0, 0)]
        while len(sums) <= count:
            fee, profit = sums[-1]
            fill = fills[len(sums) - 1]
            sums.append((fee + fee_of(fill), profit + fill.profit))
        return sums[count]
