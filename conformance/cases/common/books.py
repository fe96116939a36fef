"""Books: a local book that follows the stream is the venue's book, level by level, or is known not to be."""

from __future__ import annotations

import random
from decimal import Decimal

from mockex.conformance.cases.live import (
    MAKER,
    act,
    cadence,
    distrusts,
    followed,
    lost,
    open_taker,
    price,
    quote,
    renewed,
    shows,
    trade,
    watch,
)
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session
from mockex.conformance.trace import OUT

BOOK = ("stream_open", "book_watch", "book_view")


@case(
    "common/books/010",
    "The first whole book is shown level by level, best first.",
    requirement="The whole book comes first, with all its levels; bids are best at the highest price, asks at the lowest.",
    needs=BOOK,
)
async def first_book_is_shown(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in (2, 1, 3):
        await quote(s, "buy", price(s, -n), qty * n)
        await quote(s, "sell", price(s, n), qty * (n + 3))
    await watch(s)
    bids = [(price(s, -n), qty * n) for n in (1, 2, 3)]
    asks = [(price(s, n), qty * (n + 3)) for n in (1, 2, 3)]
    await shows(s, "the book is the venue's", bids=bids, asks=asks)


@case(
    "common/books/020",
    "A level that comes anew takes its place by price.",
    requirement="A change with a price that is not in the book is a new level.",
    needs=BOOK,
)
async def level_is_inserted(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in (2, 6):
        await quote(s, "buy", price(s, -n), qty)
        await quote(s, "sell", price(s, n), qty)
    await watch(s)
    steps = [2, 6]
    for fresh in (4, 8, 1):
        await quote(s, "buy", price(s, -fresh), qty)
        await quote(s, "sell", price(s, fresh), qty)
        await cadence(s)
        steps = sorted([*steps, fresh])
        bids, asks = ([(price(s, sign * n), qty) for n in steps] for sign in (-1, 1))
        await shows(s, "new levels stand in their place", bids=bids, asks=asks)
    await followed(s, "new levels are taken in without starting over")


@case(
    "common/books/030",
    "A changed level has the quantity that was sent, not a sum.",
    requirement="A change tells the whole quantity that a price has from now on.",
    needs=BOOK,
)
async def level_is_replaced(s: Session) -> None:
    qty = s.facts.pair.qty
    bid, ask = price(s, -1), price(s, 1)
    await quote(s, "buy", bid, qty)
    await quote(s, "sell", ask, qty)
    await watch(s)
    second = await quote(s, "buy", bid, qty * 3)
    await quote(s, "sell", ask, qty * 2)
    await cadence(s)
    await shows(s, "a level that grew", bids=[(bid, qty * 4)], asks=[(ask, qty * 3)])
    await s.venue.cancel(second)
    await cadence(s)
    await shows(s, "a level that shrank", bids=[(bid, qty)], asks=[(ask, qty * 3)])
    await followed(s, "changed levels are taken in without starting over")


@case(
    "common/books/040",
    "A level that is gone is taken out, wherever it stood.",
    requirement="A change with quantity 0 deletes its price.",
    needs=BOOK,
)
async def level_is_deleted(s: Session) -> None:
    qty = s.facts.pair.qty
    orders = {
        (side, n): await quote(s, side, price(s, sign * n), qty * n)
        for side, sign in (("buy", -1), ("sell", 1))
        for n in range(1, 6)
    }
    await watch(s)
    left = [1, 2, 3, 4, 5]
    for gone in (3, 1, 5):
        for side in ("buy", "sell"):
            await s.venue.cancel(orders[side, gone])
        await cadence(s)
        left.remove(gone)
        bids, asks = ([(price(s, sign * n), qty * n) for n in left] for sign in (-1, 1))
        await shows(s, "a cancelled level is gone", bids=bids, asks=asks)
    await followed(s, "deleted levels are taken in without starting over")


@case(
    "common/books/050",
    "A trade takes away what it met, level after level.",
    requirement="What is traded leaves the book; a part that is left stays at its price.",
    needs=BOOK,
)
async def trades_eat_levels(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    for n in range(1, 5):
        await quote(s, "sell", price(s, n), pair.qty * 2)
    await watch(s)
    await s.venue.place("carol", pair.symbol, "buy", pair.qty * 5, price(s, 3))
    await cadence(s)
    await shows(s, "what was bought is gone", asks=[(price(s, 3), pair.qty), (price(s, 4), pair.qty * 2)])
    await followed(s, "trades are taken in without starting over")


@case(
    "common/books/060",
    "A side may be empty, and so may the book.",
    requirement="A book without bids, without asks or without either is a book.",
    needs=BOOK,
)
async def sides_may_be_empty(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await shows(s, "an empty book")
    bid = await quote(s, "buy", price(s, -1), qty)
    await cadence(s)
    await shows(s, "a book of bids alone", bids=[(price(s, -1), qty)])
    await s.venue.cancel(bid)
    ask = await quote(s, "sell", price(s, 1), qty)
    await cadence(s)
    await shows(s, "a book of asks alone", asks=[(price(s, 1), qty)])
    await s.venue.cancel(ask)
    await cadence(s)
    await shows(s, "a book that has become empty")
    await followed(s, "empty sides are taken in without starting over")


@case(
    "common/books/070",
    "Levels are sorted as numbers, not as text.",
    requirement="A price with more digits is a higher price.",
    needs=BOOK,
)
async def prices_are_numbers(s: Session) -> None:
    pair = s.facts.pair
    edge = Decimal(10) ** pair.price.adjusted()
    below, above = edge - pair.tick * 10, edge + pair.tick * 10
    for at in (below, edge, above):
        await quote(s, "buy", at, pair.qty)
    await watch(s)
    await shows(s, "bids by number", bids=[(at, pair.qty) for at in (above, edge, below)])
    await quote(s, "sell", edge * 9, pair.qty)
    await quote(s, "sell", edge * 10, pair.qty)
    await cadence(s)
    await shows(
        s,
        "asks by number",
        bids=[(at, pair.qty) for at in (above, edge, below)],
        asks=[(edge * 9, pair.qty), (edge * 10, pair.qty)],
    )


@case(
    "common/books/080",
    "Two books on one connection are kept apart.",
    requirement="Each change names its instrument.",
    needs=BOOK,
)
async def two_books_are_kept_apart(s: Session) -> None:
    one, other = s.facts.pairs[:2]
    await quote(s, "buy", one.price, one.qty, symbol=one.symbol)
    await watch(s, one.symbol)
    await watch(s, other.symbol)
    await quote(s, "buy", other.price, other.qty, symbol=other.symbol)
    await quote(s, "sell", one.price * 2, one.qty, symbol=one.symbol)
    await cadence(s)
    await shows(s, f"the book of {other.symbol}", bids=[(other.price, other.qty)], symbol=other.symbol)
    bids, asks = [(one.price, one.qty)], [(one.price * 2, one.qty)]
    await shows(s, f"the book of {one.symbol}", bids=bids, asks=asks, symbol=one.symbol)


@case(
    "common/books/090",
    "A book that is watched again is the one of then, not the one of before.",
    requirement="Who follows a book anew begins with the whole book, which replaces whatever was known.",
    needs=(*BOOK, "book_unwatch"),
)
async def watched_again(s: Session) -> None:
    qty = s.facts.pair.qty
    old = [await quote(s, "buy", price(s, -n), qty) for n in (1, 2)]
    symbol = await watch(s)
    await shows(s, "the book at first", bids=[(price(s, -n), qty) for n in (1, 2)])
    await s.client("book_unwatch", symbol=symbol)
    for order in old:
        await s.venue.cancel(order)
    await quote(s, "buy", price(s, -3), qty)
    await cadence(s)
    await watch(s)
    await shows(s, "the book when watched again", bids=[(price(s, -3), qty)])


@case(
    "common/books/100",
    "A level deep in the book is followed like the best one.",
    requirement="The stream has many levels of each side, and a change of any of them is sent.",
    needs=BOOK,
)
async def deep_levels_are_followed(s: Session) -> None:
    qty = s.facts.pair.qty
    orders = [await quote(s, "sell", price(s, n), qty) for n in range(40)]
    await watch(s)
    await s.venue.cancel(orders[35])
    await quote(s, "sell", price(s, 38), qty)
    await quote(s, "sell", price(s, 40), qty)
    await cadence(s)
    asks = [(price(s, n), qty * 2 if n == 38 else qty) for n in range(41) if n != 35]
    await shows(s, "levels beyond the thirtieth", asks=asks)
    await followed(s, "deep levels are taken in without starting over")


@case(
    "common/books/110",
    "After a long churn the book is the venue's, to the last level.",
    requirement="However many changes are merged, none is lost and none stays behind.",
    needs=BOOK,
)
async def churn_is_followed(s: Session) -> None:
    qty = s.facts.pair.qty
    chance = random.Random("churn")
    resting: dict[str, tuple[str, int, int]] = {}
    await watch(s)
    for n in range(120):
        if resting and chance.random() < 0.45:
            gone = chance.choice(list(resting))
            del resting[gone]
            await s.venue.cancel(gone)
        else:
            side, steps, lots = chance.choice(("buy", "sell")), chance.randint(1, 30), chance.randint(1, 9)
            at = price(s, -steps if side == "buy" else steps)
            resting[await quote(s, side, at, qty * lots)] = (side, steps, lots)
        if n % 4 == 3:
            await cadence(s)
    await cadence(s)
    levels: dict[str, dict[int, int]] = {"buy": {}, "sell": {}}
    for side, steps, lots in resting.values():
        levels[side][steps] = levels[side].get(steps, 0) + lots
    bids = [(price(s, -steps), qty * lots) for steps, lots in sorted(levels["buy"].items())]
    asks = [(price(s, steps), qty * lots) for steps, lots in sorted(levels["sell"].items())]
    await shows(s, "the book after a churn", bids=bids, asks=asks)
    await followed(s, "a churn is taken in without starting over")


@case(
    "common/books/120",
    "A renewed connection brings a new book, and nothing of the old one stays.",
    requirement="What changed while the connection was lost was never sent: only a new whole book tells it.",
    needs=(*BOOK, "reconnect"),
)
async def renewed_book_replaces(s: Session) -> None:
    qty = s.facts.pair.qty
    old = [await quote(s, "buy", price(s, -n), qty) for n in (1, 2, 3)]
    await watch(s)
    name = s.facts.channel("any_book", symbol=s.facts.pair.symbol)
    rule = {"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}}
    await s.venue.plan(rule)
    since = await s.wire.mark()
    await s.venue.cancel(old[0])
    await cadence(s)
    await lost(s, since=since)
    await s.venue.cancel(old[1])
    await quote(s, "sell", price(s, 5), qty)
    await renewed(s, [name], "the client follows the book again", since=since)
    bids, asks = [(price(s, -3), qty)], [(price(s, 5), qty)]
    await shows(s, "the book on the new connection", bids=bids, asks=asks)


@case(
    "common/books/130",
    "While the connection is lost, the book is not called in sync.",
    requirement="A book that nobody tells of changes is only history.",
    needs=(*BOOK, "clock", "elapse"),
)
async def lost_book_is_distrusted(s: Session) -> None:
    qty = s.facts.pair.qty
    order = await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await shows(s, "the book at first", bids=[(price(s, -1), qty)])
    name = s.facts.channel("any_book", symbol=s.facts.pair.symbol)
    loss = {"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}}
    await s.venue.plan(loss, {"what": {"action": "refuse", "status": 503}})
    since = await s.wire.mark()
    await s.venue.cancel(order)
    await cadence(s)
    await lost(s, since=since)
    await act(s)
    await distrusts(s, "a book without a connection is not called in sync")


@case(
    "common/books/140",
    "Changes that come in quick succession are all taken in.",
    requirement="Changes wait for nobody: several may lie in the socket before the client reads the first.",
    needs=BOOK,
)
async def bursts_are_followed(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    for n in range(1, 31):
        await quote(s, "buy" if n % 2 else "sell", price(s, -n if n % 2 else n), qty * n)
        await cadence(s)
    bids = [(price(s, -n), qty * n) for n in range(1, 31, 2)]
    asks = [(price(s, n), qty * n) for n in range(2, 31, 2)]
    await shows(s, "the book after a burst", bids=bids, asks=asks)
    await followed(s, "a burst is taken in without starting over")


@case(
    "common/books/150",
    "A book that is watched no more is unsubscribed.",
    requirement="An ended subscription costs neither side anything.",
    level=Level.SHOULD,
    needs=(*BOOK, "book_unwatch"),
)
async def unwatched_is_unsubscribed(s: Session) -> None:
    qty = s.facts.pair.qty
    symbol = await watch(s)
    await s.client("book_unwatch", symbol=symbol)
    since = await s.wire.mark()
    await s.venue.place(MAKER, symbol, "buy", qty, price(s, -1))
    await cadence(s)
    await s.client.settle()
    pushed = await s.wire.entries(OUT, since=since, where=lambda each: each["channel"] is not None)
    s.expect(not pushed, "nothing is sent any more", expected="no push", seen=f"{len(pushed)} pushes", at=pushed)


@case(
    "common/books/160",
    "A book is followed beside other channels of the same connection.",
    requirement="Pushes are told apart by channel and instrument together.",
    needs=(*BOOK, "subscribe", "subscribe.trades"),
)
async def book_beside_other_channels(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await quote(s, "buy", price(s, -1), pair.qty)
    symbol = await watch(s)
    await s.client("subscribe", channel="trades", symbol=symbol)
    for n in (4, 3, 2):
        await trade(s, pair.qty, price(s, n))
        await quote(s, "sell", price(s, n), pair.qty)
        await cadence(s)
    asks = [(price(s, n), pair.qty) for n in (2, 3, 4)]
    await shows(s, "the book beside trades", bids=[(price(s, -1), pair.qty)], asks=asks)
    await followed(s, "pushes of other channels do not disturb the book")
