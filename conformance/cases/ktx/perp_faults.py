"""Faults around KTX's positions: replies and pushes that are lost, late or there twice (ktx§7, ktx§9)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.common.faults import not_known, plan, sent_once
from mockex.conformance.cases.common.orders import own_id
from mockex.conformance.cases.ktx.perp_support import STREAM, D, listens, only_position, pushed_position, quantities
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED
POSITIONS = (*STREAM, *c.POSITIONS, "subscribe.positions")


@case(
    "ktx/faults/500",
    "An order that opens and whose reply was lost is not sent a second time.",
    requirement="The position may be open: a second order doubles it. The client says that it does not know, and tells the "
    "position when it is asked.",
    source="ktx§7",
    needs=c.POSITIONS,
)
async def lost_opening(s: Session) -> None:
    usual = s.facts.contract
    await c.meet(s, "sell", 3 * usual.qty, usual.price)
    await plan(s, "place_order", "lose_reply")
    outcome = await s.client.attempt("place_order", **c.order(s, "buy"))
    await s.client.settle()
    await sent_once(s, "place_order")
    await not_known(s, outcome, "a lost reply is an error")
    told = await only_position(s, "the position is told")
    s.amount(told["qty"], usual.qty, "it is opened once")


@case(
    "ktx/faults/510",
    "An order that closes and whose reply was lost is not told as refused.",
    requirement="The position may be closed: a second order would be refused (-30005), and that says nothing of the first.",
    source="ktx§7",
    needs=c.POSITIONS,
)
async def lost_closing(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    await c.meet(s, "buy", 3 * usual.qty, usual.price)
    await plan(s, "place_order", "lose_reply")
    since = await s.wire.mark()
    outcome = await s.client.attempt("place_order", **c.order(s, "sell", close=True))
    await s.client.settle()
    await not_known(s, outcome, "a lost reply is an error")
    sent = await s.wire.requests(s.facts.route("place_order"), since=since)
    s.expect(len(sent) == 1, "it is not sent again", expected="1 request", seen=f"{len(sent)} requests", at=sent)
    s.equal(await c.told_positions(s), [], "the position is told as closed")


@case(
    "ktx/faults/520",
    "An order for a contract whose reply was lost is found by the client's own id, with its position.",
    requirement="`c:` and the own id find the order in either market; it names the position that it is for.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "place_order.client_id", "order", "order.client_id"),
)
async def lost_order_is_found(s: Session) -> None:
    symbol, mine = s.facts.contract.symbol, own_id(s, "swap8")
    await plan(s, "place_order", "lose_reply")
    await s.client.attempt("place_order", **c.order(s, "buy"), client_id=mine)
    true = s.single(await c.true_positions(s), "the order is for one position")
    told = (await s.client("order", symbol=symbol, client_id=mine))["order"]
    s.equal(s.member(told, "symbol"), symbol, "the order is found")
    s.equal(s.member(s.member(told, "position"), "position_id"), true["position_id"], "with its position")


@case(
    "ktx/faults/530",
    "A push of a position that was lost is made up for by asking.",
    requirement="Pushes are not numbered, so that nothing shows the loss: what a client is asked for it asks the venue for.",
    source="ktx§9",
    provenance=PROPOSED,
    needs=POSITIONS,
)
async def lost_push(s: Session) -> None:
    usual = s.facts.contract
    await listens(s, "positions")
    await s.client("place_order", **c.order(s, "buy", 3 * usual.qty))
    await pushed_position(s, "the order's position is told")
    name = s.facts.channel("positions")
    await s.venue.plan({"where": {"channel": name}, "what": {"action": "drop"}})
    for n in (1, 2):
        await c.meet(s, "sell", usual.qty, usual.price)
        await s.client.settle()
        told = await only_position(s, "the position is told")
        s.amount(told["qty"], n * usual.qty, "with what was filled")


@case(
    "ktx/faults/540",
    "A push of a position that comes twice counts once.",
    requirement="A push is the whole position: the same one twice changes nothing.",
    source="ktx§9",
    needs=POSITIONS,
)
async def repeated_push(s: Session) -> None:
    usual = s.facts.contract
    await listens(s, "positions")
    await s.venue.plan({"where": {"channel": s.facts.channel("positions")}, "what": {"action": "duplicate"}})
    await s.client("place_order", **c.order(s, "buy", 3 * usual.qty))
    for n in (1, 2):
        await c.meet(s, "sell", usual.qty, usual.price)
        await s.client.settle()
        seen = await _pushed(s)
        s.expect(seen, "the fill is told", expected="a push", seen="none")
        s.equal(seen[-1], n * usual.qty, "what is filled, however often it is told")
    told = await only_position(s, "the position is told")
    s.amount(told["qty"], 2 * usual.qty, "what is filled")


async def _pushed(s: Session) -> list[Decimal]:
    """The quantities that have been told since."""
    seen: list[Decimal] = []
    of = {"channel": "positions", "symbol": s.facts.contract.symbol, "timeout_ms": 0}
    while (event := (await s.client("next_event", **of))["event"]) is not None:
        seen += [D(row["qty"]) for row in event["positions"]]
    return seen


@case(
    "ktx/faults/550",
    "A list of positions that lags sets nothing back that was told since.",
    requirement="Reads may be answered from an older state: the stream's next push is right all the same.",
    source="ktx§9",
    provenance=PROPOSED,
    needs=POSITIONS,
)
async def stale_list(s: Session) -> None:
    usual = s.facts.contract
    await listens(s, "positions")
    await s.client("place_order", **c.order(s, "buy", 3 * usual.qty))
    await pushed_position(s, "the order's position is told")
    await plan(s, "positions", "stale", when={"after": 0}, ms=1_000)
    await s.venue.advance(1)
    for n in (1, 2):
        await c.meet(s, "sell", usual.qty, usual.price)
        row = await pushed_position(s, "a fill is told")
        s.amount(row["qty"], n * usual.qty, "all that is filled is told, whatever was read meanwhile")
        await c.told_positions(s)
    s.equal(await quantities(s), [2 * usual.qty], "what is filled")
