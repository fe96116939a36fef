"""Results read back as they were written, byte for byte, and whatever is not results is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conformance_report_rig import HOSTILE, case, every_verdict, failed, hostile, large, results, run
from mockex.conformance.model import Level, Provenance, Verdict
from mockex.conformance.results import (
    Results,
    ResultsError,
    Selection,
    document,
    dumps,
    load,
    loads,
    save,
    summary_of,
    trace_path,
)

GOLDEN = """\
{
  "exit_code": 1,
  "mockex": "0.1.0",
  "protocol": 1,
  "runs": [
    {
      "capabilities": [
        "cancel_order",
        "place_order"
      ],
      "cases": [
        {
          "area": "orders",
          "evidence": [
            {
              "n": 2,
              "text": "POST /api/spot/v3/orders {\\"size\\":0.001}"
            },
            {
              "n": null,
              "text": "the order has size 0.001"
            }
          ],
          "failure": {
            "expected": "\\"0.001\\" as text",
            "seen": "0.001 as a JSON number",
            "what": "the size in the request"
          },
          "faults": [
            "f1 lose_reply on entry 2"
          ],
          "id": "toy/orders/020",
          "known": null,
          "level": "MUST",
          "milliseconds": 41,
          "needs": [
            "place_order"
          ],
          "notes": [
            "The venue takes it all the same."
          ],
          "provenance": "documented",
          "reason": "",
          "requirement": "The venue demands it. Whoever does not is refused.",
          "source": "toy§3",
          "stderr": "",
          "steps": [
            "place_order {\\"price\\":\\"1500000\\",\\"size\\":\\"0.001\\"} -> {\\"id\\":\\"4212\\"}",
            "settle {} -> {}"
          ],
          "title": "Sizes are sent as text.",
          "trace": null,
          "verdict": "fail"
        }
      ],
      "client": {
        "language": "Python",
        "name": "ccxt",
        "version": "4.1.20"
      },
      "driver": "ccxt",
      "problem": null,
      "seconds": "6.10",
      "stale": [],
      "summary": {
        "errored": 0,
        "fail": 1,
        "pass": 0,
        "skipped": 0,
        "total": 1,
        "unsupported": 0,
        "warn": 0
      }
    }
  ],
  "schema": 1,
  "seconds": "12.3",
  "seed": 1,
  "selection": {
    "area": [],
    "case": [
      "toy/orders/*"
    ],
    "level": [
      "MUST"
    ]
  },
  "started": "2026-11-21T12:00:00Z",
  "venue": {
    "name": "toy",
    "profile": "documented",
    "title": "Toy Exchange v3"
  }
}
"""

OUTCOMES: dict[str, Callable[[], Results]] = {
    "every verdict": every_verdict,
    "hostile": hostile,
    "1000 cases": large,
    "no run": results,
    "no case": lambda: results(run(problem="nothing ran")),
}


def test_the_canonical_text_is_sorted_indented_and_ends_with_a_newline() -> None:
    selection = Selection(case=("toy/orders/*",), level=(Level.MUST,))

    assert dumps(results(run(failed(), seconds=Decimal("6.10")), selection=selection)) == GOLDEN


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_results_read_back_as_they_were_written(outcome: Callable[[], Results], tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(save(outcome()))

    assert load(path) == outcome()
    assert save(load(path)) == path.read_bytes()


def test_counts_come_from_the_cases_and_name_every_verdict() -> None:
    summary = every_verdict().runs[0].summary

    assert {verdict.value: summary[verdict] for verdict in Verdict} == {
        "pass": 2,
        "fail": 2,
        "warn": 1,
        "unsupported": 1,
        "errored": 1,
        "skipped": 1,
    }
    assert summary.total == 8
    assert summary_of(()).total == 0


def test_the_schema_knows_every_member_of_the_closed_sets() -> None:
    entries = [case(f"toy/a/{level}", level=level) for level in Level]
    entries += [case(f"toy/a/{provenance}", provenance=provenance) for provenance in Provenance]
    entries += [case(f"toy/a/{verdict}", verdict=verdict) for verdict in Verdict]

    assert loads(dumps(results(run(*entries)))).runs[0].cases == tuple(entries)


def test_clients_of_one_name_are_told_apart() -> None:
    assert results(run(name="a"), run(name="a"), run(name="a (2)"), run(name="b")).labels == ("a", "a (2)", "a (2) (2)", "b")


@pytest.mark.parametrize(
    ("run_label", "path"),
    [
        ("ccxt", "traces/ccxt/toy-auth-030.jsonl"),
        ("../../etc", "traces/etc-74ccf3/toy-auth-030.jsonl"),
        ("", "traces/unnamed-e3b0c4/toy-auth-030.jsonl"),
        ("CCXT", "traces/CCXT-c186c4/toy-auth-030.jsonl"),
    ],
)
def test_a_traces_path_stays_in_its_folder_whatever_the_client_is_called(run_label: str, path: str) -> None:
    assert trace_path(run=run_label, case="toy/auth/030") == path
    assert loads(dumps(results(run(case(trace=trace_path(run=run_label, case="toy/auth/030"))))))


def test_labels_that_differ_only_in_what_no_file_name_may_have_get_folders_of_their_own() -> None:
    labels = ["a", "A", "a b", "a-b", "a/b", "a (2)", "a-2", HOSTILE]

    assert len({trace_path(run=label, case="c").lower() for label in labels}) == len(labels)


def damaged(*place: str | int, to: object) -> str:
    """The text of good results but for one member."""
    found: Any = document(every_verdict())
    inner = found
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = to
    return json.dumps(found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON: Expecting value in line 1, column 1"),
        ('{"schema": NaN}', "not JSON that can be read: NaN is no number of JSON"),
        ("[" * 100_000, "not JSON that can be read"),
        ("9" * 5_000, "not JSON that can be read"),
        ("[]", "no results of `mockex conform`: the document must be object"),
        ("{}", "the document must contain"),
        (damaged("schema", to=2), "has schema 2; this mockex reads schema 1"),
        (damaged("schema", to="1"), "has schema '1'; this mockex reads schema 1"),
        (damaged("extra", to=1), "the document must not contain {'extra'} properties"),
        (
            damaged("runs", 0, "cases", 1, "level", to="must"),
            "runs[0].cases[1].level must be one of ['MUST',",
        ),
        (damaged("runs", 0, "cases", 1, "verdict", to="passed"), "runs[0].cases[1].verdict must be one of"),
        (damaged("runs", 0, "cases", 1, "milliseconds", to=4.0), "runs[0].cases[1].milliseconds must be integer"),
        (damaged("runs", 0, "cases", 1, "milliseconds", to=True), "runs[0].cases[1].milliseconds must be integer"),
        (damaged("runs", 0, "cases", 1, "trace", to="../../etc/passwd"), "runs[0].cases[1].trace must match pattern"),
        (damaged("runs", 0, "cases", 1, "trace", to="traces/../x.jsonl"), "runs[0].cases[1].trace must match pattern"),
        (damaged("runs", 0, "cases", 1, "trace", to="javascript:alert(1)"), "runs[0].cases[1].trace must match pattern"),
        (damaged("runs", 0, "cases", 1, "id", to="toy/auth/010"), "runs[0] has the case toy/auth/010 more than once"),
        (damaged("runs", 0, "seconds", to="1E+3"), "runs[0].seconds must match pattern"),
        (damaged("started", to="yesterday"), "started must match pattern"),
        (damaged("runs", 0, "summary", "fail", to=0), "runs[0].summary.fail says 0, its cases say 2"),
        (damaged("runs", 0, "summary", "total", to=9), "runs[0].summary.total says 9, its cases say 8"),
        (damaged("runs", 1, "client", "name", to=""), "runs[1].client.name must be longer than or equal to 1 characters"),
    ],
)
def test_what_are_no_results_is_refused_in_one_line_that_names_file_and_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ResultsError) as refused:
        load(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 800


def test_a_file_that_is_not_there_or_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe{}")

    with pytest.raises(ResultsError, match="missing: No such file"):
        load(tmp_path / "missing")
    with pytest.raises(ResultsError, match="Is a directory"):
        load(tmp_path)
    with pytest.raises(ResultsError, match="not text in UTF-8"):
        load(tmp_path / "binary")
