"""`mockex serve` as a process: what it prints and writes, how it fails, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from server_rig import TOY, TOY_FOLDER

# The command line with nothing but the toy exchange installed.
WITH_THE_TOY = f"import mockex.venues; mockex.venues.__path__[:] = [{str(TOY_FOLDER)!r}]; from mockex.cli import main; main()"

START_SECONDS = 60.0
STOP_SECONDS = 20.0  # a stop takes less on the busiest machine, one that waits for clients takes more


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", WITH_THE_TOY, *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=START_SECONDS, check=False)


class Served:
    """A running `mockex serve`."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.ready_file = folder / "ready.json"
        self.process = subprocess.Popen(
            command("serve", "--port-base", 0, "--market", "quiet", "--ready-file", self.ready_file, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Any:
        """The ready file's content, as soon as it is there."""
        deadline = time.monotonic() + START_SECONDS
        while not self.ready_file.exists():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "not ready"
            time.sleep(0.01)
        return json.loads(self.ready_file.read_text())

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Exit code, output and errors after a signal. TimeoutExpired if it takes too long."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode, output, errors

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.kill()


def fetched(url: str) -> Any:
    with urlopen(url, timeout=20) as answer:
        return json.load(answer)


def test_the_ready_file_tells_where_everything_is_and_with_which_keys(served: Served) -> None:
    ready = served.ready()
    venue = ready["venues"][TOY]

    assert list(ready) == ["control", "venues", "gateway"]
    assert list(venue) == ["rest", "ws", "accounts"]
    assert venue["ws"] == {"main": venue["rest"].replace("http", "ws") + "/ws"}
    assert fetched(f"{venue['rest']}/v1/time")["mood"] == "good"
    assert [(account["name"], account["permissions"]) for account in venue["accounts"]] == [
        ("alice", ["read", "trade", "withdraw"]),
        ("bob", ["read", "trade", "withdraw"]),
        ("viewer", ["read"]),
    ]
    for account in venue["accounts"]:
        assert list(account) == ["name", "api_key", "secret", "passphrase", "permissions"]
        assert all(account.values())
    assert [path.name for path in served.ready_file.parent.iterdir()] == ["ready.json"]


def test_tls_is_announced_and_ends_with_the_process(tmp_path: Path) -> None:
    folder = tmp_path / "with [brackets]"
    folder.mkdir()
    served = Served(folder, "--tls")
    try:
        ready = served.ready()
        tls = ready["tls"]
        urls = tls["venues"][TOY]
        address = urlsplit(urls["rest"])
        trust = ssl.create_default_context(cafile=tls["ca"])
        with urlopen(f"{urls['rest']}/v1/time", context=trust, timeout=20) as answer:
            assert json.load(answer)["mood"] == "good"
        place = (address.hostname, address.port)
        with (
            socket.create_connection(place) as silent,
            trust.wrap_socket(socket.create_connection(place), server_hostname="api.toyx.example") as idle,
        ):
            code, output, errors = served.end(signal.SIGTERM)
            assert (silent.recv(1), idle.recv(1)) == (b"", b"")
    finally:
        served.kill()

    assert (code, errors) == (0, "")
    assert list(ready) == ["control", "venues", "tls", "gateway"]
    assert urls["ws"] == {"main": urls["rest"].replace("https", "wss") + "/ws"}
    lines = [line.rstrip() for line in output.splitlines()]
    for text in (urls["rest"], urls["ws"]["main"], tls["ca"]):
        assert [line for line in lines if line.endswith(f" {text}")], text
    assert tls["ca"] == str(folder / "ready.ca.pem")
    assert sorted(path.name for path in folder.iterdir()) == ["ready.ca.pem", "ready.json"]


def test_the_gateway_is_told_and_announced(tmp_path: Path) -> None:
    served = Served(tmp_path)
    try:
        url = served.ready()["gateway"]["url"]
        _, output, _ = served.end(signal.SIGTERM)
    finally:
        served.kill()
    assert urlsplit(url).path == "/ws/v1"
    assert [line for line in output.splitlines() if line.startswith("gateway ") and line.endswith(f" {url}")]


def test_no_gateway_means_none(tmp_path: Path) -> None:
    without = Served(tmp_path, "--no-gateway")
    try:
        assert "gateway" not in without.ready()
    finally:
        without.kill()


def test_a_gateway_whose_port_is_busy_is_an_error_only_if_that_port_was_asked_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        wanted = run("serve", "--market", "quiet", "--port-base", 0, "--port", f"gateway={port}")
        # The control API lies eight below it, the toy exchange 77 above that: both elsewhere here.
        elsewhere = ["--port-base", port - 8, "--port", "control=0", "--port", "toyx=0"]
        served = Served(tmp_path, *elsewhere)
        try:
            ready = served.ready()
            code, _, errors = served.end(signal.SIGTERM)
        finally:
            served.kill()

    busy = f"port {port} at 127.0.0.1, wanted for gateway, is in use"
    assert wanted.returncode == 2
    assert wanted.stderr.startswith(f"mockex: {busy}; --port gateway=NUMBER gives it another")
    assert (list(ready), code) == (["control", "venues"], 0)
    assert errors.startswith(f"mockex: no gateway: {busy}; --port gateway=NUMBER gives it another")


def test_port_and_authority_of_tls_may_be_chosen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    chosen = tmp_path / "authority.pem"
    served = Served(tmp_path, "--tls", "--port", f"toyx.tls={port}", "--tls-ca", chosen)
    try:
        tls = served.ready()["tls"]
    finally:
        served.kill()

    assert (tls["ca"], tls["venues"][TOY]["rest"]) == (str(chosen), f"https://127.0.0.1:{port}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority.pem", "ready.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_in_an_orderly_way(served: Served, number: signal.Signals) -> None:
    ready = served.ready()
    rest = ready["venues"][TOY]["rest"]
    host, port = rest.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as silent:  # connected, and never says a word
        code, output, errors = served.end(number)
        assert silent.recv(1) == b""

    assert (code, errors) == (0, "")
    for word in (ready["control"], rest, ready["venues"][TOY]["ws"]["main"], *ready["venues"][TOY]["accounts"][0].values()):
        for text in word if isinstance(word, list) else [word]:
            assert text in output


def test_options_reach_the_world(tmp_path: Path) -> None:
    served = Served(tmp_path, "--profile", "toyx=observed", "--set", "toyx.mood=bad", "--clock", "frozen", "--seed", 5)
    try:
        url = f"{served.ready()['venues'][TOY]['rest']}/v1/time"
        first, second = fetched(url), fetched(url)
    finally:
        served.kill()

    assert first == second
    assert (first["profile"], first["mood"]) == ("observed", "bad")
    assert abs(first["now_ns"] - time.time_ns()) < 60 * 10**9


def test_the_same_seed_gives_the_same_keys_and_a_file_may_say_it(tmp_path: Path) -> None:
    config = tmp_path / "mockex.toml"
    config.write_text("seed = 5\n")
    keys = []
    for name, arguments in (("typed", ("--seed", 5)), ("written", ("--config", config)), ("default", ())):
        (tmp_path / name).mkdir()
        served = Served(tmp_path / name, *arguments)
        try:
            keys.append(served.ready()["venues"][TOY]["accounts"])
        finally:
            served.kill()

    assert keys[0] == keys[1] != keys[2]


def test_a_ready_file_of_an_earlier_run_is_not_taken_for_this_one(tmp_path: Path) -> None:
    stale = tmp_path / "ready.json"
    stale.write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run("serve", "--market", "quiet", "--port", f"toyx={other.getsockname()[1]}", "--ready-file", stale)

    assert result.returncode == 2
    assert not stale.exists()


def test_python_dash_m_is_the_same_command() -> None:
    result = subprocess.run([sys.executable, "-m", "mockex", "--version"], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("mockex ")


# --- failures


def test_a_busy_port_is_one_line_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("serve", "--market", "quiet", "--port-base", 0, "--port", f"toyx={port}")

    assert (result.returncode, result.stdout) == (2, "")
    hint = "--port toyx=NUMBER gives it another, --port-base 0 any free ones"
    assert result.stderr == f"mockex: port {port} at 127.0.0.1, wanted for toyx, is in use; {hint}\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--venue", "other"], "--venue: there is no venue 'other' here; there are toyx"),
        (["--port", "toyx"], "Invalid value for '--port': 'toyx' is not of the form NAME=PORT"),
        (["--port", "toyx=http"], "--port: expected a number from 0 to 65535, not 'http'"),
        (["--port", f"toyx={'9' * 5_000}"], "--port: expected a number from 0 to 65535, not '999"),
        (["--port", "other=1"], "--port: there is no venue 'other' here; there are toyx"),
        (["--port", "other.tls=1"], "--port: there is no venue 'other.tls' here; there are toyx"),
        (["--port", "toyx.ssl=1"], "--port: there is no venue 'toyx.ssl' here; there are toyx"),
        (["--port", "toyx.tls=x", "--tls"], "--port: expected a number from 0 to 65535, not 'x'"),
        (["--port", "toyx.tls=1"], "a port for toyx.tls, but no TLS: add --tls, or tls = true in the file"),
        (["--tls", "--tls-ca", "/", "--market", "quiet", "--port-base", "0"], "cannot write the certificate for TLS to /: "),
        (["--port-base", "-1"], "Invalid value for '--port-base'"),
        (["--seed", "one"], "Invalid value for '--seed'"),
        (["--market", "wild"], "Invalid value for '--market'"),
        (["--clock", "slow"], "Invalid value for '--clock'"),
        (["--profile", "toyx=real"], "--profile: toyx has no profile 'real'; it has documented, observed"),
        (["--set", "toyx.moods=bad"], "--set: toyx has no switch 'moods'; it has sockets_closed, mood, patience"),
        (["--set", "toyx.patience=0"], "--set: toyx.patience takes a whole number from 1 to 1000000000, not '0'"),
        (["--set", "toyx.patience=soon"], "--set: toyx.patience takes a whole number from 1 to 1000000000, not 'soon'"),
        (["--set", "toyx.mood=ugly"], "--set: toyx.mood takes good or bad, not 'ugly'"),
        (["--set", "toyx.sockets_closed=maybe"], "--set: toyx.sockets_closed takes true or false, not 'maybe'"),
        (["--config", "nowhere.toml"], "nowhere.toml: No such file or directory"),
        (["--host", "192.0.2.1", "--market", "quiet"], "cannot listen at 192.0.2.1 port 9870 for control: "),
        (["--host", "a" * 64, "--market", "quiet"], f"cannot listen at {'a' * 64!r} port 9870 for control: no name of a host"),
        (["--ready-file", "no/such/folder.json"], "no/such/folder.json: there is no folder no/such\n"),
        (["--set", "toyx=bad"], "--set: which switch of toyx? Write toyx.SWITCH=VALUE; it has sockets_closed, mood, "),
        (["--nonsense"], "No such option '--nonsense'"),
        (["extra"], "Got unexpected extra argument (extra) (mockex serve --help tells more)\n"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(arguments: list[str], complaint: str) -> None:
    result = run("serve", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mockex: {complaint}")
    assert result.stderr.count("\n") == 1


def test_a_wrong_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    config = tmp_path / "mockex.toml"
    config.write_text("[venues.toyx]\nprofile = 'real'\n")
    result = run("serve", "--config", config)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"mockex: {config}: venues.toyx.profile: expected documented or observed, not 'real'\n"


def test_help_is_no_failure() -> None:
    for arguments in ([], ["--help"], ["serve", "--help"]):
        result = run(*arguments)
        assert (result.returncode, result.stderr) == (0, "")
        assert "Usage: mockex" in result.stdout


def test_an_unknown_command_is_one_line_and_exit_code_2() -> None:
    result = run("sevre")

    assert result.returncode == 2
    assert result.stderr.startswith("mockex: No such command 'sevre'")
    assert result.stderr.endswith("(mockex --help tells more)\n")


def test_a_second_signal_does_no_harm(served: Served) -> None:
    served.ready()
    served.process.send_signal(signal.SIGTERM)
    code, _, errors = served.end(signal.SIGTERM)

    assert (code, errors) == (0, "")
