"""Environments of third-party clients: found by folder, pinned completely, stale when a pin changes, loud on failure."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from mockex.conformance.thirdparty import build
from mockex.conformance.thirdparty.environments import (
    STAMP,
    Need,
    Runtime,
    ThirdPartyClient,
    clients,
    clients_for,
    is_met,
    read_client,
)
from thirdparty_rig import ROOT

KNOWN = clients()


def make_client(folder: Path, requirements: str = "thing==1.0\n", more: str = "") -> ThirdPartyClient:
    folder.mkdir(exist_ok=True)
    (folder / "client.toml").write_text(f'title = "thing"\nversion = "1.0"\n{more}')
    (folder / "requirements.txt").write_text(requirements)
    return read_client(folder)


def mark_built(client: ThirdPartyClient, root: Path) -> None:
    environment = client.environment(root)
    environment.mkdir(parents=True)
    (environment / STAMP).write_text(client.digest())


def test_every_folder_is_a_client() -> None:
    folder = ROOT / "conformance" / "thirdparty"

    assert {"ccxt", "pybotters"} <= set(KNOWN)
    assert set(KNOWN) == {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}


@pytest.mark.parametrize("client", KNOWN.values(), ids=KNOWN)
def test_every_version_is_pinned_and_the_clients_own_is_the_described_one(client: ThirdPartyClient) -> None:
    text = client.pins.read_text()
    if client.runtime is Runtime.NODE:
        assert f'"{client.title}": "{client.version}"' in (client.folder / "package.json").read_text()
        assert text.count('"integrity"') == text.count('"node_modules/')
        return
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert f"{client.title}=={client.version}" in lines


@pytest.mark.parametrize("client", KNOWN.values(), ids=KNOWN)
def test_pins_name_no_place_to_download_from(client: ThirdPartyClient) -> None:
    assert "://" not in client.pins.read_text()


def test_one_client_may_have_a_release_for_each_venue_and_its_scripts_in_one_place(tmp_path: Path) -> None:
    make_client(tmp_path / "thing", more='[conform]\nname = "thing"\nvenues = { north = "drive_north.py" }\n')
    make_client(
        tmp_path / "thing_south", more='scripts = "thing"\n[conform]\nname = "thing"\nvenues = { south = "drive_south.py" }\n'
    )

    north, south = (clients_for(venue, tmp_path)["thing"] for venue in ("north", "south"))

    assert (north.name, south.name) == ("thing", "thing_south")
    assert south.environment(tmp_path) != north.environment(tmp_path)
    assert north.scripts == south.scripts == tmp_path / "thing"
    assert clients_for("west", tmp_path) == {}


def test_two_releases_may_not_be_one_client_of_one_venue(tmp_path: Path) -> None:
    for name in ("thing", "thing_again"):
        make_client(tmp_path / name, more='[conform]\nname = "thing"\nvenues = { north = "driver.py" }\n')

    with pytest.raises(ValueError, match="thing and thing_again both are the client 'thing' of north"):
        clients_for("north", tmp_path)


def test_an_environment_without_a_stamp_is_not_built(tmp_path: Path) -> None:
    client = make_client(tmp_path / "thing")
    client.environment(tmp_path).mkdir(parents=True)

    assert not client.is_built(tmp_path)


def test_an_environment_goes_stale_when_a_pin_changes(tmp_path: Path) -> None:
    client = make_client(tmp_path / "thing")
    mark_built(client, tmp_path)
    assert client.is_built(tmp_path)

    assert not make_client(tmp_path / "thing", "thing==1.1\n").is_built(tmp_path)


def test_an_environment_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    client = make_client(tmp_path / "thing")
    mark_built(client, tmp_path)

    assert build.bring_up_to_date(client, tmp_path) == "thing 1.0: up to date"


def test_a_client_that_the_machine_cannot_run_is_named_with_its_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    client = make_client(tmp_path / "thing", more='needs = ["node"]\n')

    assert not is_met(Need.NODE)
    assert build.bring_up_to_date(client, tmp_path) == "thing 1.0: left out, needs node and npm"
    assert not client.environment(tmp_path).exists()


def test_an_unknown_need_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fortran"):
        make_client(tmp_path / "thing", more='needs = ["fortran"]\n')


def test_an_installer_that_fails_is_quoted_with_its_command(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no such version'); raise SystemExit(3)"]

    with pytest.raises(build.BuildError) as failure:
        build.run_logged(command, tmp_path / "log", cwd=tmp_path)

    assert "no such version" in str(failure.value)
    assert f"$ {sys.executable} -c" in str(failure.value)
    assert "exit status 3" in str(failure.value)


def test_a_name_that_is_no_client_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["nobody"]) == 2
    assert "no third-party client nobody; there are ccxt" in capsys.readouterr().err
