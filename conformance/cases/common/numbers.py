"""Numbers: that none loses a digit on its way in either direction.

What a client holds in binary floating point comes out of the first sums and products with noise, or without its last digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from mockex.conformance.cases.common.balances import balance
from mockex.conformance.cases.common.funding import funded, other_wallet
from mockex.conformance.cases.common.orders import buy_cost, limit, newest, offer, placed
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry, Number

PLAIN = re.compile(r"(0|[1-9]\d*)(\.\d+)?")
MANY_DIGITS = Decimal("1632774.582132125001")
POOR = WorldWish(balances={ME: {}})
"""The case pays in what it needs."""


def numbers_in(value: Json) -> Iterator[str]:
    """Every number of a JSON value, whether it was sent as text or not."""
    match value:
        case dict():
            for each in value.values():
                yield from numbers_in(each)
        case list():
            for each in value:
                yield from numbers_in(each)
        case str() if isinstance(value, Number) or re.fullmatch(r"[+-]?[\d,.]+([eE][+-]?\d+)?", value):
            yield str(value)


def plain_numbers(s: Session, request: Entry) -> None:
    """Fails for a number in exponent form, with a plus sign or with separators."""
    for text in (*numbers_in(request.json), *numbers_in(request.query)):
        s.expect(PLAIN.fullmatch(text), "numbers are written in plain notation", expected="digits", seen=text, at=request)


# --- to the venue


@case(
    "common/numbers/010",
    "Prices and quantities reach the venue without noise of binary fractions.",
    requirement="The venue takes a number as it is written: 0.28999999 is not 0.29.",
    needs=("place_order",),
)
async def no_binary_noise(s: Session) -> None:
    pair = s.facts.pair
    for units, steps in (("0.07", 3), ("0.29", 7), ("0.57", 1), ("1.1", 9), ("0.00123", 33)):
        price, qty = pair.price - steps * pair.tick, (Decimal(units) // pair.lot * pair.lot).normalize()
        await s.client("place_order", **limit(s, price=price, qty=qty))
        order = await newest(s)
        request = (await s.wire.requests(s.facts.route("place_order")))[-1]
        s.amount(order["qty"], qty, "the quantity arrives as it was asked for", at=request)
        s.amount(order["price"], price, "the price arrives as it was asked for", at=request)


@case(
    "common/numbers/020",
    "Whole numbers keep their zeros.",
    requirement="Zeros behind the point mean nothing, those before it do: 10 is not 1.",
    needs=("place_order",),
    world=POOR,
)
async def whole_numbers(s: Session) -> None:
    await s.venue.deposit(ME, s.facts.pair.base, "1000")
    for qty in ("1", "10", "200"):
        await s.client("place_order", **limit(s, "sell", qty=Decimal(qty)))
        s.amount((await newest(s))["qty"], qty, "the quantity arrives as it was asked for")


@case(
    "common/numbers/030",
    "Trailing zeros do no harm.",
    requirement="1.10 and 1.1 are one price.",
    needs=("place_order",),
)
async def trailing_zeros(s: Session) -> None:
    pair = s.facts.pair
    order = {**limit(s), "price": f"{pair.price - pair.tick:f}000", "qty": f"{pair.qty:f}0000000000"}
    refusal = (await s.client.attempt("place_order", **order)).refusal
    s.expect(refusal is None, "an order with trailing zeros is placed", expected="a receipt", seen=str(refusal))
    placed_order = await newest(s)
    s.amount(placed_order["price"], pair.price - pair.tick, "the price arrives as it was asked for")
    s.amount(placed_order["qty"], pair.qty, "the quantity arrives as it was asked for")


@case(
    "common/numbers/040",
    "A very small amount is written in plain notation.",
    requirement="Numbers are written with digits and a point; 1E-8 is another language.",
    level=Level.SHOULD,
    needs=("transfer",),
)
async def small_amount_is_plain(s: Session) -> None:
    await funded(s)
    await s.client("transfer", currency=s.facts.pair.base, amount="0.00000001", source=other_wallet(s), target="spot")
    plain_numbers(s, await s.one_request("transfer"))


@case(
    "common/numbers/050",
    "A very small amount arrives as it is.",
    requirement="The smallest unit of a currency is an amount like any other; it is not zero.",
    needs=("transfer",),
)
async def small_amount_arrives(s: Session) -> None:
    await funded(s)
    base = s.facts.pair.base
    wallets = (await s.venue.account(ME))["balances"]
    before = Decimal(wallets["spot"][base]["total"])
    await s.client("transfer", currency=base, amount="0.00000001", source=other_wallet(s), target="spot")
    wallets = (await s.venue.account(ME))["balances"]
    moved = Decimal(wallets["spot"][base]["total"]) - before
    s.amount(f"{moved:f}", "0.00000001", "the amount that was asked for is moved")


@case(
    "common/numbers/060",
    "A quantity is never rounded up.",
    requirement="A quantity between two steps is refused, or cut; more than was asked for is never ordered.",
    needs=("place_order",),
)
async def never_more(s: Session) -> None:
    pair = s.facts.pair
    asked = pair.qty + pair.lot * Decimal("2.9")
    outcome = await s.client.attempt("place_order", **limit(s, qty=asked))
    if outcome.refusal is None:
        qty = Decimal((await newest(s))["qty"])
        at = await s.wire.requests(s.facts.route("place_order"))
        s.expect(qty <= asked, "no more is ordered than was asked for", expected=f"at most {asked:f}", seen=qty, at=at)


@case(
    "common/numbers/070",
    "The price of a purchase is never rounded up.",
    requirement="A price between two ticks is refused, or cut; nobody pays more than the limit that was given.",
    level=Level.SHOULD,
    needs=("place_order",),
)
async def never_dearer(s: Session) -> None:
    pair = s.facts.pair
    asked = pair.price + pair.tick * Decimal("0.9")
    outcome = await s.client.attempt("place_order", **limit(s, price=asked))
    if outcome.refusal is None:
        price = Decimal((await newest(s))["price"])
        at = await s.wire.requests(s.facts.route("place_order"))
        s.expect(price <= asked, "no more is paid than the limit", expected=f"at most {asked:f}", seen=price, at=at)


@case(
    "common/numbers/080",
    "What the client does with a price off the grid.",
    requirement="Prices are multiples of a step; what becomes of others is the venue's choice, unless the client makes one "
    "before.",
    level=Level.INFO,
    needs=("place_order",),
)
async def off_grid(s: Session) -> None:
    pair = s.facts.pair
    for side in ("buy", "sell"):
        asked = pair.price + pair.tick * Decimal("0.6")
        outcome = await s.client.attempt("place_order", **limit(s, side, price=asked))
        sent = [text for each in await s.wire.requests(s.facts.route("place_order")) for text in numbers_in(each.json)]
        became = str(outcome.refusal) if outcome.refusal is not None else f"price {(await newest(s))['price']}"
        s.note(f"{side} at {asked:f}: the numbers {', '.join(sent[-2:]) or 'none'} are sent; {became}")


# --- from the venue


@case(
    "common/numbers/200",
    "Balances keep all their digits.",
    requirement="Balances have as many decimals as their currency has, more than binary fractions hold.",
    needs=("balances",),
    world=POOR,
)
async def balances_keep_digits(s: Session) -> None:
    for currency, amount in ((s.facts.pair.base, "0.123456789012345678"), (s.facts.pair.quote, MANY_DIGITS)):
        await s.venue.deposit(ME, currency, amount)
        row = await balance(s, currency)
        s.amount(row.get("total"), amount, f"the balance of {currency} to the last digit")


@case(
    "common/numbers/210",
    "What is available is exact to the last digit while an order holds the rest.",
    requirement="Available is balance minus held, without rounding: an order for all that is available must be possible.",
    needs=("balances", "place_order"),
    world=POOR,
)
async def available_is_exact(s: Session) -> None:
    pair = s.facts.pair
    await s.venue.deposit(ME, pair.quote, MANY_DIGITS)
    await placed(s, **limit(s))
    row = await balance(s, pair.quote)
    s.amount(row.get("available"), MANY_DIGITS - buy_cost(s, pair.price, pair.qty), "what is available, to the last digit")


@case(
    "common/numbers/220",
    "Where nothing is held, zero is told.",
    requirement="Zero is zero: neither a tiny rest of a subtraction nor minus zero.",
    level=Level.SHOULD,
    needs=("balances", "place_order", "cancel_order"),
    world=POOR,
)
async def zero_is_zero(s: Session) -> None:
    await s.venue.deposit(ME, s.facts.pair.quote, MANY_DIGITS)
    order_id = await placed(s, **limit(s))
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    held = s.told((await balance(s, s.facts.pair.quote)).get("held"), "what is held")
    s.expect(Decimal(held) == 0 and not held.startswith("-"), "nothing is held", expected="0", seen=held)


@case(
    "common/numbers/230",
    "Quantities that were filled one by one add up without noise.",
    requirement="0.1 and 0.2 make 0.3: an order is complete when its quantity is filled, and an endless rest is none.",
    needs=("place_order", "order"),
)
async def sums_without_noise(s: Session) -> None:
    pair = s.facts.pair
    for qty in ("0.1", "0.2"):
        await offer(s, "sell", Decimal(qty))
    order_id = await placed(s, **limit(s, qty=Decimal("0.7")))
    order = (await s.client("order", symbol=pair.symbol, order_id=order_id))["order"]
    s.amount(order.get("filled_qty"), "0.3", "what is filled is the sum")
    s.amount(order.get("qty"), "0.7", "the quantity is the one asked for")


@case(
    "common/numbers/240",
    "Levels of the book keep all their digits.",
    requirement="A level's quantity is exact, down to the step of quantities.",
    needs=("book",),
)
async def book_keeps_digits(s: Session) -> None:
    pair = s.facts.pair
    qty = 40 * pair.qty + 16 * pair.lot
    price = pair.price + 3 * pair.tick
    await s.venue.place(OTHER, pair.symbol, "sell", qty, price)
    ((seen_price, seen_qty), *_) = (await s.client("book", symbol=pair.symbol))["book"]["asks"]
    s.amount(seen_price, price, "the price of the level, to the last digit")
    s.amount(seen_qty, qty, "the quantity of the level, to the last digit")


@case(
    "common/numbers/250",
    "Ids in lists are those of the venue, digit by digit.",
    requirement="Ids are names: a client that reads them as numbers gives them back changed.",
    needs=("place_order", "fills", "open_orders"),
)
async def ids_are_names(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.min_qty)
    order_id = await placed(s, **limit(s))
    fill = s.single((await s.client("fills", symbol=pair.symbol))["fills"], "one trade is one fill")
    order = s.single((await s.client("open_orders", symbol=pair.symbol))["orders"], "what is left of the order is open")
    s.equal(order["order_id"], order_id, "the list of orders names the order as the venue does")
    s.equal(s.member(fill, "order_id"), order_id, "the fill names the order as the venue does")
