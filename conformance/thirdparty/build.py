"""Builds the environments of the third-party clients: `python -m mockex.conformance.thirdparty.build [NAME ...]`.

One environment per client under `.venvs/` of the checkout, or of the current folder where there is none. An environment that
is up to date is left alone, so a second run does nothing. A client that this machine cannot run is named with what is missing;
that is no failure. What an installer prints goes to `.venvs/<name>.log` and is shown only when it fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from mockex.conformance.thirdparty.environments import (
    NEED_TEXT,
    STAMP,
    Runtime,
    ThirdPartyClient,
    clients,
    environments_root,
    interpreter,
)

LOG_LINES_SHOWN = 25


class BuildError(Exception):
    """An installer failed. The text is for the person who ran the build."""


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 if every client that can be built is built, 1 if one failed, 2 for a name that is not a client."""
    known, root = clients(), environments_root()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no third-party client {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = False
    for name in arguments or known:
        client = known[name]
        try:
            print(f"  {name:<12}{bring_up_to_date(client, root)}", flush=True)
        except BuildError as error:
            failed = True
            print(f"  {name:<12}FAILED\n{error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def bring_up_to_date(client: ThirdPartyClient, root: Path) -> str:
    """What became of it, in a few words. BuildError if its installer failed."""
    label = f"{client.title} {client.version}"
    missing = client.missing()
    if missing:
        return f"{label}: left out, needs {' and '.join(NEED_TEXT[need] for need in missing)}"
    if client.is_built(root):
        return f"{label}: up to date"
    build(client, root)
    return f"{label}: built"


def build(client: ThirdPartyClient, root: Path) -> None:
    """Makes the environment anew. The stamp comes last: a build that was interrupted counts as not built."""
    environment = client.environment(root)
    shutil.rmtree(environment, ignore_errors=True)
    environment.parent.mkdir(exist_ok=True)
    log = environment.with_name(f"{client.name}.log")
    if client.runtime is Runtime.PYTHON:
        venv.create(environment, with_pip=True)
        # Everything is pinned, so nothing is left for the installer to resolve. `check` proves that the pins are complete.
        pip = [str(interpreter(environment)), "-m", "pip", "--disable-pip-version-check"]
        run_logged([*pip, "install", "--no-deps", "-r", str(client.pins)], log, cwd=root)
        run_logged([*pip, "check"], log, cwd=root)
    else:
        environment.mkdir()
        for pinned in ("package.json", "package-lock.json"):
            shutil.copy(client.folder / pinned, environment / pinned)
        npm = shutil.which("npm") or "npm"
        run_logged([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], log, cwd=environment)
    (environment / STAMP).write_text(client.digest() + "\n")


def run_logged(command: Sequence[str], log: Path, *, cwd: Path) -> None:
    """Output goes to `log`, anew. BuildError with the end of it and the command, if the command fails."""
    with log.open("w", encoding="utf-8") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, check=False).returncode
    if status:
        ending = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        shown = "\n".join(f"    {line}" for line in ending)
        raise BuildError(f"    $ {' '.join(command)}\n{shown}\n    (exit status {status}; all of it: {log})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
