"""What a line-by-line reading of the specification against the running venue brought to light."""

from __future__ import annotations

import pytest
from okcoinjp_support import SPOT, SpotBench


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
