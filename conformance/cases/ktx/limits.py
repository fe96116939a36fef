"""KTX's two limits, of requests and of points, and what a request costs (ktx§4)."""

from __future__ import annotations

from mockex.conformance.cases.common.market import trade
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
