"""Positions over REST: no endpoint of `gen1`, but taken from its successor (ktx§14), because a client must be able to ask."""

from __future__ import annotations

from mockex.core.positions import Position
from mockex.venues.ktx.auth import VIEW
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.instruments import PERPETUALS
from mockex.venues.ktx.params import market_name, of_query, product
from mockex.venues.ktx.position_codec import encode_position
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route


def positions(call: Call) -> WireResponse:
    """The fields that are pushed, oldest first: all, of a market, of a symbol, or the one of an id. An unknown id has none. A
    position is there as long as it has a quantity or live orders (ASSUMED).
    """
    params = of_query(call)
    position_id = params.bound("position_id")
    market = PERPETUALS if params.raw("market") is None else market_name(params)
    symbol = None if params.raw("symbol") is None else product(call, params, market).instrument.symbol

    def wanted(position: Position) -> bool:
        return (
            market == PERPETUALS
            and (position_id is None or position.position_id == position_id)
            and (symbol is None or position.contract.symbol == symbol)
        )

    contracts = call.desk.exchange.contracts
    found = [] if contracts is None else contracts.positions.of(call.desk.account(call.account_id))
    return reply(call, [encode_position(position, call.state.generation) for position in found if wanted(position)])


POSITION_ROUTES = (Route(method="GET", path="/api/v1/positions", handler=positions, permission=VIEW),)
