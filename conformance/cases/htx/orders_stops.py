"""HTX's stop orders, which other programs of the same user may have placed: no client may stumble over them (htx§4.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.conformance.cases.common.orders import limit, placed, view
from mockex.conformance.cases.live import discard, next_event, open_taker, trade
from mockex.conformance.model import Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

ACCOUNTS, PLACE = "/v1/account/accounts", "/v1/order/orders/place"
ALGO, ALGO_CANCEL = "/v2/algo-orders", "/v2/algo-orders/cancellation"


async def sent(s: Session, method: str, path: str, **more: Json) -> Any:
    """`data` of a request that the client signs for the case. CaseFailed if the venue refuses it."""
    reply = (await s.client("request", method=method, path=path, signed=True, **more))["body"]
    done = isinstance(reply, dict) and (reply.get("status") == "ok" or reply.get("code") == 200)
    s.expect(done, f"{method} {path} is carried out", expected="an ok", seen=reply)
    return reply["data"]


async def spot_account(s: Session) -> str:
    rows = await sent(s, "GET", ACCOUNTS)
    return str(next(row["id"] for row in rows if row["type"] == "spot"))


async def stop_order(s: Session, side: str = "buy") -> str:
    """A stop order that waits: to buy above the usual price, or to sell below it. Its id."""
    pair = s.facts.pair
    above = side == "buy"
    stop = (pair.price * (Decimal("1.01") if above else Decimal("0.99"))).quantize(pair.tick)
    fields = {
        "account-id": await spot_account(s),
        "symbol": pair.symbol,
        "type": f"{side}-stop-limit",
        "amount": f"{pair.qty:f}",
        "price": f"{stop:f}",
        "stop-price": f"{stop:f}",
        "operator": "gte" if above else "lte",
    }
    return str(await sent(s, "POST", PLACE, body=fields))


async def traded(s: Session, factor: str = "1") -> None:
    """Others trade at so much of the usual price."""
    pair = s.facts.pair
    await trade(s, pair.qty, (pair.price * Decimal(factor)).quantize(pair.tick))


@case(
    "htx/orders/300",
    "A stop order that waits is shown among the open orders, and hides none of them.",
    requirement="Its type is buy-stop-limit and its state created: words that a client which places none still has to read.",
    source="htx§4.1",
    needs=("request", "open_orders", "place_order"),
)
async def waiting_stop_order(s: Session) -> None:
    await open_taker(s)
    await traded(s)
    plain_id = await placed(s, **limit(s))
    stop_id = await stop_order(s)
    rows = {row["order_id"]: row for row in (await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"]}
    s.expect({plain_id, stop_id} <= set(rows), "both are listed", expected=[plain_id, stop_id], seen=sorted(rows))
    s.equal(s.member(rows[stop_id], "status"), "open", "the stop order is open")
    s.amount(rows[stop_id].get("filled_qty"), "0", "nothing of it is filled")
    s.equal(s.member(rows[stop_id], "side"), "buy", "its side is told")


@case(
    "htx/orders/310",
    "A stop order that was triggered and filled is told as filled.",
    requirement="Once the last price has reached the stop price it is a limit order like others, whatever its type says.",
    source="htx§4.1",
    needs=("request", "order"),
)
async def triggered_stop_order(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await traded(s)
    stop_id = await stop_order(s)
    await traded(s, "1.02")
    await s.venue.place("bob", pair.symbol, "sell", pair.qty, pair.price)
    order = await view(s, stop_id)
    s.equal(s.member(order, "status"), "filled", "it is filled")
    s.amount(order.get("filled_qty"), pair.qty, "with its quantity")


@case(
    "htx/orders/320",
    "A stop order is cancelled like any other.",
    requirement="A stop order that waits has an order's id, and is cancelled by it.",
    source="htx§4.1",
    needs=("request", "cancel_order", "order"),
)
async def cancelled_stop_order(s: Session) -> None:
    await open_taker(s)
    await traded(s)
    stop_id = await stop_order(s)
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=stop_id)
    s.equal((await s.venue.order(stop_id))["status"], "cancelled", "it is cancelled")
    s.equal(s.member(await view(s, stop_id), "status"), "cancelled", "and told so")


@case(
    "htx/streams/300",
    "A stop order that is triggered is told as an open order, then as what becomes of it.",
    requirement="A stop order is told of from its trigger on: with a creation, as a limit order.",
    source="htx§6",
    provenance=Provenance.PROPOSED,
    needs=("request", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def trigger_is_told(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await traded(s)
    stop_id = await stop_order(s)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await discard(s, "orders", symbol=pair.symbol)
    await traded(s, "1.02")
    event = await next_event(s, "orders", "the triggered order is told", symbol=pair.symbol)
    row = s.single(s.told(event.get("orders"), "orders in their events"), "one order is told")
    s.equal(row["order_id"], stop_id, "it is the stop order")
    s.equal(s.member(row, "status"), "open", "it is open now")


@case(
    "htx/streams/310",
    "What the stream says of conditional orders breaks nothing.",
    requirement="The topic of orders tells of conditional orders, too: events without an order's id, type or price.",
    source="htx§6",
    needs=("request", "place_order", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def conditional_events(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await traded(s)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    fields = {
        "accountId": await spot_account(s),
        "symbol": pair.symbol,
        "orderSide": "buy",
        "orderType": "limit",
        "clientOrderId": "conditional-1",
        "stopPrice": f"{pair.price * 2:f}",
        "orderPrice": f"{pair.price:f}",
        "orderSize": f"{pair.qty:f}",
    }
    await sent(s, "POST", ALGO, body=fields)
    await sent(s, "POST", ALGO_CANCEL, body={"clientOrderIds": ["conditional-1"]})
    order_id = await placed(s, **limit(s, price=pair.price - 100 * pair.tick))
    for _ in range(3):
        event = await next_event(s, "orders", "the plain order is told", symbol=pair.symbol)
        told = {row.get("order_id"): row for row in event.get("orders") or ()}
        if order_id in told:
            s.equal(s.member(told[order_id], "status"), "open", "it is open")
            return
    s.fail("the plain order is told", expected=order_id, seen="others only")
