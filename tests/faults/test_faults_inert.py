"""A plan that never fires changes not one byte; and whatever fires, books and balances stay right and nobody waits for ever."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from faults_rig import ACCOUNTS, BOOK, ORDERS, SPOT, TIME, Client, Rig, rig

NEVER: dict[str, Any] = {"nth": 1_000_000}
CHANNELS = ("spot/depth:BTC-JPY", "spot/trade:BTC-JPY", "spot/order:BTC-JPY", "spot/account:JPY", "spot/ticker:BTC-JPY")


def nothing(quiet: Rig) -> None:
    """No plan at all."""


def one_of_each(quiet: Rig, when: dict[str, Any] | None = None) -> None:
    """Every action that asks, each at its every occasion."""
    for action, arguments in (
        ("delay", {"ms": 500}),
        ("delay_before", {"ms": 500}),
        ("http_error", {}),
        ("rate_limited", {}),
        ("error", {"code": "30030"}),
        ("reset", {}),
        ("lose_reply", {}),
        ("reply_after_push", {}),
        ("stale", {"ms": 500}),
        ("drop", {}),
        ("duplicate", {}),
        ("reorder", {}),
        ("corrupt_checksum", {}),
        ("stall", {"ms": 500}),
        ("close", {}),
        ("refuse", {}),
        ("clock_skew", {"ms": 60_000, "for_ms": 300}),
        ("maintenance", {"ms": 300}),
        ("halt", {"symbol": "BTC-JPY", "ms": 300}),
    ):
        quiet.plan(action, when=NEVER if when is None else when, **arguments)
    for action in ("stall", "close"):
        quiet.plan(action, where={"channel": "*"}, when=NEVER if when is None else when)
        quiet.plan(action, where={"operation": "*"}, when=NEVER if when is None else when)
    quiet.plan("delay", where={"channel": "*"}, when=NEVER if when is None else when, ms=500)


def nobodys(quiet: Rig) -> None:
    """Rules that match nothing that happens."""
    quiet.plan("drop", where={"channel": "spot/*:ETH-JPY"})
    quiet.plan("reset", where={"account": "bob", "route": "GET *"})
    quiet.plan("drop", where={"channel": "*"}, when={"state": "order_open", "from_ms": 10**9})


def cleared(quiet: Rig) -> None:
    one_of_each(quiet)
    quiet.venue.clear_faults()


async def session(plan: Callable[[Rig], None]) -> list[bytes]:
    """All bytes that some clients get in a while of trading."""
    async with rig(limits=True) as quiet:
        quiet.advance(1)
        plan(quiet)
        client, bob = await quiet.client(), await quiet.client()
        stream, public = await quiet.stream(*CHANNELS, login="alice"), await quiet.stream(*CHANNELS[:2])
        order_id = await client.place("resting")
        for size in ("0.1", "0.2"):
            await bob.place("taking" + size[-1], who="bob", side="buy", price="7100000", size=size)
            quiet.advance(0.1)
            await stream.settled()
            await public.settled()
        for target in (
            TIME,
            BOOK,
            ACCOUNTS,
            f"{ORDERS}/{order_id}?instrument_id=BTC-JPY",
            f"{SPOT}/fills?instrument_id=BTC-JPY",
        ):
            await client.ask("GET", target, who="alice")
        await client.ask("POST", f"{SPOT}/cancel_orders/{order_id}", {"instrument_id": "BTC-JPY"}, who="alice")
        await client.ask("GET", "/nowhere")
        stream.say({"op": "unsubscribe", "args": list(CHANNELS)})
        await stream.settled()
        quiet.advance(0.1)
        await public.settled()
        quiet.advance(31)
        assert (await public.close_code())[0] == 4001
        return [each.seen for each in (client, bob, stream, public)]


@pytest.mark.parametrize("plan", [one_of_each, nobodys, cleared])
async def test_a_plan_that_never_fires_changes_no_byte(plan: Callable[[Rig], None]) -> None:
    expected = await session(nothing)
    assert all(len(seen) > 300 for seen in expected)
    assert await session(plan) == expected


async def test_rules_about_requests_alone_do_not_look_at_pushes(quiet: Rig) -> None:
    await quiet.stream("spot/trade:BTC-JPY")
    quiet.plan("reset", when=NEVER)
    (connection,) = quiet.simulation.connections
    assert connection.guard is None
    quiet.plan("drop", when=NEVER)
    assert connection.guard is not None
    quiet.venue.clear_faults("f2")
    assert connection.guard is None


async def storm(seed: int) -> tuple[list[tuple[int, int]], list[str]]:
    """A session in which all kinds of faults happen by chance: how often each rule fired, and what became of the orders."""
    chance = random.Random(seed)
    async with asyncio.timeout(30), rig() as quiet:
        one_of_each(quiet, {"percent": "4", "until_ms": 9_000})
        for number in range(120):
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                client = await quiet.client()
                side, price = chance.choice((("buy", "7000100"), ("sell", "7000000")))
                client.order(f"o{number}", side=side, price=price, size="0.01", who=chance.choice(("alice", "bob")))
                client.send("GET", ACCOUNTS, who="alice")
                await dealt_with(client)
            if number % 20 == 0:
                with suppress(ConnectionError, asyncio.IncompleteReadError, AssertionError, TimeoutError):
                    async with asyncio.timeout(0.2):
                        await quiet.stream(*CHANNELS, login="alice")
            quiet.advance(0.05)
            quiet.world.check()
        quiet.advance(10)
        calm = await quiet.client()
        assert (await calm.ask("GET", TIME)).status == 200
        return quiet.fired(), sorted(
            f"{order['client_id']} {order['status']}" for order in quiet.venue.orders(status="all", limit=500)
        )


async def dealt_with(client: Client) -> None:
    """Lets the server read what was sent, whatever it answers."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await client.reader.read(1)


async def test_a_storm_of_faults_breaks_nothing() -> None:
    fired, orders = await storm(1)
    assert sum(struck for _, struck in fired) > 20
    assert orders
