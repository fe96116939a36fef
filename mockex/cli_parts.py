"""What the commands share that run until they are interrupted: options of the form NAME=VALUE, signals, the ready file."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from mockex.config_tables import MAX_PORT, ConfigError
from mockex.server.files import write_whole


def assignments(flag: str, name: str, *, metavar: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator for an option that may be given several times."""
    return click.option(flag, name, multiple=True, callback=_split, metavar=metavar, help=text)


def _split(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each `NAME=VALUE` as a pair."""
    pairs = []
    for text in values:
        name, _, value = text.partition("=")
        if not (name and value):
            raise click.BadParameter(f"{text!r} is not of the form {option.metavar}")
        pairs.append((name, value))
    return tuple(pairs)


def port_number(text: str) -> int:
    """ConfigError if it is none."""
    is_short = len(text) <= len(str(MAX_PORT))  # int() refuses thousands of digits in its own way
    if not (is_short and text.isascii() and text.isdigit() and int(text) <= MAX_PORT):
        raise ConfigError(f"--port: expected a number from 0 to {MAX_PORT}, not {text!r}")
    return int(text)


def stopped_by_signals() -> asyncio.Event:
    """Set by SIGINT or SIGTERM from now on. On the running event loop."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # where the event loop cannot, Ctrl-C raises KeyboardInterrupt
            loop.add_signal_handler(number, stopped.set)
    return stopped


def remove(path: Path) -> None:
    """Whoever waits for a ready file must not find that of an earlier run. ConfigError if it stays, or could not be written."""
    if not path.parent.is_dir():
        raise ConfigError(f"{path}: there is no folder {path.parent}")
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None


def write(path: Path, text: str) -> None:
    """Whole or not at all. ConfigError if it cannot be written."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
