"""Small rooms with a sign on the door, and no venue's name outside its own rooms."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import mockex.clients
import mockex.conformance
import pytest
from source_rules import PROJECT, imports_beyond, label, lacks_docstring, modules, parse, venue_mentions, without_docstrings

import mockex.venues

MAX_LINES = 500

VENUES = sorted(path.parent.name for path in Path(mockex.venues.__path__[0]).glob("*/__init__.py"))
CLIENTS = sorted(Path(mockex.clients.__path__[0]).rglob("*.py"))
CONFORMANCE = sorted(Path(mockex.conformance.__path__[0]).rglob("*.py"))
# What users write against shows them an example, in its docstrings only.
PUBLIC_FACES = {PROJECT / "mockex/pytest_plugin.py", *modules("embedded")}
PLATFORMS = PROJECT / "mockex/gateway/platforms"
THIRD_PARTY = PROJECT / "conformance" / "thirdparty"


def imports_of_client(path: Path, venue: str) -> list[str]:
    """Where a module imports the reference client of that venue."""
    others = [f"mockex.clients.{name}" for name in (*VENUES, "shared") if name != venue]
    return imports_beyond(parse(path), [*others, "mockex.gateway"])


def _own_venues(path: Path) -> set[str]:
    """The venue whose folder a module lies in: `venues/<venue>/`, `clients/<venue>/` or `cases/<venue>/`. A platform of the
    gateway is about the venue whose client it builds on.
    """
    if path.parent == PLATFORMS:
        return {name for name in VENUES if imports_of_client(path, name)}
    parts = path.relative_to(PROJECT).parts
    return {part for parent, part in itertools.pairwise(parts) if parent in ("venues", "clients", "cases")}


@pytest.mark.parametrize("path", [*modules(), *CLIENTS, *CONFORMANCE], ids=label)
def test_a_module_says_what_it_owns(path: Path) -> None:
    assert not lacks_docstring(parse(path)), "no docstring"


@pytest.mark.parametrize("path", [*modules(), *CLIENTS, *CONFORMANCE], ids=label)
def test_a_module_is_a_small_room(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize(
    "path",
    # A script that drives somebody else's client speaks that client's dialect, which is one venue's.
    [*modules(), *CLIENTS, *(path for path in CONFORMANCE if THIRD_PARTY not in path.parents)],
    ids=label,
)
def test_no_module_names_a_venue_outside_its_folders(path: Path) -> None:
    foreign = [name for name in VENUES if name not in _own_venues(path)]
    text = path.read_text(encoding="utf-8")

    assert not foreign or venue_mentions(without_docstrings(text) if path in PUBLIC_FACES else text, foreign) == []


@pytest.mark.parametrize("path", CLIENTS, ids=label)
def test_a_reference_client_knows_nothing_of_the_simulator(path: Path) -> None:
    assert imports_beyond(parse(path), ["mockex.clients.shared"]) == []


@pytest.mark.parametrize("path", CONFORMANCE, ids=label)
def test_conformance_knows_clients_and_fixtures_only(path: Path) -> None:
    assert imports_beyond(parse(path), ["mockex.clients", "mockex.conformance", "mockex.fixtures"]) == []


@pytest.mark.parametrize(
    "offender", ["import mockex.world", "from mockex import wire", "from ..wire import json", "from mockex.clientsx import y"]
)
def test_an_import_of_the_simulator_is_found(offender: str) -> None:
    assert imports_beyond(ast.parse(offender), ["mockex.clients"]) != []


def test_venues_were_found() -> None:
    assert VENUES


def test_a_venues_name_is_found_in_code_and_in_prose() -> None:
    text = 'if venue == "kraken": ...\n# As KRAKEN does.\nkrakens = 1\nkraken_only = True\n'

    assert venue_mentions(text, ["kraken"]) == ["1: kraken", "2: KRAKEN", "4: kraken"]


def test_a_docstring_is_blanked_out_and_nothing_else() -> None:
    text = 'x = 1\ndef f():\n    """As kraken\n    does."""\n    return "kraken"\n'

    assert venue_mentions(without_docstrings(text), ["kraken"]) == ["5: kraken"]


def test_a_missing_docstring_is_found() -> None:
    assert lacks_docstring(ast.parse("x = 1"))
    assert not lacks_docstring(ast.parse('"""Owns x."""\nx = 1'))


def test_no_two_helper_modules_of_the_tests_share_a_name() -> None:
    """pytest puts each folder of tests on the path, so that of two helpers of one name a run finds whichever came first. Wrong
    clients are no helpers: they are loaded by their path.
    """
    folders = PROJECT / "tests", PROJECT / "tests/conformance/faux"
    helpers = [path.name for path in folders[0].rglob("*.py") if folders[1] not in path.parents]
    helpers = [name for name in helpers if name not in ("__init__.py", "conftest.py")]

    assert sorted(name for name in set(helpers) if helpers.count(name) > 1) == []
