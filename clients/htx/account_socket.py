"""The dialect of the account socket, `/ws/v2`.

Owns: what is sent and received there: the signed login, requests and acknowledgements by topic, pushes.
Must not know: connections, subscriptions, how time passes.
Source: HTX document, "Websocket Account and Order"; htx§1.2, htx§6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockex.clients.shared.clock import ServerClock

from .account_models import decode_balance_update
from .error_codes import account_socket_failure
from .errors import MalformedReplyError
from .events import AnswerValue, PushValue, RawPush
from .fields import Row
from .frames import Acknowledged, Answer, Data, Frame, LoggedIn, Message, Ping, Refused
from .signing import Credentials, login_params
from .stream_models import decode_clearing_event, decode_order_event
from .vocabulary import StreamOp

_LOGIN_CHANNEL = "auth"
_SUCCESS = 200

_PUSHES: Mapping[str, Callable[[Row], PushValue]] = MappingProxyType(
    {
        "orders": decode_order_event,
        "trade.clearing": decode_clearing_event,
        "accounts.update": decode_balance_update,
    }
)


class AccountDialect:
    """Logs in first. Requests have no ids: answers name operation and topic."""

    __slots__ = ("_clock", "_credentials", "_host", "_path")

    def __init__(self, credentials: Credentials, *, clock: ServerClock, host: str, path: str) -> None:
        """`host` and `path` are those that the signature names."""
        self._credentials = credentials
        self._clock = clock
        self._host = host
        self._path = path

    def login(self) -> Message | None:
        params = login_params(self._credentials, host=self._host, path=self._path, at_ns=self._clock.now_ns())
        return {"action": StreamOp.REQUEST, "ch": _LOGIN_CHANNEL, "params": params}

    def subscription(self, op: StreamOp, channel: str, request_id: str) -> Message:
        return {"action": op, "ch": channel}

    def request(self, channel: str, request_id: str, bounds: Mapping[str, int]) -> Message:
        raise ValueError("the account socket answers no requests for data")

    def pong(self, ping: Ping) -> Message:
        return {"action": "pong", "data": {"ts": ping.stamp}}

    def decode(self, payload: object) -> Frame:
        row = Row.of(payload, "stream message")
        match row.text("action"):
            case "ping":
                return Ping(stamp=row.row("data").integer("ts"))
            case "push":
                return Data(channel=row.text("ch"), message=row)
            case StreamOp.REQUEST:
                return LoggedIn(error=None if row.integer("code") == _SUCCESS else account_socket_failure(row.raw))
            case StreamOp.SUBSCRIBE | StreamOp.UNSUBSCRIBE as word:
                op = StreamOp(word)
                if row.integer("code") == _SUCCESS:
                    return Acknowledged(op=op, channel=row.text("ch"))
                return Refused(error=account_socket_failure(row.raw), op=op, channel=row.optional_text("ch"))
            case action:
                # A request that the venue cannot read, for example: it may repeat any word as the action.
                if row.has("code"):
                    return Refused(error=account_socket_failure(row.raw), channel=row.optional_text("ch"))
                raise MalformedReplyError(f"unknown action {action!r}")

    def decode_push(self, data: Data) -> PushValue:
        decoder = _PUSHES.get(data.channel.partition("#")[0])
        if decoder is None:
            return RawPush(fields=data.message.raw)
        return decoder(data.message.row("data"))

    def decode_answer(self, answer: Answer) -> AnswerValue:
        return RawPush(fields=answer.message.raw)
