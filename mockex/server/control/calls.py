"""From a control request to its answer, as values. Knows no socket.

Every mistake in a request is a 4xx whose body says what to do: `{"error": {"message": ...}}`, with the exchange's `reason`
where its rules refused. Nothing that a client sends is a 500.
"""

from __future__ import annotations

from collections.abc import Awaitable

from mockex.operator.refusals import NotFoundError, OperatorError, RefusedError
from mockex.operator.words import word
from mockex.server.control import contract_calls, fault_calls, gateway_calls, recording_calls, venue_calls, world_calls
from mockex.server.control.fields import read_fields
from mockex.server.control.routes import PREFIX, ControlCall, ControlledServer, ControlRoute, ControlTable
from mockex.wire.faults import ApiFault
from mockex.wire.json import JsonError, JsonValue, dumps, loads
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.params import parse_query

_FIELDS_IN_QUERY = frozenset({"GET", "DELETE"})


class Control:
    """Answers control requests about one server. Its caller keeps the world's time in step."""

    def __init__(self, server: ControlledServer) -> None:
        self._server = server
        index = ControlRoute("GET", "/", self._index, "This list.")
        self.table = ControlTable(
            (
                index,
                *world_calls.ROUTES,
                *recording_calls.ROUTES,
                *fault_calls.ROUTES,
                *venue_calls.ROUTES,
                *contract_calls.ROUTES,
                *gateway_calls.ROUTES,
            )
        )

    def handle(self, request: WireRequest) -> WireResponse:
        if _is_foreign(request):
            return error(403, "this page is not served by the control API, so it may not call it")
        path = request.path
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return error(404, f"the control API lives under {PREFIX}/, which lists its calls")
        found = self.table.find(path.removeprefix(PREFIX) or "/")
        if not found:
            return error(404, f"there is no such call; {PREFIX}/ lists them")
        if request.method not in found:
            allowed = ", ".join(found)
            return error(405, f"this call takes {allowed}", headers=(("Allow", allowed),))
        route, params = found[request.method]
        try:
            values = read_fields(route.takes, _given(request))
            answer = route.answer(ControlCall(server=self._server, params=params, values=values))
        except RefusedError as refused:
            return error(409, str(refused), reason=word(refused.reason))
        except NotFoundError as missing:
            return error(404, str(missing))
        except OperatorError as mistake:
            return error(400, str(mistake))
        return WireResponse(route.status, dumps(answer))

    def hold(self, request: WireRequest) -> Awaitable[None] | None:
        """What to wait for before `handle`; None for nearly every call, and for any mistake, which `handle` tells."""
        if not request.query or not request.path.startswith(PREFIX) or _is_foreign(request):
            return None
        found = self.table.find(request.path.removeprefix(PREFIX)).get(request.method)
        if found is None or found.route.hold is None:
            return None
        try:
            values = read_fields(found.route.takes, _given(request))
            return found.route.hold(ControlCall(server=self._server, params=found.params, values=values))
        except OperatorError:
            return None

    def _index(self, call: ControlCall) -> object:
        return {
            "calls": [
                {
                    "method": route.method,
                    "path": f"{PREFIX}{route.path}",
                    "summary": route.summary,
                    "fields": {
                        name: f"{field.kind}, required" if field.required else field.kind for name, field in route.takes.items()
                    },
                }
                for route in self.table.routes
            ]
        }


def error(status: int, message: str, *, reason: str | None = None, headers: tuple[tuple[str, str], ...] = ()) -> WireResponse:
    """What a caller is told. Text that UTF-8 cannot carry, which only a client can have sent, becomes `?`."""
    body: dict[str, str] = {"message": message.encode("utf-8", "replace").decode("utf-8")}
    if reason is not None:
        body["reason"] = reason
    return WireResponse(status, dumps({"error": body}), headers)


def _given(request: WireRequest) -> dict[str, JsonValue]:
    """The fields as sent. OperatorError if they are in the wrong place or no JSON object."""
    if request.method in _FIELDS_IN_QUERY:
        if request.body:
            raise OperatorError(f"a {request.method} takes its fields from the query, not from a body")
        try:
            return dict(parse_query(request.query))
        except ApiFault:
            raise OperatorError("the query is too long") from None
    if request.query:
        raise OperatorError(f"a {request.method} takes its fields from a JSON body, not from the query")
    if not request.body.strip():
        return {}
    try:
        body = loads(request.body)
    except JsonError as broken:
        raise OperatorError(f"the body is not JSON: {broken}") from None
    if not isinstance(body, dict):
        raise OperatorError("the body must be a JSON object")
    return body


def _is_foreign(request: WireRequest) -> bool:
    """Whether a web page of another origin sent it: a page that somebody has open must not change their simulator."""
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")
