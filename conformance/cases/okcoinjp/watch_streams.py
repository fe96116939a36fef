"""Rules for sockets of OKCoin Japan: login, subscriptions, heartbeats, limits. Sections: the venue's specification."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from mockex.conformance.cases.okcoinjp.watch_words import PING, PRIVATE_CHANNELS, Look, operation, socket_error
from mockex.conformance.cases.played import connection_is_cut, long_silence, two_streams, whole_day
from mockex.conformance.cases.rules import renews_subscriptions
from mockex.conformance.judging import Judge, apart_ms, watched
from mockex.conformance.model import Level, Provenance, Rule
from mockex.conformance.trace import CLOSE, IN, LOGIN, OPEN, REFUSED, SUBSCRIBED, UNSUBSCRIBED, Entry

STREAM = ("stream_open", "subscribe")
LOGGING_IN = ("stream_open", "subscribe.orders")

NO_DATA_CLOSE, SLOW_READER_CLOSE = 4001, 4002  # okj§11.1
CONNECTION_PAUSE_MS = 1_000  # okj§11.1: 1 connection a second
COMMANDS_PER_SECOND = 50
SUBSCRIPTIONS_PER_HOUR = 240
HOUR_MS, SECOND_MS = 3_600_000, 1_000
MAX_NAMES_BYTES = 4_096


def _no_socket_error(errors: Mapping[int, str], what: str, *, after: str) -> Rule:
    """The venue sends none of these errors. `after`: the operation that exercises the rule; empty: any message of a client."""

    def rule(judge: Judge) -> Look:
        last: dict[object, Entry] = {}  # connection -> the client's newest message

        def look(entry: Entry) -> None:
            if entry.kind == IN:
                last[entry["connection"]] = entry
                said = operation(entry)
                if not after or (said is not None and said.name == after):
                    judge.saw()
            elif entry.kind == CLOSE:
                last.pop(entry["connection"], None)
            code = socket_error(entry)
            if code is not None and code in errors:
                places = [each for each in (last.get(entry["connection"]), entry) if each is not None]
                judge.object(what, expected="no such error", seen=f"{code}, {errors[code]}", at=places)

        return look

    return rule


logins_succeed = watched(
    "okcoinjp/auth/920",
    "Every login on a socket succeeds.",
    requirement="login has key, passphrase, the time in seconds, and the signature over time + GET + /users/self/verify.",
    source="okj§11.2",
    needs=LOGGING_IN,
    play=whole_day,
)(
    _no_socket_error(
        {
            30001: "the key is blank",
            30002: "the signature is blank",
            30004: "the passphrase is blank",
            30005: "the time cannot be read",
            30006: "nobody has that key",
            30008: "the time is more than 30 s off",
            30013: "the signature is wrong",
            30027: "the login failed",
        },
        "the login succeeds",
        after="login",
    )
)

logs_in_once = watched(
    "okcoinjp/streams/900",
    "A connection logs in once.",
    requirement="A second login on a connection is an error.",
    source="okj§11.2",
    level=Level.SHOULD,
    needs=LOGGING_IN,
    play=whole_day,
)(_no_socket_error({30042: "already logged in"}, "there is one login for each connection", after="login"))

channels_exist = watched(
    "okcoinjp/streams/910",
    "Every channel that is subscribed exists.",
    requirement="A channel is named spot/<name>:<filter>; the venue refuses names that it does not know, one by one.",
    source="okj§11.2",
    needs=STREAM,
    play=whole_day,
)(_no_socket_error({30040: "there is no such channel"}, "the channel exists", after="subscribe"))

messages_are_understood = watched(
    "okcoinjp/streams/920",
    "The venue understands every message.",
    requirement='A message is ping, or {"op": ..., "args": [...]} with an operation that there is.',
    source="okj§11.2",
    needs=("stream_open",),
    play=whole_day,
)(_no_socket_error({30039: "the request is not recognised"}, "the message is understood", after=""))


@watched(
    "okcoinjp/streams/930",
    "Private channels are subscribed after the login.",
    requirement="spot/account and spot/order belong to the account that the connection has logged in to.",
    source="okj§11.2",
    needs=LOGGING_IN,
    play=whole_day,
)
def login_comes_first(judge: Judge) -> Look:
    logged_in: set[object] = set()

    def look(entry: Entry) -> None:
        if entry.kind == LOGIN:
            logged_in.add(entry["connection"])
        elif entry.kind == CLOSE:
            logged_in.discard(entry["connection"])
        said = operation(entry)
        private = [] if said is None or said.name != "subscribe" else [n for n in said.args if n.startswith(PRIVATE_CHANNELS)]
        if private:
            judge.saw()
            if entry["connection"] not in logged_in:
                seen = f"{private[0]} before the login"
                judge.object("the login comes first", expected="a login before", seen=seen, at=entry)

    return look


@watched(
    "okcoinjp/streams/940",
    "A silent connection is kept alive.",
    requirement="After 30 s without data the venue closes the connection; a ping in time brings a pong.",
    source="okj§11.1",
    level=Level.SHOULD,
    needs=(*STREAM, "clock", "elapse"),
    play=long_silence,
)
def keeps_alive(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind == IN and entry.get("text") == PING:
            judge.saw()
        elif entry.kind == CLOSE and entry["by"] == "server" and entry.get("code") == NO_DATA_CLOSE:
            judge.object("silence is broken by a ping", expected="a ping in time", seen="closed after 30 s", at=entry)

    return look


@watched(
    "okcoinjp/streams/950",
    "The client reads as fast as the venue writes.",
    requirement="What a client does not read fills the venue's buffer; when that is full the venue closes the connection.",
    source="okj§11.1",
    needs=STREAM,
    play=None,  # the machine's own buffers take megabytes before the venue would notice
)
def reads_fast_enough(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind == SUBSCRIBED:
            judge.saw()
        elif entry.kind == CLOSE and entry["by"] == "server" and entry.get("code") == SLOW_READER_CLOSE:
            judge.object("messages are read in time", expected="a reader that keeps up", seen="closed: buffer full", at=entry)

    return look


subscriptions_are_renewed = watched(
    "okcoinjp/streams/960",
    "After a lost connection the subscriptions are renewed.",
    requirement="A new connection has no login and no subscriptions; whoever wants them has to ask again.",
    source="okj§11.1",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "reconnect"),
    play=connection_is_cut,
)(renews_subscriptions)


# --- limits


@watched(
    "okcoinjp/limits/900",
    "Connections are opened at most once a second.",
    requirement="The venue takes one connection a second from an address.",
    source="okj§11.1",
    needs=("stream_open", "stream_close", "clock", "elapse"),
    play=two_streams,
)
def connects_slowly(judge: Judge) -> Look:
    last: dict[str, Entry] = {}  # address -> its newest connection

    def look(entry: Entry) -> None:
        if entry.kind not in (OPEN, REFUSED):
            return
        address = str(entry.get("peer") or "").rpartition(":")[0]
        earlier = last.get(address)
        last[address] = entry
        if earlier is not None:
            judge.saw()
            waited = apart_ms(earlier, entry)
            if waited < CONNECTION_PAUSE_MS:
                seen, places = f"the next after {waited:.0f} ms", (earlier, entry)
                judge.object("connections are a second apart", expected="at least 1 s", seen=seen, at=places)

    return look


@watched(
    "okcoinjp/limits/910",
    "At most 50 commands of a kind are sent in a second.",
    requirement="A connection may send 50 commands of each type in a second.",
    source="okj§11.1",
    needs=STREAM,
    play=whole_day,
)
def commands_are_few(judge: Judge) -> Look:
    recent: dict[tuple[object, str], deque[Entry]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            for key in [key for key in recent if key[0] == entry["connection"]]:
                del recent[key]
        said = operation(entry)
        if said is None:
            return
        judge.saw()
        window = recent.setdefault((entry["connection"], said.name), deque(maxlen=COMMANDS_PER_SECOND + 1))
        window.append(entry)
        if len(window) > COMMANDS_PER_SECOND and apart_ms(window[0], entry) < SECOND_MS:
            seen = f"{len(window)} {said.name} in {apart_ms(window[0], entry):.0f} ms"
            judge.object("commands are not too many", expected="up to 50 in a second", seen=seen, at=(window[0], entry))
            window.clear()

    return look


@watched(
    "okcoinjp/limits/920",
    "At most 240 subscriptions are made in an hour.",
    requirement="A connection may subscribe, unsubscribe and log in 240 times in an hour.",
    source="okj§11.1",
    provenance=Provenance.PROPOSED,
    needs=STREAM,
    play=whole_day,
)
def subscriptions_are_few(judge: Judge) -> Look:
    made: dict[object, deque[Entry]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            made.pop(entry["connection"], None)
        if entry.kind not in (SUBSCRIBED, UNSUBSCRIBED, LOGIN):
            return
        judge.saw()
        window = made.setdefault(entry["connection"], deque(maxlen=SUBSCRIPTIONS_PER_HOUR + 1))
        window.append(entry)
        if len(window) > SUBSCRIPTIONS_PER_HOUR and apart_ms(window[0], entry) < HOUR_MS:
            seen = f"{len(window)} within {apart_ms(window[0], entry) / SECOND_MS:.0f} s"
            judge.object("subscriptions are not too many", expected="up to 240 in an hour", seen=seen, at=entry)
            window.clear()

    return look


@watched(
    "okcoinjp/limits/930",
    "The channels of one request fit into 4096 bytes.",
    requirement="The names of the channels in one request have at most 4096 bytes together.",
    source="okj§11.1",
    needs=STREAM,
    play=whole_day,
)
def names_fit(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        said = operation(entry)
        if said is None or said.name not in ("subscribe", "unsubscribe"):
            return
        judge.saw()
        size = sum(len(name.encode()) for name in said.args)
        if size > MAX_NAMES_BYTES:
            judge.object("the names fit", expected=f"up to {MAX_NAMES_BYTES} bytes", seen=f"{size} bytes", at=entry)

    return look
