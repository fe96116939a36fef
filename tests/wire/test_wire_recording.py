"""What a recording keeps, how it numbers and bounds it, and who is woken by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fanout_rig import ALICES_ORDERS, TRADES, Stage
from wire_rig import make_simulation, make_venue

from mockex.core.clock import VirtualClock
from mockex.wire import recording
from mockex.wire.connections import GONE, CloseOrder, Connection, SlowReaderRule
from mockex.wire.credentials import Credential
from mockex.wire.json import dumps
from mockex.wire.messages import TEXT, Frame, Push
from mockex.wire.recording import Delivery, Entry, Noted, Recorder, Side

TIMES = ("at_ns", "real_ns")


class Steady:
    """A clock in the hand of the test."""

    def __init__(self) -> None:
        self.ns = 500

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(1_700_000_000_000_000_000)


@pytest.fixture
def recorder(clock: VirtualClock) -> Recorder:
    started = Recorder(clock.now_ns)
    started.start(Steady())
    return started


def untimed(entries: list[Entry]) -> list[Entry]:
    return [{name: value for name, value in entry.items() if name not in TIMES} for entry in entries]


def ask(recorder: Recorder, target: str = "/a", body: bytes | None = b"", **headers: str) -> Noted:
    noted = recorder.request(method="POST", target=target, headers=headers, body=body, peer="192.0.2.7:1")
    assert noted is not None
    return noted


def reply(noted: Noted, body: bytes = b"{}", **more: Any) -> None:
    noted.answered(**{"status": 200, "headers": {"x": "y"}, "body": body, "error": None, **more})


def credential() -> Credential:
    return Credential.create(api_key="k", secret="s", account_id="alice", label="alice's second")


def numbers(entries: list[Entry]) -> list[object]:
    return [entry["n"] for entry in entries]


# --- entries


def test_a_request_and_its_response_are_kept_as_they_were_sent(recorder: Recorder) -> None:
    noted = ask(recorder, "/a?b=%20", b'{"q": "\xc3\xa4"}', **{"x-key": "k"})
    noted.identify(route="POST /a", credential=credential())
    reply(noted, b'{"code":1}', status=400, error="1")

    assert untimed(recorder.after(0)) == [
        {
            "n": 1,
            "kind": "request",
            "method": "POST",
            "target": "/a?b=%20",
            "headers": {"x-key": "k"},
            "body": '{"q": "ä"}',
            "route": "POST /a",
            "account": "alice",
            "key": "alice's second",
            "peer": "192.0.2.7:1",
        },
        {
            "n": 2,
            "kind": "response",
            "to": 1,
            "status": 400,
            "headers": {"x": "y"},
            "body": '{"code":1}',
            "error": "1",
            "delivery": "sent",
        },
    ]


def test_a_body_that_is_no_text_is_kept_byte_for_byte(recorder: Recorder) -> None:
    reply(ask(recorder, body=b"\xff\x00"), b"\x00\xff")
    asked, answered = recorder.after(0)

    assert (asked["body_base64"], answered["body_base64"]) == ("/wA=", "AP8=")
    assert "body" not in asked
    assert "body" not in answered


def test_a_body_that_never_came_as_a_whole_is_null_and_an_empty_one_is_not(recorder: Recorder) -> None:
    ask(recorder, body=None)
    ask(recorder, body=b"")

    assert [entry["body"] for entry in recorder.after(0)] == [None, ""]


def test_bytes_that_are_no_text_show_as_such_in_target_and_headers(recorder: Recorder) -> None:
    """They arrive as lone surrogates, which no JSON can carry."""
    ask(recorder, "/\udcff", x="ä\udce4")
    (entry,) = recorder.after(0)

    assert (entry["target"], entry["headers"]) == ("/\\xff", {"x": "ä\\xe4"})
    assert json.loads(dumps(entry)) == entry


def test_a_request_that_nobody_knows_has_no_route_account_or_key(recorder: Recorder) -> None:
    ask(recorder).identify(route=None, credential=None)
    (entry,) = recorder.after(0)

    assert (entry["route"], entry["account"], entry["key"]) == (None, None, None)


def test_entries_carry_the_worlds_time_and_the_real_time_since_the_beginning(clock: VirtualClock) -> None:
    steady, recorder = Steady(), Recorder(clock.now_ns)
    recorder.start(steady)
    steady.ns += 7
    clock.advance(3)
    recorder.heard(1, "x")
    (entry,) = recorder.after(0)

    assert (entry["at_ns"], entry["real_ns"]) == ("1700000000000000003", "7")


def test_messages_are_kept_as_text_where_they_are_text(recorder: Recorder) -> None:
    recorder.heard(4, "ping")
    recorder.heard(4, b"ping")
    recorder.heard(4, b"\xff")
    recorder.said(4, b"pong", None)
    recorder.said(4, b"\xfe", "depth:A")

    assert untimed(recorder.after(0)) == [
        {"n": 1, "kind": "in", "connection": 4, "text": "ping"},
        {"n": 2, "kind": "in", "connection": 4, "text": "ping"},
        {"n": 3, "kind": "in", "connection": 4, "base64": "/w=="},
        {"n": 4, "kind": "out", "connection": 4, "text": "pong", "channel": None},
        {"n": 5, "kind": "out", "connection": 4, "base64": "/g==", "channel": "depth:A"},
    ]


def test_a_fault_names_the_request_or_the_push_that_it_struck(recorder: Recorder) -> None:
    noted = ask(recorder)
    recorder.fault(rule="f1", what="delay", on=noted)
    recorder.fault(rule="f2", what="drop", connection_id=4, channel="depth:A")

    assert untimed(recorder.after(1)) == [
        {"n": 2, "kind": "fault", "rule": "f1", "what": "delay", "on": 1, "connection": None, "channel": None},
        {"n": 3, "kind": "fault", "rule": "f2", "what": "drop", "on": None, "connection": 4, "channel": "depth:A"},
    ]


def test_what_happened_to_a_response_is_told(recorder: Recorder) -> None:
    for delivery in Delivery:
        reply(ask(recorder), delivery=delivery)

    assert [entry["delivery"] for entry in recorder.after(0) if entry["kind"] == "response"] == ["sent", "lost", "delayed"]


# --- recordings


def test_off_nothing_is_kept(clock: VirtualClock) -> None:
    recorder = Recorder(clock.now_ns)
    assert recorder.request(method="GET", target="/", headers={}, body=b"", peer=None) is None
    recorder.opened(1, path="/", socket="main", peer=None)
    recorder.refused(path="/", socket="main", status=503, peer=None)
    recorder.heard(1, "x")
    recorder.said(1, b"x", None)
    recorder.logged_in(1, credential())
    recorder.subscribed(1, "c")
    recorder.unsubscribed(1, "c")
    recorder.closed(1, Side.CLIENT, 1000, "")
    recorder.fault(rule="f1", what="drop")

    assert (recorder.after(0), recorder.last, recorder.dropped) == ([], 0, 0)


def test_a_recording_that_has_ended_is_kept_and_a_new_one_begins_at_one(recorder: Recorder) -> None:
    recorder.heard(1, "first")
    recorder.stop()
    recorder.heard(1, "unheard")
    assert [entry["text"] for entry in recorder.after(0)] == ["first"]
    recorder.start(Steady())
    assert recorder.after(0) == []
    recorder.heard(1, "second")

    assert [(entry["n"], entry["text"]) for entry in recorder.after(0)] == [(1, "second")]


def test_a_response_whose_request_is_not_in_this_recording_is_not_either(recorder: Recorder) -> None:
    noted = ask(recorder)
    recorder.start(Steady())
    reply(noted)
    recorder.fault(rule="f1", what="delay", on=noted)

    assert [(entry["kind"], entry["on"]) for entry in recorder.after(0)] == [("fault", None)]


def test_a_reader_gets_what_is_new_to_it(recorder: Recorder) -> None:
    for text in "abc":
        recorder.heard(1, text)

    assert [numbers(recorder.after(n)) for n in (0, 1, 3, 99)] == [[1, 2, 3], [2, 3], [], []]


def test_what_a_reader_does_to_an_entry_is_its_own_affair(recorder: Recorder) -> None:
    recorder.heard(1, "a")
    recorder.after(0)[0]["text"] = "b"

    assert recorder.after(0)[0]["text"] == "a"


def test_of_too_many_entries_the_oldest_go_and_are_counted(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MAX_ENTRIES", 3)
    for text in "abcde":
        recorder.heard(1, text)

    assert (numbers(recorder.after(0)), numbers(recorder.after(4)), recorder.dropped) == ([3, 4, 5], [5], 2)


def test_of_too_many_bytes_the_oldest_go_but_never_the_newest(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MAX_BYTES", 10)
    recorder.heard(1, "a" * 6)
    recorder.heard(1, "b" * 4)
    assert recorder.dropped == 0
    reply(ask(recorder, body=b"c" * 20), b"d")
    assert numbers(recorder.after(0)) == [4]
    recorder.heard(1, "e")
    assert numbers(recorder.after(0)) == [4, 5]


# --- waiting


def test_whoever_waits_is_called_back_once_with_the_first_entry_that_is_new_to_it(recorder: Recorder) -> None:
    calls: list[str] = []

    def one() -> None:
        calls.append("one")

    def two() -> None:
        calls.append("two")

    recorder.call_after(0, one)
    recorder.call_after(1, two)
    recorder.heard(1, "a")
    assert calls == ["one"]
    recorder.heard(1, "b")
    recorder.heard(1, "c")
    assert calls == ["one", "two"]


def test_whoever_has_missed_something_does_not_wait(recorder: Recorder) -> None:
    calls: list[int] = []
    recorder.heard(1, "a")
    recorder.call_after(0, lambda: calls.append(1))

    assert calls == [1]


def test_nobody_waits_once_all_were_released_or_have_left(recorder: Recorder) -> None:
    calls: list[str] = []

    def stays() -> None:
        calls.append("stays")

    def leaves() -> None:
        calls.append("leaves")

    recorder.call_after(0, stays)
    recorder.call_after(0, leaves)
    recorder.forget(leaves)
    recorder.forget(leaves)
    recorder.release()
    recorder.heard(1, "a")

    assert calls == ["stays"]


# --- connections and channels


def test_a_login_a_subscription_and_their_ends_are_kept() -> None:
    stage = Stage()
    recorder = stage.simulation.desk.recorder
    recorder.start(Steady())
    reader = stage.connect()
    reader.recorder = recorder
    reader.log_in(credential())
    stage.subscribe(reader, TRADES, key="first")
    stage.subscribe(reader, ALICES_ORDERS, key="second")
    stage.hub.unsubscribe(reader, "first")
    stage.hub.unsubscribe(reader, "first")
    stage.hub.drop(reader)
    reader.ended(Side.CLIENT, CloseOrder(1001, "bye"))
    reader.ended(Side.SERVER, GONE)

    assert reader.credential is not None
    assert untimed(recorder.after(0)) == [
        {"n": 1, "kind": "login", "connection": 0, "account": "alice", "key": "alice's second"},
        {"n": 2, "kind": "subscribed", "connection": 0, "channel": "the first"},
        {"n": 3, "kind": "subscribed", "connection": 0, "channel": "the second"},
        {"n": 4, "kind": "unsubscribed", "connection": 0, "channel": "the first"},
        {"n": 5, "kind": "close", "connection": 0, "by": "client", "code": 1001, "reason": "bye"},
    ]


def test_an_end_that_was_seen_before_the_recording_is_not_told_another_way_in_it(clock: VirtualClock) -> None:
    recorder = Recorder(clock.now_ns)
    rule = SlowReaderRule(1_000, CloseOrder(1, ""))
    connection = Connection(1, "main", "", clock, slow_reader=rule, recorder=recorder)
    connection.ended(Side.SERVER, CloseOrder(1001, ""))
    recorder.start(Steady())
    connection.ended(Side.CLIENT, GONE)

    assert recorder.after(0) == []


def test_a_push_knows_its_channel_and_whether_it_is_an_opening() -> None:
    stage = Stage()
    reader, other = stage.connect(), stage.connect()
    stage.subscribe(reader, TRADES, opening=(b"hello",))
    stage.subscribe(other, TRADES, opening=(b"hello",))
    stage.trade()
    (first, second), (_, third) = reader.drain(), other.drain()

    assert (first.push, second.push) == (Push("the topic", opening=True), Push("the topic", opening=False))
    assert second is third, "one frame for all readers"
    assert stage.encoded == 3


def test_what_a_frame_says_is_known_also_where_it_is_compressed() -> None:
    assert Frame.of(b"plain", TEXT).message == b"plain"
    squeezed = Frame.of(b"sqzd", TEXT, unpack={b"sqzd": b"squeezed"}.__getitem__)
    assert (squeezed.payload, squeezed.message) == (b"sqzd", b"squeezed")
    assert squeezed.pushed(Push("c", opening=False)).message == b"squeezed"


def test_a_recorded_venue_is_watched() -> None:
    desk = make_simulation(make_venue()).desk
    assert not desk.watched
    desk.recorder.start(Steady())
    assert desk.watched
    desk.recorder.stop()
    assert not desk.watched
