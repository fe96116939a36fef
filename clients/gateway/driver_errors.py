"""Exceptions of the client in the words of the driver protocol.

Owns the kind of each exception class. Must not know what was asked.
"""

from __future__ import annotations

from mockex.clients.shared.driver_values import Fields

from . import errors as e

#: The first class that an error is an instance of counts, so derived classes stand before their bases.
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (e.AlreadyLoggedInError, "authentication"),
    (e.InvalidTokenError, "authentication"),
    (e.LoginFailedError, "authentication"),
    (e.LoginTroubledError, "authentication"),
    (e.NotSentError, "refused_by_client"),
    (e.NotReadyError, "unavailable"),
    (e.NotSupportedError, "unavailable"),
    (e.UnknownSymbolError, "bad_symbol"),
    (e.InvalidOrderError, "invalid_order"),
    (e.InsufficientFundsError, "insufficient_funds"),
    (e.OrderNotFoundError, "order_not_found"),
    (e.VenueLostError, "connection_lost"),
    (e.MalformedRequestError, "bad_request"),
    (e.ConnectionFailedError, "connection_lost"),
    (e.ConnectionLostError, "connection_lost"),
    (e.RequestTimeoutError, "timeout"),
    (TimeoutError, "timeout"),  # of a login that does not become ready
    (e.MalformedReplyError, "malformed_reply"),
    (ValueError, "refused_by_client"),  # a mistake of the caller, found before anything was sent
)


def error_fields(error: Exception) -> Fields:
    """The protocol's error. The gateway has no codes for errors, and HTTP ends with the upgrade."""
    kind = next((kind for error_class, kind in _KINDS if isinstance(error, error_class)), "other")
    return {"kind": kind, "message": str(error) or type(error).__name__, "exception": type(error).__name__}
