"""The error table is that of the specification, every row of it has a cause, and a failure has the body of whoever refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from coinstore_support import (
    ACTIVE_V2,
    INFO,
    INFO_V2,
    MATCHES,
    PLACE,
    START,
    Bench,
    Reply,
    by_id,
    make_listing,
)
from mockex.fixtures import load

from mockex.core.markets import MarketPhase
from mockex.venues.coinstore import VENUE
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireRequest

TABLE = load("coinstore", "errors")
CODES = TABLE["codes"]
BODIES = {body["id"].rpartition(".")[2]: body for body in TABLE["bodies"]}
HTTP = {str(row["status"]) for row in TABLE["http"]}
CANCEL = "/api/trade/order/cancel"
TRANSFER = "/api/v1/future/transfer"
WITHDRAW = "/api/fi/v3/asset/doWithdraw"
ORDER = {"symbol": "BTCUSDT", "side": "BUY", "ordType": "LIMIT", "ordPrice": "100", "ordQty": "1"}


def template(message: str) -> str:
    return re.sub(r"\{\w+\}", "{}", message)


@pytest.mark.parametrize("row", **by_id(CODES))
def test_a_code_is_in_the_table_with_the_slug_of_its_source(row: dict[str, Any]) -> None:
    slugs = {template(error.message) for error in VENUE.faults.values() if error.code == str(row["code"])}

    assert slugs
    assert not row["message"] or template(row["message"]) in slugs


def test_no_code_is_invented_but_that_of_maintenance() -> None:
    known = {str(row["code"]) for row in CODES} | HTTP | {"405"}

    assert set(VENUE.errors_by_code) - known == {"503"}


def test_the_venues_own_errors_have_http_200() -> None:
    others = {error.code: error.status for error in VENUE.errors_by_code.values() if error.status != 200}

    assert others == {"400": 400, "404": 404, "405": 405, "429": 429, "500": 500, "503": 503}


# --- every row has a cause


def flagged(*flags: str) -> Callable[[Bench], Reply]:
    def cause(bench: Bench) -> Reply:
        bench.flag("alice", *flags)
        return bench.write(PLACE, ORDER)

    return cause


def order(**changes: Any) -> Callable[[Bench], Reply]:
    return lambda bench: bench.write(PLACE, {name: value for name, value in (ORDER | changes).items() if value is not None})


def again(bench: Bench) -> Reply:
    bench.place_id("BUY", "100", "1", clOrdId="a1")
    return bench.write(PLACE, ORDER | {"clOrdId": "a1"})


def fifty_one(bench: Bench) -> Reply:
    for _ in range(50):
        bench.place_id("BUY", "100", "1")
    return bench.write(PLACE, ORDER)


def closed(bench: Bench) -> Reply:
    bench.set_phase(MarketPhase.HALTED)
    return bench.write(PLACE, ORDER)


def money(path: str, **body: Any) -> Callable[[Bench], Reply]:
    return lambda bench: bench.write(path, body)


def sub_account(path: str, **body: Any) -> Callable[[Bench], Reply]:
    def cause(bench: Bench) -> Reply:
        bench.flag("alice", "sub_account")
        return bench.write(path, body)

    return cause


WITHIN = {"type": "0", "currencyCode": "USDT", "amount": "1", "from": "1", "to": "2"}
OUT = {"currencyCode": "USDT", "amount": "100", "address": "T", "chainType": "trc20"}

CAUSES: tuple[tuple[Callable[[Bench], Reply], int, str], ...] = (
    (lambda bench: bench.get(ACTIVE_V2), 401, "user-not-login"),
    (lambda bench: bench.send("GET", ACTIVE_V2, headers={"x-cs-apikey": "x"}), 3005, "signature error"),
    (order(symbol="FOOUSDT"), 3011, "symbol not found"),
    (closed, 3011, "symbol not found"),
    (lambda bench: bench.write(CANCEL, {"symbol": "FOO", "ordId": 1}), 3011, "symbol not found"),
    (lambda bench: bench.read(MATCHES, "symbol=foo"), 3011, "symbol not found"),
    (lambda bench: bench.get("/api/v1/market/depth/foo"), 3011, "symbol not found"),
    (flagged("pair_restricted"), 3012, "part-trade-limit"),
    (flagged("trading_restricted"), 3013, "trade-limit"),
    (flagged("sub_trading_restricted"), 3014, "user-trade-limit"),
    (flagged("sub_pair_restricted"), 3015, "user-part-trade-limit"),
    (lambda bench: bench.write(CANCEL, {"symbol": "BTCUSDT", "ordId": 1}), 3103, "order-not-found"),
    (lambda bench: bench.read(INFO, "ordId=1"), 3103, "order-not-found"),
    (order(ordQty="0.0000001"), 3104, "quantity-precision-error"),
    (order(ordPrice="100.001"), 3105, "price-precision-error"),
    (order(ordType="MARKET", ordAmt="100.001"), 3106, "amount-precision-error"),
    (again, 3111, "duplicate-order"),
    (order(ordQty="10000000000"), 3113, "account-insufficient"),
    (order(ordQty="0.000001"), 3190, "order-size-too-small"),
    (order(ordType="MARKET", side="SELL", ordQty="0.000001"), 3190, "order-size-too-small"),
    (order(ordType="MARKET", ordAmt="4.99"), 3191, "order-value-too-small"),
    (order(ordPrice="0.09"), 3192, "order-price-too-small"),
    (fifty_one, 3195, "active-order-limit"),
    (lambda bench: bench.read(INFO_V2, "ordId=1"), 4003, "order-not-exist"),
    (sub_account(WITHDRAW, **OUT), 6001, "sub-user-operator-business-error"),
    (sub_account(TRANSFER, **WITHIN | {"type": "1", "subAccount": "bob"}), 6001, "sub-user-operator-business-error"),
    (order(symbol=None), 400, "symbol-required"),
    (order(side=None), 400, "side-required"),
    (order(ordType=None), 400, "ordType-required"),
    (order(ordPrice=None), 400, "ordPrice-required"),
    (order(ordQty=None), 400, "ordQty-required"),
    (order(ordType="MARKET"), 400, "ordAmt-required"),
    (order(side="buy"), 400, "side-invalid"),
    (order(ordType="STOP"), 400, "ordType-invalid"),
    (order(timeInForce="GTD"), 400, "timeInForce-invalid"),
    (order(ordPrice="-1"), 400, "ordPrice-invalid"),
    (order(ordQty=0), 400, "ordQty-invalid"),
    (order(clOrdId="x" * 65), 400, "clOrdId-invalid"),
    (order(clOrdId="a\u0007"), 400, "clOrdId-invalid"),
    (order(timestamp="soon"), 400, "timestamp-invalid"),
    (money(TRANSFER, **WITHIN | {"amount": "0"}), 102150400, "amount error"),
    (
        money(TRANSFER, **{name: value for name, value in WITHIN.items() if name != "amount"}),
        101040502,
        "request field missing",
    ),
    (money(TRANSFER, **WITHIN | {"currencyCode": "DOGE"}), 101040502, "unsupported currency"),
    (money(TRANSFER, **WITHIN | {"to": "1"}), 101040502, "request field missing"),
    (money(TRANSFER, **WITHIN | {"amount": "1000000000000"}), 102150808, "insufficient balance"),
    (lambda bench: bench.get("/api/fi/v1/common/currency", "currencyCode=DOGE"), 101040502, "unsupported currency"),
)


@pytest.mark.parametrize(("cause", "code", "slug"), CAUSES, ids=[f"{row[1]} {row[2]} {n}" for n, row in enumerate(CAUSES)])
def test_an_error_has_its_cause(cause: Callable[[Bench], Reply], code: int, slug: str) -> None:
    reply = cause(Bench())

    assert (reply.status, reply.error) == (200, (code, slug))


def test_every_code_of_the_table_has_a_cause_here_or_in_a_file_of_its_own() -> None:
    elsewhere = {1401, 429}  # signing, limits

    assert {row["code"] for row in CODES} - {row[1] for row in CAUSES} == elsewhere


# --- which of two errors is told (cs§8)


PRECISE = make_listing(price_decimals=2, qty_decimals=2, min_qty="1", min_market_sell="1", min_budget="5")
STEPS: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("pair", {"symbol": "FOOUSDT"}, 3011),
    ("enumerations", {"side": "UP"}, 400),
    ("missing fields", {"ordQty": None}, 400),
    ("decimals of the price", {"ordPrice": "100.001"}, 3105),
    ("decimals of the quantity", {"ordQty": "0.001"}, 3104),
    ("minima", {"ordQty": "0.5"}, 3190),
    ("client id", {"clOrdId": "taken"}, 3111),
    ("funds", {"ordPrice": "9999999999999"}, 3113),
)


@pytest.mark.parametrize("first", range(len(STEPS)), ids=[step[0] for step in STEPS])
def test_of_two_errors_the_earlier_check_tells_its_own(first: int) -> None:
    """Each with everything that is checked later also wrong, as far as one order can have it."""
    bench = Bench(PRECISE)
    bench.place_id("BUY", "100", "1", clOrdId="taken")
    for _, other, _ in STEPS[first + 1 :]:
        changes = {"clOrdId": "taken", **other, **STEPS[first][1]}
        if STEPS[first][0] in ("client id", "funds"):
            changes = other | STEPS[first][1]

        assert order(**changes)(bench).error[0] == STEPS[first][2], changes
    assert order(**STEPS[first][1])(bench).error[0] == STEPS[first][2]


def test_restrictions_come_after_the_pair_and_before_the_fields() -> None:
    bench = Bench()
    bench.flag("alice", "pair_restricted", "trading_restricted")

    assert order(symbol="FOOUSDT")(bench).error[0] == 3011
    assert order(side=None)(bench).error[0] == 3012


def test_the_cap_comes_after_the_client_id_and_before_funds() -> None:
    bench = Bench()
    for number in range(50):
        bench.place_id("BUY", "100", "1", clOrdId=f"a{number}")

    assert order(clOrdId="a1")(bench).error[0] == 3111
    assert order(ordPrice="9999999999999")(bench).error[0] == 3195


# --- bodies


@pytest.mark.parametrize("name", ["signature", "key", "funds", "order", "transfer"])
def test_a_failure_has_the_body_of_the_example(name: str) -> None:
    bench = Bench()
    causes: dict[str, Callable[[], Reply]] = {
        "signature": lambda: bench.send("GET", ACTIVE_V2, headers=bench.signed_headers("x=1", b"")),
        "key": lambda: bench.send("GET", ACTIVE_V2, headers=bench.signed_headers("", b"") | {"x-cs-apikey": "nobody"}),
        "funds": lambda: order(ordQty="10000000000")(bench),
        "order": lambda: bench.write(CANCEL, {"symbol": "BTCUSDT", "ordId": 1}),
        "transfer": lambda: bench.write(TRANSFER, {"type": "0"}),
    }
    reply = causes[name]()

    assert (reply.status, reply.body) == (BODIES[name]["http_status"], BODIES[name]["body"])


def test_only_what_the_transfer_itself_refuses_has_the_body_of_transfers() -> None:
    bench = Bench()

    assert set(bench.send("POST", TRANSFER, body=b"{}").body) == {"message", "code"}
    assert set(bench.write(TRANSFER, {}, who="viewer").body) == {"message", "code"}
    assert set(bench.write(WITHDRAW, {}).body) == {"message", "code"}
    assert set(bench.write(TRANSFER, WITHIN | {"from": []}).body) == {"msg", "code", "data"}


SPRING = tuple[str, str, bytes, int, str, str]
SPRING_NAMES = ("method", "path", "body", "status", "error", "shown")
WEB_SERVER: tuple[SPRING, ...] = (
    ("GET", "/api/v1/market/markPrice", b"", 404, "Not Found", "/v1/market/markPrice"),
    ("GET", "/nothing", b"", 404, "Not Found", "/nothing"),
    ("GET", "/api/api/v2/trade/order/active", b"", 404, "Not Found", "/api/v2/trade/order/active"),
    ("GET", "/api/v1/ticker/price/;symbol=A", b"", 404, "Not Found", "/v1/ticker/price/;symbol=A"),
    ("GET", "/API/v1/market/tickers", b"", 404, "Not Found", "/API/v1/market/tickers"),
    ("GET", "/", b"", 404, "Not Found", "/"),
    ("GET", PLACE, b"", 405, "Method Not Allowed", "/trade/order/place"),
    ("PUT", PLACE, b"{}", 405, "Method Not Allowed", "/trade/order/place"),
    ("DELETE", "/api/v1/market/tickers", b"", 405, "Method Not Allowed", "/v1/market/tickers"),
    ("POST", "/api/v1/market/tickers", b"{}", 405, "Method Not Allowed", "/v1/market/tickers"),
)


@pytest.mark.parametrize(SPRING_NAMES, WEB_SERVER, ids=[" ".join(row[:2]) for row in WEB_SERVER])
def test_an_unknown_path_or_verb_gets_the_web_servers_body(
    method: str, path: str, body: bytes, status: int, error: str, shown: str
) -> None:
    reply = Bench().send(method, path, body=body)

    assert reply.status == status
    assert reply.body == {"timestamp": START.replace("Z", "+00:00"), "status": status, "error": error, "path": shown}
    assert list(reply.body) == list(BODIES["not-found"]["body"])


@pytest.mark.parametrize(
    "body",
    [b"", b"  ", b"{", b"nonsense", b"[]", b"1", b"null", b'"x"', b"symbol=BTCUSDT", b"\xff", b'{"a":NaN}', b'{"a":1}x',
     b"[" * 40 + b"]" * 40],
)  # fmt: skip
@pytest.mark.parametrize("path", [PLACE, "/api/spot/accountList", WITHDRAW, TRANSFER])
def test_a_post_without_a_json_object_is_http_400(path: str, body: bytes) -> None:
    reply = Bench().write(path, body)

    shown = path.removeprefix("/api")
    assert (reply.status, reply.body["status"], reply.body["error"], reply.body["path"]) == (400, 400, "Bad Request", shown)
    assert list(reply.body) == list(BODIES["bad-request"]["body"])


def test_maintenance_and_a_fault_of_the_venue_have_the_web_servers_body() -> None:
    bench = Bench()
    bench.desk.in_maintenance = True
    for path in ("place", "placeBatch", "cancel", "cancelBatch", "cancelBatchByClOrdId", "cancelAll"):
        reply = bench.write(f"/api/trade/order/{path}", ORDER | {"orders": [ORDER], "ordId": 1, "orderIds": [1]})
        assert (reply.status, reply.body["error"]) == (503, "Service Unavailable"), path
    assert bench.read(ACTIVE_V2).data == []
    broken = bench.simulation.refuse(WireRequest("GET", "/api/x", "", {}, b"", "127.0.0.1"), ApiFault(FaultKind.INTERNAL))
    assert broken.status == 500
    assert b'"error":"Internal Server Error","path":"/x"' in broken.body
