"""Reads that lag behind the streams: the state of then, in every respect, while everything else is of now."""

from __future__ import annotations

from typing import Any

import pytest
from faults_rig import ACCOUNTS, BOOK, ORDERS, SPOT, TIME, Client, Rig, rig

from mockex.operator.refusals import OperatorError

LAG_MS = 2_000
CANDLES = f"{SPOT}/instruments/BTC-JPY/candles"
TRADES = f"{SPOT}/instruments/BTC-JPY/trades"


async def read(client: Client, target: str, who: str | None = "alice") -> Any:
    return (await client.ask("GET", target, who=who)).json


async def test_an_order_is_on_the_stream_before_a_read_finds_it(quiet: Rig, client: Client) -> None:
    stream = await quiet.stream("spot/order:BTC-JPY", login="alice")
    quiet.plan("stale", ms=LAG_MS)
    order_id = await client.place("first")
    assert [message["data"][0]["order_id"] for message in await stream.settled()] == [order_id]
    find = f"{ORDERS}/{order_id}?instrument_id=BTC-JPY"
    assert (await read(client, find))["error_code"] == "33014"
    assert (await read(client, f"{ACCOUNTS}/BTC"))["hold"] == "0"
    quiet.advance(1.999)
    assert (await read(client, find))["error_code"] == "33014"
    quiet.advance(0.001)
    found = await read(client, find)
    quiet.venue.clear_faults()
    assert found == await read(client, find), "ids and timestamps included"
    assert (await read(client, f"{ACCOUNTS}/BTC"))["hold"] == "1"


async def test_fills_balances_ledgers_and_public_data_all_lag(quiet: Rig, client: Client) -> None:
    await client.place("resting", price="7000000", size="1")
    targets = [
        f"{ORDERS}?instrument_id=BTC-JPY&state=7",
        f"{SPOT}/fills?instrument_id=BTC-JPY",
        f"{ACCOUNTS}/JPY",
        f"{ACCOUNTS}/BTC/ledger",
        f"{CANDLES}?granularity=60",
        TRADES,
    ]
    before = [await read(client, target) for target in targets]
    book_before = await read(client, BOOK)
    quiet.plan("stale", where={"route": "GET *"}, ms=LAG_MS)
    quiet.advance(1)
    bob = await quiet.client()
    await bob.place("taking", who="bob", side="buy", price="7000000", size="0.4")
    assert [await read(client, target) for target in targets] == before
    assert await read(client, BOOK) == book_before, "also its timestamp"
    quiet.advance(2)
    stale = [await read(client, target) for target in [*targets, BOOK]]
    quiet.venue.clear_faults()
    live = [await read(client, target) for target in [*targets, BOOK]]
    assert stale[:-1] == live[:-1]
    assert {**stale[-1], "timestamp": ""} == {**live[-1], "timestamp": ""}
    assert (stale[-1]["timestamp"], live[-1]["timestamp"]) == ("2026-01-01T00:00:01.000Z", "2026-01-01T00:00:03.000Z")


async def test_the_venues_own_time_does_not_lag(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", ms=LAG_MS)
    quiet.advance(10)
    answer = await client.ask("GET", TIME)
    assert answer.json["iso"] == "2026-01-01T00:00:10.000Z"
    assert answer.headers["date"] == "Thu, 01 Jan 2026 00:00:10 GMT"


async def test_only_reads_lag_and_writes_see_the_present(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", ms=LAG_MS)
    order_id = await client.place("first")
    client.send("POST", f"{SPOT}/cancel_orders/{order_id}", {"instrument_id": "BTC-JPY"}, who="alice")
    assert (await client.answer()).json["result"] is True
    assert quiet.live_orders() == []
    assert quiet.fired() == [(0, 0)]


async def test_a_rule_about_one_read_leaves_the_others_alone(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", where={"route": f"GET {ORDERS}*"}, when={"first": 1}, ms=LAG_MS)
    await client.place("first")
    listing = f"{ORDERS}?instrument_id=BTC-JPY&state=6"
    assert (await read(client, f"{ACCOUNTS}/BTC"))["hold"] == "1"
    assert [len(rows) for rows in (await read(client, listing), await read(client, listing))] == [0, 1]


async def test_two_rules_lag_by_different_spans(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", where={"route": f"{ACCOUNTS}/{{currency}}"}, ms=1_000)
    quiet.plan("stale", where={"route": f"GET {ORDERS}"}, ms=3_000)
    await client.place("first")
    seen = []
    for _ in range(4):
        held = (await read(client, f"{ACCOUNTS}/BTC"))["hold"]
        seen.append((held, len(await read(client, f"{ORDERS}?instrument_id=BTC-JPY&state=6"))))
        quiet.advance(1)
    assert seen == [("0", 0), ("1", 0), ("1", 0), ("1", 1)]


async def test_an_account_that_is_opened_meanwhile_may_read_at_once(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", ms=LAG_MS)
    quiet.venue.create_account("carol", {"JPY": "500"})
    assert (await read(client, f"{ACCOUNTS}/JPY", "carol"))["balance"] == "0"
    quiet.advance(2)
    assert (await read(client, f"{ACCOUNTS}/JPY", "carol"))["balance"] == "500"


async def test_payments_take_their_steps_late_too(quiet: Rig, client: Client) -> None:
    quiet.plan("stale", ms=LAG_MS)
    quiet.venue.start_deposit("alice", "JPY", "1000", kind="cash")
    wallet = "/api/account/v3/wallet/JPY"
    seen = []
    for _ in range(5):
        seen.append(((await read(client, wallet))[0]["balance"], str(quiet.venue.balances("alice")["funding"]["JPY"].total)))
        quiet.advance(1)
    assert [row[0] for row in seen[2:]] == [row[1] for row in seen[:-2]]
    assert seen[0][0] != seen[-1][0]


async def test_a_live_market_looks_as_it_did_then() -> None:
    async with rig(market="live", balances={}) as quiet:
        client = await quiet.client()
        targets = [f"{BOOK}?size=20", f"{CANDLES}?granularity=60", TRADES]
        quiet.plan("stale", when={"after": 6}, ms=10_000)
        quiet.advance(20)
        then = [await read(client, target, None) for target in targets]
        for target in targets:
            await read(client, target, None)
        quiet.advance(10)
        assert [await read(client, target, None) for target in targets] == then
        assert quiet.fired() == [(9, 3)]


async def test_exchanges_that_lag_are_few(quiet: Rig) -> None:
    rule = {"what": {"action": "stale", "ms": 1}}
    quiet.venue.plan_faults(*[rule] * 8)
    with pytest.raises(OperatorError, match="takes 8 rules for stale reads at a time"):
        quiet.venue.plan_faults(rule)
    quiet.venue.clear_faults("f1")
    quiet.venue.plan_faults(rule)
    quiet.venue.clear_faults()
    assert quiet.simulation.desk.chaos.followers == []
