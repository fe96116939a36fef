"""What a platform's own file has to supply: one account at one venue, in the gateway's words.

Owns: the types between the shared link (`_link`) and a platform's desk; small conversions that desks share.
Must not know: any venue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from mockex.clients.shared.fields import EPOCH, MS
from mockex.gateway.platform import (
    SILENT_FOR,
    Asset,
    Cancelled,
    Fill,
    Liquidity,
    Order,
    OrderRequest,
    PlatformError,
    Position,
    Refusal,
    SymbolInfo,
    venue_error,
)
from mockex.gateway.platforms._orders import EXACT

#: What streams of the reference clients are told about silence: the link itself counts it, see `_life`.
PATIENT: Final = 4 * SILENT_FOR

# --- news from a stream


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNews:
    """An order in a new state, with what traded in it. `dated`: the message told when the order was created."""

    order: Order
    fills: tuple[Fill, ...] = ()
    dated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsChanged:
    """The desk has noted another balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionChanged:
    """The desk has noted another position of a pair."""

    pair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Something has not arrived: a message that could not be read, a gap in their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The stream's connection is gone."""


News = OrderNews | AssetsChanged | PositionChanged | Missed | Ended


# --- the stream and the errors of a reference client


class Stream(Protocol):
    """What the streams of all reference clients have in common."""

    @property
    def quiet_for(self) -> timedelta: ...
    def listen(self, listener: Callable[[Any], None], /) -> Callable[[], None]: ...
    async def start(self) -> None: ...
    async def round_trip(self) -> None: ...
    async def close(self) -> None: ...


class ClientError(Protocol):
    """What the errors of all reference clients have in common."""

    @property
    def code(self) -> str | int | None: ...
    @property
    def message(self) -> str: ...
    @property
    def http_status(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientErrors:
    """The error classes of a reference client, by what they mean here. `texts`: the first class that fits decides.

    `verbatim`: what the venue refused is told in its own words, as the original service does (gw§10).
    """

    every: type[Exception]
    keys_refused: tuple[type[Exception], ...]
    login_refused: tuple[type[Exception], ...]
    unreached: type[Exception]
    line: tuple[type[Exception], ...]
    texts: tuple[tuple[type[Exception], Refusal], ...]
    verbatim: bool = False

    def platform_error(self, error: Any) -> PlatformError:
        """What the gateway's client is told of an error of the reference client."""
        if isinstance(error, (*self.line, self.unreached)):
            return PlatformError(Refusal.CONNECTION_LOST)
        said: ClientError = error
        if self.verbatim:  # often a dict printed as text; of the reply's members ASSUMED to be these
            return PlatformError(str({"code": said.code, "message": said.message}))
        for kind, text in self.texts:
            if isinstance(error, kind):
                return PlatformError(text)
        return venue_error(said.code if said.code is not None else said.http_status or "", said.message)


# --- the account


class Holdings(Protocol):
    """What the account has, at one moment."""

    def assets(self) -> Mapping[str, Asset]:
        """Without zeros, by upper-case coin."""

    def position(self, pair: str) -> Position:
        """PlatformError on spot."""

    def exposed(self) -> Sequence[str]:
        """Pairs with a position: its value moves with the market."""


class Desk(Protocol):
    """One account at one venue. Its methods raise errors of its reference client, or `PlatformError`.

    Nothing here is repeated: whoever calls decides what a missing answer means.
    """

    errors: ClientErrors

    @property
    def url(self) -> str:
        """Of the stream that tells of the account."""

    @property
    def contracts(self) -> bool: ...

    @property
    def holdings(self) -> Holdings:
        """As noted from the stream, since `enter`."""

    @property
    def listed(self) -> Mapping[str, SymbolInfo]:
        """What the venue trades, by pair, since `load`."""

    async def load(self) -> None:
        """What needs no key: the venue's clock, and what it lists."""

    def stream(self) -> Stream:
        """A new stream of the account, not started. It logs in by itself."""

    async def enter(self, stream: Any) -> None:
        """After the login: subscriptions, numbers of accounts."""

    def read(self, event: Any) -> Sequence[News]:
        """What an event of the stream means. Notes balances and positions."""

    async def fetch_holdings(self) -> Holdings:
        """Asked for anew, and not noted."""

    def note_holdings(self, holdings: Any) -> None:
        """What was fetched is the present state; the stream goes on from it."""

    async def refresh(self) -> None:
        """Bring mark prices up to date in what is noted."""

    async def place(self, request: OrderRequest) -> str:
        """Send one order, once. Its number."""

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        """Orders that are of this pair. One outcome each, in their order."""

    async def open_orders(self, pair: str) -> Sequence[Order]:
        """All of them, in any order."""

    async def order(self, pair: str, order_no: str) -> Order | None:
        """None if the venue knows no such order of this pair."""

    async def fills(self, order: Order) -> Sequence[Fill]:
        """All fills of one order, the oldest first."""

    async def recent_fills(self, pair: str) -> Sequence[tuple[str, str]]:
        """The numbers of the account's newest fills, each after that of its order, in any order."""

    async def close(self) -> None:
        """Let go of the client."""


# --- conversions


def epoch_ms(instant: datetime) -> int:
    """Unix milliseconds, rounded down."""
    return (instant - EPOCH) // MS


def step(decimals: int) -> Decimal:
    """The smallest amount of so many decimals."""
    return Decimal(1).scaleb(-decimals)


def order_fill(order: Order, fill_no: int | str, *, price: Decimal, quantity: Decimal, maker: bool, at: datetime) -> Fill:
    """The order's side of a trade. `maker`: the order was there first."""
    return Fill(
        pair=order.pair,
        order_no=order.order_no,
        fill_no=str(fill_no),
        price=price,
        quantity=quantity,
        side=order.action,
        liquidity=Liquidity.MAKER if maker else Liquidity.TAKER,
        created_ms=epoch_ms(at),
    )


def batches(order_nos: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """All of them in their order, at most so many at a time."""
    for start in range(0, len(order_nos), size):
        yield order_nos[start : start + size]


def is_number(order_no: str) -> bool:
    """Whether this can be the number of an order at a venue that counts them, and fit into 64 bits."""
    return order_no.isascii() and order_no.isdigit() and 0 < int(order_no[:20]) < 2**63 and len(order_no) < 20


class Wallet:
    """Balances of one account as they are noted."""

    __slots__ = ("_amounts",)

    def __init__(self) -> None:
        self._amounts: dict[str, tuple[Decimal, Decimal]] = {}  # free and locked, by coin

    def note(self, coin: str, *, free: Decimal, locked: Decimal) -> None:
        """The present amounts of a coin."""
        self._amounts[coin.upper()] = (free, locked)

    def assets(self) -> Mapping[str, Asset]:
        """Those that are not zero."""
        return {
            coin: Asset(free=free, locked=locked, total=EXACT.add(free, locked))
            for coin, (free, locked) in sorted(self._amounts.items())
            if free or locked
        }

    def position(self, pair: str) -> Position:
        """There are none on spot."""
        raise PlatformError(Refusal.NOT_SUPPORTED)

    def exposed(self) -> Sequence[str]:
        return ()
