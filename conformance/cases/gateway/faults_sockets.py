"""Lost sockets: logins made anew, dead tokens, logins refused as repetitions (gw§2, gw§12)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.gateway.wire import (
    IDLE_S,
    LATE_S,
    READY,
    STREAM,
    TIMED,
    Stranger,
    asked,
    replies,
    said,
    states,
    stranger,
    taken,
)
from mockex.conformance.cases.live import act, place, price
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, OPEN

ROOM = (*STREAM, "place_order", *TIMED)


async def _lose_socket(s: Session) -> int:
    """The gateway closes the socket, as its clock goes on and the client's does not. A place in the recording before it."""
    since = await s.wire.mark()
    await s.venue.advance(IDLE_S)
    assert await s.wire.wait(CLOSE, since=since), "the gateway does not close an idle socket"
    await s.client.settle()
    return since


async def _back(s: Session, what: str, *, since: int, seconds: int = LATE_S) -> None:
    """The client is ready again on another socket. Gives it its time."""
    for _ in range(seconds):
        if READY in await states(s, since=since):
            await s.client.settle()
            return
        await act(s)
        if await asked(s, "login", since=since):
            await s.wire.read(wait_ms=200)
    s.fail(what, expected="a login that becomes ready", seen=f"states {await states(s, since=since)}", at=await taken(s))


@case(
    "gateway/faults/200",
    "After the loss of the socket the client connects and logs in anew.",
    requirement="After the loss of the socket its tokens are dead.",
    source="gw§12",
    needs=(*ROOM, "reconnect"),
)
async def socket_is_renewed(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await _lose_socket(s)
    await _back(s, "the client logs in on another socket", since=since)
    receipt = await s.client("place_order", **limit(s))
    s.equal(s.member(receipt, "order_id"), (await s.venue.orders(ME))[0]["order_id"], "orders are placed again")


@case(
    "gateway/faults/210",
    "On a new socket the token of the old one is not used.",
    requirement="Closing the socket logs out all its tokens: they are invalid on any other.",
    source="gw§2",
    needs=(*ROOM, "open_orders", "reconnect"),
)
async def old_tokens_are_dead(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await _lose_socket(s)
    await _back(s, "the client logs in on another socket", since=since)
    await s.client("open_orders", symbol=s.facts.pair.symbol)
    refused = [each for each in await s.wire.entries(since=since) if said(each).get("error_message") == "Invalid token"]
    s.expect(not refused, "no dead token is used", expected="none", seen=f"{len(refused)} refusals", at=refused)


@case(
    "gateway/faults/220",
    "A login that is refused after the loss of the socket is tried again later.",
    requirement="`Do not log in repeat` may appear until the server notices the old socket: retry after 16 to 31 s.",
    source="gw§12",
    needs=(*ROOM, "reconnect"),
)
async def repeated_login(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await _lose_socket(s)
    async with stranger(s) as other:
        await other.log_in(s)  # stands for the socket that the server has not missed yet
        await _refused_login(s, other, since=since)
    since = await s.wire.mark()
    await _back(s, "the client logs in once the key is free", since=since, seconds=2 * LATE_S)
    await s.client("place_order", **limit(s))


@case(
    "gateway/faults/230",
    "A login that is refused as a repetition is not tried again at once.",
    requirement="Retry after 16 to 31 s: until the server has missed the old socket every attempt is in vain.",
    source="gw§12",
    level=Level.SHOULD,
    needs=(*ROOM, "reconnect"),
)
async def no_hammering(s: Session) -> None:
    await s.client("stream_open", private=True)
    since = await _lose_socket(s)
    async with stranger(s) as other:
        await other.log_in(s)
        await _refused_login(s, other, since=since)
        for _ in range(10):
            await act(s)
            await other.ping()
        tries = [each for each in await replies(s, "login", since=since) if said(each).get("result") is False]
        s.expect(len(tries) <= 2, "a refused login is given time", expected="at most 2 in 10 s", seen=len(tries), at=tries)


async def _refused_login(s: Session, other: Stranger, *, since: int) -> None:
    """The client has tried to log in again, in vain."""
    for _ in range(LATE_S):
        if any(said(each).get("result") is False for each in await replies(s, "login", since=since)):
            return
        await act(s)
        await other.ping()
    s.fail("the client logs in anew", expected="a login", seen="none", at=await s.wire.entries(OPEN, CLOSE, since=since))


@case(
    "gateway/faults/240",
    "An order that stands is known again after the loss of the socket.",
    requirement="Closing the socket does not cancel orders.",
    source="gw§2",
    needs=(*ROOM, "open_orders", "reconnect"),
)
async def orders_outlive_the_socket(s: Session) -> None:
    await s.client("stream_open", private=True)
    order_id = await place(s, "buy", s.facts.pair.qty, price(s, 0))
    since = await _lose_socket(s)
    await _back(s, "the client logs in on another socket", since=since)
    told = (await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"]
    s.equal([each["order_id"] for each in told], [order_id], "the order is open")
