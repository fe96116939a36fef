"""Signatures and keys as only OKCoin Japan has them: four headers, a prehash of raw bytes, a passphrase (okj§3)."""

from __future__ import annotations

import re
from typing import Any

from mockex.conformance.cases.common.auth import AUTHENTICATION, wrong
from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.support import ME, authenticated, new_key, signed_request, told_as
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session

CANCELS = "/api/spot/v3/cancel_batch_orders"
LIVE_ORDERS = "/api/spot/v3/orders_pending"

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_UNIX = re.compile(r"\d{10}(\.\d+)?")


@case(
    "okcoinjp/auth/010",
    "The query of a POST is signed with its path.",
    requirement="The signed path includes the query for every method, also where a body follows.",
    source="okj§3",
    needs=("request",),
)
async def post_with_query(s: Session) -> None:
    body: list[Any] = [{"instrument_id": s.facts.pair.symbol, "order_ids": ["1"]}]
    await signed_request(
        s, "POST", CANCELS, "a POST with a query is accepted", query=[["before", "2"], ["limit", "30"]], body=body
    )


@case(
    "okcoinjp/auth/020",
    "A trailing slash of the path is signed if it is sent.",
    requirement="The venue tolerates a trailing slash, and the signature covers the path as it was sent.",
    source="okj§2",
    needs=("request",),
)
async def trailing_slash(s: Session) -> None:
    body: list[Any] = [{"instrument_id": s.facts.pair.symbol, "order_ids": ["1", "2"]}]
    await signed_request(s, "POST", f"{CANCELS}/", "a path with a trailing slash is accepted", body=body)
    await signed_request(s, "GET", f"{LIVE_ORDERS}/", "a read with a trailing slash is accepted")


@case(
    "okcoinjp/auth/030",
    "Blanks inside a body are signed as they are sent.",
    requirement="The body is signed as raw bytes; blanks between or inside its texts are part of them.",
    source="okj§3",
    needs=("request",),
)
async def body_with_blanks(s: Session) -> None:
    body = {"instrument_id": s.facts.pair.symbol, "order_type ": "0", "note": "two  blanks "}
    await signed_request(s, "POST", "/api/spot/v3/orders", "a body with blanks is accepted", body=body)


@case(
    "okcoinjp/auth/040",
    "A body beyond ASCII is signed as the bytes that are sent.",
    requirement="Whether a letter is sent as UTF-8 or as an escape of JSON, the signature covers what is sent.",
    source="okj§3",
    needs=("request",),
)
async def body_beyond_ascii(s: Session) -> None:
    body = {"instrument_id": s.facts.pair.symbol, "note": "円・ß・🙂"}
    await signed_request(s, "POST", "/api/spot/v3/orders", "a body beyond ASCII is accepted", body=body)


@case(
    "okcoinjp/auth/050",
    "A POST without a body is signed without one.",
    requirement="The prehash ends with the raw body; where nothing is sent, it is the empty text.",
    source="okj§3",
    needs=("request",),
)
async def post_without_body(s: Session) -> None:
    sent = await signed_request(s, "POST", "/api/spot/v3/cancel_orders/1", "a POST without a body is accepted", body=None)
    s.expect(sent.body in ("", "{}", "null"), "nothing is made up for the body", expected="no body", seen=sent.body, at=sent)


@case(
    "okcoinjp/auth/060",
    "A client's own id in a path is signed with its capitals.",
    requirement="The signed path is the path that is sent, letter by letter; a client id may have capitals.",
    source="okj§3",
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def capitals_in_path(s: Session) -> None:
    await placed(s, **limit(s), client_id="MixedCase7ID")
    since = await s.wire.mark()
    outcome = await s.client.attempt("order", symbol=s.facts.pair.symbol, client_id="MixedCase7ID")
    for request in await s.wire.requests(s.facts.route("order"), since=since):
        await authenticated(s, request, "a path with capitals is accepted")
    s.expect(outcome.refusal is None, "the order is found", expected="the order", seen=str(outcome.refusal))


@case(
    "okcoinjp/auth/070",
    "Key and passphrase travel in headers, not in the address.",
    requirement="Credentials are the four OK-ACCESS headers; addresses end in logs of proxies and servers.",
    source="okj§3",
    needs=("balances", "open_orders"),
)
async def credentials_in_headers(s: Session) -> None:
    await s.client("balances")
    await s.client("open_orders", symbol=s.facts.pair.symbol)
    key = s.world.keys[ME]
    for request in await s.wire.requests():
        for secret in (key.api_key, key.passphrase):
            holds = not secret or secret not in request["target"]
            s.expect(holds, "the address names no credentials", expected="only headers", seen=request["target"], at=request)


@case(
    "okcoinjp/auth/080",
    "A wrong passphrase is told as an error of the key.",
    requirement="Each key has a passphrase of the user's choice; a wrong one is refused with 30015.",
    source="okj§5.1",
    needs=("balances",),
)
async def wrong_passphrase(s: Session) -> None:
    await s.start(credentials=await wrong(s, passphrase="not-the-passphrase"))
    refusal = await s.client.refused("balances", "a wrong passphrase is an error")
    await told_as(s, refusal, "the error says that the key is not accepted", kinds=AUTHENTICATION, codes=("30015",))


@case(
    "okcoinjp/auth/090",
    "A key that is bound to another address is told as such.",
    requirement="Keys are bound to addresses; a request from elsewhere is 30011, and only the account's owner can mend it.",
    source="okj§5.1",
    needs=("balances",),
)
async def foreign_address(s: Session) -> None:
    await s.start(credentials=await new_key(s, "elsewhere", allowed_ips=["203.0.113.7"]))
    refusal = await s.client.refused("balances", "a key of another address is an error")
    await told_as(s, refusal, "the error says that the key may not", kinds=AUTHENTICATION, codes=("30011",))


@case(
    "okcoinjp/auth/100",
    "A frozen key is told as such, and works again once it is thawed.",
    requirement="A frozen key is refused with 30022; nothing is wrong with the client, and it need not be started anew.",
    source="okj§5.1",
    needs=("balances",),
)
async def frozen_key(s: Session) -> None:
    await s.venue.call("POST", f"/keys/{ME}/freeze")
    refusal = await s.client.refused("balances", "a frozen key is an error")
    await told_as(s, refusal, "the error says that the key may not", kinds=AUTHENTICATION, codes=("30022",))
    await s.venue.call("POST", f"/keys/{ME}/thaw")
    await s.client("balances")


@case(
    "okcoinjp/auth/110",
    "A frozen key cannot log in on the stream, and the client says so.",
    requirement="A login with a key that may not be used fails with an error event, and the venue closes the socket.",
    source="okj§11.2",
    provenance=Provenance.PROPOSED,
    needs=("stream_open",),
)
async def frozen_key_logs_in(s: Session) -> None:
    await s.venue.call("POST", f"/keys/{ME}/freeze")
    refusal = await s.client.refused("stream_open", "a login with a frozen key is an error", private=True)
    kinds = (*AUTHENTICATION, "connection_lost")
    await told_as(s, refusal, "the error says that the login failed", kinds=kinds, codes=("30027", "30022"))


@case(
    "okcoinjp/auth/120",
    "Which of the two forms of timestamps the client signs.",
    requirement="A timestamp is ISO 8601 with milliseconds, or Unix seconds with decimals; the venue takes both.",
    source="okj§3",
    level=Level.INFO,
    needs=("balances",),
)
async def form_of_timestamps(s: Session) -> None:
    await s.client("balances")
    request = (await s.wire.requests(s.facts.route("balances")))[0]
    text = request["headers"].get("ok-access-timestamp", "")
    s.note(f"it signs {text!r}: {'ISO 8601' if _ISO.fullmatch(text) else 'Unix seconds' if _UNIX.fullmatch(text) else 'other'}")
