"""What holds for all tests: the order in which files are begun, and how tests with made-up examples look for them.

Files that take minutes are begun first, so that no worker is left alone with one at the end. Examples may take as long as they
take: a test ends alike on a busy machine and on an idle one. They are drawn alike in every run, except that hypothesis tries
constants that it finds in the modules loaded so far, and so in what ran before. No test may count on what comes up.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),  # benches outlive an example on purpose, and big inputs are the point
)
settings.load_profile("steady")

LONG = ("test_conformance_faux_", "test_conformance_findings", "test_conformance_thirdparty_", "test_conformance_runner")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a file, and among all others, the order stays as it is."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if item.path.name.startswith(name)), len(LONG)))
