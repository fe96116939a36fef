"""HTX's signatures, version 2: host, path and the sorted query, but no body; one code for all that is wrong (htx§1.1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any
from urllib.parse import quote, urlsplit

from mockex.conformance.cases.common.auth import wrong
from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.htx.words import AUTHENTICATION, KEY, METHOD, SIGNATURE, TIME, VERSION
from mockex.conformance.cases.support import ME, READER, all_authenticated, authenticated, sent_since, signed_request, told_as
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry

OPEN_ORDERS, BATCH_CANCEL = "/v1/order/openOrders", "/v1/order/orders/batchcancel"
NOBODYS: dict[str, Any] = {"order-ids": ["1"]}

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

HOST_NAMES = ("api.huobi.pro", "api-aws.huobi.pro", "api.htx.com")  # htx§1.1


def signature_of(entry: Entry, secret: str, host: str) -> str:
    """Of a request as it was sent, for a host (htx§1.1)."""
    pairs = sorted((name, value) for name, value in entry.query.items() if name != SIGNATURE)
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    payload = "\n".join((entry["method"], host, entry.path, query))
    return base64.b64encode(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()).decode()


@case(
    "htx/auth/010",
    "Parameters are signed sorted by the bytes of their names, capitals first.",
    requirement="The query is signed sorted by ASCII: digits, capitals, underscore, small letters; the order on the wire is "
    "free.",
    source="htx§1.1",
    needs=("request",),
)
async def sorted_by_bytes(s: Session) -> None:
    query = [["symbol", s.facts.pair.symbol], ["zeta", "1"], ["Alpha", "2"], ["_low", "3"], ["1st", "4"], ["accessKeyId", "5"]]
    await signed_request(s, "GET", OPEN_ORDERS, "names of every kind are sorted as the venue sorts them", query=query)


@case(
    "htx/auth/020",
    "Values are encoded by RFC 3986 before they are signed.",
    requirement="A blank is %20, not a plus; colon, comma, slash and asterisk are escaped, the tilde is not; escapes are in "
    "capitals.",
    source="htx§1.1",
    needs=("request",),
)
async def encoded_values(s: Session) -> None:
    for text in ("a b", "submitted,partial-filled", "12:30/5", "~*'()!", "é"):
        await signed_request(s, "GET", OPEN_ORDERS, f"a query with {text!r} is accepted", query=[["note", text]])


@case(
    "htx/auth/030",
    "What a POST has in its query is signed, too.",
    requirement="Every parameter of the query is signed whatever the method; that a POST has a body changes nothing.",
    source="htx§1.1",
    needs=("request",),
)
async def post_with_query(s: Session) -> None:
    query = [["symbol", s.facts.pair.symbol], ["Note", "x y"]]
    await signed_request(s, "POST", BATCH_CANCEL, "a POST with a query is accepted", query=query, body=NOBODYS)


@case(
    "htx/auth/040",
    "The body of a POST is not signed.",
    requirement="Business parameters of a POST stand in a JSON body, which is no part of what is signed, whatever is in it.",
    source="htx§1.1",
    needs=("request",),
)
async def body_is_not_signed(s: Session) -> None:
    for note in ("", "two  blanks ", "円・ß・🙂"):
        body = {**NOBODYS, "note": note}
        sent = await signed_request(s, "POST", BATCH_CANCEL, f"a body with {note!r} is accepted", body=body)
        added = [name for name in sent.query if name not in AUTHENTICATION]
        s.expect(not added, "the body's parameters stay in the body", expected="none in the query", seen=added, at=sent)


@case(
    "htx/auth/050",
    "The timestamp is in UTC, to the second, without a zone.",
    requirement="`Timestamp` is YYYY-MM-DDThh:mm:ss; a Z, a fraction or a number of milliseconds is refused.",
    source="htx§1.1",
    needs=("open_orders",),
)
async def timestamp_form(s: Session) -> None:
    await s.client.attempt("open_orders", symbol=s.facts.pair.symbol)
    sent = await s.wire.requests(s.facts.route("open_orders"))
    s.expect(sent, "open orders are asked for", expected="a request", seen="none")
    stamp = sent[0].query.get(TIME, "")
    s.expect(STAMP.fullmatch(stamp), "the timestamp has the form", expected="2026-01-02T03:04:05", seen=stamp, at=sent[0])
    await authenticated(s, sent[0], "the timestamp is accepted")


@case(
    "htx/auth/060",
    "The four parameters and the signature stand in the query, of a POST as well.",
    requirement="The venue reads them from the query alone: no header and no body holds them.",
    source="htx§1.1",
    needs=("request",),
)
async def parameters_in_query(s: Session) -> None:
    sent = await signed_request(s, "POST", BATCH_CANCEL, "a POST is accepted", body=NOBODYS)
    s.equal(sorted(set(AUTHENTICATION) & set(sent.query)), sorted(AUTHENTICATION), "all five are in the query", at=sent)
    fixed = {METHOD: "HmacSHA256", VERSION: "2", KEY: s.world.keys[ME].api_key}
    s.equal({name: sent.query[name] for name in fixed}, fixed, "they say who signs, and how", at=sent)
    s.expect(SIGNATURE not in sent.body, "the body has no signature", expected="none", seen=sent.body, at=sent)


@case(
    "htx/auth/070",
    "A signature is escaped where it stands in the query.",
    requirement="Base64 has plus signs, slashes and equals signs: a bare plus is a blank to the venue, and every second "
    "signature or so has one.",
    source="htx§1.1",
    needs=("request",),
)
async def signature_is_escaped(s: Session) -> None:
    plus = 0
    for n in range(40):
        sent = await signed_request(s, "GET", OPEN_ORDERS, "every signature is accepted", query=[["note", str(n)]])
        plus += "%2B" in str(sent["target"])
    assert plus, "none of 40 signatures had a plus sign"


@case(
    "htx/auth/080",
    "Which host the client signs.",
    requirement="The venue signs its own host's name; a client that signs a name of its own making is refused as soon as it is "
    "pointed elsewhere.",
    source="htx§1.1",
    level=Level.INFO,
    provenance=Provenance.OBSERVED,
    needs=("request",),
)
async def signed_host(s: Session) -> None:
    sent = await signed_request(s, "GET", OPEN_ORDERS, "a read is accepted", query=[])
    address = urlsplit(s.first_message()["rest"])
    candidates = (*HOST_NAMES, address.netloc, str(address.hostname))
    secret = s.world.keys[ME].secret
    signed = [host for host in candidates if signature_of(sent, secret, host) == sent.query[SIGNATURE]]
    s.note(f"the client signs the host {signed[0] if signed else 'that nobody knows'}")
    s.expect(signed, "it is a host that the venue knows", expected="one of its names", seen="another", at=sent)


@case(
    "htx/auth/090",
    "Public data are asked for without the key.",
    requirement="Public routes ignore signatures; a key that is sent all the same tells every proxy on the way who asks.",
    source="htx§2",
    level=Level.SHOULD,
    needs=("book", "instruments", "server_time"),
)
async def public_without_key(s: Session) -> None:
    await s.client("book", symbol=s.facts.pair.symbol)
    await s.client("instruments")
    await s.client("server_time")
    signed = [each for each in await sent_since(s, 0) if KEY in each.query]
    s.expect(not signed, "public requests are not signed", expected="no key", seen=f"{len(signed)} with one", at=signed)


# --- refusals


@case(
    "htx/auth/100",
    "A wrong key of a v2 endpoint is told as an error, though the reply is HTTP 200 with a number.",
    requirement="v2 endpoints say 1003 where v1 says api-signature-not-valid, with HTTP 200 and no `status`.",
    source="htx§7",
    needs=("fee_rates",),
)
async def refused_by_v2(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="wrong"))
    refusal = await s.client.refused("fee_rates", "a refused signature is an error", symbol=s.facts.pair.symbol)
    await told_as(s, refusal, "it is told as an error of the key", kinds=("authentication",), codes=("1003",))


@case(
    "htx/auth/110",
    "A key without the permission is not told as a wrong one.",
    requirement="One code, api-signature-not-valid, has five meanings; the text tells them apart. A key that may not trade is "
    "as good as ever for reading.",
    source="htx§7",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=("place_order", "open_orders"),
    world=WorldWish(key=READER),
)
async def permission_has_the_same_code(s: Session) -> None:
    refusal = await s.client.refused("place_order", "an order with a key that may only read is an error", **limit(s))
    s.equal(refusal.kind, "permission", "it is told as a lack of permission")
    s.equal((await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"], [], "the key reads still")


@case(
    "htx/auth/120",
    "What is wrong with a signature reaches the user in the venue's words, Chinese ones included.",
    requirement="The texts of refused signatures are English with Chinese in brackets; they alone tell what is wrong.",
    source="htx§7",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=("open_orders",),
)
async def words_of_refusals(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="wrong"))
    refusal = await s.client.refused("open_orders", "a refused signature is an error", symbol=s.facts.pair.symbol)
    for part in ("Verification failure", "校验失败"):
        s.expect(part in refusal.message, "the venue's words are told", expected=part, seen=refusal.message)


@case(
    "htx/auth/130",
    "Orders, reads and v2 endpoints are all signed in the same way.",
    requirement="Version 2 of the signature holds for v1 and v2 endpoints alike.",
    source="htx§1.1",
    needs=("place_order", "fee_rates", "fills"),
)
async def one_signature_for_all(s: Session) -> None:
    await s.client("place_order", **limit(s))
    await s.client("fee_rates", symbol=s.facts.pair.symbol)
    await s.client("fills", symbol=s.facts.pair.symbol)
    await all_authenticated(s, "place_order", "fee_rates", "fills")
