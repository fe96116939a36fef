"""HTX's numbers: doubles as Java prints them, texts of 18 decimals, ids of 28 digits (htx§3)."""

from __future__ import annotations

import json
from decimal import Decimal

from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.common.numbers import plain_numbers
from mockex.conformance.cases.common.orders import limit, newest
from mockex.conformance.cases.live import discard, next_event, rows
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Provenance, WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import OUT, RESPONSE, Number

FINE = "shibusdt"
RICH = WorldWish(
    balances={ME: {"SHIB": "900000000000", "USDT": "90000000"}, OTHER: {"SHIB": "900000000000", "USDT": "90000000"}}
)

PRICES = (Decimal("0.000018"), Decimal("0.000009121"))
QUANTITIES = (Decimal("40000000"), Decimal("12345678.9"))
"""Printed 1.8E-5 and 9.121E-6, 4.0E7 and 1.23456789E7."""


async def book_of_exponents(s: Session) -> list[tuple[Decimal, Decimal]]:
    """Bids whose numbers are printed with an exponent, best first."""
    levels = list(zip(PRICES, QUANTITIES, strict=True))
    for price, qty in levels:
        await s.venue.place(OTHER, FINE, "buy", qty, price)
    return levels


async def trade_in_exponents(s: Session) -> tuple[Decimal, Decimal]:
    await s.venue.place(OTHER, FINE, "sell", QUANTITIES[0], PRICES[0])
    await s.venue.place(ME, FINE, "buy", QUANTITIES[0], PRICES[0])
    return PRICES[0], QUANTITIES[0]


async def _printed_with_exponents(s: Session) -> None:
    """A case without them shows nothing."""
    told = await s.wire.entries(RESPONSE, OUT, where=lambda each: "E-5" in str(each.get("body") or each.get("text") or ""))
    assert told, "no number was printed with an exponent"


@case(
    "htx/numbers/010",
    "Levels that are printed with an exponent are read as they are.",
    requirement="Market data are JSON numbers as Java prints doubles: 1.8E-5 is a price, 4.0E7 a quantity.",
    source="htx§3",
    provenance=Provenance.OBSERVED,
    needs=("book",),
    world=RICH,
)
async def exponents_in_books(s: Session) -> None:
    levels = await book_of_exponents(s)
    seen = (await s.client("book", symbol=FINE))["book"]
    await _printed_with_exponents(s)
    same_levels(s, seen["bids"], levels, "the levels, exactly")


@case(
    "htx/numbers/020",
    "A ticker, a trade and a candle that are printed with an exponent are read as they are.",
    requirement="Every number of market data may have an exponent, a volume as well as a price.",
    source="htx§3",
    provenance=Provenance.OBSERVED,
    needs=("ticker", "trades", "candles"),
    world=RICH,
)
async def exponents_in_prices(s: Session) -> None:
    price, qty = await trade_in_exponents(s)
    ticker = (await s.client("ticker", symbol=FINE))["ticker"]
    s.amount(ticker.get("last"), price, "the last price")
    s.amount(ticker.get("volume"), qty, "the volume of the ticker")
    trade = s.single((await s.client("trades", symbol=FINE, limit=5))["trades"], "there is one trade")
    s.amount(trade["price"], price, "the price of the trade")
    s.amount(trade["qty"], qty, "its quantity")
    candle = (await s.client("candles", symbol=FINE, interval_s=60))["candles"][-1]
    s.amount(candle["close"], price, "the close of the candle")
    s.amount(candle.get("volume"), qty, "its volume")
    await _printed_with_exponents(s)


@case(
    "htx/numbers/030",
    "Pushes that are printed with an exponent are read as they are.",
    requirement="The sockets print numbers as REST does.",
    source="htx§3",
    provenance=Provenance.OBSERVED,
    needs=("stream_open", "subscribe", "next_event", "subscribe.trades", "subscribe.book"),
    world=RICH,
)
async def exponents_in_pushes(s: Session) -> None:
    await s.client("stream_open", private=False)
    for channel in ("trades", "book"):
        await s.client("subscribe", channel=channel, symbol=FINE)
        await discard(s, channel, symbol=FINE)
    price, qty = await trade_in_exponents(s)
    levels = await book_of_exponents(s)
    await s.venue.advance(1)
    trade = (await rows(s, "trades", 1, "the trade is told", symbol=FINE))[0]
    s.amount(trade["price"], price, "the price of the trade")
    s.amount(trade["qty"], qty, "its quantity")
    book = (await next_event(s, "book", "the book is told", symbol=FINE))["book"]
    same_levels(s, book["bids"], levels, "the levels, exactly")
    await _printed_with_exponents(s)


@case(
    "htx/numbers/040",
    "An id of a public trade loses no digit.",
    requirement="A trade's `id` is a JSON number of 26 to 28 digits, more than any integer of 64 bits holds.",
    source="htx§3.2",
    provenance=Provenance.OBSERVED,
    needs=("trades",),
)
async def long_ids(s: Session) -> None:
    pair = s.facts.pair
    for _ in range(2):
        await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
        await s.venue.place(ME, pair.symbol, "buy", pair.qty, pair.price)
    seen = [s.member(row, "trade_id") for row in (await s.client("trades", symbol=pair.symbol, limit=5))["trades"]]
    answer = (await s.wire.entries(RESPONSE))[-1]
    said = json.loads(answer.body, parse_int=Number, parse_float=Number)
    printed = [[str(trade["id"]), str(trade["trade-id"])] for match in said["data"] for trade in match["data"]]
    assert all(len(names[0]) >= 26 for names in printed), "ids are shorter than this case needs"
    for name, names in zip(seen, printed, strict=True):
        s.expect(name in names, "the trade has one of its ids, digit by digit", expected=names, seen=name, at=answer)


@case(
    "htx/numbers/050",
    "An order's amounts of 18 decimals are read to the last digit.",
    requirement="Amounts of orders are texts of 18 decimals: 12345678901.230000000000000000 is more than a binary fraction "
    "holds beside a small price.",
    source="htx§3.4",
    needs=("place_order", "order"),
    world=RICH,
)
async def texts_of_18_decimals(s: Session) -> None:
    price, qty = "0.0000181234", "12345678901.23"
    await s.client("place_order", symbol=FINE, side="buy", type="limit", price=price, qty=qty)
    order_id = str((await newest(s))["order_id"])
    order = (await s.client("order", symbol=FINE, order_id=order_id))["order"]
    s.amount(order.get("price"), price, "the price, to the last digit")
    s.amount(order.get("qty"), qty, "the quantity, to the last digit")
    s.amount(order.get("filled_qty"), "0", "what is filled")


@case(
    "htx/numbers/060",
    "A very low price is sent in plain notation, to the last decimal.",
    requirement="Prices of orders are texts of up to 10 decimals; the exponents of the market's numbers are not for them.",
    source="htx§3.4",
    needs=("place_order",),
    world=RICH,
)
async def low_price_is_plain(s: Session) -> None:
    await s.client("place_order", symbol=FINE, side="buy", type="limit", price="0.0000000007", qty="10000000000")
    request = await s.one_request("place_order")
    plain_numbers(s, request)
    s.amount(str(request.json.get("price")), "0.0000000007", "the price is the one asked for", at=request)


@case(
    "htx/numbers/070",
    "A budget keeps its decimals, as many as a quantity has.",
    requirement="The money of a market purchase may have as many decimals as `amount-precision` says.",
    source="htx§4.2",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "place_order.market"),
)
async def budget_keeps_decimals(s: Session) -> None:
    pair = s.facts.pair
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional="123.456789")
    request = await s.one_request("place_order")
    s.amount(str(request.json.get("amount")), "123.456789", "the budget is the one asked for", at=request)


@case(
    "htx/numbers/080",
    "Zero is a number, however it is printed.",
    requirement="Nothing is `0.0` where something has 18 decimals, and `0` in newer replies.",
    source="htx§3.4",
    needs=("place_order", "order", "balances"),
    world=WorldWish(balances={ME: {"USDT": "100000"}}),
)
async def zeros(s: Session) -> None:
    await s.client("place_order", **limit(s))
    order = (await s.client("order", symbol=s.facts.pair.symbol, order_id=str((await newest(s))["order_id"])))["order"]
    s.amount(order.get("filled_qty"), "0", "nothing is filled")
    rows_ = {row["currency"].lower(): row for row in (await s.client("balances"))["balances"]}
    row = rows_.get(s.facts.pair.base.lower())
    if row is not None:
        s.amount(row.get("total"), "0", "nothing is there of what one has not")
