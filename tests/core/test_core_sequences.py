"""Counters: where they start, how they step, and that each name has one."""

import pytest

from mockex.core.clock import VirtualClock
from mockex.core.sequences import SecondSequence, Sequence, Sequences

SECOND_NS = 1_000_000_000


def test_a_sequence_counts_up_from_one_by_default() -> None:
    sequence = Sequence()
    assert [sequence.next() for _ in range(3)] == [1, 2, 3]


def test_a_sequence_counts_from_its_start_in_its_step() -> None:
    sequence = Sequence(2_512_669_605_501_0, 16)
    assert [sequence.next() for _ in range(3)] == [25_126_696_055_010, 25_126_696_055_026, 25_126_696_055_042]


def test_last_is_the_number_given_last_and_none_before_the_first() -> None:
    sequence = Sequence(start=7, step=2)
    seen = [sequence.last]
    for _ in range(2):
        sequence.next()
        seen.append(sequence.last)
    assert seen == [None, 7, 9]


def test_taking_several_numbers_gives_the_first_and_moves_past_the_last() -> None:
    sequence = Sequence(start=10, step=5)
    assert sequence.take(3) == 10
    assert sequence.last == 20
    assert sequence.next() == 25


@pytest.mark.parametrize("count", [0, -1])
def test_taking_no_number_is_refused(count: int) -> None:
    sequence = Sequence()
    with pytest.raises(ValueError, match=f"count {count} is below 1"):
        sequence.take(count)
    assert sequence.last is None
    assert sequence.next() == 1


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_that_does_not_ascend_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match=f"step {step} is below 1"):
        Sequence(step=step)


def test_named_sequences_start_and_step_as_configured_and_at_one_otherwise() -> None:
    sequences = Sequences({"trade": 500}, steps={"trade": 10, "entry": 3})
    assert [sequences["trade"].next() for _ in range(2)] == [500, 510]
    assert [sequences["entry"].next() for _ in range(2)] == [1, 4]
    assert [sequences["order"].next() for _ in range(2)] == [1, 2]


def test_a_start_holds_for_every_name_that_begins_with_its_word_unless_that_has_its_own() -> None:
    sequences = Sequences({"trade": 500, "trade C-D": 7}, steps={"trade": 10})
    assert [sequences["trade A-B"].next() for _ in range(2)] == [500, 510]
    assert [sequences["trade C-D"].next() for _ in range(2)] == [7, 17]
    assert [sequences["trades A-B"].next() for _ in range(2)] == [1, 2]


def test_a_name_always_gives_the_same_sequence() -> None:
    sequences = Sequences()
    trade_ids = sequences["trade"]
    trade_ids.next()
    assert sequences["trade"] is trade_ids
    assert sequences["trade"].next() == 2
    assert sequences["order"] is not trade_ids


def test_worlds_do_not_share_their_counters() -> None:
    starts = {"trade": 5}
    first, second = Sequences(starts), Sequences(starts)
    first["trade"].next()
    starts["trade"] = 99
    assert second["trade"].next() == 5


# --- numbers that begin with the second


def test_a_number_begins_with_its_second_and_counts_within_it() -> None:
    clock = VirtualClock(1_700_000_000 * SECOND_NS + 999)
    sequence = SecondSequence(clock, bits=20)

    within = [sequence.next() for _ in range(3)]
    clock.advance(SECOND_NS)
    after = sequence.next()

    assert [divmod(number, 2**20) for number in within] == [(1_700_000_000, 0), (1_700_000_000, 1), (1_700_000_000, 2)]
    assert divmod(after, 2**20) == (1_700_000_001, 0)
    assert sequence.last == after


def test_a_second_that_is_full_runs_into_the_next_and_numbers_ascend_all_the_same() -> None:
    clock = VirtualClock(10 * SECOND_NS)
    sequence = SecondSequence(clock, bits=2)

    first = sequence.take(6)
    clock.advance(SECOND_NS)

    assert (first, sequence.last) == (40, 45)
    assert sequence.next() == 46, "the second has come that this number begins with already"
    clock.advance(SECOND_NS)
    assert sequence.next() == 48


def test_a_counter_that_is_there_already_is_the_one_of_its_name() -> None:
    sequence = SecondSequence(VirtualClock(0), bits=4)
    sequences = Sequences({"order": 7}, made={"order": sequence})

    assert sequences["order"] is sequence
    assert sequences["trade"].next() == 1
