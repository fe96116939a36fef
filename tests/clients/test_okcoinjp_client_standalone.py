"""The client stands alone: what it may import."""

import ast
import sys
from pathlib import Path

import mockex.clients.okcoinjp
import pytest

# yarl is aiohttp's URL type: the one way to make aiohttp send a target unchanged.
ALLOWED = {"aiohttp", "yarl", "websockets", "orjson"} | set(sys.stdlib_module_names)

MODULES = sorted(Path(next(iter(mockex.clients.okcoinjp.__path__))).glob("**/*.py"))


def _imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # One dot is a neighbour in the package; more would climb out of it.
            names.add((node.module or "").partition(".")[0] if node.level == 0 else "." * node.level)
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_module_imports_only_its_neighbours_and_its_three_libraries(module: Path) -> None:
    assert _imports(ast.parse(module.read_text())) <= ALLOWED | {"."}


def test_every_public_name_exists() -> None:
    missing = [name for name in mockex.clients.okcoinjp.__all__ if not hasattr(mockex.clients.okcoinjp, name)]

    assert missing == []
