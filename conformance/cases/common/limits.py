"""Limits: what a client does when the venue says that it asks too often."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.support import ME, told_as
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Outcome, Session

LIMITED = WorldWish(limits=True)
BURST = "burst"
MANY = 1_000


async def too_often(s: Session, operation: str, *, first: int | None = None, nth: int | None = None) -> None:
    """From now on the venue says so to requests of that operation: to all, to the first ones, or to the nth."""
    when = {name: value for name, value in (("first", first), ("nth", nth)) if value is not None}
    await s.venue.plan({"where": {"route": s.facts.route(operation)}, "when": when, "what": {"action": "rate_limited"}})


async def until_refused(s: Session, operation: str, calls: int, **params: Json) -> Outcome:
    """Calls in a row until one is refused, at most so many. The last outcome."""
    outcome = Outcome(None, None)
    for _ in range(calls):
        outcome = await s.client.attempt(operation, **params)
        if outcome.refusal is not None:
            break
    return outcome


async def burst(s: Session, more: int = 0) -> Outcome:
    """As many calls in a row as the venue admits, and some more, of the read that its facts name for it. The last outcome."""
    calls = int(s.facts.numbers["burst_calls"]) + more
    return await until_refused(s, s.facts.words[BURST], calls, symbol=s.facts.pair.symbol)


async def wait_for_window(s: Session) -> None:
    """So long that the venue has forgotten all calls."""
    seconds = s.facts.numbers["burst_window_s"]
    if s.client.has("clock") and s.client.has("elapse"):
        await s.pass_time(seconds, step=seconds)
    else:
        await s.venue.advance(seconds)


@case(
    "common/limits/010",
    "A request that came too often is told as such.",
    requirement="A venue under load refuses what comes too often; the request was fine, and may be sent later.",
    needs=("balances",),
)
async def limit_is_told(s: Session) -> None:
    await too_often(s, "balances")
    refusal = await s.client.refused("balances", "too many requests are an error")
    codes = s.facts.codes("rate_limited")
    await told_as(s, refusal, "the error says that it was too often", kinds=("rate_limited",), codes=codes)


@case(
    "common/limits/020",
    "A client that is told to slow down does not hammer.",
    requirement="What is refused as too frequent is not sent again at once.",
    level=Level.SHOULD,
    needs=("balances",),
)
async def no_hammering(s: Session) -> None:
    await too_often(s, "balances")
    await s.client.attempt("balances")
    await s.client.settle()
    sent = await s.wire.requests(s.facts.route("balances"))
    s.expect(len(sent) <= 3, "the request is not repeated in a row", expected="at most 3", seen=len(sent), at=sent)


@case(
    "common/limits/030",
    "An order that came too often is either placed or told as refused, never both.",
    requirement="A refused order does not exist. Whoever sends it again by itself must tell what came of it in the end.",
    needs=("place_order", "open_orders"),
)
async def limited_order(s: Session) -> None:
    await too_often(s, "place_order", first=1)
    outcome = await s.client.attempt("place_order", **limit(s))
    await s.client.settle()
    await s.client.attempt("open_orders", symbol=s.facts.pair.symbol)
    await s.client.settle()
    orders = len(await s.venue.orders(ME))
    s.equal(orders, 1 if outcome.refusal is None else 0, "there are as many orders as the client tells")


@case(
    "common/limits/040",
    "As many requests as the venue admits are sent.",
    requirement="The limit is there to be used: a client that holds back much earlier is slower than need be.",
    level=Level.SHOULD,
    world=LIMITED,
)
async def limit_is_used(s: Session) -> None:
    refusal = (await burst(s)).refusal
    calls = s.facts.numbers["burst_calls"]
    s.expect(refusal is None, "so many requests in a row are answered", expected=f"{calls} results", seen=str(refusal))


@case(
    "common/limits/050",
    "Once the window has passed the client is heard again.",
    requirement="A limit is no ban: when the window has passed, everything works as before.",
    world=LIMITED,
)
async def heard_again(s: Session) -> None:
    await burst(s, more=2)
    await wait_for_window(s)
    refusal = (await s.client.attempt(s.facts.words[BURST], symbol=s.facts.pair.symbol)).refusal
    s.expect(refusal is None, "a request after the window is answered", expected="a result", seen=str(refusal))


@case(
    "common/limits/060",
    "A limit on reads does not keep orders from being cancelled.",
    requirement="Limits count apart for each endpoint, so the way out stays open.",
    needs=("place_order", "cancel_order"),
    world=LIMITED,
)
async def way_out_stays_open(s: Session) -> None:
    symbol = s.facts.pair.symbol
    order_id = await placed(s, **limit(s))
    await burst(s, more=2)
    refusal = (await s.client.attempt("cancel_order", symbol=symbol, order_id=order_id)).refusal
    s.expect(refusal is None, "the cancel is carried out", expected="a receipt", seen=str(refusal))
    s.equal((await s.venue.order(order_id))["status"], "cancelled", "the order is cancelled")


@case(
    "common/limits/070",
    "A list of which a page was refused is not told as whole.",
    requirement="A refused page is missing: half a list taken for the whole one hides orders.",
    needs=("open_orders", "paging"),
)
async def half_a_list(s: Session) -> None:
    pair = s.facts.pair
    rows = int(s.facts.numbers["page_rows"]) + 5
    for _ in range(rows):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    await too_often(s, "open_orders", nth=2)
    outcome = await s.client.attempt("open_orders", symbol=pair.symbol, all=True)
    seen = None if outcome.refusal is not None else len(outcome.result["orders"])
    s.expect(seen in (None, rows), "the list is whole, or an error", expected=f"{rows} orders, or an error", seen=seen)
