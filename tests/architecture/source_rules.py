"""Rules about source text that an import contract cannot state, as functions from a parsed module to its offences.

Each rule returns lines of the form `12: what is wrong`, so that a failing test reads like a compiler. The tests beside this
file show every rule an offender first: a rule that finds nothing anywhere proves nothing.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import mockex

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = Path(mockex.__path__[0])

Rule = Callable[[ast.Module], list[str]]

CLOCK_READS = frozenset(
    {
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.gmtime",
        "time.localtime",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
    }
)
AMBIENT_CHANCE = frozenset({"uuid", "secrets", "os.urandom", "random.SystemRandom"})
NO_CHANCE = frozenset({"uuid.uuid5", "uuid.NAMESPACE_DNS"})


def modules(*folders: str) -> list[Path]:
    """Every Python file below these folders of the package, in order. With no folder: all of the package."""
    roots = [PACKAGE / folder for folder in folders] or [PACKAGE]
    return sorted(path for root in roots for path in root.rglob("*.py"))


@functools.cache
def parse(path: Path) -> ast.Module:
    """The module, parsed once for all rules: none changes it."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@functools.lru_cache(maxsize=1)
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a module, for the rules that are asked of it in a row."""
    return tuple(ast.walk(tree))


def label(path: Path) -> str:
    """A path as a test's id: relative to the project."""
    return path.relative_to(PROJECT).as_posix()


def floats(tree: ast.Module) -> list[str]:
    """Float literals, and the name `float` except to recognise one: `isinstance(value, float)`."""
    recognised = {
        id(node)
        for call in _nodes(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "isinstance"
        for node in ast.walk(call)
    }
    found = []
    for node in _nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.lineno}: the float {node.value}")
        elif isinstance(node, ast.Name) and node.id == "float" and id(node) not in recognised:
            found.append(f"{node.lineno}: float")
    return found


def clock_reads(tree: ast.Module) -> list[str]:
    """Every way to ask the machine for the time, also under another name."""
    return [f"{line}: {name}" for line, name in _names_used(tree) if _ends_with(name, CLOCK_READS)]


def ambient_chance(tree: ast.Module) -> list[str]:
    """Randomness that no seed controls: the shared generator of `random`, `uuid`, `secrets`, the system's. A UUID of a name is
    none.
    """
    found = []
    for line, name in _names_used(tree):
        if name in NO_CHANCE:
            continue
        top, _, rest = name.partition(".")
        shared_generator = top == "random" and rest not in ("", "Random")
        if shared_generator or top in AMBIENT_CHANCE or name in AMBIENT_CHANCE:
            found.append(f"{line}: {name}")
    return found


def own_generators(tree: ast.Module) -> list[str]:
    """Calls that make a random generator, where one may only be received."""
    return [f"{call.lineno}: makes a random.Random" for call in _generator_calls(tree)]


def unseeded_generators(tree: ast.Module) -> list[str]:
    """Random generators that are made without a seed."""
    return [f"{call.lineno}: no seed" for call in _generator_calls(tree) if not call.args]


def coroutines(tree: ast.Module) -> list[str]:
    """`async def`, `await` and their kin."""
    kinds = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    return [f"{node.lineno}: {type(node).__name__}" for node in _nodes(tree) if isinstance(node, kinds)]


def imports_of(tree: ast.Module, names: Iterable[str]) -> list[str]:
    """Imports of these top-level modules, anywhere in the file."""
    wanted = set(names)
    return [f"{line}: imports {name}" for line, name in _imported(tree) if name.partition(".")[0] in wanted]


def imports_beyond(tree: ast.Module, allowed: Iterable[str]) -> list[str]:
    """Imports of the package other than below these, and relative ones that climb more than one step."""
    permitted = tuple(allowed)
    found = [
        f"{line}: imports {name}"
        for line, name in _imported(tree)
        if name.partition(".")[0] == "mockex" and not any(f"{name}.".startswith(f"{each}.") for each in permitted)
    ]
    climbs = [node for node in _nodes(tree) if isinstance(node, ast.ImportFrom) and node.level > 1]
    return found + [f"{node.lineno}: climbs out of its package" for node in climbs]


def lacks_docstring(tree: ast.Module) -> bool:
    """An empty file, which only marks a package, needs none."""
    return bool(tree.body) and not ast.get_docstring(tree)


def venue_mentions(text: str, venue_names: Iterable[str]) -> list[str]:
    """Lines that name a venue, in any case, in code and in prose."""
    pattern = re.compile("|".join(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" for name in venue_names), re.IGNORECASE)
    lines = text.splitlines()
    return [f"{number}: {found[0]}" for number, line in enumerate(lines, 1) if (found := pattern.search(line))]


def without_docstrings(text: str) -> str:
    """The source with its docstrings blanked out, line numbers kept."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node):
            prose = node.body[0]
            lines[prose.lineno - 1 : prose.end_lineno] = [""] * ((prose.end_lineno or prose.lineno) - prose.lineno + 1)
    return "\n".join(lines)


def _generator_calls(tree: ast.Module) -> list[ast.Call]:
    names = ("random.Random", "Random")
    return [node for node in _nodes(tree) if isinstance(node, ast.Call) and _dotted(node.func) in names]


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def _names_used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Dotted names as written, with an `as` undone, and what is imported."""
    renamed = {
        alias.asname: alias.name
        for node in _nodes(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname
    }
    yield from _imported(tree)
    for node in _nodes(tree):
        if isinstance(node, ast.Attribute) and (name := _dotted(node)):
            first, dot, rest = name.partition(".")
            yield node.lineno, f"{renamed.get(first, first)}{dot}{rest}"


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of an expression that is nothing but that, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def _ends_with(name: str, wanted: frozenset[str]) -> bool:
    return any(name == each or name.endswith(f".{each}") for each in wanted)
