"""Refusals: the gateway's texts reach the user, who alone may read them (gw§10)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.gateway.wire import QUIRKY_CONTRACTS, asked, replies, said
from mockex.conformance.cases.live import text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

PLACE = ("stream_open", "place_order")
HUGE = Decimal(10) ** 9


async def _refusal(s: Session, **order: Json) -> None:
    """The order is refused, that is told with the gateway's text, nothing is placed, and the request is sent once at most."""
    since = await s.wire.mark()
    refusal = await s.client.refused("place_order", "a refused order is an error", **order)
    s.equal(await s.venue.orders(ME), [], "nothing is placed")
    sent = await asked(s, "place_order", since=since)
    s.expect(len(sent) <= 1, "a refused order is not sent again", expected="1 request", seen=f"{len(sent)} requests", at=sent)
    for each in await replies(s, "place_order", since=since):
        words = said(each)["error_message"]
        s.expect(words in refusal.message, "the gateway's text is told", expected=words, seen=refusal.message, at=each)


@case(
    "gateway/errors/010",
    "An order that the balance does not cover is told as an error, in the gateway's words.",
    requirement="A refusal is a reply with `result` false and `error_message`: that is for people.",
    source="gw§10",
    needs=PLACE,
)
async def too_little_money(s: Session) -> None:
    await s.client("stream_open", private=True)
    await _refusal(s, **limit(s, qty=HUGE))


@case(
    "gateway/errors/020",
    "An order for a symbol that there is not is told as an error.",
    requirement="`symbol not found`.",
    source="gw§10",
    needs=PLACE,
)
async def no_such_symbol(s: Session) -> None:
    await s.client("stream_open", private=True)
    await _refusal(s, **{**limit(s), "symbol": "NO/SUCH"})


@case(
    "gateway/errors/030",
    "An order that the venue behind refuses is told as an error, in its words.",
    requirement="What the venue says is relayed as text: `venue error: <code> <msg>`.",
    source="gw§10",
    needs=PLACE,
)
async def words_of_the_venue(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.venue.halt(s.facts.pair.symbol)
    await _refusal(s, **limit(s))
    await s.venue.resume(s.facts.pair.symbol)
    await s.client("place_order", **limit(s))


@case(
    "gateway/errors/040",
    "A cancel of an order that is over is told as an error, in the gateway's words.",
    requirement="The outer `result` is true even when every element failed: the element says `order not found`.",
    source="gw§6",
    needs=(*PLACE, "cancel_order"),
)
async def cancelled_already(s: Session) -> None:
    await s.client("stream_open", private=True)
    order_id = await placed(s, **limit(s))
    await s.venue.cancel(order_id)
    what = "a cancel of what is over is an error"
    refusal = await s.client.refused("cancel_order", what, symbol=s.facts.pair.symbol, order_id=order_id)
    for reply in await replies(s, "cancel_order"):
        words = said(reply)["data"][0]["error_message"]
        s.expect(words in refusal.message, "the gateway's text is told", expected=words, seen=refusal.message, at=reply)


@case(
    "gateway/errors/050",
    "After refusals the next request is carried out, with the same login.",
    requirement="A failed request harms no other.",
    source="gw§3",
    needs=PLACE,
)
async def refusals_harm_nothing(s: Session) -> None:
    await s.client("stream_open", private=True)
    for _ in range(3):
        await _refusal(s, **limit(s, qty=HUGE))
    await s.client("place_order", **limit(s))
    s.equal(len(await asked(s, "login")), 1, "one login is enough")


@case(
    "gateway/errors/060",
    "On a platform without positions none is made up.",
    requirement="Spot platforms have no positions: `not supported`.",
    source="gw§6",
    level=Level.SHOULD,
    needs=(*PLACE, "positions"),
)
async def no_positions_on_spot(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.venue.place("bob", pair.symbol, "sell", pair.qty, pair.price)
    await s.client("place_order", **limit(s))
    outcome = await s.client.attempt("positions", symbol=pair.symbol)
    if outcome.refusal is None:
        s.equal(outcome.result["positions"], [], "there is no position")


@case(
    "gateway/errors/070",
    "A venue's own error is told as it is, and harms no request after it.",
    requirement="The original service relays the venue's raw error, often a dict printed as text: never parse `error_message`.",
    source="gw§10",
    needs=(*PLACE, "place_order.position"),
    world=QUIRKY_CONTRACTS,
)
async def raw_error_of_the_venue(s: Session) -> None:
    contract = s.facts.contract
    terms = {"symbol": contract.symbol, "side": "buy", "type": "limit", "price": text(contract.price)}
    order = {**terms, "position": {"merge": "long"}}
    await s.client("stream_open", private=True)
    await _refusal(s, **order, qty=text(HUGE))
    await s.client("place_order", **order, qty=text(contract.qty))
    s.equal(len(await asked(s, "login")), 1, "one login is enough")
