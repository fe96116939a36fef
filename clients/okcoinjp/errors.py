"""What can go wrong, as exceptions.

Owns: one class per thing that a caller may want to handle differently. The code table is in `error_codes`.
Must not know: HTTP, WebSocket or JSON.
Invariant: every exception that this client raises because of the venue or the connection is an `OkcoinError`.
Mistakes of the caller, such as a naive datetime, are plain `ValueError`s.
"""

from __future__ import annotations

from mockex.clients.shared.errors import VenueError


class OkcoinError(VenueError):
    """The venue refused a request, or no usable answer came.

    `code` is the venue's number, None if there was none. `http_status` is None for WebSocket and for lost connections.
    `order_id` and `client_oid` name the order of an order-level failure, if the reply names one.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        order_id: str | None = None,
        client_oid: str | None = None,
    ) -> None:
        super().__init__(message, code=code, http_status=http_status)
        self.order_id = order_id
        self.client_oid = client_oid


# --- who is asking ---


class AuthenticationError(OkcoinError):
    """Key, signature, passphrase, login or funds password not accepted."""


class TimestampError(AuthenticationError):
    """The timestamp was unreadable or more than 30 s off. `sync_time` corrects the clock."""


class PermissionDeniedError(OkcoinError):
    """The key or the account may not do this: permission, IP binding, verification level."""


class AccountSuspendedError(PermissionDeniedError):
    """The key, the account or the wallet is frozen."""


# --- how it was asked ---


class RateLimitError(OkcoinError):
    """Too many requests. The venue neither bans nor counts down: slow down and retry."""


class InvalidRequestError(OkcoinError):
    """A parameter is missing, malformed or out of range."""


class UnknownCurrencyError(InvalidRequestError):
    """The venue has no such currency."""


class UnknownInstrumentError(InvalidRequestError):
    """The venue has no such pair."""


class UnknownChannelError(InvalidRequestError):
    """The stream has no such channel."""


class EndpointNotFoundError(InvalidRequestError):
    """No such path (HTTP 404 without a venue code)."""


class NoDataError(OkcoinError):
    """The request is right, but there is nothing to return."""


# --- orders ---


class InsufficientFundsError(OkcoinError):
    """The available balance does not cover the order, transfer or withdrawal."""


class OrderNotFoundError(OkcoinError):
    """Unknown order, or one that the venue has already forgotten."""


class OrderRejectedError(OkcoinError):
    """The order breaks a trading rule: too small, too many decimals, wrong phase of the market."""


class CancelRejectedError(OkcoinError):
    """The order cannot be cancelled."""


class OrderClosedError(CancelRejectedError):
    """The order is already filled or cancelled."""


# --- funding ---


class FundingRejectedError(OkcoinError):
    """A transfer or withdrawal breaks a rule: amount, fee, limits."""


class AddressError(FundingRejectedError):
    """The withdrawal address is unknown, unverified or of the wrong form."""


# --- the venue or the line is down ---


class UnavailableError(OkcoinError):
    """The endpoint or the site does not serve this at present."""


class MaintenanceError(UnavailableError):
    """The matching engine is being upgraded. Try again in about a minute."""


class ServerFaultError(UnavailableError):
    """The venue failed in the middle of the request (its own system error, or any HTTP 5xx)."""

    outcome_unknown = True


class ConnectionFailedError(OkcoinError):
    """No connection came about: nothing was sent."""


class ConnectionLostError(OkcoinError):
    """The connection ended before the answer, or a stream fell silent. `code` is the close code, if there was one."""

    outcome_unknown = True


class RequestTimeoutError(OkcoinError):
    """No answer in time, or the venue itself timed out. An order may or may not exist."""

    outcome_unknown = True


class MalformedReplyError(OkcoinError):
    """The answer is not what the document describes."""

    outcome_unknown = True


class FeedOverflowError(OkcoinError):
    """A reader of stream events fell too far behind, and events were lost."""
