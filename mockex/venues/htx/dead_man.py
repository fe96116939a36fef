"""The dead man's switch: a customer's open orders are cancelled unless it speaks up in time. Source: htx§3.4.

Owns a timer of virtual time for each customer whose switch is set. Invariant: a customer has one at most; each call sets it
anew or lifts it. Cancelled are the orders that are open when it goes off, stop orders included, the oldest first and no more
than 500 (that they are the oldest is ASSUMED); the switch is then lifted. Conditional orders stay: they are no orders yet
(ASSUMED).
"""

from __future__ import annotations

from heapq import merge
from itertools import islice

from mockex.core.clock import Timer
from mockex.core.commands import CancelOrder
from mockex.core.orders import CancelReason
from mockex.core.policy import SECOND_NS
from mockex.venues.htx.codec import ms
from mockex.venues.htx.envelopes import v2
from mockex.venues.htx.errors import V2, HtxFault
from mockex.venues.htx.limits import default_limit
from mockex.venues.htx.order_entry import body_object, check_trading
from mockex.wire.credentials import Permission
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

MIN_SECONDS, MAX_SECONDS = 5, 2**31 - 1  # the longest ASSUMED
MAX_CANCELLED = 500


class DeadMen:
    """Every customer's switch."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._timers: dict[str, Timer] = {}

    def set(self, account_id: str, seconds: int) -> None:
        """Lets the account's orders be cancelled in so many seconds, unless it is set again before."""
        self.lift(account_id)
        self._timers[account_id] = self._desk.clock.call_after(seconds * SECOND_NS, lambda: self._go_off(account_id))

    def lift(self, account_id: str) -> None:
        timer = self._timers.pop(account_id, None)
        if timer is not None:
            timer.cancel()

    def _go_off(self, account_id: str) -> None:
        del self._timers[account_id]
        exchange = self._desk.exchange
        account = exchange.accounts[account_id]
        # By id, which ascends as they came; each instrument's stand in that order already.
        live = merge(*(list(exchange.orders.live(account, symbol)) for symbol in exchange.markets))
        for order_id in list(islice(live, MAX_CANCELLED)):
            # One that takes no cancels now keeps its order: nobody is there to be told.
            self._desk.execute(CancelOrder(account_id=account_id, order_id=order_id, reason=CancelReason.TIMEOUT))


def cancel_all_after(call: Call) -> WireResponse:
    """0 lifts the switch, and its time is 0 then."""
    check_trading(call.desk)
    params = body_object(call.body)
    if params.raw("timeout") is None:
        raise ApiFault(HtxFault.TIMEOUT_MISSING)
    seconds = params.integer("timeout", minimum=0, maximum=MAX_SECONDS)
    if 0 < seconds < MIN_SECONDS:
        raise ApiFault(FaultKind.PARAM_VALUE, field="timeout")
    dead_men = call.state.dead_men
    assert isinstance(dead_men, DeadMen)
    now_ns = call.desk.wall_ns()
    if seconds:
        dead_men.set(call.account_id, seconds)
    else:
        dead_men.lift(call.account_id)
    return v2(call, {"currentTime": ms(now_ns), "triggerTime": ms(now_ns + seconds * SECOND_NS) if seconds else 0})


DEAD_MAN_ROUTES = (
    Route(
        method="POST",
        path="/v2/algo-orders/cancel-all-after",
        handler=cancel_all_after,
        permission=Permission.TRADE,
        limit=default_limit("/v2/algo-orders/cancel-all-after"),
        tags=frozenset({V2}),
    ),
)
