"""KTX's fills: fees of both sides in quote currency, trades with oneself, what orders do not show any more (ktx§7, ktx§10)."""

from __future__ import annotations

from mockex.conformance.cases.common.fills import my_fills
from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.ktx.balances import MOST_ROWS, bought
from mockex.conformance.cases.ktx.orders import KEPT, filled_in_parts
from mockex.conformance.cases.support import ME
from mockex.conformance.model import case
from mockex.conformance.session import Session


@case(
    "ktx/fills/010",
    "The list of an order's fills has all of them, also where the order shows 20.",
    requirement="What an order does not show any more is listed by /v1/fills.",
    source="ktx§7",
    needs=("place_order", "fills"),
)
async def all_fills_of_an_order(s: Session) -> None:
    order_id = await filled_in_parts(s, KEPT + 1)
    found = await my_fills(s, order_id=order_id)
    s.equal(len({s.member(fill, "trade_id") for fill in found}), KEPT + 1, "every fill is listed")


@case(
    "ktx/fills/020",
    "The fee of a purchase is told in quote currency.",
    requirement="Fees are charged in quote currency on both sides: the published purchase of 0.01 at 10300 pays 0.103 USDT.",
    source="ktx§10",
    needs=("place_order", "fills"),
)
async def fee_of_a_purchase(s: Session) -> None:
    await bought(s)
    fill = s.single(await my_fills(s), "one trade is one fill")
    s.amount(fill.get("fee"), "0.103", "the fee")
    s.equal(s.member(fill, "fee_currency"), s.facts.pair.quote, "what it was paid in")


@case(
    "ktx/fills/030",
    "A trade with oneself is two fills.",
    requirement="Accounts may trade with themselves; both sides are listed, under one number of the trade.",
    source="ktx§10",
    needs=("place_order", "fills"),
)
async def traded_with_oneself(s: Session) -> None:
    pair = s.facts.pair
    await s.venue.place(ME, pair.symbol, "sell", pair.qty, pair.price)
    await placed(s, **limit(s))
    found = await my_fills(s)
    s.equal(sorted(s.member(each, "role") for each in found), ["maker", "taker"], "both sides are told")


@case(
    "ktx/fills/040",
    "More fills than the largest page has are all told, each once.",
    requirement="A page has at most 1000 rows, and the bound of the next one is included: pages overlap by one.",
    source="ktx§7",
    needs=("fills", "paging"),
)
async def pages_of_fills(s: Session) -> None:
    pair = s.facts.pair
    count = MOST_ROWS + 3
    await offer(s, "sell", count * pair.min_qty)
    for _ in range(count):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    told = [s.member(fill, "trade_id") for fill in await my_fills(s, all=True)]
    s.equal(len(told), len(set(told)), "no fill is told twice")
    s.equal(len(told), count, "every fill is told")


@case(
    "ktx/fills/050",
    "Both sides of a trade with oneself are told, also where a page ends between them.",
    requirement="The bound of a page is the number of a trade, and two fills may have it: the page holds both, and the one "
    "before it may have shown but one.",
    source="ktx§7",
    needs=("fills", "paging"),
)
async def page_that_ends_within_a_trade(s: Session) -> None:
    pair = s.facts.pair
    for side in ("sell", "buy"):
        await s.venue.place(ME, pair.symbol, side, pair.min_qty, pair.price)
    others = MOST_ROWS - 1
    await offer(s, "sell", others * pair.min_qty)
    for _ in range(others):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    told = await my_fills(s, all=True)
    trade_ids = [s.member(fill, "trade_id") for fill in told]
    s.equal(len(set(trade_ids)), others + 1, "every trade is told")
    s.equal(len(trade_ids), others + 2, "every fill is told, each once")
