"""Drivers in processes of their own that are forked from one which has imported the clients, so that a start costs no imports.

Each driver still has a process to itself, in which it may change whatever module it likes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
import sys
from collections.abc import Iterable
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from typing import Any, cast

from mockex.conformance import speak
from mockex.conformance.driver import MAX_LINE_BYTES, DriverProcess, DriverSpec

SERVER = multiprocessing.get_context("forkserver")


def prepare(modules: Iterable[str]) -> None:
    """What the process to fork from imports; to be said before the first driver is started."""
    SERVER.set_forkserver_preload([speak.__name__, *modules])


class ForkedProcess:
    """As much of `asyncio.subprocess.Process` as a `DriverProcess` asks of it."""

    def __init__(
        self,
        process: ForkServerProcess,
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self._process = process
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int | None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        return self.returncode


async def start(spec: DriverSpec) -> DriverProcess:
    """The driver in the file that is the command's last word, behind its host. It ends with the process that asks for it."""
    (its_input, stdin), (stdout, its_output), (stderr, its_errors) = os.pipe(), os.pipe(), os.pipe()
    its_own = (its_input, its_output, its_errors)
    process = SERVER.Process(target=_host, args=(spec.command[-1], [DupFd(fd) for fd in its_own]))
    process.start()
    for fd in its_own:
        os.close(fd)
    streams = await _writer(stdin), await _reader(stdout), await _reader(stderr)
    return DriverProcess(cast(asyncio.subprocess.Process, ForkedProcess(process, *streams)), secrets.token_hex(16))


def _host(driver: str, streams: list[Any]) -> None:
    os.setsid()  # it is ended with its group
    for standard, stream in enumerate(streams):
        os.dup2(stream.detach(), standard)
    sys.exit(speak.main([driver]))


async def _writer(fd: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(fd, "wb", 0))
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _reader(fd: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb", 0))
    return reader
