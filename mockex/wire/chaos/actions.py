"""What a fault may do: every action with its arguments, in one table that both the validation and the list of actions read.

Owns names, argument types and help. Knows no venue: what only a venue can judge (its codes, symbols) is checked by `reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import TypeAlias

MAX_MS = 1_000_000_000_000  # 31 years: more than any world lasts, and in nanoseconds still a number of 64 bits
MAX_TEXT = 65_536

# RFC 6455 sections 7.4.1 and 7.4.2: codes that may stand in a close frame. 1006 stands for none at all.
CUT = 1006
_UNSENDABLE = frozenset({1004, 1005, 1015})


class Occasion(Enum):
    """When a rule is asked whether it strikes."""

    REQUEST = auto()  # an HTTP request that has passed the venue's checks and would now be carried out
    OPERATION = auto()  # the same on a WebSocket
    PUSH = auto()  # a push on its way to one connection
    MESSAGE = auto()  # any message to a client, pushes included
    UPGRADE = auto()  # a WebSocket is asked for
    MOMENT = auto()  # nothing but virtual time


class Action(Enum):
    DELAY = "delay"
    DELAY_BEFORE = "delay_before"
    HTTP_ERROR = "http_error"
    RATE_LIMITED = "rate_limited"
    ERROR = "error"
    RESET = "reset"
    LOSE_REPLY = "lose_reply"
    REPLY_AFTER_PUSH = "reply_after_push"
    STALE = "stale"
    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    CORRUPT_CHECKSUM = "corrupt_checksum"
    STALL = "stall"
    CLOSE = "close"
    REFUSE = "refuse"
    CLOCK_SKEW = "clock_skew"
    MAINTENANCE = "maintenance"
    HALT = "halt"


Value: TypeAlias = bool | int | str
"""What an argument may be, once read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """`read` gives the value or a ValueError that says what was expected. `default` None: left out, it has no value."""

    help: str
    read: Callable[[object], Value]
    required: bool = False
    default: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """`occasions`: those that `where` may narrow it to. `once`: it fires a single time whatever its `when` says."""

    help: str
    occasions: frozenset[Occasion]
    takes: Mapping[str, Argument] = field(default_factory=dict)
    once: bool = False


# --- readers of arguments


def whole_number(value: object, *, least: int, most: int) -> int:
    """Also of a text: a client that keeps long numbers as text may send those."""
    if isinstance(value, str) and value.lstrip("-").isdecimal() and value.isascii() and len(value) <= 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"is a whole number from {least} to {most}")
    return value


def a_span(value: object) -> int:
    return whole_number(value, least=1, most=MAX_MS)


def a_signed_span(value: object) -> int:
    return whole_number(value, least=-MAX_MS, most=MAX_MS)


def a_text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError(f"is a text of at most {MAX_TEXT} characters")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("is a text that UTF-8 can carry") from None
    return value


def a_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is true or false")
    return value


def _server_error(value: object) -> int:
    return whole_number(value, least=500, most=599)


def _refusal(value: object) -> int:
    return whole_number(value, least=400, most=599)


def _close_code(value: object) -> int:
    code = whole_number(value, least=1000, most=4999)
    if code in _UNSENDABLE or 1016 <= code < 3000:
        raise ValueError("is 1000 to 1003, 1006 (cut without a close frame), 1007 to 1014, or 3000 to 4999")
    return code


def _close_reason(value: object) -> str:
    reason = a_text(value)
    if len(reason.encode("utf-8")) > 123:  # RFC 6455 section 5.5
        raise ValueError("is a text of at most 123 bytes")
    return reason


def percent_units(value: object) -> int:
    """A percentage in millionths of a per cent. Exact: text, whole number or Decimal."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError('is a percentage as text, such as "12.5"')
    text = str(value)
    whole, _, fraction = text.partition(".")
    plain = text.isascii() and whole.isdigit() and (fraction.isdigit() or "." not in text)
    if not plain or len(whole) > 3 or len(fraction) > 6:
        raise ValueError('is a percentage as text, such as "12.5", with at most 6 decimals')
    units = int(whole) * PER_CENT + int(fraction.ljust(6, "0"))
    if not 0 < units <= 100 * PER_CENT:
        raise ValueError("is more than 0 and at most 100 per cent")
    return units


PER_CENT = 1_000_000

# --- the table

_SPAN = Argument(help="milliseconds of virtual time", read=a_span, required=True)
_UNTIL_OVER = Argument(help="milliseconds of virtual time until it ends by itself; left out: until it is cleared", read=a_span)
_EXECUTED = Argument(help="the request is carried out first, and only its answer replaced", read=a_flag, default=False)

_REQUEST = frozenset({Occasion.REQUEST})
_PUSH = frozenset({Occasion.PUSH})
_SOCKET = frozenset({Occasion.PUSH, Occasion.OPERATION, Occasion.MESSAGE})
_VENUE = frozenset({Occasion.REQUEST, Occasion.OPERATION, Occasion.MOMENT})

ACTIONS: Mapping[Action, ActionSpec] = {
    Action.DELAY: ActionSpec(
        help="A request is carried out at once and its reply leaves later. Of pushes (with channel, opening or socket): "
        "this and all later pushes of the channel on that connection wait, and keep their order.",
        occasions=frozenset({Occasion.REQUEST, Occasion.PUSH}),
        takes={"ms": _SPAN},
    ),
    Action.DELAY_BEFORE: ActionSpec(
        help="The request is checked at once and carried out later; its reply leaves then.",
        occasions=_REQUEST,
        takes={"ms": _SPAN},
    ),
    Action.HTTP_ERROR: ActionSpec(
        help="The reply is the HTML page of a gateway, not the venue's own; the request is not carried out.",
        occasions=_REQUEST,
        takes={
            "status": Argument(help="HTTP status, 500 to 599", read=_server_error, default=502),
            "body": Argument(help="the page; left out: a short one that names the status", read=a_text),
            "executed": _EXECUTED,
        },
    ),
    Action.RATE_LIMITED: ActionSpec(
        help="The venue's own answer to too many calls; the request is not carried out.", occasions=_REQUEST
    ),
    Action.ERROR: ActionSpec(
        help="The venue's own error with that code, of a request over HTTP or an operation on a WebSocket.",
        occasions=frozenset({Occasion.REQUEST, Occasion.OPERATION}),
        takes={
            "code": Argument(help="one of the venue's error codes", read=a_text, required=True),
            "executed": _EXECUTED,
        },
    ),
    Action.RESET: ActionSpec(help="The TCP connection is reset; the request is not carried out.", occasions=_REQUEST),
    Action.LOSE_REPLY: ActionSpec(
        help="The request is carried out, then the TCP connection is closed without a byte of the reply.", occasions=_REQUEST
    ),
    Action.REPLY_AFTER_PUSH: ActionSpec(
        help="The request is carried out; its reply leaves after the pushes that it caused at once. Pushes that wait for their "
        "channel's next interval are not waited for.",
        occasions=_REQUEST,
    ),
    Action.STALE: ActionSpec(
        help="A read is answered from the state of the exchange that much virtual time ago, though not from before the plan "
        "was made. Streams stay current.",
        occasions=_REQUEST,
        takes={"ms": _SPAN},
    ),
    Action.DROP: ActionSpec(help="The push is not sent.", occasions=_PUSH),
    Action.DUPLICATE: ActionSpec(help="The push is sent twice.", occasions=_PUSH),
    Action.REORDER: ActionSpec(
        help="The push leaves right after the next one of its channel on that connection.", occasions=_PUSH
    ),
    Action.CORRUPT_CHECKSUM: ActionSpec(
        help="The checksum in the push is wrong. A push without a checksum never matches.", occasions=_PUSH
    ),
    Action.STALL: ActionSpec(
        help="From now on nothing leaves on that connection: no push, no answer, no close. What was held leaves in order when "
        "it ends.",
        occasions=_SOCKET,
        takes={"ms": _UNTIL_OVER},
    ),
    Action.CLOSE: ActionSpec(
        help="The connection is closed.",
        occasions=_SOCKET,
        takes={
            "code": Argument(help="close code; 1006: cut without a close frame", read=_close_code, default=1011),
            "reason": Argument(help="text of the close frame", read=_close_reason, default=""),
            "before": Argument(
                help="the message is not sent, or the operation not carried out; false: it is, then the close",
                read=a_flag,
                default=True,
            ),
        },
    ),
    Action.REFUSE: ActionSpec(
        help="New WebSockets are refused.",
        occasions=frozenset({Occasion.UPGRADE}),
        takes={"status": Argument(help="HTTP status, 400 to 599", read=_refusal, default=503)},
    ),
    Action.CLOCK_SKEW: ActionSpec(
        help="The venue's own clock is off: its time endpoint, its checks of timestamps, its Date header.",
        occasions=_VENUE,
        takes={
            "ms": Argument(help="milliseconds; negative: the venue's clock is slow", read=a_signed_span, required=True),
            "for_ms": _UNTIL_OVER,
        },
        once=True,
    ),
    Action.MAINTENANCE: ActionSpec(
        help="The venue goes into maintenance.", occasions=_VENUE, takes={"ms": _UNTIL_OVER}, once=True
    ),
    Action.HALT: ActionSpec(
        help="An instrument is halted.",
        occasions=_VENUE,
        takes={"symbol": Argument(help="the instrument", read=a_text, required=True), "ms": _UNTIL_OVER},
        once=True,
    ),
}
