"""A customer with one connection to REST and one to a WebSocket, and an eye on which of the two became readable first."""

from __future__ import annotations

import json
import os
import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

PATIENCE_SECONDS = 60
REST, STREAM = "REST", "stream"

needs_epoll = pytest.mark.skipif(
    not hasattr(select, "epoll"), reason="only epoll tells in which order sockets became readable: epoll(7), Linux"
)


def run_on(processors: set[int]) -> None:
    """Where the threads of this process run from now on, the server's among them."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has just ended
            os.sched_setaffinity(int(thread.name), processors)


class Duplex:
    """The two connections. A venue's own spelling of requests is its subclass's.

    While it is open, everything runs on one processor: loopback delivers in order what one processor sends, but each has a
    queue of its own, and of a server that is moved to another between two writes, the second may overtake the first.
    """

    def __init__(self, rest_url: str, ws_url: str) -> None:
        self.host = urlsplit(rest_url).netloc
        self._protocol = ClientProtocol(parse_uri(ws_url))
        self.rest, self.stream = self._connected(), self._connected()
        self._protocol.send_request(self._protocol.connect())
        self._frames = self._received()
        next(self._frames)  # the handshake
        self._eye = select.epoll()
        self._processors = os.sched_getaffinity(0)
        run_on({min(self._processors)})

    def close(self) -> None:
        run_on(self._processors)
        self._eye.close()
        self.rest.close()
        self.stream.close()

    def _connected(self) -> socket.socket:
        host, _, port = self.host.partition(":")
        made = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _received(self) -> Iterator[Any]:
        """What comes on the stream, one after the other."""
        while True:
            self.stream.sendall(b"".join(self._protocol.data_to_send()))
            self._protocol.receive_data(self.stream.recv(65_536))
            yield from self._protocol.events_received()

    def pushed(self) -> Any:
        frame = next(self._frames)
        assert isinstance(frame, Frame), frame
        return json.loads(frame.data)

    def say(self, request: object) -> Any:
        """Sends a request on the stream. Gives its answer."""
        self._protocol.send_text(json.dumps(request).encode())
        return self.pushed()

    def watch(self) -> None:
        """From now on it is noticed what comes on either."""
        for each in (self.rest, self.stream):
            self._eye.register(each, select.EPOLLIN | select.EPOLLET)

    def post(self, target: str, content: bytes, *lines: str, in_packets: int = 1) -> None:
        """Sends a request over REST, and waits for nothing. `lines`: further ones of its head."""
        fixed = (f"POST {target} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(content)}")
        head = "\r\n".join((*fixed, *lines, "", "")).encode()
        for packet in (head + content,) if in_packets == 1 else (head, content):
            self.rest.sendall(packet)

    def answer(self) -> Any:
        return json.loads(self.rest.recv(65_536).partition(b"\r\n\r\n")[2])

    def readable(self) -> list[str]:
        """Both, in the order in which something came on them."""
        found: list[str] = []
        while len(found) < 2:
            ready = self._eye.poll(PATIENCE_SECONDS)
            assert ready, f"nothing came after {found}"
            found += [REST if descriptor == self.rest.fileno() else STREAM for descriptor, _ in ready]
        return found
