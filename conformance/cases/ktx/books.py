"""KTX's books on the stream: whole at first, then what has changed, without a mark that tells the two apart (ktx§8)."""

from __future__ import annotations

import random
from decimal import Decimal

from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.live import book_subscriptions, cadence, followed, open_taker, price, quote, shows, trade, watch
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session

BOOK = ("stream_open", "book_watch", "book_view")
ONE, TWO, THREE = Decimal(1), Decimal(2), Decimal(3)


def channel(s: Session) -> str:
    """A pattern for every stream of the book."""
    return s.facts.channel("any_book", symbol=s.facts.pair.symbol)


async def plan(s: Session, action: str, nth: int = 1) -> None:
    """Something becomes of one of the next pushes of the book."""
    await s.venue.plan({"where": {"channel": channel(s)}, "when": {"nth": nth}, "what": {"action": action}})


@case(
    "ktx/books/010",
    "A change replaces a quantity, and zero takes the level away.",
    requirement="The first message is the whole book, later ones have what has changed: with bids of 1 at 100 and 2 at 99, a "
    "message of 0 at 100 and 3 at 99 leaves 3 at 99.",
    source="ktx§8",
    needs=BOOK,
)
async def worked_example(s: Session) -> None:
    best = await quote(s, "buy", Decimal(100), ONE)
    await quote(s, "buy", Decimal(99), TWO)
    await watch(s)
    await shows(s, "the whole book", bids=[(Decimal(100), ONE), (Decimal(99), TWO)])
    await s.venue.cancel(best)
    await quote(s, "buy", Decimal(99), ONE)
    await cadence(s)
    await shows(s, "the book after the change", bids=[(Decimal(99), THREE)])


@case(
    "ktx/books/020",
    "A level that moves into the window is told, and one that leaves it is gone.",
    requirement="A stream has so many levels of each side: those that enter are sent, those that leave are sent with 0, so "
    "that the book is always the best ones.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=BOOK,
)
async def levels_enter_and_leave(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    name = str((await book_subscriptions(s))[-1]["channel"])
    depth = int(name.rpartition(".")[2])
    orders = [await quote(s, "buy", price(s, -n), qty) for n in range(1, depth + 6)]
    await cadence(s)
    await shows(s, "the best levels", bids=[(price(s, -n), qty) for n in range(1, depth + 1)])
    for order in orders[1:3]:
        await s.venue.cancel(order)
    await cadence(s)
    kept = [1, *range(4, depth + 3)]
    await shows(s, "two levels have moved up", bids=[(price(s, -n), qty) for n in kept])
    await quote(s, "buy", price(s, 0), qty)
    await cadence(s)
    await shows(s, "a better level has come", bids=[(price(s, -n), qty) for n in (0, *kept[:-1])])


@case(
    "ktx/books/030",
    "A change that is older than the book is passed over.",
    requirement="`i` ascends from message to message: one that is not above the last is old, and changes nothing.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=BOOK,
)
async def old_changes(s: Session) -> None:
    qty = s.facts.pair.qty
    first = await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await plan(s, "reorder")
    await quote(s, "buy", price(s, -1), 4 * qty)
    await cadence(s)
    await s.venue.cancel(first)
    await cadence(s)
    await quote(s, "sell", price(s, 9), qty)
    await cadence(s)
    await shows(s, "the newer quantity stands", bids=[(price(s, -1), 4 * qty)], asks=[(price(s, 9), qty)])


@case(
    "ktx/books/040",
    "A book that crosses is asked for anew.",
    requirement="Messages have no count without gaps: that one is missing shows in a book whose bids meet its asks. Then only "
    "another subscription brings a whole book.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=BOOK,
)
async def crossed_book(s: Session) -> None:
    qty = s.facts.pair.qty
    best = await quote(s, "sell", price(s, 1), qty)
    await quote(s, "sell", price(s, 8), qty)
    await watch(s)
    await plan(s, "drop")
    await s.venue.cancel(best)
    await cadence(s)
    await quote(s, "buy", price(s, 3), qty)
    await cadence(s)
    await shows(s, "the book is whole again", bids=[(price(s, 3), qty)], asks=[(price(s, 8), qty)])


@case(
    "ktx/books/050",
    "A whole book is taken in although its number is not above the last.",
    requirement="A new subscription begins with the whole book of that moment: where nothing has changed since, its `i` is "
    "that of the last message.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=(*BOOK, "book_unwatch"),
)
async def same_number_again(s: Session) -> None:
    qty = s.facts.pair.qty
    symbol = await watch(s)
    await quote(s, "buy", price(s, -1), qty)
    await cadence(s)
    await shows(s, "the book at first", bids=[(price(s, -1), qty)])
    for _ in range(2):
        await s.client("book_unwatch", symbol=symbol)
        await watch(s)
        await shows(s, "the book of the next subscription", bids=[(price(s, -1), qty)])


@case(
    "ktx/books/060",
    "A followed book is the one that a request brings.",
    requirement="The whole book and all changes since are what GET /v1/order_book says at that moment.",
    source="ktx§8",
    needs=(*BOOK, "book"),
)
async def same_as_by_request(s: Session) -> None:
    pair = s.facts.pair
    chance = random.Random("orders")
    await open_taker(s)
    symbol = await watch(s)
    for n in range(40):
        side = chance.choice(("buy", "sell"))
        steps = chance.randint(1, 12)
        await quote(s, side, price(s, -steps if side == "buy" else steps), chance.randint(1, 5) * pair.qty)
        if n % 9 == 8:
            await trade(s, pair.qty, price(s, 0))
        if n % 5 == 4:
            await cadence(s)
    await cadence(s)
    asked = (await s.client("book", symbol=symbol))["book"]
    levels = {side: [(Decimal(at), Decimal(qty)) for at, qty in asked[side]] for side in ("bids", "asks")}
    await shows(s, "both books are one", bids=levels["bids"], asks=levels["asks"])
    await followed(s, "the changes are taken in without starting over")


@case(
    "ktx/books/070",
    "Whoever hands changes of a book on hands on also what has gone.",
    requirement="Changes have levels of quantity 0, which are to be deleted: without them a level would stay for ever.",
    source="ktx§8",
    level=Level.SHOULD,
    needs=("stream_open", "subscribe", "next_event", "subscribe.book"),
)
async def zeros_are_handed_on(s: Session) -> None:
    pair = s.facts.pair
    resting = await quote(s, "buy", price(s, -1), pair.qty)
    await quote(s, "buy", price(s, -2), pair.qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", symbol=pair.symbol)
    await cadence(s)
    first = await s.client("next_event", channel="book", symbol=pair.symbol, timeout_ms=1_500)
    s.expect(first["event"] is not None, "the book is told at once", expected="a book", seen="none")
    both = [(price(s, -1), pair.qty), (price(s, -2), pair.qty)]
    same_levels(s, first["event"]["book"]["bids"], both, "the whole book")
    await s.venue.cancel(resting)
    await cadence(s)
    then = await s.client("next_event", channel="book", symbol=pair.symbol, timeout_ms=1_500)
    s.expect(then["event"] is not None, "the change is told", expected="a book", seen="none")
    bids = then["event"]["book"]["bids"]
    told = {Decimal(at): Decimal(qty) for at, qty in bids}
    whole = {price(s, -2): pair.qty}
    change = {price(s, -1): Decimal(0)}
    s.expect(told in (whole, change), "the change is told, or the book after it", expected="0 at the best price", seen=bids)
