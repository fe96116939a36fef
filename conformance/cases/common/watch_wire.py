"""Rules for any client at any venue, judged from the wire alone."""

from __future__ import annotations

from collections.abc import Callable

from mockex.conformance.cases.played import reply_is_lost, told_to_slow_down, whole_day
from mockex.conformance.judging import Exchanges, Judge, apart_ms, watched
from mockex.conformance.model import Level
from mockex.conformance.trace import IN, REQUEST, Entry

TOO_MANY_REQUESTS = 429
PATIENCE_MS = 500
"""Whoever asks again sooner has not slowed down."""

RESENT_WITHIN_MS = 60_000
LOOKUPS = ("order", "order_by_client_id", "open_orders", "orders", "fills", "fills_of_order", "balances")
"""Operations by which a client can find out what became of an order, and parts of them that have routes of their own."""

Look = Callable[[Entry], None]


@watched(
    "common/auth/900",
    "The secret of the key never leaves the client.",
    requirement="Requests are signed with the secret; the secret itself is sent nowhere.",
    play=whole_day,
)
def secret_stays_secret(judge: Judge) -> Look:
    secrets = [key.secret for key in judge.keys]

    def look(entry: Entry) -> None:
        if entry.kind not in (REQUEST, IN):
            return
        judge.saw()
        f = entry.fields
        said = "\n".join([str(f.get("target", "")), str(f.get("headers", "")), str(f.get("body", "")), str(f.get("text", ""))])
        if any(secret in said for secret in secrets):
            judge.object("the secret is not sent", expected="a signature", seen="the secret itself", at=entry)

    return look


@watched(
    "common/errors/900",
    "Every request is for a route that the venue has.",
    requirement="The venue refuses paths that it does not know.",
    play=whole_day,
)
def routes_exist(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST:
            return
        judge.saw()
        if entry.get("route") is None:
            seen = f"{entry['method']} {entry.path}"
            judge.object("the venue has the route", expected="a route of the venue", seen=seen, at=entry)

    return look


@watched(
    "common/limits/900",
    "Told that it asks too often, the client slows down.",
    requirement="Whoever gets a 429, or the venue's code for it, has asked too often: slow down, then ask again.",
    level=Level.SHOULD,
    needs=("balances",),
    play=told_to_slow_down,
)
def slows_down(judge: Judge) -> Look:
    exchanges = Exchanges()
    codes = judge.facts.codes("rate_limited")
    refused: dict[tuple[str | None, str | None], Entry] = {}

    def look(entry: Entry) -> None:
        if entry.kind == REQUEST:
            earlier = refused.pop(_endpoint(entry), None)
            if earlier is not None and apart_ms(earlier, entry) < PATIENCE_MS:
                seen = f"the next request after {apart_ms(earlier, entry):.0f} ms"
                judge.object("it waits after that", expected=f"at least {PATIENCE_MS} ms", seen=seen, at=(earlier, entry))
        pair = exchanges.pair(entry)
        if pair is not None and (entry["status"] == TOO_MANY_REQUESTS or entry.get("error") in codes):
            judge.saw()
            refused[_endpoint(pair[0])] = entry

    return look


def _endpoint(request: Entry) -> tuple[str | None, str | None]:
    """What a limit counts, as far as every venue is concerned: who asks for what."""
    return request.get("account"), request.get("route")


@watched(
    "common/faults/900",
    "An order whose reply was lost is not sent again before the client has looked.",
    requirement="An order without a reply may stand. Sending it again may double it; the lists tell whether it does.",
    needs=("place_order",),
    play=reply_is_lost,
)
def no_blind_repetition(judge: Judge) -> Look:
    placing = judge.facts.route("place_order")
    lookups = {route for name, route in judge.facts.routes.items() if name in LOOKUPS}
    exchanges = Exchanges()
    lost: dict[str | None, Entry] = {}  # account -> its newest order without a reply

    def look(entry: Entry) -> None:
        if entry.kind == REQUEST and entry.get("route") in lookups:
            lost.pop(entry.get("account"), None)
        elif entry.kind == REQUEST and entry.get("route") == placing:
            earlier = lost.get(entry.get("account"))
            if earlier is not None and earlier.body == entry.body and apart_ms(earlier, entry) < RESENT_WITHIN_MS:
                seen = "the same order again"
                judge.object("a lost order is not repeated blindly", expected="a look first", seen=seen, at=(earlier, entry))
        pair = exchanges.pair(entry)
        if pair is not None and pair[0].get("route") == placing and entry.get("delivery") == "lost":
            judge.saw()
            lost[pair[0].get("account")] = pair[0]

    return look
