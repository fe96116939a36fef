"""What the gateway asks of a platform, and what a platform tells the gateway. Types alone: nothing happens here.

Owns: the words between the gateway's sessions and its platforms (`platforms/<name>.py`, one file each).
Must not know: frames, tokens and sockets of the gateway's clients; requests and messages of any venue.
Amounts are `Decimal`s and never negative unless a field says so, instants are integers of Unix milliseconds, pairs are texts
like `BTC/USDT`. Source: the gateway's specification, cited as gw§n.

The life of a link, as `Listener` hears it (gw§8):

    connected -> assets, order.. -> ready          the venue is reached, the account is known, operations are allowed
    connect_failed -> (5 s) reconnecting -> ..      no connection; further attempts follow without end
    lost -> (5 s) reconnecting -> ..                the connection ended, or nothing was heard for 60 s (checked every 5 s)
    connected -> failed                             the venue refuses the credentials: the link does nothing more
    connected -> failed -> lost -> (5 s) ..         an initial query failed: the link drops the connection and retries
    refused                                         the login itself is wrong: the link does nothing more
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from mockex.clients.shared.clock import Stopwatch

RETRY_AFTER = timedelta(seconds=5)
"""From a loss or a failed attempt to the next attempt (gw§8)."""
SILENT_FOR = timedelta(seconds=60)
"""A connection on which nothing is heard for so long is given up (gw§8)."""
SILENCE_CHECKED_EVERY = timedelta(seconds=5)
DEFAULT_LEVERAGE = 10
"""Of every contract order: a login cannot choose it (gw§6)."""


# --- words


class Action(StrEnum):
    """Which way an order trades; the `side` of a fill has the same words."""

    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    LIMIT = "LIMIT"
    MARKET = "MARKET"
    IOC = "IOC"


class OrderStatus(StrEnum):
    """gw§7. `NONE`: the venue said a word that has no other meaning here."""

    NONE = "NONE"
    SUBMITTED = "SUBMITTED"
    PARTIAL_FILLED = "PARTIAL-FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    FAILED = "FAILED"


class Liquidity(StrEnum):
    TAKER = "TAKER"
    MAKER = "MAKER"


class MarginMode(StrEnum):
    CROSSED = "crossed"
    FIXED = "fixed"


class PositionSide(StrEnum):
    """Whose position a contract order works on (the sign of its quantity on the gateway's wire, gw§6)."""

    LONG = "long"
    SHORT = "short"


# --- values


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """An order to place. `quantity` is above zero: base currency or contracts; of a market buy on spot, quote currency.

    `price` is None for a market order. `position` is None on spot; on contracts BUY LONG and SELL SHORT open, SELL LONG and
    BUY SHORT close.
    """

    pair: str
    action: Action
    order_type: OrderType
    price: Decimal | None
    quantity: Decimal
    position: PositionSide | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands. `price` is zero for a market order.

    `quantity` and `remain` of a market buy on spot are quote currency (gw§6), also where the venue was given base currency.
    """

    pair: str
    order_no: str
    action: Action
    order_type: OrderType
    price: Decimal
    quantity: Decimal
    remain: Decimal
    status: OrderStatus
    created_ms: int
    updated_ms: int
    position: PositionSide | None = None

    @property
    def open(self) -> bool:
        """True while it rests in the book or may."""
        return self.status in (OrderStatus.SUBMITTED, OrderStatus.PARTIAL_FILLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One side of a trade. `fill_no` is the venue's id of the trade; `quantity` is base currency or contracts."""

    pair: str
    order_no: str
    fill_no: str
    price: Decimal
    quantity: Decimal
    side: Action
    liquidity: Liquidity
    created_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Spot: total = free + locked. Contracts: `total` is the margin balance, with unrealised profit, which may be negative."""

    free: Decimal
    locked: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionHalf:
    """The long or the short position of a contract. `unrealised_pnl` is signed; all zero without a position."""

    quantity: Decimal = Decimal(0)
    avail_qty: Decimal = Decimal(0)
    open_price: Decimal = Decimal(0)
    hold_price: Decimal = Decimal(0)
    liquid_price: Decimal = Decimal(0)
    unrealised_pnl: Decimal = Decimal(0)
    leverage: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Both positions of a pair. Without any, `updated_ms` is the present (gw§6)."""

    pair: str
    updated_ms: int
    margin_mode: MarginMode = MarginMode.CROSSED
    long: PositionHalf = PositionHalf()
    short: PositionHalf = PositionHalf()


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolInfo:
    """Increments and limits of a pair, currencies in upper case. None: the venue has no such rule."""

    price_tick: Decimal
    size_tick: Decimal
    size_limit: Decimal
    value_tick: Decimal | None
    value_limit: Decimal | None
    base_currency: str
    quote_currency: str
    settlement_currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What became of one number of a cancellation. `error` is None if the venue cancelled it."""

    order_no: str
    error: str | None = None


# --- errors


class Refusal(StrEnum):
    """The texts of gw§10 that a link gives. `venue_error` makes the one for everything else."""

    SYMBOL_NOT_FOUND = "symbol not found"
    QUANTITY = "quantity error"
    PRICE = "price error"
    BALANCE = "insufficient balance"
    POSITION = "insufficient position"
    ORDER_NOT_FOUND = "order not found"
    CONNECTION_LOST = "connection lost"
    NOT_SUPPORTED = "not supported"


class PlatformError(Exception):
    """An operation that failed. Its text is the client's `error_message`: a `Refusal` or of `venue_error`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = str(text)


def venue_error(code: object, message: str) -> PlatformError:
    """What the venue said and gw§10 has no text for."""
    return PlatformError(f"venue error: {code} {message}".rstrip())


# --- a platform and its links


class Scheme(Enum):
    """What is spoken at an endpoint."""

    HTTP = "http"
    SOCKET = "ws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address that a platform needs: `path` is what follows a base URL that is all that is known."""

    scheme: Scheme
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who logs in. `passphrase`: of the login, else of the gateway's configuration, else None."""

    access_key: str
    secret_key: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)
    margin_mode: MarginMode = MarginMode.CROSSED


class Time(Protocol):
    """The gateway's time: of the simulated world, or real. All of a link's waiting and signing goes by it."""

    @property
    def stopwatch(self) -> Stopwatch:
        """For the streams of the reference clients, and for a link's own waits."""

    def now_ns(self) -> int:
        """Unix nanoseconds; the `now` of the reference clients."""


class Line(Protocol):
    """The way to the venue, which faults of the gateway may cut (gw§9)."""

    @property
    def blunt(self) -> bool:
        """As the original service is: requests go to the venue unchecked, whatever the link's state, and what the venue refuses
        is told in its own words (gw§6, gw§10).
        """

    def obstacle(self) -> str | None:
        """To ask before every attempt to connect: the error to report instead, as `connect_failed`; None: go on."""


class Listener(Protocol):
    """Who hears a link. Plain functions that return at once and raise nothing; called in the order of events.

    For one event of the venue: order, fill, position, assets (gw§7). An order is told when it is accepted and whenever its
    status or remain changes; a terminal order never again. Pairs outside the login's may be told: the session filters.
    """

    def connected(self, url: str) -> None: ...
    def connect_failed(self, url: str, error: str) -> None: ...
    def lost(self, url: str) -> None: ...
    def reconnecting(self, url: str) -> None: ...

    def ready(self) -> None:
        """After `assets` and an `order` for each open order of the login's pairs, each time."""

    def refused(self, text: str) -> None:
        """A parameter of the login is missing or wrong (code 1): `symbols not found`, .. The link has ended."""

    def failed(self, text: str) -> None:
        """Another error (code 7): `Websocket connection authorized failed: ..`, `get_orders error: ..`."""

    def order(self, order: Order) -> None: ...
    def fill(self, fill: Fill) -> None: ...
    def position(self, position: Position) -> None: ...

    def assets(self, assets: Mapping[str, Asset]) -> None:
        """All balances that are not zero, by upper-case coin."""


class Link(Protocol):
    """One login at one venue. Operations raise `PlatformError` alone; they come only between `ready` and `lost`, or at any
    time if the line is blunt.

    Nothing is sent twice: an operation whose answer is missing is a `Refusal.CONNECTION_LOST`.
    """

    async def place(self, request: OrderRequest) -> str:
        """The order's number, once the venue has taken it. Its changes are told to the listener, before or after."""

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        """One for each number, in their order."""

    async def cancel_all(self, pair: str) -> Sequence[Cancelled]:
        """Every open order of the pair; empty if there was none."""

    async def open_orders(self, pair: str) -> Sequence[Order]:
        """Those with something left, oldest first."""

    async def assets(self) -> Mapping[str, Asset]:
        """All balances that are not zero, by upper-case coin."""

    async def position(self, pair: str) -> Position:
        """Refusal.NOT_SUPPORTED on spot."""

    async def symbol_info(self, pair: str) -> SymbolInfo: ...

    def drop(self) -> None:
        """Cut the connection to the venue as the network might: `lost` follows, and attempts to connect again."""

    async def close(self) -> None:
        """Let go of the venue; orders stay. Nothing is told from here on. Harmless to repeat."""


class Platform(Protocol):
    """A module `platforms/<name>.py` has one of these as `PLATFORM`."""

    @property
    def name(self) -> str:
        """How a login calls it, like the module."""

    @property
    def venue(self) -> str:
        """The simulated venue behind it, by its folder's name."""

    @property
    def contracts(self) -> bool:
        """True if long and short positions are held at once: quantities are signed, and there are positions."""

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """What a link needs to know, by names of the platform's choice: `rest`, `account`, .."""

    def open(
        self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line
    ) -> Link:
        """Begin a link: it connects on its own task, and tells nothing before this has returned.

        `urls` by name of endpoint, all of them. A login that this venue cannot use at all is told as `refused`. Needs a
        running event loop.
        """


def addresses(platform: Platform, base: str, given: Mapping[str, str]) -> dict[str, str]:
    """The URL of every endpoint: of `given` by name, else below `base` (`http://host:port`). ValueError for unknown names.

    Of a URL's scheme only whether it is secure counts: each endpoint has its own.
    """
    for name in given:
        if name not in platform.endpoints:
            raise ValueError(f"{platform.name} has no endpoint {name!r}; it has {', '.join(platform.endpoints)}")
    return {
        name: _spoken(endpoint.scheme, given[name] if name in given else base.rstrip("/") + endpoint.path)
        for name, endpoint in platform.endpoints.items()
    }


def _spoken(scheme: Scheme, url: str) -> str:
    secure = "s" if urlsplit(url).scheme in ("https", "wss") else ""
    return urlsplit(url)._replace(scheme=scheme.value + secure).geturl()
