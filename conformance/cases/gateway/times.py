"""Times are whole milliseconds (gw§4)."""

from __future__ import annotations

from mockex.conformance.cases.live import next_event, order_until, place, price
from mockex.conformance.cases.support import OTHER
from mockex.conformance.model import case
from mockex.conformance.session import Session

AHEAD_S = "7.123"
ORDERS = ("stream_open", "subscribe", "next_event", "subscribe.orders", "place_order")


@case(
    "gateway/time/010",
    "The time of an order is told to the millisecond.",
    requirement="`ctime` is an integer of milliseconds, the venue's time.",
    source="gw§4",
    needs=(*ORDERS, "open_orders"),
)
async def time_of_an_order(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.venue.advance(AHEAD_S)
    now_ms = await s.venue.now_ms()
    order_id = await place(s, "buy", pair.qty, price(s, 0))
    row = (await order_until(s, order_id, "open", "the order is told"))[-1]
    s.equal(s.member(row, "created_ms"), now_ms, "the time of a pushed order")
    row = s.single((await s.client("open_orders", symbol=pair.symbol))["orders"], "the order is open")
    s.equal(s.member(row, "created_ms"), now_ms, "the time of an order in a list")


@case(
    "gateway/time/020",
    "The time of a fill is told to the millisecond.",
    requirement="`ctime` of a fill is an integer of milliseconds, the venue's time.",
    source="gw§7",
    needs=ORDERS,
)
async def time_of_a_fill(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await place(s, "buy", pair.qty, price(s, 0))
    await s.venue.advance(AHEAD_S)
    now_ms = await s.venue.now_ms()
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, price(s, 0))
    for _ in range(4):
        event = await next_event(s, "orders", "the fill is told", symbol=pair.symbol)
        if event.get("fills"):
            s.equal(s.member(event["fills"][0], "time_ms"), now_ms, "the time of the fill")
            return
    s.fail("the fill is told", expected="a fill", seen="none")
