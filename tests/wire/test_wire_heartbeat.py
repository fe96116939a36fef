"""Questions at an interval, answers that count, and the end of a connection that leaves them open."""

from __future__ import annotations

import pytest
from fanout_rig import Stage, heard
from wire_rig import MS

from mockex.core.clock import VirtualClock
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.heartbeat import Heartbeat
from mockex.wire.messages import TEXT, Frame

GONE = CloseOrder(4_000, "silent")
SECOND = 1_000 * MS


def watched(stage: Stage, *, interval_ns: int = 5 * SECOND, patience: int = 2) -> Connection:
    connection = stage.connect()
    connection.heartbeat = Heartbeat(
        connection,
        stage.clock,
        interval_ns=interval_ns,
        patience=patience,
        ask=lambda asked_ms: Frame.of(str(asked_ms).encode(), TEXT),
        close=GONE,
    )
    return connection


def answer(connection: Connection, asked_ms: object) -> bool:
    assert connection.heartbeat is not None
    return connection.heartbeat.answered(asked_ms)


def pending(clock: VirtualClock) -> int:
    return clock.pending_count


def test_the_first_question_comes_after_one_interval_and_then_one_each() -> None:
    stage = Stage(start_ns=700 * MS)
    connection = watched(stage)
    times = []
    for _ in range(4):
        stage.clock.advance(5 * SECOND - 1)
        assert heard(connection) == []
        stage.clock.advance(1)
        (asked,) = heard(connection)
        times.append(int(asked))
        assert answer(connection, int(asked))

    assert times == [5_700, 10_700, 15_700, 20_700]
    assert connection.closing is None


def test_a_client_that_answers_nothing_is_closed_in_place_of_the_question_after_its_patience() -> None:
    stage = Stage()
    connection = watched(stage, patience=2)
    stage.clock.advance(15 * SECOND - 1)
    assert heard(connection) == ["5000", "10000"]
    assert connection.closing is None

    stage.clock.advance(1)

    assert heard(connection) == []
    assert connection.closing == GONE
    assert pending(stage.clock) == 0


def test_an_answer_counts_for_all_questions_before_it() -> None:
    stage = Stage()
    connection = watched(stage)
    stage.clock.advance(10 * SECOND)

    assert answer(connection, 10_000)
    assert not answer(connection, 5_000), "settled already"
    stage.clock.advance(15 * SECOND - 1)
    assert connection.closing is None
    stage.clock.advance(1)
    assert connection.closing == GONE


@pytest.mark.parametrize("said", [5_001, "5000", True, None, 5_000.0, -5_000], ids=repr)
def test_only_a_question_that_was_asked_can_be_answered(said: object) -> None:
    stage = Stage()
    connection = watched(stage)
    stage.clock.advance(5 * SECOND)

    assert not answer(connection, said)
    stage.clock.advance(10 * SECOND)
    assert connection.closing == GONE


def test_a_connection_that_has_ended_is_asked_no_more() -> None:
    stage = Stage()
    ended, closing = watched(stage), watched(stage)
    ended.end()
    closing.close(CloseOrder(1_000, ""))
    stage.clock.advance(20 * SECOND)

    assert (heard(ended), heard(closing)) == ([], [])
    assert closing.closing == CloseOrder(1_000, ""), "closed once, by whoever was first"
    assert pending(stage.clock) == 0


def test_a_heartbeat_waits_for_at_least_one_answer() -> None:
    stage = Stage()
    with pytest.raises(ValueError, match="a patience of 0 questions"):
        watched(stage, patience=0)
