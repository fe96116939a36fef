"""The `mockex` command: `serve` runs simulated exchanges, `venues` lists them; `conform` checks clients and `gateway` trades on
many platforms through one socket (modules of their own).

Owns what a person types and reads. Everything that goes wrong before the server runs is one line on standard error and exit
code 2; SIGINT and SIGTERM end a running server in an orderly way with exit code 0.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from mockex.cli_parts import assignments, port_number, remove, stopped_by_signals, write
from mockex.config import (
    CLOCKS,
    DEFAULT_HOST,
    DEFAULT_PORT_BASE,
    GATEWAY_PORT_OFFSET,
    MARKETS,
    MAX_SEED,
    GatewayOptions,
    Market,
    Options,
    ServeConfig,
    VenueOptions,
    decide,
    read_file,
    switch_value,
)
from mockex.config_tables import MAX_PORT, ConfigError
from mockex.operator.keys import issued
from mockex.server.gateway import SWITCHES as GATEWAY_SWITCHES
from mockex.server.process import fastest_loop, spare_the_collector
from mockex.server.runner import CONTROL, GATEWAY, CannotListen, PortBusy, Server, VenueUrls, over_tls
from mockex.server.wallclock import ClockMode, real_now_ns
from mockex.wire.venue import Switch, SwitchValue, Venue
from mockex.world import installed_venues

USAGE_ERROR = 2

_UNFOLDED_WIDTH = 1_000


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process."""
    try:
        cli.main(args=arguments, prog_name="mockex", standalone_mode=False)
    except click.UsageError as error:
        _fail(f"{error.format_message()}{_further_reading(error)}")
    except click.ClickException as error:
        _fail(error.format_message())
    except (ConfigError, CannotListen) as error:
        _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(0)


def _fail(message: str) -> NoReturn:
    click.echo(f"mockex: {' '.join(message.split())}", err=True)
    sys.exit(USAGE_ERROR)


def _further_reading(error: click.UsageError) -> str:
    return "" if error.ctx is None else f" ({error.ctx.command_path} --help tells more)"


class _Commands(click.Group):
    """Knows `conform` and `gateway` by name and loads them when they are asked for: serving needs nothing of them."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), "conform", "gateway"])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name == "conform":
            from mockex.conformance.cli import conform

            return conform
        if name == "gateway":
            from mockex.gateway_cli import gateway

            return gateway
        return super().get_command(context, name)


@click.group(cls=_Commands, invoke_without_command=True)
@click.version_option(package_name="mockex", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Simulated crypto exchanges on your own machine."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command()
@click.option("--venue", "names", multiple=True, metavar="NAME", help="Serve this venue; repeat it for more. Default: all.")
@click.option("--host", help=f"Address to listen at. Default: {DEFAULT_HOST}.")
@assignments(
    "--port",
    "ports",
    metavar="NAME=PORT",
    text=f"Port of a venue, of its TLS listener ('{over_tls('NAME')}'), of '{CONTROL}' or '{GATEWAY}'; 0 takes any free one.",
)
@click.option(
    "--port-base",
    type=click.IntRange(0, MAX_PORT),
    help=f"Port of '{CONTROL}'; those of the venues follow, and the gateway's, which is {GATEWAY_PORT_OFFSET} higher. "
    f"0 takes any free ones. Default: {DEFAULT_PORT_BASE}.",
)
@click.option("--seed", type=click.IntRange(0, MAX_SEED), help="The same seed gives the same world. Default: 1.")
@click.option("--market", type=click.Choice(MARKETS), help="live: participants trade; quiet: books are empty. Default: live.")
@assignments("--profile", "profiles", metavar="NAME=PROFILE", text="How a venue behaves where its sources disagree.")
@assignments(
    "--set", "switches", metavar="NAME.SWITCH=VALUE", text="A switch of a venue or of the gateway; `mockex venues` lists them."
)
@click.option("--no-gateway", is_flag=True, help="Serve no gateway: the one WebSocket for orders on many platforms.")
@click.option("--no-limits", is_flag=True, help="Let every call pass the rate limits.")
@click.option("--clock", type=click.Choice(CLOCKS), help="real: the machine's; frozen: it stands still. Default: real.")
@click.option("--tls", is_flag=True, help="Let every venue listen at a second port, over TLS.")
@click.option(
    "--tls-ca",
    type=click.Path(path_type=Path),
    help="Written: the certificate for clients to trust. Default: beside the ready file, else in a temporary folder.",
)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="A TOML file; options win over it.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written, with all URLs and keys, once everything listens.")
def serve(
    *,
    names: tuple[str, ...],
    host: str | None,
    ports: Sequence[tuple[str, str]],
    port_base: int | None,
    seed: int | None,
    market: Market | None,
    profiles: Sequence[tuple[str, str]],
    switches: Sequence[tuple[str, str]],
    no_gateway: bool,
    no_limits: bool,
    clock: ClockMode | None,
    tls: bool,
    tls_ca: Path | None,
    config_file: Path | None,
    ready_file: Path | None,
) -> None:
    """Run simulated exchanges until interrupted."""
    installed = installed_venues()
    for name in names:
        _known("--venue", name, installed)
    written = Options() if config_file is None else read_file(config_file, installed)
    served = {name: installed[name] for name in names or written.serve or installed}
    typed = Options(
        serve=tuple(dict.fromkeys(names)) or None,
        host=host,
        port_base=port_base,
        control_port=_last_port(ports, CONTROL),
        seed=seed,
        market=market,
        clock=clock,
        limits=False if no_limits else None,
        tls=True if tls else None,
        tls_ca=tls_ca,
        ready_file=ready_file,
        gateway=GatewayOptions(
            on=False if no_gateway else None, port=_last_port(ports, GATEWAY), switches=_gateway_switches(switches)
        ),
        venues=_venue_options(served, ports=ports, profiles=profiles, switches=switches),
    )
    _run_until_stopped(decide(typed.over(written), installed, start_ns=real_now_ns()))


@cli.command("venues")
def list_venues() -> None:
    """List the venues, their profiles and their switches."""
    served = Table("name", "port", Column("venue", overflow="fold"), "profiles", box=None, pad_edge=False)
    adjustable = Table(Column("switch", no_wrap=True), Column("what it does", overflow="fold"), box=None, pad_edge=False)
    for venue in installed_venues().values():
        port = str(DEFAULT_PORT_BASE + venue.port_offset)
        served.add_row(venue.name, port, f"{venue.title}\n{venue.source}", "\n".join(venue.profiles))
        _add_switches(adjustable, venue.name, venue.switches)
    served.add_row(GATEWAY, str(DEFAULT_PORT_BASE + GATEWAY_PORT_OFFSET), "One WebSocket for orders at all of them", "")
    _add_switches(adjustable, GATEWAY, GATEWAY_SWITCHES)
    Console(highlight=False).print(served, "", adjustable, sep="\n")


def _add_switches(table: Table, owner: str, switches: Mapping[str, Switch]) -> None:
    """As one would type them, with their defaults."""
    for name, switch in switches.items():
        choices = f" ({switch.expected})" if switch.choices else ""
        table.add_row(f"{owner}.{name}={_default_text(switch)}", escape(f"{switch.help}{choices}"))


# --- from what was typed to options


def _known(option: str, name: str, venues: Mapping[str, Venue]) -> Venue:
    """One of `venues`: of all, or of those that are served."""
    if name in venues:
        return venues[name]
    if name in installed_venues():
        raise ConfigError(f"{option}: {name} is not among the venues to be served; add --venue {name}")
    raise ConfigError(f"{option}: there is no venue {name!r} here; there are {', '.join(venues) or 'none'}")


def _last_port(ports: Sequence[tuple[str, str]], wanted: str) -> int | None:
    """The last one that was given."""
    return next((port_number(text) for name, text in reversed(ports) if name == wanted), None)


def _gateway_switches(switches: Sequence[tuple[str, str]]) -> dict[str, SwitchValue]:
    targets = [(target.partition("."), text) for target, text in switches]
    return {name: _switch(GATEWAY, GATEWAY_SWITCHES, name, text) for (owner, _, name), text in targets if owner == GATEWAY}


def _venue_options(
    served: Mapping[str, Venue],
    *,
    ports: Sequence[tuple[str, str]],
    profiles: Sequence[tuple[str, str]],
    switches: Sequence[tuple[str, str]],
) -> dict[str, VenueOptions]:
    """What the command line says about each venue that will be served; of repetitions the last wins."""
    found = {name: VenueOptions() for name in served}
    secured = {over_tls(name): name for name in served}
    for name, text in ports:
        if name in secured:
            found[secured[name]] = VenueOptions(tls_port=port_number(text)).over(found[secured[name]])
        elif name not in (CONTROL, GATEWAY):
            venue = _known("--port", name, served)
            found[venue.name] = VenueOptions(port=port_number(text)).over(found[venue.name])
    for name, profile in profiles:
        venue = _known("--profile", name, served)
        if profile not in venue.profiles:
            raise ConfigError(f"--profile: {name} has no profile {profile!r}; it has {', '.join(venue.profiles)}")
        found[name] = VenueOptions(profile=profile).over(found[name])
    for target, text in switches:
        name, _, switch_name = target.partition(".")
        if name == GATEWAY:
            continue
        venue = _known("--set", name, served)
        value = _switch(venue.name, venue.switches, switch_name, text)
        found[name] = VenueOptions(switches={switch_name: value}).over(found[name])
    return found


def _switch(owner: str, switches: Mapping[str, Switch], name: str, text: str) -> SwitchValue:
    if not name:
        raise ConfigError(f"--set: which switch of {owner}? Write {owner}.SWITCH=VALUE; it has {', '.join(switches) or 'none'}")
    if name not in switches:
        raise ConfigError(f"--set: {owner} has no switch {name!r}; it has {', '.join(switches) or 'none'}")
    try:
        return switch_value(switches[name], text)
    except ValueError as expected:
        raise ConfigError(f"--set: {owner}.{name} takes {expected}, not {text!r}") from None


def _default_text(switch: Switch) -> str:
    """As one would type it."""
    return str(switch.default).lower() if isinstance(switch.default, bool) else str(switch.default)


# --- the server process


def _run_until_stopped(config: ServeConfig) -> None:
    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        try:
            runner.run(_run(config))
        except PortBusy as busy:
            hint = f"--port {busy.name}=NUMBER gives it another, --port-base 0 any free ones"
            raise ConfigError(f"{busy}; {hint}") from None


async def _run(config: ServeConfig) -> None:
    stopped = stopped_by_signals()
    try:
        server = Server(config.server)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    if config.ready_file is not None:
        remove(config.ready_file)
    async with server:
        if config.ready_file is not None:
            write(config.ready_file, _ready_text(server))
        _announce(server)
        if server.without_gateway is not None:
            hint = f"--port {GATEWAY}=NUMBER gives it another, --no-gateway does without"
            click.echo(f"mockex: no gateway: {server.without_gateway}; {hint}", err=True)
        spare_the_collector()
        await stopped.wait()


def _ready_text(server: Server) -> str:
    """Where everything is and which keys open it, for programs that start a server and wait for it."""
    urls = server.urls
    ready: dict[str, object] = {
        "control": urls.control,
        "venues": {
            name: {**urls.venues[name].fields(), "accounts": issued(simulation)}
            for name, simulation in server.world.simulations.items()
        },
    }
    if urls.tls is not None:
        ready["tls"] = urls.tls.fields()
    if urls.gateway is not None:
        ready["gateway"] = {"url": urls.gateway}
    return json.dumps(ready, indent=2) + "\n"


def _announce(server: Server) -> None:
    """What a person needs to know to start."""
    addresses = Table("venue", "address", box=None, pad_edge=False)
    keys = Table("venue", "account", "API key", "secret", "passphrase", "may", box=None, pad_edge=False)
    everything = server.urls
    addresses.add_row(CONTROL, everything.control)
    for name, urls in everything.venues.items():
        addresses.add_row(name, _lines(urls))
        if everything.tls is not None:
            addresses.add_row(over_tls(name), _lines(everything.tls.venues[name]))
        for key in issued(server.world.simulations[name]):
            may = ", ".join(key["permissions"])
            keys.add_row(name, key["name"], key["api_key"], key["secret"], key["passphrase"] or "", may)
    if everything.gateway is not None:
        addresses.add_row(GATEWAY, everything.gateway)
    if everything.tls is not None:
        addresses.add_row("tls ca", escape(str(everything.tls.ca)))
    # Never folded: a key that is broken over two lines cannot be copied.
    Console(width=_UNFOLDED_WIDTH).print(addresses, "", keys, sep="\n")


def _lines(urls: VenueUrls) -> str:
    """All addresses, one a line."""
    return "\n".join((urls.rest, *urls.ws.values()))
