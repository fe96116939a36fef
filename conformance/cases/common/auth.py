"""Who is asking: keys, signatures, and what becomes of those that the venue does not accept.

A signature is judged by the venue's own check: the recording names the account that a request was taken for.
"""

from __future__ import annotations

import json

from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.support import (
    ME,
    OTHER,
    READER,
    all_authenticated,
    key_named,
    new_key,
    route_of,
    sent_since,
    signed_request,
    told_as,
)
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import IN, LOGIN, REQUEST

AUTHENTICATION = ("authentication", "permission")
"""Kinds of errors that say: it is the key."""


async def wrong(s: Session, **changed: Json) -> dict[str, Json]:
    """The client's usual key with something wrong about it."""
    return {**await key_named(s, ME), **changed}


# --- signatures


@case(
    "common/auth/010",
    "Reads and orders are signed so that the venue accepts them.",
    requirement="Every private request carries a signature over what is sent, made with the secret of the key.",
    needs=("place_order", "ledger", "fills"),
)
async def private_requests_are_signed(s: Session) -> None:
    for operation, params in (
        ("ledger", {"currency": s.facts.pair.base}),
        ("fills", {"symbol": s.facts.pair.symbol}),
        ("place_order", limit(s)),
    ):
        since = await s.wire.mark()
        refusal = (await s.client.attempt(operation, **params)).refusal
        sent = await sent_since(s, since)
        s.expect(refusal is None, f"{operation} is accepted", expected="a result", seen=str(refusal), at=sent)
        # By whichever route: a venue may have several that tell the same.
        taken = [each for each in sent if each["account"] == ME]
        s.expect(
            taken, f"{operation} is signed so that the venue accepts it", expected=f"a request of {ME}", seen="none", at=sent
        )


@case(
    "common/auth/020",
    "A query is signed in the form in which it is sent, escapes included.",
    requirement="The venue checks the signature over the query as it arrives; blanks, colons, plus and percent signs and "
    "letters beyond ASCII have several spellings, and only the one on the wire counts.",
    needs=("request",),
)
async def query_with_escapes(s: Session) -> None:
    method, path = route_of(s, "open_orders")
    for text in ("2026-11-19T03:31:14.905Z", "a b", "a+b", "50%", "a&b=c", "日本", "a/b~c"):
        await signed_request(s, method, path, f"a query with {text!r} is accepted", query=[["note", text]])


@case(
    "common/auth/030",
    "The parameters of a query are signed in an order that the venue accepts.",
    requirement="What is signed and what is sent must agree in the order that the venue prescribes: the order of the wire, "
    "unless the venue sorts.",
    needs=("request",),
)
async def query_out_of_order(s: Session) -> None:
    method, path = route_of(s, "open_orders")
    query = [["zeta", "1"], ["limit", "5"], ["alpha", "2"], ["Beta", "3"]]
    await signed_request(s, method, path, "a query in no order of the alphabet is accepted", query=query)


@case(
    "common/auth/040",
    "Empty parameters are signed if they are sent.",
    requirement="An empty parameter means nothing to the venue, yet it stands in the request and so in what is signed.",
    needs=("request",),
)
async def query_with_empty_values(s: Session) -> None:
    method, path = route_of(s, "open_orders")
    query = [["after", ""], ["before", ""], ["limit", "5"], ["note", ""]]
    await signed_request(s, method, path, "a query with empty values is accepted", query=query)


@case(
    "common/auth/050",
    "A read carries no body.",
    requirement="A GET has its parameters in the query; a body would be signed by some and not by others, and some gateways "
    "refuse it.",
    level=Level.SHOULD,
    needs=("open_orders", "fills"),
)
async def reads_have_no_body(s: Session) -> None:
    await s.client("open_orders", symbol=s.facts.pair.symbol)
    await s.client("fills", symbol=s.facts.pair.symbol)
    with_body = await s.wire.requests(method="GET")
    s.expect(with_body, "reads are sent", expected="GET requests", seen="none")
    with_body = [each for each in with_body if each.body]
    s.expect(not with_body, "a GET has no body", expected="none", seen=[each.body for each in with_body], at=with_body)


# --- secrets


@case(
    "common/auth/060",
    "The secret never leaves the client.",
    requirement="The secret signs and is never sent: whoever sees it can trade.",
    needs=("place_order", "balances"),
)
async def secret_stays(s: Session) -> None:
    secret = s.world.keys[ME].secret
    await s.client("balances")
    await s.client("place_order", **limit(s))
    if s.client.has("stream_open"):
        await s.client("stream_open", private=True)
    for entry in await s.wire.entries(REQUEST, IN):
        shown = json.dumps(entry.fields, ensure_ascii=False)
        s.expect(secret not in shown, "the secret is not sent", expected="only the signature", seen=entry.summary(), at=entry)


@case(
    "common/auth/070",
    "An error shows no secret.",
    requirement="Errors end in logs and reports; the secret that signed the request must not be in them.",
    needs=("balances", "place_order"),
)
async def errors_show_no_secret(s: Session) -> None:
    pair = s.facts.pair
    huge = limit(s, price=pair.price, qty=pair.qty * 1_000_000_000)
    refusals = [await s.client.refused("place_order", "an order beyond the balance is an error", **huge)]
    key = await wrong(s, api_key="00000000000000000000000000000000")
    await s.start(credentials=key)
    refusals.append(await s.client.refused("balances", "a key that the venue does not know is an error"))
    for refusal in refusals:
        for secret in (key["secret"], key["passphrase"]):
            text = f"{refusal.message} {refusal.exception}"
            s.expect(not secret or secret not in text, "the error shows no secret", expected="no secret", seen=refusal.message)


@case(
    "common/auth/080",
    "Public data can be had without a key.",
    requirement="Market data and reference data are open to everybody; no key is needed, and none has to be made up.",
    needs=("ticker", "instruments"),
    world=WorldWish(key=None),
)
async def public_without_key(s: Session) -> None:
    await s.venue.place(OTHER, s.facts.pair.symbol, "sell", s.facts.pair.qty, s.facts.pair.price)
    for operation, params in (("instruments", {}), ("ticker", {"symbol": s.facts.pair.symbol})):
        outcome = await s.client.attempt(operation, **params)
        s.expect(
            outcome.refusal is None, f"{operation} is answered without a key", expected="a result", seen=str(outcome.refusal)
        )


# --- keys that are not accepted


@case(
    "common/auth/100",
    "A key that may only read reads.",
    requirement="Keys may be given the permission to read alone; that is enough for everything that changes nothing.",
    needs=("balances",),
    world=WorldWish(key=READER),
)
async def reader_reads(s: Session) -> None:
    rows = (await s.client("balances"))["balances"]
    s.expect(rows, "the account's balances are told", expected="balances", seen=rows)
    (request,) = (await s.wire.requests(s.facts.route("balances")))[:1]
    s.equal(request["key"], READER, "the request is signed with the key that was given", at=request)


@case(
    "common/auth/110",
    "An order with a key that may only read is told as an error.",
    requirement="A key without the permission to trade places nothing; a client that hides the refusal believes in an order "
    "that does not exist.",
    needs=("place_order",),
    world=WorldWish(key=READER),
)
async def reader_places_nothing(s: Session) -> None:
    what = "an order with a key that may not trade is an error"
    refusal = await s.client.refused("place_order", what, **limit(s))
    kinds = (*AUTHENTICATION, "refused_by_client")
    await told_as(s, refusal, "the error says that the key may not", kinds=kinds, codes=s.facts.codes("permission"))
    s.equal(len(await s.venue.orders(ME)), 0, "nothing is placed")


@case(
    "common/auth/120",
    "A wrong secret is told as an error of the key.",
    requirement="A signature that does not fit is refused for good: the user has to mend the key, and waiting does not help.",
    needs=("balances",),
)
async def wrong_secret(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="0123456789ABCDEF0123456789ABCDEF"))
    refusal = await s.client.refused("balances", "a wrong signature is an error")
    codes = s.facts.codes("authentication")
    await told_as(s, refusal, "the error says that the key is not accepted", kinds=AUTHENTICATION, codes=codes)


@case(
    "common/auth/130",
    "A key that the venue does not know is told as an error of the key.",
    requirement="An unknown key, perhaps one that was deleted, is refused for good.",
    needs=("balances",),
)
async def unknown_key(s: Session) -> None:
    await s.venue.call("DELETE", f"/keys/{ME}")
    refusal = await s.client.refused("balances", "a deleted key is an error")
    codes = s.facts.codes("authentication")
    await told_as(s, refusal, "the error says that the key is not accepted", kinds=AUTHENTICATION, codes=codes)


@case(
    "common/auth/140",
    "A request that was refused for its key is not sent again and again.",
    requirement="A refused signature is refused again; sending it in a row is load without a purpose.",
    level=Level.SHOULD,
    needs=("balances",),
)
async def refused_key_is_not_retried(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="0123456789ABCDEF0123456789ABCDEF"))
    await s.client.attempt("balances")
    await s.client.settle()
    sent = await s.wire.requests(s.facts.route("balances"))
    # None is as good: the client may have been refused on its way there, with something that it asks for first.
    s.expect(len(sent) <= 2, "the request is sent twice at most", expected="up to 2", seen=len(sent), at=sent)


# --- several keys


@case(
    "common/auth/200",
    "Two accounts in one program do not mix.",
    requirement="A request belongs to the account whose key signed it; sessions of several accounts share nothing.",
    needs=("balances", "place_order"),
)
async def accounts_do_not_mix(s: Session) -> None:
    await s.client("balances")
    await s.start(credentials=await key_named(s, OTHER))
    since = await s.wire.mark()
    await s.client("balances")
    await s.client("place_order", **limit(s, "sell"))
    await all_authenticated(s, "balances", "place_order", since=since, account=OTHER)
    s.equal(len(await s.venue.orders(ME)), 0, "the first account has no order")


@case(
    "common/auth/210",
    "After a change of keys the new one is used, and the old one no more.",
    requirement="Keys are replaced now and then; the old one is worthless as soon as it is deleted.",
    needs=("balances", "place_order"),
)
async def key_is_changed(s: Session) -> None:
    await s.client("balances")
    renewed = await new_key(s, "renewed")
    await s.venue.call("DELETE", f"/keys/{ME}")
    await s.start(credentials=renewed)
    since = await s.wire.mark()
    await s.client("balances")
    await s.client("place_order", **limit(s))
    requests = await sent_since(s, since)
    old = [each for each in requests if each["account"] and each["key"] != "renewed"]
    s.expect(not old, "requests are signed with the new key", expected="renewed", seen=[each["key"] for each in old], at=old)
    await all_authenticated(s, "balances", "place_order", since=since)


# --- streams


@case(
    "common/auth/300",
    "A stream logs in with the key that was given.",
    requirement="Private channels need a login that proves the secret; the stream is then that account's.",
    needs=("stream_open",),
)
async def stream_logs_in(s: Session) -> None:
    await s.start(credentials=await key_named(s, OTHER))
    await s.client("stream_open", private=True)
    logins = await s.wire.wait(LOGIN)
    s.expect(logins, "the stream is logged in once it is open", expected="a login", seen="none")
    s.equal(logins[-1]["account"], OTHER, "the login is that of the account whose key was given", at=logins)


@case(
    "common/auth/310",
    "A login that the venue refuses is told as an error.",
    requirement="Without a login no private message comes; a client that believes itself logged in waits for ever.",
    needs=("stream_open",),
)
async def refused_login_is_told(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="0123456789ABCDEF0123456789ABCDEF"))
    refusal = await s.client.refused("stream_open", "a login with a wrong signature is an error", private=True)
    codes = s.facts.codes("authentication")
    kinds = (*AUTHENTICATION, "connection_lost")
    await told_as(s, refusal, "the error says that the login failed", kinds=kinds, codes=codes)
    s.equal(len(await s.wire.entries(LOGIN)), 0, "nobody is logged in")
