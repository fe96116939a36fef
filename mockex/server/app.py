"""One venue's listener: each request goes to its simulation, as an HTTP call or as a new WebSocket.

Owns what happens when venue code fails: one report in the log, the venue's own internal error for the client. Knows no venue by
name. `simulation` is replaced when a new world takes over; requests that are still being read then reach the new one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import web

from mockex.server.express import ExpressLane
from mockex.server.http import (
    BAD_REQUEST,
    SERVER_NAME,
    BodyBroken,
    BodyTooLarge,
    CompleteResponse,
    complete_response,
    http_date,
    read_body,
    split_target,
    wire_request,
)
from mockex.server.wallclock import WorldTime
from mockex.server.websocket import Conversation, Outbox, Socket
from mockex.simulation import Simulation
from mockex.wire.connections import Connection
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.venue import SocketRefused

logger = logging.getLogger("mockex.server")

_NS_PER_SECOND = 1_000_000_000
_SPEECHLESS = WireResponse(500, b"500 Internal Server Error\n", content_type="text/plain")


class VenueApp:
    """A handler for `aiohttp.web.Server`."""

    def __init__(self, simulation: Simulation, *, time: WorldTime, outbox: Outbox) -> None:
        self.simulation = simulation
        self._time = time
        self._outbox = outbox

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._upgrade(request)
        try:
            body = await read_body(request, self.simulation.venue.max_body_bytes)
        except BodyTooLarge:
            response = self._refuse(wire_request(request, b""), FaultKind.BODY_TOO_LARGE)
            return self._reply(request, response, then_close=True)
        except BodyBroken:
            return self._reply(request, BAD_REQUEST, then_close=True)
        return self._reply(request, self.answer(wire_request(request, body)))

    def express_lane(self, otherwise: Callable[[], asyncio.Protocol]) -> ExpressLane:
        """The short way for plain requests to this venue."""
        return ExpressLane(
            answer=self.answer,
            closed=lambda: self.simulation.desk.watched,
            now_ns=lambda: self.simulation.clock.now_ns(),
            max_body_bytes=self.simulation.venue.max_body_bytes,
            otherwise=otherwise,
        )

    def answer(self, request: WireRequest) -> WireResponse:
        """The venue's answer, at the world's present. Raises nothing: a venue that fails says so in its own words."""
        self._time.step()
        try:
            return self.simulation.handle(request)
        except Exception:
            logger.exception("%s failed on %s %s", self.simulation.venue.name, request.method, request.path)
            return self._refuse(request, FaultKind.INTERNAL)
        finally:
            self._time.settle()

    def _refuse(self, request: WireRequest, kind: FaultKind) -> WireResponse:
        try:
            return self.simulation.refuse(request, ApiFault(kind))
        except Exception:
            logger.exception("%s has no words for %s", self.simulation.venue.name, kind.name)
            return _SPEECHLESS

    def _reply(self, request: web.BaseRequest, response: WireResponse, *, then_close: bool = False) -> CompleteResponse:
        return complete_response(request, response, self.simulation.clock.now_ns(), then_close=then_close)

    # --- WebSocket

    async def _upgrade(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _ = split_target(request.raw_path)
        simulation = self.simulation
        found = simulation.socket_for(path)
        if found is None:
            response = self.answer(wire_request(request, b""))  # the venue says what it says about unknown paths
            return self._reply(request, response, then_close=True)
        socket_name, spec = found
        socket = Socket(spec)
        transport = request.transport
        if transport is None or not socket.can_prepare(request):
            return self._reply(request, BAD_REQUEST, then_close=True)
        connection = self._open_connection(request, socket_name)
        if isinstance(connection, WireResponse):
            return self._reply(request, connection, then_close=True)
        try:
            socket.headers["Server"] = SERVER_NAME
            socket.headers["Date"] = http_date(simulation.clock.now_ns() // _NS_PER_SECOND)
            await socket.prepare(request)
            self._outbox.attach(connection, transport)
            await Conversation(socket, connection, transport=transport, simulation=simulation, time=self._time).run()
        except ConnectionError:
            pass  # gone before the handshake was over
        finally:
            self._outbox.detach(connection)
            simulation.close_connection(connection)
            self._time.settle()
        return socket

    def _open_connection(self, request: web.BaseRequest, socket_name: str) -> Connection | WireResponse:
        """The connection, or what the venue answers instead."""
        self._time.step()
        try:
            return self.simulation.open_connection(socket_name, request.remote or "", self._outbox.wake)
        except SocketRefused as refused:
            return refused.response
        except Exception:
            logger.exception("%s failed on a new WebSocket", self.simulation.venue.name)
            return self._refuse(wire_request(request, b""), FaultKind.INTERNAL)
        finally:
            self._time.settle()
