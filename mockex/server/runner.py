"""A running server: one world, its time, and a listener for each venue, for the control API and for the gateway.

Owns the world behind the listeners. A reset is a new world behind the same listeners: nothing is cleared field by field, and
whoever was connected to the old one is sent away. Everything is to be called on the event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, web

from mockex.gateway.platform import Platform, addresses
from mockex.gateway.service import PATH as GATEWAY_PATH
from mockex.gateway.service import GatewaySettings
from mockex.server.app import VenueApp
from mockex.server.gateway import NAME as GATEWAY
from mockex.server.gateway import GatewayApp, VenueBacking
from mockex.server.listeners import CannotListen, Handler, Listener, PortBusy, bind_all, reachable_host
from mockex.server.wallclock import ClockMode, WorldTime, real_now_ns
from mockex.server.websocket import Outbox, say_goodbye
from mockex.wire.connections import CloseOrder
from mockex.world import SimulatedWorld, WorldSettings

if TYPE_CHECKING:
    import socket
    import ssl

    from mockex.server.certificates import Authority

__all__ = [
    "CONTROL",
    "GATEWAY",
    "CannotListen",
    "GatewaySettings",
    "PortBusy",
    "Server",
    "ServerSettings",
    "ServerUrls",
    "TlsSettings",
    "TlsUrls",
    "VenueUrls",
    "over_tls",
]

CONTROL = "control"
"""The control API's name among the ports; no venue may be called that, nor `GATEWAY`."""

_STOPPING = CloseOrder(WSCloseCode.GOING_AWAY, "the server stops")
_WORLD_REPLACED = CloseOrder(WSCloseCode.SERVICE_RESTART, "the simulated world was replaced")


def over_tls(venue: str) -> str:
    """The name of a venue's TLS listener among the ports."""
    return f"{venue}.tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """`ca_file`: where the certificate of the test authority is written, as PEM. None: to a temporary folder."""

    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """`ports`: by venue name, `over_tls` of one, `CONTROL` or `GATEWAY`; 0, and every name left out, means any free port.

    `clock`: "real" follows the machine's clock from `world.start_ns` on, "frozen" stands there until it is advanced.
    `tls`: every venue listens with TLS too, beside its plain listener. None: nobody does.
    `gateway`: the one WebSocket for many platforms, which the venues stand behind. None: there is none; nor is there one if its
    port is busy and `needs_gateway` is False.
    """

    world: WorldSettings
    host: str = "127.0.0.1"
    ports: Mapping[str, int] = field(default_factory=dict)
    clock: ClockMode = "real"
    tls: TlsSettings | None = None
    gateway: GatewaySettings | None = None
    needs_gateway: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueUrls:
    """Where a venue is reached: `rest` without a path, `ws` by socket name with it."""

    rest: str
    ws: Mapping[str, str]

    def fields(self) -> dict[str, object]:
        """As the ready file and the control API have it."""
        return {"rest": self.rest, "ws": dict(self.ws)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsUrls:
    """The same over TLS. `ca`: the file with the certificate that clients are to trust, absolute path."""

    ca: Path
    venues: Mapping[str, VenueUrls]

    def fields(self) -> dict[str, object]:
        """As the ready file and the control API have it."""
        return {"ca": str(self.ca), "venues": {name: urls.fields() for name, urls in self.venues.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUrls:
    """`tls` None: nobody listens with TLS. `gateway`: with its path; None: there is none."""

    control: str
    venues: Mapping[str, VenueUrls]
    tls: TlsUrls | None
    gateway: str | None


class Server:
    """Listens from `start` to `stop`. `clock` freezes, resumes and advances the world's time.

    Also an asynchronous context manager: `async with Server(settings) as server`.
    """

    def __init__(self, settings: ServerSettings) -> None:
        """Builds the world. ValueError for settings that it cannot take, or ports of nobody."""
        begun_ns = real_now_ns()
        self.settings = settings
        """What a reset starts from. The world may have been reset with others: `world.settings`."""
        self.clock = WorldTime()
        self._ahead_ns = settings.world.start_ns - begun_ns
        self._world = SimulatedWorld(settings.world)
        self._check_ports()
        self._outbox: Outbox | None = None
        self._apps: dict[str, VenueApp] = {}
        self._listeners: dict[str, Listener] = {}
        self.gateway: GatewayApp | None = None
        """While the server runs, if it was asked for."""
        self.without_gateway: str | None = None
        """Why there is none though it was asked for."""
        self._authority: Authority | None = None
        self.clock.drive(self._world.clock, mode=settings.clock, since_ns=begun_ns, move_to=self._world.advance_to)

    def _check_ports(self) -> None:
        served = self._names() if self.settings.gateway is None else (*self._names(), GATEWAY)
        for name, port in self.settings.ports.items():
            if name not in served:
                raise ValueError(f"a port for {name!r}, which is not served")
            if not 0 <= port <= 65_535:
                raise ValueError(f"{port} is no port")

    def _names(self) -> tuple[str, ...]:
        """Of all listeners but the gateway's."""
        venues = tuple(self._world.simulations)
        secured = () if self.settings.tls is None else tuple(over_tls(name) for name in venues)
        return (CONTROL, *venues, *secured)

    @property
    def world(self) -> SimulatedWorld:
        """The current one."""
        return self._world

    @property
    def urls(self) -> ServerUrls:
        """Where to connect to. RuntimeError unless the server is running."""
        if not self._listeners:
            raise RuntimeError("the server is not running")
        return ServerUrls(
            control=f"http://{self._listeners[CONTROL].authority}",
            venues={name: self._venue_urls(name) for name in self._apps},
            tls=self._tls_urls(),
            gateway=f"ws://{self._listeners[GATEWAY].authority}{GATEWAY_PATH}" if GATEWAY in self._listeners else None,
        )

    async def start(self) -> None:
        """Opens all listeners, or none: `PortBusy` or another `CannotListen`. Call it once."""
        from mockex.server import control  # it needs this module's Server

        loop = asyncio.get_running_loop()
        sockets = self._bind()
        try:
            contexts = self._contexts(sockets)
        except BaseException:
            for bound in sockets.values():
                bound.close()
            self._close_authority()
            raise
        outbox = self._outbox = Outbox(loop)
        for name, simulation in self._world.simulations.items():
            self._apps[name] = VenueApp(simulation, time=self.clock, outbox=outbox)
        handle = self._in_time(control.make_handler(self))
        self._listeners[CONTROL] = await Listener.open(sockets[CONTROL], handle, now_ns=self.clock.now_ns)
        for venue, app in self._apps.items():
            self._listeners[venue] = await _open_for(app, sockets[venue], tls=None)
            if venue in contexts:
                self._listeners[over_tls(venue)] = await _open_for(app, sockets[over_tls(venue)], tls=contexts[venue])
        if GATEWAY in sockets and self.settings.gateway is not None:
            self.gateway = GatewayApp(time=self.clock, outbox=outbox, settings=self.settings.gateway)
            self._renew_gateway(self.settings.gateway)
            self._listeners[GATEWAY] = await Listener.open(sockets[GATEWAY], self.gateway, now_ns=self.clock.now_ns)
        self.clock.start(loop)

    def _bind(self) -> dict[str, socket.socket]:
        """All sockets, or none. Without the gateway's, if it may be missing."""
        host, ports = self.settings.host, self.settings.ports
        wanted = {name: ports.get(name, 0) for name in self._names()}
        if self.settings.gateway is None:
            return bind_all(host, wanted)
        try:
            return bind_all(host, {**wanted, GATEWAY: ports.get(GATEWAY, 0)})
        except PortBusy as busy:
            if self.settings.needs_gateway or busy.name != GATEWAY:
                raise
            self.without_gateway = str(busy)
            return bind_all(host, wanted)

    def _renew_gateway(self, settings: GatewaySettings | None) -> None:
        """A gateway before the present world."""
        if self.gateway is not None:
            self.gateway.renew(self._world.clock, VenueBacking(self._places, self._passphrase), settings=settings)

    def _places(self) -> dict[str, Callable[[Platform], Mapping[str, str]]]:
        """By venue, how a platform finds what it needs of it."""
        return {venue: partial(addresses, base=self._venue_urls(venue).rest, given={}) for venue in self._apps}

    def _passphrase(self, venue: str, access_key: str) -> str | None:
        keys = self._world.simulations[venue].keys.values()
        return next((key.material.passphrase for key in keys if key.material.api_key == access_key), None)

    def _contexts(self, sockets: Mapping[str, socket.socket]) -> dict[str, ssl.SSLContext]:
        """How each venue's TLS listener shows itself. `CannotListen` if the authority's certificate cannot be written."""
        if self.settings.tls is None:
            return {}
        from mockex.server.certificates import LOOPBACK, Authority  # takes a while, so only who needs it

        path = self.settings.tls.ca_file
        try:
            authority = self._authority = Authority(path)
        except OSError as error:
            where = "a temporary folder" if path is None else path
            raise CannotListen(f"cannot write the certificate for TLS to {where}: {error.strerror or error}") from None
        contexts = {}
        for name, simulation in self._world.simulations.items():
            listening = sockets[over_tls(name)]
            names = (*simulation.venue.host_names, *LOOPBACK, reachable_host(listening))
            contexts[name] = authority.context(names)
        return contexts

    def _close_authority(self) -> None:
        if self._authority is not None:
            self._authority.close()

    async def stop(self) -> None:
        """Closes every listener and socket, within two seconds whatever the clients do. Twice does no harm."""
        if self.gateway is not None:
            await self.gateway.close()
        listeners, self._listeners = list(self._listeners.values()), {}
        self.clock.stop()
        _let_go(self._world)
        self._release_readers()
        for listener in listeners:
            listener.stop_accepting()
        if self._outbox is not None:
            await say_goodbye(self._outbox, _STOPPING)
        await asyncio.gather(*(listener.close() for listener in listeners))
        self._close_authority()

    def replace_world(self, settings: WorldSettings | None = None, *, clock: ClockMode | None = None) -> SimulatedWorld:
        """A new world behind the same listeners, which every `reset` starts from; open WebSockets are closed. `settings` and
        `clock` None: as at the start, or at the last call of this.

        ValueError, and everything stays, for settings that it cannot take or another set of venues.
        """
        begun_ns = real_now_ns()
        world = self.reset(settings, clock=clock)
        self.settings = replace(self.settings, world=world.settings, clock=clock or self.settings.clock)
        self._ahead_ns = world.settings.start_ns - begun_ns
        return world

    def reset(
        self,
        settings: WorldSettings | None = None,
        *,
        clock: ClockMode | None = None,
        gateway: GatewaySettings | None = None,
    ) -> SimulatedWorld:
        """The same for one world only: the next reset does not know of these settings. `gateway` None: as at the start."""
        begun_ns = real_now_ns()
        if settings is None:
            settings = self.fresh_settings(clock)
        world = SimulatedWorld(settings)
        if world.simulations.keys() != self._world.simulations.keys():
            raise ValueError(f"this server serves {', '.join(self._world.simulations)}; other venues need another server")
        for name, app in self._apps.items():
            app.simulation = world.simulations[name]
        _let_go(self._world)
        if self._outbox is not None:
            self._outbox.close_all(_WORLD_REPLACED)
        self._release_readers()
        self._world = world
        self.clock.drive(world.clock, mode=clock or self.settings.clock, since_ns=begun_ns, move_to=world.advance_to)
        self._renew_gateway(gateway or self.settings.gateway)
        return world

    def fresh_settings(self, clock: ClockMode | None = None) -> WorldSettings:
        """What a reset starts from. A world that follows real time, now or at first, starts as far from it as it did at first;
        one that stood still and is to follow it starts at the present.
        """
        stood = self.settings.clock == "frozen"
        if stood and clock != "real":
            return self.settings.world
        return replace(self.settings.world, start_ns=real_now_ns() + (0 if stood else self._ahead_ns))

    def _release_readers(self) -> None:
        """Nobody waits any longer for what the present world records."""
        for simulation in self._world.simulations.values():
            simulation.desk.recorder.release()

    def _venue_urls(self, venue: str) -> VenueUrls:
        return self._urls_at(venue, self._listeners[venue], rest="http", ws="ws")

    def _tls_urls(self) -> TlsUrls | None:
        if self._authority is None:
            return None
        venues = {venue: self._urls_at(venue, self._listeners[over_tls(venue)], rest="https", ws="wss") for venue in self._apps}
        return TlsUrls(ca=self._authority.certificate_file, venues=venues)

    def _urls_at(self, venue: str, listener: Listener, *, rest: str, ws: str) -> VenueUrls:
        """`rest` and `ws` are schemes."""
        sockets = self._world.simulations[venue].venue.sockets
        at = listener.authority
        return VenueUrls(rest=f"{rest}://{at}", ws={name: f"{ws}://{at}{spec.paths[0]}" for name, spec in sockets.items()})

    def _in_time(self, handler: Handler) -> Handler:
        """The control API sees the present, and what it changes takes effect at once."""

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            self.clock.step()
            try:
                return await handler(request)
            finally:
                self.clock.settle()

        return handle

    async def __aenter__(self) -> Server:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()


async def _open_for(app: VenueApp, listening: socket.socket, *, tls: ssl.SSLContext | None) -> Listener:
    return await Listener.open(
        listening, app, now_ns=app.wall_ns, lane=app.express_lane, on_unreadable=app.note_unreadable, tls=tls
    )


def _let_go(world: SimulatedWorld) -> None:
    """Nothing is held back any more of a world whose time passes no further."""
    for simulation in world.simulations.values():
        simulation.desk.chaos.retire()
