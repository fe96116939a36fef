"""What goes wrong at HTX in its own way: failures with HTTP 200 after the work was done, one socket of several lost (htx§7)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, placed, view
from mockex.conformance.cases.htx.streams_sockets import opened_at
from mockex.conformance.cases.htx.words import MARKET_PATHS
from mockex.conformance.cases.live import discard, lost, open_taker, order_until, price, renewed, rows, trade
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import SUBSCRIBED

GATEWAY = "gateway-internal-error"


async def done_and_not_told(s: Session, operation: str, code: str = GATEWAY) -> None:
    """The next request of that operation is carried out, and answered with a failure and HTTP 200."""
    rule = {"where": {"route": s.facts.route(operation)}, "when": {"nth": 1}}
    await s.venue.plan({**rule, "what": {"action": "error", "code": code, "executed": True}})


@case(
    "htx/faults/010",
    "An order that failed inside the gateway is not sent a second time.",
    requirement="gateway-internal-error comes with HTTP 200 and leaves open whether the order was placed.",
    source="htx§7",
    needs=("place_order",),
)
async def order_is_not_sent_again(s: Session) -> None:
    await done_and_not_told(s, "place_order")
    await s.client.attempt("place_order", **limit(s))
    await s.client.settle()
    s.equal(len(await s.venue.orders(ME)), 1, "there is one order")
    await s.one_request("place_order")


@case(
    "htx/faults/020",
    "A batch that failed inside the gateway is not sent a second time.",
    requirement="A batch that is answered with a failure may have been carried out all the same, order by order.",
    source="htx§7",
    needs=("place_orders",),
)
async def batch_is_not_sent_again(s: Session) -> None:
    await done_and_not_told(s, "place_orders")
    await s.client.attempt("place_orders", orders=[limit(s), limit(s, price=price(s, -1))])
    await s.client.settle()
    s.equal(len(await s.venue.orders(ME)), 2, "there are two orders")
    await s.one_request("place_orders")


@case(
    "htx/faults/030",
    "A cancel that failed inside the venue is told as trouble, and the order as what became of it.",
    requirement="base-system-error says nothing of the order: it may be cancelled, and a look at it tells.",
    source="htx§7",
    needs=("place_order", "cancel_order", "order"),
)
async def cancel_was_carried_out(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await done_and_not_told(s, "cancel_order", "base-system-error")
    outcome = await s.client.attempt("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    if outcome.refusal is not None:
        kinds = ("timeout", "unavailable", "maintenance", "connection_lost")
        s.expect(outcome.refusal.kind in kinds, "it is told as trouble", expected=" or ".join(kinds), seen=str(outcome.refusal))
    s.equal(s.member(await view(s, order_id), "status"), "cancelled", "the order is told as cancelled")


@case(
    "htx/faults/040",
    "The loss of the account's socket leaves market data alone, and orders are told again.",
    requirement="The account has a socket of its own: it is lost, logged in to and subscribed by itself.",
    source="htx§6",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("stream_open", "subscribe", "next_event", "subscribe.orders", "subscribe.trades", "place_order", "reconnect"),
)
async def account_socket_is_lost(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    (subscribed,) = await s.wire.entries(SUBSCRIBED, where=lambda each: str(each["channel"]).startswith("orders#"))
    topic = subscribed["channel"]
    await s.venue.plan({"where": {"channel": topic}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    first = await placed(s, **limit(s, price=price(s, -100)))
    await lost(s, since=since)
    await renewed(s, [topic], "orders are subscribed again", since=since)
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 5))
    told = await rows(s, "trades", 1, "trades are told", symbol=pair.symbol)
    s.amount(told[0]["price"], price(s, 5), "the trade is the new one")
    kept = await opened_at(s, MARKET_PATHS)
    s.expect(
        len(kept) == 1, "market data keep their connection", expected="1 connection", seen=f"{len(kept)} connections", at=kept
    )
    await s.client("cancel_order", symbol=pair.symbol, order_id=first)
    await order_until(s, first, "cancelled", "orders are told again")


@case(
    "htx/faults/050",
    "A login that the venue cannot look into is told as trouble, and not as a wrong key.",
    requirement="2003 query.account.list.error and 500 say that the venue failed; the key is as good as ever.",
    source="htx§6",
    level=Level.SHOULD,
    needs=("stream_open", "subscribe.orders"),
)
async def login_in_trouble(s: Session) -> None:
    await s.venue.plan({"where": {"operation": "req"}, "when": {"nth": 1}, "what": {"action": "error", "code": "2003"}})
    refusal = await s.client.refused("stream_open", "a failed login is an error", private=True)
    kinds = ("unavailable", "timeout", "maintenance", "connection_lost", "other")
    s.expect(refusal.kind in kinds, "it is not told as a wrong key", expected=" or ".join(kinds), seen=str(refusal))
