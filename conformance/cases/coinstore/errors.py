"""Coinstore's errors: HTTP 200, numbers and texts for codes, two names for the message (cs§4, cs§11)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.live import price
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session

MOST_OPEN = 50  # cs§7.7
RESTRICTED = ("pair_restricted", "trading_restricted", "sub_trading_restricted", "sub_pair_restricted")


@case(
    "coinstore/errors/010",
    "Success is 0 as a number at one endpoint and as text at the next.",
    requirement='Trading and balances say "code":0, the list of pairs and funding "code":"0".',
    source="cs§4",
    needs=("instruments", "balances", "deposits"),
)
async def two_kinds_of_zero(s: Session) -> None:
    for operation in ("instruments", "balances", "deposits"):
        refusal = (await s.client.attempt(operation)).refusal
        s.expect(refusal is None, f"{operation} succeeds", expected="a result", seen=str(refusal))


@case(
    "coinstore/errors/020",
    "The words of a refused transfer are told, though they stand under another name.",
    requirement="Errors of transfers say `msg` where all others say `message`.",
    source="cs§4",
    level=Level.SHOULD,
    needs=("transfer",),
)
async def msg_and_message(s: Session) -> None:
    about = {"currency": s.facts.pair.base, "amount": "900000000", "source": "futures", "target": "spot"}
    refusal = await s.client.refused("transfer", "a transfer of what is not there is an error", **about)
    answer = s.wire.response_to(await s.one_request("transfer"))
    assert answer is not None
    words = answer.json["msg"]
    s.expect(words in refusal.message, "the venue's words are told", expected=words, seen=str(refusal), at=answer)


@case(
    "coinstore/errors/030",
    "An account that may not trade is told as such.",
    requirement="3012 to 3015 say that the account, a sub-account or one pair of them is restricted: support has to lift it. "
    "It is neither the order's fault nor that the pair is unknown.",
    source="cs§11.1",
    needs=("place_order",),
)
async def restricted_account(s: Session) -> None:
    for flag in RESTRICTED:
        await s.venue.call("POST", f"/accounts/{ME}/flags", flag=flag, on=True)
        refusal = await s.client.refused("place_order", f"an order of an account with {flag} is an error", **limit(s))
        s.equal(refusal.kind, "permission", f"{flag} is told as a matter of permission")
        await s.venue.call("POST", f"/accounts/{ME}/flags", flag=flag, on=False)


@case(
    "coinstore/errors/040",
    "An order that there is not has one code when it is read and another when it is cancelled.",
    requirement="Reading an unknown order by the newer call says 4003, cancelling it 3103.",
    source="cs§7.13",
    provenance=Provenance.OBSERVED,
    needs=("order", "cancel_order", "place_order"),
)
async def two_codes_of_an_unknown_order(s: Session) -> None:
    known = int(await placed(s, **limit(s)))
    about = {"symbol": s.facts.pair.symbol, "order_id": str(known + 4_000)}
    for operation in ("order", "cancel_order"):
        refusal = await s.client.refused(operation, f"{operation} of an unknown order is an error", **about)
        s.equal(refusal.kind, "order_not_found", f"{operation} says that there is no such order")


@case(
    "coinstore/errors/050",
    "The 51st open order is told as refused, and is no lack of funds.",
    requirement="An account that makes no market has at most 50 open orders over all pairs.",
    source="cs§7.7",
    needs=("place_order",),
)
async def fifty_first_order(s: Session) -> None:
    pair = s.facts.pair
    for n in range(MOST_OPEN):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, price(s, -n))
    refusal = await s.client.refused("place_order", "the 51st open order is an error", **limit(s))
    s.expect(refusal.kind != "insufficient_funds", "it is no lack of funds", expected="another kind", seen=str(refusal))
    s.equal(len(await s.venue.orders(ME)), MOST_OPEN, "nothing is placed")


@case(
    "coinstore/errors/060",
    "Once an order is gone there is room for another.",
    requirement="The limit of 50 counts orders that are open: it is over as soon as one is filled or cancelled.",
    source="cs§7.7",
    needs=("place_order", "cancel_order"),
)
async def room_for_another(s: Session) -> None:
    pair = s.facts.pair
    orders = [await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, price(s, -n)) for n in range(MOST_OPEN)]
    await s.client.attempt("place_order", **limit(s))
    await s.client("cancel_order", symbol=pair.symbol, order_id=orders[0]["order_id"])
    refusal = (await s.client.attempt("place_order", **limit(s))).refusal
    s.expect(refusal is None, "an order in place of the cancelled one is placed", expected="a receipt", seen=str(refusal))


@case(
    "coinstore/errors/070",
    "A client id that was used is told as a bad order, also long after that order was cancelled.",
    requirement="A client id is taken as long as its order is open, and for a day besides: 3111.",
    source="cs§8",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "place_order.client_id", "cancel_order"),
)
async def used_client_id(s: Session) -> None:
    order_id = await placed(s, **limit(s), client_id="mine42")
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    refusal = await s.client.refused("place_order", "a client id that was used is an error", **limit(s), client_id="mine42")
    s.equal(refusal.kind, "invalid_order", "it is told as a bad order")
    s.equal(len(await s.venue.orders(ME)), 1, "nothing is placed")
