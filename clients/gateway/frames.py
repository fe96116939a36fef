"""Frames: what is sent, and what kinds of frames come.

Owns: the spelling of requests, with their keys in the document's order, and the reading of the envelope.
Must not know: connections, which requests are unanswered, what data means.
Source: the gateway's document; gw§3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import MalformedRequestError, RequestRefusedError, refusal
from .fields import Row
from .vocabulary import Operation

Message = dict[str, object]

#: Far more than any reply holds: a thousand open orders take 200 kB.
MAX_FRAME_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What is logged in: a key at a platform, and the symbols, such as BTC/USDT, whose pushes are wanted.

    `passphrase` for a platform whose keys have one; the document has no field for it, and none is sent without (gw§9).
    """

    platform: str
    symbols: tuple[str, ...]
    access_key: str
    secret_key: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)


def login_fields(login: Login) -> Message:
    fields: Message = {
        "platform": login.platform,
        "symbols": list(login.symbols),
        "access_key": login.access_key,
        "secret_key": login.secret_key,
    }
    return fields if login.passphrase is None else {**fields, "passphrase": login.passphrase}


def request(operation: str, cid: str | None, fields: Mapping[str, object], *, token: str | None = None) -> Message:
    """A request; the token comes before the fields, as the document prints it."""
    identified = {} if cid is None else {"cid": cid}
    return {"op": operation, **identified, **({} if token is None else {"token": token}), **fields}


def cancel_fields(symbol: str, order_nos: Sequence[str]) -> Message:
    return {"symbol": symbol, "order_nos": list(order_nos)}


def ping(stamp: int) -> Message:
    """The pong has the same number."""
    return {"op": "ping", "ts": stamp}


# --- what comes ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The answer to a ping."""

    stamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a request. `error` is None for success; `row` is the whole frame. `cid` is None if there is none."""

    operation: str
    cid: str | None
    error: RequestRefusedError | None
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A request that the gateway could not read; it names the request if it could read so much."""

    cid: str | None
    error: MalformedRequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state notification of a token."""

    token: str
    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A push of a token."""

    token: str
    topic: str
    data: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A frame of an `op` that this client does not know."""

    operation: str
    fields: Mapping[str, object]


Frame = Pong | Reply | Misread | State | Notice | Unknown

_OPERATIONS = frozenset(operation.value for operation in Operation)


def decode_frame(row: Row) -> Frame:
    """The meaning of a frame. MalformedReplyError if it lacks what its `op` has."""
    operation = row.text("op")
    match operation:
        case "pong":
            return Pong(stamp=row.integer("ts"))
        case "state":
            return State(token=row.text("token"), code=row.integer("code"), message=row.optional_text("msg") or "")
        case "notify":
            return Notice(token=row.text("token"), topic=row.text("topic"), data=row.get("data"))
        case "error":
            error = MalformedRequestError(row.optional_text("error_message") or "")
            return Misread(cid=row.optional_text("cid"), error=error)
        case _ if operation in _OPERATIONS:
            failed = None if row.flag("result") else refusal(row.optional_text("error_message") or "")
            return Reply(operation=operation, cid=row.optional_text("cid"), error=failed, row=row)
        case _:
            return Unknown(operation=operation, fields=row.raw)
