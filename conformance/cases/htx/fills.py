"""HTX's fills and balances: fees in what was received, three ids of a fill, two rows of a currency (htx§3.3, §3.4)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, newest, offer, placed
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import RESPONSE

RATE = Decimal("0.002")  # htx§4.5


async def fills_of(s: Session, **of: Json) -> list[Json]:
    found: list[Json] = (await s.client("fills", symbol=s.facts.pair.symbol, **of))["fills"]
    return found


@case(
    "htx/fills/010",
    "The fee of a purchase is taken from what was bought, to the last of 18 decimals.",
    requirement="A fee is 0.2 % of what is received: base currency for a purchase, quote currency for a sale.",
    source="htx§4.5",
    needs=("place_order", "fills"),
)
async def fee_of_a_purchase(s: Session) -> None:
    pair = s.facts.pair
    qty = pair.qty + pair.lot
    await offer(s, "sell", qty)
    await s.client("place_order", **limit(s, qty=qty))
    fill = s.single(await fills_of(s), "one trade is one fill")
    s.amount(fill.get("fee"), qty * RATE, "the fee, exactly")
    s.equal(str(s.member(fill, "fee_currency")).lower(), pair.base.lower(), "in the currency that was bought")


@case(
    "htx/fills/020",
    "Fills of one match are told apart.",
    requirement="A fill has an `id` of its own, the `match-id` of all fills of its match, and the `trade-id` of the trade.",
    source="htx§3.4",
    needs=("place_order", "fills"),
)
async def fills_of_one_match(s: Session) -> None:
    pair = s.facts.pair
    for step in range(3):
        await offer(s, "sell", pair.qty, pair.price + step * pair.tick)
    await s.client("place_order", **limit(s, price=pair.price + 5 * pair.tick, qty=3 * pair.qty))
    told = [s.member(row, "trade_id") for row in await fills_of(s)]
    truth = [fill["trade_id"] for fill in (await s.venue.order(str((await newest(s))["order_id"])))["fills"]]
    s.expect(len(told) == 3 == len(set(told)), "three fills have three ids", expected="3 ids", seen=told)
    s.equal(sorted(told), sorted(truth), "they are those of the trades")


@case(
    "htx/fills/030",
    "A trade with oneself is two fills, one as maker and one as taker.",
    requirement="The venue lets an account trade with itself unless an order says otherwise: both sides are filled, and pay.",
    source="htx§4.7",
    needs=("place_order", "fills"),
)
async def trade_with_oneself(s: Session) -> None:
    resting = await placed(s, **limit(s, "sell"))
    taking = await placed(s, **limit(s, "buy"))
    assert (await s.venue.order(taking))["status"] == "filled", "an account trades with itself here"
    rows = {row["order_id"]: row for row in await fills_of(s)}
    s.equal(sorted(rows), sorted([resting, taking]), "each order has its fill")
    for order_id, role in ((resting, "maker"), (taking, "taker")):
        s.equal(s.member(rows[order_id], "role"), role, f"the role of the {role}")


@case(
    "htx/fills/040",
    "Fills of one order are asked for by its own path, and are its own.",
    requirement="/v1/order/orders/{id}/matchresults has the fills of an order; the list of all fills has no such filter.",
    source="htx§3.4",
    needs=("place_order", "fills"),
)
async def fills_of_one_order(s: Session) -> None:
    pair = s.facts.pair
    orders = []
    for step in range(2):
        await offer(s, "sell", pair.qty, pair.price - step * pair.tick)
        orders.append(await placed(s, **limit(s, price=pair.price)))
    for n, order_id in enumerate(orders):
        fill = s.single(await fills_of(s, order_id=order_id), "the order has one fill")
        s.equal(s.member(fill, "order_id"), order_id, "it is the order's")
        s.amount(fill.get("price"), pair.price - n * pair.tick, "at the order's price")


@case(
    "htx/fills/050",
    "What a budget bought is told with all its decimals, fill by fill.",
    requirement="A budget buys a quantity of up to 18 decimals: finer than any order's, and than a binary fraction.",
    source="htx§4.1",
    needs=("place_order", "place_order.market", "fills"),
)
async def fine_quantities(s: Session) -> None:
    await s.venue.deposit(OTHER, "TRX", "1000")
    await s.venue.place(OTHER, "trxusdt", "sell", "500", "0.338")
    await s.client("place_order", symbol="trxusdt", side="buy", type="market", notional="50")
    truth = s.single((await s.venue.order(str((await newest(s))["order_id"])))["fills"], "one fill")
    fill = s.single((await s.client("fills", symbol="trxusdt"))["fills"], "one trade is one fill")
    assert len(str(truth["qty"]).partition(".")[2]) > 10, "this case needs many decimals"
    s.amount(fill.get("qty"), truth["qty"], "the quantity, to the last digit")


# --- balances


@case(
    "htx/balances/010",
    "A currency is one balance, though it has two rows.",
    requirement="A list of balances has a row of type trade and one of type frozen for each currency; together they are the "
    "balance.",
    source="htx§3.3",
    needs=("balances", "place_order"),
)
async def two_rows_one_balance(s: Session) -> None:
    pair = s.facts.pair
    await s.client("place_order", **limit(s, "sell"))
    rows = (await s.client("balances"))["balances"]
    row = s.single([each for each in rows if each["currency"].lower() == pair.base.lower()], "the currency is told once")
    truth = (await s.venue.account(ME))["balances"]["spot"][pair.base]
    s.amount(row.get("total"), truth["total"], "its total is both rows together")
    s.amount(row.get("available"), truth["available"], "what is available is the row of type trade")
    s.amount(row.get("held"), pair.qty, "what is held is the row of type frozen")


@case(
    "htx/balances/020",
    "The balance is that of the account that trades, not of another one of the same user.",
    requirement="A user has several accounts, such as spot and otc; each has balances of its own.",
    source="htx§3.3",
    needs=("balances",),
    world=WorldWish(balances={ME: {"BTC": "2"}}),
)
async def the_right_account(s: Session) -> None:
    await s.venue.deposit(ME, "BTC", "7", wallet="funding")
    rows = (await s.client("balances"))["balances"]
    row = s.single([each for each in rows if each["currency"].lower() == "btc"], "the currency is told once")
    s.amount(row.get("total"), "2", "what the spot account has")


@case(
    "htx/balances/030",
    "The newest change comes first, though the venue begins with the oldest.",
    requirement="/v1/account/history sorts ascending unless it is asked for desc: the first page without it is the oldest one.",
    source="htx§3.3",
    needs=("ledger",),
    world=WorldWish(balances={ME: {}}),
)
async def newest_change_first(s: Session) -> None:
    for n in range(1, 131):
        await s.venue.deposit(ME, "USDT", str(n))
    entries = (await s.client("ledger", currency="USDT"))["entries"]
    s.expect(entries, "changes are told", expected="entries", seen="none")
    s.amount(entries[0]["amount"], "130", "the newest change is the first")


@case(
    "htx/balances/040",
    "What the ledger calls a balance is the whole one, not what is available.",
    requirement="`acct-balance` is the balance, `avail-balance` what of it is available.",
    source="htx§3.3",
    needs=("ledger", "place_order"),
)
async def whole_balance(s: Session) -> None:
    pair = s.facts.pair
    await s.client("place_order", **limit(s))
    await s.venue.deposit(ME, pair.quote, "123")
    newest_entry = (await s.client("ledger", currency=pair.quote))["entries"][0]
    truth = (await s.venue.account(ME))["balances"]["spot"][pair.quote]["total"]
    s.amount(newest_entry["amount"], "123", "the newest change is the deposit")
    s.amount(newest_entry.get("balance"), truth, "the balance is the whole one")


@case(
    "htx/balances/050",
    "The list of accounts is asked for once, not with every order.",
    requirement="The number of an account never changes: asking for it before every order doubles the way of each.",
    source="htx§3.3",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("place_order",),
)
async def accounts_are_asked_for_once(s: Session) -> None:
    for _ in range(4):
        await s.client("place_order", **limit(s, qty=s.facts.pair.min_qty))
    asked = await s.wire.entries("request", where=lambda each: each.path == "/v1/account/accounts")
    s.expect(len(asked) <= 1, "accounts are asked for once", expected="1 request", seen=f"{len(asked)} requests", at=asked)
    answers = await s.wire.entries(RESPONSE, where=lambda each: bool(each.get("error")))
    s.expect(not answers, "and every order is placed", expected="no error", seen=f"{len(answers)} errors", at=answers)
