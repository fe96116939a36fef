"""What waits on one connection, when it is too much, and when it ends."""

from __future__ import annotations

import pytest

from mockex.core.clock import VirtualClock
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.messages import BINARY, PING, TEXT, Frame

SLOW = CloseOrder(4002, "too slow")
IDLE = CloseOrder(4001, "too quiet")
SECOND = 10**9


class Line:
    """A connection that counts how often its server is woken."""

    def __init__(self, *, max_bytes: int = 1_000, farewell: Frame | None = None) -> None:
        self.clock = VirtualClock(0)
        self.wakes = 0
        rule = SlowReaderRule(max_bytes, SLOW, farewell)
        self.connection = Connection(1, "main", "127.0.0.1", self.clock, slow_reader=rule, wake=self._wake)

    def _wake(self, connection: Connection) -> None:
        assert connection is self.connection
        self.wakes += 1


def frame(size: int = 10, fill: bytes = b"x") -> Frame:
    """Of `size` bytes on the wire."""
    return Frame.of(fill * (size - 2), TEXT)


# --- frames


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, "8100"),
        (1, "8101"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_a_frame_says_its_length_as_the_standard_does(size: int, header: str) -> None:
    """RFC 6455, section 5.2: 7 bits, 16 bits or 64 bits, unmasked."""
    made = Frame.of(b"a" * size, TEXT)

    assert made.payload == b"a" * size
    assert made.wire == bytes.fromhex(header) + made.payload


def test_a_binary_frame_is_final_and_binary() -> None:
    assert Frame.of(b"", BINARY).wire == b"\x82\x00"


# --- queue


def test_frames_leave_in_the_order_in_which_they_came_all_at_once() -> None:
    line = Line()
    frames = [frame(fill=bytes([letter])) for letter in b"abc"]
    for each in frames:
        line.connection.send(each)

    assert line.connection.queued_bytes == 30
    assert line.connection.drain() == frames
    assert (line.connection.drain(), line.connection.queued_bytes) == ([], 0)


def test_the_server_is_woken_once_for_all_that_waits() -> None:
    line = Line()
    for _ in range(3):
        line.connection.send(frame())
    assert line.wakes == 1

    line.connection.drain()
    line.connection.send(frame())
    assert line.wakes == 2


def test_a_close_lets_what_was_queued_go_first_and_takes_nothing_more() -> None:
    line = Line()
    first = frame()
    line.connection.send(first)
    line.connection.close(IDLE)
    line.connection.send(frame())

    assert line.wakes == 2, "once for the frame, once for the close"
    assert line.connection.drain() == [first]
    assert line.connection.closing == IDLE


def test_the_first_reason_to_close_stays() -> None:
    line = Line()
    line.connection.close(IDLE)
    line.connection.close(SLOW)

    assert line.connection.closing == IDLE
    assert line.wakes == 1


def test_an_ended_connection_keeps_nothing_and_wakes_nobody() -> None:
    line = Line()
    line.connection.send(frame())
    line.connection.end()
    line.connection.send(frame())
    line.connection.close(IDLE)

    assert (line.connection.drain(), line.connection.queued_bytes, line.connection.closing) == ([], 0, None)
    assert line.wakes == 1


# --- slow readers


def test_exactly_the_bound_may_wait_and_not_a_byte_more() -> None:
    line = Line(max_bytes=100)
    for _ in range(10):
        line.connection.send(frame(10))
    assert line.connection.closing is None

    line.connection.send(frame(2))
    assert line.connection.closing == SLOW
    assert line.connection.drain() == [], "what had piled up is of no use any more"


def test_what_the_server_could_not_get_rid_of_counts_too() -> None:
    line = Line(max_bytes=100)
    line.connection.backlog_bytes = 95
    line.connection.send(frame(5))
    assert line.connection.closing is None

    line.connection.send(frame(2))
    assert line.connection.closing == SLOW


def test_a_slow_reader_gets_the_venues_farewell_alone() -> None:
    farewell = frame(50, b"!")
    line = Line(max_bytes=100, farewell=farewell)
    for _ in range(11):
        line.connection.send(frame(10))

    assert line.connection.queued_bytes == 50
    assert line.connection.drain() == [farewell]
    assert line.connection.closing == SLOW


def test_a_reader_that_keeps_up_is_never_slow() -> None:
    line = Line(max_bytes=100)
    for _ in range(1_000):
        line.connection.send(frame(100))
        line.connection.drain()

    assert line.connection.closing is None


# --- silence


def test_silence_is_counted_from_the_last_frame_sent() -> None:
    line = Line()
    line.connection.watch_silence(line.clock, 30 * SECOND, IDLE, None)
    line.clock.advance(20 * SECOND)
    line.connection.send(frame())
    line.clock.advance(30 * SECOND - 1)
    assert line.connection.closing is None

    line.clock.advance(1)
    assert line.connection.closing == IDLE


def test_silence_from_the_beginning_counts_from_there() -> None:
    line = Line()
    line.connection.watch_silence(line.clock, 30 * SECOND, IDLE, None)

    line.clock.advance(30 * SECOND - 1)
    assert line.connection.closing is None
    line.clock.advance(1)
    assert line.connection.closing == IDLE


def test_a_farewell_is_sent_before_the_close() -> None:
    line = Line()
    farewell = frame()
    line.connection.watch_silence(line.clock, SECOND, IDLE, farewell)
    line.clock.advance(SECOND)

    assert line.connection.drain() == [farewell]
    assert line.connection.closing == IDLE


def test_one_timer_serves_however_much_is_sent() -> None:
    line = Line(max_bytes=10**9)
    line.connection.watch_silence(line.clock, SECOND, IDLE, None)
    for _ in range(1_000):
        line.connection.send(frame())
        line.clock.advance(SECOND // 100)

    assert line.clock.queued_count == 1
    assert line.connection.closing is None


def test_an_ended_connection_leaves_no_timer_and_a_closing_one_is_left_alone() -> None:
    line = Line()
    line.connection.watch_silence(line.clock, SECOND, IDLE, None)
    line.connection.close(SLOW)
    line.clock.advance(2 * SECOND)
    assert line.connection.closing == SLOW

    other = Line()
    other.connection.watch_silence(other.clock, SECOND, IDLE, None)
    other.connection.end()
    assert other.clock.pending_count == 0


# --- what a venue keeps for one connection


class Numbered:
    """Writes a number in front of every message."""

    def __init__(self) -> None:
        self.count = 0

    def own(self, frame: Frame) -> Frame:
        self.count += 1
        return Frame.of(b"%d:" % self.count + frame.payload, TEXT)


def test_a_session_makes_every_message_the_connections_own_and_leaves_control_frames_alone() -> None:
    line = Line()
    line.connection.session = Numbered()
    shared = Frame.of(b"x", TEXT)
    for sent in (shared, Frame.of(b"p", PING), shared):
        line.connection.send(sent)

    assert [sent.payload for sent in line.connection.drain()] == [b"1:x", b"p", b"2:x"]
    assert shared.payload == b"x", "other connections get the same frame"


def test_a_session_has_seen_what_a_guard_loses() -> None:
    line = Line()
    line.connection.session = Numbered()
    held: list[Frame] = []
    line.connection.guard = lambda _, sent: held.append(sent)
    line.connection.send(frame(fill=b"a"))
    line.connection.guard = None
    line.connection.send(Frame.of(b"b", TEXT))
    for late in held:
        line.connection.send(late, checked=True)

    assert [sent.payload[:2] for sent in line.connection.drain()] == [b"2:", b"1:"], "what was held back keeps its number"


def test_a_connection_that_is_closing_takes_no_more_numbers() -> None:
    line = Line()
    session = line.connection.session = Numbered()
    line.connection.send(frame())
    line.connection.close(IDLE)
    line.connection.send(frame())

    assert session.count == 1
