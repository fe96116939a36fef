"""One venue's listener: each request goes to its simulation, as an HTTP call or as a new WebSocket.

Owns what happens when venue code fails: one report in the log, the venue's own internal error for the client. Knows no venue by
name. `simulation` is replaced when a new world takes over; requests that are still being read then reach the new one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import web

from mockex.server.delivery import deliver
from mockex.server.express import ExpressLane
from mockex.server.http import (
    BAD_REQUEST,
    BodyBroken,
    BodyTooLarge,
    CompleteResponse,
    complete_response,
    decode_response,
    header_fields,
    peer_of,
    read_body,
    split_target,
    wire_request,
)
from mockex.server.wallclock import WorldTime
from mockex.server.websocket import Outbox, Socket, converse
from mockex.simulation import Simulation
from mockex.wire import pipeline
from mockex.wire.chaos.requests import Reply
from mockex.wire.connections import Connection
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.recording import Delivery, Noted
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
            noted = self._note(request, None)
            response = self._refuse(wire_request(request, b""), FaultKind.BODY_TOO_LARGE)
            return self._reply(request, response, noted, then_close=True)
        except BodyBroken:
            return self._reply(request, BAD_REQUEST, self._note(request, None), then_close=True)
        return await self._serve(request, body)

    async def _serve(self, request: web.BaseRequest, body: bytes, *, then_close: bool = False) -> web.StreamResponse:
        """The venue's answer to a whole request, which is seen if the venue is recorded."""
        if self.simulation.desk.chaos.active:
            return await self._serve_by_plan(request, body, then_close=then_close)
        noted = self._note(request, body)
        call = Call(self.simulation.desk, wire_request(request, body))
        response = self._answer(call)
        if noted is not None:
            noted.identify(route=call.route_name, credential=call.authenticated)
        return self._reply(request, response, noted, then_close=then_close)

    async def _serve_by_plan(self, request: web.BaseRequest, body: bytes, *, then_close: bool) -> web.StreamResponse:
        """The same for a venue with fault plans, which may keep the reply back, or from the client altogether."""
        call = Call(self.simulation.desk, wire_request(request, body))
        noted = call.noted = self._note(request, body)
        reply = self._meet(call)
        if noted is not None:
            noted.identify(route=call.route_name, credential=call.authenticated)
        if reply.after_pushes:
            self._outbox.flush()

        def complete(settled: Reply) -> CompleteResponse:
            assert settled.response is not None
            sent_as = Delivery.DELAYED if settled.delayed else Delivery.SENT
            return self._reply(request, settled.response, noted, then_close=then_close, sent_as=sent_as)

        return await deliver(request, reply, complete)

    def wall_ns(self) -> int:
        """The venue's own time, at the world's present."""
        self._time.step()
        return self.simulation.desk.wall_ns()

    def express_lane(self, otherwise: Callable[[], asyncio.Protocol]) -> ExpressLane:
        """The short way for plain requests to this venue."""
        return ExpressLane(
            answer=self.answer,
            closed=lambda: self.simulation.desk.watched,
            now_ns=lambda: self.simulation.desk.wall_ns(),
            max_body_bytes=self.simulation.venue.max_body_bytes,
            otherwise=otherwise,
        )

    def answer(self, request: WireRequest) -> WireResponse:
        """The venue's answer, at the world's present. Raises nothing: a venue that fails says so in its own words."""
        return self._answer(Call(self.simulation.desk, request))

    def _answer(self, call: Call) -> WireResponse:
        """The same, for callers that want to know more of the call afterwards."""
        self._time.step()
        try:
            return pipeline.answer(call)
        except Exception:
            request = call.request
            logger.exception("%s failed on %s %s", self.simulation.venue.name, request.method, request.path)
            return self._refuse(request, FaultKind.INTERNAL)
        finally:
            self._time.settle()

    def _meet(self, call: Call) -> Reply:
        """What becomes of a call to a venue with fault plans. Raises nothing, as `answer`."""
        self._time.step()
        try:
            return pipeline.serve(call)
        except Exception:
            request = call.request
            logger.exception("%s failed on %s %s", self.simulation.venue.name, request.method, request.path)
            return Reply.of(self._refuse(request, FaultKind.INTERNAL))
        finally:
            self._time.settle()

    def _refuse(self, request: WireRequest, kind: FaultKind) -> WireResponse:
        try:
            return self.simulation.refuse(request, ApiFault(kind))
        except Exception:
            logger.exception("%s has no words for %s", self.simulation.venue.name, kind.name)
            return _SPEECHLESS

    def _reply(
        self,
        request: web.BaseRequest,
        response: WireResponse,
        noted: Noted | None = None,
        *,
        then_close: bool = False,
        sent_as: Delivery = Delivery.SENT,
    ) -> CompleteResponse:
        reply = complete_response(request, response, self.simulation.desk.wall_ns(), then_close=then_close)
        if noted is not None:
            _note_end(noted, response, reply, sent_as)
        return reply

    # --- recording

    def _note(self, request: web.BaseRequest, body: bytes | None) -> Noted | None:
        """The request in the recording, at the world's present. `body` None: it is not there as a whole."""
        recorder = self.simulation.desk.recorder
        if not recorder.on:
            return None
        self._time.step()
        self._time.settle()
        return recorder.request(
            method=request.method,
            target=request.raw_path,
            headers=header_fields(request),
            body=body,
            peer=peer_of(request),
        )

    def note_unreadable(self, request: web.BaseRequest, reply: CompleteResponse) -> None:
        """What is no HTTP request was refused. Of it there is nothing but where it came from."""
        noted = self._note(request, None)
        if noted is not None:
            _note_end(noted, BAD_REQUEST, reply)

    # --- WebSocket

    async def _upgrade(self, request: web.BaseRequest) -> web.StreamResponse:
        path, query = split_target(request.raw_path)
        simulation = self.simulation
        found = simulation.socket_for(path, request.headers.get("Host", ""))
        if found is None:
            return await self._serve(request, b"", then_close=True)  # the venue says what it says about unknown paths
        socket_name, spec = found
        socket = Socket(max_message_bytes=spec.max_message_bytes, too_long=spec.too_long)
        transport = request.transport
        if transport is None or not socket.can_prepare(request):
            return self._refuse_upgrade(request, path, socket_name, BAD_REQUEST)
        connection = self._open_connection(request, path, query, socket_name)
        if isinstance(connection, WireResponse):
            return self._refuse_upgrade(request, path, socket_name, connection)
        await converse(
            request,
            socket,
            connection,
            transport=transport,
            receiver=simulation,
            time=self._time,
            outbox=self._outbox,
            wall_ns=simulation.desk.wall_ns(),
        )
        return socket

    def _refuse_upgrade(
        self, request: web.BaseRequest, path: str, socket_name: str, response: WireResponse
    ) -> CompleteResponse:
        self._time.step()
        self._time.settle()
        recorder = self.simulation.desk.recorder
        recorder.refused(path=path, socket=socket_name, status=response.status, peer=peer_of(request))
        return self._reply(request, response, then_close=True)

    def _open_connection(self, request: web.BaseRequest, path: str, query: str, socket_name: str) -> Connection | WireResponse:
        """The connection, or what the venue answers instead."""
        self._time.step()
        try:
            return self.simulation.open_connection(
                socket_name,
                request.remote or "",
                self._outbox.wake,
                path=path,
                peer=peer_of(request),
                host=request.headers.get("Host", ""),
                query=query,
                headers=request.headers,
            )
        except SocketRefused as refused:
            return refused.response
        except Exception:
            logger.exception("%s failed on a new WebSocket", self.simulation.venue.name)
            return self._refuse(wire_request(request, b""), FaultKind.INTERNAL)
        finally:
            self._time.settle()


def _note_end(noted: Noted, response: WireResponse, reply: CompleteResponse, sent_as: Delivery = Delivery.SENT) -> None:
    """Has the reply recorded once it is known what became of it. LOST: the client was gone, or it was cut off."""

    def note(sent: bool) -> None:
        headers, body = decode_response(reply.wire)
        noted.answered(
            status=response.status,
            headers=headers,
            body=body,
            error=response.error,
            delivery=sent_as if sent else Delivery.LOST,
        )

    reply.on_end = note
