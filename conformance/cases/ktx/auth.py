"""KTX's signature: over the raw query of a GET and the raw body of anything else, by the vectors of the table (ktx§3)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.ktx.words import (
    ACCOUNTS,
    DELETE_ORDER,
    EXPIRES,
    LEDGER,
    LOGINS,
    ORDER,
    ORDERS,
    SECRET_A,
    SIGN,
    header,
    message_of,
    query_of,
    sample_key,
    signature,
)
from mockex.conformance.cases.support import ME, READER, key_named, sent_since, signed_request, told_as
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import IN, OPEN

PERMISSION = ("permission",)
LATEST_MS = 60_000
"""A request that is good for longer than this may do harm when it comes late [our reading]."""


async def signs(s: Session, method: str, path: str, message: str, **more: Json) -> None:
    """Lets the client sign a request with the sample's secret, and compares with the table.

    `message`: what the table's row signs. A client may spell it otherwise, if it signs what it sends.
    """
    since = await s.wire.mark()
    await s.client("request", method=method, path=path, signed=True, **more)
    sent = s.single(await sent_since(s, since), "one request is sent")
    given, message_sent = header(sent, SIGN) or "", message_of(sent)
    what = f"the signature of {message or 'an empty text'} is the table's"
    s.equal(given.lower(), signature(SECRET_A, message_sent), what, at=sent)


@case(
    "ktx/auth/010",
    "The query of a read is signed as it stands in the request, in any order.",
    requirement="A GET signs its raw query, without the question mark; parameters are not sorted anew: the document's own "
    "sample is not.",
    source="ktx§3",
    needs=("request",),
)
async def queries_as_sent(s: Session) -> None:
    await s.start(credentials=sample_key(SECRET_A))
    await signs(s, "GET", ACCOUNTS, "asset=BTC", query=query_of("asset=BTC"))
    message = "asset=BTC&end_time=1651895799668&limit=10"
    await signs(s, "GET", LEDGER, message, query=query_of(message))
    for message in (
        "limit=2&status=settled&market=spot&symbol=BTC_USDT",
        "limit=2&market=spot&status=settled&symbol=BTC_USDT",
    ):
        await signs(s, "GET", ORDERS, message, query=query_of(message))


@case(
    "ktx/auth/020",
    "A read without parameters signs the empty text.",
    requirement="Without a query nothing is signed but the empty text: neither a question mark, nor the path, nor {}.",
    source="ktx§3",
    needs=("request",),
)
async def empty_query(s: Session) -> None:
    await s.start(credentials=sample_key(SECRET_A))
    await signs(s, "GET", ACCOUNTS, "")


@case(
    "ktx/auth/030",
    "A colon is signed in the spelling in which it is sent.",
    requirement="c:123 and c%3A123 name the same order and have two signatures: that of the spelling on the wire counts.",
    source="ktx§3",
    needs=("request",),
)
async def colon_as_sent(s: Session) -> None:
    await s.start(credentials=sample_key(SECRET_A))
    await signs(s, "GET", ORDER, "id=c:123", query=query_of("id=c:123"))


@case(
    "ktx/auth/040",
    "A POST signs its body, in whatever spacing it is sent.",
    requirement="A POST signs the raw body. The document's two samples space theirs differently, and both are right.",
    source="ktx§3",
    needs=("request",),
)
async def post_signs_its_body(s: Session) -> None:
    await s.start(credentials=sample_key(SECRET_A))
    order: dict[str, Json] = {
        "symbol": "BTC_USDT",
        "quantity": "0.0001",
        "price": "90000",
        "type": "limit",
        "market": "spot",
    }
    await signs(s, "POST", ORDER, "the sample's order", body=order)
    await signs(s, "POST", DELETE_ORDER, "the sample's cancel", body={"id": "14244173146202090"})


@case(
    "ktx/auth/050",
    "A DELETE has its parameters in the body, and signs them there.",
    requirement="Cancels by DELETE carry a JSON body like a POST, and sign it; the section on signatures names GET and POST "
    "alone.",
    source="ktx§3",
    needs=("request",),
)
async def delete_signs_its_body(s: Session) -> None:
    await s.start(credentials=sample_key(SECRET_A))
    await signs(s, "DELETE", ORDERS, "the sample's cancel of all", body={"symbol": "BTC_USDT"})
    await signs(s, "DELETE", ORDERS, "a complete cancel of all", body={"market": "spot", "symbol": "BTC_USDT"})


@case(
    "ktx/auth/060",
    "A body is signed in the bytes in which it is sent, whatever is in it.",
    requirement="The venue verifies before it parses: blanks, escapes and letters beyond ASCII count as they are sent.",
    source="ktx§3",
    needs=("request",),
)
async def body_as_sent(s: Session) -> None:
    for note in ('日本 é \\ " /', " two  blanks ", "\u2028"):
        body = {"id": "1", "note": note, "zeta": [1, {"b": 1, "a": None}], "alpha": True}
        await signed_request(s, "POST", DELETE_ORDER, f"a body with {note!r} is accepted", body=body)


@case(
    "ktx/auth/070",
    "What a POST has in its query is not signed.",
    requirement="Of a POST the raw body alone is signed.",
    source="ktx§3",
    provenance=Provenance.PROPOSED,
    needs=("request",),
)
async def query_of_a_post(s: Session) -> None:
    what = "a POST with a query is accepted"
    await signed_request(s, "POST", DELETE_ORDER, what, query=[["note", "1"]], body={"id": "1"})


@case(
    "ktx/auth/080",
    "A time of expiry is milliseconds of the near future.",
    requirement="`api-expire-time` is the moment after which the request is ignored, in milliseconds since 1970; the samples "
    "say the present and 5000. What is not a whole number is refused.",
    source="ktx§3",
    needs=("balances",),
)
async def expiry_is_ahead(s: Session) -> None:
    await s.client("balances")
    request = await s.one_request("balances")
    told = header(request, EXPIRES)
    if told is None:
        s.note("the client's requests do not expire")
        return
    holds = told.isascii() and told.isdigit() and 0 <= int(told) - request.at_ms + 1_000 <= 86_400_000
    s.expect(holds, "the time of expiry lies ahead", expected=f"more than {request.at_ms}", seen=told, at=request)


@case(
    "ktx/auth/090",
    "Orders expire soon.",
    requirement="An order that comes late is carried out unless it names a time of expiry; the document's samples do, 5 s "
    "ahead.",
    source="ktx§3",
    level=Level.SHOULD,
    needs=("place_order",),
)
async def orders_expire(s: Session) -> None:
    await s.client("place_order", **limit(s))
    request = await s.one_request("place_order")
    told = header(request, EXPIRES) or ""
    holds = told.isdigit() and int(told) - request.at_ms <= LATEST_MS
    s.expect(holds, "the order names when it expires", expected=f"within {LATEST_MS} ms", seen=told or "never", at=request)


@case(
    "ktx/auth/100",
    "A clock that is two seconds slow does no harm.",
    requirement="What arrives after its time of expiry is refused: whoever leaves no room for the way and for a clock that is "
    "a little off is refused time and again.",
    source="ktx§3",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("balances", "clock"),
)
async def slow_clock(s: Session) -> None:
    await s.start(clock_offset_ms=-2_000)
    refusal = (await s.client.attempt("balances")).refusal
    s.expect(refusal is None, "a request with a slow clock is accepted", expected="a result", seen=str(refusal))


@case(
    "ktx/auth/110",
    "A cancel with a key that may only read is told as a matter of permission.",
    requirement="Cancels need Trade like orders; a key with View alone is refused with -20008.",
    source="ktx§3",
    needs=("cancel_order", "cancel_all"),
)
async def reader_cancels_nothing(s: Session) -> None:
    symbol = s.facts.pair.symbol
    order_id = await placed(s, **limit(s))
    await s.start(credentials=await key_named(s, READER))
    for operation, params in (("cancel_order", {"symbol": symbol, "order_id": order_id}), ("cancel_all", {"symbol": symbol})):
        refusal = await s.client.refused(operation, f"{operation} with a key that may only read is an error", **params)
        await told_as(s, refusal, "it is a matter of permission", kinds=PERMISSION, codes=("-20008",))
    s.equal(len(await s.venue.orders(ME, "live")), 1, "the order stands")


@case(
    "ktx/auth/200",
    "A login signs /user/verify, with the secret as text.",
    requirement="A LOGIN signs that fixed text, whatever the requests of the key sign; whoever logs in by the headers of the "
    "upgrade signs its query or that text.",
    source="ktx§3",
    needs=("stream_open",),
)
async def login_signs_a_text(s: Session) -> None:
    for secret, expected in LOGINS.items():
        await s.start(credentials=sample_key(secret))
        since = await s.wire.mark()
        await s.client.refused("stream_open", "a login with a key of nobody is an error", private=True)
        said = [each for each in await s.wire.entries(IN, since=since) if isinstance(each.json, dict)]
        logins = [each for each in said if each.json.get("method") == "LOGIN"]
        if not logins:
            s.note("the client logs in by the headers of the upgrade, which the recording does not show")
            return
        auth = logins[0].json.get("auth") or {}
        s.equal(str(auth.get(SIGN)).lower(), expected, "the signature is the table's", at=logins[0])


@case(
    "ktx/auth/210",
    "A login is the first thing that is said on the user's socket.",
    requirement="Before the login every command is refused with -20008, and after 10 s without one the socket is closed.",
    source="ktx§9",
    needs=("stream_open", "subscribe", "subscribe.orders"),
)
async def login_comes_first(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=s.facts.pair.symbol)
    await s.client.settle()
    opened = await s.wire.entries(OPEN, socket="user")
    s.expect(opened, "the user's socket is connected", expected="a connection", seen="none")
    said = await s.wire.entries(IN, connection=opened[0]["connection"])
    commands = [each for each in said if isinstance(each.json, dict) and "method" in each.json]
    if commands:  # else it logged in by headers
        s.equal(commands[0].json["method"], "LOGIN", "the first command is the login", at=commands[0])
    refused = await s.wire.entries("out", connection=opened[0]["connection"], where=lambda each: '"error"' in each["text"])
    s.expect(not refused, "no command is refused", expected="no error", seen=f"{len(refused)} errors", at=refused)


@case(
    "ktx/auth/300",
    "Every code that is about key and signature is told as that.",
    requirement="A missing, an empty and a wrong header and a wrong signature are -21004, -21005, -21006 and -21008, under "
    "HTTP 200.",
    source="ktx§5",
    needs=("open_orders",),
)
async def four_codes_of_one_kind(s: Session) -> None:
    for code in ("-21004", "-21005", "-21006", "-21008"):
        await s.venue.clear_faults()
        await s.venue.plan({"where": {"route": s.facts.route("open_orders")}, "what": {"action": "error", "code": code}})
        refusal = await s.client.refused("open_orders", f"{code} is an error", symbol=s.facts.pair.symbol)
        kinds = ("authentication", "permission")
        s.expect(refusal.kind in kinds, f"{code} is told as one of the key", expected=" or ".join(kinds), seen=str(refusal))


@case(
    "ktx/auth/310",
    "An empty list is told apart from a refusal.",
    requirement="A refusal has HTTP 200 and is an object in place of the list: whoever reads the status alone finds nothing "
    "in it.",
    source="ktx§5",
    needs=("open_orders", "balances"),
)
async def refusal_is_not_empty(s: Session) -> None:
    key = await key_named(s, ME)
    await s.start(credentials={**key, "api_key": key["api_key"][::-1]})
    for operation, params in (("open_orders", {"symbol": s.facts.pair.symbol}), ("balances", {})):
        await s.client.refused(operation, f"{operation} with a key of nobody is an error", **params)
