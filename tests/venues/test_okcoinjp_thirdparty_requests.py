"""What unmodified clients were seen to send is served (okj§12). Requests to the funding account are tested with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import SECOND, SpotBench, by_id

from mockex.venues.okcoinjp import VENUE

RECORDED = load("okcoinjp", "thirdparty_requests")
ORDER_ID = 2_511_109_744_100_352
"""The order that the recorded requests ask about."""


def is_spot(call: dict[str, Any]) -> bool:
    return all("/account/" not in request["path"] for request in call.get("requests", ())) and "requests" in call


CALLS = [call for call in (*RECORDED["calls"], *RECORDED["other_clients"]) if is_spot(call)]


@pytest.fixture
def bench() -> SpotBench:
    """A market around ccxt's price, in which the order that it asks about rests."""
    bench = SpotBench(venue=replace(VENUE, id_starts={**VENUE.id_starts, "order": ORDER_ID}))
    assert bench.order("buy", "1", "4600") == str(ORDER_ID)
    bench.order("sell", "20", "4700", who="bob")
    bench.order("buy", "20", "4600", who="bob")
    bench.order("buy", "0.1", "4700")
    return bench


@pytest.mark.parametrize("call", **by_id(CALLS))
def test_a_recorded_call_is_served(bench: SpotBench, call: dict[str, Any]) -> None:
    for request in call["requests"]:
        body = b""
        if request["method"] == "POST":
            # The one without a recorded body is the SDK's batch of cancels.
            sent = request.get("body", [{"instrument_id": "BTC-JPY", "order_ids": [str(ORDER_ID)]}])
            body = json.dumps(sent, separators=(",", ":")).encode()

        reply = bench.call(request["method"], request["path"], request["query"], body=body)

        assert reply.status == 200, reply
        if isinstance(reply.body, dict):
            # ccxt raises for a message or a code other than 0 even on HTTP 200 (okj§12).
            assert not reply.body.get("message")
            assert reply.body.get("code", "0") == "0"


def test_ccxt_finds_two_rows_for_each_trade(bench: SpotBench) -> None:
    rows = bench.rows("/fills", "instrument_id=BTC-JPY")

    pairs = {row["trade_id"]: [each for each in rows if each["trade_id"] == row["trade_id"]] for row in rows}
    assert {len(pair) for pair in pairs.values()} == {2}


def test_a_client_may_ping_before_it_subscribes(bench: SpotBench) -> None:
    """ccxt.pro does right after connecting."""
    socket = bench.connect()

    assert socket.send("ping") == ["pong"]
    assert socket.subscribe("spot/depth_l2_tbt:BTC-JPY")[0]["action"] == "partial"


@pytest.mark.parametrize("client", **by_id([each for each in RECORDED["heartbeats"] if "seconds" in each]))
def test_the_heartbeat_of_a_client_keeps_it_connected(bench: SpotBench, client: dict[str, Any]) -> None:
    socket = bench.connect()
    for _ in range(10):
        bench.clock.advance(int(client["seconds"]) * SECOND)
        assert socket.send(client["sends"]) == ["pong"]

    assert socket.closing is None
