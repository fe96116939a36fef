"""Changing a position that there is: its leverage, and the margin of an isolated one. Source: ktx§14; both answer `{}`."""

from __future__ import annotations

from mockex.core.commands import ChangeLeverage, Command, MoveMargin
from mockex.core.events import Rejected
from mockex.core.units import Atoms
from mockex.venues.ktx.auth import TRADE, VIEW
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.gen2_errors import ORDER_FIELDS
from mockex.venues.ktx.instruments import MAX_LEVERAGE
from mockex.venues.ktx.params import MAX_ID, KtxParams, of_body
from mockex.venues.ktx.positions import positions
from mockex.wire.decimals import to_units
from mockex.wire.faults import ApiFault
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

_ADD, _REDUCE = 1, 2


def change_leverage(call: Call) -> WireResponse:
    params = of_body(call, required=("positionId", "leverage"))
    position_id = _position_id(params)
    leverage = params.integer("leverage", minimum=1, maximum=MAX_LEVERAGE)
    return _carried_out(call, ChangeLeverage(account_id=call.account_id, position_id=position_id, leverage=leverage))


def move_margin(call: Call) -> WireResponse:
    """`type` 1 adds, 2 takes away."""
    params = of_body(call, required=("positionId", "type", "amount"))
    position_id = _position_id(params)
    way = params.integer("type", minimum=_ADD, maximum=_REDUCE)
    amount = _amount(call, params)
    signed = amount if way == _ADD else -amount
    return _carried_out(call, MoveMargin(account_id=call.account_id, position_id=position_id, amount=signed))


def _position_id(params: KtxParams) -> int:
    return params.integer("positionId", minimum=1, maximum=MAX_ID)


def _amount(call: Call, params: KtxParams) -> Atoms:
    """Every contract here is settled in the same asset."""
    units, exact = to_units(params.decimal("amount"), call.desk.exchange.assets["USDT"].decimals)
    if units <= 0 or not exact:
        raise ApiFault(KtxFault.TRANSFER_INVALID, field="amount")
    return units


def _carried_out(call: Call, command: Command) -> WireResponse:
    first = call.desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit)
    return reply(call, {})


def _route(method: str, path: str, handler: Handler, *, trades: bool) -> Route:
    permission = TRADE if trades else VIEW
    return Route(method=method, path=path, handler=handler, permission=permission, tags=frozenset({ORDER_FIELDS}))


POSITION_ROUTES = (
    _route("GET", "/papi/v1/positions", positions, trades=False),
    _route("POST", "/papi/v1/change/leverage", change_leverage, trades=True),
    _route("POST", "/papi/v1/margin/transfer", move_margin, trades=True),
)
