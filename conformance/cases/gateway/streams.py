"""The socket and what is pushed on it: heartbeats, answers in any order, orders, fills, positions (gw§2, gw§3, gw§7)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, newest
from mockex.conformance.cases.contracts import meet
from mockex.conformance.cases.gateway.wire import (
    IDLE_S,
    ON_BOTH,
    ON_CONTRACTS,
    READY,
    STREAM,
    TALKS,
    TIMED,
    asked,
    fault,
    meanwhile,
    reconciled,
    release,
    replies,
    said,
    states,
)
from mockex.conformance.cases.live import PATIENCE_MS, next_event, order_until, place, price, text
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, Number

PING_S = 5
PUSHES = (*STREAM, "subscribe", "next_event")
ORDERS = (*PUSHES, "subscribe.orders", "place_order")
TOGETHER = (*STREAM, "place_together")
SEVERAL = 3


# --- heartbeats


@case(
    "gateway/streams/010",
    "A connection without news is kept alive.",
    requirement="The server closes a socket that has sent no text frame for 15 s; pings of the protocol below do not count.",
    source="gw§2",
    needs=(*STREAM, *TIMED),
)
async def quiet_connection_stays(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await s.wire.mark()
    await s.pass_time(4 * IDLE_S)
    closed = await s.wire.entries(CLOSE, since=since)
    s.expect(not closed, "the server has no reason to close", expected="no close", seen=f"{len(closed)} closes", at=closed)


@case(
    "gateway/streams/020",
    "A ping is a message with the time in whole milliseconds, sent every five seconds.",
    requirement='Clients ping every 5 s: `{"op":"ping","ts":1530604762311}`.',
    source="gw§2",
    level=Level.SHOULD,
    needs=(*STREAM, *TIMED),
)
async def pings(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await s.wire.mark()
    for _ in range(4):
        before = await s.wire.mark()
        await s.pass_time(PING_S)
        s.expect(await asked(s, "ping", since=before, count=1), "there is a ping in five seconds", expected="one", seen="none")
    for each in await asked(s, "ping", since=since):
        stamp = said(each).get("ts")
        whole = isinstance(stamp, Number) and stamp.isdigit() and abs(int(stamp) - each.at_ms) < 60_000
        s.expect(whole, "a ping has the time in milliseconds", expected=each.at_ms, seen=stamp, at=each)


# --- the way to READY


@case(
    "gateway/streams/030",
    "Nothing is asked for before the login is ready.",
    requirement="A successful reply is only an accepted intention: state code 6 allows operations.",
    source="gw§5",
    needs=STREAM,
)
async def waits_for_ready(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.client.settle()
    ready = [each for each in await replies(s, "state") if said(each)["code"] == str(READY)]
    s.expect(ready, "the stream is open once it is ready", expected="state 6", seen=await states(s))
    early = await s.wire.entries(IN, where=lambda each: each.n < ready[0].n and said(each).get("op") in TALKS)
    s.expect(not early, "nothing is asked for before that", expected="no request", seen=f"{len(early)} requests", at=early)


@case(
    "gateway/streams/040",
    "Once ready, open orders of every symbol and assets are asked for.",
    requirement="On each READY run open_orders, asset and position for every symbol, and reconcile.",
    source="gw§12",
    level=Level.SHOULD,
    needs=STREAM,
)
async def asks_at_first(s: Session) -> None:
    await s.client("stream_open", private=True)
    frames = [said(each) for each in await reconciled(s, since=0)]
    s.expect(any(frame["op"] == "asset" for frame in frames), "assets are asked for", expected="asset", seen=frames)
    wanted = sorted(f"{each['base']}/{each['quote']}" for each in s.instruments)
    seen = sorted({frame.get("symbol", "") for frame in frames if frame["op"] == "open_orders"})
    s.equal(seen, wanted, "open orders of every symbol are asked for")


@case(
    "gateway/streams/050",
    "Once ready, positions of every contract are asked for.",
    requirement="Positions are not pushed with READY: they follow on their next change, so clients ask.",
    source="gw§8",
    level=Level.SHOULD,
    needs=(*STREAM, "positions"),
    world=ON_CONTRACTS,
)
async def asks_for_positions(s: Session) -> None:
    await s.client("stream_open", private=True)
    frames = [said(each) for each in await reconciled(s, since=0)]
    wanted = sorted(f"{each['base']}/{each['quote']}" for each in s.instruments)
    seen = sorted({frame.get("symbol", "") for frame in frames if frame["op"] == "position"})
    s.equal(seen, wanted, "positions of every symbol are asked for")


# --- answers


def _several(s: Session, count: int) -> list[Json]:
    return [limit(s, price=price(s, -n)) for n in range(count)]


async def _placed_as_told(s: Session, orders: list[Json], outcomes: list[Json]) -> None:
    """Each outcome has the number of its order."""
    by_id = {each["order_id"]: each for each in await s.venue.orders(ME)}
    for order, outcome in zip(orders, outcomes, strict=True):
        s.expect("error" not in outcome, "each order is placed", expected="a receipt", seen=outcome)
        found = by_id.get(s.member(outcome, "order_id"))
        s.expect(found is not None, "the receipt names an order", expected=sorted(by_id), seen=outcome)
        assert found is not None
        s.equal(found["symbol"], order["symbol"], "the receipt names the order of its request: its symbol")
        s.amount(found["price"], order["price"], "the receipt names the order of its request: its price")


@case(
    "gateway/streams/060",
    "Answers that come in another order belong to their requests.",
    requirement="Replies may come in any order: they are matched by `cid`.",
    source="gw§3",
    needs=TOGETHER,
)
async def answers_in_any_order(s: Session) -> None:
    await s.client("stream_open", private=True)
    await fault(s, "reorder_replies", count=SEVERAL)
    orders = _several(s, SEVERAL)
    outcomes = (await s.client("place_together", orders=orders))["outcomes"]
    await _placed_as_told(s, orders, outcomes)


@case(
    "gateway/streams/070",
    "Answers about two platforms that cross each other belong to their requests.",
    requirement="Several requests may be in flight, also to different tokens.",
    source="gw§3",
    needs=(*TOGETHER, "place_order.position"),
    world=ON_BOTH,
)
async def answers_of_two_tokens(s: Session) -> None:
    contract = s.facts.contract
    await s.client("stream_open", private=True)
    await fault(s, "reorder_replies", count=2)
    terms = {"side": "buy", "type": "limit", "price": text(contract.price), "qty": text(contract.qty)}
    orders = [limit(s), {"symbol": contract.symbol, **terms, "position": {"merge": "long"}}]
    outcomes = (await s.client("place_together", orders=orders))["outcomes"]
    await _placed_as_told(s, orders, outcomes)


@case(
    "gateway/streams/080",
    "Several orders are sent without waiting for answers.",
    requirement="Several requests may be in flight: orders of several venues are placed without waiting.",
    source="gw§12",
    level=Level.SHOULD,
    needs=TOGETHER,
)
async def orders_without_waiting(s: Session) -> None:
    await s.client("stream_open", private=True)
    await fault(s, "reorder_replies", count=SEVERAL + 1)  # one more than there will be: all are kept
    async with meanwhile(s, "place_together", orders=_several(s, SEVERAL)) as asking:
        sent = await asked(s, "place_order", count=SEVERAL)
        await release(s)
        await asking
    s.equal(len(sent), SEVERAL, "all are sent before the first answer", at=sent)


@case(
    "gateway/streams/090",
    "An order that is pushed before its placing is answered is told all the same.",
    requirement="The order push may precede the place_order reply: unknown numbers are to be kept for a while.",
    source="gw§7",
    needs=ORDERS,
)
async def push_before_reply(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await fault(s, "push_before_reply")
    order_id = await place(s, "buy", pair.qty, price(s, 0))
    s.equal(order_id, (await newest(s))["order_id"], "the receipt names the order")
    await order_until(s, order_id, "open", "the order is told")


# --- pushes


@case(
    "gateway/streams/100",
    "Every fill is told once, with its price, quantity, side and role, and they add up to what is filled.",
    requirement="Each fill is pushed; the sum of fills is quantity minus remain.",
    source="gw§7",
    needs=ORDERS,
)
async def fills_add_up(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, price(s, -2))
    order_id = await place(s, "buy", 4 * pair.qty, price(s, 0))
    for parts in (1, 2):
        await s.venue.place(OTHER, pair.symbol, "sell", parts * pair.qty, price(s, 0))
    fills: list[Json] = []
    while event := (await s.client("next_event", channel="orders", symbol=pair.symbol, timeout_ms=PATIENCE_MS))["event"]:
        fills += event.get("fills", ())
    s.equal([each.get("order_id") for each in fills], [order_id] * 3, "each fill is told once, with its order")
    expected = [(pair.qty, price(s, -2), "taker"), (pair.qty, price(s, 0), "maker"), (2 * pair.qty, price(s, 0), "maker")]
    for fill, (qty, at, role) in zip(fills, expected, strict=True):
        s.amount(fill.get("qty"), qty, "a fill has its quantity")
        s.amount(fill.get("price"), at, "a fill has its price")
        s.equal([fill.get("side"), fill.get("role")], ["buy", role], "a fill has its side and role")
    s.equal(len({each.get("trade_id") for each in fills}), 3, "each fill has a number of its own")


@case(
    "gateway/streams/110",
    "News of one platform are not taken for those of another.",
    requirement="A push names its token: the same symbol may be traded on several platforms.",
    source="gw§3",
    needs=(*ORDERS, "place_order.position"),
    world=ON_BOTH,
)
async def platforms_are_told_apart(s: Session) -> None:
    spot, contract = s.facts.pair, s.facts.contract
    await s.client("stream_open", private=True)
    for each in (spot, contract):
        await s.client("subscribe", channel="orders", symbol=each.symbol)
    terms = {"side": "buy", "type": "limit", "price": text(contract.price), "qty": text(contract.qty)}
    receipt = await s.client("place_order", symbol=contract.symbol, **terms, position={"merge": "long"})
    own = {contract.symbol: receipt.get("order_id"), spot.symbol: await place(s, "buy", spot.qty, price(s, 0))}
    for symbol, order_id in own.items():
        event = await next_event(s, "orders", f"the order in {symbol} is told", symbol=symbol)
        s.equal([row["order_id"] for row in event.get("orders", ())], [order_id], f"events of {symbol} are about its order")
        s.equal([row.get("symbol") for row in event.get("orders", ())], [symbol], "and name it")


@case(
    "gateway/streams/120",
    "A position is told when it changes, with its size, sign and price.",
    requirement="Positions are pushed on any change; quantities are never negative on the wire: long and short are apart.",
    source="gw§7",
    needs=(*PUSHES, "subscribe.positions", "place_order", "place_order.position"),
    world=ON_CONTRACTS,
)
async def positions_are_followed(s: Session) -> None:
    contract = s.facts.contract
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="positions", symbol=contract.symbol)
    await meet(s, "buy", contract.qty, contract.price)
    terms = {"side": "sell", "type": "limit", "price": text(contract.price), "qty": text(contract.qty)}
    await s.client("place_order", symbol=contract.symbol, **terms, position={"merge": "short"})
    held: Json = None
    for _ in range(4):  # a push may be about the order alone
        rows = (await next_event(s, "positions", "the position is told", symbol=contract.symbol)).get("positions", ())
        held = next((row for row in rows if Decimal(row["qty"])), None)
        if held is not None:
            break
    s.expect(held is not None, "the position is told", expected="a position", seen="none")
    s.amount(held["qty"], -contract.qty, "a short position is below zero")
    s.amount(held.get("entry_price"), contract.price, "the position has its price")
    if held.get("merge") is not None:
        s.equal(held["merge"], "short", "it is the short one")
