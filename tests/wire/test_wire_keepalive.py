"""Pings at an interval, signs of life of any kind, and the end of a connection that gives none or is too old."""

from __future__ import annotations

from fanout_rig import Stage
from wire_rig import MS

from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.heartbeat import Keepalive
from mockex.wire.messages import PING, Frame

SECOND = 1_000 * MS
SILENT, OLD = CloseOrder(4_000, "silent"), CloseOrder(4_001, "old")


def kept(stage: Stage, *, life_ns: int = 1_000 * SECOND) -> Connection:
    connection = stage.connect()
    connection.keepalive = Keepalive(
        connection,
        stage.clock,
        interval_ns=3 * SECOND,
        patience_ns=10 * SECOND,
        life_ns=life_ns,
        ping=Frame.of(b"", PING),
        silent=SILENT,
        old=OLD,
    )
    return connection


def heard_of(connection: Connection) -> None:
    assert connection.keepalive is not None
    connection.keepalive.heard()


def pings(connection: Connection) -> int:
    frames = connection.drain()
    assert {frame.wire[0] for frame in frames} <= {0x80 | PING}
    return len(frames)


def test_pings_come_at_their_interval_whether_they_are_answered_or_not() -> None:
    stage = Stage()
    connection = kept(stage)
    counted = []
    for _ in range(3):
        stage.clock.advance(3 * SECOND - 1)
        counted.append(pings(connection))
        stage.clock.advance(1)
        counted.append(pings(connection))

    assert counted == [0, 1] * 3
    assert connection.closing is None


def test_a_silent_client_is_closed_when_its_patience_ends_and_not_before() -> None:
    stage = Stage()
    connection = kept(stage)
    stage.clock.advance(10 * SECOND - 1)
    assert connection.closing is None
    stage.clock.advance(1)

    assert connection.closing == SILENT


def test_every_sign_of_life_gives_the_whole_patience_anew() -> None:
    stage = Stage()
    connection = kept(stage)
    for _ in range(5):
        stage.clock.advance(9 * SECOND)
        heard_of(connection)
    stage.clock.advance(10 * SECOND - 1)
    assert connection.closing is None
    stage.clock.advance(1)

    assert connection.closing == SILENT


def test_a_client_that_answers_is_closed_all_the_same_when_its_life_is_over() -> None:
    stage = Stage()
    connection = kept(stage, life_ns=25 * SECOND)
    for _ in range(24):
        stage.clock.advance(SECOND)
        heard_of(connection)
    assert connection.closing is None
    stage.clock.advance(SECOND)

    assert connection.closing == OLD


def test_nothing_is_pending_once_the_connection_has_ended() -> None:
    stage = Stage()
    connection = kept(stage)
    stage.clock.advance(4 * SECOND)
    heard_of(connection)
    connection.end()

    assert stage.clock.pending_count == 0


def test_a_connection_that_was_spared_outlives_its_time_but_not_its_silence() -> None:
    stage = Stage()
    connection = kept(stage, life_ns=5 * SECOND)
    stage.clock.advance(4 * SECOND)
    assert connection.keepalive is not None
    connection.keepalive.spare()
    connection.keepalive.spare()
    heard_of(connection)
    stage.clock.advance(10 * SECOND - 1)
    assert connection.closing is None
    stage.clock.advance(1)

    assert connection.closing == SILENT
