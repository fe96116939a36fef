"""The drivers that come with mockex: the reference client's of each venue, and those of other people's clients.

Owns finding them and saying how they are started. Knows no process. A reference driver is `clients/<venue>/driver.py`; the
others are named in the `client.toml` of their folders, and run in the client's own environment, which has to be built first.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mockex.conformance.driver import DriverSpec
from mockex.conformance.thirdparty.environments import (
    NEED_TEXT,
    Runtime,
    ThirdPartyClient,
    clients_for,
    environments_root,
    interpreter,
)

HERE = Path(__file__).resolve().parent
HOST = HERE / "speak.py"
REFERENCE_DRIVERS = HERE.parent / "clients"  # in a checkout and where it is installed

REFERENCE = "reference"
BUILD = "python -m mockex.conformance.thirdparty.build"


class BundledError(Exception):
    """There is no such driver, or it cannot be started as things are. One line that says what to do."""


def names(venue: str) -> tuple[str, ...]:
    """What `find` knows for a venue, built or not; the reference client first."""
    reference = (REFERENCE,) if _reference(venue).is_file() else ()
    return (*reference, *clients_for(venue))


def find(venue: str, name: str) -> DriverSpec:
    """How to start that driver. BundledError if there is none, or if its environment has to be built."""
    if name == REFERENCE and name in names(venue):
        return DriverSpec(label=name, command=_hosted(sys.executable, _reference(venue)), title=name)
    client = clients_for(venue).get(name)
    if client is None:
        known = ", ".join(names(venue)) or "none"
        raise BundledError(f"there is no client {name!r} for {venue}; there is {known}")
    root = environments_root()
    _check_environment(client, root)
    script = client.scripts / client.drivers[venue]
    if client.runtime is Runtime.PYTHON:
        command = _hosted(str(interpreter(client.environment(root))), script)
    else:
        command = client.command(root, script.name)
    return DriverSpec(label=name, command=command, environment=client.variables(root), title=f"{client.title} {client.version}")


def _check_environment(client: ThirdPartyClient, root: Path) -> None:
    missing = client.missing()
    if missing:
        raise BundledError(f"{client.title} needs {' and '.join(NEED_TEXT[need] for need in missing)} on this machine")
    environment = client.environment(root)
    if not client.is_built(root):
        state = "is out of date" if environment.exists() else "does not exist"
        raise BundledError(f"the environment {environment} of {client.title} {state}; run: {BUILD} {client.name}")


def _reference(venue: str) -> Path:
    return REFERENCE_DRIVERS / venue / "driver.py"


def _hosted(python: str, script: Path) -> list[str]:
    """Hosted by `speak.py`. `-P`: the host's own folder has names that would hide what is installed."""
    return [python, "-P", str(HOST), str(script)]
