"""What can go wrong, as exceptions.

Owns: one class per thing that a caller may want to handle differently. The code tables are in `error_codes`.
Must not know: HTTP, WebSocket or JSON.
Invariant: every exception that this client raises because of the venue or the connection is a `KtxError`.
Mistakes of the caller, such as a naive datetime, are plain `ValueError`s.
"""

from __future__ import annotations

from mockex.clients.shared.errors import VenueError


class KtxError(VenueError):
    """The venue refused a request, or no usable answer came.

    `code` is the venue's, None if there was none. `http_status` is None for WebSocket and for lost connections; note that the
    venue refuses with HTTP 200.
    """


# --- who is asking ---


class AuthenticationError(KtxError):
    """Key or signature not accepted, or a header of them missing."""


class RequestExpiredError(AuthenticationError):
    """The request reached the venue after its `api-expire-time`."""


class PermissionDeniedError(KtxError):
    """The key may not do this, or a user stream has not logged in."""


# --- how it was asked ---


class RateLimitError(KtxError):
    """Too many requests of one address in 10 s."""


class UsageLimitError(RateLimitError):
    """Requests of one address took too much of the venue's time in 10 s: see `Usage`."""


class InvalidRequestError(KtxError):
    """A parameter is missing, malformed or out of range."""


class UnknownProductError(InvalidRequestError):
    """The market has no such symbol."""


class EndpointNotFoundError(InvalidRequestError):
    """No such path, or not with this method."""


# --- orders ---


class InsufficientFundsError(KtxError):
    """Not enough free balance, margin, or quantity that can be closed."""


class NotFoundError(KtxError):
    """No such order or position, or an order that is settled already."""


class OrderRejectedError(KtxError):
    """The order breaks a trading rule: size, value, decimals, post-only, direction of a close."""


class DuplicateOrderError(OrderRejectedError):
    """The client id has been used."""


class LimitExceededError(OrderRejectedError):
    """Too many open orders, or too many streams."""


class FundingRejectedError(KtxError):
    """A transfer breaks a rule."""


# --- the venue or the line is down ---


class ServerFaultError(KtxError):
    """The venue failed in the middle of the request."""

    outcome_unknown = True


class ConnectionFailedError(KtxError):
    """No connection came about: nothing was sent."""


class ConnectionLostError(KtxError):
    """The connection ended before the answer, or a stream fell silent. `code` is the close code, if there was one."""

    outcome_unknown = True


class RequestTimeoutError(KtxError):
    """No answer in time. An order may or may not exist."""

    outcome_unknown = True


class MalformedReplyError(KtxError):
    """The answer is not what the document describes."""

    outcome_unknown = True


class FeedOverflowError(KtxError):
    """A reader of stream events fell too far behind, and events were lost."""
