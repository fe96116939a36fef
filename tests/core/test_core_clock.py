"""The virtual clock: order of timers, time while they run, cancelling, and callbacks that misbehave."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.core.clock import Timer, VirtualClock


class Recorder:
    """Callbacks that note their label and the time they saw."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.ran: list[tuple[str, int]] = []

    def noting(self, label: str) -> Callable[[], None]:
        return lambda: self.ran.append((label, self.clock.now_ns()))


def nothing() -> None:
    pass


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(1_000)


@pytest.fixture
def recorder(clock: VirtualClock) -> Recorder:
    return Recorder(clock)


def test_a_clock_stands_still_until_it_is_advanced(clock: VirtualClock) -> None:
    assert clock.now_ns() == 1_000
    assert clock.now_ns() == 1_000
    clock.advance(5)
    assert clock.now_ns() == 1_005


def test_timers_run_in_order_of_due_time_and_see_it_as_now(clock: VirtualClock, recorder: Recorder) -> None:
    clock.call_at(1_030, recorder.noting("c"))
    clock.call_at(1_010, recorder.noting("a"))
    clock.call_after(20, recorder.noting("b"))
    clock.advance_to(1_030)
    assert recorder.ran == [("a", 1_010), ("b", 1_020), ("c", 1_030)]
    assert clock.now_ns() == 1_030


def test_timers_due_together_run_in_the_order_of_scheduling(clock: VirtualClock, recorder: Recorder) -> None:
    for label in "dacb":
        clock.call_at(1_010, recorder.noting(label))
    clock.advance(10)
    assert [label for label, _ in recorder.ran] == ["d", "a", "c", "b"]


def test_a_timer_that_is_due_after_the_target_waits(clock: VirtualClock, recorder: Recorder) -> None:
    timer = clock.call_at(1_011, recorder.noting("late"))
    clock.advance_to(1_010)
    assert recorder.ran == []
    assert timer.pending
    clock.advance_to(1_011)
    assert recorder.ran == [("late", 1_011)]
    assert not timer.pending


def test_a_timer_runs_once(clock: VirtualClock, recorder: Recorder) -> None:
    clock.call_after(1, recorder.noting("once"))
    clock.advance(10)
    clock.advance(10)
    assert recorder.ran == [("once", 1_001)]


def test_a_timer_scheduled_by_a_callback_runs_in_the_same_advance_when_due(clock: VirtualClock, recorder: Recorder) -> None:
    def tick() -> None:
        recorder.noting("tick")()
        clock.call_after(10, tick)

    clock.call_after(10, tick)
    clock.call_at(1_025, recorder.noting("between"))
    clock.advance_to(1_035)
    assert recorder.ran == [("tick", 1_010), ("tick", 1_020), ("between", 1_025), ("tick", 1_030)]
    assert clock.next_due_ns() == 1_040


def test_an_overdue_timer_runs_at_the_next_advance_even_to_now(clock: VirtualClock, recorder: Recorder) -> None:
    clock.call_at(1_000, recorder.noting("now"))
    clock.call_at(400, recorder.noting("overdue"))
    assert recorder.ran == []
    assert clock.next_due_ns() == 400
    clock.advance_to(1_000)
    assert recorder.ran == [("overdue", 1_000), ("now", 1_000)]


def test_an_overdue_timer_scheduled_by_a_callback_does_not_move_time_back(clock: VirtualClock, recorder: Recorder) -> None:
    def schedule_overdue() -> None:
        clock.call_at(1_010, recorder.noting("overdue"))

    clock.call_at(1_050, schedule_overdue)
    clock.call_at(1_060, recorder.noting("next"))
    clock.advance_to(1_060)
    assert recorder.ran == [("overdue", 1_050), ("next", 1_060)]


def test_a_target_in_the_past_does_nothing(clock: VirtualClock, recorder: Recorder) -> None:
    clock.call_at(900, recorder.noting("overdue"))
    clock.advance_to(999)
    assert clock.now_ns() == 1_000
    assert recorder.ran == []
    assert clock.pending_count == 1


def test_negative_delays_and_deltas_are_refused(clock: VirtualClock) -> None:
    with pytest.raises(ValueError, match="delay_ns -1 is negative"):
        clock.call_after(-1, nothing)
    with pytest.raises(ValueError, match="delta_ns -1 is negative"):
        clock.advance(-1)
    assert clock.now_ns() == 1_000
    assert clock.queued_count == 0


def test_a_cancelled_timer_never_runs(clock: VirtualClock, recorder: Recorder) -> None:
    timer = clock.call_after(10, recorder.noting("cancelled"))
    clock.call_after(20, recorder.noting("kept"))
    timer.cancel()
    timer.cancel()
    assert not timer.pending
    assert clock.pending_count == 1
    assert clock.next_due_ns() == 1_020
    clock.advance(100)
    assert recorder.ran == [("kept", 1_020)]
    assert clock.pending_count == clock.queued_count == 0


def test_a_callback_may_cancel_a_timer_that_is_due_at_the_same_time(clock: VirtualClock, recorder: Recorder) -> None:
    timers: list[Timer] = []
    clock.call_after(10, lambda: timers[0].cancel())
    timers.append(clock.call_after(10, recorder.noting("cancelled")))
    clock.advance(10)
    assert recorder.ran == []
    assert clock.pending_count == clock.queued_count == 0


def test_cancelling_a_timer_that_ran_changes_nothing(clock: VirtualClock) -> None:
    timer = clock.call_after(10, nothing)
    clock.call_after(20, nothing)
    clock.advance(10)
    timer.cancel()
    assert clock.pending_count == 1


def test_cancelled_timers_do_not_pile_up(clock: VirtualClock, recorder: Recorder) -> None:
    """An idle timeout that is pushed back on every message, the usual maker of cancelled timers."""
    for i in range(20):
        clock.call_at(2_000 + i, recorder.noting(str(i)))
    idle = clock.call_after(10_000, nothing)
    most_queued = 0
    for _ in range(50_000):
        idle.cancel()
        idle = clock.call_after(10_000, nothing)
        most_queued = max(most_queued, clock.queued_count)
    assert clock.pending_count == 21
    assert most_queued <= 21 + 64
    clock.advance_to(5_000)
    assert recorder.ran == [(str(i), 2_000 + i) for i in range(20)]


def test_sweeping_cancelled_timers_keeps_the_order_of_the_others(clock: VirtualClock, recorder: Recorder) -> None:
    dues_ns = [1_000 + i * 7_919 % 1_000 for i in range(1_000)]  # every time once, in a jumble
    timers = [clock.call_at(due_ns, recorder.noting(str(due_ns))) for due_ns in dues_ns]
    for due_ns, timer in zip(dues_ns, timers, strict=True):
        if due_ns % 10:
            timer.cancel()
    assert clock.queued_count < 2 * clock.pending_count == 200
    clock.advance_to(2_000)
    assert recorder.ran == [(str(due_ns), due_ns) for due_ns in range(1_000, 2_000, 10)]


def test_a_callback_may_cancel_so_many_timers_that_the_queue_is_swept(clock: VirtualClock, recorder: Recorder) -> None:
    timers = [clock.call_at(1_100 + i, recorder.noting(f"doomed {i}")) for i in range(500)]
    clock.call_at(1_700, recorder.noting("kept"))

    def cancel_all() -> None:
        for timer in timers:
            timer.cancel()

    clock.call_at(1_050, cancel_all)
    clock.advance_to(2_000)
    assert recorder.ran == [("kept", 1_700)]
    assert clock.pending_count == clock.queued_count == 0


def test_a_callback_must_not_advance_the_clock(clock: VirtualClock, recorder: Recorder) -> None:
    clock.call_at(1_010, lambda: clock.advance_to(1_500))
    clock.call_at(1_020, recorder.noting("later"))
    with pytest.raises(AssertionError, match="must not advance the clock"):
        clock.advance_to(1_100)
    assert clock.now_ns() == 1_010
    assert recorder.ran == []
    clock.advance_to(1_100)
    assert recorder.ran == [("later", 1_020)]


def test_a_callback_that_raises_is_used_up_and_the_rest_stays(clock: VirtualClock, recorder: Recorder) -> None:
    def fail() -> None:
        raise RuntimeError("broken callback")

    clock.call_at(1_010, recorder.noting("before"))
    failing = clock.call_at(1_020, fail)
    clock.call_at(1_020, recorder.noting("same time"))
    clock.call_at(1_030, recorder.noting("after"))
    with pytest.raises(RuntimeError, match="broken callback"):
        clock.advance_to(1_100)
    assert clock.now_ns() == 1_020
    assert not failing.pending
    assert clock.pending_count == 2
    clock.advance_to(1_100)
    assert recorder.ran == [("before", 1_010), ("same time", 1_020), ("after", 1_030)]
    assert clock.now_ns() == 1_100


def test_next_due_is_none_without_timers(clock: VirtualClock) -> None:
    assert clock.next_due_ns() is None
    clock.call_after(5, nothing).cancel()
    assert clock.next_due_ns() is None
    assert clock.queued_count == 0


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("schedule"), st.integers(-20, 100)),
            st.tuples(st.just("cancel"), st.integers(0, 30)),
            st.tuples(st.just("advance"), st.integers(-10, 60)),
        ),
        max_size=60,
    )
)
def test_any_schedule_runs_like_a_list_that_is_searched_for_the_next_timer(
    steps: list[tuple[str, int]],
) -> None:
    clock = VirtualClock(0)
    recorder = Recorder(clock)
    timers: list[Timer] = []
    waiting: dict[int, int] = {}  # label -> due; dicts keep the order of scheduling
    expected: list[tuple[str, int]] = []
    now_ns = 0
    for action, number in steps:
        if action == "schedule":
            waiting[len(timers)] = now_ns + number
            timers.append(clock.call_at(now_ns + number, recorder.noting(str(len(timers)))))
        elif action == "cancel" and number < len(timers):
            timers[number].cancel()
            waiting.pop(number, None)
        elif action == "advance":
            clock.advance_to(now_ns + number)
            for label, due_ns in sorted(waiting.items(), key=lambda item: item[1]):
                if number >= 0 and due_ns <= now_ns + number:
                    expected.append((str(label), max(due_ns, now_ns)))
                    del waiting[label]
            now_ns += max(number, 0)
        assert clock.now_ns() == now_ns
        assert recorder.ran == expected
        assert clock.pending_count == len(waiting)
        assert clock.next_due_ns() == min(waiting.values(), default=None)
