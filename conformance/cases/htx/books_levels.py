"""What is in HTX's incremental books: the best levels only, numbers as Java prints them, after whatever happened (htx§5)."""

from __future__ import annotations

import random
from decimal import Decimal

from mockex.conformance.cases.htx.books import BEAT_S, BOOK, CHAIN, beat, mended, struck
from mockex.conformance.cases.live import MAKER, act, cadence, price, quote, shows, watch
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

LEVELS = 150
FINE = "shibusdt"


@case(
    "htx/books/200",
    "A level that comes into the best 150 is there, and one that is pushed out does not stay.",
    requirement="The topic has 150 levels a side: when better ones go, the next come in; when better ones come, the worst go.",
    source="htx§5",
    needs=BOOK,
)
async def window_of_levels(s: Session) -> None:
    qty = s.facts.pair.qty
    orders = {n: await quote(s, "buy", price(s, -n), qty * n) for n in range(11, LEVELS + 31)}
    await watch(s)
    await beat(s)
    for n in range(1, 11):
        orders[n] = await quote(s, "buy", price(s, -n), qty * n)
    await beat(s)
    for n in (*range(LEVELS, LEVELS + 11), *range(1, 31)):
        await s.venue.cancel(orders.pop(n))
    await beat(s, 2)
    expected = [(price(s, -n), qty * n) for n in sorted(orders)]
    assert len(expected) < LEVELS, "the book is to fit the topic"
    await shows(s, "the book after levels came and went", bids=expected)


@case(
    "htx/books/210",
    "Prices and sizes that the venue prints with an exponent are those of the book.",
    requirement="Numbers are printed as Java prints doubles: 1.81E-5 and 4.0E7.",
    source="htx§3",
    provenance=Provenance.OBSERVED,
    needs=BOOK,
)
async def exponents_in_books(s: Session) -> None:
    await s.venue.deposit(MAKER, "SHIB", "100000000000")
    await s.venue.deposit(MAKER, "USDT", "10000000")
    bids = [(Decimal("0.0000181"), Decimal("40000000")), (Decimal("0.000009121"), Decimal("12345678.9"))]
    for at, qty in bids:
        await s.venue.place(MAKER, FINE, "buy", qty, at)
    await watch(s, FINE)
    await shows(s, "the image", bids=bids, symbol=FINE)
    bids.append((Decimal("0.0000000007"), Decimal("7200000000")))
    await s.venue.place(MAKER, FINE, "buy", bids[-1][1], bids[-1][0])
    await beat(s, 2)
    await shows(s, "the book after an increment", bids=bids, symbol=FINE)


@case(
    "htx/books/220",
    "After increments were lost, doubled and swapped, the book comes to be the venue's again.",
    requirement=CHAIN,
    source="htx§5",
    needs=BOOK,
)
async def disturbed_stream(s: Session) -> None:
    pair = s.facts.pair
    await watch(s)
    where = {"channel": s.facts.channel("any_book", symbol=pair.symbol)}
    rules = [{"where": where, "when": {"percent": "12"}, "what": {"action": each}} for each in ("drop", "duplicate", "reorder")]
    await s.venue.plan(*rules, seed=7)
    chance = random.Random("disturbed")
    levels: dict[int, list[str]] = {}
    for _ in range(60):
        steps = chance.randint(1, 12)
        if levels.get(steps) and chance.random() < 0.5:
            await s.venue.cancel(levels[steps].pop())
        else:
            levels.setdefault(steps, []).append(await quote(s, "buy", price(s, -steps), pair.qty))
        await s.venue.advance(BEAT_S)
    await struck(s)
    await s.venue.clear_faults()
    await cadence(s)
    for _ in range(5):
        await act(s)
    bids = [(price(s, -steps), pair.qty * len(levels[steps])) for steps in sorted(levels) if levels[steps]]
    await mended(s, "the book after disturbances", bids=bids)
