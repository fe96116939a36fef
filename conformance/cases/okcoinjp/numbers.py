"""Numbers of OKCoin Japan: its published vectors, its smallest prices, and the one amount that it does not quote (okj§10)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.numbers import plain_numbers
from mockex.conformance.cases.common.orders import limit, newest
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.session import Session

CHEAP = "ETH-BTC"
RICH = WorldWish(balances={ME: {"JPY": "9000000000000000000", "BTC": "1000"}})
HUGE = Decimal("12345678901234567.8")
"""A price of BTC-JPY with more digits than a binary fraction of 64 bits holds."""


@case(
    "okcoinjp/numbers/010",
    "A very low price arrives as it is.",
    requirement="The tick of ETH-BTC is 0.00001: its lowest prices are those that some languages print with an exponent.",
    source="okj§2",
    needs=("place_order",),
)
async def low_price(s: Session) -> None:
    for price in ("0.00001", "0.00007"):
        await s.client("place_order", symbol=CHEAP, side="buy", type="limit", price=price, qty="1.5")
        s.amount((await newest(s))["price"], price, "the price arrives as it was asked for")


@case(
    "okcoinjp/numbers/020",
    "A very low price is written in plain notation.",
    requirement="Decimals are texts in plain notation.",
    source="okj§2",
    level=Level.SHOULD,
    needs=("place_order",),
)
async def low_price_is_plain(s: Session) -> None:
    await s.client("place_order", symbol=CHEAP, side="buy", type="limit", price="0.00001", qty="1.5")
    plain_numbers(s, await s.one_request("place_order"))


@case(
    "okcoinjp/numbers/030",
    "A price with more digits than a binary fraction holds arrives as it is.",
    requirement="Prices and sizes are decimals of any length; a client must not pass them through binary fractions.",
    source="okj§2",
    needs=("place_order",),
    world=RICH,
)
async def long_price(s: Session) -> None:
    await s.client("place_order", **limit(s, price=HUGE, qty=s.facts.pair.min_qty))
    request = await s.one_request("place_order")
    s.amount((await newest(s))["price"], HUGE, "the price arrives to the last digit", at=request)
    plain_numbers(s, request)


@case(
    "okcoinjp/numbers/040",
    "A market order spends its budget to the last step, as published.",
    requirement="At an ask of 722220, 5000 JPY buy 0.00692309 BTC; the rest of the budget comes back.",
    source="okj§10.1",
    needs=("place_order", "place_order.market", "order"),
)
async def published_market_order(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.venue.place(OTHER, symbol, "sell", "1", "722220")
    await s.client("place_order", symbol=symbol, side="buy", type="market", notional="5000")
    order_id = str((await newest(s))["order_id"])
    order = (await s.client("order", symbol=symbol, order_id=order_id))["order"]
    s.amount(order.get("filled_qty"), "0.00692309", "what was bought")


@case(
    "okcoinjp/numbers/050",
    "A budget keeps its decimals.",
    requirement="`notional` is an amount of quote currency with as many decimals as it needs; yen have some here.",
    source="okj§9.2",
    needs=("place_order", "place_order.market"),
)
async def budget_keeps_decimals(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.venue.place(OTHER, symbol, "sell", "1", "7000000")
    await s.client("place_order", symbol=symbol, side="buy", type="market", notional="70000.07")
    request = await s.one_request("place_order")
    s.expect(isinstance(request.json, dict), "an order is a JSON object", expected="an object", seen=request.body, at=request)
    s.amount(str(request.json.get("notional")), "70000.07", "the budget is the one asked for", at=request)


@case(
    "okcoinjp/numbers/060",
    "A valuation keeps all its digits, although the venue does not quote it.",
    requirement="`balance` of the valuation is a JSON number, the only amount that is; parsers that go through binary "
    "fractions change its digits.",
    source="okj§7",
    needs=("valuation",),
    world=WorldWish(balances={ME: {"JPY": "123456789012345.12345678"}}),
)
async def valuation_keeps_digits(s: Session) -> None:
    told = (await s.client("valuation"))["amount"]
    s.amount(told, "123456789012345.12345678", "the value, to the last digit")


@case(
    "okcoinjp/numbers/070",
    "Exactly the smallest size is ordered where it is asked for.",
    requirement="`min_size` itself is allowed; a client that asks for more, or refuses it, is wrong.",
    source="okj§10.1",
    needs=("place_order",),
)
async def smallest_size(s: Session) -> None:
    pair = s.facts.pair
    refusal = (await s.client.attempt("place_order", **limit(s, qty=pair.min_qty))).refusal
    s.expect(refusal is None, "the smallest size is placed", expected="a receipt", seen=str(refusal))
    s.amount((await newest(s))["qty"], pair.min_qty, "the size arrives as it was asked for")


@case(
    "okcoinjp/numbers/080",
    "All that is available can be ordered, to the last step.",
    requirement="A hold is exactly price times size: an order for the whole balance is covered, one step more is not.",
    source="okj§10.1",
    needs=("place_order", "balances"),
    world=WorldWish(balances={ME: {"BTC": "0.12345678"}}),
)
async def everything_can_be_ordered(s: Session) -> None:
    pair = s.facts.pair
    rows = {row["currency"]: row for row in (await s.client("balances"))["balances"]}
    available = s.told(rows.get(pair.base, {}).get("available"), "what is available")
    refusal = (await s.client.attempt("place_order", **{**limit(s, "sell"), "qty": available})).refusal
    s.expect(refusal is None, "an order for everything is placed", expected="a receipt", seen=str(refusal))
    s.amount((await newest(s))["qty"], "0.12345678", "the order is for everything")
