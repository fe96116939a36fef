"""What an operator makes of the venue, as the client meets it: planned faults, maintenance, profiles, switches."""

from __future__ import annotations

import pytest
from endtoend_rig import BTC_JPY, VENUE, Rig, balance, d, quiet_world, rig, sell
from mockex.clients.okcoinjp import (
    ErrorReported,
    MarketBuy,
    OkcoinClient,
    OkcoinError,
    OrderReceipt,
    OrderState,
    channels,
    errors,
)
from mockex.clients.okcoinjp.error_codes import ERROR_CLASSES
from mockex.clients.okcoinjp.funding_models import NewWithdrawal

ORDERS = "/api/spot/v3/orders"


# --- planned faults


async def test_every_error_of_the_venues_table_reaches_the_client_as_its_class(quiet: Rig, alice: OkcoinClient) -> None:
    table = quiet.simulation().venue.errors_by_code
    assert len(table) > 120
    for code, error in table.items():
        if code == "30043":  # only on a WebSocket
            continue
        for method, path, call in (
            ("GET", "/api/spot/v3/accounts", alice.trading.accounts),
            ("POST", ORDERS, lambda: alice.trading.place_order(sell("7000000", "1", client_oid="mine"))),
        ):
            quiet.venue.fail_next(code=code, method=method, path=path)
            with pytest.raises(OkcoinError) as failed:
                await call()
            raised = failed.value
            assert (type(raised), raised.code) == (ERROR_CLASSES[int(code)], int(code))
            assert raised.http_status == error.status
            order_level = method == "POST" and (code.startswith("33") or code == "30038")
            assert (raised.order_id, raised.client_oid) == (None, "mine" if order_level else None)
    assert quiet.venue.faults() == []
    assert (await alice.trading.open_orders()).rows == ()


@pytest.mark.parametrize("executed", [False, True])
async def test_a_timeout_leaves_open_whether_the_order_exists(quiet: Rig, alice: OkcoinClient, *, executed: bool) -> None:
    stream = await quiet.stream(alice, channels.orders(BTC_JPY))
    quiet.venue.fail_next(code="30044", path=ORDERS, method="POST", executed=executed)
    with pytest.raises(errors.RequestTimeoutError) as failed:
        await alice.trading.place_order(sell("7000000", "1", client_oid="perhaps"))
    assert failed.value.outcome_unknown
    expected = ["perhaps"] if executed else []
    assert [order.client_oid for order in (await alice.trading.open_orders()).rows] == expected
    await stream.settled()
    assert [push.order.client_oid for push in stream.pushes(channels.orders(BTC_JPY))] == expected


async def test_a_fault_may_meet_one_account_and_come_more_than_once(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    quiet.venue.fail_next(code="30009", account="bob", times=2)
    await alice.trading.accounts()
    for _ in range(2):
        with pytest.raises(errors.ServerFaultError) as failed:
            await bob.trading.accounts()
        assert (failed.value.http_status, failed.value.outcome_unknown) == (500, True)
    assert await bob.trading.accounts() == (balance("JPY", "100000000"),)


async def test_a_request_on_the_stream_may_fail_too(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice)
    quiet.venue.fail_next(code="30043", method="WS", path="subscribe")
    with pytest.raises(errors.ServerFaultError) as failed:
        await stream.stream.subscribe(channels.trades(BTC_JPY))
    assert failed.value.code == 30043
    await stream.stream.subscribe(channels.trades(BTC_JPY))
    assert ErrorReported not in stream.kinds()


# --- conditions


async def test_maintenance_refuses_orders_and_shows_everything_else(quiet: Rig, alice: OkcoinClient) -> None:
    receipt = await alice.trading.place_order(sell("7000000", "1"))
    quiet.venue.set_maintenance(on=True)
    for attempt in (
        alice.trading.place_order(sell("7000000", "1")),
        alice.trading.cancel_order(BTC_JPY, receipt.order_id),
    ):
        with pytest.raises(errors.MaintenanceError) as refused:
            await attempt
        assert refused.value.code == 30038
    (outcome,) = (await alice.trading.place_orders([sell("7000000", "1")]))[BTC_JPY]
    assert isinstance(outcome, errors.MaintenanceError)
    assert (await alice.trading.order(BTC_JPY, receipt.order_id)).state is OrderState.OPEN
    assert await alice.trading.account("BTC") == balance("BTC", "10", "1")
    quiet.venue.set_maintenance(on=False)
    await alice.trading.cancel_order(BTC_JPY, receipt.order_id)


async def test_routes_keys_accounts_and_pairs_are_switched_off_and_on(quiet: Rig, alice: OkcoinClient) -> None:
    quiet.venue.close_route(ORDERS, method="POST")
    with pytest.raises(errors.UnavailableError) as unavailable:
        await alice.trading.place_order(sell("7000000", "1"))
    assert unavailable.value.code == 30019
    quiet.venue.open_route(ORDERS, method="POST")

    quiet.venue.freeze_key("alice")
    with pytest.raises(errors.AccountSuspendedError) as suspended:
        await alice.trading.accounts()
    assert (suspended.value.code, suspended.value.http_status) == (30022, 401)
    quiet.venue.thaw_key("alice")

    quiet.venue.freeze("alice")
    with pytest.raises(errors.AccountSuspendedError) as suspended:
        await alice.trading.accounts()
    assert suspended.value.code == 30029
    quiet.venue.thaw("alice")

    quiet.venue.set_flag("trading_off")
    with pytest.raises(errors.UnavailableError) as unavailable:
        await alice.trading.place_order(sell("7000000", "1"))
    assert unavailable.value.code == 30035
    quiet.venue.set_flag("trading_off", on=False)

    for phase, order, code in (
        ("call_auction", MarketBuy(instrument_id=BTC_JPY, notional=d("10000")), 33034),
        ("price_discovery", sell("7000000", "1"), 33023),
    ):
        quiet.venue.set_phase(BTC_JPY, phase)
        with pytest.raises(errors.OrderRejectedError) as refused:
            await alice.trading.place_order(order)
        assert refused.value.code == code
    quiet.venue.set_phase(BTC_JPY, "continuous")
    await alice.trading.place_order(sell("7000000", "1"))


async def test_a_key_bound_to_another_address_is_refused(quiet: Rig) -> None:
    quiet.venue.create_key("alice", "bound", allowed_ips=["203.0.113.7"])
    quiet.venue.create_key("alice", "here", allowed_ips=["203.0.113.7", "127.0.0.1"])
    with pytest.raises(errors.PermissionDeniedError) as refused:
        await (await quiet.client("bound")).trading.accounts()
    assert refused.value.code == 30011
    assert await (await quiet.client("here")).trading.account("BTC") == balance("BTC", "10")


# --- profile and switches


async def test_the_observed_profile_tells_the_same_errors_in_its_own_way() -> None:
    async with rig(quiet_world(profiles={VENUE: "observed"})) as running:
        alice = await running.client("alice")
        with pytest.raises(errors.InsufficientFundsError) as refused:
            await alice.trading.place_order(sell("7000000", "11", client_oid="toomuch"))
        assert (refused.value.code, refused.value.http_status, refused.value.client_oid) == (33017, 200, "toomuch")
        with pytest.raises(errors.OrderNotFoundError) as unknown:
            await alice.trading.cancel_order(BTC_JPY, "2510789768700000")
        assert (unknown.value.code, unknown.value.http_status) == (33014, 200)
        assert unknown.value.order_id == "2510789768700000"
        with pytest.raises(errors.OrderNotFoundError) as unknown:
            await alice.trading.order(BTC_JPY, "nosuch1")
        assert (unknown.value.code, unknown.value.http_status) == (33014, 404)
        receipt = await alice.trading.place_order(sell("7000000", "1"))
        assert (await alice.trading.order(BTC_JPY, receipt.order_id)).state is OrderState.OPEN


async def test_switches_change_what_the_client_meets() -> None:
    switches = {"strict_precision": True, "batch_key": "dash", "open_order_cap": "10", "require_reason": True}
    async with rig(quiet_world(switches={VENUE: switches})) as running:
        alice = await running.client("alice")
        for order, code in ((sell("7000000.05", "1"), 33028), (sell("7000000", "0.123456789"), 33029)):
            with pytest.raises(errors.OrderRejectedError) as refused:
                await alice.trading.place_order(order)
            assert refused.value.code == code
        placed = await alice.trading.place_orders([sell("7000000", "0.1")] * 10)
        assert [type(outcome) for outcome in placed[BTC_JPY]] == [OrderReceipt] * 10
        with pytest.raises(errors.OrderRejectedError) as refused:
            await alice.trading.place_order(sell("7000000", "0.1"))
        assert refused.value.code == 33036
        request = NewWithdrawal(
            currency="BTC",
            amount=d("1"),
            to_address="17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",
            trade_pwd="123456",
            fee=d("0.001"),
        )
        with pytest.raises(errors.InvalidRequestError) as missing:
            await alice.funding.withdraw(request)
        assert missing.value.code == 30023
        assert await alice.funding.withdrawals() == ()


async def test_old_status_numbers_leave_the_client_without_a_meaning() -> None:
    async with rig(quiet_world(switches={VENUE: {"legacy_status": True}})) as running:
        alice = await running.client("alice")
        await alice.funding.withdraw_jpy(amount=d("10000"), trade_pwd="123456")
        running.advance(seconds=1)
        (row,) = await alice.funding.jpy_withdrawals()
        assert (row.status, row.status_code) == (None, "0")  # "running", before 2023-11
