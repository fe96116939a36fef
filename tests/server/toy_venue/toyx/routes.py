"""The toy exchange's HTTP side: JSON, and a signature over target and body."""

from __future__ import annotations

from mockex.core.commands import PlaceOrder
from mockex.core.events import OrderAccepted, Rejected
from mockex.core.orders import OrderType, Side
from mockex.wire.credentials import Permission
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call, find_route, read_json_body, read_query
from mockex.wire.routing import Route, RouteTable
from mockex.wire.signing import constant_time_equal

SIDES = {"buy": Side.BUY, "sell": Side.SELL}


def authenticate(call: Call) -> None:
    if call.route is None or call.route.permission is None:
        return
    request = call.request
    credential = call.desk.credentials.get(request.headers.get("x-key", ""))
    if credential is None:
        raise ApiFault(FaultKind.API_KEY_UNKNOWN)
    signed = request.target.encode("utf-8", "surrogateescape") + request.body
    if not constant_time_equal(request.headers.get("x-sign", ""), credential.hmac_key.hex(signed)):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    call.credential = credential


def get_time(call: Call) -> WireResponse:
    desk = call.desk
    return WireResponse(
        200, dumps({"now_ns": desk.clock.now_ns(), "profile": desk.settings.profile, "mood": desk.settings.switches["mood"]})
    )


def echo(call: Call) -> WireResponse:
    """What arrived, as the venue saw it."""
    request = call.request
    seen = {
        "method": request.method,
        "path": ascii(request.path),
        "query": ascii(request.query),
        "header": ascii(request.headers.get("x-echo", "")),
        "host": request.headers.get("host"),
        "body": request.body.hex(),
        "peer": request.peer_ip,
    }
    return WireResponse(200, dumps(seen), headers=(("X-Toy", "yes"),))


def place_order(call: Call) -> WireResponse:
    assert isinstance(call.body, dict)
    params = Params(call.body)
    events = call.desk.execute(
        PlaceOrder(
            account_id=call.account_id,
            symbol="AAA-BBB",
            side=params.choice("side", SIDES),
            order_type=OrderType.LIMIT,
            limit_price=params.integer("price", minimum=1),
            order_qty=params.integer("qty", minimum=1),
        )
    )
    match events[0]:
        case Rejected(reason=reason):
            raise ApiFault(reason)
        case OrderAccepted(order=order):
            return WireResponse(200, dumps({"order_id": order.order_id}))
        case _:
            raise AssertionError(events)


def boom(call: Call) -> WireResponse:
    raise RuntimeError("the toy is broken")


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    return WireResponse(error.status, dumps({"code": error.code, "message": error.text(fault.detail)}))


STAGES = (find_route, authenticate, read_query, read_json_body)
ROUTES = RouteTable(
    (
        Route(method="GET", path="/v1/time", handler=get_time),
        Route(method="GET", path="/v1/echo/{rest}", handler=echo),
        Route(method="PUT", path="/v1/echo", handler=echo),
        Route(method="POST", path="/v1/orders", handler=place_order, permission=Permission.TRADE),
        Route(method="GET", path="/v1/boom", handler=boom),
    )
)
