"""Servers for programs and tests: on the caller's event loop, or on one of their own in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar

from mockex.embedded.options import WorldOptions
from mockex.embedded.world import RunningWorld
from mockex.operator.accounts import BalanceInput
from mockex.server.process import fastest_loop
from mockex.server.runner import Server, ServerSettings
from mockex.server.wallclock import ClockMode, real_now_ns

T = TypeVar("T")

_NOTHING: Mapping[str, Any] = {}


class World:
    """`async with World(venues=["okcoinjp"]) as world`: listeners on free loopback ports until the block ends.

    Everything runs on the caller's event loop; the methods of the world are plain functions and take effect at once. Pushes
    leave when the loop gets its turn.
    """

    def __init__(
        self,
        *,
        venues: Sequence[str] | None = None,
        seed: int = 1,
        market: str = "quiet",
        clock: ClockMode = "frozen",
        start: datetime | None = None,
        profiles: Mapping[str, str] = _NOTHING,
        switches: Mapping[str, Mapping[str, object]] = _NOTHING,
        limits: bool = False,
        balances: Mapping[str, BalanceInput] = _NOTHING,
        tls: bool = False,
        gateway: bool = False,
        gateway_quirks: bool = False,
        gateway_margin_mode: str = "crossed",
    ) -> None:
        """See `WorldOptions` for what the arguments mean."""
        self._options = WorldOptions(
            venues=venues,
            seed=seed,
            market=market,
            clock=clock,
            start=start,
            profiles=profiles,
            switches=switches,
            limits=limits,
            balances=balances,
            tls=tls,
            gateway=gateway,
            gateway_quirks=gateway_quirks,
            gateway_margin_mode=gateway_margin_mode,
        )
        self._server: Server | None = None

    async def __aenter__(self) -> RunningWorld:
        """ValueError for a world that cannot be."""
        assert self._server is None, "a World is entered once"
        server = Server(self._options.server_settings(real_now_ns()))
        await server.start()
        self._server = server
        return RunningWorld(server, lambda action: in_time(server, action))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        await self._server.stop()


def in_time(server: Server, action: Callable[[], T]) -> T:
    """Touches the world at the present, and lets what becomes due happen. On the thread of the server's loop."""
    server.clock.step()
    try:
        return action()
    finally:
        server.clock.settle()


class BackgroundServer:
    """A server in a thread of its own, for callers of any kind: a test with an event loop, or without.

    A call is handed over to the thread and waited for. `fresh` puts a new world behind the same listeners; handles of older
    worlds then reach the new one.
    """

    def __init__(self, options: WorldOptions) -> None:
        """Starts it. ValueError for a world that cannot be."""
        settings = options.server_settings(real_now_ns())
        # The faster loop also because its timers do not look at `time`, which a test may have frozen in all threads.
        self._loop = (fastest_loop() or asyncio.new_event_loop)()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mockex", daemon=True)
        self._thread.start()
        try:
            self.server = self._await(_start(settings))
        except BaseException:
            self._end_thread()
            raise

    def fresh(self, options: WorldOptions) -> RunningWorld:
        """A new world of the same venues; whoever was connected to the old one is sent away. ValueError as above, and for one
        that is to be reached otherwise, with or without TLS or a gateway.
        """
        if options.tls != (self.server.settings.tls is not None):
            raise ValueError("whether a server listens with TLS is decided when it starts; another choice needs another server")
        if options.gateway_settings() != self.server.settings.gateway:
            raise ValueError("whether a server has a gateway is decided when it starts; another choice needs another server")
        settings = options.settings(real_now_ns())
        self._hand_over(lambda: self.server.replace_world(settings, clock=options.clock))
        return RunningWorld(self.server, self.run)

    def run(self, action: Callable[[], T]) -> T:
        """Calls `action` on the server's thread, at the world's present, and gives what it gives or raises."""
        return self._hand_over(lambda: in_time(self.server, action))

    def stop(self) -> None:
        """Closes everything. Twice does no harm."""
        if self._thread.is_alive():
            self._await(self.server.stop())
            self._end_thread()

    def _hand_over(self, action: Callable[[], T]) -> T:
        if threading.current_thread() is self._thread:
            return action()
        future: Future[T] = Future()

        def call() -> None:
            try:
                future.set_result(action())
            except BaseException as error:
                future.set_exception(error)

        self._loop.call_soon_threadsafe(call)
        return future.result()

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _start(settings: ServerSettings) -> Server:
    server = Server(settings)
    await server.start()
    return server
