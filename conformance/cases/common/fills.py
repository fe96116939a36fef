"""Fills: what was traded, at what price, for what fee."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ME, OTHER, limit, offer, placed
from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session


async def my_fills(s: Session, **narrowed: Json) -> list[Json]:
    """As the client tells them."""
    found: list[Json] = (await s.client("fills", symbol=s.facts.pair.symbol, **narrowed))["fills"]
    return found


async def only_fill(s: Session) -> Json:
    """The one fill of a session that has had one trade."""
    found = await my_fills(s)
    s.equal(len(found), 1, "one trade is one fill")
    return found[0]


async def true_fill(s: Session, order_id: str) -> Json:
    """The venue's own record of an order's first fill."""
    found = (await s.venue.order(order_id))["fills"]
    s.expect(found, "the order traded", expected="a fill", seen="none")
    return found[0]


@case(
    "common/fills/010",
    "One trade is one fill, with its price and quantity.",
    requirement="Each trade of an order is reported with the price and quantity that were traded.",
    needs=("place_order", "fills"),
)
async def one_trade_one_fill(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty, pair.price - 7 * pair.tick)
    order_id = await placed(s, **limit(s))
    fill = await only_fill(s)
    s.amount(s.member(fill, "price"), pair.price - 7 * pair.tick, "the price is that of the trade, not of the order")
    s.amount(s.member(fill, "qty"), pair.qty, "the quantity is that of the trade")
    s.equal(s.member(fill, "order_id"), order_id, "the fill belongs to its order")


@case(
    "common/fills/020",
    "A fee is told as a cost, in the currency in which it was paid.",
    requirement="The taker pays a fee, in the currency received or, at some venues, always in the quote currency.",
    needs=("place_order", "fills"),
)
async def fee_is_a_cost(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    order_id = await placed(s, **limit(s))
    fill = await only_fill(s)
    truth = await true_fill(s, order_id)
    s.amount(s.member(fill, "fee"), truth["fee"], "the fee is what was paid, as a positive number")
    s.equal(s.member(fill, "fee_currency"), truth["fee_asset"], "the fee's currency is the one it was paid in")


@case(
    "common/fills/030",
    "The fee of a sale is told in the currency that the sale brought.",
    requirement="Selling brings quote currency, so the fee is paid in it.",
    needs=("place_order", "fills"),
)
async def fee_of_a_sale(s: Session) -> None:
    await offer(s, "buy", s.facts.pair.qty)
    order_id = await placed(s, **limit(s, "sell"))
    fill = await only_fill(s)
    truth = await true_fill(s, order_id)
    s.amount(s.member(fill, "fee"), truth["fee"], "the fee is what was paid")
    s.equal(s.member(fill, "fee_currency"), truth["fee_asset"], "the fee's currency is the one it was paid in")
    if fill.get("side") is not None:  # some venues leave that to the order
        s.equal(fill["side"], "sell", "the fill sells")


@case(
    "common/fills/040",
    "Maker and taker are told apart.",
    requirement="Who waited in the book made the trade; who came made it happen. Their fees differ.",
    needs=("place_order", "fills"),
)
async def roles_are_told_apart(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    taking = await placed(s, **limit(s))
    making = await placed(s, **limit(s, price=pair.price - pair.tick))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price - pair.tick)
    roles = {s.member(fill, "order_id"): s.member(fill, "role") for fill in await my_fills(s)}
    s.equal(roles, {taking: "taker", making: "maker"}, "each fill has its own role")


@case(
    "common/fills/050",
    "An order that trades several times has a fill for each time.",
    requirement="Every trade of an order is reported; together they are what was filled.",
    needs=("place_order", "fills"),
)
async def several_trades_several_fills(s: Session) -> None:
    pair = s.facts.pair
    prices = [pair.price - step * pair.tick for step in (4, 2, 0)]
    for step, price in enumerate(prices):
        await offer(s, "sell", (step + 1) * pair.qty, price)
    await placed(s, **limit(s, qty=6 * pair.qty))
    found = await my_fills(s)
    seen = sorted((Decimal(s.member(fill, "price")), Decimal(s.member(fill, "qty"))) for fill in found)
    expected = sorted((price, (step + 1) * pair.qty) for step, price in enumerate(prices))
    shown = [[f"{price.normalize():f}", f"{qty.normalize():f}"] for price, qty in seen]
    wanted = [[f"{price.normalize():f}", f"{qty.normalize():f}"] for price, qty in expected]
    s.equal(shown, wanted, "each trade is there once, with its own price and quantity")


@case(
    "common/fills/060",
    "Fills of one order are those of that order.",
    requirement="Fills can be asked for by order.",
    needs=("place_order", "fills"),
)
async def fills_of_one_order(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 2 * pair.qty)
    first = await placed(s, **limit(s))
    await placed(s, **limit(s))
    found = await my_fills(s, order_id=first)
    s.equal([s.member(fill, "order_id") for fill in found], [first], "only the fills of that order are listed")


@case(
    "common/fills/070",
    "More fills than fit one page are all found, each once.",
    requirement="Lists come in pages; a trade that is missed or counted twice falsifies every balance.",
    needs=("fills", "paging"),
)
async def all_pages_of_fills(s: Session) -> None:
    pair = s.facts.pair
    count = int(s.facts.numbers["page_rows"]) + 5
    for _ in range(count):
        await s.venue.place(OTHER, pair.symbol, "sell", pair.min_qty, pair.price)
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    found = await my_fills(s, all=True)
    trade_ids = [s.member(fill, "trade_id") for fill in found]
    s.equal(len(set(trade_ids)), count, "every trade is found")
    s.equal(len(trade_ids), count, "no trade is found twice")


@case(
    "common/fills/080",
    "A fill names the trade that the public saw.",
    requirement="The id of a trade is the same in the public list and in one's own.",
    needs=("place_order", "fills", "trades"),
)
async def fill_names_the_public_trade(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await placed(s, **limit(s))
    fill = await only_fill(s)
    public = (await s.client("trades", symbol=s.facts.pair.symbol))["trades"]
    s.equal(s.member(fill, "trade_id"), s.member(public[0], "trade_id"), "both name the same trade")


@case(
    "common/fills/090",
    "Before anything was traded there are no fills.",
    requirement="An empty list is an answer, not an error.",
    needs=("place_order", "fills"),
)
async def no_fills_yet(s: Session) -> None:
    await placed(s, **limit(s))
    s.equal(await my_fills(s), [], "no fill is told")
