"""Of several things that are wrong with one request the first is told, in the order of the specification (ktx§3).

Each ladder begins with a request in which everything is wrong that can be at once, and mends one thing after the other: the
step below is then what is told. In the end it succeeds.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from ktx_support import START_MS, Bench, signature
from mockex.fixtures import load

PAIR = "market=spot&symbol=BTC_USDT"
PERPETUAL = {
    "market": "lpc", "symbol": "BTC_USDT_SWAP", "type": "limit", "quantity": "0.1", "price": "100", "client_order_id": "8",
    "positionMerge": "long", "marginMethod": "isolate", "leverage": 10, "close": False,
}  # fmt: skip

# What is wrong, what says so, and how the request differs from a good one as long as it is. Keys of the body unless marked.
_LATE = str(START_MS - 1)
ORDER: list[tuple[str, int, dict[str, Any]]] = [
    ("too many requests", -20007, {"!max_requests": 1}),
    ("no such path", -20002, {"!path": "/v1/nothing"}),
    ("another method", -20004, {"!method": "PUT"}),
    ("no points left", -20006, {"!max_points": 4}),
    ("a header is missing", -21004, {"!api-sign": None}),
    ("a header is empty", -21005, {"!api-sign": ""}),
    ("the key is unknown", -21006, {"!api-key": "0" * 40}),
    ("it has expired", -20005, {"!api-expire-time": _LATE}),
    ("another text was signed", -21008, {"!signs": b"other"}),
    ("the body is no object", -21007, {"!body": b"[1"}),
    ("the key may only view", -20008, {"!who": "viewer"}),
    ("a parameter is missing", -21001, {"leverage": None}),
    ("a parameter is empty", -21002, {"client_order_id": ""}),
    ("a parameter is no such value", -21003, {"positionMerge": "both"}),
    ("no leverage is as high", -21003, {"leverage": 101}),
    ("there is no such product", -22003, {"symbol": "FOO_USDT_SWAP"}),
    ("the price has too many decimals", -22002, {"price": "100.00001"}),
    ("the direction is wrong", -22002, {"quantity": "-0.1"}),
    ("the money is not there", -30005, {"quantity": "100"}),
]


def sent(wrong: list[dict[str, Any]]) -> tuple[Bench, dict[str, Any]]:
    """A world and the order that is sent there, with all of that wrong; of what concerns the same thing the first."""
    request: dict[str, Any] = {}
    for each in reversed(wrong):
        request |= each
    limits = {name[1:]: request.pop(name) for name in ("!max_requests", "!max_points") if name in request}
    bench = Bench(limits=True, **limits)
    bench.open("carol", USDT="1000")
    return bench, request


def answer(bench: Bench, request: dict[str, Any]) -> Any:
    who = request.pop("!who", "carol")
    settings = {name[1:]: request.pop(name) for name in list(request) if name.startswith("!")}
    order = {name: value for name, value in (PERPETUAL | request).items() if value is not None}
    body = settings.pop("body", json.dumps(order).encode())
    material = bench.simulation.keys[who].material
    headers = {"api-key": material.api_key, "api-sign": signature(material.secret, settings.pop("signs", body))}
    method, path = settings.pop("method", "POST"), settings.pop("path", "/v1/order")
    headers = {name: value for name, value in (headers | settings).items() if value is not None}
    return bench.send(method, f"/api{path}", headers=headers, body=body)


@pytest.mark.parametrize("step", range(len(ORDER)), ids=[what for what, _, _ in ORDER])
def test_of_an_order_with_many_faults_the_first_is_told(step: int) -> None:
    bench, request = sent([how for _, _, how in ORDER[step:]])
    if "many requests" in ORDER[step][0]:
        bench.get("/v1/trades", PAIR)

    assert answer(bench, request).state == ORDER[step][1]


def test_the_ladder_has_every_check_of_the_specification_in_its_order() -> None:
    told = list(dict.fromkeys(code for _, code, _ in ORDER))
    documented = [check["error"] for check in load("ktx", "signing")["order_of_checks"]]
    documented.remove(-20006)  # points are counted once it is known what is asked for: a path that there is not has no price

    assert [code for code in told if code in documented] == documented


def test_an_order_with_none_of_these_faults_is_taken() -> None:
    assert answer(*sent([])).data["status"] == "accepted"


@pytest.mark.parametrize(
    ("path", "faulty"),
    [
        ("products", ["", "market=", "market=x&symbol=FOO", "market=spot&symbol=FOO"]),
        ("ticker", ["symbol=", "market=&symbol=FOO", "market=x&symbol=FOO", "market=spot&symbol=FOO"]),
        ("order_book", ["market=", "market=x&symbol=&level=7", "market=spot&symbol=FOO&level=7", "market=spot&symbol=FOO"]),
        ("order_book", ["symbol=", "market=spot&symbol=&price_scale=6", f"{PAIR}&price_scale=6", "market=lpc&symbol=BTC_USDT"]),
        ("trades", ["market=x", "market=x&symbol=", "market=spot&symbol=FOO&before=1&after=1", "market=spot&symbol=FOO"]),
        ("trades", ["market=x&limit=0", "market=&symbol=FOO", "market=spot&symbol=FOO&limit=0", "market=spot&symbol=FOO"]),
        (
            "candles",
            [
                "market=spot&symbol=FOO",
                "market=spot&symbol=FOO&time_frame=",
                "market=spot&symbol=FOO&time_frame=2m",
                "market=spot&symbol=FOO&time_frame=1m",
            ],
        ),
    ],
)
def test_what_is_missing_empty_or_wrong_is_told_before_the_product(path: str, faulty: list[str]) -> None:
    bench = Bench()

    assert [bench.get(f"/v1/{path}", query).state for query in faulty] == [-21001, -21002, -21003, -22003]


@pytest.mark.parametrize(
    ("path", "faulty"),
    [
        (
            "orders",
            [
                "status=settled&market=x&limit=",
                "status=open&market=x&symbol=",
                "status=settled&market=x&symbol=FOO",
                "status=settled&symbol=FOO",
            ],
        ),
        (
            "fills",
            ["market=&limit=0", "market=spot&symbol=&limit=0", "market=spot&symbol=FOO&limit=0", "market=spot&symbol=FOO"],
        ),
    ],
)
def test_of_a_private_list_the_first_fault_is_told(path: str, faulty: list[str]) -> None:
    bench = Bench()

    assert [bench.read(f"/v1/{path}", query).state for query in faulty] == [-21001, -21002, -21003, -22003]


@pytest.mark.parametrize(
    ("method", "path", "faulty"),
    [
        (
            "DELETE",
            "/v1/order",
            [({"market": ""}, -21001), ({"id": "c:x", "market": ""}, -21002), ({"id": "c:x"}, -21003), ({"id": "c:1"}, -30001)],
        ),
        (
            "DELETE",
            "/v1/orders",
            [
                ({"market": "", "side": "up"}, -21001),
                ({"symbol": "FOO", "market": "", "side": "up"}, -21002),
                ({"symbol": "FOO", "market": "spot", "side": "up"}, -21003),
                ({"symbol": "FOO", "market": "spot"}, -22003),
            ],
        ),
    ],
)
def test_of_a_cancel_the_first_fault_is_told(method: str, path: str, faulty: list[tuple[dict[str, str], int]]) -> None:
    bench = Bench()

    for body, code in faulty:
        assert bench.order(method, path, body).state == code
