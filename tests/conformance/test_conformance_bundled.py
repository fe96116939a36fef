"""Bundled drivers: found by name, started in their own environment, and refused with a way out where that is not possible."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from mockex.conformance import bundled
from mockex.conformance.thirdparty.environments import STAMP, Runtime, clients, environments_root

VENUE = "okcoinjp"
ROOT = Path(__file__).resolve().parents[2]
KNOWN = clients()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has no environments yet."""
    monkeypatch.setattr(bundled, "environments_root", lambda: tmp_path)
    return tmp_path


def mark_built(name: str, root: Path) -> None:
    environment = KNOWN[name].environment(root)
    environment.mkdir(parents=True)
    (environment / STAMP).write_text(KNOWN[name].digest())


def test_every_client_with_a_driver_for_the_venue_is_known_by_name() -> None:
    with_driver = {client.conform_name for client in KNOWN.values() if VENUE in client.drivers}

    assert {"ccxt", "okex-node", "pybotters"} == with_driver
    assert with_driver <= set(bundled.names(VENUE))
    assert bundled.names("nowhere") == ()


@pytest.mark.parametrize("client", [each for each in KNOWN.values() if each.drivers], ids=lambda client: client.name)
def test_every_driver_that_a_client_names_is_there(client: bundled.ThirdPartyClient) -> None:
    assert [script for script in client.drivers.values() if not (client.scripts / script).is_file()] == []


def test_a_python_driver_is_hosted_by_the_clients_own_python(elsewhere: Path) -> None:
    mark_built("ccxt", elsewhere)

    spec = bundled.find(VENUE, "ccxt")

    assert (spec.label, spec.title) == ("ccxt", f"ccxt {KNOWN['ccxt'].version}")
    python, *more = spec.command
    assert Path(python).is_relative_to(elsewhere / ".venvs" / "ccxt")
    assert more == ["-P", str(ROOT / "conformance" / "speak.py"), str(KNOWN["ccxt"].scripts / "driver_okcoinjp.py")]


def test_a_driver_for_node_finds_the_packages_of_its_environment(elsewhere: Path) -> None:
    if missing := KNOWN["okex_node"].missing():
        pytest.skip(f"needs {missing}")
    mark_built("okex_node", elsewhere)

    spec = bundled.find(VENUE, "okex-node")

    assert KNOWN["okex_node"].runtime is Runtime.NODE
    assert spec.command == [shutil.which("node"), str(KNOWN["okex_node"].folder / "driver.js")]
    assert spec.environment == {"NODE_PATH": str(elsewhere / ".venvs" / "okex_node" / "node_modules")}


def test_the_reference_driver_is_hosted_by_this_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = tmp_path / VENUE / "driver.py"
    driver.parent.mkdir()
    driver.touch()
    monkeypatch.setattr(bundled, "REFERENCE_DRIVERS", tmp_path)

    assert bundled.names(VENUE)[0] == "reference"
    assert bundled.find(VENUE, "reference").command == [sys.executable, "-P", str(bundled.HOST), str(driver)]
    assert bundled.HOST.is_file()


def test_an_unknown_client_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(bundled.BundledError, match=r"there is no client 'nobody' for okcoinjp; there is .*ccxt, okex-node"):
        bundled.find(VENUE, "nobody")
    with pytest.raises(bundled.BundledError, match="there is none"):
        bundled.find("nowhere", "ccxt")


def test_an_environment_that_was_not_built_is_refused_with_the_command_that_builds_it(elsewhere: Path) -> None:
    with pytest.raises(bundled.BundledError) as refusal:
        bundled.find(VENUE, "pybotters")

    assert str(elsewhere / ".venvs" / "pybotters") in str(refusal.value)
    assert str(refusal.value).endswith("does not exist; run: python -m mockex.conformance.thirdparty.build pybotters")


def test_an_environment_of_other_versions_is_refused_likewise(elsewhere: Path) -> None:
    mark_built("pybotters", elsewhere)
    (KNOWN["pybotters"].environment(elsewhere) / STAMP).write_text("of other pins")

    with pytest.raises(bundled.BundledError, match=r"is out of date; run: .*build pybotters$"):
        bundled.find(VENUE, "pybotters")


def test_a_machine_without_node_is_told_so(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark_built("okex_node", elsewhere)
    monkeypatch.setenv("PATH", str(elsewhere))

    with pytest.raises(bundled.BundledError, match="@okfe/okex-node needs node and npm on this machine"):
        bundled.find(VENUE, "okex-node")


def test_a_checkout_keeps_its_environments_itself_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert environments_root() == ROOT


def test_mockex_without_a_checkout_keeps_environments_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mockex.conformance.thirdparty.environments.HERE", tmp_path / "mockex" / "conformance" / "thirdparty")

    assert environments_root() == tmp_path
