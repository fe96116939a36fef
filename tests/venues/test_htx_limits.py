"""Rate limits: how many calls of whom, what a refused one is told, and the headers that warn (htx§3, htx§7)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from htx_support import MINUTE, MS, SECOND, START_MS, Bench, Reply, by_id, probe, probe_venue
from mockex.fixtures import load

from mockex.venues.htx import VENUE
from mockex.venues.htx.errors import V2
from mockex.venues.htx.limits import EXPIRE_HEADER, REMAIN_HEADER, per_seconds
from mockex.wire.credentials import Permission

LIMITS = load("htx", "rate_limits")
SERVED = {route.path: route for route in VENUE.routes.routes}
PUBLIC = [row for row in LIMITS["endpoints"] if row["counted_per"] == "ip"]
REFUSED = (429, "rate-too-many-requests", "exceeded rate limit")

PROBES = probe_venue(
    probe("GET", "/v1/probe", Permission.READ, limit=per_seconds(3, 2, "probe")),
    probe("GET", "/v1/other", Permission.READ, limit=per_seconds(3, 2, "other")),
    probe("GET", "/v2/probe", Permission.READ, limit=per_seconds(1, 2, "v2 probe"), tags=frozenset({V2})),
    probe("GET", "/v1/free", Permission.READ),
)


def path_of(row: dict[str, Any]) -> str:
    path: str = load("htx", row["endpoint"])["path"]
    return path


@pytest.mark.parametrize("row", **by_id(PUBLIC))
def test_a_public_endpoint_has_the_limit_of_its_document(row: dict[str, Any]) -> None:
    limit = SERVED[path_of(row)].limit

    assert limit is not None
    assert (limit.limit, limit.window_ns) == (int(row["requests"]), int(row["window_s"]) * SECOND)


@pytest.mark.parametrize("row", **by_id([row for row in LIMITS["endpoints"] if row["counted_per"] != "ip"]))
def test_a_private_endpoint_has_the_limit_of_its_document(row: dict[str, Any]) -> None:
    endpoint = load("htx", row["endpoint"])
    served = {(route.method, pattern(route.path)): route.limit for route in VENUE.routes.routes}

    limit = served[endpoint["method"], pattern(endpoint["path"])]

    assert limit is not None
    assert (limit.limit, limit.window_ns) == (int(row["requests"]), int(row["window_s"]) * SECOND)


def pattern(path: str) -> str:
    """A path without the names of its variables."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_every_route_that_is_served_has_a_limit() -> None:
    assert {path_of(row) for row in PUBLIC} == {path for path, route in SERVED.items() if route.permission is None}
    assert [path for path, route in SERVED.items() if route.limit is None] == []


def test_public_calls_count_by_address_and_endpoint() -> None:
    bench = Bench(limits=True, start="2024-02-15T03:04:05Z")
    path, query = "/market/fullMbp", "symbol=btcusdt"
    for _ in range(5):
        assert bench.get(path, query).status == 200

    assert bench.get(path, query).error == REFUSED
    assert bench.send("GET", path, query, peer_ip="10.0.0.2").status == 200
    assert bench.get("/market/tickers").status == 200
    bench.clock.advance(SECOND - 1)
    assert bench.get(path, query).error == REFUSED
    bench.clock.advance(1)
    assert bench.get(path, query).status == 200


def test_public_replies_have_no_headers_of_limits() -> None:
    assert not {REMAIN_HEADER, EXPIRE_HEADER} & set(Bench(limits=True).get("/market/tickers").headers)


# --- private calls


def call(bench: Bench, path: str = "/v1/probe", who: str = "alice") -> Reply:
    return bench.get(path, bench.signed_query("GET", path, who=who))


def test_private_calls_count_by_user_and_endpoint_whatever_the_key() -> None:
    bench = Bench(limits=True, venue=PROBES, start="2024-02-15T03:04:04Z")
    for who in ("alice", "viewer", "alice"):
        assert call(bench, who=who).status == 200

    for who in ("alice", "viewer"):
        assert call(bench, who=who).error == REFUSED
    assert call(bench, who="bob").status == 200
    assert call(bench, "/v1/other").status == 200
    bench.clock.advance(2 * SECOND)
    assert call(bench).status == 200


def test_a_private_reply_tells_what_is_left_of_its_window_and_when_that_ends() -> None:
    bench = Bench(limits=True, venue=PROBES)
    window_ends = (START_MS // 2_000 + 1) * 2_000
    names = {header["name"] for header in LIMITS["headers"]}

    replies = [call(bench) for _ in range(4)]

    assert [reply.headers for reply in replies] == [
        {REMAIN_HEADER: str(left), EXPIRE_HEADER: str(window_ends)} for left in (2, 1, 0, 0)
    ]
    assert names == {REMAIN_HEADER, EXPIRE_HEADER}
    assert [reply.status for reply in replies] == [200, 200, 200, 429]


def test_the_end_of_a_window_is_told_by_the_venues_own_clock() -> None:
    bench = Bench(limits=True, venue=PROBES)
    bench.desk.skew_ns = MINUTE

    assert call(bench).headers[EXPIRE_HEADER] == str((START_MS // 2_000 + 1) * 2_000 + 60_000)


def test_a_v2_route_says_it_in_numbers_with_the_same_status_and_headers() -> None:
    bench = Bench(limits=True, venue=PROBES)
    call(bench, "/v2/probe")

    reply = call(bench, "/v2/probe")

    assert reply.error == (429, "1006", "rate limit")
    assert reply.headers[REMAIN_HEADER] == "0"
    assert (reply.status, LIMITS["v2_code"]) == (LIMITS["http_status"], 1006)


def test_a_call_that_is_not_authenticated_is_not_counted_and_has_no_headers() -> None:
    bench = Bench(limits=True, venue=PROBES)
    for _ in range(5):
        reply = bench.get("/v1/probe", "AccessKeyId=x")
        assert (reply.error[1], reply.headers) == ("api-signature-not-valid", {})

    assert call(bench).headers[REMAIN_HEADER] == "2"


def test_without_limits_every_call_passes_and_the_window_looks_untouched() -> None:
    bench = Bench(limits=False, venue=PROBES)

    assert {call(bench).headers[REMAIN_HEADER] for _ in range(10)} == {"3"}
    assert call(bench, "/v1/free").headers == {}


def test_a_refused_call_uses_nothing_up() -> None:
    bench = Bench(limits=True, venue=PROBES, start="2024-02-15T03:04:04Z")
    for _ in range(20):
        call(bench)
    bench.clock.advance(2 * SECOND - MS)
    assert call(bench).status == 429
    bench.clock.advance(MS)

    assert [call(bench).status for _ in range(4)] == [200, 200, 200, 429]
