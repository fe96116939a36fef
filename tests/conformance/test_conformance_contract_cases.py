"""What cases about contracts are written with does what it says, with a reference client that has all of it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from mockex.conformance import facts
from mockex.conformance.bundled import find
from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.live import rows
from mockex.conformance.lane import Lane
from mockex.conformance.model import Case, Level, Provenance, Verdict, WorldWish
from mockex.conformance.session import Session
from mockex.conformance.simulator import Simulator

VENUE = "ktx"
CASE_SECONDS = 60.0
D = Decimal

asynchronous = pytest.mark.asyncio(loop_scope="module")


async def passes(simulator: Simulator, steps: Callable[[Session], Awaitable[None]]) -> None:
    """Runs the steps as a case of their own."""
    lane = Lane(simulator, find(VENUE, "reference"), facts=facts.load(VENUE), seed=1, case_seconds=CASE_SECONDS)
    case = Case(
        id=f"{VENUE}/positions/001",
        title="A case of a test.",
        requirement="What the test says.",
        source="test",
        level=Level.MUST,
        provenance=Provenance.PROPOSED,
        needs=(),
        world=WorldWish(),
        steps=steps,
    )
    try:
        result = await lane.run(case, Path(os.devnull))
    finally:
        await lane.close()
    assert (result.verdict, result.reason, result.failure) == (Verdict.PASS, "", None), result.steps


@asynchronous
async def test_a_position_is_opened_at_one_price_and_told_alike_by_venue_and_client(simulator: Simulator) -> None:
    async def steps(s: Session) -> None:
        for side, qty in (("buy", "0.1"), ("sell", "-0.1")):
            true = await c.opened(s, side, leverage="5", margin_method="cross")
            told = (await c.told_positions(s))[-1]
            names = ("position_id", "symbol", "merge", "margin_method", "qty", "entry_price", "position_margin")
            assert {name: told[name] for name in names} == {name: true[name] for name in names}
            assert (true["qty"], true["entry_price"], true["position_margin"]) == (qty, "98000", "1960")
        assert [each["merge"] for each in await c.true_positions(s, s.facts.contract.symbol)] == ["long", "short"]
        assert {each["account"] for each in await c.true_positions(s, account="bob")} == {"bob"}

    await passes(simulator, steps)


@asynchronous
async def test_an_order_names_the_contract_and_the_position_that_it_is_for(simulator: Simulator) -> None:
    async def steps(s: Session) -> None:
        order_id = await c.placed(s, **c.order(s, "sell", D("0.2"), D("99000.5"), merge="short"))
        true = await s.venue.order(order_id)
        assert (true["symbol"], true["price"], true["qty"], true["status"]) == ("BTC_USDT_SWAP", "99000.5", "0.2", "open")
        assert (true["position"]["merge"], true["position"]["leverage"], true["position"]["close"]) == ("short", 10, False)
        other = c.order(s, "buy", symbol=s.facts.contracts[1].symbol, price=D(3500))
        assert (other["symbol"], other["qty"], other["position"]) == ("ETH_USDT_SWAP", "0.1", c.terms())

    await passes(simulator, steps)


@asynchronous
async def test_prices_are_set_and_released_and_positions_follow_them(simulator: Simulator) -> None:
    async def steps(s: Session) -> None:
        await c.opened(s)
        await c.set_index(s, "99000")
        assert (await c.contract(s))["index_price"] == "99000"
        await c.set_mark(s, D("99500.5"))
        assert (await c.contract(s))["mark_price"] == "99500.5"
        assert (await c.true_positions(s))[0]["unrealised_profit"] == "150.05"
        await c.release_mark(s)
        await c.release_index(s)
        seen = await c.contract(s)
        assert (seen["index_override"], seen["mark_override"], seen["mark_price"]) == (None, None, "98000")
        await c.set_mark(s, D("88000"))
        assert await c.true_positions(s) == [], "the position is liquidated"

    await passes(simulator, steps)


@asynchronous
async def test_funding_is_paid_while_a_stream_stays_open_and_keys_are_good(simulator: Simulator) -> None:
    async def steps(s: Session) -> None:
        await c.opened(s)
        await c.set_mark(s, "98000")
        await c.set_funding_rate(s, "0.0001")
        for paid in ("979.02", "978.04"):
            await c.near_funding(s)
            await s.client("stream_open", private=True)
            await s.client("subscribe", channel="positions")
            due_ms = c.milliseconds((await c.contract(s))["next_funding"])
            await c.pay_funding(s)
            assert await s.venue.now_ms() == due_ms
            assert (await s.client("stream_state"))["connected"]
            (position,) = await rows(s, "positions", 1, "the payment is told")
            assert position["position_margin"] == paid
            entry = (await s.client("ledger", currency="USDT"))["entries"][0]
            assert (entry["type"], entry["amount"], entry["time_ms"]) == ("funding", "-0.98", due_ms)
            await s.client("stream_close")

    await passes(simulator, steps)


@asynchronous
async def test_a_payment_too_near_to_prepare_for_is_let_pass(simulator: Simulator) -> None:
    async def steps(s: Session) -> None:
        await c.near_funding(s)
        await s.pass_time(5)
        due = (await c.contract(s))["next_funding"]
        await c.near_funding(s)
        following = (await c.contract(s))["next_funding"]
        assert c.milliseconds(following) - c.milliseconds(due) == 8 * 3_600_000
        assert c.milliseconds(following) - await s.venue.now_ms() == 10_000

    await passes(simulator, steps)


def test_times_of_operators_are_read_to_the_millisecond() -> None:
    assert c.milliseconds("2024-12-06T08:00:00.001Z") == 1_733_472_000_001
