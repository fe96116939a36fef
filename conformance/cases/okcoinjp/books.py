"""The depth channel of OKCoin Japan v3 and its checksums: right ones are known, wrong ones lead to a new book (okj§11.4)."""

from __future__ import annotations

import random
import re
from decimal import Decimal

from mockex.conformance.cases.live import (
    act,
    book_subscriptions,
    cadence,
    distrusts,
    followed,
    price,
    quote,
    shows,
    watch,
)
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import FAULT, OUT

BOOK = ("stream_open", "book_watch", "book_view")
LEVELS = 400  # okj§11.4
CHECKED = 25  # levels of each side under the checksum

DEPTH = {"channel": "spot/depth*", "opening": False}
OPENING = {"channel": "spot/depth*", "opening": True}

CHECKSUM = (
    "checksum is the CRC32, as a signed 32-bit number, over price and quantity of the 25 best levels of each side in turn, as "
    "they were sent; where one side is shorter the rest of the other follows alone."
)


async def _fault(s: Session, action: str, *, where: dict[str, object] = DEPTH, **when: object) -> None:
    """At the next change of a book, unless `when` says otherwise."""
    await s.venue.plan({"where": where, "when": when or {"nth": 1}, "what": {"action": action}})


async def _struck(s: Session) -> None:
    """A case without its fault shows nothing."""
    assert await s.wire.wait(FAULT), "the planned fault did not strike"


async def _asks_anew(s: Session, what: str) -> None:
    """CaseFailed unless the client has asked for the book a second time. Gives it its time."""
    for _ in range(5):
        await s.client.settle()
        if len(await book_subscriptions(s)) > 1:
            return
        await act(s)
    asked = await book_subscriptions(s)
    s.fail(what, expected="another subscription of the book", seen=f"{len(asked)} subscription", at=asked)


# --- right checksums


@case(
    "okcoinjp/books/010",
    "The checksum of a book with one side longer than the other is recognised.",
    requirement=CHECKSUM,
    source="okj§11.4",
    needs=BOOK,
)
async def uneven_sides_are_checked(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in (1, 2, 3, 4):
        await quote(s, "buy", price(s, -n), qty * n)
    await watch(s)
    bids = [(price(s, -n), qty * n) for n in (1, 2, 3, 4)]
    await shows(s, "a book of bids alone", bids=bids)
    asks = []
    for n in range(1, 8):
        await quote(s, "sell", price(s, n), qty * n)
        await cadence(s)
        asks.append((price(s, n), qty * n))
        await shows(s, f"a book of 4 bids and {n} asks", bids=bids, asks=asks)
    await followed(s, "the checksums of uneven sides are recognised")


@case(
    "okcoinjp/books/020",
    "Levels beyond the twenty-fifth count for the book, but not for its checksum.",
    requirement=CHECKSUM,
    source="okj§11.4",
    needs=BOOK,
)
async def only_the_best_levels_are_checked(s: Session) -> None:
    qty = s.facts.pair.qty
    count = CHECKED + 5
    best = {}
    for n in range(1, count + 1):
        best[n] = await quote(s, "buy", price(s, -n), qty * n)
        await quote(s, "sell", price(s, n), qty * n)
    await watch(s)
    levels = {n: qty * n for n in range(1, count + 1)}
    asks = [(price(s, n), qty) for n, qty in levels.items()]
    for gone in (28, 24, 1, 26):
        await s.venue.cancel(best[gone])
        await cadence(s)
        del levels[gone]
        await shows(s, f"without bid {gone}", bids=[(price(s, -n), qty) for n, qty in levels.items()], asks=asks)
    await followed(s, "the checksums of the best 25 levels are recognised")


@case(
    "okcoinjp/books/030",
    "Checksums above and below zero are recognised.",
    requirement=CHECKSUM,
    source="okj§11.4",
    needs=BOOK,
)
async def checksums_are_signed(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    bids = []
    for n in range(1, 11):
        await quote(s, "buy", price(s, -n), qty)
        await cadence(s)
        bids.append((price(s, -n), qty))
        await shows(s, f"a book of {n} bids", bids=bids)
    pushed = await s.wire.entries(OUT, where=lambda each: '"checksum":' in each["text"])
    signs = {re.search(r'"checksum":(-?)', each["text"])[1] for each in pushed}  # type: ignore[index]  # it is there
    assert signs == {"", "-"}, "checksums of one sign only: this case needs both"
    await followed(s, "checksums of either sign are recognised")


@case(
    "okcoinjp/books/040",
    "The checksum is taken over the texts as they were sent.",
    requirement="A price or quantity that is formatted anew, `7.0` for `7` or `1E-8` for `0.00000001`, gives another checksum.",
    source="okj§11.4",
    needs=BOOK,
)
async def texts_are_checked_as_sent(s: Session) -> None:
    pair = s.facts.pair
    quantities = [Decimal(each) for each in ("1", "10", "2.5", "0.00123456", "12.30000001", "300")]
    await watch(s)
    bids = []
    for n, qty in enumerate(quantities, 1):
        at = pair.price - n * 1_000 - (0 if n % 2 else pair.tick)
        await quote(s, "buy", at, qty)
        await cadence(s)
        bids.append((at, qty))
        await shows(s, f"a quantity of {qty:f}", bids=bids)
    await followed(s, "checksums over the texts as sent are recognised")


@case(
    "okcoinjp/books/050",
    "At four hundred levels the one that leaves and the one that moves up are followed.",
    requirement="The channel has 400 levels of each side: one that moves into them is sent as new, one that leaves as deleted.",
    source="okj§11.4",
    provenance=Provenance.OBSERVED,
    needs=BOOK,
)
async def window_is_followed(s: Session) -> None:
    qty = s.facts.pair.qty
    orders = [await quote(s, "sell", price(s, n), qty) for n in range(1, LEVELS + 4)]
    await watch(s)
    await shows(s, "the first 400 levels", asks=[(price(s, n), qty) for n in range(1, LEVELS + 1)])
    await s.venue.cancel(orders[0])
    await s.venue.cancel(orders[200])
    await cadence(s)
    left = [n for n in range(1, LEVELS + 3) if n not in (1, 201)]
    await shows(s, "two levels have moved up", asks=[(price(s, n), qty) for n in left])
    await quote(s, "sell", price(s, -1), qty)
    await cadence(s)
    await shows(s, "one level was pushed out", asks=[(price(s, n), qty) for n in (-1, *left[:-1])])
    await followed(s, "levels at the edge are taken in without starting over")


# --- wrong checksums


@case(
    "okcoinjp/books/060",
    "After a wrong checksum the client asks for the book anew and follows that.",
    requirement="A checksum that differs says that the book is not the venue's: the remedy is to subscribe again.",
    source="okj§11.4",
    needs=BOOK,
)
async def wrong_checksum_is_remedied(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await _fault(s, "corrupt_checksum")
    await quote(s, "buy", price(s, -1), qty)
    await cadence(s)
    await _struck(s)
    await _asks_anew(s, "the client subscribes again after a wrong checksum")
    await quote(s, "sell", price(s, 1), qty)
    await cadence(s)
    await shows(s, "the new book is followed", bids=[(price(s, -1), qty)], asks=[(price(s, 1), qty)])


@case(
    "okcoinjp/books/070",
    "While checksums are wrong, the book is not called in sync.",
    requirement="A book whose checksum differs must not be traded on.",
    source="okj§11.4",
    needs=BOOK,
)
async def wrong_book_is_distrusted(s: Session) -> None:
    qty = s.facts.pair.qty
    await watch(s)
    await _fault(s, "corrupt_checksum", where={"channel": "spot/depth*"}, after=0)
    await quote(s, "buy", price(s, -1), qty)
    await cadence(s)
    await _struck(s)
    await distrusts(s, "a book with a wrong checksum is not called in sync")


@case(
    "okcoinjp/books/080",
    "A change that was lost on the way is noticed by the checksum of the next, and remedied.",
    requirement="Changes have no numbers: only the checksum tells that one is missing.",
    source="okj§11.4",
    needs=BOOK,
)
async def lost_change_is_noticed(s: Session) -> None:
    qty = s.facts.pair.qty
    order = await quote(s, "sell", price(s, 1), qty)
    await watch(s)
    await _fault(s, "drop")
    await s.venue.cancel(order)
    await cadence(s)
    await _struck(s)
    await quote(s, "sell", price(s, 4), qty)
    await cadence(s)
    await _asks_anew(s, "the client subscribes again after a change was lost")
    await shows(s, "the new book is the venue's", asks=[(price(s, 4), qty)])


@case(
    "okcoinjp/books/090",
    "A whole book with a wrong checksum is not taken for right either.",
    requirement="Every message of the channel has a checksum, the first one too.",
    source="okj§11.4",
    needs=(*BOOK, "book_unwatch"),
)
async def wrong_first_message_is_distrusted(s: Session) -> None:
    qty = s.facts.pair.qty
    await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await _fault(s, "corrupt_checksum")
    await _fault(s, "corrupt_checksum", where=OPENING, first=2)
    await quote(s, "sell", price(s, 1), qty)
    await cadence(s)
    await _struck(s)
    await _asks_anew(s, "the client asks for the whole book again")  # on its way there it trusts nothing in any case
    await distrusts(s, "a whole book with a wrong checksum is not called in sync")
    for _ in range(8):
        await act(s)
    await shows(s, "the next right book is followed", bids=[(price(s, -1), qty)], asks=[(price(s, 1), qty)])


@case(
    "okcoinjp/books/100",
    "A change that comes twice does no harm.",
    requirement="A change tells what a level is from now on, so that the same one twice changes nothing.",
    source="okj§11.4",
    needs=BOOK,
)
async def repeated_change_does_no_harm(s: Session) -> None:
    qty = s.facts.pair.qty
    order = await quote(s, "buy", price(s, -2), qty)
    await watch(s)
    await _fault(s, "duplicate", after=0)
    await quote(s, "buy", price(s, -1), qty * 2)
    await cadence(s)
    await _struck(s)
    await shows(s, "a level that came twice", bids=[(price(s, -1), qty * 2), (price(s, -2), qty)])
    await s.venue.cancel(order)
    await cadence(s)
    await shows(s, "a level that went twice", bids=[(price(s, -1), qty * 2)])


@case(
    "okcoinjp/books/110",
    "Two changes in the wrong order lead to the right book in the end.",
    requirement="What the checksum shows to be wrong is mended by a new book.",
    source="okj§11.4",
    needs=BOOK,
)
async def reordered_changes_are_mended(s: Session) -> None:
    qty = s.facts.pair.qty
    order = await quote(s, "buy", price(s, -1), qty)
    await watch(s)
    await _fault(s, "reorder")
    await s.venue.cancel(order)
    await cadence(s)
    await quote(s, "buy", price(s, -2), qty * 5)
    await cadence(s)
    await _struck(s)
    await _asks_anew(s, "the client subscribes again after changes in the wrong order")
    await shows(s, "the book after a reordering", bids=[(price(s, -2), qty * 5)])


@case(
    "okcoinjp/books/120",
    "As long as checksums stay wrong, the client asks anew less and less often.",
    requirement="A connection has 240 subscriptions an hour: asking anew at every wrong checksum uses them up in seconds.",
    source="okj§11.1",
    level=Level.SHOULD,
    needs=(*BOOK, "clock", "elapse"),
    world=WorldWish(limits=True),
)
async def renewal_is_paced(s: Session) -> None:
    qty = s.facts.pair.qty
    await s.venue.advance(2)  # one connection a second
    await watch(s)
    await _fault(s, "corrupt_checksum", where={"channel": "spot/depth*"}, after=0)
    for n in range(1, 31):
        await quote(s, "buy", price(s, -n), qty)
        await act(s)
    asked = await book_subscriptions(s)
    s.expect(
        len(asked) <= 20,
        "asking anew rests",
        expected="at most 20 subscriptions in 30 s",
        seen=f"{len(asked)} subscriptions",
        at=asked[:5],
    )


@case(
    "okcoinjp/books/130",
    "A wrong checksum of one book leaves the other one alone.",
    requirement="Each book has its own channel: only the one that is wrong is asked for anew.",
    source="okj§11.4",
    level=Level.SHOULD,
    needs=BOOK,
)
async def other_book_is_left_alone(s: Session) -> None:
    one, other = s.facts.pairs[:2]
    await watch(s, one.symbol)
    await watch(s, other.symbol)
    await _fault(s, "corrupt_checksum", where={"channel": f"spot/depth*:{other.symbol}", "opening": False})
    await quote(s, "buy", other.price, other.qty, symbol=other.symbol)
    await cadence(s)
    await _struck(s)
    for _ in range(3):
        await act(s)
    await shows(s, "the wrong book is mended", bids=[(other.price, other.qty)], symbol=other.symbol)
    asked = await book_subscriptions(s, symbol=one.symbol)
    s.expect(
        len(asked) == 1,
        "the right book is not asked for anew",
        expected="1 subscription",
        seen=f"{len(asked)} subscriptions",
        at=asked,
    )


@case(
    "okcoinjp/books/140",
    "After changes were lost, repeated and reordered, the book comes to be the venue's again.",
    requirement="Whatever a disturbed line does to a book, its checksum shows it and a new subscription mends it.",
    source="okj§11.4",
    needs=BOOK,
)
async def disturbed_stream(s: Session) -> None:
    pair = s.facts.pair
    await watch(s)
    rules = [
        {"where": DEPTH, "when": {"percent": share}, "what": {"action": action}}
        for action, share in (("drop", "15"), ("duplicate", "15"), ("reorder", "15"))
    ]
    await s.venue.plan(*rules, seed=7)
    chance = random.Random("disturbed")
    levels: dict[int, list[str]] = {}
    for _ in range(60):
        steps = chance.randint(1, 12)
        if levels.get(steps) and chance.random() < 0.5:
            await s.venue.cancel(levels[steps].pop())
        else:
            levels.setdefault(steps, []).append(await quote(s, "buy", price(s, -steps), pair.qty))
        await cadence(s)
    await _struck(s)
    await s.venue.clear_faults()
    await quote(s, "sell", price(s, 1), pair.qty)
    await cadence(s)
    for _ in range(3 if s.client.has("elapse") else 1):
        await act(s)
    bids = [(price(s, -steps), pair.qty * len(levels[steps])) for steps in sorted(levels) if levels[steps]]
    await shows(s, "the book after disturbances", bids=bids, asks=[(price(s, 1), pair.qty)])
