"""Balances: what there is, what of it is held, and how it came to be."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ME, buy_cost, limit, offer, placed
from mockex.conformance.model import WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

NAMES = ("total", "available", "held")


async def balance(s: Session, currency: str) -> dict[str, Json]:
    """The client's row of a currency; zeros if it lists none, as some venues leave out what is not held."""
    rows = (await s.client("balances"))["balances"]
    found = [row for row in rows if row["currency"] == currency]
    s.expect(len(found) <= 1, "a currency is listed once", expected="one row", seen=rows)
    return found[0] if found else {"currency": currency, **dict.fromkeys(NAMES, "0")}


async def same_as_venue(s: Session, currency: str) -> None:
    """Fails unless the client tells what the venue has in its books."""
    wallets = (await s.venue.account(ME))["balances"]
    truth = wallets["spot"].get(currency, dict.fromkeys(NAMES, "0"))
    row = await balance(s, currency)
    for name in NAMES:
        s.amount(row.get(name), truth[name], f"{name} {currency}")


@case(
    "common/balances/010",
    "Balances are told as the venue has them.",
    requirement="A balance is what one has; a part of it may be held for orders.",
    needs=("balances",),
)
async def balances_are_true(s: Session) -> None:
    await same_as_venue(s, s.facts.pair.base)
    await same_as_venue(s, s.facts.pair.quote)


@case(
    "common/balances/020",
    "A resting order's money is held: not available, yet still there.",
    requirement="An order to buy holds its price times its quantity, at some venues with the fee, until it is filled or "
    "cancelled.",
    needs=("balances", "place_order"),
)
async def resting_order_holds(s: Session) -> None:
    pair = s.facts.pair
    before = Decimal((await s.venue.account(ME))["balances"]["spot"][pair.quote]["total"])
    await placed(s, **limit(s))
    row = await balance(s, pair.quote)
    cost = buy_cost(s, pair.price, pair.qty)
    s.amount(row.get("held"), cost, "what the order costs is held")
    s.amount(row.get("available"), before - cost, "what is held is not available")
    s.amount(row.get("total"), before, "nothing is spent yet")


@case(
    "common/balances/030",
    "An order to sell holds what it would sell.",
    requirement="An order to sell holds its quantity of base currency.",
    needs=("balances", "place_order"),
)
async def sell_order_holds_base(s: Session) -> None:
    await placed(s, **limit(s, "sell"))
    row = await balance(s, s.facts.pair.base)
    s.amount(row.get("held"), s.facts.pair.qty, "the quantity is held")


@case(
    "common/balances/040",
    "After a purchase the balances are those of the venue's books, fee included.",
    requirement="A trade moves both currencies, and a fee is taken from one of them.",
    needs=("balances", "place_order"),
)
async def trade_moves_both(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await placed(s, **limit(s))
    await same_as_venue(s, s.facts.pair.base)
    await same_as_venue(s, s.facts.pair.quote)


@case(
    "common/balances/050",
    "A cancelled order gives back all that it held.",
    requirement="Cancelling releases the hold.",
    needs=("balances", "place_order", "cancel_order"),
)
async def cancel_gives_back(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    row = await balance(s, s.facts.pair.quote)
    s.amount(row.get("held"), "0", "nothing is held any more")


@case(
    "common/balances/060",
    "A currency that one has none of is not told as if one had some.",
    requirement="What is not held may be left out of the list, or be zero.",
    needs=("balances",),
    world=WorldWish(balances={"alice": {}}),
)
async def nothing_is_nothing(s: Session) -> None:
    for currency in (s.facts.pair.base, s.facts.pair.quote):
        row = await balance(s, currency)
        for name in NAMES:
            if row.get(name) is not None:
                s.amount(row[name], "0", f"{name} {currency}")


async def ledger_sum(s: Session, currency: str) -> Decimal:
    """Of the amounts of all entries that the client tells of a currency."""
    entries = (await s.client("ledger", currency=currency))["entries"]
    return sum((Decimal(entry["amount"]) for entry in entries), Decimal(0))


@case(
    "common/balances/070",
    "The ledger explains the balance: its changes add up.",
    requirement="Every change of a balance has an entry with its amount.",
    needs=("place_order", "ledger"),
)
async def ledger_adds_up(s: Session) -> None:
    pair = s.facts.pair
    before = Decimal((await s.venue.account(ME))["balances"]["spot"][pair.base]["total"])
    told_before = await ledger_sum(s, pair.base)
    for side in ("sell", "buy"):
        await offer(s, side, pair.qty)
        await placed(s, **limit(s, "buy" if side == "sell" else "sell"))
    after = Decimal((await s.venue.account(ME))["balances"]["spot"][pair.base]["total"])
    told = await ledger_sum(s, pair.base) - told_before
    s.amount(format(told, "f"), after - before, "the entries of the trades add up to the change")


@case(
    "common/balances/080",
    "Ledger entries keep their sign.",
    requirement="What comes in is positive, what goes out is negative.",
    needs=("place_order", "ledger"),
)
async def ledger_keeps_signs(s: Session) -> None:
    pair = s.facts.pair
    told_before = await ledger_sum(s, pair.base)
    await offer(s, "buy", pair.qty)
    await placed(s, **limit(s, "sell"))
    told = await ledger_sum(s, pair.base) - told_before
    s.amount(format(told, "f"), -pair.qty, "selling takes away")


@case(
    "common/balances/090",
    "More ledger entries than fit one page are all found, each once.",
    requirement="Lists come in pages.",
    needs=("ledger", "paging"),
)
async def all_pages_of_the_ledger(s: Session) -> None:
    pair = s.facts.pair
    count = int(s.facts.numbers["page_rows"]) + 5
    await offer(s, "sell", count * pair.min_qty)
    for _ in range(count):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price)
    entries = (await s.client("ledger", currency=pair.base, all=True))["entries"]
    trades = [entry for entry in entries if entry.get("type") not in ("deposit", "transfer")]
    numbers = [s.member(entry, "id") for entry in trades]
    s.equal(len(numbers), len(set(numbers)), "no entry is found twice")
    s.expect(len(numbers) >= count, "every trade's entry is found", expected=f"{count} at least", seen=len(numbers))


@case(
    "common/balances/100",
    "Fee rates are told as costs.",
    requirement="Rates of makers and takers are fractions; a positive one is a cost.",
    needs=("fee_rates",),
)
async def fee_rates_are_costs(s: Session) -> None:
    rates = await s.client("fee_rates", symbol=s.facts.pair.symbol)
    s.amount(rates.get("maker"), s.facts.numbers["maker_rate"], "the maker's rate")
    s.amount(rates.get("taker"), s.facts.numbers["taker_rate"], "the taker's rate")


@case(
    "common/balances/110",
    "The key of one account shows that account's balances, whatever another has.",
    requirement="A key stands for its account.",
    needs=("balances",),
    world=WorldWish(balances={"alice": {"BTC": "1.5"}, "bob": {"BTC": "77"}}),
)
async def accounts_are_told_apart(s: Session) -> None:
    await same_as_venue(s, s.facts.pair.base)
    await s.start(credentials=s.world.keys["bob"].credentials())
    row = await balance(s, s.facts.pair.base)
    s.amount(row.get("total"), "77", "the other key shows the other account")
