"""What a process that does nothing but serve does for its speed. Not for a server inside somebody else's program."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

# A server makes few cycles, and a full collection under load is the longest pause there is: the young are looked at often
# enough to be cheap, the old hardly ever.
_GC_THRESHOLDS = (50_000, 50, 100)


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the faster event loop where there is one; None: the usual one."""
    try:
        import uvloop
    except ImportError:
        return None
    make: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return make


def spare_the_collector() -> None:
    """To call once the world is built: what exists now stays, so the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
