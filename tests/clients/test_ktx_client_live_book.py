"""Books of the KTX client: what is merged, what is too old, and when a book is begun anew."""

import asyncio
from typing import Any

import pytest
from ktx_expected import BTC, level
from ktx_fake_venue import TIMING, FakeKtx, KtxPeer, KtxTime, start
from loopback import soon
from mockex.clients.ktx import KtxStream, LiveBook, Market, errors
from mockex.clients.ktx.book import OrderBook, Outcome
from mockex.clients.ktx.fields import Row
from mockex.clients.ktx.market_models import Book, decode_book
from mockex.fixtures import load

FIXTURE = load("ktx", "ws/order_book")
CHANNEL = "spot.BTC_USDT.order_book.5"


def _data(i: int | str, b: list[list[str]], a: list[list[str]]) -> dict[str, Any]:
    return {"i": str(i), "t": "1644558642100", "b": b, "a": a}


def _book(data: dict[str, Any]) -> Book:
    return decode_book(Row.of(data, "book"))


WHOLE = _data(7, [["99", "1"]], [["101", "1"]])


# --- merging ---


@pytest.mark.parametrize("case", FIXTURE["merging"], ids=lambda case: case["id"])
def test_books_merge_as_the_worked_examples_say(case: dict[str, Any]) -> None:
    book = OrderBook(case["depth"])
    book.apply_whole(_book(_data(**case["full"])))
    outcomes = [book.apply_increment(_book(_data(**increment))) for increment in case["increments"]]

    if case["book"] is None:
        assert outcomes[-1] is Outcome.CROSSED
        assert not book.whole
        return
    expected = _book(_data(**case["book"]))
    assert (book.update_id, tuple(book.bids), tuple(book.asks)) == (expected.update_id, expected.bids, expected.asks)


def test_an_old_increment_changes_nothing_and_a_whole_book_counts_whatever_its_id() -> None:
    book = OrderBook(5)
    assert book.apply_increment(_book(WHOLE)) is Outcome.IGNORED
    assert book.apply_whole(_book(WHOLE)) is Outcome.APPLIED
    assert book.apply_increment(_book(WHOLE | {"b": [["99", "9"]]})) is Outcome.IGNORED
    assert tuple(book.bids) == (level("99", "1"),)

    assert book.apply_whole(_book(_data(3, [["98", "1"]], []))) is Outcome.APPLIED
    assert (book.update_id, tuple(book.bids), tuple(book.asks)) == (3, (level("98", "1"),), ())


def test_a_book_holds_no_more_levels_than_its_stream() -> None:
    book = OrderBook(5)
    book.apply_whole(_book(_data(1, [[str(price), "1"] for price in range(95, 100)], [])))
    book.apply_increment(_book(_data(2, [["99.5", "1"]], [])))

    assert [str(bid.price) for bid in book.bids] == ["99.5", "99", "98", "97", "96"]


# --- following ---


async def _follow(stream: KtxStream, peer: KtxPeer, book: LiveBook) -> None:
    starting = asyncio.create_task(book.start())
    assert (await peer.acknowledge())["params"] == [CHANNEL]
    assert not starting.done()
    await peer.push(CHANNEL, WHOLE)
    await soon(starting)


@pytest.fixture
def live(ktx_stream: KtxStream) -> LiveBook:
    return LiveBook(ktx_stream, Market.SPOT, BTC, depth=5)


async def test_first_message_is_the_book_and_later_ones_change_it(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    peer = await start(ktx, ktx_stream)
    changes: list[LiveBook] = []
    live = LiveBook(ktx_stream, Market.SPOT, BTC, depth=5, on_change=changes.append)
    assert (live.best_bid, live.best_ask, live.bids(), live.in_step) == (None, None, (), False)
    await _follow(ktx_stream, peer, live)
    assert (live.best_bid, live.best_ask, live.in_step) == (level("99", "1"), level("101", "1"), True)

    await peer.push(CHANNEL, _data(9, [["99.5", "2"]], [["101", "0"]]))
    await peer.push(CHANNEL, _data(8, [["1", "1"]], []))
    await peer.push("spot.ETH_USDT.order_book.5", _data(10, [["2", "1"]], []))
    await soon(ktx_stream.round_trip())

    assert (live.bids(), live.asks(), live.bids(1)) == (
        (level("99.5", "2"), level("99", "1")),
        (),
        (level("99.5", "2"),),
    )
    assert len(changes) == 2


async def test_book_may_come_before_the_acknowledgement(ktx: FakeKtx, ktx_stream: KtxStream, live: LiveBook) -> None:
    peer = await start(ktx, ktx_stream)
    starting = asyncio.create_task(live.start())
    command = await peer.request()
    await peer.push(CHANNEL, WHOLE)
    await peer.push(CHANNEL, _data(8, [["99", "0"]], []))
    await peer.send({"result": "success", "op": "SUBSCRIBE", "id": command["id"], "events": [CHANNEL]})
    await soon(starting)

    assert (live.bids(), live.asks()) == ((), (level("101", "1"),))


@pytest.mark.parametrize("wrong", [_data(8, [["101", "1"]], []), {"i": "8"}], ids=["crossed", "unreadable"])
async def test_book_that_turns_out_wrong_is_subscribed_anew(
    ktx: FakeKtx, ktx_stream: KtxStream, live: LiveBook, wrong: dict[str, Any]
) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)
    await peer.push(CHANNEL, wrong)
    ending = await peer.request()
    assert (ending["method"], ending["params"]) == ("UNSUBSCRIBE", [CHANNEL])
    assert not live.in_step
    await peer.push(CHANNEL, _data(9, [["50", "1"]], []))  # of the old subscription
    await peer.send({"result": "success", "op": "UNSUBSCRIBE", "id": ending["id"], "events": [CHANNEL]})
    assert (await peer.acknowledge())["method"] == "SUBSCRIBE"
    await peer.push(CHANNEL, _data(9, [["98", "1"]], [["99", "1"]]))
    await soon(live.wait_in_step())

    assert (live.bids(), live.asks(), live.rebuilds) == ((level("98", "1"),), (level("99", "1"),), 1)


async def test_books_that_stay_wrong_are_asked_for_ever_more_rarely_until_an_increment_is_right(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime, live: LiveBook
) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)

    async def goes_wrong_and_is_subscribed() -> None:
        await peer.acknowledge()
        await peer.acknowledge()
        await peer.push(CHANNEL, WHOLE)
        await soon(live.wait_in_step())

    await peer.push(CHANNEL, _data(8, [["101", "1"]], []))
    await goes_wrong_and_is_subscribed()
    for wait in (1, 2):
        await peer.push(CHANNEL, _data(8, [["101", "1"]], []))
        await ktx_time.pass_once_awaited(TIMING.first_retry * wait)
        await goes_wrong_and_is_subscribed()
    await peer.push(CHANNEL, _data(8, [["99", "2"]], []))
    await peer.push(CHANNEL, _data(9, [["101", "1"]], []))
    await goes_wrong_and_is_subscribed()
    assert live.rebuilds == 4


async def test_lost_connection_makes_the_book_stale_until_the_renewed_one_sends_it_again(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime, live: LiveBook
) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)
    peer.drop()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    assert not live.in_step
    assert live.bids() == (level("99", "1"),)
    successor = await ktx.accept()
    await successor.acknowledge()
    await successor.push(CHANNEL, _data(2, [["97", "1"]], []))  # ids need not go on

    await soon(live.wait_in_step())
    assert (live.bids(), live.asks()) == ((level("97", "1"),), ())


async def test_subscription_that_is_not_acknowledged_while_rebuilding_is_tried_again(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime, live: LiveBook
) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)
    await peer.push(CHANNEL, _data(8, [["101", "1"]], []))
    await peer.acknowledge()
    assert (await peer.request())["method"] == "SUBSCRIBE"
    await ktx_time.pass_once_awaited(TIMING.acknowledge_within)
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    assert [(await peer.acknowledge())["method"] for _ in range(2)] == ["UNSUBSCRIBE", "SUBSCRIBE"]
    await peer.push(CHANNEL, WHOLE)

    await soon(live.wait_in_step())


async def test_refused_stream_is_raised_by_start_and_by_whoever_waits_later(
    ktx: FakeKtx, ktx_stream: KtxStream, live: LiveBook
) -> None:
    peer = await start(ktx, ktx_stream)
    starting = asyncio.create_task(live.start())
    await peer.refuse(-1003)
    with pytest.raises(errors.InvalidRequestError):
        await soon(starting)

    other = LiveBook(ktx_stream, Market.SPOT, BTC, depth=5)
    await _follow(ktx_stream, peer, other)
    await peer.push(CHANNEL, _data(8, [["101", "1"]], []))
    await peer.acknowledge()
    await peer.refuse(-1003)
    with pytest.raises(errors.InvalidRequestError):
        await soon(other.wait_in_step())
    await ktx_stream.close()


async def test_book_that_never_comes_times_out(ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime, live: LiveBook) -> None:
    peer = await start(ktx, ktx_stream)
    starting = asyncio.create_task(live.start())
    await peer.acknowledge()
    await soon(ktx_stream.round_trip())
    await ktx_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match=r"no book came on spot\.BTC_USDT\.order_book\.5"):
        await soon(starting)


async def test_closed_stream_ends_the_wait_for_a_book(ktx: FakeKtx, ktx_stream: KtxStream, live: LiveBook) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)
    await ktx_stream.close()

    with pytest.raises(errors.ConnectionLostError, match="the stream is closed"):
        await soon(live.wait_in_step())
    assert not live.in_step
    await live.close()


async def test_closing_unsubscribes_and_stops_following(ktx: FakeKtx, ktx_stream: KtxStream, live: LiveBook) -> None:
    peer = await start(ktx, ktx_stream)
    await _follow(ktx_stream, peer, live)
    closing = asyncio.create_task(live.close())
    assert (await peer.acknowledge())["method"] == "UNSUBSCRIBE"
    await soon(closing)
    await peer.push(CHANNEL, _data(9, [["99", "5"]], []))
    await soon(ktx_stream.round_trip())

    assert live.bids() == (level("99", "1"),)
    await live.close()
