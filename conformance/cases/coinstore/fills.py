"""Coinstore's fills and balances: numbers of 18 decimals, ids for currencies, two rows for a balance (cs§7.3, cs§7.6)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.balances import balance
from mockex.conformance.cases.common.fills import my_fills, only_fill
from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.support import ME
from mockex.conformance.model import WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import RESPONSE

PARTLY_EMPTY = WorldWish(balances={ME: {"USDT": "5000", "BTC": "1", "TRX": "70"}})


@case(
    "coinstore/fills/010",
    "A fee that is printed with an exponent is told as it is.",
    requirement="Amounts of fills are JSON numbers with 18 decimals as Java prints them: 2.00000000000E-7 is a fee.",
    source="cs§5",
    needs=("place_order", "fills"),
)
async def fee_with_an_exponent(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.min_qty)
    await placed(s, **limit(s, qty=pair.min_qty))
    fill = await only_fill(s)
    printed = await s.wire.entries(RESPONSE, where=lambda each: "E-7" in str(each.get("body")))
    assert printed, "no fee was printed with an exponent"
    s.amount(s.member(fill, "fee"), pair.min_qty * Decimal("0.002"), "the fee, to the last digit", at=printed[-1])


@case(
    "coinstore/fills/020",
    "Nothing that is printed 0E-18 is anything but zero.",
    requirement="A zero of scale 18 is printed 0E-18, in every fill: what is left of a filled order, what it dealt with "
    "itself.",
    source="cs§5",
    needs=("place_order", "fills"),
)
async def zero_with_an_exponent(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await placed(s, **limit(s))
    fill = await only_fill(s)
    printed = await s.wire.entries(RESPONSE, where=lambda each: "0E-18" in str(each.get("body")))
    assert printed, "no zero was printed with an exponent"
    s.amount(s.member(fill, "qty"), pair.qty, "the quantity is the one traded", at=printed[-1])
    s.amount(s.member(fill, "price"), pair.price, "so is the price", at=printed[-1])


@case(
    "coinstore/fills/030",
    "A trade with oneself is two fills.",
    requirement="Accounts may trade with themselves: both sides are fills of theirs, with one trade id and two fill ids.",
    source="cs§8",
    needs=("place_order", "fills"),
)
async def traded_with_oneself(s: Session) -> None:
    pair = s.facts.pair
    await s.venue.place(ME, pair.symbol, "sell", pair.qty, pair.price)
    await placed(s, **limit(s))
    found = await my_fills(s)
    s.equal(sorted(s.member(each, "side") for each in found), ["buy", "sell"], "both sides are told")


@case(
    "coinstore/balances/010",
    "What is held of one currency is not told of another.",
    requirement="Each currency has two rows, FROZEN and AVAILABLE, also where both are 0: rows belong together by currency.",
    source="cs§7.3",
    needs=("balances", "place_order"),
    world=PARTLY_EMPTY,
)
async def rows_belong_together(s: Session) -> None:
    pair = s.facts.pair
    await s.client("place_order", **limit(s, "sell"))
    for currency, held in ((pair.quote, Decimal(0)), (pair.base, pair.qty), ("TRX", Decimal(0))):
        s.amount((await balance(s, currency)).get("held"), held, f"what is held of {currency}")
    s.amount((await balance(s, "TRX")).get("available"), "70", "what is available of TRX")


@case(
    "coinstore/balances/020",
    "A balance that is held whole is still there.",
    requirement="The total of a currency is the sum of its two rows; with all of it in orders the available row is 0.",
    source="cs§7.3",
    needs=("balances", "place_order"),
    world=WorldWish(balances={ME: {"USDT": "650"}}),
)
async def held_whole(s: Session) -> None:
    await s.client("place_order", **limit(s))
    row = await balance(s, s.facts.pair.quote)
    s.amount(row.get("available"), "0", "nothing is available")
    s.amount(row.get("held"), "650", "all is held")
    s.amount(row.get("total"), "650", "and all is there")
