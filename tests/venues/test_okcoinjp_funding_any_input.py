"""Whatever a client sends to OKCoin Japan's funding endpoints is answered with the venue's own words."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from okcoinjp_funding_rig import ACCOUNT, Bench, Reply

from mockex.venues.okcoinjp import VENUE

# The tests share one world: what they show holds in every state of it, and the rig checks the invariants after each call.
BENCH = Bench()

GOOD: dict[str, dict[str, object]] = {
    "/transfer": {"currency": "BTC", "amount": "0.1", "from": "6", "to": "1"},
    "/withdrawal": {
        "currency": "BTC",
        "amount": "0.1",
        "destination": "-1",
        "to_address": BENCH.own_address("BTC"),
        "trade_pwd": "123456",
        "fee": "0.0005",
        "chain": "BTC",
        "reason": "1",
        "usage_agreement": "1",
    },
    "/jpywithdrawal": {"amount": "1000", "trade_pwd": "123456", "bank_card_id": "1"},
}

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["BTC", "plt", "JPY", "1e-40", "9" * 41, "-0", "NaN", "1_000", "\u0661", "5", BENCH.email("bob")]),
    st.decimals(allow_nan=False, allow_infinity=False, places=9).map(str),
)
VALUES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(TEXTS, max_size=1),
    st.dictionaries(TEXTS, TEXTS, max_size=1),
)


def _is_a_proper_answer(reply: Reply) -> bool:
    if reply.status == 200:
        return True
    error = VENUE.errors_by_code[reply.code]
    return reply.status == error.status < 500 and reply.body["code"] == int(error.code)


@pytest.mark.parametrize("path", GOOD)
@settings(max_examples=150)
@given(data=st.data())
def test_any_body_gets_a_proper_answer(path: str, data: st.DataObject) -> None:
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(GOOD[path])), VALUES, max_size=3))
    assert _is_a_proper_answer(BENCH.post(f"{ACCOUNT}{path}", GOOD[path] | changes))


@pytest.mark.parametrize("path", ["/ledger", "/asset-valuation", "/withdrawal/fee", "/deposit/address"])
@settings(max_examples=50)
@given(
    query=st.dictionaries(
        st.sampled_from(["currency", "type", "limit", "after", "before", "account_type"]),
        st.one_of(TEXTS, st.integers().map(str)),
    )
)
def test_any_query_gets_a_proper_answer(path: str, query: dict[str, str]) -> None:
    assert _is_a_proper_answer(BENCH.get(f"{ACCOUNT}{path}", urlencode(query)))
