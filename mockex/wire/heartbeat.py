"""Whether a client is still there.

Both go by virtual time alone: a client that gets no chance to answer while it jumps is one that does not answer.

`Heartbeat`: the venue asks at an interval and closes a connection that leaves too many questions open. It knows neither the
question's words nor the answer's: the venue renders the one and reports the other.
`Keepalive`: the venue pings at an interval, and any sign of life will do; besides, no connection lives for ever.
"""

from __future__ import annotations

from collections.abc import Callable

from mockex.core.clock import Timer, VirtualClock
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.messages import Frame

NS_PER_MS = 1_000_000


class Heartbeat:
    """Asks `connection` every `interval_ns`, for the first time one interval from now. With `patience` questions open it closes
    the connection instead of asking again. A question is named by its time in milliseconds.
    """

    def __init__(
        self,
        connection: Connection,
        clock: VirtualClock,
        *,
        interval_ns: int,
        patience: int,
        ask: Callable[[int], Frame],
        close: CloseOrder,
    ) -> None:
        """ValueError unless it waits for at least one answer."""
        if patience < 1:
            raise ValueError(f"a patience of {patience} questions")
        self._connection = connection
        self._clock = clock
        self._interval_ns = interval_ns
        self._patience = patience
        self._ask = ask
        self._close = close
        self._open: list[int] = []
        self._timer: Timer = clock.call_after(interval_ns, self._beat)

    def answered(self, asked_ms: object) -> bool:
        """The client has answered that question, and with it all before. Whether it was one that is open."""
        if type(asked_ms) is not int or asked_ms not in self._open:
            return False
        del self._open[: self._open.index(asked_ms) + 1]
        return True

    def stop(self) -> None:
        self._timer.cancel()

    def _beat(self) -> None:
        connection = self._connection
        if connection.closing is not None or connection.closed:
            return
        if len(self._open) >= self._patience:
            connection.close(self._close)
            return
        now_ns = self._clock.now_ns()
        self._open.append(now_ns // NS_PER_MS)
        self._timer = self._clock.call_at(now_ns + self._interval_ns, self._beat)
        connection.send(self._ask(now_ns // NS_PER_MS))


class Keepalive:
    """Sends `ping` every `interval_ns` and closes the connection once `heard` has not been called for `patience_ns`; after
    `life_ns` from now in any case.
    """

    def __init__(
        self,
        connection: Connection,
        clock: VirtualClock,
        *,
        interval_ns: int,
        patience_ns: int,
        life_ns: int,
        ping: Frame,
        silent: CloseOrder,
        old: CloseOrder,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._interval_ns = interval_ns
        self._patience_ns = patience_ns
        self._ping = ping
        self._silent = silent
        self._heard_ns = clock.now_ns()
        self._beat_timer = clock.call_after(interval_ns, self._beat)
        self._silence_timer = clock.call_after(patience_ns, self._look)
        self._life_timer = clock.call_after(life_ns, lambda: connection.close(old))

    def heard(self) -> None:
        """The client has given a sign of life."""
        self._heard_ns = self._clock.now_ns()

    def stop(self) -> None:
        for timer in (self._beat_timer, self._silence_timer, self._life_timer):
            timer.cancel()

    def _beat(self) -> None:
        self._beat_timer = self._clock.call_after(self._interval_ns, self._beat)
        self._connection.send(self._ping)

    def _look(self) -> None:
        due_ns = self._heard_ns + self._patience_ns
        if self._clock.now_ns() >= due_ns:
            self._connection.close(self._silent)
        else:
            self._silence_timer = self._clock.call_at(due_ns, self._look)
