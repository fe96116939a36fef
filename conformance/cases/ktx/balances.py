"""KTX's money: holds with the fee, fees in quote currency, balances as numbers, a ledger that explains them (ktx§7, ktx§10)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from mockex.conformance.cases.common.balances import balance
from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.live import price
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

AT, QTY = Decimal(10_300), Decimal("0.01")
"""The worked example's order (ktx§10)."""

RATE = Decimal("0.001")
MOST_ROWS = 1_000
"""Of one page, whatever is asked for (ktx§7)."""

LONG = WorldWish(balances={ME: {"USDT": "123456789012345.123456789012345678", "BTC": "0.000000000000000001"}})
EMPTY = WorldWish(balances={ME: {"USDT": "1000", "BTC": "1"}})


async def bought(s: Session) -> str:
    """The worked example: a purchase of 0.01 at 10300, as maker; the order's id."""
    order_id = await placed(s, **limit(s, price=AT, qty=QTY))
    await s.venue.place(OTHER, s.facts.pair.symbol, "sell", QTY, AT)
    return order_id


async def entries(s: Session, currency: str, **more: Json) -> list[Json]:
    """Rows of the ledger, newest first, but for what was there at the beginning."""
    found: Sequence[Json] = (await s.client("ledger", currency=currency, **more))["entries"]
    return [row for row in found if row.get("type") != "transfer"]


@case(
    "ktx/balances/010",
    "What an order to buy holds has the fee in it.",
    requirement="A purchase holds its price times its quantity and the taker's fee on it: 0.01 at 10300 holds 103.103. The "
    "published push holds 20016.997 for 19997.",
    source="ktx§10",
    needs=("balances", "place_order"),
)
async def holds_have_the_fee(s: Session) -> None:
    quote = s.facts.pair.quote
    await placed(s, **limit(s, price=AT, qty=QTY))
    s.amount((await balance(s, quote)).get("held"), "103.103", "the first order holds its cost and its fee")
    await placed(s, **limit(s, price=Decimal(99_985), qty=Decimal("0.2")))
    s.amount((await balance(s, quote)).get("held"), "20120.1", "so does the second")


@case(
    "ktx/balances/020",
    "After a purchase the money that went is its cost and its fee, and all of the coins came.",
    requirement="Fees are of the quote currency on both sides: 0.01 at 10300 takes 103.103 USDT and brings 0.01 BTC.",
    source="ktx§10",
    needs=("balances", "place_order"),
    world=EMPTY,
)
async def money_of_a_purchase(s: Session) -> None:
    pair = s.facts.pair
    await bought(s)
    quote, base = await balance(s, pair.quote), await balance(s, pair.base)
    s.amount(quote.get("total"), "896.897", "what is left of the money")
    s.amount(quote.get("held"), "0", "nothing is held any more")
    s.amount(base.get("total"), "1.01", "the coins that came")


@case(
    "ktx/balances/030",
    "A fill gives its share of the hold back, and no more.",
    requirement="What is held for an order goes with its fills share by share; the rest is held until it has ended.",
    source="ktx§10",
    needs=("balances", "place_order"),
)
async def share_of_the_hold(s: Session) -> None:
    pair = s.facts.pair
    await placed(s, **limit(s, price=AT, qty=2 * QTY))
    await s.venue.place(OTHER, pair.symbol, "sell", QTY, AT)
    s.amount((await balance(s, pair.quote)).get("held"), "103.103", "half of the order is held")


@case(
    "ktx/balances/040",
    "A balance that comes as a number is told with all of its digits.",
    requirement="Balances are JSON numbers over REST, with up to 18 decimals: more digits than a double holds.",
    source="ktx§7",
    needs=("balances",),
    world=LONG,
)
async def long_balances(s: Session) -> None:
    for currency, total in (("USDT", "123456789012345.123456789012345678"), ("BTC", "0.000000000000000001")):
        s.amount((await balance(s, currency)).get("total"), total, f"the balance of {currency}, to the last digit")


@case(
    "ktx/balances/050",
    "What is held is what the open orders hold.",
    requirement="The sum of all holds is `holds`: of purchases price, quantity and fee, of sales the quantity.",
    source="ktx§13",
    needs=("balances", "place_order", "open_orders"),
)
async def holds_add_up(s: Session) -> None:
    pair = s.facts.pair
    for n in range(1, 4):
        await placed(s, **limit(s, price=price(s, -n), qty=n * pair.qty))
        await placed(s, **limit(s, "sell", price=price(s, n), qty=n * pair.qty))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty / 2, price(s, -1))
    held = {"buy": Decimal(0), "sell": Decimal(0)}
    for order in (await s.client("open_orders", symbol=pair.symbol))["orders"]:
        rest = Decimal(s.member(order, "qty")) - Decimal(s.member(order, "filled_qty"))
        cost = rest if order["side"] == "sell" else rest * Decimal(s.member(order, "price")) * (1 + RATE)
        held[s.member(order, "side")] += cost
    s.amount((await balance(s, pair.quote)).get("held"), held["buy"], "what the purchases hold")
    s.amount((await balance(s, pair.base)).get("held"), held["sell"], "what the sales hold")


@case(
    "ktx/balances/100",
    "A purchase is a trade and a fee in the ledger of the money, and a trade in that of the coins.",
    requirement="A fill on spot writes two entries of `trade`, base and quote, and one of `fee`; amounts are signed.",
    source="ktx§7",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "ledger"),
)
async def entries_of_a_purchase(s: Session) -> None:
    pair = s.facts.pair
    await bought(s)
    for currency, expected in ((pair.quote, [("fee", "-0.103"), ("trade", "-103")]), (pair.base, [("trade", "0.01")])):
        seen = sorted((s.member(row, "type"), f"{Decimal(row['amount']).normalize():f}") for row in await entries(s, currency))
        s.equal(seen, expected, f"the entries of {currency}")


@case(
    "ktx/balances/110",
    "Each entry of the ledger leads from the balance before it to its own.",
    requirement="`balance` is the one after the change; every change has an entry.",
    source="ktx§7",
    needs=("place_order", "ledger"),
)
async def entries_lead_on(s: Session) -> None:
    pair = s.facts.pair
    for side, other in (("sell", "buy"), ("buy", "sell")):
        await offer(s, side, 2 * pair.qty)
        await placed(s, **limit(s, other, qty=2 * pair.qty))
    rows = (await s.client("ledger", currency=pair.quote))["entries"]
    total = (await s.venue.account(ME))["balances"]["spot"][pair.quote]["total"]
    s.amount(rows[0].get("balance"), total, "the newest entry has the balance of now")
    for later, earlier in pairwise(rows):
        before = Decimal(s.member(earlier, "balance")) + Decimal(later["amount"])
        s.amount(later.get("balance"), before, "an entry's balance is that of the one before it and its amount")


@case(
    "ktx/balances/120",
    "Ids of the ledger are told to the last digit.",
    requirement="Ids of entries are (1000 << 50) and a count: successive ones are one and the same double.",
    source="ktx§10",
    needs=("place_order", "ledger"),
)
async def ids_of_entries(s: Session) -> None:
    pair = s.facts.pair
    for n in range(3):
        await offer(s, "sell", pair.qty, price(s, n))
        await placed(s, **limit(s, price=price(s, n)))
    rows = await entries(s, pair.quote)
    request = await s.one_request("ledger")
    answer = s.wire.response_to(request)
    assert answer is not None
    on_wire = {str(row["id"]) for row in answer.json}
    told = [s.member(row, "id") for row in rows]
    s.expect(set(told) <= on_wire, "the ids are the venue's", expected=sorted(on_wire), seen=told, at=(request, answer))
    s.equal(len(set(told)), len(told), "each entry has its own")


@case(
    "ktx/balances/130",
    "A ledger of more entries than the largest page has is told whole, each entry once.",
    requirement="A page has at most 1000 rows, and the bound of the next one is included: pages overlap by one.",
    source="ktx§6",
    needs=("ledger", "paging"),
)
async def pages_of_the_ledger(s: Session) -> None:
    pair = s.facts.pair
    count = MOST_ROWS // 2 + 3  # of two entries each
    await offer(s, "sell", count * pair.min_qty)
    for _ in range(count):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    told = [s.member(row, "id") for row in await entries(s, pair.quote, all=True)]
    s.equal(len(told), len(set(told)), "no entry is told twice")
    s.equal(len(told), 2 * count, "every entry is told")
