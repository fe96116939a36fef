"""Rules of the gateway's socket, for whoever is on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mockex.conformance.cases.gateway.wire import CONNECT_FAILED, IDLE_S, LOST, READY, RECONNECTING, TALKS, TIMED, drop, said
from mockex.conformance.cases.live import place, price
from mockex.conformance.judging import Judge, apart_ms, watched
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, OPEN, OUT, Entry, Number

Look = Callable[[Entry], None]
T = TypeVar("T")

MOST = 10_000

ENDS_READY = frozenset(str(code) for code in (CONNECT_FAILED, LOST, RECONNECTING))
PLAYED = ("stream_open", "place_order", *TIMED)


def remember(table: dict[str, T], name: str, value: T) -> None:
    """Forgets the oldest of very many: whoever is watched may stay for days."""
    table[name] = value
    if len(table) > MOST:
        del table[next(iter(table))]


async def _two_sockets(s: Session) -> None:
    """Orders on one socket, and then on another."""
    pair = s.facts.pair
    for at in (0, 9):
        await s.client("stream_open", private=True)
        await s.client.attempt(
            "place_order", symbol=pair.symbol, side="buy", type="limit", price=f"{price(s, -at):f}", qty=f"{pair.qty:f}"
        )
        await s.client("stream_close")


async def _day(s: Session) -> None:
    """Orders, a lost link, and some time without news."""
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await place(s, "buy", pair.qty, price(s, 0))
    await place(s, "sell", pair.qty, price(s, 9))
    await drop(s)
    await s.client.settle()
    if s.client.has("open_orders"):
        await s.client.attempt("open_orders", symbol=pair.symbol)
    await s.pass_time(2 * IDLE_S)
    await s.client.attempt(
        "place_order", symbol=pair.symbol, side="buy", type="limit", price=f"{pair.price:f}", qty=f"{pair.qty:f}"
    )


@watched(
    "gateway/streams/900",
    "Every request has a `cid` that no other on its socket has.",
    requirement="Replies come in any order and are matched by `cid`.",
    source="gw§12",
    play=_day,
    needs=PLAYED,
)
def cids_are_unique(judge: Judge) -> Look:
    used: dict[int, dict[str, Entry]] = {}

    def look(entry: Entry) -> None:
        if entry.kind == CLOSE:
            used.pop(entry["connection"], None)
        if entry.kind != IN or said(entry).get("op") in (None, "ping"):
            return
        judge.saw()
        cid, of_socket = said(entry).get("cid"), used.setdefault(entry["connection"], {})
        if not isinstance(cid, str) or not cid:
            judge.object("a request has a cid", expected="text", seen=cid, at=entry)
        elif cid in of_socket:
            judge.object("a cid is used once", expected="another cid", seen=cid, at=(of_socket[cid], entry))
        else:
            remember(of_socket, cid, entry)

    return look


@watched(
    "gateway/orders/900",
    "Operations are sent only while their login is ready.",
    requirement="Code 6 allows operations, and 3, 4 and 5 end that.",
    source="gw§12",
    play=_day,
    needs=PLAYED,
)
def only_when_ready(judge: Judge) -> Look:
    ready: dict[str, Entry] = {}

    def look(entry: Entry) -> None:
        frame = said(entry)
        if entry.kind == OUT and frame.get("op") == "state":
            if frame["code"] == str(READY):
                remember(ready, frame["token"], entry)
            elif frame["code"] in ENDS_READY:
                ready.pop(frame["token"], None)
        if entry.kind != IN or frame.get("op") not in TALKS:
            return
        judge.saw()
        if frame.get("token") not in ready:
            judge.object("the login is ready", expected="state 6 before it", seen=entry.summary(), at=entry)

    return look


@watched(
    "gateway/time/900",
    "No socket is silent for fifteen seconds.",
    requirement="The server closes a socket that has sent nothing for 15 s.",
    source="gw§2",
    play=_day,
    needs=PLAYED,
)
def never_silent(judge: Judge) -> Look:
    heard: dict[int, Entry] = {}

    def look(entry: Entry) -> None:
        if entry.kind == OPEN:
            heard[entry["connection"]] = entry
        elif entry.kind in (IN, CLOSE) and (before := heard.get(entry["connection"])) is not None:
            judge.saw()
            silent_ms, most_s = apart_ms(before, entry), IDLE_S - 1
            if silent_ms > 1_000 * most_s:
                what = "the socket is not silent for long"
                judge.object(what, expected=f"up to {most_s} s", seen=f"{silent_ms / 1_000:.1f} s", at=(before, entry))
            heard[entry["connection"]] = entry
            if entry.kind == CLOSE:
                del heard[entry["connection"]]

    return look


@watched(
    "gateway/numbers/900",
    "Prices and quantities are JSON numbers.",
    requirement="All prices and quantities are JSON numbers, not text.",
    source="gw§4",
    play=_day,
    needs=PLAYED,
)
def numbers_are_numbers(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != IN or said(entry).get("op") != "place_order":
            return
        judge.saw()
        for name in ("price", "quantity"):
            if not isinstance(said(entry).get(name), Number):
                judge.object(f"{name} is a number", expected="a number", seen=repr(said(entry).get(name)), at=entry)

    return look


@watched(
    "gateway/auth/900",
    "A token is used only on the socket that it was given to.",
    requirement="A token is valid on its own socket; with the socket it dies.",
    source="gw§5",
    play=_two_sockets,
    needs=("stream_open", "stream_close", "place_order"),
)
def tokens_stay_at_home(judge: Judge) -> Look:
    homes: dict[str, int] = {}

    def look(entry: Entry) -> None:
        frame = said(entry)
        if entry.kind == OUT and frame.get("op") == "login" and frame.get("token"):
            remember(homes, frame["token"], entry["connection"])
        if entry.kind != IN or frame.get("op") in (None, "ping", "login"):
            return
        judge.saw()
        if homes.get(str(frame.get("token"))) != entry["connection"]:
            what = "the token is one of this socket"
            judge.object(what, expected="a token that it was given", seen=frame.get("token"), at=entry)

    return look
