"""A state is told when it differs from what was told before, and a new subscriber gets the present one."""

from __future__ import annotations

from mockex.wire.newest import Newest


class Source:
    """A state that a test sets, with a time that moves at every look."""

    def __init__(self) -> None:
        self.newest: str | None = None
        self.present: str | None = None
        self.time = 0

    def payload(self, state: str) -> bytes:
        self.time += 1
        return f"{state}@{self.time}".encode()

    def of_newest(self) -> Newest[str]:
        return Newest(lambda: self.newest, self.payload)

    def of_both(self) -> Newest[str]:
        return Newest(lambda: self.newest, self.payload, present=lambda: self.present)


def test_a_state_is_told_once_whatever_its_payload_adds() -> None:
    source = Source()
    rows = source.of_newest()
    told = []
    for state in ("a", "a", "b", "b", "a"):
        source.newest = state
        told.append(rows.render())

    assert told == [b"a@1", None, b"b@2", None, b"a@3"]


def test_nothing_is_told_of_nothing() -> None:
    source = Source()
    rows = source.of_newest()

    assert list(rows.opening()) == []
    assert rows.render() is None
    source.newest = "a"
    assert rows.render() == b"a@1"


def test_what_the_first_subscriber_got_is_not_repeated() -> None:
    source = Source()
    source.newest = "a"
    rows = source.of_newest()

    assert list(rows.opening()) == [b"a@1"]
    assert rows.render() is None


def test_what_a_later_subscriber_got_is_still_told_to_the_others() -> None:
    source = Source()
    source.newest = "a"
    rows = source.of_newest()
    list(rows.opening())
    source.newest = "b"

    assert list(rows.opening()) == [b"b@2"]
    assert rows.render() == b"b@3"


def test_the_present_state_may_be_another_than_the_newest() -> None:
    source = Source()
    source.newest, source.present = "traded", "flat"
    rows = source.of_both()

    assert list(rows.opening()) == [b"flat@1"]
    assert rows.render() == b"traded@2"
