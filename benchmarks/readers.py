"""Many WebSocket clients in a process of their own, so that what reading costs does not count as what sending costs.

They unpack nothing and answer nothing: they cut what arrives into frames and count those of each crowd. `Readers` steers them
by lines of JSON; `python -m benchmarks.readers` is the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import selectors
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455's own example; nobody looks at what it is answered with
_MASK = bytes(4)  # a mask of zeros is a mask
_PATIENCE_SECONDS = 60.0
_OTHER_FILES = 200


class Readers:
    """The other process as this one sees it. Numbers of frames count from a crowd's first connection."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, sockets: int) -> AsyncIterator[Readers]:
        """`sockets`: how many each of the two processes will have open at a time, about."""
        _allow(sockets)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.readers", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        try:
            yield cls(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # which is its sign to leave
            await process.wait()

    async def connect(self, crowd: str, url: str, *, count: int, message: object = None) -> None:
        """Opens `count` sockets, each of which says `message` as JSON; None: it says nothing. One after the other."""
        await self._ask({"connect": crowd, "url": url, "count": count, "message": message})

    async def arrival(self, crowd: str, frames: int) -> None:
        """Returns once that many frames have come to the crowd in all."""
        await self._ask({"await": crowd, "frames": frames})

    async def stop_reading(self, crowd: str) -> None:
        """From now on the crowd leaves what comes where it is."""
        await self._ask({"deaf": crowd})

    async def leave(self, crowd: str) -> None:
        """The crowd is gone, without a farewell."""
        await self._ask({"leave": crowd})

    async def _ask(self, command: dict[str, object]) -> None:
        """RuntimeError if the other process has died or has no answer in time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        try:
            answer = await asyncio.wait_for(self._process.stdout.readline(), _PATIENCE_SECONDS)
        except TimeoutError:
            raise RuntimeError(f"the readers do not come to an end with {command}") from None
        if not answer:
            raise RuntimeError("the readers are gone; they have said why")


class _Reader:
    """One client. `tail`: the beginning of a frame whose end has not come yet."""

    __slots__ = ("connected", "crowd", "tail")

    def __init__(self, crowd: _Crowd, connected: socket.socket) -> None:
        self.crowd = crowd
        self.connected = connected
        self.tail = b""


class _Crowd:
    def __init__(self) -> None:
        self.readers: list[_Reader] = []
        self.frames = 0
        self.awaited: int | None = None


class _Process:
    """Reads whatever comes, and carries out commands in between."""

    def __init__(self) -> None:
        self._crowds: dict[str, _Crowd] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        self._commands = b""

    def run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._read(key.data)
                elif not self._listen(os.read(key.fd, 65_536)):
                    return
            for crowd in self._crowds.values():
                if crowd.awaited is not None and crowd.frames >= crowd.awaited:
                    crowd.awaited = None
                    _done()

    def _listen(self, data: bytes) -> bool:
        """False at the end of all commands."""
        *lines, self._commands = (self._commands + data).split(b"\n")
        for line in lines:
            self._carry_out(json.loads(line))
        return bool(data)

    def _carry_out(self, command: dict[str, Any]) -> None:
        if "connect" in command:
            crowd = self._crowds.setdefault(command["connect"], _Crowd())
            for _ in range(command["count"]):
                self._connect(crowd, command["url"], command["message"])
            _done()
        elif "await" in command:
            self._crowds[command["await"]].awaited = command["frames"]
        elif "deaf" in command:
            for reader in self._crowds[command["deaf"]].readers:
                self._forget(reader)
            _done()
        elif "leave" in command:
            for reader in self._crowds.pop(command["leave"]).readers:
                self._forget(reader)
                reader.connected.close()
            _done()

    def _connect(self, crowd: _Crowd, url: str, message: object) -> None:
        address = urlsplit(url)
        connected = socket.create_connection((address.hostname, address.port))
        head = [
            f"GET {address.path} HTTP/1.1",
            f"Host: {address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {_KEY}",
            "Sec-WebSocket-Version: 13",
        ]
        connected.sendall("\r\n".join([*head, "", ""]).encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connected.recv(4_096)
        assert received.startswith(b"HTTP/1.1 101 "), received
        reader = _Reader(crowd, connected)
        self._take(reader, received.partition(b"\r\n\r\n")[2])
        if message is not None:
            text = json.dumps(message).encode()
            assert len(text) < 126, "a longer one needs a longer header"
            connected.sendall(bytes((0x81, 0x80 | len(text))) + _MASK + text)
        crowd.readers.append(reader)
        self._selector.register(connected, selectors.EVENT_READ, reader)

    def _read(self, reader: _Reader) -> None:
        if reader.connected.fileno() < 0:
            return  # it has just left
        try:
            data = reader.connected.recv(262_144)
        except ConnectionResetError:
            data = b""
        if data:
            self._take(reader, data)
        else:
            self._forget(reader)  # the server has hung up

    def _forget(self, reader: _Reader) -> None:
        """Nobody looks any more whether something has come. Twice does no harm."""
        if reader.connected.fileno() in self._selector.get_map():
            self._selector.unregister(reader.connected)

    def _take(self, reader: _Reader, data: bytes) -> None:
        """Counts the frames that are whole. RFC 6455 section 5.2; a server masks nothing."""
        if reader.tail:
            data = reader.tail + data
        begin, size, frames = 0, len(data), 0
        while begin + 2 <= size:
            length, header = data[begin + 1], 2
            if length == 126:
                length, header = int.from_bytes(data[begin + 2 : begin + 4], "big"), 4
            elif length == 127:
                length, header = int.from_bytes(data[begin + 2 : begin + 10], "big"), 10
            if begin + header > size or begin + header + length > size:
                break
            begin += header + length
            frames += 1
        reader.tail = data[begin:]
        reader.crowd.frames += frames


def _allow(sockets: int) -> None:
    """Lets this process and its children have that many files open, as far as they may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _done() -> None:
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _Process().run()
