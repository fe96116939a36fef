"""Rules for sockets of HTX: logins, topics, ids, heartbeats, the pace of requests. Sections: the venue's specification."""

from __future__ import annotations

from collections import deque

from mockex.conformance.cases.htx.words import (
    LOGIN,
    PONG,
    REQ,
    SUB,
    UNSUB,
    Look,
    message,
    ping_of,
    socket_error,
)
from mockex.conformance.cases.live import act, quote, watch
from mockex.conformance.cases.played import connection_is_cut, listen, long_silence, whole_day
from mockex.conformance.cases.rules import renews_subscriptions, subscribes_once
from mockex.conformance.judging import Judge, apart_ms, watched
from mockex.conformance.model import Level, Provenance, Rule
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, OPEN, Entry
from mockex.conformance.trace import LOGIN as LOGGED_IN

STREAM = ("stream_open", "subscribe")
LOGGING_IN = ("stream_open", "subscribe.orders")
TIMED = ("clock", "elapse")

REQUEST_PAUSE_MS = 100  # htx§5
PATIENCE_MS = 5_000
"""A ping that has waited so long is not answered: by then the next one is due (htx§5)."""

REMEMBERED_PINGS = 1_000


def _no_socket_error(texts: dict[str, str], what: str, *, after: tuple[str, ...]) -> Rule:
    """The venue sends no error with one of these texts. `after`: the operations that exercise the rule."""

    def rule(judge: Judge) -> Look:
        last: dict[object, Entry] = {}  # connection -> the client's newest message of those

        def look(entry: Entry) -> None:
            said = message(entry)
            if said is not None and said.operation in after:
                last[entry["connection"]] = entry
                judge.saw()
            elif entry.kind == CLOSE:
                last.pop(entry["connection"], None)
            error = socket_error(entry)
            means = None if error is None else next((texts[text] for text in texts if text in error.text), None)
            if error is not None and means is not None:
                places = [each for each in (last.get(entry["connection"]), entry) if each is not None]
                judge.object(what, expected="no such error", seen=f"{error.text}: {means}", at=places)

        return look

    return rule


topics_exist = watched(
    "htx/streams/900",
    "Every topic that is asked for exists, on its own socket.",
    requirement="Topics are market.$symbol.$what on /ws and /feed; orders#, trade.clearing# and accounts.update# on /ws/v2.",
    source="htx§5",
    needs=STREAM,
    play=whole_day,
)(
    _no_socket_error(
        {
            "invalid topic": "there is no such topic",
            "invalid symbol": "there is no such symbol",
            "invalid.symbol": "there is no such symbol",
            "invalid mbp": "there is no such symbol",
            "invalid.ch": "there is no such topic",
        },
        "the topic exists",
        after=(SUB, REQ),
    )
)

messages_are_understood = watched(
    "htx/streams/910",
    "The venue understands every message.",
    requirement="Messages are JSON: sub, unsub, req, ping and pong on the market's sockets, actions on the account's.",
    source="htx§5",
    needs=STREAM,
    play=whole_day,
)(
    _no_socket_error(
        {
            "not json string": "it is no JSON",
            "invalid.json": "it is no JSON",
            "invalid.action": "there is no such action",
            "Bad Request": "it is no request",
        },
        "the message is understood",
        after=(SUB, UNSUB, REQ, PONG, LOGIN),
    )
)

logins_succeed = watched(
    "htx/auth/950",
    "Every login on the account's socket succeeds.",
    requirement="A login is signed over GET, host, /ws/v2 and its four fields, with the version 2.1.",
    source="htx§1.2",
    needs=LOGGING_IN,
    play=listen,
)(
    _no_socket_error(
        {
            "auth.fail": "the key, the time or the signature is not accepted",
            "missing.param.auth": "a field of the login is missing",
        },
        "the login succeeds",
        after=(LOGIN,),
    )
)


@watched(
    "htx/streams/920",
    "Every ping is answered, in its own form.",
    requirement='{"ping": n} wants {"pong": n}, {"action": "ping"} an action pong with the same `ts`; two open ones end the '
    "connection.",
    source="htx§5",
    needs=(*STREAM, *TIMED),
    play=long_silence,
)
def answers_pings(judge: Judge) -> Look:
    open_pings: dict[object, deque[tuple[Entry, Json]]] = {}

    def look(entry: Entry) -> None:
        stamp = ping_of(entry)
        if stamp is not None:
            waiting = open_pings.setdefault(entry["connection"], deque(maxlen=REMEMBERED_PINGS))
            if waiting and apart_ms(waiting[0][0], entry) >= PATIENCE_MS:
                asked, number = waiting.popleft()
                judge.object(
                    "a ping is answered", expected=f"a pong with {number}", seen="none before the next", at=(asked, entry)
                )
            waiting.append((entry, stamp))
        elif entry.kind == CLOSE:
            open_pings.pop(entry["connection"], None)
        said = message(entry)
        if said is None or said.operation != PONG:
            return
        judge.saw()
        waiting = open_pings.get(entry["connection"], deque())
        same = (each for each in waiting if each[1] == said.stamp and type(each[1]) is type(said.stamp))  # text is no number
        found = next(same, None)
        if found is not None:
            waiting.remove(found)
        else:
            judge.object("a pong has the number of a ping", expected="an open ping's", seen=said.stamp, at=entry)

    return look


channels_are_subscribed_once = watched(
    "htx/streams/930",
    "No topic is subscribed twice on one connection.",
    requirement="A second subscription of a topic brings nothing but its opening once more.",
    source="htx§5",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=STREAM,
    play=whole_day,
)(subscribes_once)


@watched(
    "htx/streams/940",
    "Requests on a market socket have ids, each its own.",
    requirement="Answers and errors repeat the id of their request, and errors name nothing else.",
    source="htx§5",
    level=Level.SHOULD,
    needs=STREAM,
    play=whole_day,
)
def requests_have_ids(judge: Judge) -> Look:
    used: dict[object, set[str]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            used.pop(entry["connection"], None)
        said = message(entry)
        if said is None or said.operation not in (SUB, UNSUB, REQ) or (said.topics[:1] and "#" in said.topics[0]):
            return
        judge.saw()
        known = used.setdefault(entry["connection"], set())
        if said.id is None:
            judge.object("a request has an id", expected="an id", seen="none", at=entry)
        elif str(said.id) in known:
            judge.object("a request has an id of its own", expected="another id", seen=said.id, at=entry)
        known.add(str(said.id))

    return look


unsubscribes_what_is_subscribed = watched(
    "htx/streams/950",
    "Nothing is unsubscribed that was not subscribed.",
    requirement="`unsub` of anything else is an error: unsub with not subbed topic.",
    source="htx§5",
    level=Level.SHOULD,
    needs=STREAM,
    play=whole_day,
)(_no_socket_error({"unsub with not subbed": "it was not subscribed"}, "the topic was subscribed", after=(SUB, UNSUB)))


subscriptions_are_renewed = watched(
    "htx/streams/960",
    "After a lost connection the subscriptions are renewed.",
    requirement="A new connection has no login and no subscriptions; whoever wants them has to ask again.",
    source="htx§5",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "reconnect"),
    play=connection_is_cut,
)(renews_subscriptions)


@watched(
    "htx/streams/970",
    "The account's topics are subscribed after the login was confirmed.",
    requirement="A subscription before the answer to the login is refused with invalid.auth.state.",
    source="htx§6",
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
        if said is None or said.operation != SUB or not said.topics or "#" not in said.topics[0]:
            return
        judge.saw()
        if entry["connection"] not in logged_in:
            judge.object("the login comes first", expected="a login before", seen=f"{said.topics[0]} before it", at=entry)

    return look


# --- limits


async def _two_books(s: Session) -> None:
    """Two books are followed; then both are lost, and renewed."""
    one, other = s.facts.pairs[:2]
    await watch(s, one.symbol)
    await act(s)
    await watch(s, other.symbol)
    channel = s.facts.channel("any_book", symbol=one.symbol)
    await s.venue.plan({"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    await quote(s, "buy", one.price, one.qty)
    for _ in range(8):
        await act(s, 0.5)


@watched(
    "htx/limits/910",
    "Requests for data are 100 ms apart on each connection.",
    requirement="A connection is answered one `req` in 100 ms; what comes sooner is refused with 429 too many request.",
    source="htx§5",
    needs=("stream_open", "book_watch", *TIMED),
    play=_two_books,
)
def requests_are_paced(judge: Judge) -> Look:
    last: dict[object, Entry] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            last.pop(entry["connection"], None)
        said = message(entry)
        if said is None or said.operation != REQ:
            return
        judge.saw()
        earlier = last.get(entry["connection"])
        last[entry["connection"]] = entry
        if earlier is not None and apart_ms(earlier, entry) < REQUEST_PAUSE_MS:
            seen = f"the next after {apart_ms(earlier, entry):.0f} ms"
            judge.object("requests are paced", expected="100 ms apart", seen=seen, at=(earlier, entry))

    return look


@watched(
    "htx/limits/920",
    "A connection has one login.",
    requirement="The account's socket takes 10 connections of a key, and 50 requests a second on each: one login is enough.",
    source="htx§6",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=LOGGING_IN,
    play=listen,
)
def logs_in_once(judge: Judge) -> Look:
    logins: dict[object, int] = {}

    def look(entry: Entry) -> None:
        if entry.kind == OPEN:
            logins[entry["connection"]] = 0
        elif entry.kind == CLOSE:
            logins.pop(entry["connection"], None)
        said = message(entry) if entry.kind == IN else None
        if said is None or said.operation != LOGIN:
            return
        judge.saw()
        logins[entry["connection"]] = logins.get(entry["connection"], 0) + 1
        if logins[entry["connection"]] > 1:
            judge.object("there is one login for each connection", expected="1 login", seen="another one", at=entry)

    return look
