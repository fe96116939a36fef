"""Order books that the client keeps from the depth channels: in step with the venue through thousands of changes."""

from __future__ import annotations

import random

import pytest
from endtoend_rig import BTC_JPY, START, Recording, Rig, live_world, rig
from mockex.clients.okcoinjp import LiveBook, channels
from mockex.clients.okcoinjp.market_models import BookLevel, DepthChange
from mockex.clients.okcoinjp.vocabulary import DepthAction

PAIRS = (BTC_JPY, "ETH-JPY")

Levels = list[tuple[str, str, int]]

WINDOW = 400
"""Levels per side that the channels show."""


def brief(levels: tuple[BookLevel, ...]) -> Levels:
    return [(level.price_text, level.size_text, level.orders) for level in levels]


def sides(book: LiveBook) -> tuple[Levels, Levels]:
    return brief(book.bids()), brief(book.asks())


async def rest_books(running: Rig) -> dict[str, tuple[Levels, Levels]]:
    """What REST shows of every pair."""
    asked = await running.client(None)
    found = {pair: await asked.market.book(pair) for pair in PAIRS}
    return {pair: (brief(book.bids), brief(book.asks)) for pair, book in found.items()}


def updates(stream: Recording, channel: str) -> list[DepthChange]:
    return [push for push in stream.pushes(channel) if push.action is DepthAction.UPDATE]


async def test_books_of_a_live_market_stay_in_step() -> None:
    async with rig(live_world(start=START.replace(microsecond=0))) as running:
        stream = await running.stream(await running.client(None))
        books = []
        for pair in PAIRS:
            for channel in (channels.depth, channels.depth_tick_by_tick):
                books.append(LiveBook(stream.stream, pair, channel=channel))
                await books[-1].start()
        for _ in range(30):
            for _ in range(40):
                running.advance(milliseconds=500)
                await stream.settled()
            # Batches leave every tenth of a second. What happens at that very instant may be in the batch or not.
            running.advance(microseconds=99_999)
            before = await rest_books(running)
            running.advance(microseconds=1)
            after = await rest_books(running)
            await stream.settled()
            for book in books:
                pair = book.book.instrument_id
                assert sides(book) in (before[pair], after[pair])

        assert [book.mismatches for book in books] == [0, 0, 0, 0]
        counts = [len(updates(stream, channel(BTC_JPY))) for channel in (channels.depth, channels.depth_tick_by_tick)]
        assert counts[0] > 1_000
        assert counts[1] > 2_000
        assert all(book.in_step for book in books)


async def test_whoever_joins_later_has_the_same_book() -> None:
    async with rig(live_world(seed=5)) as running:
        first = await running.stream(await running.client(None))
        books = [LiveBook(first.stream, BTC_JPY)]
        await books[0].start()
        for _ in range(5):
            running.advance(milliseconds=1_030)  # in the middle of an interval
            joined = await running.stream(await running.client(None))
            books.append(LiveBook(joined.stream, BTC_JPY))
            await books[-1].start()
            for _ in range(20):
                running.advance(milliseconds=270)
                await first.settled()
                await joined.settled()
        assert [book.mismatches for book in books] == [0] * 6
        assert all(sides(book) == sides(books[0]) for book in books)


@pytest.mark.parametrize("channel", [channels.depth, channels.depth_tick_by_tick])
async def test_a_book_deeper_than_its_window_is_shown_as_far_as_the_window_goes(quiet: Rig, channel: object) -> None:
    """Levels move in from below when better ones go, and out when better ones come."""
    stream = await quiet.stream(await quiet.client(None))
    await fill_deeply(quiet, random.Random(11))
    book = LiveBook(stream.stream, BTC_JPY, channel=channel)  # type: ignore[arg-type]  # one of two functions
    await book.start()
    assert (len(book.bids()), len(book.asks())) == (WINDOW, WINDOW)
    rng = random.Random(12)
    for _ in range(150):
        stir(quiet, rng)
        quiet.advance(milliseconds=100)
        await stream.settled()
        assert book.in_step
        assert sides(book) == shown(quiet)
    assert book.mismatches == 0


async def fill_deeply(quiet: Rig, rng: random.Random) -> None:
    """More prices on either side than the window holds."""
    for account in ("alice", "bob"):
        quiet.venue.deposit(account, "BTC", "1000000")
        quiet.venue.deposit(account, "JPY", "1000000000000000")
    for number in range(450):
        for side, price in (("buy", 6_999_999 - number), ("sell", 7_000_001 + number)):
            place(quiet, rng, side, str(price))


def place(quiet: Rig, rng: random.Random, side: str, price: str) -> None:
    account = rng.choice(["alice", "bob"])
    quiet.venue.place(
        account=account, symbol=BTC_JPY, side=side, price=price, qty=f"{rng.randint(1, 900)}.{rng.randint(1, 99)}"
    )


def stir(quiet: Rig, rng: random.Random) -> None:
    """Some orders come, some go, some trade through several levels."""
    for _ in range(rng.randint(1, 4)):
        match rng.randrange(4):
            case 0 | 1:
                side = rng.choice(["buy", "sell"])
                offset = rng.randint(-30, 440)
                place(quiet, rng, side, str(7_000_001 + offset if side == "sell" else 6_999_999 - offset))
            case 2:
                live = quiet.venue.orders(limit=1_000)
                for order in rng.sample(live, k=min(12, len(live))):
                    quiet.venue.cancel(order["order_id"])
            case _:
                account, side = rng.choice(["alice", "bob"]), rng.choice(["buy", "sell"])
                quiet.venue.place(account=account, symbol=BTC_JPY, side=side, qty=str(rng.randint(1, 3_000)))


def shown(quiet: Rig) -> tuple[Levels, Levels]:
    """The window's levels, from the operator's view of the book."""
    book = quiet.venue.book(BTC_JPY, depth=WINDOW)
    bids, asks = ([(row["price"], row["qty"], row["orders"]) for row in book[side]] for side in ("bids", "asks"))
    return bids, asks
