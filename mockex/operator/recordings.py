"""What a venue hears and says, kept for its operator to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from mockex.operator.refusals import OperatorError
from mockex.simulation import Simulation
from mockex.wire.recording import Entry


class RecordingState(TypedDict):
    """`last`: the newest entry's number, 0 if there is none. `dropped`: how many of the oldest were too many to be kept."""

    on: bool
    last: int
    dropped: int


class RecordingView(RecordingState):
    """`entries`: oldest first."""

    entries: list[Entry]


def record(simulation: Simulation, *, on: bool, real_ns: Callable[[], int]) -> RecordingState:
    """Starts a new recording, forgetting the last one; or ends it and keeps what there is. `real_ns` reads a steady clock."""
    recorder = simulation.desk.recorder
    if on:
        recorder.start(real_ns)
    else:
        recorder.stop()
    return _state(simulation)


def recording(simulation: Simulation, *, after: int = 0) -> RecordingView:
    """The entries with numbers above `after`, of the recording that runs or ran last. OperatorError if it is negative."""
    entries = simulation.desk.recorder.after(not_negative(after, "after"))
    return RecordingView(**_state(simulation), entries=entries)


def not_negative(value: int, what: str) -> int:
    if value < 0:
        raise OperatorError(f"{what} is 0 or more, not {value}")
    return value


def _state(simulation: Simulation) -> RecordingState:
    recorder = simulation.desk.recorder
    return RecordingState(on=recorder.on, last=recorder.last, dropped=recorder.dropped)
