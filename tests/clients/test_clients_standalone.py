"""Each reference client stands alone, but for what all of them share: what it may import."""

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

import mockex.clients
import pytest

# yarl is aiohttp's URL type: the one way to make aiohttp send a target unchanged.
ALLOWED = {"aiohttp", "yarl", "websockets", "orjson"} | set(sys.stdlib_module_names)

SHARED = "mockex.clients.shared"
CLIENTS = sorted({module.name for module in pkgutil.iter_modules(mockex.clients.__path__)} - {"shared"})
MODULES = sorted(path for folder in mockex.clients.__path__ for path in Path(folder).glob("*/**/*.py"))


def _imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # One dot is a neighbour in the package; more would climb out of it.
            module = node.module or ""
            names.add("." * node.level or (SHARED if module.startswith(f"{SHARED}.") else module.partition(".")[0]))
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_module_imports_only_its_neighbours_and_its_three_libraries(module: Path) -> None:
    assert _imports(ast.parse(module.read_text())) <= ALLOWED | {".", SHARED}


@pytest.mark.parametrize(
    "offender", ["import mockex.wire", "from mockex.clients.htx import rest", "from .. import htx", "import yaml"]
)
def test_an_import_from_elsewhere_is_noticed(offender: str) -> None:
    assert not _imports(ast.parse(offender)) <= ALLOWED | {".", SHARED}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_public_name_exists(client: str) -> None:
    module = importlib.import_module(f"mockex.clients.{client}")

    assert module.__all__
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_clients_were_found() -> None:
    assert {"coinstore", "gateway", "htx", "ktx", "okcoinjp"} <= set(CLIENTS)
    assert {path.parent.name for path in MODULES} == {*CLIENTS, "shared"}
