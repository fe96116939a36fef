"""Faults of requests: what went wrong, told apart from how a venue says it.

Owns the kinds of fault that shared mechanisms detect, the exception that carries one to the pipeline, and the
shape of a venue's wire error. Knows no code, status or message of any venue: each venue maps every kind in
one total table, and may add kinds of its own as members of its own Enum. A refused order is not a fault: it
is a value of the core.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

TextPart = tuple[str, str | None]
"""Literal text, then the name of the placeholder that follows it; None at the end."""

_TEMPLATE_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*|[0-9]+)\}|[{}]")


class FaultKind(Enum):
    """What shared mechanisms find wrong with a request. Which of two faults wins is the venue's order of
    stages.
    """

    API_KEY_MISSING = auto()  # no API key where one is required
    SIGNATURE_MISSING = auto()  # no signature
    TIMESTAMP_MISSING = auto()  # no time of signing
    PASSPHRASE_MISSING = auto()  # no passphrase
    TIMESTAMP_INVALID = auto()  # the time of signing does not parse
    TIMESTAMP_EXPIRED = auto()  # the time of signing is outside the window, on either side
    API_KEY_UNKNOWN = auto()  # no such key
    PASSPHRASE_WRONG = auto()  # the passphrase does not belong to the key
    SIGNATURE_WRONG = auto()  # the signature is not the one of this request
    IP_NOT_ALLOWED = auto()  # the key is bound to other addresses
    API_KEY_FROZEN = auto()  # the key is suspended
    ACCOUNT_FROZEN = auto()  # the key's account is suspended
    PERMISSION_DENIED = auto()  # the key lacks the route's permission
    CONTENT_TYPE = auto()  # the body's declared type is not accepted
    BODY_EMPTY = auto()  # a body is required
    BODY_TOO_LARGE = auto()  # the body exceeds the venue's cap
    BODY_NOT_JSON = auto()  # the body does not parse, or is not of the route's shape
    ROUTE_UNKNOWN = auto()  # no such path
    METHOD_NOT_ALLOWED = auto()  # the path exists under another method
    ROUTE_OFF = auto()  # the route is switched off
    RATE_LIMITED = auto()  # too many calls
    PARAM_MISSING = auto()  # a required parameter is absent
    PARAM_FORMAT = auto()  # a parameter of the wrong type: not a number, not a scalar
    PARAM_VALUE = auto()  # a well-formed parameter outside its enumeration or range
    SYMBOL_UNKNOWN = auto()  # no such instrument
    ASSET_UNKNOWN = auto()  # no such currency
    ORDER_UNKNOWN = auto()  # no such order, or not one that this account may see
    NOT_LOGGED_IN = auto()  # a private stream before login
    MAINTENANCE = auto()  # the venue is down for maintenance
    INTERNAL = auto()  # a fault of the venue itself


class ApiFault(Exception):  # noqa: N818  # the client's mistake, not an error of this program
    """A bad request on its way to the one place that renders it. Raise it anywhere below the pipeline.

    `kind` is a `FaultKind` or a member of a venue's own Enum. `detail` names what the venue's message may
    quote: `field`, `value`, `limit`, `rule`. It formats nothing by itself: most faults are rendered from a
    template that quotes nothing.
    """

    __slots__ = ("detail", "kind")

    def __init__(self, kind: Enum, /, **detail: str) -> None:
        self.kind = kind
        self.detail: Mapping[str, str] = detail

    def __str__(self) -> str:
        """For logs; never for the wire."""
        quoted = "".join(f" {name}={value!r}" for name, value in self.detail.items())
        return f"{self.kind.name}{quoted}"


class PlannedFailure(ApiFault):
    """A fault that was asked for by its wire code."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        super().__init__(FaultKind.INTERNAL)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class WireError:
    """How a venue answers one fault: HTTP status, code, message.

    `message` is a template: `{name}` stands for a value of the fault's detail, `{{` and `}}` for the braces
    themselves. A malformed template is a ValueError when the table is built, never when a client meets it.
    """

    status: int
    code: str
    message: str
    _parts: tuple[TextPart, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parts", _parse_template(self.message))

    def text(self, detail: Mapping[str, str]) -> str:
        """The message for one fault. Names missing from `detail` are left out. Values are inserted as they
        are, so braces in a client's text mean nothing; only what UTF-8 cannot carry (lone surrogates) becomes
        `?`.
        """
        filled = "".join([literal if name is None else literal + detail.get(name, "") for literal, name in self._parts])
        if filled.isascii():
            return filled
        return filled.encode("utf-8", "replace").decode("utf-8")


def _parse_template(template: str) -> tuple[TextPart, ...]:
    parts: list[TextPart] = []
    literal, position = "", 0
    for token in _TEMPLATE_TOKEN.finditer(template):
        literal += template[position : token.start()]
        position = token.end()
        if token[1] is not None:
            parts.append((literal, token[1]))
            literal = ""
        elif len(token[0]) == 2:
            literal += token[0][0]
        else:
            raise ValueError(f"a lone {token[0]!r} in the message template {template!r}")
    parts.append((literal + template[position:], None))
    return tuple(parts)
