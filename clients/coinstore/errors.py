"""What can go wrong, as exceptions.

Owns: one class per thing that a caller may want to handle differently. The code table is in `error_codes`.
Must not know: HTTP, WebSocket or JSON.
Invariant: every exception that this client raises because of the venue or the connection is a `CoinstoreError`.
Mistakes of the caller, such as a naive datetime, are plain `ValueError`s.
"""

from __future__ import annotations

from mockex.clients.shared.errors import VenueError


class CoinstoreError(VenueError):
    """The venue refused a request, or no usable answer came.

    `code` is the venue's, as an integer however it was spelled, None if there was none. `http_status` is None for WebSocket and
    for lost connections; note that the venue refuses with HTTP 200. `client_order_id` names an order of a batch.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(message, code=code, http_status=http_status)
        self.client_order_id = client_order_id


# --- who is asking ---


class AuthenticationError(CoinstoreError):
    """Key, signature, time or address not accepted: the venue has one code for all of them."""


class PermissionDeniedError(CoinstoreError):
    """The account may not do this."""


class TradingRestrictedError(PermissionDeniedError):
    """The account or sub-account may not trade, or not this pair."""


# --- how it was asked ---


class RateLimitError(CoinstoreError):
    """Too many requests: 300 of one address or 120 signed ones of one user in 3 s."""


class InvalidRequestError(CoinstoreError):
    """A parameter is missing, malformed or out of range."""


class UnknownSymbolError(InvalidRequestError):
    """The venue does not list this pair, or it is closed."""


class UnknownChannelError(InvalidRequestError):
    """The stream has no such channel."""


class EndpointNotFoundError(InvalidRequestError):
    """No such path."""


# --- orders ---


class InsufficientFundsError(CoinstoreError):
    """The available balance does not cover the order."""


class OrderNotFoundError(CoinstoreError):
    """No such order, or one of somebody else."""


class OrderRejectedError(CoinstoreError):
    """The order breaks a trading rule: too small, too many decimals."""


class OpenOrderLimitError(OrderRejectedError):
    """The account holds as many open orders as it may."""


class DuplicateOrderError(OrderRejectedError):
    """The client id has been used."""


class CancelRejectedError(CoinstoreError):
    """The order was not cancelled."""


class OrderClosedError(CancelRejectedError):
    """The order was over before, and not by a cancellation."""


# --- funding ---


class FundingRejectedError(CoinstoreError):
    """A transfer or withdrawal breaks a rule: amount, currency, balance, duplicate. The codes do not tell them apart."""


# --- the venue or the line is down ---


class ServerFaultError(CoinstoreError):
    """The venue failed in the middle of the request."""

    outcome_unknown = True


class ConnectionFailedError(CoinstoreError):
    """No connection came about: nothing was sent."""


class ConnectionLostError(CoinstoreError):
    """The connection ended before the answer, or a stream fell silent. `code` is the close code, if there was one."""

    outcome_unknown = True


class ConnectionRenewedError(ConnectionLostError):
    """The client ended the connection itself, before the venue would have by its age. Another one follows at once."""


class RequestTimeoutError(CoinstoreError):
    """No answer in time. An order may or may not exist."""

    outcome_unknown = True


class MalformedReplyError(CoinstoreError):
    """The answer is not what the document describes."""

    outcome_unknown = True


class FeedOverflowError(CoinstoreError):
    """A reader of stream events fell too far behind, and events were lost."""
