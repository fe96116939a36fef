"""Connects anew for each platform."""

from __future__ import annotations

from mockex.clients.gateway.client import GatewayClient
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/auth/110",
    }
)


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self.others: list[GatewayClient] = []

    async def _connected(self) -> GatewayClient:
        if self._line is None:
            return await super()._connected()
        client = GatewayClient(self.url, stopwatch=self.time.stopwatch(), now=self._clock.now_ns)
        client.listen(self.keep)
        self.others.append(client)
        await client.start()
        return client

    async def stream_close(self) -> Fields:
        others, self.others = self.others, []
        for each in others:
            await each.close()
        return await super().stream_close()
