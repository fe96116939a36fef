"""The gateway without a world of venues: one listener, in real time."""

from __future__ import annotations

import asyncio
from types import TracebackType

from aiohttp import WSCloseCode

from mockex.core.clock import VirtualClock
from mockex.gateway.service import PATH, Backing, GatewaySettings
from mockex.server.gateway import NAME, GatewayApp
from mockex.server.listeners import Listener, bind_all
from mockex.server.wallclock import WorldTime, real_now_ns
from mockex.server.websocket import Outbox, say_goodbye
from mockex.wire.connections import CloseOrder

_STOPPING = CloseOrder(WSCloseCode.GOING_AWAY, "the gateway stops")


class GatewayServer:
    """Listens while its `async with` block lasts."""

    def __init__(self, backing: Backing, *, settings: GatewaySettings, host: str = "127.0.0.1", port: int = 0) -> None:
        """`port` 0: any free one."""
        self._backing = backing
        self._settings = settings
        self._host = host
        self._port = port
        self._time = WorldTime()
        self._listener: Listener | None = None
        self._app: GatewayApp | None = None
        self._outbox: Outbox | None = None

    @property
    def url(self) -> str:
        """Where to connect to. RuntimeError unless it is running."""
        if self._listener is None:
            raise RuntimeError("the gateway is not running")
        return f"ws://{self._listener.authority}{PATH}"

    async def __aenter__(self) -> GatewayServer:
        """`PortBusy` or another `CannotListen`."""
        loop = asyncio.get_running_loop()
        listening = bind_all(self._host, {NAME: self._port})[NAME]
        now_ns = real_now_ns()
        clock = VirtualClock(now_ns)
        self._time.drive(clock, mode="real", since_ns=now_ns)
        self._outbox = Outbox(loop)
        self._app = GatewayApp(time=self._time, outbox=self._outbox, settings=self._settings)
        self._app.renew(clock, self._backing)
        self._listener = await Listener.open(listening, self._app, now_ns=self._time.now_ns)
        self._time.start(loop)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._listener is not None
        assert self._app is not None
        assert self._outbox is not None
        await self._app.close()
        self._time.stop()
        self._listener.stop_accepting()
        await say_goodbye(self._outbox, _STOPPING)
        await self._listener.close()
