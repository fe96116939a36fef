"""Reference clients' drivers are hosted where nothing of mockex can be imported but what clients share."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import mockex.clients
import pytest
from mockex.conformance import speak
from reference_rig import SETTINGS

HOST_WITHOUT_SIMULATOR = """
import pkgutil, runpy, sys
import mockex.clients
others = {f"mockex.{module.name}" for module in pkgutil.iter_modules(mockex.__path__)}
others |= {"mockex.conformance", "mockex.fixtures"}
others |= {f"mockex.clients.{module.name}" for module in pkgutil.iter_modules(mockex.clients.__path__)}
sys.modules.update(dict.fromkeys(others - {"mockex.clients", "mockex.clients.shared"}))
runpy.run_path(sys.argv[1])["main"](sys.argv[2:])
"""
"""For `python -P -c`, with the host's file and the driver's as arguments. None in `sys.modules` makes an import fail."""

DRIVERS = {path.parent.name: path for path in Path(next(iter(mockex.clients.__path__))).glob("*/driver.py")}


@pytest.mark.parametrize("venue", sorted(DRIVERS))
def test_a_driver_is_hosted_where_nothing_but_the_clients_can_be_imported(venue: str) -> None:
    """It stands alone but for what clients share: the host finds its package by its path."""
    own = {"venue": venue, "rest": "http://127.0.0.1:1", "ws": {"main": "ws://127.0.0.1:1"}, "credentials": None}
    start = {"id": 1, "op": "start", "params": {**SETTINGS, **own}}
    command = [sys.executable, "-P", "-c", HOST_WITHOUT_SIMULATOR, speak.__file__, str(DRIVERS[venue])]

    hosted = subprocess.run(command, input=json.dumps(start) + "\n", capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(hosted.stdout)["result"]["client"]["name"] == f"{venue} reference client", hosted.stderr
