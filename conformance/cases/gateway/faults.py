"""Trouble with the link to the venue (gw§8, gw§9, gw§12)."""

from __future__ import annotations

import asyncio

from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.gateway.wire import (
    CONNECT_FAILED,
    CONNECTED,
    LOST,
    ON_BOTH,
    ON_CONTRACTS,
    OPEN_FATE,
    READY,
    RECONNECTING,
    RETRY_S,
    SPOT,
    STREAM,
    TIMED,
    asked,
    drop,
    fault,
    meanwhile,
    reconciled,
    restored,
    said,
    same_socket,
    states,
    taken,
)
from mockex.conformance.cases.live import discard, order_until, place, price, rows, text
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

LOOKED_ON_S = 1.2
"""Of real time: long enough to see that a client does not wait."""

ROOM = (*STREAM, "place_order", *TIMED)
FOLLOW = (*STREAM, "subscribe", "next_event", "subscribe.orders", "place_order")


# --- the link at the beginning


@case(
    "gateway/faults/010",
    "A venue that cannot be reached at first is waited for.",
    requirement="Connect fails: 3, then (5 s) 5, then 3 or 2, endlessly: the service tries, and the client only waits.",
    source="gw§8",
    needs=STREAM,
)
async def venue_out_of_reach(s: Session) -> None:
    await fault(s, "refuse_connect")
    async with meanwhile(s, "stream_open", private=True) as opening:
        await states(s, until=CONNECT_FAILED)
        await fault(s, "allow_connect")
        s.expect(not opening.done(), "the stream is not open yet", expected="waiting", seen="an answer")
        await s.venue.advance(RETRY_S)
        await states(s, until=READY)
        refusal = (await opening).refusal
    s.expect(refusal is None, "the stream is open once the venue is there", expected="an open stream", seen=str(refusal))
    logins = await asked(s, "login")
    s.equal(len(logins), 1, "one login is enough", at=logins)


@case(
    "gateway/faults/020",
    "A stream is open when the login is ready, and not before.",
    requirement="`state` 2 is connected, not usable yet; 6 allows operations.",
    source="gw§8",
    needs=STREAM,
)
async def late_ready(s: Session) -> None:
    await fault(s, "delay_ready", seconds=3)
    async with meanwhile(s, "stream_open", private=True) as opening:
        await states(s, until=CONNECTED)
        await asyncio.wait({opening}, timeout=LOOKED_ON_S)
        s.expect(not opening.done(), "the stream is not open yet", expected="waiting", seen="an answer")
        await s.venue.advance(3)
        refusal = (await opening).refusal
    s.expect(refusal is None, "the stream is open once it is ready", expected="an open stream", seen=str(refusal))


# --- the link later


@case(
    "gateway/faults/030",
    "While the link to the venue is lost, orders are refused and not sent.",
    requirement="Codes 4, 5 and 3 end READY: operations are sent in READY alone.",
    source="gw§12",
    needs=ROOM,
)
async def no_orders_without_a_link(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await drop(s)
    await s.client.settle()
    await s.client.refused("place_order", "an order that cannot be placed is an error", **limit(s))
    sent = await asked(s, "place_order", since=since)
    s.expect(not sent, "nothing is sent", expected="no request", seen=f"{len(sent)} requests", at=sent)
    await restored(s, since=since)
    await s.client("place_order", **limit(s))
    s.equal(len(await s.venue.orders(ME)), 1, "afterwards orders are placed")


@case(
    "gateway/faults/040",
    "A link that is connected again and not ready yet takes no orders.",
    requirement="After 2 the service reads the account; 6 alone allows operations.",
    source="gw§8",
    needs=ROOM,
)
async def connected_is_not_ready(s: Session) -> None:
    await s.client("stream_open", private=True)
    await fault(s, "delay_ready", seconds=60)
    since = await drop(s)
    await s.pass_time(RETRY_S)
    await states(s, since=since, until=CONNECTED)
    await s.client.settle()
    await s.client.refused("place_order", "an order that cannot be placed is an error", **limit(s))
    sent = await asked(s, "place_order", since=since)
    s.expect(not sent, "nothing is sent", expected="no request", seen=f"{len(sent)} requests", at=sent)


@case(
    "gateway/faults/050",
    "A lost link leaves the socket and the login as they are.",
    requirement="Never reconnect the socket for codes 3 to 5: the service renews its links itself.",
    source="gw§12",
    needs=(*STREAM, *TIMED),
)
async def socket_stays(s: Session) -> None:
    await s.client("stream_open", private=True)
    before = await taken(s)
    await fault(s, "refuse_connect")
    since = await drop(s)
    await s.pass_time(2 * RETRY_S + 1)
    codes = await states(s, since=since, until=CONNECT_FAILED)
    s.equal(codes[:3], [LOST, RECONNECTING, CONNECT_FAILED], "the gateway tells the loss")
    await fault(s, "allow_connect")
    await restored(s, since=since)
    await same_socket(s, before, "the client keeps its socket", since=since)
    logins = await asked(s, "login", since=since)
    s.expect(not logins, "the client keeps its login", expected="no login", seen=f"{len(logins)} logins", at=logins)


@case(
    "gateway/faults/060",
    "After each return of the link the account is asked for anew.",
    requirement="On each READY run open_orders, asset and position for every symbol, and reconcile.",
    source="gw§12",
    needs=(*STREAM, *TIMED),
)
async def account_is_asked_for_anew(s: Session) -> None:
    await s.client("stream_open", private=True)
    await reconciled(s, since=0)
    for _ in range(2):
        since = await drop(s)
        await restored(s, since=since)
        frames = [said(each) for each in await reconciled(s, since=since)]
        s.expect(any(frame["op"] == "asset" for frame in frames), "assets are asked for", expected="asset", seen=frames)
        wanted = sorted(f"{each['base']}/{each['quote']}" for each in s.instruments)
        seen = sorted({frame.get("symbol", "") for frame in frames if frame["op"] == "open_orders"})
        s.equal(seen, wanted, "open orders of every symbol are asked for")


@case(
    "gateway/faults/070",
    "After a return of the link positions are asked for anew.",
    requirement="Positions are not pushed with READY: they follow on their next change, so clients ask.",
    source="gw§8",
    needs=(*STREAM, "positions", *TIMED),
    world=ON_CONTRACTS,
)
async def positions_are_asked_for_anew(s: Session) -> None:
    await s.client("stream_open", private=True)
    await reconciled(s, since=0)
    since = await drop(s)
    await restored(s, since=since)
    frames = [said(each) for each in await reconciled(s, since=since)]
    wanted = sorted(f"{each['base']}/{each['quote']}" for each in s.instruments)
    seen = sorted({frame.get("symbol", "") for frame in frames if frame["op"] == "position"})
    s.equal(seen, wanted, "positions of every symbol are asked for")


@case(
    "gateway/faults/080",
    "What was filled while the link was lost is told when it is back.",
    requirement="On each return to READY the assets and open orders are pushed again before code 6.",
    source="gw§8",
    needs=(*FOLLOW, *TIMED),
)
async def missed_fill_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", 3 * pair.qty, price(s, 0))
    await order_until(s, order_id, "open", "the order is told")
    since = await drop(s)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, price(s, 0))
    await restored(s, since=since)
    row = (await order_until(s, order_id, "partly_filled", "the fill is told when the link is back"))[-1]
    s.amount(row.get("filled_qty"), pair.qty, "what was filled meanwhile is told")


@case(
    "gateway/faults/090",
    "What was spent while the link was lost is told when it is back.",
    requirement="On each return to READY the assets and open orders are pushed again before code 6.",
    source="gw§8",
    needs=(*STREAM, "subscribe", "next_event", "subscribe.balances", *TIMED),
)
async def missed_assets_are_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await discard(s, "balances", currency=pair.quote)
    since = await drop(s)
    await s.venue.deposit(ME, pair.quote, "12345.5")
    await restored(s, since=since)
    total = (await s.venue.account(ME))["balances"]["spot"][pair.quote]["total"]
    told = await rows(s, "balances", 1, "the balance is told", currency=pair.quote)
    s.amount(next(row for row in told if row["currency"] == pair.quote).get("total"), total, "the balance is the new one")


@case(
    "gateway/faults/100",
    "A link that is lost time and again is waited for each time.",
    requirement="Link lost: 4, then (5 s) 5, 2, 6, endlessly; the client only waits.",
    source="gw§8",
    needs=ROOM,
)
async def venue_restarts(s: Session) -> None:
    await s.client("stream_open", private=True)
    for _ in range(4):
        since = await drop(s)
        await restored(s, since=since)
        s.equal(
            await states(s, since=since), [LOST, RECONNECTING, CONNECTED, READY], "the gateway tells the loss and the return"
        )
        await s.client("place_order", **limit(s))
    s.equal(len(await s.venue.orders(ME)), 4, "orders are placed after each return")


@case(
    "gateway/faults/110",
    "The loss of one platform's link leaves the other platforms usable.",
    requirement="Each token has a state of its own.",
    source="gw§12",
    needs=(*ROOM, "place_order.position"),
    world=ON_BOTH,
)
async def other_platform_goes_on(s: Session) -> None:
    contract = s.facts.contract
    await s.client("stream_open", private=True)
    await drop(s, SPOT)
    await s.client.settle()
    await s.client.refused("place_order", "an order where the link is lost is an error", **limit(s))
    terms = {"side": "buy", "type": "limit", "price": text(contract.price), "qty": text(contract.qty)}
    await s.client("place_order", symbol=contract.symbol, **terms, position={"merge": "long"})
    s.equal([each["symbol"] for each in await s.venue.orders(ME)], [contract.symbol], "the other order is placed")


@case(
    "gateway/faults/120",
    "An order that is on its way when the link is lost has an open fate, and is not sent again.",
    requirement="Requests in flight during a loss are answered: `connection lost`.",
    source="gw§8",
    provenance=Provenance.PROPOSED,
    needs=ROOM,
)
async def order_on_its_way(s: Session) -> None:
    await s.client("stream_open", private=True)
    rule = {"where": {"route": s.facts.words["order_route"]}, "what": {"action": "delay", "ms": 600_000}}
    await s.venue.plan(rule)
    async with meanwhile(s, "place_order", **limit(s)) as placing:
        await asked(s, "place_order", count=1)
        await s.wire.read(wait_ms=200)  # so that it is with the venue by now
        since = await drop(s)
        refusal = (await placing).refusal
    s.expect(refusal is not None, "an order without an answer is an error", expected="an error", seen="a receipt")
    assert refusal is not None
    s.expect(refusal.kind in OPEN_FATE, "the error leaves its fate open", expected=" or ".join(OPEN_FATE), seen=str(refusal))
    await s.venue.clear_faults()
    await restored(s, since=since)
    sent = await asked(s, "place_order")
    s.equal(len(sent), 1, "the order is sent once", at=sent)
