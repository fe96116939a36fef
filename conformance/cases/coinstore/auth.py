"""Coinstore's signature: two passes over the raw query and the raw body, and codes for each way to get it wrong (cs§3)."""

from __future__ import annotations

from mockex.conformance.cases.coinstore.words import EXPIRES, header
from mockex.conformance.cases.support import ME, signed_request
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session

ACTIVE = "/api/v2/trade/order/active"
ACCOUNTS = "/api/spot/accountList"
TIME_DIGITS = 13
OFF_MS = 10_000
"""No clock of a case is so far off."""


@case(
    "coinstore/auth/010",
    "The key of the second pass is the text of the first one's digest.",
    requirement="The first pass signs the half minute with the secret; its 64 hexadecimal characters, not the 32 bytes that "
    "they stand for, key the second pass over query and body.",
    source="cs§3.1",
    needs=("request",),
)
async def text_of_the_digest(s: Session) -> None:
    await signed_request(s, "GET", ACTIVE, "a request without query and body is accepted")
    await signed_request(s, "POST", ACCOUNTS, "a request with an empty object is accepted", body={})


@case(
    "coinstore/auth/020",
    "Query and body are signed one behind the other, with nothing between them.",
    requirement="The payload is the raw query, without its question mark, immediately followed by the raw body.",
    source="cs§3.1",
    needs=("request",),
)
async def query_and_body(s: Session) -> None:
    what = "a request with query and body is accepted"
    await signed_request(s, "POST", ACCOUNTS, what, query=[["symbol", "BTCUSDT"], ["size", "10"]], body={"symbolCodes": []})


@case(
    "coinstore/auth/030",
    "A read that carries a body signs it too.",
    requirement="A GET with a body signs query and body; some clients send {} with every GET.",
    source="cs§3.1",
    provenance=Provenance.OBSERVED,
    needs=("request",),
)
async def read_with_a_body(s: Session) -> None:
    await signed_request(s, "GET", ACTIVE, "a GET with a body is accepted", query=[["symbol", "BTCUSDT"]], body={})


@case(
    "coinstore/auth/040",
    "A body is signed in the bytes in which it is sent.",
    requirement="The venue signs the body as it came: blanks, the order of fields and escapes count. What is serialised "
    "again for the signature is another text.",
    source="cs§3.1",
    needs=("request",),
)
async def body_as_sent(s: Session) -> None:
    bodies = (
        {"zeta": 1, "alpha": {"nested": [1, 2, {"b": 1, "a": 2}]}},
        {"note": '日本 é \\ " / \u2028'},
        {"ordPrice": "0.10", "empty": "", "nothing": None, "flag": True},
    )
    for body in bodies:
        await signed_request(s, "POST", ACCOUNTS, "a body is accepted as it is", body=body)


@case(
    "coinstore/auth/050",
    "A POST without parameters sends and signs an empty object.",
    requirement="A POST without a body is refused with HTTP 400: it has to send {}.",
    source="cs§3.1",
    needs=("balances",),
)
async def empty_object(s: Session) -> None:
    await s.client("balances")
    request = await s.one_request("balances")
    s.equal(request.body, "{}", "the body is an empty object", at=request)


@case(
    "coinstore/auth/060",
    "X-CS-EXPIRES is the moment of sending, whatever its name says.",
    requirement="The header is the time of sending in milliseconds, no moment at which the request expires: one that lies "
    "ahead uses up what the venue tolerates.",
    source="cs§3",
    needs=("balances",),
)
async def moment_of_sending(s: Session) -> None:
    await s.client("balances")
    request = await s.one_request("balances")
    told = header(request, EXPIRES) or ""
    holds = len(told) == TIME_DIGITS and told.isdigit() and abs(int(told) - request.at_ms) <= OFF_MS
    s.expect(holds, "the header is the time of sending", expected=f"about {request.at_ms}", seen=told, at=request)


@case(
    "coinstore/auth/070",
    "A request is signed for its own half minute, also if the last one was not long ago.",
    requirement="Time and key of a signature change every half minute; what was signed more than 30 s ago is refused.",
    source="cs§3.3",
    provenance=Provenance.PROPOSED,
    needs=("balances", "clock", "elapse"),
)
async def own_half_minute(s: Session) -> None:
    await s.client("balances")
    for _ in range(2):
        await s.pass_time(36, step=36)
        refusal = (await s.client.attempt("balances")).refusal
        s.expect(refusal is None, "a request is accepted at any time", expected="a result", seen=str(refusal))


@case(
    "coinstore/auth/080",
    "The codes 401, 1401 and 3005 all say that the key was not accepted, though the status is 200.",
    requirement="A key that is unknown is 401, a wrong signature or address 1401, a malformed signature 3005: each with HTTP "
    "200.",
    source="cs§3.3",
    provenance=Provenance.OBSERVED,
    needs=("open_orders",),
)
async def three_codes_of_one_kind(s: Session) -> None:
    for code in ("401", "1401", "3005"):
        await s.venue.clear_faults()
        await s.venue.plan({"where": {"route": s.facts.route("open_orders")}, "what": {"action": "error", "code": code}})
        refusal = await s.client.refused("open_orders", f"{code} is an error", symbol=s.facts.pair.symbol)
        kinds = ("authentication", "permission")
        s.expect(
            refusal.kind in kinds, f"{code} is told as an error of the key", expected=" or ".join(kinds), seen=str(refusal)
        )
        told = await s.wire.entries("response", error=code)
        s.equal([each["status"] for each in told[-1:]], [200], "the venue says so with HTTP 200")


@case(
    "coinstore/auth/090",
    "An empty list of orders is told apart from a refusal.",
    requirement="A refusal has HTTP 200 and no data: whoever reads the data alone takes it for nothing.",
    source="cs§4",
    needs=("open_orders", "balances"),
    level=Level.MUST,
)
async def refusal_is_not_empty(s: Session) -> None:
    await s.venue.call("DELETE", f"/keys/{ME}")
    for operation, params in (("open_orders", {"symbol": s.facts.pair.symbol}), ("balances", {})):
        await s.client.refused(operation, f"{operation} with a deleted key is an error", **params)
