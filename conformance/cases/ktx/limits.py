"""KTX's two limits, of requests and of points, and what a request costs (ktx§4)."""

from __future__ import annotations

from mockex.conformance.cases.common.market import trade
from mockex.conformance.cases.ktx.errors import refused_with, told_under
from mockex.conformance.cases.ktx.words import USAGE
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session

OPEN = WorldWish(key=None)


@case(
    "ktx/limits/010",
    "What is newest is read from the cache.",
    requirement="Candles and trades without bounds cost one point; with a bound they are read from the database, later than "
    "from the cache and for more than ten.",
    source="ktx§4",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("candles", "trades"),
    world=OPEN,
)
async def newest_is_cheap(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    for operation, params in (("candles", {"interval_s": 60}), ("trades", {})):
        await s.client(operation, symbol=s.facts.pair.symbol, **params)
        request = await s.one_request(operation)
        await s.wire.read()
        answer = s.wire.response_to(request)
        assert answer is not None
        usage = {name.lower(): value for name, value in answer["headers"].items()}.get(USAGE, "")
        s.equal(usage.partition(":")[0], "1", f"the newest {operation} cost one point", at=(request, answer))


@case(
    "ktx/limits/020",
    "Too many requests and too many points are both told as too often.",
    requirement="-20007 says too many requests and -20006 too many points, as the text has it; the table of codes swaps them.",
    source="ktx§4",
    needs=("balances",),
)
async def two_limits(s: Session) -> None:
    await told_under(s, ("-20006", "-20007"), "balances", {}, "rate_limited")


@case(
    "ktx/limits/030",
    "Which of the two limits was met is told.",
    requirement="Fewer requests help against -20007, cheaper ones against -20006.",
    source="ktx§4",
    level=Level.SHOULD,
    needs=("balances", "error.code"),
)
async def limits_told_apart(s: Session) -> None:
    for code in ("-20006", "-20007"):
        s.equal((await refused_with(s, code, "balances", {})).code, code, "the code is told")


@case(
    "ktx/limits/040",
    "What is cheap is still asked for when the points do not suffice for more.",
    requirement="A request that would pass 10000 points is refused and costs nothing: what costs less than is left goes "
    "through. A list of orders costs more than ten points, a book one.",
    source="ktx§4",
    provenance=Provenance.PROPOSED,
    needs=("open_orders", "book"),
)
async def cheap_requests_go_through(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await refused_with(s, "-20006", "open_orders", {"symbol": symbol})
    told = await s.client.attempt("book", symbol=symbol)
    s.expect(told.refusal is None, "a book for one point is told", expected="a book", seen=str(told.refusal))
