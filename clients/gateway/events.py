"""What the client tells its readers.

Owns: the typed events.
Must not know: connections, the order of things.
Each event of a login names its `Session`, as one reader hears all platforms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import GatewayError
from .models import Asset, Fill, Order, Position
from .states import Phase

if TYPE_CHECKING:
    from .session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connection is open. Logins follow."""

    reconnections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """A connection ended, and with it every token. Another attempt follows."""

    error: GatewayError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The client has ended for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateReported:
    """A state notification, and where it has led. `code` may be one that this client does not know."""

    session: Session
    code: int
    message: str
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginDelayed:
    """A login was refused for now, or not answered. It is tried again."""

    session: Session
    error: GatewayError


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFailed:
    """A login is given up."""

    session: Session
    error: GatewayError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """After READY: orders, assets and positions were asked for, and the account is as the gateway tells it."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """An order as it is now."""

    session: Session
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVanished:
    """An order that was open is not any more, and no push has said how it ended. This is what was last known of it."""

    session: Session
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class FillUpdate:
    """A fill of an order."""

    session: Session
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionUpdate:
    """The positions of a contract as they are now."""

    session: Session
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUpdate:
    """All assets as they are now, by coin."""

    session: Session
    assets: Mapping[str, Asset]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawUpdate:
    """A push of a topic that this client does not know."""

    session: Session
    topic: str
    data: object


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFrame:
    """A frame of an `op` that this client does not know, or for a token that no login of it has."""

    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    """Something that belongs to no request in flight, or a frame that could not be read."""

    error: GatewayError
    session: Session | None = None


GatewayEvent = (
    Connected
    | Disconnected
    | Closed
    | StateReported
    | LoginDelayed
    | LoginFailed
    | Reconciled
    | OrderUpdate
    | OrderVanished
    | FillUpdate
    | PositionUpdate
    | AssetUpdate
    | RawUpdate
    | UnknownFrame
    | ErrorReported
)
