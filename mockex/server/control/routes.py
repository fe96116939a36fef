"""The shape of a control call and the table that finds it. Knows no call of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import unquote

from mockex.operator.refusals import NotFoundError
from mockex.server.control.fields import Field

if TYPE_CHECKING:
    from mockex.gateway.service import GatewaySettings
    from mockex.server.gateway import GatewayApp
    from mockex.server.runner import ServerUrls
    from mockex.server.wallclock import ClockMode
    from mockex.simulation import Simulation
    from mockex.world import SimulatedWorld, WorldSettings

PREFIX = "/_mockex/v1"

NO_FIELDS: Mapping[str, Field] = {}


class ControlledClock(Protocol):
    """What moves a world's time."""

    @property
    def frozen(self) -> bool: ...
    def freeze(self) -> None: ...
    def resume(self) -> None: ...
    def now_ns(self) -> int: ...
    def advance(self, delta_ns: int) -> int: ...


class ControlledServer(Protocol):
    """What the control calls need of a server. Everything else is the operator's business with its world."""

    @property
    def world(self) -> SimulatedWorld: ...
    @property
    def clock(self) -> ControlledClock: ...
    @property
    def urls(self) -> ServerUrls: ...
    @property
    def gateway(self) -> GatewayApp | None: ...
    def fresh_settings(self, clock: ClockMode | None = None) -> WorldSettings: ...
    def reset(
        self,
        settings: WorldSettings | None = None,
        *,
        clock: ClockMode | None = None,
        gateway: GatewaySettings | None = None,
    ) -> SimulatedWorld: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCall:
    """One call that was read and checked. `values`: the fields that were given, by name."""

    server: ControlledServer
    params: Mapping[str, str]
    values: Mapping[str, Any]

    @property
    def simulation(self) -> Simulation:
        """The venue of the path. NotFoundError if the world has none of that name."""
        name, simulations = self.params["venue"], self.server.world.simulations
        if name not in simulations:
            raise NotFoundError(f"this world has no venue {name!r}; it has {', '.join(simulations)}")
        return simulations[name]

    @property
    def gateway(self) -> GatewayApp:
        """NotFoundError if the server has none."""
        if self.server.gateway is None:
            raise NotFoundError("this server has no gateway")
        return self.server.gateway


class ControlRoute(NamedTuple):
    """One row: `answer` gives what becomes the JSON answer. `takes`: fields of the body, or of the query of a GET or DELETE.

    `hold`: what to wait for before the call is answered, None for nothing. Only asked of calls with a query.
    """

    method: str
    path: str
    answer: Callable[[ControlCall], object]
    summary: str
    takes: Mapping[str, Field] = NO_FIELDS
    status: int = 200
    hold: Callable[[ControlCall], Awaitable[None] | None] | None = None


class RouteMatch(NamedTuple):
    route: ControlRoute
    params: Mapping[str, str]


class ControlTable:
    """Rows by the shape of their path. A segment in braces matches anything that is not empty; a literal one wins over it."""

    def __init__(self, routes: Iterable[ControlRoute]) -> None:
        self.routes = tuple(routes)

    def find(self, path: str) -> dict[str, RouteMatch]:
        """What a path below the prefix takes, by method; empty if there is no such path. O(routes)."""
        segments = path.rstrip("/").split("/")
        found: dict[str, RouteMatch] = {}
        fewest_braces: dict[str, int] = {}
        for route in self.routes:
            params = _match(route.path.rstrip("/").split("/"), segments)
            if params is not None and len(params) < fewest_braces.get(route.method, 1_000):
                fewest_braces[route.method] = len(params)
                found[route.method] = RouteMatch(route, params)
        return found


def _match(template: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(template) != len(segments):
        return None
    params: dict[str, str] = {}
    for expected, segment in zip(template, segments, strict=True):
        if expected.startswith("{"):
            if not segment:
                return None
            params[expected[1:-1]] = unquote(segment)
        elif expected != segment:
            return None
    return params
