"""The order in which files are begun: those that take minutes first, so that no worker is left alone with one at the end."""

from __future__ import annotations

import pytest

LONG = ("test_conformance_faux_", "test_conformance_findings", "test_conformance_thirdparty_", "test_conformance_runner")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a file, and among all others, the order stays as it is."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if item.path.name.startswith(name)), len(LONG)))
