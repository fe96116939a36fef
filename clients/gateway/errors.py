"""What can go wrong, as exceptions, and which of the gateway's own texts means which.

Owns: one class per thing that a caller may want to handle differently; the table of texts.
Must not know: WebSocket or JSON.
Invariants: every exception that this client raises because of the gateway or the connection is a `GatewayError`. A text is
compared as a whole with those of gw§10; nothing is ever taken out of one, as a venue's raw error may stand there.
Mistakes of the caller, such as a quantity of nothing, are plain `ValueError`s.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class GatewayError(Exception):
    """The gateway refused a request, or no usable answer came. `code` is of a state notification or of a closed connection."""

    #: True if the request may have been carried out in spite of the error. Look at orders before trying again.
    outcome_unknown: ClassVar[bool] = False

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class RequestRefusedError(GatewayError):
    """Answered with `result` false. The text is for people."""


class MalformedRequestError(RequestRefusedError):
    """Answered with `op` "error": the gateway could not read it."""


# --- who is asking, and when ---


class AlreadyLoggedInError(RequestRefusedError):
    """The key is logged in to the platform already, here or on another connection that the gateway has not missed yet."""


class InvalidTokenError(RequestRefusedError):
    """The token is not one of this connection."""


class NotReadyError(RequestRefusedError):
    """No operation is possible before code READY."""


class NotSentError(NotReadyError):
    """This client says so, and has sent nothing."""


class LoginFailedError(GatewayError):
    """A login led to code PARAM_MISS: a platform, symbol or key is missing or wrong. It was logged out again."""


class LoginTroubledError(GatewayError):
    """A login met code GENERAL_ERROR before it was ever ready. Another attempt may help, or not."""


# --- orders ---


class UnknownSymbolError(RequestRefusedError):
    """The venue has no such symbol."""


class InvalidOrderError(RequestRefusedError):
    """Action, type, price or quantity cannot be, or there are too many numbers."""


class InsufficientFundsError(RequestRefusedError):
    """Not enough free balance, or not as much position as is to be closed."""


class OrderNotFoundError(RequestRefusedError):
    """No open order of the symbol has that number."""


class NotSupportedError(RequestRefusedError):
    """The platform has no such thing: spot has no positions."""


# --- a line is down ---


class VenueLostError(RequestRefusedError):
    """The gateway lost its venue while the request was on its way."""

    outcome_unknown = True


class ConnectionFailedError(GatewayError):
    """No connection came about: nothing was sent."""


class ConnectionLostError(GatewayError):
    """The connection ended before the answer, or answered no ping. `code` is the close code, if there was one."""

    outcome_unknown = True


class RequestTimeoutError(GatewayError):
    """No answer in time. An order may or may not exist."""

    outcome_unknown = True


class MalformedReplyError(GatewayError):
    """The answer is not what the document describes."""

    outcome_unknown = True


class FeedOverflowError(GatewayError):
    """A reader of events fell too far behind, and events were lost."""


_KINDS: Mapping[str, type[RequestRefusedError]] = MappingProxyType(
    {
        "Do not log in repeat": AlreadyLoggedInError,
        "Invalid token": InvalidTokenError,
        "symbol not found": UnknownSymbolError,
        "action error": InvalidOrderError,
        "order type error": InvalidOrderError,
        "quantity error": InvalidOrderError,
        "price error": InvalidOrderError,
        "too many orders": InvalidOrderError,
        "insufficient balance": InsufficientFundsError,
        "insufficient position": InsufficientFundsError,
        "order not found": OrderNotFoundError,
        "not ready": NotReadyError,
        "connection lost": VenueLostError,
        "not supported": NotSupportedError,
    }
)


def refusal(text: str) -> RequestRefusedError:
    """The error that a text of the gateway's own means; any other text is a refusal of no known kind."""
    return _KINDS.get(text, RequestRefusedError)(text)
