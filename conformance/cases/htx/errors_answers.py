"""HTX's answers that say ok and mean no: cancels by client id, batches; and figures that are never rounded (htx§3.4)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.htx.errors import BAD_ORDER
from mockex.conformance.cases.support import ME, told_as
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

POOR = WorldWish(balances={ME: {"USDT": "1000", "BTC": "1"}})


def beyond_balance(s: Session) -> Mapping[str, Json]:
    """An order that would be fine for somebody with more money than `POOR` has."""
    return limit(s, qty=4 * s.facts.pair.qty)


# --- numbers that are written too finely


async def too_fine_a_price(s: Session) -> Mapping[str, Json]:
    return limit(s, price=s.facts.pair.price + s.facts.pair.tick / 10)


async def too_fine_an_amount(s: Session) -> Mapping[str, Json]:
    return limit(s, qty=s.facts.pair.qty + s.facts.pair.lot / 10)


async def _refused_or_kept(s: Session, params: Mapping[str, Json], name: str, code: str) -> None:
    """The order is refused, by whomever, or was placed as it was asked for: never silently as another one."""
    outcome = await s.client.attempt("place_order", **params)
    orders = await s.venue.orders(ME)
    if outcome.refusal is None:
        s.amount(orders[0][name], params[name], f"the {name} that was asked for is the one that is placed")
        return
    s.equal(len(orders), 0, "a refused order is not placed")
    await told_as(s, outcome.refusal, "it is told as a bad order", kinds=BAD_ORDER, codes=(code,))


@case(
    "htx/errors/300",
    "A price with too many decimals is refused, never rounded in silence.",
    requirement="The venue refuses more decimals than `price-precision`, and rounds nothing.",
    source="htx§4.2",
    needs=("place_order",),
)
async def price_too_fine(s: Session) -> None:
    await _refused_or_kept(s, await too_fine_a_price(s), "price", "order-orderprice-precision-error")


@case(
    "htx/errors/310",
    "A quantity with too many decimals is refused, never rounded in silence.",
    requirement="The venue refuses more decimals than `amount-precision`, and rounds nothing.",
    source="htx§4.2",
    needs=("place_order",),
)
async def amount_too_fine(s: Session) -> None:
    await _refused_or_kept(s, await too_fine_an_amount(s), "qty", "order-orderamount-precision-error")


# --- cancels that are answered with ok


@case(
    "htx/errors/320",
    "A cancel by client id of an order that there is not is an error, though the venue says ok.",
    requirement="The answer is `status` ok with a number: 0 means that there is no such order, and nothing was cancelled.",
    source="htx§3.4",
    needs=("cancel_order", "cancel_order.client_id"),
)
async def cancel_of_nothing(s: Session) -> None:
    await s.client.refused(
        "cancel_order", "a cancel that found nothing is an error", symbol=s.facts.pair.symbol, client_id="nobodys-1"
    )


@case(
    "htx/errors/330",
    "A cancel by client id of an order that is filled is an error, though the venue says ok.",
    requirement="The number is the order's state: 6 means that it was filled already, 7 that it was cancelled, 10 that the "
    "cancel is accepted.",
    source="htx§3.4",
    needs=("place_order", "place_order.client_id", "cancel_order", "cancel_order.client_id"),
)
async def cancel_of_filled(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await s.client("place_order", **limit(s), client_id="filled-1")
    what = "a cancel that came too late is an error"
    refusal = await s.client.refused("cancel_order", what, symbol=s.facts.pair.symbol, client_id="filled-1")
    s.expect(refusal.kind != "order_not_found", "the order is not told as unknown", expected="another kind", seen=str(refusal))


@case(
    "htx/errors/340",
    "A cancel by client id that is accepted is no error, though its number is none that says done.",
    requirement="10 says that the order is being cancelled; its final state follows.",
    source="htx§3.4",
    needs=("place_order", "place_order.client_id", "cancel_order", "cancel_order.client_id"),
)
async def cancel_is_accepted(s: Session) -> None:
    order_id = await placed(s, **limit(s), client_id="resting-1")
    refusal = (await s.client.attempt("cancel_order", symbol=s.facts.pair.symbol, client_id="resting-1")).refusal
    s.expect(refusal is None, "an accepted cancel is no error", expected="a receipt", seen=str(refusal))
    s.equal((await s.venue.order(order_id))["status"], "cancelled", "the order is cancelled")


# --- batches


@case(
    "htx/errors/400",
    "In a batch the refusal of one order keeps its code.",
    requirement="A batch is `status` ok even if every order of it fails: each item has an id, or a code and a text.",
    source="htx§3.4",
    needs=("place_orders",),
    world=POOR,
)
async def code_in_a_batch(s: Session) -> None:
    pair = s.facts.pair
    small = limit(s, qty=pair.min_qty - pair.lot)
    outcomes = (await s.client("place_orders", orders=[limit(s), beyond_balance(s), small]))["outcomes"]
    s.equal(len(outcomes), 3, "there is an outcome for each order")
    s.expect(outcomes[0].get("error") is None, "the good order has none", expected="a receipt", seen=outcomes[0])
    for outcome, kinds, code in (
        (outcomes[1], ("insufficient_funds",), "account-frozen-balance-insufficient-error"),
        (outcomes[2], ("invalid_order", "bad_request"), "order-limitorder-amount-min-error"),
    ):
        error = outcome.get("error")
        s.expect(error is not None, "the refused order has an error", expected="an error", seen=outcome)
        holds = error["kind"] in kinds or code in (error.get("code"), *error["message"].replace(":", " ").split())
        s.expect(holds, "the error says why", expected=f"kind {kinds[0]}, or code {code}", seen=error)


@case(
    "htx/errors/410",
    "A batch whose every order fails is not told as done.",
    requirement="The top of the answer says ok all the same.",
    source="htx§3.4",
    needs=("place_orders",),
    world=POOR,
)
async def batch_of_failures(s: Session) -> None:
    outcome = await s.client.attempt("place_orders", orders=[beyond_balance(s), beyond_balance(s)])
    if outcome.refusal is None:
        errors = [each.get("error") for each in outcome.result["outcomes"]]
        s.expect(len(errors) == 2 and all(errors), "both orders are told as failed", expected="errors", seen=errors)
    s.equal(len(await s.venue.orders(ME)), 0, "nothing is placed")


@case(
    "htx/errors/420",
    "An order that was refused for a lack of money says how much is left.",
    requirement="The text names what is left: trade account balance is not enough, left: `0.0027`.",
    source="htx§4.9",
    level=Level.SHOULD,
    needs=("place_order",),
    world=POOR,
)
async def what_is_left(s: Session) -> None:
    refusal = await s.client.refused("place_order", "a lack of money is an error", **beyond_balance(s))
    if refusal.kind == "refused_by_client":
        return
    s.expect("left" in refusal.message, "the venue's figure reaches the user", expected="left: ...", seen=refusal.message)
