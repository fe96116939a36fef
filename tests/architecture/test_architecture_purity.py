"""The core and the wire stay pure: no floats, no clock, no chance, no waiting; and each rule is seen to bite."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from source_rules import (
    Rule,
    ambient_chance,
    clock_reads,
    coroutines,
    floats,
    imports_of,
    label,
    modules,
    own_generators,
    parse,
    unseeded_generators,
)

PURE = modules("core", "wire", "venues", "market", "operator")
EXACT = modules("core", "wire", "venues", "operator")
EVERYWHERE = modules()
CLOCK_READER = "mockex/server/wallclock.py"
JSON_EDGE = "mockex/wire/json.py"


@pytest.mark.parametrize("path", EXACT, ids=label)
def test_money_and_time_never_become_floats(path: Path) -> None:
    assert floats(parse(path)) == []


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if label(path) != CLOCK_READER], ids=label)
def test_the_machines_clock_is_read_in_one_module_only(path: Path) -> None:
    assert clock_reads(parse(path)) == []


@pytest.mark.parametrize("path", EVERYWHERE, ids=label)
def test_all_chance_comes_from_a_seed(path: Path) -> None:
    assert ambient_chance(parse(path)) == []
    assert unseeded_generators(parse(path)) == []


@pytest.mark.parametrize("path", modules("core", "wire"), ids=label)
def test_random_generators_are_received_not_made(path: Path) -> None:
    assert own_generators(parse(path)) == []


@pytest.mark.parametrize("path", PURE, ids=label)
def test_nothing_waits_between_a_request_and_its_events(path: Path) -> None:
    assert coroutines(parse(path)) == []


@pytest.mark.parametrize("path", [path for path in PURE if label(path) != JSON_EDGE], ids=label)
def test_json_is_read_and_written_in_one_module_only(path: Path) -> None:
    assert imports_of(parse(path), ["json", "orjson"]) == []


@pytest.mark.parametrize("path", modules("core"), ids=label)
def test_the_core_does_not_know_randomness_even_as_a_type(path: Path) -> None:
    assert imports_of(parse(path), ["random"]) == []


@pytest.mark.parametrize(
    ("rule", "offender"),
    [
        (floats, "price = 1.5"),
        (floats, "price = float(text)"),
        (floats, "def settle(price: float) -> None: ..."),
        (clock_reads, "import time\nnow = time.time_ns()"),
        (clock_reads, "import time as t\nnow = t.time()"),
        (clock_reads, "from time import monotonic"),
        (clock_reads, "import datetime\nnow = datetime.datetime.now()"),
        (clock_reads, "from datetime import datetime\nnow = datetime.utcnow()"),
        (ambient_chance, "import random\nrandom.shuffle(orders)"),
        (ambient_chance, "from random import choice"),
        (ambient_chance, "import uuid"),
        (ambient_chance, "import os\nos.urandom(8)"),
        (own_generators, "import random\nrng = random.Random(1)"),
        (own_generators, "from random import Random\nrng = Random(1)"),
        (unseeded_generators, "import random\nrng = random.Random()"),
        (coroutines, "async def place(): ..."),
    ],
    ids=lambda value: value.__name__ if callable(value) else value.splitlines()[-1],
)
def test_a_rule_finds_its_offender(rule: Rule, offender: str) -> None:
    assert rule(ast.parse(offender)) != []


@pytest.mark.parametrize(
    ("rule", "innocent"),
    [
        (floats, "if isinstance(value, float): raise ValueError"),
        (clock_reads, "now = clock.now_ns()"),
        (ambient_chance, "import random\ndef draw(rng: random.Random) -> int: return rng.randrange(6)"),
        (unseeded_generators, "import random\nrng = random.Random(f'{seed}/agents')"),
        (own_generators, "import random\ndef draw(rng: random.Random) -> int: return rng.randrange(6)"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_rule_leaves_the_innocent_alone(rule: Rule, innocent: str) -> None:
    assert rule(ast.parse(innocent)) == []
