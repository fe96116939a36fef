"""What the pages show works as shown: Python runs, files are read, commands parse, control calls are answered, links lead on.

The one block that needs a third-party client's environment is run in tests/thirdparty.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from docs_blocks import PAGES, PROJECT, Block, blocks, blocks_of, commands, links

import mockex.cli
from mockex import RunningWorld
from mockex.config import read_file
from mockex.world import installed_venues

RUN_SECONDS = 180
KNOWN_LANGUAGES = {"python", "sh", "toml", "json", ""}

PYTHON = [block for block in blocks("python") if "import ccxt" not in block.text]
PROGRAMS = [block for block in PYTHON if "def test_" not in block.text]
TESTS = [block for block in PYTHON if "def test_" in block.text]
COMMANDS = commands()


def of_command(name: str) -> list[tuple[str, str]]:
    return [(place, command) for place, command in COMMANDS if shlex.split(command)[0] == name]


def run(command: list[str], folder: Path) -> str:
    """What it printed. The test fails if it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("block", PROGRAMS, ids=str)
def test_a_program_runs_and_prints_something(block: Block, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(block.text)

    assert run([sys.executable, "-W", "error", str(script)], tmp_path).strip()


@pytest.mark.parametrize("block", TESTS, ids=str)
def test_an_example_of_a_test_passes(block: Block, tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(block.text)

    assert "1 passed" in run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py"], tmp_path)


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_a_configuration_is_understood(block: Block, tmp_path: Path) -> None:
    written = tmp_path / "mockex.toml"
    written.write_text(block.text)

    options = read_file(written, installed_venues())

    assert options.venues


def test_json_is_json() -> None:
    for block in blocks("json"):
        json.loads(block.text)


@pytest.mark.parametrize(("place", "command"), of_command("make"), ids=[place for place, _ in of_command("make")])
def test_a_make_command_names_targets_and_variables_that_exist(place: str, command: str) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets is not None

    for word in shlex.split(command)[1:]:
        variable, equals, _ = word.partition("=")
        if equals:
            assert re.search(rf"^{variable} :=", makefile, re.MULTILINE), f"{place}: no variable {variable}"
        else:
            assert word in targets[1].split(), f"{place}: no target {word}"


@pytest.mark.parametrize(("place", "command"), of_command("mockex"), ids=[place for place, _ in of_command("mockex")])
def test_a_mockex_command_has_options_that_exist_and_values_that_parse(place: str, command: str) -> None:
    _, name, *arguments = shlex.split(command)

    subcommand = mockex.cli.cli.get_command(click.Context(mockex.cli.cli), name)  # some are loaded when they are asked for
    assert subcommand is not None, f"{place}: no command {name}"
    context = subcommand.make_context(name, arguments)

    assert context.params.keys() >= {parameter.name for parameter in subcommand.params if parameter.expose_value}


@pytest.mark.mockex(clock="real")
def test_the_control_calls_are_answered(mockex: RunningWorld) -> None:
    shown = of_command("curl")
    assert shown
    for _, command in shown:
        words = shlex.split(command)[1:]
        url = next(word for word in words if "/_mockex/" in word)
        body = words[words.index("-d") + 1].encode() if "-d" in words else None
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        asked = urlsplit(f"http://{url}")
        target = f"{mockex.control_url}{asked.path}?{asked.query}"
        with urllib.request.urlopen(urllib.request.Request(target, data=body, method=method)) as reply:
            assert json.load(reply)


def test_every_command_of_the_pages_is_checked_here() -> None:
    assert {shlex.split(command)[0] for _, command in COMMANDS} == {"make", "mockex", "curl"}


@pytest.mark.parametrize("page", PAGES)
def test_every_block_says_what_it_is(page: str) -> None:
    assert {block.language for block in blocks_of(page)} <= KNOWN_LANGUAGES


@pytest.mark.parametrize(("page", "link"), links(), ids=[f"{page} {link}" for page, link in links()])
def test_a_link_leads_somewhere(page: str, link: str) -> None:
    assert (PROJECT / page).parent.joinpath(link.partition("#")[0]).exists()
