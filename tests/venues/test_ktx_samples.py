"""The document's own samples, byte for byte: paths, queries, bodies, headers and signatures, with the sample's keys."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ktx_support import Bench, Reply, by_id
from mockex.fixtures import load

SAMPLES = load("ktx", "samples")
SIGNED = [sample for sample in SAMPLES["requests"] if "key" in sample]
PUBLIC = [sample for sample in SAMPLES["requests"] if "key" not in sample]
# What these orders are is not known here: ids of an older form.
UNKNOWN = {"order", "cancel_order"}
EXPIRES_AFTER_MS = 5_000


def name_of(sample: dict[str, Any]) -> str:
    return str(sample["id"].rsplit(".", 1)[1])


def send(bench: Bench, sample: dict[str, Any], *, late_ms: int = 0) -> Reply:
    """As the sample does, with the time that it would send; `late_ms`: so much later than it was signed."""
    headers = {"content-type": "application/json", "api-key": sample["key"], "api-sign": sample["signature"]}
    if sample["expire_header"] is not None:
        headers["api-expire-time"] = str(bench.now_ms + EXPIRES_AFTER_MS)
    bench.add_credential(api_key=sample["key"], secret=sample["secret"])
    bench.wait(late_ms * 1_000_000)
    return bench.send(
        sample["method"], f"/api{sample['path']}", sample["query"], body=sample.get("text", "").encode(), headers=headers
    )


@pytest.mark.parametrize("sample", **by_id(PUBLIC))
def test_a_public_sample_is_answered(sample: dict[str, Any]) -> None:
    assert Bench().send(sample["method"], f"/api{sample['path']}", sample["query"]).status == 200


@pytest.mark.parametrize("sample", **by_id(SIGNED))
def test_a_signed_sample_is_let_in_as_it_stands(sample: dict[str, Any]) -> None:
    reply = send(Bench(), sample)

    assert (reply.state if reply.failed else None) == (-30001 if name_of(sample) in UNKNOWN else None)


@pytest.mark.parametrize("sample", **by_id([sample for sample in SIGNED if name_of(sample) == "place_order"]))
def test_the_sampled_order_rests_with_what_it_says(sample: dict[str, Any]) -> None:
    order = send(Bench(), sample).data

    body = json.loads(sample["text"])
    assert {name: order[name] for name in ("product", "quantity", "price", "type", "side", "status")} == {
        "product": body["symbol"],
        "quantity": body["quantity"],
        "price": body["price"],
        "type": body["type"],
        "side": "buy",
        "status": "accepted",
    }


@pytest.mark.parametrize("sample", **by_id([sample for sample in SIGNED if name_of(sample) == "cancel_orders"]))
def test_the_sampled_cancel_of_all_needs_no_market(sample: dict[str, Any]) -> None:
    bench = Bench()
    bench.rest("buy", "90000", "0.0001", who="alice")

    assert send(bench, sample).data == [1]


@pytest.mark.parametrize("sample", **by_id([sample for sample in SIGNED if sample["expire_header"] is not None]))
def test_a_sample_that_takes_longer_than_its_time_is_refused(sample: dict[str, Any]) -> None:
    assert send(Bench(), sample, late_ms=EXPIRES_AFTER_MS + 1).state == -20005


@pytest.mark.parametrize("sample", **by_id([sample for sample in SIGNED if "text" in sample]))
def test_the_sampled_signature_is_of_the_body_as_it_is_spaced(sample: dict[str, Any]) -> None:
    spaced = json.loads(sample["text"])
    compact, loose = json.dumps(spaced, separators=(",", ":")), json.dumps(spaced)
    other = compact if sample["text"] == loose else loose

    assert send(Bench(), {**sample, "text": other}).state == -21008
