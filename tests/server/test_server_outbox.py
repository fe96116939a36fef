"""When frames leave: together, in order, after whoever caused them has finished; and what becomes of slow readers."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from server_rig import CLOSE, TEXT, RawClient, assert_no_complaint, client_frame, simulation, until

from mockex.core.clock import VirtualClock
from mockex.server.runner import Server
from mockex.server.websocket import HIGH_WATER_BYTES, Outbox, close_frame
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.fanout import EventFeed, Topic
from mockex.wire.messages import Frame

MAX_WAITING_BYTES = 262_144  # the toy's
RULE = SlowReaderRule(max_bytes=200_000, close=CloseOrder(4_002, "too slow"), farewell=Frame(b"<bye>", 0))


class StubTransport(asyncio.Transport):
    """Remembers each write, and how often it was looked at; `stuck_bytes` is what its peer has not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.stuck_bytes = 0
        self.closing = False
        self.looks = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        self.looks += 1
        return self.stuck_bytes

    def is_closing(self) -> bool:
        self.looks += 1
        return self.closing

    def abort(self) -> None:
        self.closing = True


class Line:
    """A connection, its transport and an outbox."""

    def __init__(self, outbox: Outbox | None = None) -> None:
        self.outbox = outbox or Outbox(asyncio.get_running_loop())
        self.transport = StubTransport()
        self.connection = Connection(1, "main", "", VirtualClock(0), slow_reader=RULE, wake=self.outbox.wake)

    def attach(self) -> None:
        self.outbox.attach(self.connection, self.transport)

    def send(self, *texts: str) -> None:
        for text in texts:
            self.connection.send(Frame(text.encode(), 0))


@pytest.fixture
async def line() -> Line:
    line = Line()
    line.attach()
    await asyncio.sleep(0)
    return line


async def test_all_frames_of_one_pass_leave_in_one_write(line: Line) -> None:
    line.send("a", "b")
    asyncio.get_running_loop().call_soon(line.send, "later")
    line.send("c")
    assert line.transport.writes == []
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert line.transport.writes == [b"abc", b"later"]


async def test_eight_pushes_of_one_pass_reach_every_reader_in_order_and_in_one_write() -> None:
    lines = [Line() for _ in range(20)]
    topic = Topic("shouts", "shouts", EventFeed(render=lambda event: None), lambda payload: Frame.of(payload, TEXT))
    for line in lines:
        line.attach()
        topic.subscribers[line.connection] = None
    await asyncio.sleep(0)
    for number in range(8):
        topic.broadcast(b"push %d" % number)
    await asyncio.sleep(0)

    together = b"".join(b"\x81\x06push %d" % number for number in range(8))
    assert [line.transport.writes for line in lines] == [[together]] * 20


async def test_a_pass_looks_at_no_socket_that_has_nothing_to_send() -> None:
    outbox = Outbox(asyncio.get_running_loop())
    busy, *idle = [Line(outbox) for _ in range(100)]
    for line in (busy, *idle):
        line.attach()
    outbox.flush()
    seen = [line.transport.looks for line in idle]
    busy.send("a", "b")
    outbox.flush()

    assert busy.transport.writes == [b"ab"]
    assert [line.transport.looks for line in idle] == seen


async def test_nothing_leaves_before_whoever_is_at_work_has_finished(line: Line) -> None:
    """So a response stands before the pushes that its request caused."""

    async def answer() -> None:
        line.send("push")
        line.transport.write(b"response")

    await asyncio.create_task(answer())
    await asyncio.sleep(0)

    assert line.transport.writes == [b"response", b"push"]


async def test_what_is_said_before_the_handshake_is_over_waits_for_it() -> None:
    line = Line()
    line.send("welcome")
    await asyncio.sleep(0)
    line.attach()
    await asyncio.sleep(0)

    assert line.transport.writes == [b"welcome"]


async def test_last_words_and_the_close_frame_leave_in_one_write(line: Line) -> None:
    line.send("last words")
    line.connection.close(CloseOrder(1_000, "bye"))
    line.send("never")
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert line.transport.writes == [b"last words\x88\x05\x03\xe8bye"]


async def test_a_socket_that_ends_still_sends_what_waits(line: Line) -> None:
    line.connection.close(CloseOrder(1_000, ""))
    line.outbox.detach(line.connection)
    line.outbox.detach(line.connection)

    assert line.transport.writes == [b"\x88\x02\x03\xe8"]


async def test_a_pass_writes_nothing_to_a_transport_that_is_gone(line: Line) -> None:
    line.transport.closing = True
    line.send("too late")
    await asyncio.sleep(0)

    assert line.transport.writes == []


async def test_frames_wait_while_the_transport_is_full_and_leave_together_once_it_is_not(line: Line) -> None:
    line.transport.stuck_bytes = HIGH_WATER_BYTES + 1
    line.send("gets through")
    await asyncio.sleep(0)
    line.send("a", "b")
    await asyncio.sleep(0)
    line.send("c")
    assert line.transport.writes == [b"gets through"]
    assert line.connection.backlog_bytes == HIGH_WATER_BYTES + 1
    line.transport.stuck_bytes = HIGH_WATER_BYTES
    await until(lambda: len(line.transport.writes) > 1)

    assert line.transport.writes == [b"gets through", b"abc"]
    assert line.connection.backlog_bytes == 0


async def test_what_lies_in_the_transport_counts_against_the_venues_bound(line: Line) -> None:
    line.transport.stuck_bytes = RULE.max_bytes - 10
    line.send("gets through")
    await asyncio.sleep(0)
    line.send("123456789")
    assert line.connection.closing is None
    line.send("12")
    assert line.connection.closing == RULE.close
    await asyncio.sleep(0)

    assert line.transport.writes == [b"gets through", b"<bye>" + close_frame(RULE.close)]


async def test_closing_all_reaches_every_socket(line: Line) -> None:
    line.outbox.close_all(CloseOrder(1_001, ""))
    await asyncio.sleep(0)

    assert line.transport.writes == [b"\x88\x02\x03\xe9"]
    assert not line.outbox.empty.is_set()
    line.outbox.detach(line.connection)
    assert line.outbox.empty.is_set()


@pytest.mark.parametrize(
    ("order", "wire"),
    [
        (CloseOrder(1_005, "never sent"), b"\x88\x00"),
        (CloseOrder(4_999, ""), b"\x88\x02\x13\x87"),
        (CloseOrder(1_000, "ü" * 100), b"\x88\x7c\x03\xe8" + "ü".encode() * 61),
    ],
    ids=["no code", "no reason", "a reason cut between characters"],
)
def test_a_close_frame_is_what_the_standard_asks_for(order: CloseOrder, wire: bytes) -> None:
    assert close_frame(order) == wire


# --- slow readers, over real sockets


async def _listen(client: RawClient) -> None:
    await client.upgrade()
    assert await client.frame() == (TEXT, b"welcome")
    client.say("shouts")
    assert await client.frame() == (TEXT, b"listening")


async def _shout_until_dropped(server: Server, shouter: RawClient, quick: RawClient) -> int:
    """Shouts to a reader that keeps up until the one that does not is to be closed. How many shouts it took."""
    simulated = simulation(server)
    shouts = 0
    while all(connection.closing is None for connection in simulated.connections):
        shouter.say("shout 1 60000")
        opcode, payload = await quick.frame()
        assert (opcode, len(payload)) == (TEXT, 60_000)
        shouts += 1
        assert shouts < 2_000, "nobody was dropped"
    return shouts


async def test_a_slow_reader_is_dropped_the_venues_way_and_the_others_miss_nothing(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(server) as shouter, RawClient(server) as quick, RawClient(server, receive_buffer=4_096) as slow:
        await shouter.upgrade()
        await _listen(quick)
        await _listen(slow)
        slow.writer.transport.pause_reading()  # a reader that has something else to do
        shouts = await _shout_until_dropped(server, shouter, quick)
        slow.writer.transport.resume_reading()
        heard = []
        while (frame := await slow.frame())[0] != CLOSE:
            heard.append(frame[1])
        slow.send(client_frame(CLOSE, frame[1][:2]))
        assert await slow.rest() == b""
        assert not quick.reader.at_eof()

    assert frame[1] == (4_002).to_bytes(2, "big") + b"too slow"
    assert heard[-1] == b"too slow, goodbye"
    assert {len(each) for each in heard[:-1]} == {60_000}
    assert len(heard) - 1 < shouts
    await until(lambda: not simulation(server).connections)
    assert_no_complaint(caplog)


async def test_a_slow_reader_that_never_reads_again_is_cut_off(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    async with RawClient(server) as shouter, RawClient(server) as quick, RawClient(server, receive_buffer=4_096) as slow:
        await shouter.upgrade()
        await _listen(quick)
        await _listen(slow)
        slow.writer.transport.pause_reading()  # as above
        await _shout_until_dropped(server, shouter, quick)
        await until(lambda: len(simulation(server).connections) == 2)
    assert_no_complaint(caplog)


@contextmanager
def traced_memory() -> Iterator[Callable[[], int]]:
    """Gives a function that says how many bytes more there are now."""
    gc.collect()
    tracemalloc.start()

    def grown_bytes() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    try:
        yield grown_bytes
    finally:
        tracemalloc.stop()


async def test_what_was_held_for_a_slow_reader_is_free_once_it_is_dropped_and_the_others_go_on(server: Server) -> None:
    async with RawClient(server) as shouter, RawClient(server) as quick, RawClient(server, receive_buffer=4_096) as slow:
        await shouter.upgrade()
        await _listen(quick)
        await _listen(slow)
        slow.writer.transport.pause_reading()  # and never goes on
        dropped = list(simulation(server).connections)[2]
        with traced_memory() as grown_bytes:
            held_bytes = 0
            while dropped.closing is None:
                held_bytes = grown_bytes()
                shouter.say("shout 1 60000")
                await quick.frame()
            await until(lambda: dropped not in simulation(server).connections)
            left_bytes = grown_bytes()
        shouter.say("shout 1 10")

        assert await quick.frame() == (TEXT, b"0 ........")
        assert held_bytes - left_bytes > MAX_WAITING_BYTES / 2, "nothing was held that could come free"
        assert held_bytes < 1.5 * MAX_WAITING_BYTES
        assert left_bytes < 60_000
