"""The control API behind an aiohttp listener."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from mockex.server.control.calls import Control, error
from mockex.server.control.routes import ControlledServer
from mockex.server.http import BAD_REQUEST, BodyBroken, BodyTooLarge, complete_response, read_body, wire_request

logger = logging.getLogger("mockex.server")

MAX_BODY_BYTES = 1_048_576


def make_handler(server: ControlledServer) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """A handler for `aiohttp.web.Server`. Nothing is awaited between reading the world and answering."""
    control = Control(server)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(request, MAX_BODY_BYTES)
        except BodyTooLarge:
            response = error(413, f"a body has at most {MAX_BODY_BYTES} bytes")
            return complete_response(request, response, server.clock.now_ns(), then_close=True)
        except BodyBroken:
            return complete_response(request, BAD_REQUEST, server.clock.now_ns(), then_close=True)
        try:
            response = control.handle(wire_request(request, body))
        except Exception:
            logger.exception("the control API failed on %s %s", request.method, request.raw_path)
            response = error(500, "the simulator failed; its log says how")
        return complete_response(request, response, server.clock.now_ns())

    return handle
