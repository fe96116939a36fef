"""How a reply leaves that a fault plan has touched: at once, later, after its pushes, or not at all.

Owns the way from a `Reply` to the client's socket. Knows no rule. A reply that was held back leaves in the very moment in which
it is settled, so that the pushes that its request has just caused still come after it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from mockex.server.http import CompleteResponse
from mockex.wire.chaos.requests import Cut, Reply

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, on, 0 seconds: what is unsent is dropped, and the peer gets a reset

Complete = Callable[[Reply], CompleteResponse]
"""Makes the bytes of a settled reply, at the world's present."""


class NoResponse(web.StreamResponse):
    """The connection was cut instead. aiohttp takes it for a client that has left."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        raise ConnectionResetError("the reply was cut off on purpose")


async def deliver(request: web.BaseRequest, reply: Reply, complete: Complete) -> web.StreamResponse:
    """What aiohttp is to send, once the reply is settled and its time has come."""
    if reply.is_settled:
        return _outcome(request, reply, complete)
    waiting: asyncio.Future[web.StreamResponse] = asyncio.get_running_loop().create_future()

    def settled(reply: Reply) -> None:
        if waiting.done():  # the server stops, and has not waited for it
            return
        outcome = _outcome(request, reply, complete)
        if isinstance(outcome, CompleteResponse):
            outcome.write_now(request)
        waiting.set_result(outcome)

    reply.when_settled(settled)
    return await waiting


def _outcome(request: web.BaseRequest, reply: Reply, complete: Complete) -> web.StreamResponse:
    if reply.cut is None:
        return complete(reply)
    if reply.response is not None:
        complete(reply).lose()
    transport = request.transport
    if transport is not None:
        _cut(transport, reply.cut)
    return NoResponse()


def _cut(transport: asyncio.Transport, how: Cut) -> None:
    if how is Cut.RESET:
        connected = transport.get_extra_info("socket")
        if connected is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    else:
        transport.close()
