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
    """A handler for `aiohttp.web.Server`. Nothing is awaited between reading the world and answering; the world may be another
    one than when the request came, where its call waits for something.
    """
    control = Control(server)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(request, MAX_BODY_BYTES)
        except BodyTooLarge:
            response = error(413, f"a body has at most {MAX_BODY_BYTES} bytes")
            return complete_response(request, response, server.clock.now_ns(), then_close=True)
        except BodyBroken:
            return complete_response(request, BAD_REQUEST, server.clock.now_ns(), then_close=True)
        call = wire_request(request, body)
        try:
            held = control.hold(call)
            if held is not None:
                await held
                server.clock.now_ns()  # brings the world to the present again
            response = control.handle(call)
        except Exception:
            logger.exception("the control API failed on %s %s", request.method, request.raw_path)
            response = error(500, "the simulator failed; its log says how")
        return complete_response(request, response, server.clock.now_ns())

    return handle
