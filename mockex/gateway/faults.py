"""What an operator may break on purpose (gw§9): links to venues, the moment of READY, and replies.

Owns which faults stand. Must not know: sockets, what an operation does.
Invariant: without faults it costs a look at an empty collection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import timedelta

from mockex.gateway.protocol import Request

REFUSED = "the connection is refused on purpose"


class Faults:
    """Those of one gateway. Names of platforms: empty text means every platform."""

    def __init__(self) -> None:
        self._cut_off: dict[str, None] = {}
        self._ready_after: dict[str, timedelta] = {}
        self._suppressed: dict[str, int] = {}
        self._reordered = 0
        self._kept: deque[Callable[[], None]] = deque()
        self._pushes_first = 0

    # --- for the operator

    def refuse_connect(self, platform: str = "") -> None:
        """Every attempt to reach the venue fails from now on, until it is allowed again."""
        self._cut_off[platform] = None

    def allow_connect(self, platform: str = "") -> None:
        """The next attempt may succeed. With no platform: of every platform; only that ends a refusal of all."""
        if platform:
            self._cut_off.pop(platform, None)
        else:
            self._cut_off.clear()

    def delay_ready(self, span: timedelta, platform: str = "") -> None:
        """From now on READY comes so much later; zero ends it."""
        if span:
            self._ready_after[platform] = span
        else:
            self._ready_after.pop(platform, None)

    def suppress_replies(self, op: str, count: int = 1) -> None:
        """The next replies to that op never leave."""
        self._suppressed[op] = self._suppressed.get(op, 0) + count

    def reorder_replies(self, count: int = 2) -> None:
        """So many replies are kept until the last of them is there, and leave in reverse order."""
        self._reordered += count

    def push_before_reply(self, count: int = 1) -> None:
        """So many orders are answered only after their first push."""
        self._pushes_first += count

    def clear(self) -> None:
        """Everything works again; replies that were kept leave, as they came."""
        self._cut_off.clear()
        self._ready_after.clear()
        self._suppressed.clear()
        self._reordered = self._pushes_first = 0
        kept, self._kept = self._kept, deque()
        for send in kept:
            send()

    def view(self) -> dict[str, object]:
        """What stands, for the operator to read."""
        return {
            "refuse_connect": list(self._cut_off),
            "delay_ready_s": {name: span.total_seconds() for name, span in self._ready_after.items()},
            "suppress_replies": dict(self._suppressed),
            "reorder_replies": self._reordered,
            "kept_replies": len(self._kept),
            "push_before_reply": self._pushes_first,
        }

    # --- for the gateway

    def obstacle(self, platform: str) -> str | None:
        """Why a venue is not reached now; None: it may be."""
        return REFUSED if "" in self._cut_off or platform in self._cut_off else None

    def ready_after(self, platform: str) -> timedelta:
        return self._ready_after.get(platform) or self._ready_after.get("") or timedelta()

    def takes_push_first(self) -> bool:
        """Whether the next order is to be answered after its push. Asking uses it up."""
        if not self._pushes_first:
            return False
        self._pushes_first -= 1
        return True

    def pass_on(self, request: Request, send: Callable[[], None]) -> None:
        """Sends a reply, or does with it what the faults say."""
        left = self._suppressed.get(request.op, 0)
        if left:
            self._suppressed[request.op] = left - 1
            if left == 1:
                del self._suppressed[request.op]
        elif self._reordered:
            self._kept.append(send)
            self._reordered -= 1
            if not self._reordered:
                self._send_in_reverse()
        else:
            send()

    def _send_in_reverse(self) -> None:
        kept, self._kept = self._kept, deque()
        for send in reversed(kept):
            send()
