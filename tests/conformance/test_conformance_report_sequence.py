"""A trace reads as a sequence: each kind of entry in its direction, nothing thrown away, and no more than a page can hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conformance_report_rig import trace_entries
from mockex.conformance.report.sequence import MAX_BODY, Direction, Line, Sequence, indented, read

TIMES = {"at_ns": "1790000000123000000", "real_ns": "1234567890"}


def sequence(folder: Path, *entries: object, also: tuple[int, ...] = ()) -> Sequence:
    path = folder / "trace.jsonl"
    path.write_text("".join(f"{entry if isinstance(entry, str) else json.dumps(entry)}\n" for entry in entries))
    return read(path, also=also)


def line(folder: Path, **entry: Any) -> Line:
    return sequence(folder, {"n": 1, **TIMES, **entry}).lines[0]


@pytest.mark.parametrize(
    ("entry", "direction", "who", "text"),
    [
        ({"kind": "request", "method": "GET", "target": "/a?b=1", "body": "", "key": "alice"}, "→", "alice", "GET /a?b=1"),
        ({"kind": "request", "method": "POST", "target": "/a", "body": "{}", "key": None}, "→", "client", "POST /a {}"),
        ({"kind": "request", "method": "POST", "target": "/a", "body_base64": "/w=="}, "→", "client", "POST /a /w=="),
        ({"kind": "response", "to": 1, "status": 200, "body": "[]", "delivery": "sent"}, "←", "venue", "200 []"),
        ({"kind": "response", "to": 1, "status": 200, "body": "[]", "delivery": "lost"}, "←", "venue", "200 (lost) []"),
        ({"kind": "open", "connection": "c1", "path": "/ws"}, "·", "c1", "opened /ws"),
        ({"kind": "refused", "path": "/ws", "status": 503}, "·", "", "refused an upgrade with 503 /ws"),
        ({"kind": "in", "connection": "c1", "text": "ping"}, "→", "c1", "ping"),
        ({"kind": "in", "connection": "c1", "base64": "/w=="}, "→", "c1", "/w=="),
        ({"kind": "out", "connection": "c1", "text": "pong", "channel": None}, "←", "c1", "pong"),
        ({"kind": "login", "connection": "c1", "account": "7", "key": "alice"}, "·", "c1", "logged in as alice"),
        ({"kind": "login", "connection": "c1", "account": "7", "key": None}, "·", "c1", "logged in as 7"),
        ({"kind": "subscribed", "connection": "c1", "channel": "x:A"}, "·", "c1", "subscribed x:A"),
        ({"kind": "unsubscribed", "connection": "c1", "channel": "x:A"}, "·", "c1", "unsubscribed x:A"),
        (
            {"kind": "close", "connection": "c1", "by": "server", "code": 1011, "reason": ""},
            "·",
            "c1",
            "closed by server: 1011",
        ),
        ({"kind": "fault", "rule": "f1", "what": "drop", "connection": "c1", "channel": "x:A"}, "↯", "f1", "drop c1 x:A"),
        ({"kind": "fault", "rule": "f1", "what": "reset", "on": 12}, "↯", "f1", "reset on entry 12"),
        ({"kind": "request"}, "→", "client", ""),
        ({"kind": "close"}, "·", "", "closed by :"),
    ],
)
def test_each_kind_of_entry_reads_as_one_line(
    entry: dict[str, Any], direction: str, who: str, text: str, tmp_path: Path
) -> None:
    found = line(tmp_path, **entry)

    assert (found.direction.arrow, found.who, found.text) == (direction, who, text)
    assert (found.n, found.at) == (1, "+1,234.5 ms")


def test_a_message_can_be_opened_with_headers_and_the_digits_that_were_sent(tmp_path: Path) -> None:
    found = line(
        tmp_path,
        kind="request",
        method="POST",
        target="/orders",
        route="POST /orders",
        headers={"a": "b", "c": "d"},
        body='{"size":0.0010,"more":[1,{}],"text":"a,b:{c}"}',
        key="alice",
    )

    assert found.body == (
        "2026-09-21T14:13:20.123Z by the venue's clock\n"
        "route POST /orders, key alice\n\n"
        "POST /orders\n"
        "a: b\nc: d\n\n"
        '{\n  "size": 0.0010,\n  "more": [\n    1,\n    {}\n  ],\n  "text": "a,b:{c}"\n}'
    )


@pytest.mark.parametrize("text", ["", "no json", "{", '{"a":1}x', "[1,]", "12", '"a"', "[" * 5_000])
def test_what_is_no_json_object_or_list_stays_as_it_is(text: str) -> None:
    assert indented(text) == text


@pytest.mark.parametrize("text", ['{"a":[1.50,-2e5,{"b":"\\"}{,:"}],"c":[],"d":{}}', "[[],[1]]", "{}", '{ "a" : null }'])
def test_indenting_changes_nothing_but_blanks(text: str) -> None:
    assert json.loads(indented(text)) == json.loads(text)
    assert re_blank(indented(text)) == re_blank(text)


def re_blank(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "written",
    [
        "no json",
        "[1]",
        "12",
        "null",
        '{"kind":"request"',
        '{"kind":"new"}',
        '{"n":"x","at_ns":"x","real_ns":"-5"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_known_entry_is_shown_as_it_stands(written: str, tmp_path: Path) -> None:
    found = sequence(tmp_path, written).lines[0]

    assert found.direction is Direction.EVENT
    assert found.text.replace(" ", "")[:100] == written.replace(" ", "")[:100]
    assert (found.n, found.at) == (None, "")


@pytest.mark.parametrize("at", ["9" * 21, "", None, 1.5, True, [], "١٢"])
def test_a_time_that_is_none_is_left_out(at: object, tmp_path: Path) -> None:
    found = line(tmp_path, kind="open", at_ns=at, real_ns=None, connection="c1", path="/")

    assert found.at == ""
    assert "clock" not in found.body


def test_a_long_trace_shows_its_beginning_its_end_and_what_evidence_names(tmp_path: Path) -> None:
    found = sequence(tmp_path, *trace_entries(1_000), also=(400,))
    numbers = [each.n for each in found.lines]

    assert found.total == 1_000
    assert numbers == [*range(1, 101), 400, *range(701, 1_001)]
    assert [(each.n, each.left_out) for each in found.lines if each.left_out] == [(400, 299), (701, 300)]


def test_a_trace_of_just_as_many_entries_is_shown_whole(tmp_path: Path) -> None:
    assert len(sequence(tmp_path, *trace_entries(400)).lines) == 400


def test_a_long_message_is_cut_with_a_word_about_it(tmp_path: Path) -> None:
    found = line(tmp_path, kind="out", connection="c1", text="x" * 10_000)

    assert found.text == "x" * 239 + "…"
    assert found.body.endswith(f"\n… {10_000 - MAX_BODY:,} more characters in the file")


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none")
