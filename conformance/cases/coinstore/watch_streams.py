"""Rules for Coinstore's socket: commands, channels, logins. Sections are those of the venue's specification."""

from __future__ import annotations

from collections import deque

from mockex.conformance.cases.coinstore.words import LOGIN, OPERATIONS, SUB, Look, answer, message
from mockex.conformance.cases.played import connection_is_cut, listen, whole_day
from mockex.conformance.judging import Judge, apart_ms, watched
from mockex.conformance.model import Level, Provenance
from mockex.conformance.trace import CLOSE, IN, SUBSCRIBED, UNSUBSCRIBED, Entry
from mockex.conformance.trace import LOGIN as LOGGED_IN

STREAM = ("stream_open", "subscribe")
LOGGING_IN = ("stream_open", "subscribe.orders")
PRIVATE = ("spot_asset", "spot_order")
RENEWAL_MS = 60_000
"""A client that has not renewed its subscriptions by then has forgotten them [our reading]."""


def _is_private(channel: str) -> bool:
    return channel in PRIVATE or channel.endswith(("@account", "@order"))


@watched(
    "coinstore/streams/900",
    "The venue understands every message.",
    requirement="Commands are JSON objects with an `op`: SUB, UNSUB, LIST, REQ, LOGIN or pong.",
    source="cs§9.2",
    needs=STREAM,
    play=whole_day,
)
def commands_are_understood(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        said = message(entry)
        if said is None:
            return
        judge.saw()
        if said.operation not in OPERATIONS:
            judge.object("the message is a command", expected=" or ".join(OPERATIONS), seen=entry.get("text"), at=entry)

    return look


@watched(
    "coinstore/streams/910",
    "Every channel that is asked for exists.",
    requirement="Channels are <pair>@trade, @ticker, @depth@N and @kline@<interval>; the pair is its number or its symbol in "
    "lower case.",
    source="cs§9.3",
    needs=STREAM,
    play=whole_day,
)
def channels_exist(judge: Judge) -> Look:
    last: dict[object, Entry] = {}  # connection -> its newest subscription

    def look(entry: Entry) -> None:
        said = message(entry)
        if said is not None and said.operation == SUB:
            judge.saw()
            last[entry["connection"]] = entry
        elif entry.kind == CLOSE:
            last.pop(entry["connection"], None)
        told = answer(entry)
        if told is not None and told[0] == "404":
            places = [each for each in (last.get(entry["connection"]), entry) if each is not None]
            judge.object("the channel exists", expected="no refusal", seen=told[1], at=places)

    return look


@watched(
    "coinstore/streams/920",
    "No channel is subscribed twice on one connection.",
    requirement="A second subscription of a channel brings nothing but its first frame once more.",
    source="cs§9.2",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=STREAM,
    play=whole_day,
)
def subscribes_once(judge: Judge) -> Look:
    channels: dict[object, set[str]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            channels.pop(entry["connection"], None)
        elif entry.kind == UNSUBSCRIBED:
            channels.get(entry["connection"], set()).discard(entry["channel"])
        elif entry.kind == SUBSCRIBED:
            judge.saw()
            known = channels.setdefault(entry["connection"], set())
            if entry["channel"] in known:
                judge.object("a channel is subscribed once", expected="no second time", seen=entry["channel"], at=entry)
            known.add(entry["channel"])

    return look


@watched(
    "coinstore/streams/930",
    "Private channels are asked for after the login was confirmed.",
    requirement="A private channel before the login is refused with 401; the login is confirmed with login.success.",
    source="cs§9.2",
    provenance=Provenance.PROPOSED,
    needs=LOGGING_IN,
    play=listen,
)
def login_comes_first(judge: Judge) -> Look:
    logged_in: set[object] = set()

    def look(entry: Entry) -> None:
        if entry.kind == LOGGED_IN:
            logged_in.add(entry["connection"])
        elif entry.kind == CLOSE:
            logged_in.discard(entry["connection"])
        said = message(entry)
        private = [] if said is None or said.operation != SUB else [each for each in said.channels if _is_private(each)]
        if not private:
            return
        judge.saw()
        if entry["connection"] not in logged_in:
            judge.object("the login comes first", expected="a login before", seen=f"{private[0]} before it", at=entry)

    return look


@watched(
    "coinstore/auth/930",
    "Every login succeeds, and there is one for each connection.",
    requirement="A login signs the text of its own time, like a request without query whose body is that text.",
    source="cs§9.5",
    needs=LOGGING_IN,
    play=listen,
)
def logs_in_once(judge: Judge) -> Look:
    logins: dict[object, int] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            logins.pop(entry["connection"], None)
        said = message(entry) if entry.kind == IN else None
        if said is not None and said.operation == LOGIN:
            judge.saw()
            logins[entry["connection"]] = logins.get(entry["connection"], 0) + 1
            if logins[entry["connection"]] > 1:
                judge.object("a connection has one login", expected="1 login", seen="another one", at=entry)
        told = answer(entry)
        if told is not None and told[1] == "login.failed":
            judge.object("the login succeeds", expected="login.success", seen=told[1], at=entry)

    return look


@watched(
    "coinstore/streams/940",
    "After a lost connection the channels are subscribed again.",
    requirement="A new connection has no login and no channels; whoever wants them has to ask again.",
    source="cs§9",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "reconnect"),
    play=connection_is_cut,
)
def renews_subscriptions(judge: Judge) -> Look:
    channels: dict[object, set[str]] = {}
    wanted: deque[tuple[Entry, set[str]]] = deque()  # lost connections, and what nobody has renewed yet

    def give_up(present: Entry | None) -> None:
        """The oldest, once its time is over or nothing more can come."""
        while wanted and (present is None or apart_ms(wanted[0][0], present) > RENEWAL_MS):
            closed, missing = wanted.popleft()
            if missing:
                seen = f"not renewed: {', '.join(sorted(missing))}"
                judge.object("subscriptions are renewed", expected="all of them", seen=seen, at=closed)

    def look(entry: Entry) -> None:
        give_up(entry)
        if entry.kind == SUBSCRIBED:
            channels.setdefault(entry["connection"], set()).add(entry["channel"])
            for _, missing in wanted:
                missing.discard(entry["channel"])
        elif entry.kind == UNSUBSCRIBED:
            channels.get(entry["connection"], set()).discard(entry["channel"])
        elif entry.kind == CLOSE:
            lost = channels.pop(entry["connection"], set())
            if lost and entry["by"] == "server":
                judge.saw()
                wanted.append((entry, lost))

    judge.at_end(lambda: give_up(None))
    return look
