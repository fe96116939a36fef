"""What `mockex serve` is told: command-line options over a TOML file over defaults, parsed once into frozen settings.

The only reader of files and environment. Whatever it does not understand is one `ConfigError` of one line, which names the
file and key, or the option, and what is expected there. The file's keys are in `read_file` and the functions that it calls.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, cast

from mockex.config_tables import MAX_PORT, ConfigError, Table, one_of
from mockex.server.gateway import SWITCHES, altered
from mockex.server.runner import CONTROL, GATEWAY, GatewaySettings, ServerSettings, TlsSettings, over_tls
from mockex.server.wallclock import ClockMode
from mockex.simulation import SimulationSettings
from mockex.wire.venue import MAX_SWITCH_NUMBER, Listing, Switch, SwitchValue, Venue
from mockex.world import WorldSettings

Market: TypeAlias = Literal["live", "quiet"]
T = TypeVar("T")

MARKETS: tuple[Market, ...] = ("live", "quiet")
CLOCKS: tuple[ClockMode, ...] = ("real", "frozen")
TRUTHS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT_BASE = 9_870
"""The control API's port; a venue's is this plus its `port_offset`."""
GATEWAY_PORT_OFFSET = 8
"""From the control API's port to the gateway's, which is 9878 by default as published (gw§2). No venue has it."""
TLS_PORT_OFFSET = 100
"""From a venue's port to that of its TLS listener. Venues' offsets stay below it."""
MAX_SEED = 2**63 - 1  # what a TOML integer may be


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueOptions:
    """What was said about one venue. None: nothing."""

    port: int | None = None
    tls_port: int | None = None
    profile: str | None = None
    limits: bool | None = None
    switches: Mapping[str, SwitchValue] = field(default_factory=dict)
    instruments: tuple[Listing, ...] = ()

    def over(self, below: VenueOptions) -> VenueOptions:
        """These, and `below` where these say nothing."""
        return VenueOptions(
            port=_first(self.port, below.port),
            tls_port=_first(self.tls_port, below.tls_port),
            profile=_first(self.profile, below.profile),
            limits=_first(self.limits, below.limits),
            switches={**below.switches, **self.switches},
            instruments=(*below.instruments, *self.instruments),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """What was said about the gateway. None: nothing. `switches`: see `mockex.server.gateway.SWITCHES`."""

    on: bool | None = None
    port: int | None = None
    switches: Mapping[str, SwitchValue] = field(default_factory=dict)

    def over(self, below: GatewayOptions) -> GatewayOptions:
        """These, and `below` where these say nothing. Who wants none wants none of its settings; who names a port wants one."""
        if self.on is False:
            return self
        return GatewayOptions(
            on=_first(self.on, below.on if self.port is None else True),
            port=_first(self.port, below.port),
            switches={**below.switches, **self.switches},
        )

    def settings(self) -> GatewaySettings:
        """With the defaults filled in."""
        return altered(GatewaySettings(), self.switches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was said on one level, the file or the command line. `serve`: names of venues; None: all that are installed.

    `port_base` 0: any free port for everything that has none of its own. `tls_ca`: where the certificate of the test authority
    is to be written.
    """

    serve: tuple[str, ...] | None = None
    host: str | None = None
    port_base: int | None = None
    control_port: int | None = None
    seed: int | None = None
    market: Market | None = None
    clock: ClockMode | None = None
    limits: bool | None = None
    tls: bool | None = None
    tls_ca: Path | None = None
    ready_file: Path | None = None
    gateway: GatewayOptions = field(default_factory=GatewayOptions)
    venues: Mapping[str, VenueOptions] = field(default_factory=dict)

    def over(self, below: Options) -> Options:
        """These, and `below` where these say nothing."""
        nothing = VenueOptions()
        return Options(
            serve=_first(self.serve, below.serve),
            host=_first(self.host, below.host),
            port_base=_first(self.port_base, below.port_base),
            control_port=_first(self.control_port, below.control_port),
            seed=_first(self.seed, below.seed),
            market=_first(self.market, below.market),
            clock=_first(self.clock, below.clock),
            limits=_first(self.limits, below.limits),
            tls=_first(self.tls, below.tls),
            tls_ca=_first(self.tls_ca, below.tls_ca),
            ready_file=_first(self.ready_file, below.ready_file),
            gateway=self.gateway.over(below.gateway),
            venues={
                name: self.venues.get(name, nothing).over(below.venues.get(name, nothing))
                for name in (*below.venues, *self.venues)
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeConfig:
    """Everything decided."""

    server: ServerSettings
    ready_file: Path | None


def decide(options: Options, installed: Mapping[str, Venue], *, start_ns: int) -> ServeConfig:
    """Fills in the defaults. `start_ns`: the world's first moment. ConfigError for ports that do not exist, and for words about
    TLS without TLS.
    """
    served = options.serve or tuple(installed)
    if not served:
        raise ConfigError("no venue is installed")
    venues = {name: options.venues.get(name, VenueOptions()) for name in served}
    limits = _first(options.limits, True)
    tls = _tls_settings(options, venues)
    gateway = _gateway_settings(options.gateway)
    world = WorldSettings(
        start_ns=start_ns,
        venues=served,
        seed=_first(options.seed, 1),
        market=_first(options.market, "live"),
        venue_settings={
            name: SimulationSettings(
                profile=said.profile,
                switches=said.switches,
                listings=said.instruments,
                limits_enabled=_first(said.limits, limits),
            )
            for name, said in venues.items()
        },
    )
    server = ServerSettings(
        world=world,
        host=_first(options.host, DEFAULT_HOST),
        ports=_ports(options, venues, installed, with_tls=tls is not None, with_gateway=gateway is not None),
        clock=_first(options.clock, "real"),
        tls=tls,
        gateway=gateway,
        needs_gateway=options.gateway.on is True or options.gateway.port is not None,
    )
    return ServeConfig(server=server, ready_file=options.ready_file)


def _ports(
    options: Options,
    venues: Mapping[str, VenueOptions],
    installed: Mapping[str, Venue],
    *,
    with_tls: bool,
    with_gateway: bool,
) -> dict[str, int]:
    base = _first(options.port_base, DEFAULT_PORT_BASE)
    ports = {CONTROL: _first(options.control_port, base)}
    if with_gateway:
        ports[GATEWAY] = _first(options.gateway.port, base + GATEWAY_PORT_OFFSET if base else 0)
    for name, said in venues.items():
        default = base + installed[name].port_offset if base else 0
        ports[name] = _first(said.port, default)
        if with_tls:
            ports[over_tls(name)] = _first(said.tls_port, default + TLS_PORT_OFFSET if base else 0)
    for name, port in ports.items():
        if port > MAX_PORT:
            raise ConfigError(f"port base {base} puts {name} at port {port}; the highest is {MAX_PORT}")
    return ports


def _gateway_settings(options: GatewayOptions) -> GatewaySettings | None:
    """There is one, unless somebody said otherwise. ConfigError if they said both."""
    if options.on is False:
        if options.port is not None or options.switches:
            raise ConfigError("settings of the gateway, but no gateway: leave out --no-gateway, or serve = false in the file")
        return None
    return options.settings()


def _tls_settings(options: Options, venues: Mapping[str, VenueOptions]) -> TlsSettings | None:
    """The authority's certificate lies beside the ready file, unless somebody wants it elsewhere."""
    if not options.tls:
        wanted = [f"a port for {over_tls(name)}" for name, said in venues.items() if said.tls_port is not None]
        wanted += [] if options.tls_ca is None else [f"a certificate at {options.tls_ca}"]
        if wanted:
            raise ConfigError(f"{wanted[0]}, but no TLS: add --tls, or tls = true in the file")
        return None
    path, ready = options.tls_ca, options.ready_file
    if path is not None and ready is not None and path.absolute() == ready.absolute():
        raise ConfigError(f"{path} cannot be both the ready file and the certificate of TLS")
    if path is None and ready is not None and ready.name:
        path = ready.with_suffix(".ca.pem")
    return TlsSettings(ca_file=path)


def read_file(path: Path, installed: Mapping[str, Venue]) -> Options:
    """The options of a TOML file. ConfigError if it cannot be read, or says something that nobody understands."""
    try:
        with path.open("rb") as file:
            values = tomllib.load(file, parse_float=Decimal)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or bytes that are no UTF-8
        raise ConfigError(f"{path}: not TOML: {error}".replace("\n", " ")) from None
    top = Table(str(path), "", values)
    options = Options(
        serve=top.names("serve", tuple(installed)),
        host=top.text("host"),
        port_base=top.port("port_base"),
        control_port=top.port("control_port"),
        seed=top.integer("seed", 0, MAX_SEED),
        market=cast(Market | None, top.choice("market", MARKETS)),
        clock=cast(ClockMode | None, top.choice("clock", CLOCKS)),
        limits=top.flag("limits"),
        tls=top.flag("tls"),
        tls_ca=top.read("tls_ca", "a path", _as_path),
        ready_file=top.read("ready_file", "a path", _as_path),
        gateway=_gateway_options(top.table("gateway")),
        venues={name: _venue_options(table, installed[name]) for name, table in top.tables("venues", tuple(installed)).items()},
    )
    top.finish()
    return options


def _as_path(value: object) -> Path | None:
    return Path(value) if isinstance(value, str) and value and "\0" not in value else None


def _gateway_options(table: Table | None) -> GatewayOptions:
    if table is None:
        return GatewayOptions()
    options = GatewayOptions(on=table.flag("serve"), port=table.port("port"), switches=_switches(table, SWITCHES))
    table.finish()
    return options


def _switches(table: Table, switches: Mapping[str, Switch]) -> dict[str, SwitchValue]:
    """Those that are in its table of switches, if it has one."""
    found: dict[str, SwitchValue] = {}
    if (switch_table := table.table("switches")) is not None:
        for name, switch in switches.items():
            value = _switch(switch_table, name, switch)
            if value is not None:
                found[name] = value
        switch_table.finish()
    return found


def _switch(table: Table, name: str, switch: Switch) -> SwitchValue | None:
    if isinstance(switch.default, bool):
        return table.flag(name)
    if switch.is_number:
        return table.integer(name, 1, MAX_SWITCH_NUMBER)
    return table.choice(name, switch.choices)


def _venue_options(table: Table, venue: Venue) -> VenueOptions:
    instruments = tuple(_listing(row, venue) for row in table.rows("instruments"))
    options = VenueOptions(
        port=table.port("port"),
        tls_port=table.port("tls_port"),
        profile=table.choice("profile", venue.profiles),
        limits=table.flag("limits"),
        switches=_switches(table, venue.switches),
        instruments=instruments,
    )
    table.finish()
    return options


def _listing(row: Table, venue: Venue) -> Listing:
    listing = Listing(
        symbol=row.required("symbol", row.text),
        base=row.required("base", row.text),
        quote=row.required("quote", row.text),
        tick_size=row.required("tick_size", row.amount),
        lot_size=row.required("lot_size", row.amount),
        min_qty=row.required("min_qty", row.amount),
        max_qty=row.amount("max_qty"),
        qty_step=row.amount("qty_step"),
        min_notional=row.amount("min_notional"),
        max_limit_buy=row.amount("max_limit_buy"),
        max_limit_sell=row.amount("max_limit_sell"),
        min_market_sell=row.amount("min_market_sell"),
        max_market_sell=row.amount("max_market_sell"),
        min_budget=row.amount("min_budget"),
        max_budget=row.amount("max_budget"),
        reference_price=row.required("reference_price", row.amount),
    )
    row.finish()
    try:
        venue.check_listing(listing)
    except ValueError as error:
        raise ConfigError(f"{row.name}: {error}") from None
    return listing


def switch_value(switch: Switch, text: str) -> SwitchValue:
    """A switch's value as written on a command line. ValueError says what is expected."""
    if isinstance(switch.default, bool):
        if text.lower() not in TRUTHS:
            raise ValueError("true or false")
        return TRUTHS[text.lower()]
    if switch.is_number:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_SWITCH_NUMBER)) else 0
        if not switch.takes(number):
            raise ValueError(switch.expected)
        return number
    if switch.choices and text not in switch.choices:
        raise ValueError(one_of(switch.choices))
    return text


def _first(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value
