"""`mockex gateway`: the gateway on its own, in front of venues at any address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from mockex.cli_parts import assignments, remove, stopped_by_signals, write
from mockex.config import DEFAULT_HOST, DEFAULT_PORT_BASE, GATEWAY_PORT_OFFSET
from mockex.config_tables import MAX_PORT, ConfigError
from mockex.gateway.platform import MarginMode, Platform, addresses
from mockex.gateway.platforms import installed_platforms
from mockex.gateway.service import GatewaySettings
from mockex.server.gateway import KnownBacking
from mockex.server.gateway_alone import GatewayServer
from mockex.server.listeners import PortBusy
from mockex.server.process import fastest_loop, spare_the_collector

_SCHEMES = ("http", "https", "ws", "wss")
_DEFAULT_PORT = DEFAULT_PORT_BASE + GATEWAY_PORT_OFFSET


@click.command()
@assignments("--platform", "bases", metavar="NAME=URL", text="Offer this platform, whose venue is at URL; repeat it for more.")
@assignments(
    "--endpoint",
    "endpoints",
    metavar="NAME.ENDPOINT=URL",
    text="Where one part of a platform's venue is, if it is not below the platform's URL; --list shows the parts.",
)
@assignments("--passphrase", "passphrases", metavar="NAME=TEXT", text="For the keys of a platform that wants one.")
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, MAX_PORT), default=_DEFAULT_PORT, show_default=True, help="0 takes any free one."
)
@click.option(
    "--margin-mode",
    type=click.Choice([mode.value for mode in MarginMode]),
    default=MarginMode.CROSSED.value,
    show_default=True,
    help="Of contract orders.",
)
@click.option("--legacy-quirks", is_flag=True, help="Behave as the original service where it differs from its document.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written, with the URL, once it listens.")
@click.option("--list", "lists", is_flag=True, help="List the platforms and their endpoints, and end.")
def gateway(
    *,
    bases: Sequence[tuple[str, str]],
    endpoints: Sequence[tuple[str, str]],
    passphrases: Sequence[tuple[str, str]],
    host: str,
    port: int,
    margin_mode: str,
    legacy_quirks: bool,
    ready_file: Path | None,
    lists: bool,
) -> None:
    """Run the trading gateway: one WebSocket for orders on many platforms, until interrupted.

    Clients connect to ws://127.0.0.1:9878/ws/v1 and log in with their keys of the venues. These may be anywhere, or simulated:
    then each URL is one that `mockex serve --no-gateway` prints. `mockex serve` alone has a gateway before all of its venues.

    \b
    mockex gateway --platform ONE=http://127.0.0.1:9871 --platform OTHER=https://api.example.com
    """
    installed = installed_platforms()
    if lists:
        _list(installed)
        return
    backing = KnownBacking(_urls(installed, bases, endpoints), _passphrases(passphrases, dict(bases)))
    settings = GatewaySettings(legacy_quirks=legacy_quirks, margin_mode=MarginMode(margin_mode))
    server = GatewayServer(backing, settings=settings, host=host, port=port)
    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        try:
            runner.run(_run(server, tuple(backing.platforms()), ready_file))
        except PortBusy as busy:
            raise ConfigError(f"{busy}; --port NUMBER gives it another, --port 0 any free one") from None


def _list(installed: Mapping[str, Platform]) -> None:
    for platform in installed.values():
        click.echo(platform.name)
        for name, url in addresses(platform, "http://HOST", {}).items():
            click.echo(f"  {platform.name}.{name}={url}")


def _urls(
    installed: Mapping[str, Platform], bases: Sequence[tuple[str, str]], endpoints: Sequence[tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """By platform and endpoint. ConfigError for names that do not exist, and for what is no URL."""
    if not bases:
        raise ConfigError(f"name a platform and where its venue is: --platform NAME=URL; there are {', '.join(installed)}")
    given: dict[str, dict[str, str]] = {name: {} for name, _ in bases}
    for name in given:
        if sum(each == name for each, _ in bases) > 1:
            raise ConfigError(f"--platform: {name} is given more than once; a gateway has one venue behind each platform")
    for target, url in endpoints:
        name, _, endpoint = target.partition(".")
        if not endpoint:
            raise ConfigError(f"--endpoint: expected NAME.ENDPOINT=URL, not {target}={url}; --list shows the parts")
        if name not in given:
            raise ConfigError(f"--endpoint: {name} is not among the platforms; add --platform {name}=URL")
        if endpoint in given[name]:
            raise ConfigError(f"--endpoint: {target} is given more than once")
        given[name][endpoint] = _url("--endpoint", url)
    urls = {}
    for name, base in bases:
        if name not in installed:
            raise ConfigError(f"--platform: there is no platform {name!r}; there are {', '.join(installed)}")
        try:
            urls[name] = addresses(installed[name], _url("--platform", base), given[name])
        except ValueError as mistake:
            raise ConfigError(f"--endpoint: {mistake}") from None
    return urls


def _url(option: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        is_url = False
    if not is_url:
        raise ConfigError(f"{option}: expected an URL such as http://127.0.0.1:9871, not {text!r}")
    return text


def _passphrases(given: Sequence[tuple[str, str]], bases: Mapping[str, str]) -> dict[str, str]:
    for name, _ in given:
        if name not in bases:
            raise ConfigError(f"--passphrase: {name} is not among the platforms; add --platform {name}=URL")
    return dict(given)


async def _run(server: GatewayServer, platforms: Sequence[str], ready_file: Path | None) -> None:
    stopped = stopped_by_signals()
    if ready_file is not None:
        remove(ready_file)
    async with server:
        if ready_file is not None:
            write(ready_file, json.dumps({"gateway": {"url": server.url, "platforms": list(platforms)}}, indent=2) + "\n")
        click.echo(f"gateway  {server.url}  for {', '.join(platforms)}")
        spare_the_collector()
        await stopped.wait()
