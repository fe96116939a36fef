"""How real time drives a world: followed, frozen, resumed, advanced, and never back."""

from __future__ import annotations

import asyncio
import time

import pytest
from freezegun import freeze_time
from server_rig import START_NS, until

from mockex.core.clock import VirtualClock
from mockex.server.wallclock import ClockMode, WorldTime, real_now_ns

REAL_NS = 5_000


class Rig:
    """A world's clock under a real time that the test sets."""

    def __init__(self, mode: ClockMode) -> None:
        self.real_ns = REAL_NS
        self.clock = VirtualClock(START_NS)
        self.time = WorldTime(read_ns=lambda: self.real_ns)
        self.time.drive(self.clock, mode=mode, since_ns=REAL_NS)

    @property
    def elapsed_ns(self) -> int:
        """Of virtual time, as the world sees it."""
        return self.clock.now_ns() - START_NS


def test_virtual_time_follows_real_time_when_asked_to() -> None:
    rig = Rig("real")
    rig.real_ns += 70
    assert rig.elapsed_ns == 0
    rig.time.step()
    assert rig.elapsed_ns == 70
    rig.real_ns += 5
    assert rig.time.now_ns() == START_NS + 75


def test_a_world_that_took_long_to_build_is_brought_to_the_present() -> None:
    rig = Rig("real")
    clock = VirtualClock(START_NS)
    rig.real_ns += 2_000
    rig.time.drive(clock, mode="real", since_ns=rig.real_ns - 2_000)

    assert clock.now_ns() == START_NS + 2_000


def test_a_machine_whose_clock_is_set_back_does_not_take_the_world_with_it() -> None:
    rig = Rig("real")
    rig.real_ns += 70
    rig.time.step()
    rig.real_ns -= 60
    rig.time.step()
    assert rig.elapsed_ns == 70
    rig.real_ns += 61
    rig.time.step()
    assert rig.elapsed_ns == 71


def test_frozen_time_stands_still_but_what_is_overdue_runs() -> None:
    rig = Rig("frozen")
    ran: list[str] = []
    rig.clock.call_at(START_NS, lambda: ran.append("now"))
    rig.clock.call_at(START_NS + 1, lambda: ran.append("later"))
    rig.real_ns += 70
    rig.time.step()
    rig.time.settle()

    assert (rig.elapsed_ns, ran) == (0, ["now"])


@pytest.mark.parametrize("mode", ["real", "frozen"])
def test_advancing_moves_on_and_runs_what_becomes_due(mode: ClockMode) -> None:
    rig = Rig(mode)
    ran: list[int] = []
    rig.clock.call_at(START_NS + 30, lambda: ran.append(rig.elapsed_ns))
    assert rig.time.advance(50) == START_NS + 50
    assert (rig.elapsed_ns, ran) == (50, [30])
    rig.real_ns += 7
    rig.time.step()
    assert rig.elapsed_ns == (57 if mode == "real" else 50)


def test_time_is_not_advanced_backwards() -> None:
    rig = Rig("frozen")
    with pytest.raises(ValueError, match="back"):
        rig.time.advance(-1)
    assert rig.elapsed_ns == 0


def test_freezing_and_resuming_leave_no_gap_and_no_jump() -> None:
    rig = Rig("real")
    rig.real_ns += 10
    rig.time.freeze()
    rig.real_ns += 1_000
    rig.time.step()
    assert (rig.elapsed_ns, rig.time.frozen) == (10, True)
    rig.time.advance(5)
    rig.time.resume()
    rig.time.resume()
    assert (rig.time.now_ns() - START_NS, rig.time.frozen) == (15, False)
    rig.real_ns += 3
    assert rig.time.now_ns() - START_NS == 18


def test_a_timer_that_fails_is_reported_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig("frozen")
    ran: list[str] = []
    rig.clock.call_at(START_NS + 1, lambda: ran.append(str(1 // 0)))
    rig.clock.call_at(START_NS + 2, lambda: ran.append("second"))
    rig.time.advance(2)

    assert (rig.elapsed_ns, ran) == (2, ["second"])
    assert [record.getMessage() for record in caplog.records] == ["a timer of the simulated world failed"]


def test_a_timer_that_fails_for_ever_does_not_hang_the_server() -> None:
    rig = Rig("frozen")

    def fail() -> None:
        rig.clock.call_at(START_NS, fail)
        raise RuntimeError("again")

    rig.clock.call_at(START_NS, fail)
    rig.time.settle()

    assert rig.clock.pending_count == 1


async def test_timers_run_by_themselves_while_no_request_comes() -> None:
    clock = VirtualClock(START_NS)
    driver = WorldTime()
    driver.drive(clock, mode="real", since_ns=real_now_ns())
    ran: list[int] = []
    clock.call_after(40_000_000, lambda: ran.append(2))
    driver.start(asyncio.get_running_loop())
    clock.call_after(5_000_000, lambda: ran.append(1))  # due before the one that the alarm was set for
    driver.settle()
    await until(lambda: len(ran) == 2)
    driver.stop()

    assert ran == [1, 2]


async def test_after_the_stop_no_timer_runs() -> None:
    ran: list[str] = []
    drivers = {name: WorldTime() for name in ("stopped", "running")}
    for name, driver in drivers.items():
        clock = VirtualClock(START_NS)
        driver.drive(clock, mode="real", since_ns=real_now_ns())
        driver.start(asyncio.get_running_loop())
        clock.call_after(5_000_000, lambda name=name: ran.append(name))
        driver.settle()
    drivers["stopped"].stop()
    drivers["stopped"].settle()
    await until(lambda: bool(ran))
    drivers["running"].stop()

    assert ran == ["running"]


def test_a_test_may_freeze_the_machines_clock() -> None:
    clock = VirtualClock(START_NS)
    driver = WorldTime()
    with freeze_time("2024-02-15T03:04:05Z") as frozen:
        driver.drive(clock, mode="real", since_ns=real_now_ns())
        frozen.tick(10)
        assert driver.now_ns() == START_NS + 10_000_000_000


def test_the_machines_clock_is_read_directly_when_nobody_froze_it() -> None:
    before = time.time_ns()
    assert before <= real_now_ns() <= time.time_ns()
