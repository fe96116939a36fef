"""Exceptions of the client in the words of the driver protocol.

Owns the kind of each exception class. Must not know what was asked.
"""

from __future__ import annotations

from . import errors as e
from .driver_words import Fields

#: The first class that an error is an instance of counts, so derived classes stand before their bases.
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (e.AuthenticationError, "authentication"),
    (e.PermissionDeniedError, "permission"),
    (e.RateLimitError, "rate_limited"),
    (e.UnknownProductError, "bad_symbol"),
    (e.EndpointNotFoundError, "unavailable"),
    (e.InvalidRequestError, "bad_request"),
    (e.InsufficientFundsError, "insufficient_funds"),
    (e.NotFoundError, "order_not_found"),
    (e.OrderRejectedError, "invalid_order"),
    (e.FundingRejectedError, "bad_request"),
    (e.ServerFaultError, "unavailable"),
    (e.ConnectionFailedError, "connection_lost"),
    (e.ConnectionLostError, "connection_lost"),
    (e.RequestTimeoutError, "timeout"),
    (e.MalformedReplyError, "malformed_reply"),
    (ValueError, "refused_by_client"),  # a mistake of the caller, found before anything was sent
)


def error_fields(error: Exception) -> Fields:
    """The protocol's error."""
    kind = next((kind for error_class, kind in _KINDS if isinstance(error, error_class)), "other")
    told: Fields = {"kind": kind, "message": str(error), "exception": type(error).__name__}
    if isinstance(error, e.KtxError):
        told["message"] = error.message
        told["code"] = None if error.code is None else str(error.code)
        told["status"] = error.http_status
    return told
