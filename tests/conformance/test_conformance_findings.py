"""FINDINGS.md lists exactly what other people's clients fail at each venue, as runs of the whole suite have it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mockex.conformance import facts
from mockex.conformance.thirdparty.environments import NEED_TEXT, ThirdPartyClient, clients_for

pytestmark = pytest.mark.thirdparty

FINDINGS = Path(__file__).resolve().parents[2] / "conformance" / "FINDINGS.md"
RUN_SECONDS = 900
SUBJECTS = [(venue, client) for venue in facts.venues() for client in clients_for(venue).values()]


def sections(text: str, level: int) -> Mapping[str, str]:
    """Heading -> what stands below it."""
    parts = re.split(rf"^{'#' * level} (.+)\n", text, flags=re.MULTILINE)[1:]
    headings = parts[::2]
    assert len(headings) == len(set(headings)), "each heading once"
    return dict(zip(headings, parts[1::2], strict=True))


BY_VENUE = {venue: sections(text, 3) for venue, text in sections(FINDINGS.read_text(encoding="utf-8"), 2).items()}


def listed(section: str) -> list[str]:
    """The cases in the first column of a client's table."""
    cells = re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)
    return sorted(name for cell in cells for name in re.findall(r"`([^`]+)`", cell))


def test_every_client_with_a_driver_has_a_section_under_its_venue_and_no_other_has() -> None:
    expected: dict[str, list[str]] = {}
    for venue, client in SUBJECTS:
        expected.setdefault(venue, []).append(f"{client.conform_name} {client.version}")

    assert {venue: sorted(found) for venue, found in BY_VENUE.items()} == {venue: sorted(x) for venue, x in expected.items()}


def test_no_case_is_listed_twice_for_a_client() -> None:
    names = [
        (venue, client, case) for venue, found in BY_VENUE.items() for client, text in found.items() for case in listed(text)
    ]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(("venue", "client"), SUBJECTS, ids=lambda each: each if isinstance(each, str) else each.conform_name)
def test_the_findings_are_those_of_a_run(venue: str, client: ThirdPartyClient, tmp_path: Path) -> None:
    if missing := client.missing():
        pytest.skip(f"{client.title} needs {' and '.join(NEED_TEXT[need] for need in missing)}")
    report = tmp_path / "report"
    command = [sys.executable, "-m", "mockex", "conform", venue, "--client", client.conform_name, "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)

    assert done.returncode in (0, 1), done.stdout + done.stderr
    (run,) = json.loads((report / "results.json").read_text())["runs"]
    found = sorted(case["id"] for case in run["cases"] if case["verdict"] in ("fail", "warn"))
    assert listed(BY_VENUE[venue][f"{client.conform_name} {client.version}"]) == found
