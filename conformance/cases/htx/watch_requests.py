"""Rules for requests to HTX: signatures, times, bodies, orders. Sections are those of the venue's specification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockex.conformance.cases.common.limits import LIMITED
from mockex.conformance.cases.htx.auth import STAMP
from mockex.conformance.cases.htx.words import AUTHENTICATION, KEY, TIME, Look, is_signed
from mockex.conformance.cases.played import tried, whole_day
from mockex.conformance.judging import Exchanges, Judge, watched
from mockex.conformance.model import Level, Provenance, Rule
from mockex.conformance.session import Session
from mockex.conformance.trace import REQUEST, RESPONSE, Entry

MARGIN_MS = 60_000
"""Of the venue's 300 s (htx§1.1): the vendor's own advice. A clock that is further off runs wrong."""

PUBLIC = ("/market/", "/v1/common/", "/v1/settings/", "/v2/settings/", "/v2/market-status", "/v2/reference/currencies")

SIGNATURE_TEXTS = {
    "Verification failure": "the signature is wrong, or a parameter is missing",
    "Incorrect Access key": "nobody has that key",
    "invalid signature": "the signature is wrong",
}
TIME_TEXTS = {"Invalid submission time": "the time is too far off, or has another form"}


def _never(refusals: Mapping[str, str], what: str, *, signed: bool = False, method: str = "", in_text: bool = False) -> Rule:
    """No request is refused with one of these codes; `in_text`: with one of these texts, where a code has several meanings.

    `signed`, `method`: only such requests exercise the rule.
    """

    def meaning(answer: Entry) -> str | None:
        if not answer.get("error"):
            return None
        if not in_text:
            return refusals.get(str(answer["error"]))
        return next((means for text, means in refusals.items() if text in answer.body), None)

    def rule(judge: Judge) -> Look:
        exchanges = Exchanges()

        def look(entry: Entry) -> None:
            if entry.kind == REQUEST and (is_signed(entry) or not signed) and entry["method"].startswith(method):
                judge.saw()
            pair = exchanges.pair(entry)
            means = None if pair is None else meaning(entry)
            if pair is not None and means is not None:
                judge.object(what, expected="no such refusal", seen=f"{entry['error']}, {means}", at=pair)

        return look

    return rule


# --- signatures


signatures_hold = watched(
    "htx/auth/900",
    "Every signature is accepted.",
    requirement="The signature is Base64(HMAC-SHA256(secret, method LF host LF path LF sorted query)); a body is not signed.",
    source="htx§1.1",
    play=whole_day,
)(_never(SIGNATURE_TEXTS, "the venue accepts the signature", signed=True, in_text=True))

private_calls_are_signed = watched(
    "htx/auth/910",
    "No private request goes out unsigned.",
    requirement="Accounts, orders and payments want a signature; what comes without one is refused with login-required.",
    source="htx§7",
    play=whole_day,
)(_never({"login-required": "it is not signed"}, "private requests are signed"))


@watched(
    "htx/auth/920",
    "A signed request has all five parameters, once each.",
    requirement="AccessKeyId, SignatureMethod, SignatureVersion, Timestamp and Signature stand in the query.",
    source="htx§1.1",
    play=whole_day,
)
def parameters_are_whole(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if not is_signed(entry):
            return
        judge.saw()
        names = [piece.partition("=")[0] for piece in str(entry["target"]).partition("?")[2].split("&")]
        for name in AUTHENTICATION:
            if names.count(name) != 1:
                seen = f"{name} {names.count(name)} times"
                judge.object("the request says who asks, and how it is signed", expected=f"{name} once", seen=seen, at=entry)

    return look


@watched(
    "htx/auth/930",
    "A GET has no body.",
    requirement="A GET with a body is answered with HTTP 403, whatever is in it.",
    source="htx§1.1",
    play=whole_day,
)
def gets_are_empty(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind == REQUEST and entry["method"] == "GET":
            judge.saw()
            if entry.body:
                judge.object("a GET has no body", expected="none", seen=entry.body[:80], at=entry)

    return look


@watched(
    "htx/auth/940",
    "The key stays with private requests.",
    requirement="Public routes ignore signatures: a key in their query only tells the way who asks.",
    source="htx§2",
    level=Level.SHOULD,
    play=whole_day,
)
def key_stays_private(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or not entry.path.startswith(PUBLIC):
            return
        judge.saw()
        if KEY in entry.query:
            judge.object("public requests are not signed", expected="no key", seen=entry.path, at=entry)

    return look


# --- time


@watched(
    "htx/time/900",
    "The time of every signed request has the venue's form.",
    requirement="`Timestamp` is YYYY-MM-DDThh:mm:ss in UTC, without a zone and without a fraction.",
    source="htx§1.1",
    play=whole_day,
)
def timestamps_have_form(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        stamp = entry.query.get(TIME) if is_signed(entry) else None
        if stamp is None:
            return
        judge.saw()
        if not STAMP.fullmatch(stamp):
            judge.object("the time has the form", expected="2026-01-02T03:04:05", seen=stamp, at=entry)

    return look


timestamps_are_fresh = watched(
    "htx/time/910",
    "No signed request is too old or too new for the venue.",
    requirement="A request whose time is more than 5 minutes from the venue's is refused.",
    source="htx§1.1",
    play=whole_day,
)(_never(TIME_TEXTS, "the venue finds the time right", signed=True, in_text=True))


@watched(
    "htx/time/920",
    "The client's clock is within a minute of the venue's.",
    requirement="Requests are valid for 5 minutes; the vendor asks for clocks that are not more than a minute off.",
    source="htx§1.1",
    level=Level.SHOULD,
    play=whole_day,
)
def clock_is_right(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        stamp = entry.query.get(TIME, "") if is_signed(entry) else ""
        if not STAMP.fullmatch(stamp):
            return
        try:
            told = datetime.fromisoformat(stamp).replace(tzinfo=UTC)
        except ValueError:
            return
        judge.saw()
        off = round(told.timestamp() * 1_000) - entry.at_ms
        if abs(off) > MARGIN_MS:
            judge.object("the clock is right", expected=f"within {MARGIN_MS} ms", seen=f"{off:+} ms", at=entry)

    return look


# --- parameters and bodies


bodies_are_json = watched(
    "htx/errors/900",
    "Every body is JSON.",
    requirement="A POST has a JSON body: an object, or a list of orders for a batch; forms are for nobody.",
    source="htx§1.1",
    play=whole_day,
)(_never({"request body": "the body is no JSON"}, "the venue can read the body", method="POST", in_text=True))

parameters_are_right = watched(
    "htx/errors/910",
    "No request is refused for its parameters.",
    requirement="Parameters have the names, forms and values that the venue documents.",
    source="htx§7",
    level=Level.SHOULD,
    play=whole_day,
)(
    _never(
        {
            "invalid-parameter": "a parameter has a value that it may not have",
            "require-symbol": "there is no symbol",
            "base-symbol-error": "there is no such symbol",
            "base-argument-unsupported": "a parameter has a value that it may not have",
            "parameter-required": "a required parameter is missing",
            "validation-format-error": "a parameter has another form",
            "validation-constraints-required": "a required parameter is missing",
            "order-type-invalid": "there is no such type of order",
            "order-source-invalid": "there is no such source of orders",
            "account-account-id-inexistent": "that is not the account of the key",
            "invalid-interval": "a span is longer than 48 hours, or ends before it starts",
            "invalid-start-time": "a span starts at no time",
            "invalid-end-time": "a span ends at no time",
            "order-date-limit-error": "a span starts before what the venue keeps",
            "base-date-limit-error": "a span starts before what the venue keeps",
            "2002": "a parameter has a value that it may not have",
            "2003": "a required parameter is missing",
        },
        "the venue takes the parameters",
    )
)


# --- limits


async def _burst(s: Session) -> None:
    """So many calls that the venue would refuse one."""
    operation = s.facts.words["burst"]
    for _ in range(int(s.facts.numbers["burst_calls"]) + 1):
        await tried(s, operation, symbol=s.facts.pair.symbol)


@watched(
    "htx/limits/900",
    "A client that has used its calls up waits for the window's end.",
    requirement="Private replies say what is left of the window and when it ends: X-HB-RateLimit-Requests-Remain and -Expire. "
    "Calling on after 0 is refused.",
    source="htx§7",
    level=Level.INFO,
    provenance=Provenance.PROPOSED,
    needs=("open_orders",),
    play=_burst,
    world=LIMITED,
)
def heeds_headers(judge: Judge) -> Look:
    empty: dict[tuple[Any, Any], tuple[Entry, int]] = {}  # account and route -> the reply that left none, and when it ends

    exchanges = Exchanges()

    def look(entry: Entry) -> None:
        if entry.kind == REQUEST and is_signed(entry):
            known = empty.pop((entry.get("account"), entry.get("route")), None)
            if known is not None and entry.at_ms < known[1]:
                seen = f"{known[1] - entry.at_ms} ms before its end"
                judge.object("the window's end is waited for", expected="a pause", seen=seen, at=(known[0], entry))
        pair = exchanges.pair(entry)
        if pair is None or entry.kind != RESPONSE:
            return
        headers = {str(name).lower(): str(value) for name, value in (entry.get("headers") or {}).items()}
        left, ends = headers.get("x-hb-ratelimit-requests-remain"), headers.get("x-hb-ratelimit-requests-expire")
        if left is None or ends is None or not ends.isdigit():
            return
        judge.saw()
        if left == "0":
            empty[pair[0].get("account"), pair[0].get("route")] = (entry, int(ends))

    return look
