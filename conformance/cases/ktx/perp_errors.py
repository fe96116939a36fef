"""Orders for contracts that KTX refuses: what a client tells of it, and that it makes nothing else of the order (ktx§11)."""

from __future__ import annotations

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.common.orders import own_id
from mockex.conformance.cases.ktx.perp_support import D, newest, quantities
from mockex.conformance.cases.live import text
from mockex.conformance.cases.support import ME, told_as
from mockex.conformance.model import Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED


async def _refused(s: Session, what: str, *, kinds: tuple[str, ...], code: str, **order: Json) -> None:
    """The client tells the refusal, and positions and orders are as they were."""
    before = (await c.true_positions(s), await s.venue.orders(ME, "live"))
    refusal = await s.client.refused("place_order", f"{what} is an error", **order)
    await told_as(s, refusal, f"{what} is told as what it is", kinds=kinds, codes=(code,))
    s.equal((await c.true_positions(s), await s.venue.orders(ME, "live")), before, "positions and orders are as they were")


@case(
    "ktx/errors/500",
    "Closing more than there is is an error, and closes nothing.",
    requirement="What is closed is what there is at most: -30005. Nothing is closed by half, and nothing turned around.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def more_than_there_is(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    await c.meet(s, "buy", 2 * usual.qty, usual.price)
    order = c.order(s, "sell", 2 * usual.qty, close=True)
    await _refused(s, "closing too much", kinds=("insufficient_funds", "invalid_order"), code="-30005", **order)


@case(
    "ktx/errors/510",
    "Closing what a resting order closes already is an error, and the resting order stands.",
    requirement="Resting closing orders count: closable is the position less these, beyond that -30005.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def closed_already(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    await s.client("place_order", **c.order(s, "sell", usual.qty - 2 * usual.lot, usual.price + 500, close=True))
    order = c.order(s, "sell", 3 * usual.lot, usual.price + 600, close=True)
    await _refused(s, "closing it twice", kinds=("insufficient_funds", "invalid_order"), code="-30005", **order)
    rest = c.order(s, "sell", 2 * usual.lot, usual.price + 600, close=True)
    await s.client("place_order", **rest)
    s.equal(len(await s.venue.orders(ME, "live")), 2, "the rest may be closed")


@case(
    "ktx/errors/520",
    "An order for a position that there is not is an error.",
    requirement="A positionId of nothing is -30001: the position is not closed, it was never there.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def unknown_position(s: Session) -> None:
    await c.opened(s, merge="split")
    unknown = str(int((await newest(s))["position_id"]) + 1_000)
    order = c.order(s, "sell", merge="split", close=True, position_id=unknown)
    kinds = ("order_not_found", "invalid_order")
    await _refused(s, "closing an unknown position", kinds=kinds, code="-30001", **order)


@case(
    "ktx/errors/530",
    "Other terms than a position has are an error, and its own are not put in their place.",
    requirement="An order for a merged position that is there names its leverage and its margin method: -22002 otherwise.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def other_terms(s: Session) -> None:
    await c.opened(s)
    for what, order in (
        ("another leverage", c.order(s, "buy", leverage="20")),
        ("another margin method", c.order(s, "buy", margin_method="cross")),
    ):
        await _refused(s, what, kinds=("invalid_order",), code="-22002", **order)


@case(
    "ktx/errors/540",
    "More leverage than the tier allows is an error, not less leverage.",
    requirement="leverage is 1 to 100, and to 67 for a value of more than 1,000,000 USDT: -21003 beyond.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def too_much_leverage(s: Session) -> None:
    for qty, leverage in (("0.1", "101"), ("10", "100")):
        order = c.order(s, "buy", D(qty), D("100000.1"), leverage=leverage)
        kinds = ("bad_request", "invalid_order", "refused_by_client")
        await _refused(s, f"{qty} at leverage {leverage}", kinds=kinds, code="-21003", **order)
    await s.client("place_order", **c.order(s, "buy", D("10"), D("100000.1"), leverage="67"))
    s.equal(await quantities(s), [0], "what the tier allows is taken")


@case(
    "ktx/errors/550",
    "An order whose margin is not there is an error, not a smaller order.",
    requirement="Opening needs price x quantity x (initial rate + taker fee) of what is free, to the last digit: -30005.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
    world=WorldWish(balances={ME: {"USDT": "1009.8989"}}),
)
async def margin_is_not_there(s: Session) -> None:
    order = c.order(s, "buy", D("0.1"), D("99990"))
    await _refused(s, "an order beyond the money", kinds=("insufficient_funds",), code="-30005", **order)
    await s.client("place_order", **c.order(s, "buy", D("0.1"), D("99989.9")))


@case(
    "ktx/errors/560",
    "An order in the wrong direction is an error, and is not turned around.",
    requirement="A purchase does not close a long, a sale does not open one: -22002. Nobody knows which word was meant.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def wrong_direction(s: Session) -> None:
    await c.opened(s)
    for side, merge, close in (("buy", "long", True), ("sell", "long", False), ("buy", "short", False)):
        order = c.order(s, side, merge=merge, close=close)
        what = f"a {side} that {'closes' if close else 'opens'} a {merge}"
        await _refused(s, what, kinds=("invalid_order", "refused_by_client"), code="-22002", **order)


@case(
    "ktx/errors/570",
    "An order whose losses take what is free is an error.",
    requirement="For cross positions, what is free counts unrealised losses: money that a balance shows may not be there.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "balances"),
    world=WorldWish(balances={ME: {"USDT": "30000"}}),
)
async def losses_count(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s, "buy", D(1), D(100_000), margin_method="cross")
    await c.set_mark(s, "85000")
    told = s.single(
        [row for row in (await s.client("balances"))["balances"] if row["currency"] == usual.quote], "the balance is told"
    )
    s.amount(told.get("total"), "29900", "the balance shows no loss")
    order = c.order(s, "buy", D("0.6"), D(85_000), margin_method="cross")
    kinds = ("insufficient_funds",)
    await _refused(s, "an order beyond the money", kinds=kinds, code="-30005", **order)
    smaller = {**order, "qty": text(D("0.5"))}
    await s.client("place_order", **smaller)


@case(
    "ktx/errors/580",
    "An own id that an order on spot has is taken for contracts too, and that is an error.",
    requirement="Own ids are unique in an account, whatever the market: -30002. Without its id the order would not be found.",
    source="ktx§10",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "place_order.client_id"),
)
async def own_ids_of_both_markets(s: Session) -> None:
    pair, mine = s.facts.pair, own_id(s, "both9")
    on_spot = {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": text(pair.price), "qty": text(pair.qty)}
    await s.client("place_order", **on_spot, client_id=mine)
    order = {**c.order(s, "buy"), "client_id": mine}
    kinds = ("invalid_order", "bad_request", "refused_by_client")
    await _refused(s, "an own id that is taken", kinds=kinds, code="-30002", **order)
