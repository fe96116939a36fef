"""A running world in a program's hands: its venues and its clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mockex.embedded.venue import Run, VenueHandle, tls_urls
from mockex.operator import overview
from mockex.operator.words import Amount

if TYPE_CHECKING:
    from mockex.server.runner import Server
    from mockex.world import SimulatedWorld

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ClockHandle:
    """The world's time. It may stand still or follow real time; moving it runs everything that becomes due."""

    def __init__(self, server: Server, run: Run) -> None:
        self._server = server
        self._run = run

    @property
    def frozen(self) -> bool:
        return self._server.clock.frozen

    @property
    def now(self) -> datetime:
        """UTC, cut to microseconds."""
        return _EPOCH + self.now_ns() // 1_000 * _MICROSECOND

    def now_ns(self) -> int:
        """Nanoseconds since 1970."""
        return self._run(self._server.clock.now_ns)

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return self.now_ns() // 1_000_000

    def freeze(self) -> None:
        self._run(self._server.clock.freeze)

    def resume(self) -> None:
        """Time passes at its real pace, from where it stands."""
        self._run(self._server.clock.resume)

    def advance(self, delta: timedelta | None = None, *, seconds: Amount | float = 0) -> datetime:
        """Moves time on by `delta` and `seconds` together, and gives the new time. A float means its shortest decimal form.

        ValueError if it is backwards or finer than a nanosecond.
        """
        delta_ns = overview.seconds_ns(repr(seconds) if isinstance(seconds, float) else seconds)
        if delta is not None:
            _check_delta(delta)
            delta_ns += delta // _MICROSECOND * 1_000

        def move() -> None:
            overview.check_advance(delta_ns, self._server.clock.now_ns())
            self._server.clock.advance(delta_ns)

        self._run(move)
        return self.now


def _check_delta(delta: object) -> None:
    if not isinstance(delta, timedelta):
        raise TypeError(f"time moves by a timedelta or by seconds=..., not by {delta!r}")


class RunningWorld:
    """Venues as attributes or items: `world.okcoinjp`, `world["okcoinjp"]`. Made by `World` and by the pytest fixture."""

    def __init__(self, server: Server, run: Run) -> None:
        self._server = server
        self._run = run
        self._venues = {name: VenueHandle(name, server, run) for name in server.world.simulations}
        self.clock = ClockHandle(server, run)

    def __getattr__(self, name: str) -> VenueHandle:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as unknown:
            raise AttributeError(unknown.args[0]) from None

    def __getitem__(self, name: str) -> VenueHandle:
        if name not in self._venues:
            raise KeyError(f"this world has no venue {name!r}; it has {', '.join(self._venues)}")
        return self._venues[name]

    def __repr__(self) -> str:
        return f"<RunningWorld of {', '.join(self._venues)}>"

    @property
    def venues(self) -> tuple[str, ...]:
        return tuple(self._venues)

    @property
    def control_url(self) -> str:
        """Where the control API is, without its path."""
        return self._server.urls.control

    @property
    def tls_ca(self) -> Path:
        """The certificate that a client is to trust, as a PEM file that is there as long as the world is. ValueError unless the
        world was asked for with `tls=True`.
        """
        return tls_urls(self._server).ca

    @property
    def gateway_url(self) -> str:
        """Where the gateway's WebSocket is. ValueError unless the world was asked for with `gateway=True`."""
        url = self._server.urls.gateway
        if url is None:
            raise ValueError("this world has no gateway; ask for it with gateway=True")
        return url

    def inside(self, action: Callable[[SimulatedWorld], T]) -> T:
        """Calls `action` with the simulated world, where it lives: for what no method here offers."""
        return self._run(lambda: action(self._server.world))

    def state(self) -> overview.WorldView:
        return self.inside(overview.world_state)

    def reset(self) -> None:
        """The world as it was at its start: keys, ids and balances too. Open WebSockets are closed."""
        self._run(self._server.reset)

    def check(self) -> None:
        """AssertionError that lists every broken invariant of books, holds and ledgers."""

        def broken(world: SimulatedWorld) -> list[str]:
            return [
                f"{name}: {violation}"
                for name, simulation in world.simulations.items()
                for violation in overview.check_invariants(simulation)["violations"]
            ]

        found = self.inside(broken)
        if found:
            raise AssertionError("the simulated world is broken:\n" + "\n".join(found))
