"""The error table of KTX's second generation: what leads to each of its codes, and that none of another table is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ktx_gen2_support import PERPETUAL, SAMPLE, Bench2
from ktx_support import Bench, Reply, signature
from ktx_user_client import UserSocket, customer
from ktx_user_client import order as placed
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount, SetPhase
from mockex.core.markets import MarketPhase
from mockex.venues.ktx import VENUE
from mockex.wire.credentials import Permission

FIXTURE = load("ktx", "gen2")
ERRORS = load("ktx", "errors")
TABLE = VENUE.under("gen2").errors_by_code
# Printed, and never told here: events, ids and fields that are not served, and the older ones of codes that there are twice.
RESERVED = {
    *(-12001, -12002, -12011, -20003, -21000, -21003, -21007, -21008, -21103, -21104, -21109, -21110, -21112, -21114),
    *(-21211, -21213, -21215, -21403),
}
FRAMES = {-1000, -1001, -1002, -1003}

Case = Callable[[Bench2], Reply]


def maintained(bench: Bench2) -> Reply:
    bench.desk.in_maintenance = True
    return bench.place()


def halted(bench: Bench2) -> Reply:
    bench.desk.execute(SetPhase(symbol="BTC_USDT", phase=MarketPhase.HALTED))
    return bench.place()


def frozen(bench: Bench2) -> Reply:
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))
    return bench.place()


def with_headers(**changes: str | None) -> Case:
    """A read with other headers than it should have; None leaves one out."""

    def send(bench: Bench2) -> Reply:
        headers = {**bench.signed(b"", "alice"), **{name.replace("_", "-"): value for name, value in changes.items()}}
        return bench.send(
            "GET", "/papi/v1/trade/accounts", headers={name: value for name, value in headers.items() if value is not None}
        )

    return send


def late(bench: Bench2) -> Reply:
    material, expires = bench.simulation.keys["alice"].material, str(bench.now_ms - 1)
    signed = signature(material.secret, expires.encode())
    headers = {"api-key": material.api_key, "api-sign": signed, "api-expire-time": expires}
    return bench.send("GET", "/papi/v1/trade/accounts", headers=headers)


def from_elsewhere(bench: Bench2) -> Reply:
    key = bench.simulation.add_key("bound", "alice", permissions=frozenset(Permission), allowed_ips=("203.0.113.9",))
    assert key.material.api_key
    return bench.read("/v1/trade/accounts", who="bound")


def too_many_requests(bench: Bench2) -> Reply:
    limited = Bench2(limits=True, max_requests=1)
    limited.get("/v1/ping")
    return limited.get("/v1/ping")


def too_much_usage(bench: Bench2) -> Reply:
    limited = Bench2(limits=True, max_points=1)
    limited.get("/v1/ping")
    return limited.get("/v1/ping")


def again(**body: Any) -> Case:
    """The same order twice, of which the first is good."""

    def send(bench: Bench2) -> Reply:
        assert not bench.place(**body).failed
        return bench.place(**body)

    return send


def five_hundred_and_one(bench: Bench2) -> Reply:
    for _ in range(500):
        placed(bench, "alice", "buy", "0.0001", "1", symbol="BTC_USDT")
    return bench.place()


def crossing(bench: Bench2) -> Reply:
    bench.rest("sell", "90000")
    return bench.place(post_only=True)


def poor(bench: Bench2) -> Reply:
    customer(bench, "carol", "9")
    return bench.place(who="carol")


def of_a_long(**changes: Any) -> Case:
    """An order against a long position of ten times leverage."""

    def send(bench: Bench2) -> Reply:
        bench.hold_long()
        return bench.place_contract(**{"price": "100000", **changes})

    return send


def levered(leverage: object) -> Case:
    def send(bench: Bench2) -> Reply:
        return bench.post("/v1/change/leverage", positionId=bench.hold_long(), leverage=leverage)

    return send


def moved(amount: object, way: object = 1, **changes: Any) -> Case:
    def send(bench: Bench2) -> Reply:
        return bench.post("/v1/margin/transfer", **{"positionId": bench.hold_long(), "type": way, "amount": amount, **changes})

    return send


def read(path: str, query: str = "") -> Case:
    return lambda bench: bench.read(path, query)


def post(path: str, **body: Any) -> Case:
    return lambda bench: bench.post(path, **body)


def place(**changes: Any) -> Case:
    return lambda bench: bench.place(**changes)


def contract(**changes: Any) -> Case:
    return lambda bench: bench.place_contract(**changes)


CASES: list[tuple[int, str, Case]] = [
    (-10000, "maintenance", maintained),
    (-10001, "a product that is halted", halted),
    (-10002, "withdrawals", post("/v1/withdraw", coin_symbol="BTC", amount="1", addr="x")),
    (-10002, "addresses", post("/v1/depositAddr")),
    (-10002, "transfers between accounts", post("/v1/subaccount/transfer")),
    (-11001, "a request that is late", late),
    (-11002, "a key that may only read", lambda bench: bench.place(who="viewer")),
    (-11003, "too many requests", too_many_requests),
    (-11004, "too much usage", too_much_usage),
    (-12003, "an unknown path", lambda bench: bench.get("/v1/nothing")),
    (-12004, "a method that there is not", lambda bench: bench.send("PUT", "/papi/v1/order")),
    (-12012, "bounds that do not go together", read("/v1/fills", "market=spot&symbol=BTC_USDT&before=1&after=1")),
    (-12012, "an immediate order that may not take", place(time_in_force="ioc", post_only=True)),
    (-12012, "a fill-or-kill order that may not take", place(time_in_force="fok", post_only=True)),
    (-12013, "an order without a side", place(side=None)),
    (-12013, "a contract without leverage", contract(leverage=None)),
    (-12013, "past orders of no product", read("/v1/history/orders", "market=spot")),
    (-12013, "pending orders of no market", read("/v1/pending/orders")),
    (-12013, "a transfer of nothing", post("/v1/transfer")),
    (-12014, "an order with an empty side", place(side="")),
    (-12015, "an unknown market", place(market="moon")),
    (-12015, "a limit that is too high", read("/v1/fills", "market=spot&symbol=BTC_USDT&limit=1001")),
    (-12015, "a transfer of an unknown kind", post("/v1/transfer", symbol="USDT", amount=1, type="AWAY")),
    (-12015, "a transfer of an unknown asset", post("/v1/transfer", symbol="XYZ", amount=1, type="TRADE_WALLET")),
    (-12015, "a type of a ledger that there is not", read("/v1/ledgers", "type=x")),
    (-12101, "a signature of something else", with_headers(api_sign="0" * 64)),
    (-12102, "a body that is no object", lambda bench: bench.order("POST", "/v1/order", b"[]")),
    (-12102, "a body that is no JSON", lambda bench: bench.order("POST", "/v1/order", b"{")),
    (-12103, "a key that is bound to an address", from_elsewhere),
    (-20001, "an order that there is not", read("/v1/order", "id=4611687117939015681")),
    (-20001, "an order that nobody can cancel", post("/v1/order/delete", id="c:7")),
    (-20005, "closing more than there is", of_a_long(side="sell", close=True, quantity="0.2")),
    (-20005, "a transfer of more than there is", post("/v1/transfer", symbol="USDT", amount=1, type="WALLET_TRADE")),
    (-21001, "an order that cannot be filled at once", place(time_in_force="fok")),
    (-21002, "an order that may not take and would", crossing),
    (-21004, "no key", with_headers(api_key=None)),
    (-21004, "no signature", with_headers(api_sign=None)),
    (-21004, "no time of expiry", with_headers(api_expire_time=None)),
    (-21005, "an empty key", with_headers(api_key="")),
    (-21006, "an unknown key", with_headers(api_key="0" * 40)),
    (-21006, "a time of expiry that is none", with_headers(api_expire_time="soon")),
    (-21084, "no leverage at all", contract(leverage=0)),
    (-21084, "more leverage than anybody has", contract(leverage=101)),
    (-21084, "more leverage than the tier has", contract(quantity="11", price="100000", leverage=68)),
    (-21084, "another leverage than the position's", of_a_long(leverage=11)),
    (-21084, "a changed leverage out of the tier", levered(101)),
    (-21100, "a new split position that has an id", contract(positionMerge="none", positionId="1125899906842624002")),
    (-21101, "an id that is none", read("/v1/order", "id=x")),
    (-21101, "an own id that is none", post("/v1/order/delete", id="c:x")),
    (-21101, "fills of an id that is none", read("/v1/fills", "market=spot&order_id=x")),
    (-21102, "an own id that is no number", place(client_order_id="x")),
    (-21105, "an unknown product", place(symbol="XYZ_USDT")),
    (-21105, "a product of another market", place(market="spot", symbol=PERPETUAL)),
    (-21105, "a book of an unknown product", lambda bench: bench.get("/v1/order_book", "market=spot&symbol=XYZ_USDT")),
    (-21106, "an unknown type", place(type="maybe")),
    (-21107, "a price with too many decimals", place(price="90000.00001")),
    (-21107, "a price that is no number", place(price="high")),
    (-21107, "a price of nothing", place(price="0")),
    (-21108, "a quantity with a sign", place(quantity="-0.0001")),
    (-21108, "a quantity with too many decimals", place(quantity="0.00001")),
    (-21108, "too large a quantity", place(quantity="10000001", price="1")),
    (-21108, "too large a value", place(quantity="10000000", price="1000.1")),
    (-21111, "an unknown time in force", place(time_in_force="gtx")),
    (-21113, "a trigger that is neither on nor off", contract(tpo_trigger=2)),
    (-21115, "an id of a position that is none", contract(positionId="x")),
    (-21115, "closing a position that there is not", contract(side="sell", positionMerge="none", close=True, positionId="7")),
    (-21115, "leverage of a position that there is not", post("/v1/change/leverage", positionId="7", leverage=2)),
    (-21115, "margin of a position that there is not", post("/v1/margin/transfer", positionId="7", type=1, amount=1)),
    (-21116, "an unknown merge", contract(positionMerge="both")),
    (-21118, "an unknown margin method", contract(marginMethod="none")),
    (-21118, "another margin method than the position's", of_a_long(marginMethod="cross")),
    (-21106, "a margin transfer of an unknown type", moved(1, 3)),
    (-21201, "an account that is frozen", frozen),
    (-21212, "an own id that is taken", again(client_order_id="7")),
    (-21214, "too many open orders", five_hundred_and_one),
    (-21301, "an order that cannot be paid", poor),
    (-21301, "more margin than there is money", moved("1000000000000")),
    (-21401, "an unknown side", place(side="both")),
    (-21401, "opening a long by selling", contract(side="sell")),
    (-21402, "closing a long by buying", of_a_long(side="buy", close=True)),
    (-21402, "closing that is no yes or no", contract(close="maybe")),
    (-21411, "margin that the position needs", moved("0.1", 2)),
    (-22001, "a transfer of nothing at all", post("/v1/transfer", symbol="USDT", amount=0, type="TRADE_WALLET")),
    (-22001, "a transfer against its type", post("/v1/transfer", symbol="USDT", amount=-1, type="WALLET_TRADE")),
    (-22001, "margin below nothing", moved(-1)),
]


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, _, case in CASES], ids=[name for _, name, _ in CASES])
def test_what_goes_wrong_is_told_by_its_code(code: int, case: Case) -> None:
    reply = case(Bench2())

    assert reply.state == code
    assert reply.body["msg"].startswith(TABLE[str(code)].message)
    assert reply.status == (404 if code == -12003 else 200)


@pytest.mark.parametrize("request_", [row for row in FIXTURE["requests"] if "error" in row], ids=lambda row: row["id"])
def test_a_published_order_of_what_is_not_served_is_told_so(request_: dict[str, Any]) -> None:
    assert Bench2().order("POST", request_["path"], request_["body"]).state == request_["error"]


@pytest.mark.parametrize("value", [[], {}, ["limit"], True, 1])
def test_a_type_of_order_that_is_no_text_is_told_as_any_wrong_one(value: object) -> None:
    assert Bench2().place(type=value).state == -21106


def test_a_transfer_id_is_used_once() -> None:
    bench, body = Bench2(), {"symbol": "USDT", "amount": 1, "type": "TRADE_WALLET", "transfer_id": "mine"}
    bench.post("/v1/transfer", **body)

    assert bench.post("/v1/transfer", **body).state == -20002


def test_limits_and_permissions_of_streams_have_the_codes_of_this_table() -> None:
    bench = Bench2(max_streams=1)
    market = bench.connect(host="m-stream.ktx.com")
    user = UserSocket(bench)
    two = ["spot.BTC_USDT.trades", "spot.BTC_USDT.ticker"]

    assert [each["error"] for each in market.send({"method": "SUBSCRIBE", "params": two})] == [-20004]
    assert [each["error"] for each in user.send({"method": "SUBSCRIBE", "params": ["order"]})] == [-11002]
    assert [each["error"] for each in user.login(**{"api-sign": "0" * 64})] == [-12101]


def test_what_is_wrong_with_a_frame_has_the_codes_that_it_had() -> None:
    socket = Bench2().connect()

    answers = [
        socket.send("[]"),
        socket.send({"method": "JUMP"}),
        socket.send({"method": "SUBSCRIBE"}),
        socket.send({"method": "SUBSCRIBE", "params": ["x"]}),
    ]
    assert [answer["error"] for (answer,) in answers] == [-1000, -1001, -1002, -1003]


def test_every_code_of_the_table_is_told_somewhere_here_or_reserved() -> None:
    told = {code for code, _, _ in CASES} | FRAMES | {-20002, -20004}

    assert told & RESERVED == set()
    assert told | RESERVED == {int(code) for code in TABLE}
    ranges = {code for row in ERRORS["gen2_ranges"] for code in range(row["from"], row["to"] + 1)}
    assert {row["code"] for row in ERRORS["gen2_codes"]} <= {int(code) for code in TABLE}
    assert {int(code) for code in TABLE} - FRAMES <= {row["code"] for row in ERRORS["gen2_codes"]} | ranges


def test_the_same_mistake_has_the_code_of_the_generation_that_it_is_made_in() -> None:
    first, second = Bench(), Bench2()
    unknown = {**SAMPLE, "symbol": "XYZ_USDT"}
    expired = {"api-key": "x", "api-sign": "y", "api-expire-time": "1"}

    assert (first.order("POST", "/v1/order", unknown).state, second.place(**unknown).state) == (-22003, -21105)
    assert first.send("GET", "/api/v1/accounts", headers=expired).state == -21006
    assert (first.get("/v1/nothing").state, second.get("/v1/nothing").state) == (-20002, -12003)
    gen1, gen2 = {int(code) for code in VENUE.errors_by_code}, {int(code) for code in TABLE}
    assert {row["code"] for row in ERRORS["codes"]} == gen1
    assert gen1 & gen2 == {*FRAMES, -10001, -22001, *range(-20005, -20000), *range(-21008, -21000)}
