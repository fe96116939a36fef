"""What the README shows of ccxt, exactly as printed: its first example, and the outcome of a conformance case."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from thirdparty_rig import REPLY_SECONDS, ROOT, client_python, running_simulator

pytestmark = pytest.mark.thirdparty


def printed_example() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = [text for text in re.findall(r"^```python\n(.*?)^```$", readme, re.M | re.S) if "import ccxt" in text]
    return str(example)


def test_the_readmes_first_example_trades(tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(printed_example())
    with running_simulator(tmp_path, "okcoinjp", options=["--market", "live"]):
        done = subprocess.run(
            [client_python("ccxt"), str(script)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=REPLY_SECONDS,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    ask, *trades = done.stdout.splitlines()
    best = re.fullmatch(r"best ask: ([\d.]+) BTC at ([\d.]+) JPY", ask)
    assert best is not None, ask
    bought = [re.fullmatch(r"buy ([\d.]+) at ([\d.]+), fee ([\d.e-]+) BTC", line) for line in trades]
    assert all(bought)
    assert sum(float(trade[1]) for trade in bought if trade) == pytest.approx(0.01)
    assert all(float(trade[2]) <= float(best[2]) * 1.01 for trade in bought if trade)
    assert sum(float(trade[3]) for trade in bought if trade) == pytest.approx(0.01 * 0.0015, abs=1e-7)


def test_the_outcome_of_a_conformance_case_is_the_one_shown() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    client_python("ccxt")
    (command,) = re.findall(r"^mockex (conform .*--client ccxt --case .*?) +#", readme, re.M)
    (shown,) = re.findall(r"^```\n(ccxt .*?)^```$", readme, re.M | re.S)

    done = subprocess.run(
        [sys.executable, "-m", "mockex", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=REPLY_SECONDS,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, shown), done.stderr
