"""Any signed call about accounts, transfers and payments gets one of the venue's own answers; a refusal changes nothing.

Parameters have the names that the venue knows and values that are almost right.
"""

from __future__ import annotations

import pytest
from htx_support import MINUTE, START_MS, Bench
from hypothesis import given, settings
from hypothesis import strategies as st

from mockex.core.invariants import violations
from mockex.venues.htx import VENUE
from mockex.venues.htx.account_routes import ACCOUNT_ROUTES
from mockex.venues.htx.customers import EXAMPLE_ADDRESS
from mockex.venues.htx.errors import V2
from mockex.venues.htx.identities import FIRST_UID
from mockex.wire.routing import Route

NAMES = (
    "account-id", "accountId", "currency", "transact-types", "transactTypes", "start-time", "startTime", "end-time", "endTime",
    "sort", "size", "limit", "from-id", "fromId", "accountType", "valuationCurrency", "from", "to", "amount", "type", "direct",
    "from-user", "to-user", "from-account", "to-account", "from-account-type", "to-account-type", "address", "chain", "fee",
    "addr-tag", "client-order-id", "clientOrderId", "note", "margin-account",
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", "100009", "100010", "100019", str(FIRST_UID), str(FIRST_UID + 1), "usdt", "eth", "USDT", "gold", "spot", "otc",
     "futures", "asc", "desc", "prev", "next", "deposit", "withdraw", "trade,transfer", "transfer", "1", "5", "0", "-1", "500",
     "501", "1.5", "1e-30", "1e5", "0.05", "NaN", "9" * 30, "9" * 5_000, str(START_MS), str(START_MS - 60_000), EXAMPLE_ADDRESS,
     "UID:1", f"UID:{FIRST_UID + 1}", "trc20usdt", "usdterc20", "BTC", "pro-to-futures", "w1", "x" * 65, "é", "\x00", "²", "%"]
)  # fmt: skip
JSON = TEXTS | st.sampled_from([None, True, 0, 1, 5, 100_009, FIRST_UID, FIRST_UID + 1, 0.05, -1.5, 10**40, [], {}, ["usdt"]])
MEANT = {
    "account-id": "100009", "accountId": "100009", "currency": "usdt", "amount": "5", "from": "spot", "to": "otc",
    "from-user": str(FIRST_UID), "to-user": str(FIRST_UID + 1), "from-account": "100009", "to-account": "100019",
    "from-account-type": "spot", "to-account-type": "spot", "address": EXAMPLE_ADDRESS, "type": "deposit",
}  # fmt: skip
V1_CODES = frozenset(code for code in VENUE.errors_by_code if not code.isdigit())


def idle_bench() -> Bench:
    bench = Bench()
    bench.trade("100", "0.5")
    bench.rest("buy", "99", who="alice")
    bench.write(
        "/v1/dw/withdraw/api/create", {"address": EXAMPLE_ADDRESS, "currency": "eth", "amount": 1, "client-order-id": "w1"}
    )
    return bench


@pytest.mark.parametrize("route", ACCOUNT_ROUTES, ids=[route.path for route in ACCOUNT_ROUTES])
def test_any_signed_call_gets_an_answer_of_the_venue(route: Route) -> None:
    bench = idle_bench()

    @settings(max_examples=40)
    @given(
        changes=st.dictionaries(st.sampled_from(NAMES), TEXTS if route.method == "GET" else JSON, max_size=4),
        number=st.sampled_from(["100009", "100019", "45182894", "1", "x", "9" * 50, "%20", "²"]),
        body=st.sampled_from([None, [], "x", 5]) | st.just(True),
    )
    def check(changes: dict[str, str], number: str, body: object) -> None:
        path = route.path.replace("{account_id}", number).replace("{withdraw_id}", number)
        if route.method == "GET":
            reply = bench.read(path, {**MEANT, **changes})
        else:
            reply = bench.write(path, {**MEANT, **changes} if body is True else body)
        assert reply.status == 200, reply.text
        is_v2 = V2 in route.tags
        assert ("code" in reply.body) is is_v2
        if is_v2:
            assert reply.body["code"] == 200 or str(reply.body["code"]) in VENUE.errors_by_code
            assert reply.body["code"] != 500
        else:
            assert reply.body["status"] == "ok" or reply.error[1] in V1_CODES

    check()
    bench.clock.advance(MINUTE)
    assert violations(bench.desk.exchange) == [], "what was begun has come to its end"
