"""Runs the benchmarks and prints one table. Exit code 1 when a target is missed.

`python -m benchmarks [NAME]...`: all, or only the named modules.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.measure import Row


def main(names: list[str]) -> int:
    console = Console()
    rows: list[Row] = []
    for module_info in pkgutil.iter_modules(benchmarks.__path__, prefix="benchmarks."):
        name = module_info.name.removeprefix("benchmarks.")
        if name == "__main__" or (names and name not in names):
            continue
        run = getattr(importlib.import_module(module_info.name), "run", None)
        if run is None:
            continue
        with console.status(f"measuring {name}"):
            rows += run()
    table = Table("figure", "value", "target", "measured", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.name, f"{row.value:,.3g} {row.unit}", _target(row), row.detail)
    console.print(table)
    missed = [row.name for row in rows if not row.met]
    if missed:
        console.print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


def _target(row: Row) -> str:
    if row.target is None:
        return "-"
    return f"{'>=' if row.at_least else '<='} {row.target:,g} {'' if row.met else 'MISSED'}".strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
