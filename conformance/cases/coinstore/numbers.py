"""Coinstore's numbers: prices of eleven decimals, steps that are counted in decimals (cs§5, cs§7.1)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import newest
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import WorldWish, case
from mockex.conformance.session import Session

FINE = "LUFFYUSDT"
PRICE, QTY = Decimal("0.00000000092"), Decimal("12345678901")
RICH = WorldWish(balances={each: {"LUFFY": "900000000000", "USDT": "90000000"} for each in (ME, OTHER)})


@case(
    "coinstore/numbers/010",
    "A price of eleven decimals reaches the venue.",
    requirement="Prices such as 0.00000000092 exist; they may be sent as 9.2e-10, and not as 0.00000000.",
    source="cs§5",
    needs=("place_order",),
    world=RICH,
)
async def fine_price_arrives(s: Session) -> None:
    for side in ("buy", "sell"):
        order = {"symbol": FINE, "side": side, "type": "limit", "price": f"{PRICE:f}", "qty": f"{QTY:f}"}
        refusal = (await s.client.attempt("place_order", **order)).refusal
        s.expect(refusal is None, "an order at a tiny price is placed", expected="a receipt", seen=str(refusal))
        s.amount((await newest(s))["price"], PRICE, "the price arrives as it was asked for")
        s.amount((await newest(s))["qty"], QTY, "the quantity arrives as it was asked for")
        await s.venue.cancel((await newest(s))["order_id"])


@case(
    "coinstore/numbers/020",
    "A price of eleven decimals is told with all of them.",
    requirement="Levels, orders and fills have prices of eleven decimals, as text and as numbers with exponents.",
    source="cs§5",
    needs=("book", "place_order", "order", "fills"),
    world=RICH,
)
async def fine_price_is_told(s: Session) -> None:
    await s.venue.place(OTHER, FINE, "sell", QTY, PRICE)
    ((seen, qty), *_) = (await s.client("book", symbol=FINE))["book"]["asks"]
    s.amount(seen, PRICE, "the price of the level")
    s.amount(qty, QTY, "its quantity")
    order = {"symbol": FINE, "side": "buy", "type": "limit", "price": f"{PRICE:f}", "qty": f"{2 * QTY:f}"}
    await s.client("place_order", **order)
    order_id = (await newest(s))["order_id"]
    told = (await s.client("order", symbol=FINE, order_id=order_id))["order"]
    s.amount(told.get("price"), PRICE, "the price of the order")
    s.amount(told.get("average_price"), PRICE, "its average price")
    (fill,) = (await s.client("fills", symbol=FINE))["fills"]
    s.amount(s.member(fill, "price"), PRICE, "the price of the fill")


@case(
    "coinstore/numbers/030",
    "Steps are counted in decimals, not told as amounts.",
    requirement="`tickSz` and `lotSz` are numbers of decimals: 11 means steps of 0.00000000001, 0 steps of 1.",
    source="cs§7.1",
    needs=("instruments",),
)
async def steps_from_decimals(s: Session) -> None:
    rows = {row["symbol"]: row for row in (await s.client("instruments"))["instruments"]}
    s.expect(FINE in rows, "the pair is listed", expected=FINE, seen=sorted(rows))
    s.amount(s.member(rows[FINE], "tick_size"), "0.00000000001", "the step of prices")
    s.amount(s.member(rows[FINE], "lot_size"), "1", "the step of quantities")
