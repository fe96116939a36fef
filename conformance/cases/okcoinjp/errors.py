"""OKCoin Japan's errors: codes on requests, codes on orders, and failures that come with HTTP 200 (okj§5)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.common.errors import beyond_balance, order_of_nobody
from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.support import ME, READER, told_as
from mockex.conformance.cases.tables import Coded, coded_case, planned
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

OBSERVED = WorldWish(profile="observed")
"""Live siblings answered failed orders with HTTP 200 (okj§5)."""

TRANSFER: Mapping[str, Json] = {"currency": "BTC", "amount": "0.5", "source": "funding", "target": "spot"}


def nothing(s: Session) -> Mapping[str, Json]:
    return {}


async def trading_off(s: Session) -> Mapping[str, Json]:
    await s.venue.call("POST", "/flags", flag="trading_off", on=True)
    return limit(s)


async def route_off(s: Session) -> Mapping[str, Json]:
    await s.venue.call("POST", "/routes", path="/api/spot/v3/accounts", open=False)
    return {}


async def auction(s: Session) -> Mapping[str, Json]:
    order_id = await placed(s, **limit(s))
    await s.venue.call("POST", f"/instruments/{s.facts.pair.symbol}/phase", phase="price_discovery")
    return {"symbol": s.facts.pair.symbol, "order_id": order_id}


async def order_of_another_pair(s: Session) -> Mapping[str, Json]:
    return {"symbol": s.facts.pairs[1].symbol, "order_id": await placed(s, **limit(s))}


async def frozen_wallet(s: Session) -> Mapping[str, Json]:
    await s.venue.call("POST", f"/accounts/{ME}/freeze", wallet="spot")
    return limit(s)


async def unknown_currency(s: Session) -> Mapping[str, Json]:
    return {"currency": "XXX"}


async def too_much_to_transfer(s: Session) -> Mapping[str, Json]:
    return {**TRANSFER, "amount": "1000000000"}


async def transfers_restricted(s: Session) -> Mapping[str, Json]:
    await s.venue.call("POST", f"/accounts/{ME}/flags", flag="transfer_restricted", on=True)
    return TRANSFER


async def wrong_funds_password(s: Session) -> Mapping[str, Json]:
    return {"amount": "20000", "password": "000000"}


async def unverified_address(s: Session) -> Mapping[str, Json]:
    return {
        "currency": "BTC",
        "amount": "0.1",
        "address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "fee": "0.001",
        "password": s.facts.words["funds_password"],
    }


TROUBLE = ("timeout", "unavailable", "maintenance", "connection_lost")
NOT_ALLOWED = ("permission", "authentication")
BAD_TRANSFER = ("bad_request", "invalid_order", "permission")

CODED = [
    coded_case("okcoinjp", row)
    for row in (
        Coded(
            number="010",
            code="30035",
            title="A site without trading is told as such.",
            requirement="While the site does not trade, orders are refused with 30035; everything else works.",
            source="okj§5.1",
            operation="place_order",
            prepare=trading_off,
            kinds=("unavailable", "maintenance", "permission"),
            what="a site without trading",
        ),
        Coded(
            number="020",
            code="30019",
            title="An endpoint that is switched off is told as unavailable.",
            requirement="30019 says that an endpoint is offline for everybody; it comes back by itself.",
            source="okj§5.1",
            operation="balances",
            prepare=route_off,
            kinds=("unavailable", "maintenance"),
            what="an endpoint that is off",
        ),
        Coded(
            number="030",
            code="30044",
            title="A timeout inside the venue is told as one, not as a refusal.",
            requirement="30044 leaves open whether the order was placed: the client must not take it for refused.",
            source="okj§5.1",
            operation="place_order",
            prepare=planned("30044", "place_order", limit, executed=True),
            kinds=TROUBLE,
            what="a timeout of the venue",
        ),
        Coded(
            number="040",
            code="30009",
            title="A system error of the venue is told as trouble of the server.",
            requirement="30009 comes with HTTP 500: the venue failed in the middle of the request.",
            source="okj§5.1",
            operation="place_order",
            prepare=planned("30009", "place_order", limit),
            kinds=TROUBLE,
            what="a system error",
        ),
        Coded(
            number="050",
            code="30030",
            title="A failed request that may be repeated is told as trouble of the server.",
            requirement="30030 says that the endpoint failed and that one may try again.",
            source="okj§5.1",
            operation="balances",
            prepare=planned("30030", "balances", nothing),
            kinds=TROUBLE,
            what="a failed endpoint",
        ),
        Coded(
            number="060",
            code="33010",
            title="An order that may not be cancelled in an auction is told as such.",
            requirement="In the second phase of a call auction no order can be cancelled: 33010. It still stands.",
            source="okj§5.2",
            operation="cancel_order",
            prepare=auction,
            kinds=("invalid_order", "unavailable"),
            what="a cancel in an auction",
            needs=("place_order",),
        ),
        Coded(
            number="070",
            code="33022",
            title="A cancel under another pair's name is told as an error of the order.",
            requirement="An order and the pair named with it must belong together; else 33022, and the order still stands.",
            source="okj§5.2",
            operation="cancel_order",
            prepare=order_of_another_pair,
            kinds=("invalid_order", "order_not_found", "bad_request", "bad_symbol", "refused_by_client"),
            what="a cancel under another pair's name",
            needs=("place_order",),
        ),
        Coded(
            number="080",
            code="34016",
            title="An order from a frozen wallet is told as an error of the account.",
            requirement="A frozen wallet pays for nothing: 34016.",
            source="okj§5.3",
            operation="place_order",
            prepare=frozen_wallet,
            kinds=NOT_ALLOWED,
            what="a frozen wallet",
        ),
        Coded(
            number="090",
            code="30031",
            title="A currency that there is not is told as such.",
            requirement="An unknown currency is refused with 30031.",
            source="okj§5.1",
            operation="ledger",
            prepare=unknown_currency,
            kinds=("bad_symbol", "bad_request", "refused_by_client"),
            what="an unknown currency",
        ),
        Coded(
            number="100",
            code="33018",
            title="A code without a meaning of its own for the client is still told.",
            requirement="Codes come and go; one that a client has no class for must reach the user as it is.",
            source="okj§5",
            operation="place_order",
            prepare=planned("33018", "place_order", limit),
            kinds=(),
            what="a rare code",
            level=Level.SHOULD,
        ),
        Coded(
            number="200",
            code="34008",
            title="A transfer beyond the balance is told as a lack of funds.",
            requirement="The funding account says 34008 where the spot account says 33017.",
            source="okj§5.3",
            operation="transfer",
            prepare=too_much_to_transfer,
            kinds=("insufficient_funds",),
            what="a lack of funds",
        ),
        Coded(
            number="210",
            code="34014",
            title="A restricted transfer is told as such.",
            requirement="Transfers of an account may be restricted: 34014.",
            source="okj§5.3",
            operation="transfer",
            prepare=transfers_restricted,
            kinds=BAD_TRANSFER,
            what="a restricted transfer",
        ),
        Coded(
            number="220",
            code="34018",
            title="A wrong funds password is told as such.",
            requirement="Withdrawals need the funds password; a wrong one is 34018, and trying on may lock it.",
            source="okj§5.3",
            operation="cash_withdraw",
            prepare=wrong_funds_password,
            kinds=NOT_ALLOWED,
            what="a wrong funds password",
        ),
        Coded(
            number="230",
            code="34021",
            title="A withdrawal to an address that is not verified is told as such.",
            requirement="Only addresses of the account's book may be withdrawn to: else 34021.",
            source="okj§5.3",
            operation="withdraw",
            prepare=unverified_address,
            kinds=("bad_request", "permission", "invalid_order"),
            what="an unverified address",
        ),
    )
]
"""One case for each code that calls for a reaction of its own."""


# --- failures with HTTP 200


@case(
    "okcoinjp/errors/300",
    "A refused order is not taken for placed because its reply has HTTP 200.",
    requirement="Live services of the family answer a refused order with 200, `result` false and order_id -1: the body "
    "decides, not the status.",
    source="okj§5",
    provenance=Provenance.OBSERVED,
    needs=("place_order",),
    world=OBSERVED,
)
async def refused_order_with_200(s: Session) -> None:
    refusal = await s.client.refused("place_order", "result false is an error", **await beyond_balance(s))
    await told_as(s, refusal, "the error is that of the body", kinds=("insufficient_funds",), codes=("33017",))


@case(
    "okcoinjp/errors/310",
    "A refused cancel is not taken for carried out because its reply has HTTP 200.",
    requirement="As with orders: `result` false in a reply with status 200 is a refusal.",
    source="okj§5",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "cancel_order"),
    world=OBSERVED,
)
async def refused_cancel_with_200(s: Session) -> None:
    refusal = await s.client.refused("cancel_order", "result false is an error", **await order_of_nobody(s))
    await told_as(s, refusal, "the error is that of the body", kinds=("order_not_found",), codes=("33014",))


@case(
    "okcoinjp/errors/320",
    "Maintenance is told although its reply has HTTP 200.",
    requirement="A matching engine that is being upgraded answers in the shape of a refused order, with 30038.",
    source="okj§5.1",
    provenance=Provenance.OBSERVED,
    needs=("place_order",),
    world=OBSERVED,
)
async def maintenance_with_200(s: Session) -> None:
    await s.venue.maintenance(on=True)
    refusal = await s.client.refused("place_order", "result false is an error", **limit(s))
    await told_as(s, refusal, "maintenance is told as such", kinds=("maintenance", "unavailable"), codes=("30038",))


@case(
    "okcoinjp/errors/330",
    "An order that is not there is told as such, also when the reply is HTTP 404.",
    requirement="The document speaks of 404 for an unknown order, its code table of 33014; both are one and the same to a "
    "user, and neither is a wrong address.",
    source="okj§9.4",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "order"),
    world=OBSERVED,
)
async def unknown_order_with_404(s: Session) -> None:
    refusal = await s.client.refused("order", "an unknown order is an error", **await order_of_nobody(s))
    await told_as(s, refusal, "an unknown order is told as such", kinds=("order_not_found",), codes=("33014",))


# --- batches


@case(
    "okcoinjp/errors/400",
    "In a batch the refusal of one order keeps its code.",
    requirement="A batch answers 200 with a code for each item; an item's code is as good as that of a single order.",
    source="okj§5",
    provenance=Provenance.PROPOSED,
    needs=("place_orders",),
)
async def code_in_a_batch(s: Session) -> None:
    pair = s.facts.pair
    small = limit(s, qty=pair.min_qty - pair.lot)
    outcomes = (await s.client("place_orders", orders=[limit(s), await beyond_balance(s), small]))["outcomes"]
    s.equal(len(outcomes), 3, "there is an outcome for each order")
    for outcome, kinds, code in (
        (outcomes[1], ("insufficient_funds",), "33017"),
        (outcomes[2], ("invalid_order", "bad_request"), "33024"),
    ):
        error = outcome.get("error")
        s.expect(error is not None, "the refused order has an error", expected="an error", seen=outcome)
        holds = error["kind"] in kinds or code in (error.get("code"), *error["message"].replace(":", " ").split())
        s.expect(holds, "the error says why", expected=f"kind {kinds[0]}, or code {code}", seen=error)
    s.expect(outcomes[0].get("error") is None, "the good order has none", expected="a receipt", seen=outcomes[0])


@case(
    "okcoinjp/errors/410",
    "A batch that the venue refuses as a whole is told as an error.",
    requirement="Some failures concern the request, not its items: a key without the permission places none of the orders.",
    source="okj§5",
    needs=("place_orders",),
    world=WorldWish(key=READER),
)
async def batch_refused_whole(s: Session) -> None:
    outcome = await s.client.attempt("place_orders", orders=[limit(s), limit(s, "sell")])
    if outcome.refusal is None:
        errors = [each.get("error") for each in outcome.result["outcomes"]]
        s.expect(len(errors) == 2 and all(errors), "both orders are told as failed", expected="errors", seen=errors)
    s.equal(len(await s.venue.orders(ME)), 0, "nothing is placed")


@case(
    "okcoinjp/errors/420",
    "Maintenance fails every order of a batch, and the client says so.",
    requirement="During maintenance a batch answers 200, and every item of it with 30038.",
    source="okj§5",
    provenance=Provenance.PROPOSED,
    needs=("place_orders",),
)
async def batch_in_maintenance(s: Session) -> None:
    await s.venue.maintenance(on=True)
    outcome = await s.client.attempt("place_orders", orders=[limit(s), limit(s, "sell")])
    if outcome.refusal is None:
        errors = [each.get("error") for each in outcome.result["outcomes"]]
        s.expect(len(errors) == 2 and all(errors), "both orders are told as failed", expected="errors", seen=errors)


@case(
    "okcoinjp/errors/430",
    "What an error calls the order is the order.",
    requirement="A refused order is answered with order_id -1, which is no order: it must not become an id.",
    source="okj§5",
    provenance=Provenance.OBSERVED,
    needs=("place_orders",),
)
async def minus_one_is_no_id(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    outcomes = (await s.client("place_orders", orders=[await beyond_balance(s), limit(s)]))["outcomes"]
    ids = [each.get("order_id") for each in outcomes]
    s.expect("-1" not in ids, "no outcome has -1 for an id", expected="none", seen=outcomes)
