"""What a venue or the gateway hears and says, kept for its operator to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from mockex.operator.refusals import OperatorError
from mockex.wire.recording import Entry, Recorder


class RecordingState(TypedDict):
    """`last`: the newest entry's number, 0 if there is none. `dropped`: how many of the oldest were too many to be kept."""

    on: bool
    last: int
    dropped: int


class RecordingView(RecordingState):
    """`entries`: oldest first."""

    entries: list[Entry]


def record(recorder: Recorder, *, on: bool, real_ns: Callable[[], int]) -> RecordingState:
    """Starts a new recording, forgetting the last one; or ends it and keeps what there is. `real_ns` reads a steady clock."""
    if on:
        recorder.start(real_ns)
    else:
        recorder.stop()
    return _state(recorder)


def recording(recorder: Recorder, *, after: int = 0) -> RecordingView:
    """The entries with numbers above `after`, of the recording that runs or ran last. OperatorError if it is negative."""
    entries = recorder.after(not_negative(after, "after"))
    return RecordingView(**_state(recorder), entries=entries)


def not_negative(value: int, what: str) -> int:
    if value < 0:
        raise OperatorError(f"{what} is 0 or more, not {value}")
    return value


def _state(recorder: Recorder) -> RecordingState:
    return RecordingState(on=recorder.on, last=recorder.last, dropped=recorder.dropped)
