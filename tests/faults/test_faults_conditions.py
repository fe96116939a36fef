"""Conditions of the whole venue that a plan brings about: at a time, at a request, and their end."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from faults_rig import ACCOUNTS, ORDERS, TIME, Client, Rig

PLACING = {"route": f"POST {ORDERS}"}
MAINTENANCE, HALTED = "30038", "33020"


async def code_of(client: Client, name: str = "x") -> str:
    """What an attempt to place an order comes to: an error code, or nothing."""
    client.order(name)
    answer = await client.answer()
    return str(answer.json["error_code"])


async def test_the_venues_clock_is_off_and_the_worlds_is_not(quiet: Rig, client: Client) -> None:
    quiet.plan("clock_skew", ms=40_000)
    answer = await client.ask("GET", TIME)
    assert answer.json["iso"] == "2026-01-01T00:00:40.000Z"
    assert parsedate_to_datetime(answer.headers["date"]) == datetime(2026, 1, 1, 0, 0, 40, tzinfo=UTC)
    assert (await client.ask("GET", ACCOUNTS, who="alice")).json["error_code"] == "30008"
    quiet.venue.place(account="alice", symbol="BTC-JPY", side="sell", price="7000000", qty="1")
    (order,) = quiet.venue.orders()
    assert order["created"] == "2026-01-01T00:00:00.000Z"
    quiet.venue.clear_faults()
    assert (await client.ask("GET", TIME)).json["iso"] == "2026-01-01T00:00:00.000Z"
    assert (await client.ask("GET", ACCOUNTS, who="alice")).status == 200


async def test_a_login_goes_by_the_venues_clock(quiet: Rig) -> None:
    stream = await quiet.stream()
    quiet.plan("clock_skew", ms=-40_000, for_ms=5_000)
    stream.say(stream.log_in_message("alice"))
    assert (await stream.next())["errorCode"] == 30008
    assert (await stream.close_code())[0] == 1000
    quiet.advance(5)
    assert (await (await quiet.stream(login="alice")).settled()) == []


async def test_a_refusal_of_what_is_no_http_has_the_venues_date_too(quiet: Rig, client: Client) -> None:
    quiet.plan("clock_skew", ms=86_400_000)
    client.writer.write(b"what is this\r\n\r\n")
    answer = await client.answer()
    assert (answer.status, answer.headers["date"]) == (400, "Fri, 02 Jan 2026 00:00:00 GMT")


async def test_skews_add_up_and_end_one_by_one(quiet: Rig, client: Client) -> None:
    quiet.plan("clock_skew", ms=10_000, for_ms=1_000)
    later = quiet.plan("clock_skew", ms=-3_000, when={"from_ms": 500})
    seen = []
    for _ in range(4):
        seen.append(quiet.simulation.desk.wall_ns() - quiet.world.clock.now_ns())
        quiet.advance(0.5)
    assert [skew // 10**9 for skew in seen] == [10, 7, -3, -3]
    quiet.venue.clear_faults(later)
    assert quiet.simulation.desk.skew_ns == 0


async def test_maintenance_comes_at_its_time_and_goes(quiet: Rig, client: Client) -> None:
    quiet.plan("maintenance", when={"from_ms": 1_000}, ms=2_000)
    seen = []
    for _ in range(4):
        seen.append(quiet.simulation.desk.in_maintenance)
        quiet.advance(1)
    assert seen == [False, True, True, False]
    assert quiet.fired() == [(1, 1)]


async def test_maintenance_comes_with_the_request_that_matches(quiet: Rig, client: Client) -> None:
    quiet.plan("maintenance", where=PLACING, when={"nth": 2}, ms=1_000)
    await client.place("first")
    assert await code_of(client, "second") == MAINTENANCE
    assert await code_of(client, "third") == MAINTENANCE
    quiet.advance(1)
    await client.place("fourth")
    assert quiet.fired() == [(4, 1)]
    assert quiet.live_orders() == ["first", "fourth"]


async def test_a_condition_does_not_keep_another_rule_from_striking(quiet: Rig, client: Client) -> None:
    quiet.plan("maintenance", where=PLACING)
    quiet.plan("error", where=PLACING, code="30044", executed=True)
    assert await code_of(client) == "30044"
    assert quiet.fired() == [(1, 1), (1, 1)]
    assert quiet.live_orders() == [], "the maintenance was there before the order"


async def test_an_instrument_is_halted_and_comes_back_as_it_was(quiet: Rig, client: Client) -> None:
    quiet.venue.set_phase("BTC-JPY", "call_auction")
    quiet.plan("halt", where={"account": "alice"}, symbol="BTC-JPY", ms=1_000)
    quiet.plan("halt", when={"from_ms": 500}, symbol="BTC-JPY", ms=1_500)
    await client.ask("GET", ACCOUNTS, who="bob")
    phases = [phase_of(quiet)]
    await client.ask("GET", ACCOUNTS, who="alice")
    for _ in range(4):
        phases.append(phase_of(quiet))
        quiet.advance(0.6)
    assert phases == ["call_auction", "halted", "halted", "halted", "halted"]
    assert phase_of(quiet) == "call_auction"


async def test_what_an_operator_has_resumed_stays_resumed(quiet: Rig) -> None:
    quiet.venue.set_phase("BTC-JPY", "call_auction")
    quiet.plan("halt", symbol="BTC-JPY")
    quiet.venue.resume("BTC-JPY")
    quiet.venue.clear_faults()
    assert phase_of(quiet) == "continuous"


async def test_clearing_a_plan_ends_what_it_began_and_what_it_was_to_begin(quiet: Rig) -> None:
    quiet.plan("maintenance")
    quiet.plan("clock_skew", ms=5, when={"from_ms": 1_000})
    quiet.plan("halt", symbol="ETH-JPY")
    assert quiet.simulation.desk.in_maintenance
    quiet.venue.clear_faults()
    quiet.advance(2)
    desk = quiet.simulation.desk
    assert (desk.in_maintenance, desk.skew_ns, phase_of(quiet, "ETH-JPY")) == (False, 0, "continuous")


async def test_maintenance_that_an_operator_began_outlives_that_of_a_plan(quiet: Rig) -> None:
    quiet.venue.set_maintenance(on=True)
    quiet.plan("maintenance", ms=1_000)
    quiet.advance(2)
    assert quiet.simulation.desk.in_maintenance


@pytest.mark.parametrize(("until_ms", "fires"), [(1_000, False), (1_001, True)])
async def test_a_request_is_met_only_within_the_span(quiet: Rig, client: Client, until_ms: int, fires: bool) -> None:
    quiet.plan("http_error", when={"from_ms": 1_000, "until_ms": until_ms + 1_000})
    assert (await client.ask("GET", TIME)).status == 200
    quiet.advance(1)
    assert (await client.ask("GET", TIME)).status == 502
    quiet.advance(1)
    assert (await client.ask("GET", TIME)).status == (502 if fires else 200)


def phase_of(quiet: Rig, symbol: str = "BTC-JPY") -> str:
    return next(each["phase"] for each in quiet.venue.instruments() if each["symbol"] == symbol)
