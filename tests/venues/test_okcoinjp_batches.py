"""Batches of orders and of cancels: keys, order, limits, and that one bad item stops no other (okj§9.3)."""

from __future__ import annotations

from typing import Any

import pytest
from okcoinjp_support import SPOT, SpotBench

BATCH, CANCEL_BATCH = f"{SPOT}/batch_orders", f"{SPOT}/cancel_batch_orders"
GOOD = {"instrument_id": "btc-jpy", "side": "buy", "size": "1", "price": "100"}


def order(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (GOOD | changes).items() if value is not None}


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["error_code"] for row in rows]


# --- placing


def test_one_bad_order_stops_no_other() -> None:
    bench = SpotBench()
    items = [
        order(client_oid="a1"),
        order(client_oid="b1", price=None),
        order(client_oid="c1", size="2000000", price="100000"),
        order(client_oid="d1"),
    ]

    reply = bench.post(BATCH, items)

    assert reply.status == 200
    rows = reply.body["btc_jpy"]
    assert codes(rows) == ["0", "30023", "33017", "0"]
    assert [row["client_oid"] for row in rows] == ["a1", "b1", "c1", "d1"]
    assert [row["result"] for row in rows] == [True, False, False, True]
    assert [row["order_id"] for row in rows][1:3] == ["-1", "-1"]
    assert rows[1]["error_message"] == "{price}The parameter cannot be empty. The required parameter cannot be empty."
    assert [row["client_oid"] for row in bench.rows("/orders_pending")] == ["d1", "a1"]


def test_orders_of_one_batch_are_carried_out_in_its_order() -> None:
    """The second trades with the first, and the third finds nothing left."""
    bench = SpotBench()
    items = [order(side="sell"), order(order_type="3", client_oid="second1"), order(order_type="3", client_oid="third1")]

    assert codes(bench.post(BATCH, items).body["btc_jpy"]) == ["0", "0", "0"]

    assert (bench.detail("second1")["state"], bench.detail("third1")["state"]) == ("2", "-1")


@pytest.mark.parametrize(
    ("switches", "keys"), [({}, ["btc_jpy", "eth_jpy"]), ({"batch_key": "dash"}, ["btc-jpy", "eth-jpy"])], ids=str
)
def test_replies_are_keyed_by_pair_in_lower_case(switches: dict[str, str], keys: list[str]) -> None:
    bench = SpotBench(**switches)
    items = [order(instrument_id="BTC-JPY"), order(instrument_id="eth-JPY"), order(instrument_id="btc-jpy")]

    body = bench.post(BATCH, items).body

    assert list(body) == keys
    assert [len(rows) for rows in body.values()] == [2, 1]


def test_an_item_of_an_unknown_pair_fails_under_its_own_key() -> None:
    bench = SpotBench()

    body = bench.post(BATCH, [order(instrument_id="btc-eur"), order(instrument_id=None), order()]).body

    assert {key: codes(rows) for key, rows in body.items()} == {"btc_eur": ["30032"], "": ["30023"], "btc_jpy": ["0"]}


def test_ten_orders_of_four_pairs_each_are_taken() -> None:
    bench = SpotBench()
    pairs = ["BTC-JPY", "ETH-JPY", "XRP-JPY", "LTC-JPY"]
    items = [order(instrument_id=pair) for _ in range(10) for pair in pairs]

    body = bench.post(BATCH, items).body

    assert [len(rows) for rows in body.values()] == [10] * 4
    assert all(row["result"] for rows in body.values() for row in rows)


def test_one_order_too_many_refuses_the_whole_batch() -> None:
    """In any spelling of the pair; the bench checks that nothing was placed."""
    items = [order(instrument_id=("btc-jpy", "BTC-JPY")[index % 2]) for index in range(11)]

    assert SpotBench().post(BATCH, items).error == (400, "33015")


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_batch_answers_200_whatever_becomes_of_its_items(profile: str) -> None:
    reply = SpotBench(profile=profile).post(BATCH, [order(size="0")])

    assert (reply.status, codes(reply.body["btc_jpy"])) == (200, ["33024"])


def test_a_market_order_may_stand_in_a_batch() -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")

    body = bench.post(BATCH, [order(type="market", price=None, size=None, notional="50", client_oid="m1")]).body

    assert codes(body["btc_jpy"]) == ["0"]
    assert bench.detail("m1")["filled_size"] == "0.5"


@pytest.mark.parametrize("body", [{}, GOOD, [1], ["x"], [[]], [None], "x", 1, None, [GOOD, 1]], ids=str)
def test_what_is_no_list_of_objects_is_no_batch(body: object) -> None:
    bench = SpotBench()

    assert bench.post(BATCH, body).error == (400, "30021")
    assert bench.post(CANCEL_BATCH, body).error == (400, "30021")


# --- cancelling


def test_cancels_by_order_id_succeed_and_fail_one_by_one() -> None:
    bench = SpotBench()
    first, second = bench.order("buy", "1", "100"), bench.order("buy", "1", "100", instrument_id="ETH-JPY", client_oid="e1")
    foreign = bench.order("buy", "1", "100", who="bob")
    items = [
        {"instrument_id": "BTC-JPY", "order_ids": [first, "1", first, foreign, second, "abc1"]},
        {"instrument_id": "Eth-Jpy", "order_ids": [int(second)]},
    ]

    reply = bench.post(CANCEL_BATCH, items)

    assert reply.status == 200
    assert list(reply.body) == ["btc-jpy", "eth-jpy"]
    assert codes(reply.body["btc-jpy"]) == ["0", "33014", "33027", "30027", "33022", "33014"]
    assert [row["order_id"] for row in reply.body["btc-jpy"]] == [first, "1", first, foreign, second, ""]
    assert reply.body["btc-jpy"][5]["client_oid"] == "abc1", "an id with a letter is a client id wherever it stands"
    assert reply.body["eth-jpy"] == [
        {"client_oid": "e1", "error_message": "", "error_code": "0", "order_id": second, "result": True}
    ]
    assert bench.detail(foreign, who="bob")["state"] == "0"


def test_a_failed_cancel_in_a_batch_has_the_body_of_a_failed_cancel() -> None:
    bench = SpotBench()

    (row,) = bench.post(CANCEL_BATCH, [{"instrument_id": "btc-jpy", "order_ids": ["12345"]}]).body["btc-jpy"]

    assert row == bench.cancel("12345").body


def test_ten_client_ids_of_four_pairs_each_are_cancelled() -> None:
    """The text allows one a pair, the document's example has two (okj§9.3)."""
    bench = SpotBench()
    items = []
    for pair in ("btc-jpy", "eth-jpy", "xrp-jpy", "ltc-jpy"):
        names = [f"{pair[:3]}{index}" for index in range(10)]
        for name in names:
            bench.order("buy", "1", "100", instrument_id=pair, client_oid=name)
        items.append({"instrument_id": pair, "client_oids": names})

    body = bench.post(CANCEL_BATCH, items).body

    assert all(row["result"] for rows in body.values() for row in rows)
    assert bench.rows("/orders_pending") == []


def test_ids_of_one_pair_count_together_over_all_items() -> None:
    items = [{"instrument_id": "btc-jpy", "order_ids": ["1"] * 6}, {"instrument_id": "BTC-JPY", "order_ids": ["1"] * 5}]

    assert SpotBench().post(CANCEL_BATCH, items).error == (400, "33015")


def test_cancels_of_an_unknown_pair_or_of_none_fail_one_by_one() -> None:
    bench = SpotBench()
    items = [{"instrument_id": "btc-eur", "order_ids": ["1"]}, {"order_ids": ["1", "2"]}]

    body = bench.post(CANCEL_BATCH, items).body

    assert {key: codes(rows) for key, rows in body.items()} == {"btc-eur": ["30032"], "": ["30023", "30023"]}


@pytest.mark.parametrize("ids", [[], "", None])
def test_blank_lists_of_ids_are_absent(ids: object) -> None:
    bench = SpotBench()
    bench.order("buy", "1", "100", client_oid="a1")

    assert bench.post(CANCEL_BATCH, [{"instrument_id": "btc-jpy", "order_ids": ids}]).error == (400, "33059")
    body = bench.post(CANCEL_BATCH, [{"instrument_id": "btc-jpy", "order_ids": ids, "client_oids": ["a1"]}]).body
    assert codes(body["btc-jpy"]) == ["0"]


@pytest.mark.parametrize("ids", ["1", {"1": 1}, [None], [True], [1.5], [["1"]], 1], ids=str)
def test_ids_that_are_no_list_of_ids_have_a_bad_format(ids: object) -> None:
    assert SpotBench().post(CANCEL_BATCH, [{"instrument_id": "btc-jpy", "order_ids": ids}]).error == (400, "30025")


def test_true_means_accepted_and_the_order_is_gone_at_once_here() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")
    bench.post(CANCEL_BATCH, [{"instrument_id": "btc-jpy", "order_ids": [order_id]}])

    assert bench.detail(order_id)["status"] == "cancelled"
