"""A driver: the process that puts a client into the runner's hands.

Owns the process from its start to its certain end, and the conversation with it. Whatever it does wrong (crash, silence,
garbage) is a `DriverError`; what its client raises is an ordinary reply.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mockex.conformance import protocol
from mockex.conformance.protocol import Json, ProtocolError

MAX_LINE_BYTES = 16 * 1024 * 1024
UNASKED_LINES = 4
STDERR_LINES = 20
STDERR_WIDTH = 500  # bytes
LOADING_SECONDS = 45.0
"""On top of what an operation may take, for the first of a process: before it can answer, its client is loaded."""

EXIT_SECONDS = 3.0
EXIT_POLL_SECONDS = 0.1

MARK = "MOCKEX_CONFORM_DRIVER"
"""A variable in the environment of a driver and of whatever it starts, by which they are found at its end."""

SWEEPS = 5
"""How often is looked for such processes: while one is being ended it may start another."""


class DriverError(Exception):
    """The driver crashed, fell silent or spoke garbage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSpec:
    """How to start a driver. `label`: what reports call it; `title`: of the client, before it has said so itself.

    `command` is not given to a shell. `environment` is laid over the runner's own.
    """

    label: str
    command: Sequence[str]
    title: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


class DriverProcess:
    """One running driver. After a `DriverError` it is good for nothing but `kill`.

    What it writes is read as it comes, so that it never waits for a reader: lines of stdout up to `UNASKED_LINES` ahead, of
    stderr the end.
    """

    def __init__(self, process: asyncio.subprocess.Process, mark: str) -> None:
        self.sessions = 0
        """How many sessions it has begun."""
        self._process = process
        self._mark = mark
        self._requests = 0
        self._lines: asyncio.Queue[bytes] = asyncio.Queue(UNASKED_LINES)
        self._stderr = bytearray()
        self._stdout_reader = asyncio.create_task(self._read_stdout())
        self._stderr_reader = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, spec: DriverSpec) -> DriverProcess:
        """DriverError if the command cannot be run."""
        mark = secrets.token_hex(16)
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **spec.environment, MARK: mark},
                cwd=spec.folder,
                limit=MAX_LINE_BYTES,
                start_new_session=True,  # so that what it starts itself ends with it
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL in the command
            raise DriverError(f"cannot run {spec.command[0]!r}: {getattr(error, 'strerror', None) or error}") from None
        return cls(process, mark)

    async def call(self, operation: str, params: Mapping[str, Json], *, seconds: float) -> Json:
        """The reply, checked: a mapping with `result`, `error` or `unsupported`. DriverError for everything else."""
        assert self._process.stdin is not None
        self._requests += 1
        line = protocol.encode_request(self._requests, operation, params)
        if self._requests == 1:
            seconds += LOADING_SECONDS
        self.nothing_unasked()
        try:
            async with asyncio.timeout(seconds):
                self._process.stdin.write(line)
                with suppress(BrokenPipeError, ConnectionResetError):  # it may have ended; its last line tells more
                    await self._process.stdin.drain()
                return await self._reply(operation)
        except TimeoutError:
            ended = "" if self._process.returncode is None else f"; it has ended with exit status {self._process.returncode}"
            raise DriverError(f"no reply to {operation} within {seconds:g} s{ended}") from None

    def nothing_unasked(self) -> None:
        """DriverError if it has said something that nobody asked for."""
        if not self._lines.empty():
            line = self._lines.get_nowait()
            if line.endswith(b"\n"):
                raise DriverError(f"it said something unasked: {line[:200].decode('utf-8', 'replace')!r}")
            self._lines.put_nowait(line)

    async def _reply(self, operation: str) -> Json:
        line = await self._next_line()
        if len(line) > MAX_LINE_BYTES:
            raise DriverError(f"a reply to {operation} of more than {MAX_LINE_BYTES} bytes")
        if not line.endswith(b"\n"):
            raise DriverError(await self._farewell(operation))
        try:
            return protocol.decode_reply(line, self._requests, operation)
        except ProtocolError as error:
            raise DriverError(str(error)) from None

    async def _next_line(self) -> bytes:
        """Empty once it has ended and has said no more."""
        line = asyncio.create_task(self._lines.get())
        try:
            while not line.done():
                was_there = self._process.returncode is None  # asked first: what it said at last may still be on its way
                await asyncio.wait({line}, timeout=EXIT_POLL_SECONDS)
                if not was_there and not line.done():
                    return b""
            return line.result()
        finally:
            line.cancel()

    async def _farewell(self, operation: str) -> str:
        """How it ended."""
        if not await self._ends():
            return f"it closed its output before it answered {operation}"
        return f"it ended with exit status {self._process.returncode} before it answered {operation}"

    async def _ends(self) -> bool:
        """Whether it ends within `EXIT_SECONDS`. Its own `wait` would wait for whoever else holds its pipes, too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(EXIT_SECONDS):
                while self._process.returncode is None:  # noqa: ASYNC110  # asyncio has no event for it
                    await asyncio.sleep(EXIT_POLL_SECONDS / 10)
        return self._process.returncode is not None

    def stderr(self) -> str:
        """The last lines that it wrote there."""
        lines = self._stderr.decode("utf-8", "replace").splitlines()[-STDERR_LINES:]
        return "\n".join(line.rstrip()[:STDERR_WIDTH] for line in lines)

    async def close(self) -> None:
        """Lets it end by itself, then makes sure that it and all that it started are gone. Twice does no harm."""
        if self._process.returncode is None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._ends()
        await self.kill()

    async def kill(self) -> None:
        """Ends it and all that it started, at once. Twice does no harm."""
        if not self._mark:
            return
        mark, self._mark = self._mark, ""
        with suppress(ProcessLookupError, PermissionError):  # nothing is left of the group
            os.killpg(self._process.pid, signal.SIGKILL)
        kill_marked(mark)
        self._stdout_reader.cancel()
        await asyncio.wait({self._stdout_reader})
        rest = asyncio.gather(self._process.wait(), self._stderr_reader, self._drain_stdout())
        with suppress(TimeoutError):  # a pipe that some process holds all the same must not hold up the run
            await asyncio.wait_for(rest, EXIT_SECONDS)

    async def _read_stdout(self) -> None:
        """Lines, each with its newline; a last one without it stands for the end, one of too many bytes for a flood."""
        assert self._process.stdout is not None
        try:
            while (line := await self._process.stdout.readline()).endswith(b"\n"):
                await self._lines.put(line)
        except ValueError:
            line = b"\n" * (MAX_LINE_BYTES + 1)
        await self._lines.put(line)

    async def _drain_stdout(self) -> None:
        assert self._process.stdout is not None
        while await self._process.stdout.read(1 << 16):
            pass

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(1 << 16):
            self._stderr += chunk
            del self._stderr[: -STDERR_LINES * STDERR_WIDTH]


def kill_marked(mark: str) -> None:
    """Ends what a driver started and what has left its process group since, where the system lets one find it: on Linux."""
    for _ in range(SWEEPS):
        found = [path for path in Path("/proc").glob("[0-9]*/environ") if _has(path, mark.encode())]
        for path in found:
            with suppress(OSError):
                os.kill(int(path.parent.name), signal.SIGKILL)
        if not found:
            return


def _has(environment: Path, mark: bytes) -> bool:
    try:
        return mark in environment.read_bytes()
    except OSError:  # somebody else's, or gone
        return False
