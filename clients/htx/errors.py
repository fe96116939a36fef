"""What can go wrong, as exceptions.

Owns: one class per thing that a caller may want to handle differently. The code tables are in `error_codes`.
Must not know: HTTP, WebSocket or JSON.
Invariant: every exception that this client raises because of the venue or the connection is an `HtxError`.
Mistakes of the caller, such as a naive datetime, are plain `ValueError`s.
"""

from __future__ import annotations

from mockex.clients.shared.errors import VenueError


class HtxError(VenueError):
    """The venue refused a request, or no usable answer came.

    `code` is the venue's: text of the v1 tables (`base-record-invalid`), an integer of the v2 tables and of the account
    socket, None if there was none. `http_status` is None for WebSocket and for lost connections; note that the venue refuses
    with HTTP 200. `order_id`, `client_order_id` and `order_state` belong to a refused cancel or order, if the reply has them.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | int | None = None,
        http_status: int | None = None,
        order_id: str | None = None,
        client_order_id: str | None = None,
        order_state: int | None = None,
    ) -> None:
        super().__init__(message, code=code, http_status=http_status)
        self.order_id = order_id
        self.client_order_id = client_order_id
        self.order_state = order_state


# --- who is asking ---


class AuthenticationError(HtxError):
    """Key, signature or login not accepted."""


class TimestampError(AuthenticationError):
    """The timestamp was unreadable or too far off. `sync_time` corrects the clock."""


class PermissionDeniedError(HtxError):
    """The key or the account may not do this: permission, address, an account of somebody else."""


class AccountLockedError(PermissionDeniedError):
    """The account is locked or in liquidation."""


# --- how it was asked ---


class RateLimitError(HtxError):
    """Too many requests. Slow down and retry."""


class InvalidRequestError(HtxError):
    """A parameter is missing, malformed or out of range."""


class UnknownSymbolError(InvalidRequestError):
    """The venue has no such symbol, or not for this topic."""


class UnknownTopicError(InvalidRequestError):
    """The stream has no such topic."""


class EndpointNotFoundError(InvalidRequestError):
    """No such path."""


class NoDataError(HtxError):
    """The request is right, but there is nothing to return."""


# --- orders ---


class InsufficientFundsError(HtxError):
    """The available balance does not cover the order, transfer or withdrawal."""


class OrderNotFoundError(HtxError):
    """Unknown order, or one that the venue has already forgotten."""


class OrderRejectedError(HtxError):
    """The order breaks a trading rule: too small, too many decimals, outside the price band, market suspended."""


class CancelRejectedError(HtxError):
    """The order cannot be cancelled."""


class OrderClosedError(CancelRejectedError):
    """The order is already filled or cancelled; `order_state` says which (`vocabulary.OrderStateNumber`)."""


# --- wallet ---


class FundingRejectedError(HtxError):
    """A transfer or withdrawal breaks a rule: amount, fee, chain."""


class AddressError(FundingRejectedError):
    """The withdrawal address is unknown or of the wrong form."""


# --- the venue or the line is down ---


class UnavailableError(HtxError):
    """The market or the site does not serve this at present."""


class MaintenanceError(UnavailableError):
    """The venue is being maintained."""


class ServerFaultError(UnavailableError):
    """The venue failed in the middle of the request (its own system error, or any HTTP 5xx)."""

    outcome_unknown = True


class ConnectionFailedError(HtxError):
    """No connection came about: nothing was sent."""


class ConnectionLostError(HtxError):
    """The connection ended before the answer, or a stream fell silent. `code` is the close code, if there was one."""

    outcome_unknown = True


class RequestTimeoutError(HtxError):
    """No answer in time, or the venue itself timed out. An order may or may not exist."""

    outcome_unknown = True


class MalformedReplyError(HtxError):
    """The answer is not what the document describes."""

    outcome_unknown = True


class FeedOverflowError(HtxError):
    """A reader of stream events fell too far behind, and events were lost."""
