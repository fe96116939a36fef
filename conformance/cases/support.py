"""What cases of several areas share: reading refusals, keys beside the usual one, requests of a case's own.

Knows cases' sessions only. Judges as kindly as the protocol allows: whoever tells the venue's code tells everything.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockex.conformance.protocol import Json
from mockex.conformance.session import Refusal, Session
from mockex.conformance.trace import REQUEST, Entry

ME = "alice"
OTHER = "bob"
READER = "viewer"
"""The name of a key of `ME` that may only read."""


def route_of(s: Session, operation: str) -> tuple[str, str]:
    """Method and path template that carry an operation out."""
    method, _, path = s.facts.route(operation).partition(" ")
    return method, path


async def told_as(s: Session, refusal: Refusal, what: str, *, kinds: Sequence[str], codes: Sequence[str]) -> None:
    """Fails unless the client tells the refusal as one of these kinds, or with one of the venue's codes."""
    await s.wire.read()
    expected = " or ".join([*(f"kind {kind}" for kind in kinds), *(f"code {code}" for code in codes)])
    answers = [each for each in s.wire.seen if each.get("error")][-1:]
    s.expect(refusal.kind in kinds or refusal.mentions(codes), what, expected=expected, seen=str(refusal), at=answers)


async def signed_request(s: Session, method: str, path: str, what: str, **more: Json) -> Entry:
    """Lets the client sign a request of its own making. Fails if the venue does not take it for the client's.

    Any other error of the venue is none of the signature's. Gives the request as it was sent.
    """
    since = await s.wire.mark()
    await s.client("request", method=method, path=path, signed=True, **more)
    sent = await s.wire.requests(since=since)
    s.expect(len(sent) == 1, f"{what}: one request is sent", expected="1 request", seen=f"{len(sent)} requests", at=sent)
    await authenticated(s, sent[0], what)
    return sent[0]


async def authenticated(s: Session, request: Entry, what: str, *, account: str = ME) -> None:
    """Fails unless the venue took the request for one of that account."""
    await s.wire.read()
    answer = s.wire.response_to(request)
    seen = request["account"] if answer is None or not answer.get("error") else answer.summary()
    s.expect(
        request["account"] == account, what, expected=f"taken for a request of {account}", seen=seen, at=_pair(request, answer)
    )


async def all_authenticated(s: Session, *operations: str, since: int = 0, account: str = ME) -> None:
    """Fails unless each of these operations was sent, and every request of them taken for that account's."""
    for operation in operations:
        sent = await s.wire.requests(s.facts.route(operation), since=since)
        s.expect(sent, f"{operation} is sent", expected="a request", seen="none")
        for request in sent:
            await authenticated(s, request, f"{operation} is signed so that the venue accepts it", account=account)


async def key_named(s: Session, name: str) -> dict[str, Json]:
    """A key of the venue as the driver protocol has it."""
    rows = (await s.venue.call("GET", "/keys"))["keys"]
    return credentials_of(next(row for row in rows if row["name"] == name))


async def new_key(s: Session, name: str, *, account: str = ME, **terms: object) -> dict[str, Json]:
    """A further key of an account, as the driver protocol has it."""
    return credentials_of(await s.venue.call("POST", f"/accounts/{account}/keys", name=name, **terms))


def credentials_of(row: Json) -> dict[str, Json]:
    return {"name": row["name"], "api_key": row["api_key"], "secret": row["secret"], "passphrase": row.get("passphrase")}


async def sent_since(s: Session, since: int) -> list[Entry]:
    """Every HTTP request after that place."""
    return await s.wire.entries(REQUEST, since=since)


def _pair(request: Entry, answer: Entry | None) -> tuple[Entry, ...]:
    return (request,) if answer is None else (request, answer)
