"""Rules for requests to Coinstore: signatures, times, bodies, filters. Sections are those of the venue's specification."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.coinstore.words import EXPIRES, KEY, SIGN, Look, header, is_signed
from mockex.conformance.cases.played import tried, whole_day
from mockex.conformance.judging import Exchanges, Judge, watched
from mockex.conformance.model import Level, Provenance, Rule
from mockex.conformance.session import Session
from mockex.conformance.trace import REQUEST, Entry

MARGIN_MS = 15_000
"""Half of what the venue is taken to tolerate (cs§3.3). A clock that is further off runs wrong."""

DEPTHS = ("5", "10", "20", "50", "100")  # cs§7.16
BOOK_ROUTE = "GET /api/v1/market/depth/{symbol}"
PRICES_ROUTE = "GET /api/v1/ticker/price"
TIME_DIGITS = 13


def _never(refusals: Mapping[str, str], what: str, *, of: str = "") -> Rule:
    """No request is refused with one of these codes. `of`: only requests to such a path exercise the rule; "": signed ones."""

    def rule(judge: Judge) -> Look:
        exchanges = Exchanges()

        def look(entry: Entry) -> None:
            if entry.kind == REQUEST and (of in entry.path if of else is_signed(entry)):
                judge.saw()
            pair = exchanges.pair(entry)
            means = None if pair is None else refusals.get(str(entry.get("error")))
            if pair is not None and means is not None:
                judge.object(what, expected="no such refusal", seen=f"{entry['error']}, {means}", at=pair)

        return look

    return rule


signatures_hold = watched(
    "coinstore/auth/900",
    "Every signature is accepted.",
    requirement="The signature is the HMAC of query and body with the hexadecimal text of the HMAC of the half minute.",
    source="cs§3.1",
    play=whole_day,
)(_never({"1401": "the signature, its time or the address is wrong", "3005": "it is malformed"}, "the signature is accepted"))

keys_are_known = watched(
    "coinstore/auth/910",
    "No private request goes out without a key.",
    requirement="Accounts, orders and payments want the three headers; what comes without them is refused with 401.",
    source="cs§3.3",
    play=whole_day,
)(_never({"401": "there is no key, or nobody has it"}, "private requests carry a key", of="/trade/"))

bodies_are_json = watched(
    "coinstore/errors/910",
    "Every POST carries a JSON object.",
    requirement="A POST without a body, or with one that is no JSON, is refused with HTTP 400.",
    source="cs§4",
    provenance=Provenance.PROPOSED,
    play=whole_day,
)(_never({"400": "a field is missing or malformed, or the body is no JSON"}, "the request can be read"))


@watched(
    "coinstore/auth/920",
    "A signed request has all three headers, the signature in lower case.",
    requirement="X-CS-APIKEY, X-CS-EXPIRES and X-CS-SIGN go together; the signature is 64 hexadecimal characters in lower "
    "case.",
    source="cs§3",
    play=whole_day,
)
def headers_are_complete(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if not is_signed(entry):
            return
        judge.saw()
        missing = [name for name in (KEY, EXPIRES, SIGN) if not header(entry, name)]
        if missing:
            judge.object("all three headers are there", expected="each of them", seen=f"no {', '.join(missing)}", at=entry)

    return look


@watched(
    "coinstore/time/900",
    "Requests are signed for the venue's present.",
    requirement="X-CS-EXPIRES is the time of sending in milliseconds; what is half a minute off is refused.",
    source="cs§3",
    level=Level.SHOULD,
    play=whole_day,
)
def time_is_the_present(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        told = header(entry, EXPIRES) if entry.kind == REQUEST else None
        if told is None:
            return
        judge.saw()
        if len(told) != TIME_DIGITS or not told.isdigit() or abs(int(told) - entry.at_ms) > MARGIN_MS:
            judge.object("the time is the present", expected=f"about {entry.at_ms}", seen=told, at=entry)

    return look


@watched(
    "coinstore/orders/900",
    "The time that an order is given is milliseconds of the present.",
    requirement="`timestamp` is milliseconds, and the venue takes it as it is: an order of the wrong unit is one of 1970.",
    source="cs§5",
    needs=("place_order",),
    play=whole_day,
)
def orders_have_the_present(judge: Judge) -> Look:
    placing = (judge.facts.route("place_order"), judge.facts.route("place_orders"))

    def look(entry: Entry) -> None:
        said = entry.json if entry.kind == REQUEST and entry.get("route") in placing else None
        told = said.get("timestamp") if isinstance(said, dict) else None
        if told is None:
            return
        judge.saw()
        if not str(told).isdigit() or abs(int(told) - entry.at_ms) > 2 * MARGIN_MS:
            judge.object("the order's time is the present", expected=f"about {entry.at_ms}", seen=told, at=entry)

    return look


async def _books_of_all_depths(s: Session) -> None:
    for limit in (1, 5, 15, 30, 80):
        await tried(s, "book", symbol=s.facts.pair.symbol, limit=limit)


@watched(
    "coinstore/market/900",
    "Books are asked for with a depth that there is.",
    requirement="Depths are 5, 10, 20, 50 and 100; any other is taken for 20 without a word.",
    source="cs§7.16",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("book",),
    play=_books_of_all_depths,
)
def depths_exist(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or entry.get("route") != BOOK_ROUTE:
            return
        judge.saw()
        asked = entry.query.get("depth")
        if asked is not None and asked not in DEPTHS:
            judge.object("the depth is one that there is", expected=" or ".join(DEPTHS), seen=asked, at=entry)

    return look


@watched(
    "coinstore/market/910",
    "Last prices are filtered in the path, not in the query.",
    requirement="`;symbol=A,B` in the path is the filter; a query of that name is ignored and brings every pair.",
    source="cs§7.19",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    play=None,
)
def filters_stand_in_the_path(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or entry.get("route") != PRICES_ROUTE:
            return
        judge.saw()
        if "symbol" in entry.query:
            seen = f"{entry['target']}"
            judge.object("the filter stands in the path", expected=f"{entry.path};symbol=...", seen=seen, at=entry)

    return look
