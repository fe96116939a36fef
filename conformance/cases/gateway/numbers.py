"""Amounts are JSON numbers here: what is sent has the digits that were asked for, what is told those of the text (gw§4)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.gateway.wire import one_asked
from mockex.conformance.cases.live import order_until, place, price, text
from mockex.conformance.cases.support import OTHER
from mockex.conformance.model import WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Number

TENTHS = ("0.1", "0.2", "0.3", "0.7", "1.1")
HELD = {"BTC": "0.3", "USDT": "1234567.12345678", "ETH": "0.00000001"}


async def _balances(s: Session) -> dict[str, Json]:
    return {row["currency"]: row for row in (await s.client("balances"))["balances"]}


@case(
    "gateway/numbers/010",
    "Prices and quantities are sent as JSON numbers, without noise of binary fractions.",
    requirement="All prices and quantities are JSON numbers, written as the shortest decimal: 0.1, never its binary expansion.",
    source="gw§4",
    needs=("place_order",),
)
async def numbers_are_sent(s: Session) -> None:
    for n, qty in enumerate(TENTHS):
        since = await s.wire.mark()
        at = price(s, -n) - Decimal("0.3")
        await s.client("place_order", **limit(s, price=at, qty=Decimal(qty)))
        frame = await one_asked(s, "place_order", since=since)
        for name, expected in (("price", at), ("quantity", Decimal(qty))):
            sent = frame.get(name)
            s.expect(isinstance(sent, Number), f"{name} is a number", expected=expected, seen=sent)
            s.amount(sent, expected, f"{name} is as it was asked for")


@case(
    "gateway/numbers/020",
    "Balances are told with the digits of their text.",
    requirement="Floats become decimals by their shortest text: 0.1 is 0.1.",
    source="gw§4",
    needs=("balances",),
    world=WorldWish(balances={"alice": HELD}),
)
async def balances_are_read(s: Session) -> None:
    told = await _balances(s)
    for coin, expected in HELD.items():
        s.expect(coin in told, f"{coin} is told", expected=coin, seen=sorted(told))
        for name in ("total", "available"):
            s.amount(told[coin].get(name), expected, f"{name} of {coin}")


@case(
    "gateway/numbers/030",
    "What is filled is told without noise, though only the rest is on the wire.",
    requirement="An order has quantity and remain: the difference of binary fractions is not that of the decimals.",
    source="gw§4",
    needs=("place_order", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def differences_are_exact(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    for qty, part in (("0.3", "0.1"), ("1.1", "0.7")):
        order_id = await place(s, "buy", Decimal(qty), price(s, 0))
        await s.venue.place(OTHER, pair.symbol, "sell", part, price(s, 0))
        row = (await order_until(s, order_id, "partly_filled", "the fill is told"))[-1]
        s.amount(row.get("filled_qty"), part, "what is filled")
        await s.venue.cancel(order_id)


@case(
    "gateway/numbers/040",
    "Prices and quantities of orders are told with the digits of their text.",
    requirement="Integers and floats are interchangeable: 98000 and 98000.0 are one price.",
    source="gw§4",
    needs=("place_order", "open_orders"),
)
async def prices_are_read(s: Session) -> None:
    pair = s.facts.pair
    at = [pair.price, pair.price - Decimal("0.1"), pair.price - Decimal("0.3")]
    for each in at:
        await place(s, "buy", Decimal("0.1"), each)
    rows = (await s.client("open_orders", symbol=pair.symbol))["orders"]
    told = sorted((row.get("price") for row in rows), key=lambda each: -Decimal(each or 0))
    s.equal(len(told), len(at), "every order is told")
    for seen, expected in zip(told, at, strict=True):
        s.amount(seen, expected, "the price of an order")
    for row in rows:
        s.amount(row.get("qty"), text(Decimal("0.1")), "its quantity")
