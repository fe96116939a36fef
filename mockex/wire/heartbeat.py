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
    """Closes the connection once `heard` has not been called for `patience_ns`. With a `ping`, sends it every `interval_ns`;
    with a `life_ns`, closes the connection after it the way `old` says, unless somebody has spared it.
    """

    def __init__(
        self,
        connection: Connection,
        clock: VirtualClock,
        *,
        patience_ns: int,
        silent: CloseOrder,
        interval_ns: int = 0,
        ping: Frame | None = None,
        life_ns: int | None = None,
        old: CloseOrder | None = None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._patience_ns = patience_ns
        self._silent = silent
        self._heard_ns = clock.now_ns()
        self._timers: dict[str, Timer] = {"silence": clock.call_after(patience_ns, self._look)}
        if ping is not None:
            self._beat(ping, interval_ns, first=True)
        if life_ns is not None:
            self._timers["life"] = clock.call_after(life_ns, lambda: connection.close(old or silent))

    def heard(self) -> None:
        """The client has given a sign of life."""
        self._heard_ns = self._clock.now_ns()

    def spare(self) -> None:
        """From now on `life_ns` does not count."""
        timer = self._timers.pop("life", None)
        if timer is not None:
            timer.cancel()

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _beat(self, ping: Frame, interval_ns: int, *, first: bool = False) -> None:
        self._timers["beat"] = self._clock.call_after(interval_ns, lambda: self._beat(ping, interval_ns))
        if not first:
            self._connection.send(ping)

    def _look(self) -> None:
        due_ns = self._heard_ns + self._patience_ns
        if self._clock.now_ns() >= due_ns:
            self._connection.close(self._silent)
        else:
            self._timers["silence"] = self._clock.call_at(due_ns, self._look)
