"""From a request to a response: the venue's stages in the venue's order, its handler, and the one place where faults become
bytes.

Plain functions from start to end. Which fault wins when a request has several is the order of `stages`, which is data.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from mockex.wire.chaos.requests import Reply, meet
from mockex.wire.credentials import Credential
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind, PlannedFailure, WireError
from mockex.wire.json import JsonError, JsonValue, loads
from mockex.wire.limits import RateRule, Verdict
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.params import parse_query
from mockex.wire.recording import Noted
from mockex.wire.routing import Route


class Call:
    """One request on its way through the stages, which fill it in. `noted`: its entry in the recording, where there is one.

    `verdict`: what the limit that was counted last has said, for venues that tell their clients.
    """

    __slots__ = ("body", "credential", "desk", "noted", "path_params", "query", "request", "route", "verdict")

    def __init__(self, desk: Desk, request: WireRequest) -> None:
        self.desk = desk
        self.request = request
        self.route: Route | None = None
        self.path_params: Mapping[str, str] = {}
        self.credential: Credential | None = None
        self.query: dict[str, str] = {}
        self.body: JsonValue = None
        self.noted: Noted | None = None
        self.verdict: Verdict | None = None

    @property
    def account_id(self) -> str:
        """Of a call that was authenticated."""
        assert self.credential is not None, "a public route asked for its account"
        return self.credential.account_id

    @property
    def authenticated(self) -> Credential | None:
        """The key that has proved to be the caller's; on a public route that nobody checks, none has."""
        return None if self.route is None or self.route.permission is None else self.credential

    @property
    def route_name(self) -> str | None:
        """Method and template of the route, once it was found."""
        return None if self.route is None else f"{self.route.method} {self.route.path}"

    @property
    def state(self) -> Any:
        """The venue's own state."""
        return self.desk.state


Stage = Callable[[Call], None]


def handle(desk: Desk, request: WireRequest) -> WireResponse:
    """The venue's answer. Never raises for anything that a client can send."""
    return answer(Call(desk, request))


def answer(call: Call) -> WireResponse:
    """The same, for callers that want to know afterwards what the stages have found out. Not for a venue with fault plans that
    lose replies or hold them back: `serve` says so.
    """
    desk = call.desk
    if desk.chaos.active:
        reply = serve(call)
        assert reply.response is not None, "a fault plan keeps the reply back: this caller cannot wait for it"
        return reply.response
    try:
        for stage in desk.venue.stages:
            stage(call)
        route = call.route
        assert route is not None, "no stage has found the route"
        return route.handler(call)
    except ApiFault as fault:
        return _render(call, fault)


def serve(call: Call) -> Reply:
    """What becomes of a call to a venue that may have fault plans. Never raises for anything that a client can send."""
    try:
        for stage in call.desk.venue.stages:
            stage(call)
    except ApiFault as fault:
        return Reply.of(_render(call, fault))
    return meet(call, lambda: _carried_out(call), lambda fault: _render(call, fault))


def _carried_out(call: Call) -> WireResponse:
    """The answer of the handler, or the venue's refusal."""
    assert call.route is not None, "no stage has found the route"
    try:
        return call.route.handler(call)
    except ApiFault as fault:
        return _render(call, fault)


def refuse(desk: Desk, request: WireRequest, fault: ApiFault) -> WireResponse:
    """The venue's answer to a request that cannot enter the stages: too long a body, or the venue itself failed on it."""
    return _render(Call(desk, request), fault)


def _render(call: Call, fault: ApiFault) -> WireResponse:
    """The venue's words. It may name another code than its table has, where one fault has several."""
    error = wire_error(call.desk, fault)
    status, body, headers, content_type, code = call.desk.venue.render_fault(call, fault, error)
    return WireResponse(status, body, headers, content_type, code or error.code)  # `_replace` takes twice as long


def wire_error(desk: Desk, fault: ApiFault) -> WireError:
    """What the venue's table says about a fault."""
    if isinstance(fault, PlannedFailure):
        return desk.venue.errors_by_code[fault.code]
    return desk.venue.faults[fault.kind]


# --- stages that venues share


def find_route(call: Call) -> None:
    """ROUTE_UNKNOWN, METHOD_NOT_ALLOWED, or ROUTE_OFF for one that was switched off."""
    request, desk = call.request, call.desk
    found = desk.venue.routes.find(request.method, request.path)
    if found is None:
        methods = desk.venue.routes.methods(request.path)
        kind = FaultKind.METHOD_NOT_ALLOWED if methods else FaultKind.ROUTE_UNKNOWN
        raise ApiFault(kind, path=request.path[:200], method=request.method[:20])
    call.route, call.path_params = found
    if desk.closed_routes and (found.route.method, found.route.path) in desk.closed_routes:
        raise ApiFault(FaultKind.ROUTE_OFF, path=found.route.path)


def read_query(call: Call) -> None:
    if call.request.query:
        call.query = parse_query(call.request.query)


def read_json_body(call: Call) -> None:
    """For methods with a body: BODY_EMPTY, BODY_NOT_JSON."""
    if call.request.method != "POST":
        return
    body = call.request.body
    if not body or body.isspace():
        raise ApiFault(FaultKind.BODY_EMPTY)
    try:
        call.body = loads(body)
    except JsonError:
        raise ApiFault(FaultKind.BODY_NOT_JSON) from None


def charge(call: Call, rule: RateRule, subject: Hashable) -> None:
    """Counts the call against a limit; RATE_LIMITED when it is used up."""
    verdict = call.verdict = call.desk.admit(rule, subject)
    if not verdict.allowed:
        raise ApiFault(
            FaultKind.RATE_LIMITED,
            rule=rule.name,
            limit=str(rule.limit),
            retry_after_ms=str(verdict.retry_after_ns // 1_000_000),
        )
