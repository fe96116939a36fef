"""Messages of the streams: what is sent, and what kinds of messages come.

Owns: the spelling of commands and the reading of the envelope.
Must not know: connections, which commands are unanswered, what data messages mean (see `events`).
Source: KTX document, "Market Data Streams" and "User Data Streams"; ktx§8, ktx§9.
"""

from __future__ import annotations

from dataclasses import dataclass

from .error_codes import failure
from .errors import KtxError
from .fields import Row
from .signing import Credentials, login_auth
from .vocabulary import Profile, StreamMethod

Message = dict[str, object]

#: A whole book of 1000 levels takes 50 kB; far more is no message of this venue.
MAX_FRAME_BYTES = 16 * 1024 * 1024


def subscribe(stream: str, *, command_id: int) -> Message:
    """SUBSCRIBE of one stream: one bad stream refuses a whole request (ktx§8)."""
    return {"id": command_id, "method": StreamMethod.SUBSCRIBE.value, "params": [stream]}


def unsubscribe(stream: str, *, command_id: int) -> Message:
    """UNSUBSCRIBE of one stream."""
    return {"id": command_id, "method": StreamMethod.UNSUBSCRIBE.value, "params": [stream]}


def login(credentials: Credentials) -> Message:
    """LOGIN as both samples have it, without an id."""
    return {"method": StreamMethod.LOGIN.value, "auth": login_auth(credentials)}


def ping(stamp: int) -> Message:
    """The ping that is a message; its pong has the same number."""
    return {"ping": stamp}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a command; `error` is None for success. An unsubscription's answer may be called SUBSCRIBE: trust the id.

    `command_id` is None if the command had none, or could not be read.
    """

    command_id: int | None
    error: KtxError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The answer to a ping that was a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A message of a stream."""

    stream: str
    data: object


Frame = Answer | Pong | Data


def decode_frame(row: Row, *, profile: Profile) -> Frame:
    """The meaning of a message. MalformedReplyError if it has none."""
    if row.has("stream"):
        return Data(stream=row.text("stream"), data=row.get("data"))
    if row.has("error"):
        error = failure(row.integer("error"), row.optional_text("message") or "", profile=profile)
        return Answer(command_id=row.optional_integer("id"), error=error)
    if row.has("result"):
        return Answer(command_id=row.optional_integer("id"), error=None)
    if row.has("pong"):
        return Pong()
    raise Row.malformed(f"a message of no known kind: {dict(row.raw)!r}"[:200])
