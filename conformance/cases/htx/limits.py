"""HTX's limits: windows of two seconds for each user and endpoint, told in two ways (htx§7)."""

from __future__ import annotations

from mockex.conformance.cases.common.limits import LIMITED, until_refused
from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.tables import Counted, counted_case
from mockex.conformance.model import case
from mockex.conformance.session import Session

COUNTED = [
    counted_case("htx", row)
    for row in (
        Counted(
            number="010",
            title="Fills may be asked for 20 times in 2 s, and the client tells it.",
            requirement="20 requests in 2 s are admitted for the list of fills; the excess is refused with HTTP 429.",
            operation="fills",
            params={"symbol": "btcusdt"},
            calls=20,
            code="rate-too-many-requests",
            source="htx§3.4",
        ),
        Counted(
            number="020",
            title="The valuation may be asked for 3 times in a second, and the client tells it.",
            requirement="3 requests in a second are admitted for the valuation; the excess is the number 1006.",
            operation="valuation",
            params={},
            calls=3,
            code="1006",
            source="htx§3.3",
        ),
        Counted(
            number="030",
            title="The history of an account may be asked for 5 times in 2 s, and the client tells it.",
            requirement="5 requests in 2 s are admitted for changes of balances.",
            operation="ledger",
            params={"currency": "BTC"},
            calls=5,
            code="rate-too-many-requests",
            source="htx§3.3",
        ),
        Counted(
            number="040",
            title="Fee rates may be asked for 50 times in 2 s, and the client tells it.",
            requirement="50 requests in 2 s are admitted for fee rates; the excess is the number 1006, with HTTP 429.",
            operation="fee_rates",
            params={"symbol": "btcusdt"},
            calls=50,
            code="1006",
            source="htx§3.4",
        ),
    )
]
"""One case for each of the limits that a client soon reaches."""


@case(
    "htx/limits/100",
    "Reads that came too often do not keep an order waiting.",
    requirement="Each endpoint has a window of its own.",
    source="htx§7",
    needs=("fills", "place_order", "cancel_order"),
    world=LIMITED,
)
async def endpoints_count_apart(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await until_refused(s, "fills", 25, symbol=symbol)
    outcome = await s.client.attempt("place_order", **limit(s))
    s.expect(outcome.refusal is None, "an order is placed", expected="a receipt", seen=str(outcome.refusal))
    order_id = s.member(outcome.result, "order_id")
    refusal = (await s.client.attempt("cancel_order", symbol=symbol, order_id=order_id)).refusal
    s.expect(refusal is None, "and cancelled", expected="a receipt", seen=str(refusal))
