"""Which third-party clients there are, where each one's environment lies, and whether it is built and up to date.

A client is a folder beside this file that has a `client.toml`. Its environment is `.venvs/<name>` in the checkout, wherever one
is in it; mockex that was installed without a checkout keeps it in the current folder. A stamp in it holds a digest of the
pinned versions, so a change of a pin makes the environment stale.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = Path(".venvs")
STAMP = ".built"


class Runtime(Enum):
    """What runs a client. The value is the file that pins its versions."""

    PYTHON = "requirements.txt"
    NODE = "package-lock.json"


class Need(Enum):
    """What a machine must have beside Python for a client to be built. The value is its word in `client.toml`."""

    NODE = "node"
    C_COMPILER = "c-compiler"
    PYTHON_3_11 = "python3.11"


NEED_TEXT = MappingProxyType(
    {
        Need.NODE: "node and npm",
        Need.C_COMPILER: "a C compiler and Python's header files",
        Need.PYTHON_3_11: "Python 3.11 itself, not a newer one",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyClient:
    """One folder, which is one release of a client. `name` is the folder's, `title` and `version` are the client's own.

    `scripts` is the folder of its scripts, which two releases may share. `conform_name` is what `mockex conform --client` calls
    it; `drivers`: venue -> the script that speaks the driver protocol. Two releases may have one name, but not for one venue.
    """

    name: str
    title: str
    version: str
    folder: Path
    scripts: Path
    runtime: Runtime
    needs: tuple[Need, ...]
    conform_name: str
    drivers: Mapping[str, str]

    @property
    def pins(self) -> Path:
        """The file with every version that the environment must have."""
        return self.folder / self.runtime.value

    def environment(self, root: Path) -> Path:
        return root / ENVIRONMENTS / self.name

    def digest(self) -> str:
        """Changes when a pin changes, or the Python that the environment would be built with."""
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        return hashlib.sha256(self.pins.read_bytes() + python.encode()).hexdigest()

    def is_built(self, root: Path) -> bool:
        """Whether the environment under `root` exists and has exactly these pins."""
        stamp = self.environment(root) / STAMP
        return stamp.is_file() and stamp.read_text().strip() == self.digest()

    def missing(self) -> tuple[Need, ...]:
        """What this machine lacks for it. Empty: it can be built, so it must be."""
        return tuple(need for need in self.needs if not is_met(need))

    def command(self, root: Path, script: str) -> list[str]:
        """How to run one of its scripts under its environment."""
        if self.runtime is Runtime.NODE:
            return [shutil.which("node") or "node", str(self.scripts / script)]
        return [str(interpreter(self.environment(root))), "-u", str(self.scripts / script)]

    def variables(self, root: Path) -> dict[str, str]:
        """The environment variables that its scripts need besides those of the system."""
        return {"NODE_PATH": str(self.environment(root) / "node_modules")} if self.runtime is Runtime.NODE else {}


def interpreter(environment: Path) -> Path:
    """The Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clients(folder: Path = HERE) -> Mapping[str, ThirdPartyClient]:
    """Every client of `folder` by its folder's name. ValueError for a `client.toml` with an unknown need."""
    return {path.parent.name: read_client(path.parent) for path in sorted(folder.glob("*/client.toml"))}


def clients_for(venue: str, folder: Path = HERE) -> Mapping[str, ThirdPartyClient]:
    """The clients that have a driver for that venue, by the name that `--client` takes. ValueError if two claim one name."""
    found: dict[str, ThirdPartyClient] = {}
    for client in clients(folder).values():
        if venue in client.drivers:
            if other := found.get(client.conform_name):
                raise ValueError(f"{other.name} and {client.name} both are the client {client.conform_name!r} of {venue}")
            found[client.conform_name] = client
    return found


def read_client(folder: Path) -> ThirdPartyClient:
    described = tomllib.loads((folder / "client.toml").read_text(encoding="utf-8"))
    runtime = Runtime.NODE if (folder / "package.json").is_file() else Runtime.PYTHON
    needs = [Need(word) for word in described.get("needs", [])]
    if runtime is Runtime.NODE:
        needs.insert(0, Need.NODE)
    return ThirdPartyClient(
        name=folder.name,
        title=described["title"],
        version=described["version"],
        folder=folder,
        scripts=folder.parent / described.get("scripts", folder.name),
        runtime=runtime,
        needs=tuple(needs),
        conform_name=described.get("conform", {}).get("name", folder.name),
        drivers=MappingProxyType(described.get("conform", {}).get("venues", {})),
    )


def environments_root() -> Path:
    """The folder that `.venvs` lies in: the checkout that this file belongs to, else the current folder."""
    checkout = HERE.parents[1]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def is_met(need: Need) -> bool:
    """Whether this machine has it."""
    match need:
        case Need.NODE:
            return bool(shutil.which("node") and shutil.which("npm"))
        case Need.C_COMPILER:
            headers = Path(sysconfig.get_path("include")) / "Python.h"
            return headers.is_file() and any(shutil.which(name) for name in ("cc", "gcc", "clang"))
        case Need.PYTHON_3_11:
            return sys.version_info[:2] == (3, 11)
