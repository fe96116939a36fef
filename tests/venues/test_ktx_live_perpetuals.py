"""KTX with a live market: its perpetuals have books, trades, candles, mark prices and funding that move beside their pairs."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from mockex.core.invariants import violations
from mockex.wire.messages import WireRequest
from mockex.world import SimulatedWorld, WorldSettings

SECOND_NS = 1_000_000_000
HOUR_NS = 3_600 * SECOND_NS
START_NS = 1_733_390_630 * SECOND_NS
PERPETUALS = ("BTC_USDT_SWAP", "ETH_USDT_SWAP", "EOS_USDT_SWAP")


@pytest.fixture(scope="module")
def world() -> SimulatedWorld:
    return SimulatedWorld(WorldSettings(start_ns=START_NS, venues=("ktx",)))


def get(world: SimulatedWorld, path: str, query: str) -> Any:
    simulation = world.simulations["ktx"]
    answer = simulation.handle(WireRequest("GET", f"/api/v1/{path}", query, {"host": "api.ktx.com"}, b"", "127.0.0.1"))
    return json.loads(answer.body)


def middle(world: SimulatedWorld, market: str, symbol: str) -> Decimal:
    book = get(world, "order_book", f"market={market}&symbol={symbol}")
    assert len(book["b"]) >= 20
    assert len(book["a"]) >= 20
    assert Decimal(book["b"][0][0]) < Decimal(book["a"][0][0])
    return (Decimal(book["b"][0][0]) + Decimal(book["a"][0][0])) / 2


def test_perpetuals_stand_beside_their_pairs_and_move_with_them_over_hours(world: SimulatedWorld) -> None:
    seen: dict[str, set[str]] = {symbol: set() for symbol in PERPETUALS}
    for span_ns in (0, 60 * SECOND_NS, 9 * HOUR_NS):
        world.advance_to(world.clock.now_ns() + span_ns)
        for symbol in PERPETUALS:
            at = middle(world, "lpc", symbol)
            assert abs(at / middle(world, "spot", symbol.removesuffix("_SWAP")) - 1) < Decimal("0.004")
            (product,) = get(world, "products", f"market=lpc&symbol={symbol}")
            assert abs(Decimal(product["markPrice"]) / at - 1) < Decimal("0.005")
            seen[symbol].add(product["markPrice"])

    assert {symbol: len(marks) for symbol, marks in seen.items()} == dict.fromkeys(PERPETUALS, 3)
    assert violations(world.simulations["ktx"].desk.exchange) == []


@pytest.mark.parametrize("symbol", PERPETUALS)
def test_perpetuals_have_trades_and_candles_of_the_past(world: SimulatedWorld, symbol: str) -> None:
    assert len(get(world, "trades", f"market=lpc&symbol={symbol}")) >= 20
    for time_frame in ("1m", "1h", "1d"):
        candles = get(world, "candles", f"market=lpc&symbol={symbol}&time_frame={time_frame}&limit=50")["e"]
        assert len(candles) == 50
        assert all(Decimal(low) <= Decimal(close) <= Decimal(high) for _, _, high, low, close, *_ in candles)


def test_funding_was_paid_at_its_time(world: SimulatedWorld) -> None:
    world.advance_to(START_NS + 10 * HOUR_NS)

    for symbol in PERPETUALS:
        (product,) = get(world, "products", f"market=lpc&symbol={symbol}")
        assert 0 < abs(Decimal(product["fundingRate"])) <= Decimal("0.0075")
        due_ms, interval_ms = int(product["nextFundingTime"]), 8 * HOUR_NS // 10**6
        assert due_ms % interval_ms == 0
        assert 0 < due_ms - world.clock.now_ns() // 10**6 <= interval_ms
