"""OKCoin Japan's limits: per endpoint, per pair, per currency, with three codes and one meaning (okj§4)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.common.limits import LIMITED, until_refused
from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.support import ME
from mockex.conformance.cases.tables import Counted, counted_case
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

TRANSFER: Mapping[str, Json] = {"currency": "BTC", "amount": "0.5", "source": "funding", "target": "spot"}


COUNTED = [
    counted_case("okcoinjp", row)
    for row in (
        Counted(
            number="010",
            title="The common limit, 6 in a second, is told like that of an endpoint.",
            requirement="Where nothing is stated, 6 requests a second are admitted; the excess is 30014, not 30026.",
            operation="wallet",
            params={},
            calls=6,
            code="30014",
            source="okj§4",
            provenance=Provenance.PROPOSED,
        ),
        Counted(
            number="020",
            title="Fee rates may be asked for once in 10 s, and the client tells it.",
            requirement="One request in 10 s is admitted for the fee rates; the excess is 30026 with HTTP 429.",
            operation="fee_rates",
            params={},
            calls=1,
            code="30026",
            source="okj§4",
        ),
        Counted(
            number="030",
            title="The valuation may be asked for once in 30 s, and the client tells it.",
            requirement="One request in 30 s is admitted for the valuation; the excess is 30026 with HTTP 429.",
            operation="valuation",
            params={},
            calls=1,
            code="30026",
            source="okj§4",
        ),
        Counted(
            number="040",
            title="A transfer that comes too soon after another is told as too frequent.",
            requirement="A currency can be transferred once in 2 s; the excess is 34026 with HTTP 400, no 429.",
            operation="transfer",
            params=TRANSFER,
            calls=1,
            code="34026",
            source="okj§4",
            provenance=Provenance.PROPOSED,
        ),
        Counted(
            number="050",
            title="Lists of orders may be asked for 10 times in 2 s, and the client tells it.",
            requirement="10 requests in 2 s are admitted for lists of orders; the excess is 30026 with HTTP 429.",
            operation="orders",
            params={"symbol": "BTC-JPY", "status": "closed"},
            calls=10,
            code="30026",
            source="okj§4",
        ),
    )
]
"""One case for each of the limits with figures of their own."""


@case(
    "okcoinjp/limits/100",
    "A transfer of one currency does not keep another waiting.",
    requirement="Transfers are counted apart for each currency.",
    source="okj§4",
    needs=("transfer",),
    world=LIMITED,
)
async def transfers_count_by_currency(s: Session) -> None:
    for currency, amount in (("BTC", "0.5"), ("ETH", "0.5")):
        refusal = (await s.client.attempt("transfer", **{**TRANSFER, "currency": currency, "amount": amount})).refusal
        s.expect(refusal is None, f"the transfer of {currency} is carried out", expected="a receipt", seen=str(refusal))


@case(
    "okcoinjp/limits/110",
    "A pair whose orders came too often does not keep another pair waiting.",
    requirement="100 orders in 2 s are admitted for each pair; pairs are counted apart.",
    source="okj§4",
    needs=("place_order",),
    world=LIMITED,
)
async def orders_count_by_pair(s: Session) -> None:
    first, second = s.facts.pairs[:2]
    order = limit(s, qty=first.min_qty)
    outcome = await until_refused(s, "place_order", 101, **order)
    placed = len(await s.venue.orders(ME))
    s.expect(placed <= 100, "no more orders exist than were told", expected="at most 100", seen=placed)
    s.expect(outcome.refusal is None or placed >= 50, "so many are placed", expected="about 100", seen=placed)
    other = {**order, "symbol": second.symbol, "price": f"{second.price:f}", "qty": f"{second.qty:f}"}
    refusal = (await s.client.attempt("place_order", **other)).refusal
    s.expect(refusal is None, "an order of the other pair is placed", expected="a receipt", seen=str(refusal))


@case(
    "okcoinjp/limits/120",
    "A withdrawal that came too soon is not made up for later.",
    requirement="One withdrawal in 10 s is admitted. A second one is refused with 30026 and does not exist; sent again "
    "behind the user's back, it pays twice.",
    source="okj§4",
    needs=("withdraw", "balances"),
    world=LIMITED,
)
async def limited_withdrawal(s: Session) -> None:
    order = {
        "currency": "BTC",
        "amount": "0.1",
        "address": s.facts.words["address"],
        "fee": "0.001",
        "password": s.facts.words["funds_password"],
    }
    told = [(await s.client.attempt("withdraw", **order)).refusal for _ in range(2)]
    await s.venue.advance(11)
    await s.client.attempt("balances")
    await s.client.settle()
    made = len((await s.venue.call("GET", f"/payments?account={ME}"))["payments"])
    s.equal(made, told.count(None), "there are as many withdrawals as the client tells")


@case(
    "okcoinjp/limits/130",
    "A connection that came too soon is told as an error, or made later.",
    requirement="One connection in a second is admitted to an address; the next is refused with 429 on the upgrade. "
    "Hammering at it opens none.",
    source="okj§11.1",
    provenance=Provenance.PROPOSED,
    level=Level.SHOULD,
    needs=("stream_open", "stream_close", "stream_state"),
    world=LIMITED,
)
async def connection_too_soon(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("stream_close")
    await s.client.attempt("stream_open", private=False)
    refused = await s.wire.entries("refused")
    s.expect(len(refused) <= 3, "the upgrade is not asked for in a row", expected="at most 3", seen=len(refused), at=refused)
    await s.client.attempt("stream_close")
    if s.client.has("clock") and s.client.has("elapse"):
        await s.pass_time(2)
    else:
        await s.venue.advance(2)
    refusal = (await s.client.attempt("stream_open", private=False)).refusal
    s.expect(refusal is None, "a connection in time is made", expected="a connection", seen=str(refusal))
