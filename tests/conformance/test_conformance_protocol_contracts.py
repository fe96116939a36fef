"""What the driver protocol has for contracts: orders for positions, the positions themselves, and funding.

All of it may be left out, so that what was said before it came is still said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from mockex.conformance import protocol
from mockex.conformance.protocol import ProtocolError

ORDER: Mapping[str, Any] = {"symbol": "BTC-PERP", "side": "buy", "type": "limit", "price": "99990", "qty": "0.1"}
TERMS: Mapping[str, Any] = {"merge": "long", "margin_method": "isolated", "leverage": "10"}
POSITION: Mapping[str, Any] = {
    "position_id": "1125899906842624029",
    "symbol": "BTC-PERP",
    "merge": "long",
    "margin_method": "isolated",
    "leverage": "10.0",
    "qty": "-0.1",
    "entry_price": "99990",
    "initial_margin_rate": "0.1",
    "maintenance_margin_rate": "0.005",
    "position_margin": "999.9",
    "order_margin": "0",
}
CONTRACT: Mapping[str, Any] = {
    "symbol": "BTC-PERP",
    "base": "BTC",
    "quote": "USDT",
    "kind": "perpetual",
    "mark_price": "98042.3405",
    "funding_rate": "0.0001",
    "next_funding_rate": "-0.0001",
    "next_funding_ms": 1_733_472_000_000,
}


def answered(operation: str, result: Mapping[str, Any]) -> Any:
    """What is read of a driver's result. ProtocolError if that is none."""
    line = json.dumps({"id": 1, "result": result}).encode()
    return protocol.decode_reply(line, 1, operation)["result"]


@pytest.mark.parametrize("terms", [TERMS, {**TERMS, "close": True, "position_id": "7"}, {}])
def test_an_order_says_which_position_it_is_for(terms: Mapping[str, Any]) -> None:
    order = {**ORDER, "position": terms}

    assert json.loads(protocol.encode_request(1, "place_order", order))["params"] == order
    assert json.loads(protocol.encode_request(1, "place_orders", {"orders": [order]}))["params"] == {"orders": [order]}


@pytest.mark.parametrize(
    "wrong",
    [{"merge": "none"}, {"margin_method": "portfolio"}, {"leverage": 10}, {"close": "true"}, {"position_id": 7}, {"mode": "a"}],
)
def test_terms_of_a_position_that_the_protocol_has_not_are_refused(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="place_order"):
        protocol.encode_request(1, "place_order", {**ORDER, "position": {**TERMS, **wrong}})


@pytest.mark.parametrize("asked", [{}, {"symbol": "BTC-PERP"}, {"position_id": "7"}])
def test_positions_are_asked_for_all_at_once_or_by_symbol_or_id(asked: Mapping[str, Any]) -> None:
    assert json.loads(protocol.encode_request(1, "positions", asked))["params"] == asked


def test_positions_are_told_with_their_margins() -> None:
    assert answered("positions", {"positions": [POSITION]}) == {"positions": [POSITION]}


def test_a_position_may_be_told_by_symbol_and_quantity_alone() -> None:
    least = {"symbol": "BTC-PERP", "qty": "0"}

    assert answered("positions", {"positions": [least]}) == {"positions": [least]}
    with pytest.raises(ProtocolError, match="qty"):
        answered("positions", {"positions": [{"symbol": "BTC-PERP"}]})


def test_positions_come_in_events_too() -> None:
    event = {"event": {"positions": [POSITION]}}

    protocol.encode_request(1, "subscribe", {"channel": "positions"})
    protocol.encode_request(1, "next_event", {"channel": "positions", "timeout_ms": 0})
    assert answered("next_event", event) == event


def test_an_order_tells_its_position_what_it_does_to_it_and_its_profit() -> None:
    order = {"order_id": "1", "position": {**TERMS, "position_id": "7"}, "action": "reduce_short", "profit": "-9060"}

    assert answered("order", {"order": order}) == {"order": order}
    with pytest.raises(ProtocolError, match="action"):
        answered("order", {"order": {**order, "action": "reduce"}})


def test_a_fill_tells_its_profit() -> None:
    fills = {"fills": [{"price": "100100", "qty": "0.1", "profit": "11"}]}

    assert answered("fills", fills) == fills


def test_a_contract_is_told_with_mark_price_and_funding() -> None:
    assert answered("instruments", {"instruments": [CONTRACT]}) == {"instruments": [CONTRACT]}


def test_all_orders_of_a_symbol_are_cancelled_with_one_request() -> None:
    assert protocol.encode_request(1, "cancel_all", {"symbol": "BTC-PERP", "side": "sell"})
    assert answered("cancel_all", {"count": 2}) == {"count": 2}
    assert answered("cancel_all", {}) == {}


def test_contracts_are_capabilities_that_a_driver_may_lack() -> None:
    assert {"positions", "cancel_all", "place_order.position", "subscribe.positions"} <= protocol.capabilities()
    assert protocol.VERSION == 1
