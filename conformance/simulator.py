"""A simulator in a process of its own, started and set up as a user would: by its command line and its control API.

Owns the process and the calls. Imports nothing of the simulator. One simulator serves one case at a time; `reset` gives it a
fresh world.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
from mockex.conformance.model import WorldWish
from mockex.conformance.trace import Fields

START_SECONDS = 60.0
CALL_SECONDS = 15.0
LOG_SHOWN = 2_000  # characters
GATEWAY = "/gateway"
"""Where the control API has what stands before venues."""
STOP_SECONDS = 5.0


class SimulatorError(Exception):
    """The simulator does not do what it should. Never the client's fault."""


class OperatorRefused(SimulatorError):  # noqa: N818  # an answer
    """The control API does not take a call: it makes no sense, or not in the world as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key of the fresh world."""

    name: str
    api_key: str
    secret: str
    passphrase: str | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody who reads a trace may see."""
        return (self.secret, self.passphrase) if self.passphrase else (self.secret,)

    def credentials(self) -> dict[str, str | None]:
        """As the driver protocol has them."""
        return {"name": self.name, "api_key": self.api_key, "secret": self.secret, "passphrase": self.passphrase}


def secrets_of(keys: Iterable[Key], words: Mapping[str, str]) -> tuple[str, ...]:
    """What nobody who reads a trace may see: secrets, and signatures that are as good as these. `words`: the venue's, of which
    `signed_login` is a text that all logins sign, and nothing else, so that the signature never changes.
    """
    found: list[str] = []
    for key in keys:
        found += key.secrets
        if (text := words.get("signed_login")) is not None:
            found.append(hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).hexdigest())
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshWorld:
    """What a client has to know of a world: addresses and keys. `keys_at`: those of every venue, by its name."""

    rest: str
    ws: Mapping[str, str]
    keys: Mapping[str, Key]
    now_ns: int
    keys_at: Mapping[str, Mapping[str, Key]]

    @property
    def all_keys(self) -> list[Key]:
        """Of all venues."""
        return [key for keys in self.keys_at.values() for key in keys.values()]


class Simulator:
    """A running process that serves one venue, or what stands before several. `async with Simulator(venue) as simulator`."""

    def __init__(
        self,
        venue: str,
        *,
        behind: Sequence[str] = (),
        profile: str | None = None,
        clock: str = "frozen",
        market: str = "quiet",
        limits: bool = False,
    ) -> None:
        """`behind`: the venues that `venue` stands before, as their gateway; the operator's calls are about the first one
        unless they name another.
        """
        self.venue = venue
        self.desk = behind[0] if behind else venue
        """The venue that the operator's calls are about."""
        self.served = tuple(behind) or (venue,)
        """All that have a market."""
        self._recorded = GATEWAY if behind else f"/venues/{venue}"
        self._frozen = clock == "frozen"
        self._options = ["--clock", clock, "--market", market, *([] if limits else ["--no-limits"])]
        if profile is not None:
            self._options += ["--profile", f"{venue}={profile}"]
        self._folder: Path | None = None
        self._log_begins = 0
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self.ready: Mapping[str, Any] = {}

    async def __aenter__(self) -> Self:
        """SimulatorError if it does not start."""
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def restart(self) -> None:
        """Another process instead of one that has ended or fallen silent. SimulatorError if it does not start."""
        await self._stop()
        await self._start()

    async def _start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mockex-conform-"))
        self._log_begins = 0
        ready, log = self._folder / "ready.json", self._folder / "simulator.log"
        command = [sys.executable, "-m", "mockex", "serve", "--port-base", "0"]
        command += [word for name in self.served for word in ("--venue", name)]
        with log.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                *self._options,
                "--ready-file",
                str(ready),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the runner, which ends its simulators in an orderly way
            )
        ended = asyncio.ensure_future(self._process.wait())
        try:
            async with asyncio.timeout(START_SECONDS):
                while not ready.exists():
                    await asyncio.wait({ended}, timeout=0.02)
                    if ended.done():
                        raise SimulatorError(f"the simulator did not start:\n{self.log()}")
        except TimeoutError:
            raise SimulatorError(f"the simulator did not start within {START_SECONDS:.0f} s") from None
        finally:
            ended.cancel()
        self.ready = json.loads(ready.read_text(encoding="utf-8"))
        self._session = aiohttp.ClientSession(self.ready["control"])
        self._log_begins = len(self.log())  # before that it says where it is, and its keys

    async def _stop(self) -> None:
        if self._session is not None:
            await self._session.close()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it wrote since it was ready."""
        path = None if self._folder is None else self._folder / "simulator.log"
        written = path.read_text(encoding="utf-8", errors="replace") if path is not None and path.exists() else ""
        return written[self._log_begins :]

    # --- control

    async def call(
        self, method: str, path: str, fields: Mapping[str, object] | None = None, *, held_seconds: float = 0.0
    ) -> Any:
        """A call of the control API below `/_mockex/v1`. OperatorRefused if it refuses, SimulatorError if it does not answer.

        `held_seconds`: for so long the answer may be held back.
        """
        assert self._session is not None
        body = None if fields is None else json.dumps(fields).encode()
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS + held_seconds)
        try:
            async with self._session.request(method, f"/_mockex/v1{path}", data=body, timeout=timeout) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SimulatorError(f"{method} {path}: {self._silence(error)}\n{self.log()[-LOG_SHOWN:]}".rstrip()) from None
        if 400 <= response.status < 500:
            raise OperatorRefused(f"{method} {path}: {response.status} {text.strip()}")
        if response.status >= 300:
            raise SimulatorError(f"{method} {path}: {response.status} {text.strip()}")
        return json.loads(text)

    def _silence(self, error: Exception) -> str:
        """Why there is no answer."""
        status = None if self._process is None else self._process.returncode
        return (
            f"no answer, {str(error) or type(error).__name__}" if status is None else f"it has ended with exit status {status}"
        )

    async def about_venue(
        self, method: str, path: str, fields: Mapping[str, object] | None = None, *, venue: str | None = None
    ) -> Any:
        """A control call about a venue that has a market; None: the one that is operated."""
        return await self.call(method, f"/venues/{venue or self.desk}{path}", fields)

    async def reset(self, wish: WorldWish, *, seed: int) -> FreshWorld:
        """A fresh world, recorded from its beginning. Its time is the machine's, for clients that sign with that."""
        fields: dict[str, object] = {"seed": seed, "limits": wish.limits, "recording": True}
        if self._frozen:
            fields["start_ns"] = str(time.time_ns())
        if wish.balances:
            fields["balances"] = dict(wish.balances)
        if wish.switches:
            fields["switches"] = {self.venue: dict(wish.switches)}
        if wish.profile is not None:
            fields["profiles"] = {self.venue: wish.profile}
        state = await self.call("POST", "/reset", fields)
        at = state["urls"].get(self.venue) or {"rest": "", "ws": {"main": state["gateway"]["url"]}}
        keys_at = {name: {row["name"]: _key(row) for row in state["accounts"][name]} for name in self.served}
        return FreshWorld(
            rest=at["rest"],
            ws=at["ws"],
            keys=keys_at[self.desk],
            now_ns=int(state["now_ns"]),
            keys_at=keys_at,
        )

    async def instruments(self, venue: str | None = None) -> Sequence[Fields]:
        """What a venue lists, as the driver protocol has it; None: the one that is operated. Only contracts have a kind."""
        rows = (await self.about_venue("GET", "/instruments", venue=venue))["instruments"]
        try:
            contracts = {row["symbol"] for row in (await self.about_venue("GET", "/contracts", venue=venue))["contracts"]}
        except OperatorRefused:  # a venue without any
            contracts = set()
        names = ("symbol", "base", "quote", "tick_size", "lot_size", "min_qty")
        return [
            {name: row[name] for name in names} | ({"kind": "perpetual"} if row["symbol"] in contracts else {}) for row in rows
        ]

    async def recording(self, after: int, wait_ms: int) -> Sequence[Fields]:
        """Entries after that one; waits for one if asked to."""
        path = f"{self._recorded}/recording?after={after}&wait_ms={wait_ms}"
        answer = await self.call("GET", path, held_seconds=wait_ms / 1_000)
        entries: list[Fields] = answer["entries"]
        return entries


def _key(row: Mapping[str, Any]) -> Key:
    return Key(name=row["name"], api_key=row["api_key"], secret=row["secret"], passphrase=row.get("passphrase"))
