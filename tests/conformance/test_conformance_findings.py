"""FINDINGS.md lists exactly what other people's clients fail, as a run of the whole suite has it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mockex.conformance.thirdparty.environments import NEED_TEXT, ThirdPartyClient, clients

pytestmark = pytest.mark.thirdparty

FINDINGS = Path(__file__).resolve().parents[2] / "conformance" / "FINDINGS.md"
VENUE = "okcoinjp"
RUN_SECONDS = 900
SUBJECTS = [client for client in clients().values() if VENUE in client.drivers]


def listed(client: ThirdPartyClient) -> list[str]:
    """The cases in the first column of the client's table."""
    heading = f"## {client.conform_name} {client.version}\n"
    sections = [section for section in re.split(r"^(?=## )", FINDINGS.read_text(), flags=re.MULTILINE) if heading in section]
    assert len(sections) == 1, f"one section {heading.strip()!r}"
    cells = re.findall(r"^\| (`.*?) \|", sections[0], flags=re.MULTILINE)
    return sorted(name for cell in cells for name in re.findall(r"`([^`]+)`", cell))


def test_no_client_without_a_driver_has_a_section() -> None:
    sections = re.findall(r"^## (\S+) (\S+)$", FINDINGS.read_text(), flags=re.MULTILINE)

    assert sorted(sections) == sorted((client.conform_name, client.version) for client in SUBJECTS)


@pytest.mark.parametrize("client", SUBJECTS, ids=lambda client: client.conform_name)
def test_the_findings_are_those_of_a_run(client: ThirdPartyClient, tmp_path: Path) -> None:
    if missing := client.missing():
        pytest.skip(f"{client.title} needs {' and '.join(NEED_TEXT[need] for need in missing)}")
    report = tmp_path / "report"
    command = [sys.executable, "-m", "mockex", "conform", VENUE, "--client", client.conform_name, "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)

    assert done.returncode in (0, 1), done.stdout + done.stderr
    (run,) = json.loads((report / "results.json").read_text())["runs"]
    found = sorted(case["id"] for case in run["cases"] if case["verdict"] in ("fail", "warn"))
    assert listed(client) == found
