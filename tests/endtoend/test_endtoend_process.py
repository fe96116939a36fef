"""`mockex serve` as a process under load, and its end in the middle of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from endtoend_rig import BTC_JPY, EAGER, VENUE, Recording, buy, sell, until
from mockex.clients.okcoinjp import Credentials, Disconnected, LiveBook, OkcoinClient, OkcoinError, channels, errors

START_SECONDS = 60.0
STOP_SECONDS = 20.0  # a stop takes less on the busiest machine, one that waits for clients takes more


class Served:
    """A running `mockex serve` with a live market in real time."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self.process = process
        venue = ready["venues"][VENUE]
        self.rest_url: str = venue["rest"]
        self.ws_url: str = venue["ws"]["main"]
        self.keys = {account["name"]: account for account in venue["accounts"]}

    def client(self, name: str) -> OkcoinClient:
        key = self.keys[name]
        credentials = Credentials(api_key=key["api_key"], secret=key["secret"], passphrase=key["passphrase"])
        return OkcoinClient(self.rest_url, credentials=credentials)

    async def terminate(self) -> tuple[float, int, str]:
        """How long it took to end, the exit code, and all that it printed."""
        self.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        await asyncio.wait_for(self.process.wait(), START_SECONDS)
        took = time.monotonic() - begun
        printed, _ = await self.process.communicate()
        assert self.process.returncode is not None
        return took, self.process.returncode, printed.decode()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    ready_file = tmp_path / "ready.json"
    arguments = ["serve", "--venue", VENUE, "--port-base", "0", "--no-limits", "--ready-file", str(ready_file)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mockex",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "80"},
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            while not ready_file.exists():  # another process makes it
                assert process.returncode is None
                await asyncio.sleep(0.02)
        yield Served(process, json.loads(ready_file.read_text()))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def trade_until_it_ends(client: OkcoinClient, placed: list[str]) -> OkcoinError:
    """Orders one after the other; gives the failure that ended it."""
    for number in count():
        try:
            order = buy("1000", "0.01") if number % 2 else sell("90000000", "0.01")
            placed.append((await client.trading.place_order(order)).order_id)
            await client.trading.open_orders(BTC_JPY)
        except OkcoinError as error:
            return error
    raise AssertionError("it never ends")


async def test_the_server_ends_at_once_under_load_and_without_a_traceback(served: Served) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(served.client(name)) for name in ("alice", "bob", "alice", "bob")]
        recordings = []
        for client in clients:
            stream = client.stream(served.ws_url, timing=EAGER)
            recordings.append(Recording(stream))
            await stack.enter_async_context(stream)
            await stream.subscribe(channels.orders(BTC_JPY), channels.ticker(BTC_JPY), channels.trades("ETH-JPY"))
        book = LiveBook(recordings[0].stream, BTC_JPY)
        await book.start()
        lazy = await stack.enter_async_context(
            websockets.connect(served.ws_url, compression=None, max_queue=1, close_timeout=0)
        )
        for _ in range(8):  # and never reads
            await lazy.send(json.dumps({"op": "subscribe", "args": [channels.depth(BTC_JPY)] * 100}))
        address = urlsplit(served.rest_url)
        _, half_sent = await asyncio.open_connection(address.hostname, address.port)
        half_sent.write(b"POST /api/spot/v3/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        stack.callback(half_sent.close)

        placed: list[list[str]] = [[] for _ in clients]
        trading = [asyncio.create_task(trade_until_it_ends(*each)) for each in zip(clients, placed, strict=True)]
        await until(lambda: min(map(len, placed)) >= 50)
        took, code, printed = await served.terminate()
        ends = await asyncio.gather(*trading)
        await until(lambda: all(Disconnected in recording.kinds() for recording in recordings))

    assert (code, took < STOP_SECONDS) == (0, True), took
    for word in ("Traceback", "Error", "ERROR", "Exception", "exception"):
        assert word not in printed, printed
    for account in served.keys.values():  # whole, so that they can be copied
        assert {account["api_key"], account["secret"], account["passphrase"]} <= set(printed.split())
    assert {type(end) for end in ends} <= {errors.ConnectionLostError, errors.ConnectionFailedError}
    for recording in recordings:
        ended = next(event for event in recording.events if isinstance(event, Disconnected))
        assert isinstance(ended.error, errors.ConnectionLostError)
        assert (ended.error.code, ended.error.message) == (1001, "the server stops")
    assert book.mismatches == 0
