"""HTX's incremental books: numbered changes in a chain, and an image that is asked for (htx§5)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.htx.streams import said
from mockex.conformance.cases.htx.words import REQ, SUB, message
from mockex.conformance.cases.live import (
    act,
    book_subscriptions,
    distrusts,
    lost,
    price,
    quote,
    renewed,
    shows,
    watch,
)
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import FAULT, OUT, Entry

BOOK = ("stream_open", "book_watch", "book_view")
TIMED = ("clock", "elapse")

BEAT_S = Decimal("0.1")  # htx§5: of the books of 150 and 400 levels
LEVELS = 150
FINE = "shibusdt"

CHAIN = (
    "Increments form a chain: `prevSeqNum` is the `seqNum` of the one before. A broken chain means that something is missing, "
    "and the book has to be asked for anew."
)


async def images(s: Session, symbol: str | None = None, *, since: int = 0) -> list[Entry]:
    """The client's requests for a whole book."""
    topic = f"market.{symbol or s.facts.pair.symbol}.mbp."

    def is_of_book(entry: Entry) -> bool:
        found = message(entry)
        return found is not None and any(each.startswith(topic) for each in found.topics)

    return [each for each in await said(s, REQ, since=since) if is_of_book(each)]


async def fault(s: Session, action: str, *, symbol: str | None = None, **when: object) -> None:
    """At the next increment, unless `when` says otherwise."""
    where = {"channel": s.facts.channel("any_book", symbol=symbol or s.facts.pair.symbol)}
    await s.venue.plan({"where": where, "when": when or {"nth": 1}, "what": {"action": action}})


async def struck(s: Session, *, since: int = 0) -> None:
    """A case without its fault shows nothing."""
    assert await s.wire.wait(FAULT, since=since), "the planned fault did not strike"


async def beat(s: Session, count: int = 1) -> None:
    """So many increments come, each with what has changed since the one before."""
    for _ in range(count):
        await s.venue.advance(BEAT_S)
        await s.client.settle()


async def never_in_doubt(s: Session, what: str, *, since: int) -> None:
    """CaseFailed if the client has asked for the book since then: it took what was right for wrong."""
    await s.client.settle()
    asked = [*await images(s, since=since), *await book_subscriptions(s, since=since)]
    s.expect(not asked, what, expected="no request for the book", seen=f"{len(asked)} requests", at=asked)


async def mended(s: Session, what: str, *, bids: list[tuple[Decimal, Decimal]], symbol: str | None = None) -> None:
    """The book comes to be right. Gives the client its time, and the venue its beats."""
    for _ in range(5):
        await beat(s)
        await s.client.settle()
        view = await s.client("book_view", symbol=symbol or s.facts.pair.symbol)
        if view["in_sync"]:
            break
        await act(s)
    await shows(s, what, bids=bids, symbol=symbol)


# --- the chain


@case(
    "htx/books/010",
    "Increments without a change break nothing.",
    requirement="Books of 150 and 400 levels are told of every 100 ms even when nothing has changed; both numbers may then be "
    "the same.",
    source="htx§5",
    needs=BOOK,
)
async def empty_increments(s: Session) -> None:
    qty = s.facts.pair.qty
    await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    since = await s.wire.mark()
    await beat(s, 20)
    await shows(s, "the book after 2 s without a change", bids=[(price(s, -1), qty)])
    await quote(s, "buy", price(s, -2), qty)
    await beat(s, 2)
    await shows(s, "the book after a change", bids=[(price(s, -1), qty), (price(s, -2), qty)])
    await never_in_doubt(s, "empty increments are no gap", since=since)


@case(
    "htx/books/020",
    "Numbers that leap are no gap as long as the chain holds.",
    requirement=f"{CHAIN} The numbers themselves may leap by any amount.",
    source="htx§5",
    needs=BOOK,
)
async def leaping_numbers(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s, 2)
    since = await s.wire.mark()
    for n in range(1, 8):
        await quote(s, "buy", price(s, -n), qty)
        if n in (3, 7):
            await beat(s)
    await shows(s, "the book after leaps", bids=[(price(s, -n), qty) for n in range(1, 8)])
    await never_in_doubt(s, "leaps are no gap", since=since)


@case(
    "htx/books/030",
    "A lost increment is noticed by the next one, and the book mended.",
    requirement=CHAIN,
    source="htx§5",
    needs=BOOK,
)
async def lost_increment(s: Session) -> None:
    qty = s.facts.pair.qty
    await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await beat(s)
    await fault(s, "drop")
    await quote(s, "buy", price(s, -2), qty)
    await beat(s)
    await struck(s)
    await quote(s, "buy", price(s, -3), qty)
    await mended(s, "the book after a lost increment", bids=[(price(s, -n), qty) for n in (1, 2, 3)])


@case(
    "htx/books/040",
    "A book with a gap is not called in sync before it was asked for anew.",
    requirement=f"{CHAIN} Until the answer is there, nobody should trade on the book.",
    source="htx§5",
    needs=BOOK,
)
async def gap_is_told(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s)
    channel = s.facts.channel("any_book", symbol=s.facts.pair.symbol)
    unanswered = {"where": {"operation": "*"}, "what": {"action": "error", "code": "base-system-error"}}
    await s.venue.plan({"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "drop"}}, unanswered)
    await quote(s, "buy", price(s, -2), qty)
    await beat(s)
    await struck(s)
    await quote(s, "buy", price(s, -3), qty)
    await beat(s)
    await distrusts(s, "a book with a gap is not in sync")
    await s.venue.clear_faults()
    await act(s, 5)
    await mended(s, "the book after the answer", bids=[(price(s, -n), qty) for n in (2, 3)])


@case(
    "htx/books/050",
    "An increment that comes twice counts once.",
    requirement=f"{CHAIN} What is not newer than the book is in it already.",
    source="htx§5",
    provenance=Provenance.PROPOSED,
    needs=BOOK,
)
async def doubled_increment(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s)
    await fault(s, "duplicate", first=3)
    for n in (1, 2, 3):
        await quote(s, "buy", price(s, -n), qty)
        await beat(s)
    await struck(s)
    await mended(s, "the book after doubled increments", bids=[(price(s, -n), qty) for n in (1, 2, 3)])


@case(
    "htx/books/060",
    "Increments that come in the wrong order do not stay in the book.",
    requirement=CHAIN,
    source="htx§5",
    provenance=Provenance.PROPOSED,
    needs=BOOK,
)
async def swapped_increments(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s)
    await fault(s, "reorder")
    order = await quote(s, "buy", price(s, -1), qty)
    await beat(s)
    await s.venue.cancel(order)
    await quote(s, "buy", price(s, -2), qty)
    await beat(s)
    await struck(s)
    await mended(s, "the book after swapped increments", bids=[(price(s, -2), qty)])


# --- images


@case(
    "htx/books/100",
    "The image is asked for after the subscription, on the same socket.",
    requirement="A subscription brings increments only. An image that was asked for before it leaves a gap to their first.",
    source="htx§5",
    needs=BOOK,
)
async def subscription_comes_first(s: Session) -> None:
    qty = s.facts.pair.qty
    await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await shows(s, "what was there before is in the book", bids=[(price(s, -1), qty)])
    topic = f"market.{s.facts.pair.symbol}.mbp."
    subscribed = [each for each in await said(s, SUB) if topic in each["text"] and "refresh" not in each["text"]]
    asked = await images(s)
    if not subscribed:
        s.note("the client follows whole books, which need no image")
        return
    first = asked[0] if asked else None
    s.expect(
        first is not None and first.n > subscribed[0].n and first["connection"] == subscribed[0]["connection"],
        "the image is asked for after the subscription",
        expected="sub, then req",
        seen="no req" if first is None else "req before sub, or elsewhere",
        at=(subscribed[0], *asked[:1]),
    )


@case(
    "htx/books/110",
    "Increments that are older than the image are not merged into it.",
    requirement="What comes late may be older than the image: increments up to its `seqNum` are in it already.",
    source="htx§5",
    needs=(*BOOK, "reconnect", *TIMED),
)
async def late_increments(s: Session) -> None:
    pair = s.facts.pair
    await quote(s, "buy", price(s, -5), pair.qty)
    await watch(s)
    await beat(s)
    channel = s.facts.channel("any_book", symbol=pair.symbol)
    await s.venue.plan(
        {"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}},
        {"where": {"operation": "req"}, "when": {"nth": 1}, "what": {"action": "error", "code": "base-system-error"}},
        {"where": {"channel": channel}, "when": {"after": 1}, "what": {"action": "delay", "ms": 4_000}},
    )
    since = await s.wire.mark()
    await s.venue.advance(BEAT_S)
    await lost(s, since=since)
    await renewed(s, [channel], "the book is subscribed again", since=since)
    passing = await quote(s, "buy", price(s, -1), pair.qty)
    await beat(s)
    await s.venue.cancel(passing)
    await beat(s)
    for _ in range(30):
        if (await s.client("book_view", symbol=pair.symbol))["in_sync"]:
            break
        await s.pass_time(0.5, step=0.5)
    bids = [(price(s, -5), pair.qty)]
    await shows(s, "the image is the book", bids=bids)
    for _ in range(45):
        await beat(s)
        view = await s.client("book_view", symbol=pair.symbol)
        same_levels(s, view["book"]["bids"], bids, "late increments change nothing")


@case(
    "htx/books/120",
    "While the image is refused, it is asked for less and less often.",
    requirement="The venue takes one request in 100 ms from a connection, and refuses more with `429 too many request`.",
    source="htx§5",
    level=Level.SHOULD,
    needs=(*BOOK, *TIMED),
)
async def refused_images_are_paced(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s)
    channel = s.facts.channel("any_book", symbol=s.facts.pair.symbol)
    refused = {"where": {"operation": "req"}, "what": {"action": "error", "code": "rate-too-many-requests"}}
    await s.venue.plan({"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "drop"}}, refused)
    since = await s.wire.mark()
    await quote(s, "buy", price(s, -1), qty)
    await beat(s, 2)
    for _ in range(30):
        await act(s)
    asked = await images(s, since=since)
    s.expect(
        len(asked) <= 20,
        "asking anew rests",
        expected="at most 20 requests in 30 s",
        seen=f"{len(asked)} requests",
        at=asked[:5],
    )
    await s.venue.clear_faults()
    for _ in range(70):
        if (await s.client("book_view", symbol=s.facts.pair.symbol))["in_sync"]:
            break
        await act(s)
    await mended(s, "the book once the image comes", bids=[(price(s, -1), qty)])


@case(
    "htx/books/130",
    "Images of two books are asked for one after the other.",
    requirement="A connection is answered one request in 100 ms; the second of two at once is refused.",
    source="htx§5",
    needs=(*BOOK, "reconnect", *TIMED),
    world=WorldWish(limits=True),
)
async def images_one_by_one(s: Session) -> None:
    one, other = s.facts.pairs[:2]
    await watch(s, one.symbol)
    await s.pass_time(1)
    await watch(s, other.symbol)
    await quote(s, "buy", price(s, -1), one.qty)
    await quote(s, "buy", other.price, other.qty, symbol=other.symbol)
    channels = [s.facts.channel("any_book", symbol=each.symbol) for each in (one, other)]
    await s.venue.plan({"where": {"channel": channels[0]}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await s.venue.advance(BEAT_S)
    await lost(s, since=since)
    await renewed(s, channels, "both books are subscribed again", since=since)
    for _ in range(20):
        views = [await s.client("book_view", symbol=each.symbol) for each in (one, other)]
        if all(view["in_sync"] for view in views):
            break
        await s.pass_time(0.5, step=0.1)
    await shows(s, "the first book", bids=[(price(s, -1), one.qty)])
    await shows(s, "the second book", bids=[(other.price, other.qty)], symbol=other.symbol)
    refused = await s.wire.entries(OUT, since=since, where=lambda each: "429 too many request" in each["text"])
    s.expect(not refused, "no request comes too soon", expected="no refusal", seen=f"{len(refused)} refusals", at=refused)


@case(
    "htx/books/140",
    "A gap in one book leaves the other one alone.",
    requirement="Each book has its own chain, though they share a socket.",
    source="htx§5",
    level=Level.SHOULD,
    needs=BOOK,
)
async def other_book_is_left_alone(s: Session) -> None:
    one, other = s.facts.pairs[:2]
    await watch(s, one.symbol)
    await act(s)
    await watch(s, other.symbol)
    await beat(s)
    since = await s.wire.mark()
    await fault(s, "drop", symbol=other.symbol)
    await quote(s, "buy", other.price, other.qty, symbol=other.symbol)
    await beat(s)
    await struck(s)
    await mended(s, "the wrong book is mended", bids=[(other.price, other.qty)], symbol=other.symbol)
    for _ in range(6):  # one request a socket in 100 ms: a second one would come that much later, in real time too
        await act(s)
    await never_in_doubt(s, "the right book is not asked for anew", since=since)


@case(
    "htx/books/150",
    "A connection that breaks while the image is on its way is renewed, and the book comes.",
    requirement="An image belongs to its connection; what was asked for on a lost one never comes.",
    source="htx§5",
    provenance=Provenance.PROPOSED,
    needs=(*BOOK, "reconnect"),
)
async def connection_breaks_at_the_image(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await beat(s)
    channel = s.facts.channel("any_book", symbol=s.facts.pair.symbol)
    await s.venue.plan(
        {"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "drop"}},
        {"where": {"operation": "*"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}},
    )
    since = await s.wire.mark()
    await quote(s, "buy", price(s, -1), qty)
    await beat(s, 2)
    await act(s)
    asked = [*await images(s, since=since), *await book_subscriptions(s, since=since)]
    s.expect(asked, "the book is asked for anew", expected="a request for the book", seen="none")
    await lost(s, since=since)
    await renewed(s, [channel], "the book is subscribed again", since=since)
    await mended(s, "the book after the loss", bids=[(price(s, -1), qty)])
