"""A venue's list of oddities as data: its rows, and the tests and fixtures that it names."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from types import ModuleType

_TESTS = Path(__file__).parent


class QuirksPage:
    """`prefix`: of the venue's test files, `test_<prefix>_<name>.py` in `tests`."""

    def __init__(self, venue: ModuleType, prefix: str, *, tests: Path = _TESTS) -> None:
        self.text = (resources.files(venue) / "QUIRKS.md").read_text(encoding="utf-8")
        self.rows = [line for line in self.text.splitlines() if line.startswith("| ")]
        last_cells = [row.rstrip(" |").rpartition("|")[2].strip() for row in self.rows]
        # `name::test` anywhere, and `name` for a whole file in the last column.
        whole_files = {cell.strip("`") for cell in last_cells if re.fullmatch(r"`[a-z_]+`", cell)}
        self.references = sorted({*re.findall(r"`(\w+::test_\w+)`", self.text), *whole_files})
        self.fixtures = sorted(set(re.findall(r"fixture `([a-z_/]+)`", self.text)))
        self._prefix = prefix
        self._tests = tests

    def has_test(self, reference: str) -> bool:
        """Whether the file, and the test in it where one is named, exists."""
        name, _, test = reference.partition("::")
        path = self._tests / f"test_{self._prefix}_{name}.py"
        source = path.read_text(encoding="utf-8") if path.exists() else ""
        return (f"def {test}(" if test else "def test_") in source

    def rows_without(self, marks: tuple[str, ...], heads: tuple[str, ...]) -> list[str]:
        """Rows that mention none of `marks`, the heads of tables aside, which begin with one of `heads`."""
        return [
            row
            for row in self.rows
            if not any(mark in row for mark in marks) and not row.startswith(tuple(f"| {head} |" for head in heads))
        ]
