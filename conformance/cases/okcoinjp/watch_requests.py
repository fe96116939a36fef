"""Rules for requests to OKCoin Japan: signatures, times, bodies, queries. Sections are those of the venue's specification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl

from mockex.conformance.cases.okcoinjp.watch_words import Look, is_signed
from mockex.conformance.cases.played import whole_day
from mockex.conformance.judging import Exchanges, Judge, watched
from mockex.conformance.model import Level, Rule
from mockex.conformance.trace import REQUEST, Entry

MARGIN_MS = 5_000
"""Of the venue's 30 s (okj§3). A clock that is further off runs wrong, and soon nothing that the client signs is valid."""


def _never(refusals: Mapping[str, str], what: str, *, signed: bool = False, method: str = "") -> Rule:
    """No request is refused with one of these codes. `signed`, `method`: only such requests exercise the rule."""

    def rule(judge: Judge) -> Look:
        exchanges = Exchanges()

        def look(entry: Entry) -> None:
            if entry.kind == REQUEST and (is_signed(entry) or not signed) and entry["method"].startswith(method):
                judge.saw()
            pair = exchanges.pair(entry)
            if pair is not None and entry.get("error") in refusals:
                seen = f"{entry['error']}, {refusals[entry['error']]}"
                judge.object(what, expected="no such refusal", seen=seen, at=pair)

        return look

    return rule


signatures_hold = watched(
    "okcoinjp/auth/900",
    "Every signature is accepted.",
    requirement="The signature is Base64(HMAC-SHA256(secret, timestamp + method + path and query as sent + body as sent)).",
    source="okj§3",
    play=whole_day,
)(_never({"30013": "the signature is wrong"}, "the venue accepts the signature", signed=True))

credentials_are_whole = watched(
    "okcoinjp/auth/910",
    "Every signed request carries a known key, its passphrase, a signature and a time.",
    requirement="A private request has the four headers OK-ACCESS-KEY, -SIGN, -TIMESTAMP and -PASSPHRASE.",
    source="okj§3",
    play=whole_day,
)(
    _never(
        {
            "30001": "there is no key",
            "30002": "there is no signature",
            "30003": "there is no time",
            "30004": "there is no passphrase",
            "30006": "nobody has that key",
            "30015": "the passphrase is wrong",
        },
        "the request says who asks",
    )
)

timestamps_are_readable = watched(
    "okcoinjp/time/900",
    "The time of every signed request has a form that the venue reads.",
    requirement="OK-ACCESS-TIMESTAMP is ISO 8601 in UTC, or seconds since 1970 with decimals.",
    source="okj§3",
    play=whole_day,
)(_never({"30005": "the time cannot be read"}, "the venue reads the time", signed=True))

timestamps_are_fresh = watched(
    "okcoinjp/time/910",
    "No signed request is too old or too new for the venue.",
    requirement="A request whose time is more than 30 s from the venue's is refused.",
    source="okj§3",
    play=whole_day,
)(_never({"30008": "the time is more than 30 s off"}, "the venue finds the time right", signed=True))

bodies_are_json = watched(
    "okcoinjp/errors/900",
    "Every body is JSON, and said to be.",
    requirement="A POST has a JSON body and the content type application/json; forms are not supported.",
    source="okj§2",
    play=whole_day,
)(
    _never(
        {"30007": "the content type is not application/json", "30020": "there is no body", "30021": "the body is no JSON"},
        "the venue can read the body",
        method="POST",
    )
)

parameters_are_right = watched(
    "okcoinjp/errors/910",
    "No request is refused for its parameters.",
    requirement="Parameters have the names, forms and values that the venue documents.",
    source="okj§5.1",
    level=Level.SHOULD,
    play=whole_day,
)(
    _never(
        {
            "30023": "a required parameter is missing",
            "30024": "a parameter has a value that it may not have",
            "30025": "a parameter is no number where it must be one",
            "30031": "there is no such currency",
            "30032": "there is no such pair",
            "33007": "there is no such state",
            "33059": "no order is named",
            "33060": "an order is named in two ways",
        },
        "the venue takes the parameters",
    )
)


@watched(
    "okcoinjp/time/920",
    "The client's clock is close to the venue's.",
    requirement="Requests are valid for 30 s; a clock that is 5 s off has used up a sixth of that before the network.",
    source="okj§3",
    level=Level.SHOULD,
    play=whole_day,
)
def clock_is_right(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        stamp = entry["headers"].get("ok-access-timestamp") if entry.kind == REQUEST else None
        told_ms = None if stamp is None else _milliseconds(stamp)
        if told_ms is None:
            return
        judge.saw()
        off = told_ms - entry.at_ms
        if abs(off) > MARGIN_MS:
            judge.object("the clock is right", expected=f"within {MARGIN_MS} ms", seen=f"{off:+.0f} ms", at=entry)

    return look


def _milliseconds(stamp: str) -> Decimal | None:
    """Since 1970; None if it is no time that the venue reads."""
    try:
        return Decimal(stamp) * 1_000
    except InvalidOperation:
        pass
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return None if moment.tzinfo is None else Decimal(round(moment.timestamp() * 1_000))


@watched(
    "okcoinjp/errors/920",
    "Queries have no oddities.",
    requirement="The venue bears empty parameters, ampersands too many and trailing slashes; others do not.",
    source="okj§2",
    level=Level.INFO,
    play=whole_day,
)
def queries_are_plain(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST:
            return
        path, mark, query = str(entry["target"]).partition("?")
        if mark or path.endswith("/"):
            judge.saw()
        for oddity in _oddities(path, mark, query):
            judge.object("the request line is plain", expected="nothing odd", seen=oddity, at=entry)

    return look


def _oddities(path: str, mark: str, query: str) -> list[str]:
    found = ["a trailing slash"] if len(path) > 1 and path.endswith("/") else []
    if mark and not query:
        found.append("a question mark with nothing behind it")
    if "&&" in query or query.startswith("&") or query.endswith("&"):
        found.append("an ampersand too many")
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    found += [f"{name} without a value" for name, value in pairs if not value]
    found += [f"{name} more than once" for name in dict.fromkeys(names) if names.count(name) > 1]
    return found
