"""Streams whose connection ends: the client comes back, logs in and subscribes again, whoever ended it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import websockets
from endtoend_relay import relay
from endtoend_rig import BTC_JPY, Rig, balance, live_world, quiet_world, rig, sell, until
from mockex.clients.okcoinjp import (
    Connected,
    Disconnected,
    LiveBook,
    OkcoinClient,
    OrderState,
    Stopwatch,
    channels,
    errors,
)
from mockex.clients.okcoinjp.events import inflate

ORDERS, BTC = channels.orders(BTC_JPY), channels.balance("BTC")


# --- the server ends it


async def test_after_a_reset_the_client_is_back_with_its_login_and_its_channels(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, ORDERS, BTC)
    book = LiveBook(stream.stream, BTC_JPY)
    await book.start()
    await alice.trading.place_order(sell("7000000", "1"))
    quiet.advance(seconds=1)
    await stream.settled()
    assert (len(book.asks()), stream.pushes(BTC)[-1]) == (1, balance("BTC", "10", "1"))

    quiet.world.reset()
    await until(lambda: Disconnected in stream.kinds())
    await book.wait_in_step()
    await stream.count(BTC, 3)

    lost, found = [event for event in stream.events if isinstance(event, Disconnected | Connected)][1:]
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.ConnectionLostError)
    assert (lost.error.code, lost.error.message) == (1012, "the simulated world was replaced")
    assert found == Connected(reconnections=1)
    assert (book.asks(), stream.pushes(BTC)[-1]) == ((), balance("BTC", "10"))  # a world without the order
    assert stream.stream.channels == (ORDERS, BTC, channels.depth(BTC_JPY))

    await alice.trading.place_order(sell("7100000", "2"))  # keys are the same in the same world
    quiet.advance(seconds=1)
    await stream.settled()
    assert [push.order.state for push in stream.pushes(ORDERS)] == [OrderState.OPEN, OrderState.OPEN]
    assert ([level.price_text for level in book.asks()], book.mismatches) == (["7100000"], 0)


async def test_a_live_book_survives_many_resets_of_a_live_market() -> None:
    async with rig(live_world()) as running:
        stream = await running.stream(await running.client(None))
        books = [LiveBook(stream.stream, BTC_JPY, channel=name) for name in (channels.depth, channels.depth_tick_by_tick)]
        for book in books:
            await book.start()
        for number in range(1, 6):
            for _ in range(20):
                running.advance(seconds=1)
                await stream.settled()
            running.world.reset()
            await until(lambda expected=number: stream.kinds().count(Connected) == expected + 1)
            for book in books:
                await book.wait_in_step()
        assert [book.mismatches for book in books] == [0, 0]


async def test_a_stream_without_subscriptions_is_closed_after_30_silent_seconds(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice)
    quiet.advance(seconds=29.999)
    await stream.settled()  # the answer counts as traffic
    quiet.advance(seconds=29.999)
    await stream.settled()
    quiet.advance(seconds=30)
    await until(lambda: stream.kinds().count(Connected) == 2)

    _, lost, back = [event for event in stream.events if isinstance(event, Disconnected | Connected)]
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.ConnectionLostError)
    assert (lost.error.code, lost.error.message) == (4001, "no data received in 30s")
    assert back == Connected(reconnections=1)


async def test_pushes_keep_a_connection_and_their_absence_ends_it(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, BTC)
    await stream.settled()
    for _ in range(10):
        quiet.advance(seconds=29)
        quiet.venue.deposit("alice", "BTC", "1")
        await stream.count(BTC, 1)
    await stream.count(BTC, 11)
    assert stream.kinds() == [Connected]
    quiet.advance(seconds=30)
    await until(lambda: stream.kinds() == [Connected, Disconnected, Connected])
    assert (await stream.count(BTC, 12))[-1] == balance("BTC", "20")


@dataclass(eq=False)
class Nap:
    """A wait of the client that has not ended yet, and how often it had looked at its watch when it lay down."""

    seconds: float
    looks: int


class WatchedStopwatch:
    """The world's time for one client, and what the client does with it."""

    def __init__(self, quiet: Rig) -> None:
        self.naps: list[Nap] = []
        self.looks = 0
        self._virtual = quiet.virtual_stopwatch()

    def monotonic_ns(self) -> int:
        self.looks += 1
        return self._virtual.monotonic_ns()

    async def sleep(self, span: timedelta) -> None:
        nap = Nap(span.total_seconds(), self.looks)
        self.naps.append(nap)
        try:
            await self._virtual.sleep(span)
        finally:
            self.naps.remove(nap)

    async def nap_after(self, earlier: Nap | None) -> Nap:
        """The one nap that the client takes, once it is another than `earlier`."""
        await until(lambda: len(self.naps) == 1 and self.naps[0] is not earlier)
        return self.naps[0]


async def test_the_heartbeat_keeps_a_silent_connection_for_an_hour(quiet: Rig, alice: OkcoinClient) -> None:
    watch = WatchedStopwatch(quiet)
    stream = await quiet.stream(alice, stopwatch=Stopwatch(monotonic_ns=watch.monotonic_ns, sleep=watch.sleep))
    (server_side,) = quiet.simulation().connections
    begun_ns = quiet.world.clock.now_ns()
    patience = None
    while quiet.world.clock.now_ns() < begun_ns + 3_600 * 10**9:
        silence = await watch.nap_after(patience)
        quiet.advance(seconds=silence.seconds)
        patience = await watch.nap_after(silence)  # it has sent its ping, and gives the answer some time
        await until(lambda asked=patience: watch.looks > asked.looks)  # it looks at its watch when it hears something
        quiet.advance(seconds=patience.seconds)
    assert stream.kinds() == [Connected]
    assert list(quiet.simulation().connections) == [server_side]


# --- the line breaks


async def test_a_broken_line_is_mended_by_the_client(quiet: Rig, alice: OkcoinClient) -> None:
    async with relay(quiet.venue.ws_url) as line:
        stream = await quiet.stream(alice, ORDERS, url=line.through(quiet.venue.ws_url))
        for number in range(1, 4):
            line.cut()
            await until(lambda expected=number: stream.kinds().count(Connected) == expected + 1)
            await stream.settled()
            await alice.trading.place_order(sell("7000000", "1"))
            await stream.count(ORDERS, number)
        assert [push.order.order_id for push in stream.pushes(ORDERS)] == [str(2510789768709120 + n) for n in range(3)]
        await until(lambda: len(quiet.simulation().connections) == 1)  # the server has noticed too


async def test_while_nobody_answers_the_client_keeps_trying(quiet: Rig, alice: OkcoinClient) -> None:
    async with relay(quiet.venue.ws_url) as line:
        stream = await quiet.stream(alice, ORDERS, url=line.through(quiet.venue.ws_url))
        line.fail()
        await until(lambda: stream.kinds().count(Disconnected) >= 4)
        assert not stream.stream.connected
        waiting = [event.error for event in stream.events if isinstance(event, Disconnected)]
        assert {type(error) for error in waiting[1:]} == {errors.ConnectionFailedError}
        line.mend()
        await until(lambda: stream.stream.connected)
        await stream.settled()
        await alice.trading.place_order(sell("7000000", "1"))
        await stream.count(ORDERS, 1)


async def test_an_order_whose_answer_is_lost_was_placed_once(quiet: Rig, alice: OkcoinClient) -> None:
    async with relay(quiet.venue.rest_url) as line:
        flaky = await quiet.client("alice", base_url=line.through(quiet.venue.rest_url))
        assert await flaky.trading.account("BTC") == balance("BTC", "10")
        line.swallow_answers()
        with pytest.raises(errors.ConnectionLostError) as lost:
            await flaky.trading.place_order(sell("7000000", "1", client_oid="once"))
        assert lost.value.outcome_unknown
        line.mend()
        assert [order.client_oid for order in (await flaky.trading.open_orders()).rows] == ["once"]


# --- the venue's rules for connections


async def test_a_second_connection_within_a_second_is_refused_and_tried_again() -> None:
    async with rig(quiet_world(limits=True)) as running, relay(running.venue.ws_url) as line:
        stream = await running.stream(await running.client("alice"), BTC, url=line.through(running.venue.ws_url))
        line.cut()
        await until(lambda: stream.kinds().count(Disconnected) >= 3)
        _, *refused = [event.error for event in stream.events if isinstance(event, Disconnected)]
        assert {(type(error), error.http_status) for error in refused} == {(errors.RateLimitError, 429)}

        running.advance(seconds=1)
        await until(lambda: stream.kinds()[-1] is Connected)
        assert await stream.count(BTC, 2) == [balance("BTC", "10")] * 2


async def test_too_many_subscriptions_of_one_connection_are_refused() -> None:
    async with rig(quiet_world(limits=True)) as running:
        stream = await running.stream(await running.client("alice"))  # the login counts as one
        trades = channels.trades(BTC_JPY)
        for _ in range(119):
            await stream.stream.resubscribe(trades)
            running.advance(milliseconds=50)
        await stream.stream.subscribe(trades)
        with pytest.raises(errors.RateLimitError) as refused:
            await stream.stream.unsubscribe(trades)
        assert refused.value.code == 30026
        running.advance(hours=1)
        await until(lambda: stream.kinds()[-1] is Connected)  # the silence has ended the connection


async def test_too_many_calls_are_refused_and_nothing_happens() -> None:
    async with rig(quiet_world(limits=True)) as running:
        alice = await running.client("alice")
        for _ in range(100):
            await alice.trading.place_order(sell("7000000", "0.01"))
        with pytest.raises(errors.RateLimitError) as refused:
            await alice.trading.place_order(sell("7000000", "0.01"))
        assert (refused.value.code, refused.value.http_status) == (30026, 429)
        await alice.trading.place_order(sell("390000", "0.01", instrument_id="ETH-JPY"))  # counted apart
        assert await alice.trading.account("BTC") == balance("BTC", "10", "1")
        for _ in range(6):
            await alice.funding.wallet()
        with pytest.raises(errors.RateLimitError) as refused:
            await alice.funding.wallet()
        assert refused.value.code == 30014
        running.advance(seconds=2)
        await alice.funding.wallet()
        await alice.trading.place_order(sell("7000000", "0.01"))


# --- readers that are too slow


async def read_into(frames: list[str], socket: websockets.ClientConnection) -> None:
    """Until the end, which is an exception."""
    while True:
        frames.append(inflate(await socket.recv()))


async def test_a_reader_that_does_not_read_is_dropped_and_slows_nobody() -> None:
    async with rig(live_world()) as running:
        stream = await running.stream(await running.client(None))
        book = LiveBook(stream.stream, BTC_JPY, channel=channels.depth_tick_by_tick)
        await book.start()
        async with websockets.connect(running.venue.ws_url, compression=None, max_queue=1, ping_interval=None) as lazy:
            names = [channels.depth(BTC_JPY)] * 150  # a whole book for each
            request = '{"op":"subscribe","args":["' + '","'.join(names) + '"]}'
            (_, unread) = running.simulation().connections
            asked = 0
            while unread.closing is None and not unread.closed:
                await lazy.send(request)
                asked += 1
                assert asked < 1_000, "whoever does not read is kept for ever"
                running.advance(milliseconds=500)
                await stream.settled()
            assert unread.closing == (4002, "Buffer full. cannot write data")
            frames: list[str] = []
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await read_into(frames, lazy)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4002, "Buffer full. cannot write data")
        assert len(frames) > 300
        assert (book.mismatches, book.in_step, stream.kinds()) == (0, True, [Connected])
        await until(lambda: len(running.simulation().connections) == 1)


@pytest.mark.parametrize("span", [{"minutes": 10}, {"hours": 1}], ids=["10 minutes", "an hour"])
async def test_nobody_is_too_slow_for_a_jump_of_time(span: dict[str, float]) -> None:
    """It brings more than may wait for a slow reader, all at once. Who reads it afterwards has lost nothing."""
    async with rig(live_world()) as running:
        everything = (channels.ticker, channels.trades, channels.depth5)
        stream = await running.stream(await running.client(None), *(name(BTC_JPY) for name in everything))
        books = [LiveBook(stream.stream, BTC_JPY, channel=name) for name in (channels.depth, channels.depth_tick_by_tick)]
        for book in books:
            await book.start()
        running.advance(**span)
        await stream.settled()
        assert stream.kinds() == [Connected]
        assert [(book.mismatches, book.in_step) for book in books] == [(0, True)] * 2
        ids = [int(push.trade_id) for push in stream.pushes(channels.trades(BTC_JPY))]
        assert ids == list(range(ids[0], ids[0] + len(ids)))
        assert len(ids) > 300
