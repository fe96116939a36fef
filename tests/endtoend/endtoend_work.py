"""How much work something is, counted instead of timed: the same on every machine, loaded or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(action: Callable[[], object]) -> int:
    """Bytecode instructions that `action` executes, in all functions that it calls. Loops count by the round."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        if event == "opcode":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def calls_of(name: str, action: Callable[[], object]) -> int:
    """How often `action` calls the built-in function of that name."""
    count = 0

    def profile(_: FrameType, event: str, called: Any) -> None:
        nonlocal count
        if event == "c_call" and called.__name__ == name:
            count += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count
