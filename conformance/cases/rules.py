"""Rules for sockets that several venues have in the same words: what becomes of subscriptions.

Knows no venue, and no command: only what the recording says was subscribed, on which connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from mockex.conformance.judging import Judge, apart_ms
from mockex.conformance.trace import CLOSE, SUBSCRIBED, UNSUBSCRIBED, Entry

Look = Callable[[Entry], None]

RENEWAL_MS = 60_000
"""A client that has not renewed its subscriptions by then has forgotten them [our reading]."""


def subscribes_once(judge: Judge) -> Look:
    """Objects to a channel that is subscribed a second time on one connection."""
    channels: dict[object, set[str]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            channels.pop(entry["connection"], None)
        elif entry.kind == UNSUBSCRIBED:
            channels.get(entry["connection"], set()).discard(entry["channel"])
        elif entry.kind == SUBSCRIBED:
            judge.saw()
            known = channels.setdefault(entry["connection"], set())
            if entry["channel"] in known:
                judge.object("a channel is subscribed once", expected="no second time", seen=entry["channel"], at=entry)
            known.add(entry["channel"])

    return look


def renews_subscriptions(judge: Judge) -> Look:
    """Objects to channels of a connection that the venue ended, if no later one gets them."""
    channels: dict[object, set[str]] = {}
    wanted: deque[tuple[Entry, set[str]]] = deque()  # lost connections, and what nobody has renewed yet

    def give_up(present: Entry | None) -> None:
        """The oldest, once its time is over or nothing more can come."""
        while wanted and (present is None or apart_ms(wanted[0][0], present) > RENEWAL_MS):
            closed, missing = wanted.popleft()
            if missing:
                seen = f"not renewed: {', '.join(sorted(missing))}"
                judge.object("subscriptions are renewed", expected="all of them", seen=seen, at=closed)

    def look(entry: Entry) -> None:
        give_up(entry)
        if entry.kind == SUBSCRIBED:
            channels.setdefault(entry["connection"], set()).add(entry["channel"])
            for _, missing in wanted:
                missing.discard(entry["channel"])
        elif entry.kind == UNSUBSCRIBED:
            channels.get(entry["connection"], set()).discard(entry["channel"])
        elif entry.kind == CLOSE:
            lost = channels.pop(entry["connection"], set())
            if lost and entry["by"] == "server":
                judge.saw()
                wanted.append((entry, lost))

    judge.at_end(lambda: give_up(None))
    return look
