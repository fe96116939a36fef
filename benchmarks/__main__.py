"""Runs the benchmarks and prints one table. Exit code 1 when a target is missed, 2 for a name that there is not.

`python -m benchmarks [NAME]...`: all, or only the named modules.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.measure import Row


def main(names: list[str]) -> int:
    console = Console()
    known = _benchmarks()
    for name in names:
        if name not in known:
            print(f"there is no benchmark {name!r}; there are {', '.join(known)}", file=sys.stderr)
            return 2
    rows: list[Row] = []
    for name in names or known:
        with console.status(f"measuring {name}"):
            rows += known[name]()
    table = Table("figure", "value", "target", "measured", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.name, f"{row.value:,.3g} {row.unit}", _target(row), row.detail)
    console.print(table)
    missed = [row.name for row in rows if not row.met]
    if missed:
        console.print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


def _benchmarks() -> Mapping[str, Callable[[], Sequence[Row]]]:
    """By the name of its module."""
    found = {}
    for module_info in pkgutil.iter_modules(benchmarks.__path__):
        if module_info.name != "__main__":
            run = getattr(importlib.import_module(f"benchmarks.{module_info.name}"), "run", None)
            if run is not None:
                found[module_info.name] = run
    return found


def _target(row: Row) -> str:
    if row.target is None:
        return "-"
    return f"{'>=' if row.at_least else '<='} {row.target:,g} {'' if row.met else 'MISSED'}".strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
