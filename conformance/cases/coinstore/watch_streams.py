"""Rules for Coinstore's socket: commands, channels, logins. Sections are those of the venue's specification."""

from __future__ import annotations

from mockex.conformance.cases.coinstore.words import LOGIN, OPERATIONS, SUB, Look, answer, message
from mockex.conformance.cases.played import connection_is_cut, listen, whole_day
from mockex.conformance.cases.rules import renews_subscriptions, subscribes_once
from mockex.conformance.judging import Judge, watched
from mockex.conformance.model import Level, Provenance
from mockex.conformance.trace import CLOSE, IN, Entry
from mockex.conformance.trace import LOGIN as LOGGED_IN

STREAM = ("stream_open", "subscribe")
LOGGING_IN = ("stream_open", "subscribe.orders")
PRIVATE = ("spot_asset", "spot_order")


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


channels_are_subscribed_once = watched(
    "coinstore/streams/920",
    "No channel is subscribed twice on one connection.",
    requirement="A second subscription of a channel brings nothing but its first frame once more.",
    source="cs§9.2",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=STREAM,
    play=whole_day,
)(subscribes_once)


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


subscriptions_are_renewed = watched(
    "coinstore/streams/940",
    "After a lost connection the channels are subscribed again.",
    requirement="A new connection has no login and no channels; whoever wants them has to ask again.",
    source="cs§9",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "reconnect"),
    play=connection_is_cut,
)(renews_subscriptions)
