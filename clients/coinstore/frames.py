"""Messages of the stream: what is sent, and what kinds of messages come.

Owns: the spelling of commands, the reading of the envelope, and the count of frames.
Must not know: connections, which commands are unanswered, what data messages mean (see `events`).
Source: Coinstore document, "Websocket"; cs§9.1, cs§9.2, cs§9.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .error_codes import STREAM_SUCCESS, stream_failure
from .errors import CoinstoreError
from .fields import Row
from .signing import Credentials, login_auth
from .vocabulary import StreamOp

Message = dict[str, object]

#: Sent once when a connection opens, before anything else.
_ESTABLISHED = "established"

#: A whole book of 100 levels takes 10 kB; far more is no message of this venue.
MAX_FRAME_BYTES = 16 * 1024 * 1024

# --- out ---


def subscribe(channel: str, *, command_id: int, size: int | None = None) -> Message:
    """SUB of one channel; `size` asks a channel of trades for so many trades of before."""
    param: Message = {} if size is None else {"param": {"size": size}}
    return {"op": StreamOp.SUBSCRIBE.value, "channel": [channel], **param, "id": command_id}


def unsubscribe(channel: str, *, command_id: int) -> Message:
    """UNSUB of one channel."""
    return {"op": StreamOp.UNSUBSCRIBE.value, "channel": [channel], "id": command_id}


def list_subscriptions(*, command_id: int) -> Message:
    """LIST."""
    return {"op": StreamOp.LIST.value, "channel": [], "id": command_id}


def request_candles(channel: str, *, command_id: int, end_s: int | None, limit: int) -> Message:
    """REQ of candles before `end_s`, which is not included."""
    param = {"channel": channel, "endTime": end_s, "limit": limit}
    return {"op": StreamOp.REQUEST.value, "param": param, "id": command_id}


def login(credentials: Credentials, *, channels: Sequence[str], at_ms: int) -> Message:
    """The login of the last page that had one. It has no id."""
    return {
        "op": StreamOp.LOGIN.value,
        "channel": list(channels),
        "auth": login_auth(credentials, expires_ms=at_ms),
        "params": {},
    }


def pong(at_ms: int) -> Message:
    """The pong that is a message. Nothing answers it."""
    return {"op": StreamOp.PONG.value, "epochMillis": at_ms}


# --- in ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Established:
    """The first message of a connection."""

    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """The venue received a command. None of `command_id` if it had none, None of `op` for one that this client never sends."""

    command_id: int | None
    op: StreamOp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel that the venue sends to this connection, by its own account."""

    name: str
    type: str
    since: datetime
    message_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The venue carried out a command, or refused it. It does not say which: answers come in the order of commands.

    `error` is None for success. `subscriptions` is None but for a list of them. `op` is guessed from the slug.
    """

    op: StreamOp | None
    error: CoinstoreError | None
    subscriptions: tuple[Subscription, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Any other message: its type and all its fields."""

    type: str
    row: Row


Frame = Established | Echo | Answer | Data

_OPS_BY_SLUG = {"sub": StreamOp.SUBSCRIBE, "unsub": StreamOp.UNSUBSCRIBE, "login": StreamOp.LOGIN}


def decode_frame(row: Row) -> Frame:
    """The meaning of a message. MalformedReplyError if it has none."""
    match row.text("T"):
        case "echo":
            return _decode_echo(row.row("echo"))
        case "resp":
            return _decode_answer(row)
        case kind:
            return Data(type=kind, row=row)


def _decode_echo(command: Row) -> Echo:
    op = (command.optional_text("op") or "").casefold()
    known = next((word for word in StreamOp if word.casefold() == op), None)
    return Echo(command_id=command.optional_integer("id"), op=known)


def _decode_answer(row: Row) -> Established | Answer:
    if row.has("subs"):
        subscriptions = tuple(_subscription(sub) for sub in row.rows("subs", "subscription"))
        return Answer(op=StreamOp.LIST, error=None, subscriptions=subscriptions)
    slug, code = row.optional_text("M") or "", row.integer("C")
    if code == STREAM_SUCCESS and slug == _ESTABLISHED:
        return Established(sid=row.text("sid"))
    detail = row.optional_text("payload") if isinstance(row.raw.get("payload"), str) else None
    error = None if code == STREAM_SUCCESS else stream_failure(code, slug, detail)
    return Answer(op=_OPS_BY_SLUG.get(slug.partition(".")[0]), error=error, subscriptions=None)


def _subscription(row: Row) -> Subscription:
    return Subscription(
        name=row.text("name"),
        type=row.row("type").text("name"),
        since=row.seconds("lifeStartTime"),
        message_count=row.integer("msgCount"),
    )


class FrameCounter:
    """The venue numbers the messages of a connection from 1, so a gap shows that some are missing."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = 0

    def take(self, row: Row) -> tuple[int, int] | None:
        """Count one message. First and last of the missing numbers before it, None if none is missing.

        A number that has been there, or none at all, shows nothing.
        """
        if row.blank("S"):
            return None
        number, last = row.integer("S"), self._last
        self._last = max(number, last)
        return (last + 1, number - 1) if number > last + 1 else None
