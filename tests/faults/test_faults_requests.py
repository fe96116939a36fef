"""What happens to requests over HTTP while a fault plan is about: errors, lost and late replies, cut connections."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import closing, nullcontext
from urllib.parse import urlsplit

import pytest
from faults_rig import ACCOUNTS, BOOK, ORDERS, PATIENCE_SECONDS, TIME, Client, Rig, never, over_both, rig

from mockex import RunningWorld

PLACING = {"route": f"POST {ORDERS}"}


async def test_a_gateway_answers_with_a_page_and_the_order_was_not_placed(quiet: Rig, client: Client) -> None:
    quiet.plan("http_error", where=PLACING, when={"nth": 1})
    client.order("first")
    answer = await client.answer()
    assert (answer.status, answer.headers["content-type"]) == (502, "text/html")
    assert b"502 Bad Gateway" in answer.body
    assert quiet.live_orders() == []
    await client.place("second")
    assert quiet.live_orders() == ["second"]


async def test_a_gateways_page_may_be_ones_own_and_come_after_the_order_was_placed(quiet: Rig, client: Client) -> None:
    quiet.plan("http_error", where=PLACING, status=599, body="späť", executed=True)
    client.order("first")
    answer = await client.answer()
    assert (answer.status, answer.body.decode()) == (599, "späť")
    assert quiet.live_orders() == ["first"]


async def test_too_many_calls_is_said_in_the_venues_own_words(quiet: Rig, client: Client) -> None:
    quiet.plan("rate_limited", where={"account": "alice"}, when={"first": 1})
    assert (await client.ask("GET", ACCOUNTS, who="bob")).status == 200
    answer = await client.ask("GET", ACCOUNTS, who="alice")
    assert (answer.status, answer.json["error_code"]) == (429, "30026")
    assert (await client.ask("GET", ACCOUNTS, who="alice")).status == 200


async def test_a_request_that_fails_the_venues_checks_meets_no_fault(quiet: Rig, client: Client) -> None:
    quiet.plan("reset")
    assert (await client.ask("GET", ACCOUNTS)).json["error_code"] == "30001"
    assert (await client.ask("GET", "/nowhere")).status == 404
    assert quiet.fired() == [(0, 0)]
    client.send("GET", TIME)
    assert await client.ending() == "reset"


@over_both
async def test_a_reset_connection_leaves_the_order_unplaced(quiet: Rig, client: Client) -> None:
    quiet.plan("reset", where=PLACING, when={"nth": 2})
    await client.place("first")
    client.order("second")
    assert await client.ending() == "reset"
    assert quiet.live_orders() == ["first"]
    await (await quiet.client()).place("third")
    assert quiet.live_orders() == ["first", "third"]


@over_both
async def test_a_lost_reply_leaves_the_order_placed(quiet: Rig, client: Client) -> None:
    quiet.plan("lose_reply", where=PLACING, when={"nth": 1})
    client.order("first")
    assert await client.ending() == "closed"
    assert quiet.live_orders() == ["first"]
    answer = await (await quiet.client()).ask("GET", f"{ORDERS}/first?instrument_id=BTC-JPY", who="alice")
    assert answer.json["client_oid"] == "first"


@over_both
async def test_a_delayed_reply_waits_for_virtual_time_though_the_order_is_placed(quiet: Rig, client: Client) -> None:
    quiet.plan("delay", where=PLACING, when={"nth": 1}, ms=1500)
    client.order("first")
    await never(client.reader)
    assert quiet.live_orders() == ["first"]
    quiet.advance(1.499)
    await never(client.reader)
    quiet.advance(0.001)
    assert (await client.answer()).json["client_oid"] == "first"
    assert (await client.ask("GET", TIME)).status == 200, "the connection lives on"


async def test_a_delayed_reply_carries_the_date_at_which_it_leaves(quiet: Rig, client: Client) -> None:
    quiet.plan("delay", ms=60_000)
    client.send("GET", TIME)
    await never(client.reader)
    quiet.advance(60)
    answer = await client.answer()
    assert answer.headers["date"] == "Thu, 01 Jan 2026 00:01:00 GMT"
    assert answer.json["iso"] == "2026-01-01T00:00:00.000Z"


async def test_a_request_may_be_carried_out_late(quiet: Rig, client: Client) -> None:
    quiet.plan("delay_before", where=PLACING, when={"nth": 1}, ms=45_000)
    client.order("first")
    await never(client.reader)
    assert quiet.live_orders() == []
    other = await quiet.client()
    await other.place("second")
    quiet.advance(60)
    assert (await client.answer()).status == 200
    assert quiet.live_orders() == ["second", "first"]
    created = {order["client_id"]: order["created"] for order in quiet.venue.orders()}
    assert created["first"] == "2026-01-01T00:00:45.000Z", "in the moment it was due, though time went on beyond it"


async def test_what_a_late_request_causes_still_comes_after_its_reply(quiet: Rig, client: Client) -> None:
    stream = await quiet.stream("spot/order:BTC-JPY", login="alice")
    quiet.record()
    quiet.plan("delay_before", where=PLACING, ms=1_000)
    client.order("first")
    await never(client.reader)
    quiet.advance(1)
    await client.answer()
    await stream.settled()
    kinds = [entry["kind"] for entry in quiet.recording()]
    assert kinds.index("response") < kinds.index("out")


async def test_a_reply_may_come_after_the_pushes_that_its_request_caused(quiet: Rig, client: Client) -> None:
    stream = await quiet.stream("spot/order:BTC-JPY", "spot/depth:BTC-JPY", login="alice")
    quiet.record()
    await client.place("first")
    quiet.plan("reply_after_push", where=PLACING)
    await client.place("second")
    await stream.settled()
    order = [entry["kind"] for entry in quiet.recording() if entry["kind"] in ("response", "out")]
    assert order[:4] == ["response", "out", "out", "response"]


async def test_every_fault_and_what_became_of_the_reply_is_in_the_recording(quiet: Rig) -> None:
    quiet.record()
    for action, arguments in (("reset", {}), ("lose_reply", {}), ("delay", {"ms": 1})):
        name = quiet.plan(action, where=PLACING, **arguments)
        client = await quiet.client()
        client.order(action.replace("_", ""))
        if action == "delay":
            await never(client.reader)
            quiet.advance(0.001)
            await client.answer()
        else:
            await client.ending()
        quiet.venue.clear_faults(name)
    entries = quiet.recording()
    faults = [(entry["rule"], entry["what"], entry["on"]) for entry in entries if entry["kind"] == "fault"]
    requests = [entry["n"] for entry in entries if entry["kind"] == "request"]
    assert faults == [("f1", "reset", requests[0]), ("f2", "lose_reply", requests[1]), ("f3", "delay", requests[2])]
    responses = [(entry["to"], entry["status"], entry["delivery"]) for entry in entries if entry["kind"] == "response"]
    assert responses == [(requests[1], 200, "lost"), (requests[2], 200, "delayed")]


@over_both
async def test_nothing_goes_wrong_when_the_client_of_a_delayed_reply_has_left(quiet: Rig, client: Client) -> None:
    quiet.plan("delay", where=PLACING, when={"first": 1}, ms=1_000)
    quiet.plan("delay_before", where=PLACING, when={"nth": 2}, ms=1_000)
    other = await quiet.client()
    for each, name in ((client, "first"), (other, "second")):
        each.order(name)
        await never(each.reader)
        each.cut()
    quiet.advance(2)
    assert quiet.live_orders() == ["first", "second"], "what was asked for is done, whether somebody waits or not"
    await (await quiet.client()).place("third")


async def test_clearing_a_plan_lets_go_of_the_replies_that_it_holds(quiet: Rig, client: Client) -> None:
    delay = quiet.plan("delay", where=PLACING, when={"nth": 1}, ms=60_000)
    quiet.plan("delay_before", where=PLACING, when={"nth": 2}, ms=60_000)
    other = await quiet.client()
    client.order("first")
    await never(client.reader)
    other.order("second")
    await never(other.reader)
    quiet.venue.clear_faults(delay)
    assert (await client.answer()).json["client_oid"] == "first"
    assert quiet.live_orders() == ["first"]
    quiet.venue.clear_faults()
    assert (await other.answer()).json["client_oid"] == "second"
    assert quiet.live_orders() == ["first", "second"]


async def test_requests_that_are_let_go_are_carried_out_in_the_order_in_which_they_came(quiet: Rig) -> None:
    quiet.plan("delay_before", where=PLACING, when={"nth": 2}, ms=60_000)
    quiet.plan("delay_before", where=PLACING, ms=90_000)
    clients = []
    for name in ("first", "second", "third"):
        clients.append(await quiet.client())
        clients[-1].order(name)
        await never(clients[-1].reader)
    quiet.venue.clear_faults()
    assert [(await client.answer()).status for client in clients] == [200] * 3
    assert quiet.live_orders() == ["first", "second", "third"]


@over_both
async def test_a_connection_may_be_reset_while_another_waits_for_its_reply(quiet: Rig, client: Client) -> None:
    quiet.plan("delay", where=PLACING, when={"nth": 1}, ms=1_000)
    quiet.plan("reset", where=PLACING, when={"nth": 2})
    client.order("first")
    await never(client.reader)
    other = await quiet.client()
    other.order("second")
    assert await other.ending() == "reset"
    quiet.advance(1)
    assert (await client.answer()).status == 200


@over_both
async def test_a_new_world_keeps_nobody_waiting(quiet: Rig, client: Client) -> None:
    quiet.plan("delay_before", where=PLACING, ms=1_000)
    client.order("first")
    await never(client.reader)
    quiet.world.reset()
    assert await client.ending() == "reset"
    quiet.advance(2)
    assert quiet.live_orders() == []
    assert quiet.venue.fault_rules() == []


@pytest.mark.parametrize("leave", [False, True])
async def test_a_server_stops_while_replies_are_delayed(leave: bool) -> None:
    async with asyncio.timeout(20), rig() as running:
        running.plan("delay", ms=60_000)
        client = await running.client()
        client.send("GET", BOOK)
        await never(client.reader)
        if leave:
            client.cut()
            await asyncio.sleep(0)


@pytest.mark.mockex(venues=["okcoinjp"], tls=True)
def test_connections_end_alike_under_a_server_of_its_own_thread(mockex: RunningWorld) -> None:
    """It runs on another event loop, where there is one."""
    for url in (mockex.okcoinjp.rest_url, mockex.okcoinjp.tls_rest_url):
        for action, refused in (("reset", True), ("lose_reply", False)):
            mockex.okcoinjp.plan_faults({"name": action, "what": {"action": action}})
            with closing(asked(url, mockex)) as connected, pytest.raises(ConnectionResetError) if refused else nullcontext():
                while connected.recv(65_536):  # over TLS there are records of the handshake still
                    pass
            mockex.okcoinjp.clear_faults(action)


def asked(url: str, world: RunningWorld) -> socket.socket:
    """The bare connection to `url`, over which somebody has just asked for the time. A TLS socket may take a reset for an end:
    https://github.com/python/cpython/issues/115627.
    """
    address = urlsplit(url)
    connected = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS)
    if address.scheme == "https":
        context = ssl.create_default_context(cafile=world.tls_ca)
        connected = context.wrap_socket(connected, server_hostname=address.hostname)
    connected.sendall(f"GET {TIME} HTTP/1.1\r\nHost: venue\r\n\r\n".encode())
    bare = socket.socket(fileno=connected.detach())
    bare.settimeout(PATIENCE_SECONDS)
    return bare


async def test_replies_wait_on_a_running_clock_too() -> None:
    async with rig(clock="real") as running:
        running.plan("delay", ms=30)
        client = await running.client()
        before_ns = running.world.clock.now_ns()
        await client.ask("GET", BOOK)
        assert running.world.clock.now_ns() - before_ns >= 30_000_000
