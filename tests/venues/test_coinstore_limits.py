"""Two limits, of an address and of a user: what counts, what is said, and when it is over (cs§2)."""

from __future__ import annotations

from coinstore_support import ACTIVE, BALANCES, MS, SECOND, Bench, Reply
from mockex.fixtures import load

RULES = load("coinstore", "rate_limits")
ADDRESS, USER = (int(row["requests"]) for row in RULES["limits"])
TICKERS = "/api/v1/market/tickers"


def public(bench: Bench, path: str = TICKERS, ip: str = "127.0.0.1") -> Reply:
    return bench.send("GET", path, peer_ip=ip)


def signed(bench: Bench, who: str = "alice", ip: str = "127.0.0.1") -> Reply:
    return bench.send("GET", ACTIVE, headers=bench.signed_headers("", b"", who=who), peer_ip=ip)


def test_the_301st_request_of_an_address_in_three_seconds_is_one_too_many() -> None:
    bench = Bench(limits=True)
    for _ in range(ADDRESS):
        assert public(bench).status == 200

    reply = public(bench)

    assert (reply.status, reply.body, reply.headers) == (RULES["http_status"], RULES["body"], {})
    assert public(bench, ip="203.0.113.9").status == 200
    assert int(RULES["limits"][0]["window_ms"]) * MS == 3 * SECOND


def test_the_121st_signed_request_of_a_user_is_one_too_many_whichever_key_and_address_it_comes_from() -> None:
    bench = Bench(limits=True)
    for number in range(USER):
        assert signed(bench, who=("alice", "viewer")[number % 2], ip=f"203.0.113.{number % 7}").status == 200

    reply = signed(bench, ip="203.0.113.200")

    assert (reply.status, reply.body) == (429, RULES["body"])
    assert signed(bench, who="bob").status == 200
    assert public(bench).status == 200


def test_the_window_slides_and_what_was_refused_does_not_count() -> None:
    bench = Bench(limits=True)
    for _ in range(USER):
        signed(bench)
    bench.clock.advance(3 * SECOND - 1)
    assert [signed(bench).status for _ in range(20)] == [429] * 20
    bench.clock.advance(1)

    assert [signed(bench).status for _ in range(USER)] == [200] * USER
    assert signed(bench).status == 429


def test_everything_counts_for_the_address_also_what_leads_nowhere() -> None:
    bench = Bench(limits=True)
    for _ in range(100):
        public(bench, "/nothing")
        bench.send("POST", BALANCES, body=b"{")
        bench.send("PUT", TICKERS)

    assert public(bench, "/nothing").status == 429
    assert public(bench).body == RULES["body"]


def test_only_who_has_signed_well_counts_for_the_user() -> None:
    bench = Bench(limits=True)
    for number in range(2 * USER):
        headers = bench.signed_headers("", b"") | {"x-cs-sign": "0" * 64}
        bench.send("GET", ACTIVE, headers=headers, peer_ip=f"203.0.113.{number % 7}")

    assert signed(bench).status == 200


def test_a_refused_user_is_told_so_before_its_body_is_read() -> None:
    bench = Bench(limits=True)
    for _ in range(USER):
        signed(bench)

    assert bench.write("/api/trade/order/place", b"{").status == 429


def test_there_are_no_limits_where_an_operator_wants_none_and_none_on_the_socket() -> None:
    bench = Bench()
    assert {signed(bench).status for _ in range(2 * ADDRESS)} == {200}
    limited = Bench(limits=True)
    socket = limited.connect()
    for number in range(400):
        socket.send({"op": "LIST", "channel": [], "id": number})

    assert socket.closing is None
    assert public(limited).status == 200
