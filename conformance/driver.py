"""A driver: the process that puts a client into the runner's hands.

Owns the process from its start to its certain end, and the conversation with it. Whatever it does wrong (crash, silence,
garbage) is a `DriverError`; what its client raises is an ordinary reply.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mockex.conformance import protocol
from mockex.conformance.protocol import Json, ProtocolError

MAX_LINE_BYTES = 16 * 1024 * 1024
STDERR_LINES = 20
EXIT_SECONDS = 1.0


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
    """One running driver. After a `DriverError` it is good for nothing but `kill`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._requests = 0
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._stderr_reader = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, spec: DriverSpec) -> DriverProcess:
        """DriverError if the command cannot be run."""
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **spec.environment},
                cwd=spec.folder,
                limit=MAX_LINE_BYTES,
                start_new_session=True,  # so that what it starts itself ends with it
            )
        except OSError as error:
            raise DriverError(f"cannot run {spec.command[0]!r}: {error.strerror or error}") from None
        return cls(process)

    async def call(self, operation: str, params: Mapping[str, Json], *, seconds: float) -> Json:
        """The reply, checked: a mapping with `result`, `error` or `unsupported`. DriverError for everything else."""
        assert self._process.stdin is not None
        self._requests += 1
        line = protocol.encode_request(self._requests, operation, params)
        try:
            async with asyncio.timeout(seconds):
                self._process.stdin.write(line)
                await self._process.stdin.drain()
                return await self._reply(operation)
        except TimeoutError:
            raise DriverError(f"no reply to {operation} within {seconds:g} s") from None
        except (BrokenPipeError, ConnectionResetError):
            raise DriverError(await self._farewell(operation)) from None

    async def _reply(self, operation: str) -> Json:
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
        except ValueError:
            raise DriverError(f"a reply to {operation} of more than {MAX_LINE_BYTES} bytes") from None
        if not line.endswith(b"\n"):
            raise DriverError(await self._farewell(operation))
        try:
            return protocol.decode_reply(line, self._requests, operation)
        except ProtocolError as error:
            raise DriverError(str(error)) from None

    async def _farewell(self, operation: str) -> str:
        """How it ended."""
        try:
            status = await asyncio.wait_for(self._process.wait(), EXIT_SECONDS)
        except TimeoutError:
            return f"the driver closed its output before it answered {operation}"
        return f"the driver ended with exit status {status} before it answered {operation}"

    def stderr(self) -> str:
        """The last lines that it wrote there."""
        return "\n".join(self._stderr)

    async def close(self) -> None:
        """Lets it end by itself, then makes sure that it and all that it started are gone. Twice does no harm."""
        if self._process.returncode is None and self._process.stdin is not None:
            self._process.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), EXIT_SECONDS)
        await self.kill()

    async def kill(self) -> None:
        """Ends it and all that it started, at once. Twice does no harm."""
        with suppress(ProcessLookupError, PermissionError):  # the group is empty, or its number belongs to others by now
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        with suppress(TimeoutError):  # a child that left the group may hold the pipe open
            await asyncio.wait_for(asyncio.shield(self._stderr_reader), EXIT_SECONDS)
        self._stderr_reader.cancel()

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        with suppress(ValueError):  # a line beyond all measure
            async for line in self._process.stderr:
                self._stderr.append(line.decode("utf-8", "replace").rstrip()[:500])
