"""What a line-by-line reading of the specification against the running venue brought to light."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from okcoinjp_funding_rig import Bench
from okcoinjp_support import SECOND, SPOT, SpotBench, login_args, make_listing

from mockex.wire.credentials import Permission


@pytest.mark.parametrize(
    ("named", "order_id", "client_oid"),
    [({"order_id": 123}, "123", ""), ({"order_id": "", "client_oid": "abc"}, "", "abc")],
)
def test_a_refused_cancel_echoes_the_id_of_its_body_with_and_without_quotes(
    named: dict[str, object], order_id: str, client_oid: str
) -> None:
    reply = SpotBench().post(f"{SPOT}/cancel_orders", {"instrument_id": "BTC-JPY", **named})

    assert reply.error == (400, "33014")
    assert (reply.body["order_id"], reply.body["client_oid"], reply.body["result"]) == (order_id, client_oid, False)


@pytest.mark.parametrize(("step", "seconds"), [("1s", 1), ("10s", 10), ("60s", 60), ("600s", 600)])
def test_payments_move_on_at_the_chosen_pace(step: str, seconds: int) -> None:
    bench = Bench(payment_step=step)
    bench.withdraw()

    bench.clock.advance(seconds * SECOND - 1)
    assert bench.rows("/withdrawal/history")[0]["status"] == "1"
    bench.clock.advance(1)
    assert bench.rows("/withdrawal/history")[0]["status"] == "2"


def test_payments_by_hand_wait_for_an_operator() -> None:
    bench = Bench(payment_step="by hand")
    bench.withdraw()

    bench.clock.advance(86_400 * SECOND)
    assert bench.rows("/withdrawal/history")[0]["status"] == "1"


def test_a_key_that_may_not_read_neither_reads_over_http_nor_logs_in() -> None:
    bench = SpotBench()
    bench.simulation.add_key("mover", "alice", permissions=frozenset({Permission.TRADE, Permission.WITHDRAW}))
    socket = bench.connect()

    assert bench.get(f"{SPOT}/accounts", who="mover").error == (401, "30012")
    assert socket.send({"op": "login", "args": login_args(bench, "mover")}) == [
        {"event": "error", "message": "Login failure", "errorCode": 30027}
    ]
    assert socket.connection.credential is None


def test_a_key_that_may_only_read_reads_everything_and_posts_nothing() -> None:
    bench = SpotBench()
    posts = [route for route in bench.simulation.venue.routes.routes if route.method == "POST"]
    socket = bench.connect()

    for route in posts:
        path = route.path.replace("{order_ref}", "1")
        assert bench.post(path, {"instrument_id": "BTC-JPY"}, who="viewer").error == (401, "30012")
    assert bench.get(f"{SPOT}/accounts", who="viewer").status == 200
    socket.login("viewer")
    assert [message["table"] for message in socket.subscribe("spot/account:JPY", "spot/order:BTC-JPY")] == ["spot/account"]
    order_id = bench.order("buy", "1", "100")
    assert [row["order_id"] for row in socket.rows("spot/order")] == [order_id]


@pytest.mark.parametrize("symbol", ["btc-jpy", "BTC_JPY", "JPY-BTC", "BTC-JPY-2"])
def test_a_pair_that_no_request_could_name_is_not_listed(symbol: str) -> None:
    with pytest.raises(ValueError, match="is no symbol of okcoinjp, which writes BTC-JPY"):
        SpotBench(replace(make_listing(), symbol=symbol))


def test_a_pair_of_the_operators_own_is_valued_at_the_price_that_it_was_listed_with() -> None:
    listing = replace(make_listing("NEO-JPY"), reference_price=Decimal(2_000))
    bench = SpotBench(listing, accounts={"alice": {"NEO": "3"}})

    reply = bench.get("/api/account/v3/asset-valuation", "account_type=1")

    assert reply.body["balance"] == 6_000
