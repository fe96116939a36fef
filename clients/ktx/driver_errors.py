"""Exceptions of the client in the words of the driver protocol.

Owns the kind of each exception class. Must not know what was asked.
"""

from __future__ import annotations

from mockex.clients.shared.driver_errors import Kinds, told_error

from . import errors as e
from .driver_words import Fields

#: The first class that an error is an instance of counts, so derived classes stand before their bases.
_KINDS: Kinds = (
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
    return told_error(error, _KINDS)
