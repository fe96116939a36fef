"""Errors: that they are told, that they can be told apart, and that nothing is believed which the venue did not do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.support import ME, told_as
from mockex.conformance.model import Case, Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

USUAL = WorldWish()
POOR = WorldWish(balances={ME: {}})
"""In such a world what is beyond the balance is within every other rule."""

NOT_THERE = "XXX-YYY"
"""A symbol of no venue."""

GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Something that the venue refuses, and how a client may tell it.

    `prepare` brings the venue into the state and gives the parameters of `operation`. `kinds`: of errors that say it right;
    the codes that the venue's facts name for `codes` say it as well.
    """

    number: str
    title: str
    requirement: str
    operation: str
    prepare: Callable[[Session], Awaitable[Mapping[str, Json]]]
    kinds: tuple[str, ...]
    codes: str
    what: str
    needs: tuple[str, ...] = ()
    world: WorldWish = USUAL


def refused_case(row: Refused) -> Case:
    """The client tells the error, in a way that tells it from others, and nothing comes into being."""

    @case(
        f"common/errors/{row.number}",
        row.title,
        requirement=row.requirement,
        needs=(row.operation, *row.needs),
        world=row.world,
    )
    async def steps(s: Session) -> None:
        params = await row.prepare(s)
        before = len(await s.venue.orders(ME))
        refusal = await s.client.refused(row.operation, f"{row.what} is an error", **params)
        await told_as(s, refusal, f"{row.what} is told as such", kinds=row.kinds, codes=s.facts.codes(row.codes))
        s.equal(len(await s.venue.orders(ME)), before, "nothing is placed")

    return steps


async def beyond_balance(s: Session) -> Mapping[str, Json]:
    """There is money for other orders, and nearly enough for this one."""
    pair = s.facts.pair
    await s.venue.deposit(ME, pair.base, pair.qty)
    await s.venue.deposit(ME, pair.quote, 2 * pair.price * pair.qty)
    funds = Decimal((await s.venue.account(ME))["balances"]["spot"][pair.base]["available"])
    return limit(s, "sell", qty=funds + pair.min_qty)


async def too_small(s: Session) -> Mapping[str, Json]:
    pair = s.facts.pair
    return limit(s, qty=pair.min_qty - pair.lot)


async def unknown_symbol(s: Session) -> Mapping[str, Json]:
    return {**limit(s), "symbol": NOT_THERE}


async def halted(s: Session) -> Mapping[str, Json]:
    await s.venue.halt(s.facts.pair.symbol)
    return limit(s)


async def in_maintenance(s: Session) -> Mapping[str, Json]:
    await s.venue.maintenance(on=True)
    return limit(s)


async def suspended(s: Session) -> Mapping[str, Json]:
    await s.venue.call("POST", f"/accounts/{ME}/freeze")
    return limit(s)


async def order_of_nobody(s: Session) -> Mapping[str, Json]:
    """A number that looks like an order's and is none: that of an order, and then some."""
    known = int(await placed(s, **limit(s)))
    return {"symbol": s.facts.pair.symbol, "order_id": str(known + 4_000)}


async def order_cancelled_before(s: Session) -> Mapping[str, Json]:
    order_id = await placed(s, **limit(s))
    await s.venue.cancel(order_id)
    return {"symbol": s.facts.pair.symbol, "order_id": order_id}


async def order_filled_before(s: Session) -> Mapping[str, Json]:
    await offer(s, "sell", s.facts.pair.qty)
    return {"symbol": s.facts.pair.symbol, "order_id": await placed(s, **limit(s))}


async def symbol_alone(s: Session) -> Mapping[str, Json]:
    return {"symbol": NOT_THERE}


OVER = ("order_not_found", "invalid_order")
BAD_ORDER = ("invalid_order", "bad_request", "refused_by_client")
CLOSED = ("maintenance", "unavailable")

REFUSED = [
    refused_case(row)
    for row in (
        Refused(
            number="010",
            title="An order beyond the balance is told as a lack of funds.",
            requirement="An order that the available balance does not cover is refused. A client reacts to it otherwise than "
            "to a mistake in the order: it waits for funds, or asks for less.",
            operation="place_order",
            prepare=beyond_balance,
            kinds=("insufficient_funds",),
            codes="insufficient_funds",
            what="a lack of funds",
            world=POOR,
        ),
        Refused(
            number="020",
            title="An order below the smallest quantity is told as a bad order.",
            requirement="Each instrument has a smallest quantity; less is refused, and will be refused again.",
            operation="place_order",
            prepare=too_small,
            kinds=BAD_ORDER,
            codes="too_small",
            what="an order that is too small",
        ),
        Refused(
            number="030",
            title="An order in an instrument that there is not is told as such.",
            requirement="An unknown symbol is refused: a matter of configuration, not of the market.",
            operation="place_order",
            prepare=unknown_symbol,
            kinds=("bad_symbol", "refused_by_client"),
            codes="bad_symbol",
            what="an unknown symbol in an order",
        ),
        Refused(
            number="040",
            title="Market data of an instrument that there is not is told as such.",
            requirement="An unknown symbol is refused also by public endpoints.",
            operation="book",
            prepare=symbol_alone,
            kinds=("bad_symbol", "refused_by_client"),
            codes="bad_symbol",
            what="an unknown symbol",
        ),
        Refused(
            number="050",
            title="An order in an instrument whose trading is halted is told as an error.",
            requirement="A halted instrument takes no orders until it is resumed.",
            operation="place_order",
            prepare=halted,
            kinds=("invalid_order", *CLOSED),
            codes="halted",
            what="a halted instrument",
        ),
        Refused(
            number="060",
            title="Maintenance is told as such.",
            requirement="During maintenance no order is taken; it is over after a while, and then the same order may be sent.",
            operation="place_order",
            prepare=in_maintenance,
            kinds=CLOSED,
            codes="maintenance",
            what="maintenance",
        ),
        Refused(
            number="070",
            title="An order of a suspended account is told as an error of the account.",
            requirement="A suspended account may do nothing until somebody lifts the suspension.",
            operation="place_order",
            prepare=suspended,
            kinds=("permission", "authentication"),
            codes="suspended",
            what="a suspended account",
        ),
        Refused(
            number="100",
            title="Looking up an order that there is not is told as such.",
            requirement="An order that the venue does not know is an error of its own: only so can a client find out whether "
            "an order without an answer was placed.",
            operation="order",
            prepare=order_of_nobody,
            kinds=("order_not_found",),
            codes="order_not_found",
            what="an unknown order",
            needs=("place_order",),
        ),
        Refused(
            number="110",
            title="Cancelling an order that there is not is told as such.",
            requirement="A cancel of an unknown order is refused; believing in it would be believing in a cancel of "
            "something else.",
            operation="cancel_order",
            prepare=order_of_nobody,
            kinds=("order_not_found",),
            codes="order_not_found",
            what="a cancel of an unknown order",
            needs=("place_order",),
        ),
        Refused(
            number="120",
            title="Cancelling an order that was cancelled before is told as an error.",
            requirement="A cancel that comes too late is refused; the order is over, and sending the cancel again changes "
            "nothing.",
            operation="cancel_order",
            prepare=order_cancelled_before,
            kinds=OVER,
            codes="already_cancelled",
            what="a cancel of a cancelled order",
            needs=("place_order",),
        ),
        Refused(
            number="130",
            title="Cancelling an order that was filled before is told as an error of the order.",
            requirement="A cancel that comes too late is refused: the position has changed, which a client must not miss.",
            operation="cancel_order",
            prepare=order_filled_before,
            kinds=OVER,
            codes="already_filled",
            what="a cancel of a filled order",
            needs=("place_order",),
        ),
    )
]
"""One case for each family of refusals that a client has to tell apart."""


# --- what errors say


@case(
    "common/errors/200",
    "The venue's own words reach the user.",
    requirement="An error reply has a text that says what is wrong; without it nobody can find the cause.",
    level=Level.SHOULD,
    needs=("place_order",),
    world=POOR,
)
async def venue_is_quoted(s: Session) -> None:
    refusal = await s.client.refused("place_order", "an order beyond the balance is an error", **await beyond_balance(s))
    answer = s.wire.response_to(await s.one_request("place_order"))
    assert answer is not None
    words = answer.json or {}
    texts = [words[name] for name in ("message", "error_message", "err-msg", "msg") if words.get(name)]
    codes = [str(answer["error"])]
    holds = any(text in refusal.message for text in texts) or refusal.mentions(codes)
    s.expect(holds, "the venue's text or code is in the error", expected=texts + codes, seen=str(refusal), at=answer)


@case(
    "common/errors/210",
    "The code that is told is the venue's code.",
    requirement="Codes are what documents and support go by.",
    needs=("place_order", "cancel_order", "error.code"),
    world=POOR,
)
async def code_is_told(s: Session) -> None:
    for operation, prepare in (("place_order", beyond_balance), ("cancel_order", order_of_nobody)):
        params = await prepare(s)
        since = await s.wire.mark()
        refusal = await s.client.refused(operation, "it is refused", **params)
        answer = s.wire.response_to(await s.one_request(operation, since=since))
        assert answer is not None
        s.equal(refusal.code, answer["error"], "the code told is the one that came", at=answer)


@case(
    "common/errors/220",
    "A status that is told is that of the reply.",
    requirement="The HTTP status tells a refusal from a server in trouble.",
    level=Level.SHOULD,
    needs=("place_order",),
    world=POOR,
)
async def status_is_true(s: Session) -> None:
    refusal = await s.client.refused("place_order", "an order beyond the balance is an error", **await beyond_balance(s))
    answer = s.wire.response_to(await s.one_request("place_order"))
    assert answer is not None
    s.equal(s.told(refusal.status, "the status of a failed reply"), answer["status"], "the status told is the one that came")


# --- replies that are not the venue's


@case(
    "common/errors/300",
    "A gateway's error page is told as trouble of the server.",
    requirement="A proxy in front of the venue answers in HTML; that is neither data nor a refusal of the venue.",
    needs=("balances",),
)
async def gateway_page(s: Session) -> None:
    route = s.facts.route("balances")
    await s.venue.plan({"where": {"route": route}, "what": {"action": "http_error", "status": 502, "body": GATEWAY_PAGE}})
    refusal = await s.client.refused("balances", "a gateway's error page is an error")
    holds = refusal.kind in ("unavailable", "connection_lost", "timeout") or refusal.status == 502
    s.expect(holds, "it is told as trouble of the server", expected="kind unavailable, or status 502", seen=str(refusal))


@case(
    "common/errors/310",
    "An error without a body is an error.",
    requirement="A status beyond 2xx is a failure whatever comes with it, also if nothing does.",
    needs=("balances",),
)
async def empty_error(s: Session) -> None:
    route = s.facts.route("balances")
    await s.venue.plan({"where": {"route": route}, "what": {"action": "http_error", "status": 503, "body": ""}})
    refusal = await s.client.refused("balances", "an empty reply with status 503 is an error")
    holds = refusal.kind in ("unavailable", "connection_lost", "timeout", "maintenance") or refusal.status == 503
    s.expect(holds, "it is told as trouble of the server", expected="kind unavailable, or status 503", seen=str(refusal))


@case(
    "common/errors/320",
    "An error page does not become an order.",
    requirement="A reply that is not the venue's does not say that an order was placed.",
    needs=("place_order",),
)
async def error_page_is_no_order(s: Session) -> None:
    await s.venue.plan({"where": {"route": s.facts.route("place_order")}, "what": {"action": "http_error", "status": 502}})
    refusal = await s.client.refused("place_order", "a gateway's error page is no receipt", **limit(s))
    firm = ("insufficient_funds", "invalid_order", "order_not_found", "bad_symbol", "refused_by_client")
    s.expect(refusal.kind not in firm, "nobody claims to know why", expected="trouble of the server", seen=str(refusal))


@case(
    "common/errors/330",
    "After an error the next request is carried out.",
    requirement="An error concerns one request; the client stays usable.",
    needs=("balances", "place_order"),
    world=POOR,
)
async def goes_on_after_errors(s: Session) -> None:
    await s.client.attempt("place_order", **await beyond_balance(s))
    rule = {"where": {"route": s.facts.route("balances")}, "when": {"first": 1}, "what": {"action": "http_error"}}
    await s.venue.plan(rule)
    await s.client.attempt("balances")
    for operation, params in (("balances", {}), ("place_order", limit(s))):
        refusal = (await s.client.attempt(operation, **params)).refusal
        s.expect(refusal is None, f"{operation} works after an error", expected="a result", seen=str(refusal))
    s.equal(len(await s.venue.orders(ME)), 1, "the good order is there")


@case(
    "common/errors/340",
    "After maintenance the client works without a new start.",
    requirement="Maintenance ends by itself; whoever remembers it stays out of the market.",
    needs=("place_order",),
)
async def goes_on_after_maintenance(s: Session) -> None:
    await s.client.attempt("place_order", **await in_maintenance(s))
    await s.venue.maintenance(on=False)
    refusal = (await s.client.attempt("place_order", **limit(s))).refusal
    s.expect(refusal is None, "an order after maintenance is placed", expected="a receipt", seen=str(refusal))
    s.equal(len(await s.venue.orders(ME)), 1, "the order is there once")


@case(
    "common/errors/350",
    "A refused order is not sent again.",
    requirement="A refusal is final; the same order sent again may be taken when its user has given it up.",
    needs=("place_order",),
    world=POOR,
)
async def refused_order_is_not_resent(s: Session) -> None:
    order = await beyond_balance(s)
    await s.client.refused("place_order", "an order beyond the balance is an error", **order)
    await s.venue.deposit(ME, s.facts.pair.base, order["qty"])
    await s.client.settle()
    if s.client.has("book"):
        await s.client.attempt("book", symbol=s.facts.pair.symbol)  # gives a client the occasion that works off its queue then
    await s.one_request("place_order")
    s.equal(len(await s.venue.orders(ME)), 0, "the refused order stays refused")


# --- streams


@case(
    "common/errors/400",
    "A subscription that the venue refuses is told as an error.",
    requirement="A refused channel never sends anything; a client that waits for it waits for ever.",
    needs=("stream_open", "subscribe", "subscribe.ticker"),
)
async def refused_subscription(s: Session) -> None:
    await s.client("stream_open", private=False)
    what = "a subscription to an instrument that there is not is an error"
    refusal = await s.client.refused("subscribe", what, channel="ticker", symbol=NOT_THERE)
    kinds = ("bad_symbol", "bad_request", "refused_by_client")
    await told_as(s, refusal, "the error says what was refused", kinds=kinds, codes=s.facts.codes("bad_channel"))
