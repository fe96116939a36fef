"""The shape of a venue: one exchange's dialect as tables and small functions, composed, never inherited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from mockex.core.candles import BucketSpec
from mockex.core.policy import VenuePolicy
from mockex.core.units import Asset, Instrument, Wallet
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.contract_listings import ContractListing
from mockex.wire.credentials import KeyStyle
from mockex.wire.faults import ApiFault, WireError
from mockex.wire.messages import Frame, WireResponse
from mockex.wire.routing import RouteTable

if TYPE_CHECKING:
    from mockex.core.orders import Order
    from mockex.wire.desk import Desk
    from mockex.wire.pipeline import Call, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One instrument as a venue lists it. `reference_price` is where a live market starts. `contract`: what makes a perpetual
    of it.

    `lot_size` is what quantities are counted in; `qty_step`, where that is coarser, the grid of orders' quantities. It and
    what follows it: see `Instrument.create`.
    """

    symbol: str
    base: str
    quote: str
    tick_size: Decimal
    lot_size: Decimal
    min_qty: Decimal
    reference_price: Decimal
    max_qty: Decimal | None = None
    qty_step: Decimal | None = None
    min_notional: Decimal | None = None
    max_limit_buy: Decimal | None = None
    max_limit_sell: Decimal | None = None
    min_market_sell: Decimal | None = None
    max_market_sell: Decimal | None = None
    min_budget: Decimal | None = None
    max_budget: Decimal | None = None
    contract: ContractListing | None = None

    def instrument(self, assets: Mapping[str, Asset]) -> Instrument:
        """ValueError if an asset is not listed, or too coarse for the grid."""
        for code in (self.base, self.quote):
            if code not in assets:
                raise ValueError(f"{self.symbol}: asset {code} is not listed")
        return Instrument.create(
            symbol=self.symbol,
            base=assets[self.base],
            quote=assets[self.quote],
            tick_size=self.tick_size,
            lot_size=self.lot_size,
            min_qty=self.min_qty,
            max_qty=self.max_qty,
            qty_step=self.qty_step,
            min_notional=self.min_notional,
            max_limit_buy=self.max_limit_buy,
            max_limit_sell=self.max_limit_sell,
            min_market_sell=self.min_market_sell,
            max_market_sell=self.max_market_sell,
            min_budget=self.min_budget,
            max_budget=self.max_budget,
            contract=None if self.contract is None else self.contract.terms(assets[self.quote]),
        )


SwitchValue: TypeAlias = bool | int | str

MAX_SWITCH_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A setting of one venue. The type of `default` is the switch's type; `choices` closes the set of a text switch. A number
    is whole, from 1 to `MAX_SWITCH_NUMBER`.
    """

    default: SwitchValue
    help: str
    choices: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return type(self.default) is int

    @property
    def expected(self) -> str:
        """What it takes, for messages."""
        if self.is_number:
            return f"a whole number from 1 to {MAX_SWITCH_NUMBER}"
        return "true or false" if isinstance(self.default, bool) else " or ".join(self.choices) or "text"

    def takes(self, value: object) -> bool:
        if type(value) is not type(self.default):
            return False
        if isinstance(value, int) and self.is_number:
            return 1 <= value <= MAX_SWITCH_NUMBER
        return not self.choices or value in self.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAction:
    """Something that an operator may do to one account's state at this venue alone, such as verifying an address.

    `takes`: the arguments by name, each text, with what it means; `optional` names those that may be left out. `run` gives
    what became of it, and raises ValueError with one clear line.
    """

    help: str
    run: Callable[[Desk, str, Mapping[str, str]], Mapping[str, object]]
    takes: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


class SocketRefused(Exception):  # noqa: N818  # the venue's answer, not an error of this program
    """A WebSocket upgrade that the venue answers with a plain response instead."""

    def __init__(self, response: WireResponse) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSpec:
    """One of a venue's WebSocket addresses.

    `operations`: the names of the requests that a client may send; `channels` lists every channel that can be subscribed to, as
    the venue itself spells it. `corrupt_checksum` gives a push with a wrong checksum, None for one that has none; the field is
    None where nothing has. All three are for fault plans.
    `hosts`: at these hosts of the venue it is what the root path means.
    `on_ping` and `on_pong` are told that a client has sent such a frame; a ping is answered in any case.
    `on_headers` is told the upgrade's raw query and its headers, found by lower-case name, once the connection is open: where a
    client may log in by them.
    `encode` makes the frame of a payload, compression included. `on_upgrade` may raise `SocketRefused`; `on_open` may send;
    `on_message` gets text, or bytes of a binary message. None of them raises otherwise.
    """

    paths: tuple[str, ...]
    encode: Callable[[bytes], Frame]
    on_message: Callable[[Desk, Connection, str | bytes], None]
    slow_reader: SlowReaderRule
    on_upgrade: Callable[[Desk, str], None] | None = None
    on_open: Callable[[Desk, Connection], None] | None = None
    on_headers: Callable[[Desk, Connection, str, Mapping[str, str]], None] | None = None
    on_ping: Callable[[Connection], None] | None = None
    on_pong: Callable[[Connection], None] | None = None
    hosts: frozenset[str] = frozenset()
    max_message_bytes: int = 65_536
    too_long: CloseOrder = field(default=CloseOrder(1009, ""))
    operations: tuple[str, ...] = ()
    channels: Callable[[Desk], Iterable[str]] | None = None
    corrupt_checksum: Callable[[bytes], bytes | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIds:
    """How a venue's clients name orders, where those are not the exchange's own numbers.

    `shown`: an order and the venue's state -> its id on the wire. `own`: an id on the wire -> the number of the exchange, if
    there is such an order at all; None for what is no id of an order.
    """

    shown: Callable[[Order, Any], str]
    own: Callable[[str], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Everything that makes an exchange this exchange.

    `faults` maps every `FaultKind`, every `RejectReason` and every member of the venue's own fault enums to its wire error;
    `errors_by_code` is the whole error table, also codes that only a planned fault produces. `render_fault` makes the
    response; it must work for calls that failed before their route was found. `host_names`: where the exchange itself is
    reached, for certificates; requests are served whatever host they name. `port_offset` is from 1 to 99, and nobody else's.
    """

    name: str
    title: str
    source: str
    port_offset: int
    routes: RouteTable
    stages: Sequence[Stage]
    sockets: Mapping[str, SocketSpec]
    fallback_socket: SocketSpec | None  # takes upgrades on any other path; None: they get the answer of an unknown route
    faults: Mapping[Enum, WireError]
    errors_by_code: Mapping[str, WireError]
    render_fault: Callable[[Call, ApiFault, WireError], WireResponse]
    assets: tuple[Asset, ...]
    listings: tuple[Listing, ...]
    policy: VenuePolicy
    candle_buckets: tuple[BucketSpec, ...]
    candles_kept: int
    id_starts: Mapping[str, int]
    # None: the exchange's numbers are the ids on the wire.
    order_ids: OrderIds | None = None
    # Counters whose numbers begin with the Unix second, and how many bits count within it: see `SecondSequence`.
    id_second_bits: Mapping[str, int] = field(default_factory=dict)
    make_state: Callable[[Desk], Any]
    demo_wallets: tuple[Wallet, ...]
    further_wallets: tuple[Wallet, ...] = ()  # that customers have besides, empty in demo accounts
    normalise_key: Callable[[str], str] = str
    key_style: KeyStyle = field(default_factory=KeyStyle)
    profiles: tuple[str, ...] = ("documented", "observed")
    # The venue as it is under a profile whose tables (routes, errors, sockets, wallets) are others than these. It has the same
    # name, profiles, switches and host names.
    by_profile: Mapping[str, Venue] = field(default_factory=dict)
    switches: Mapping[str, Switch] = field(default_factory=dict)
    # What the switches change about `policy`: gets it and all switches. None: nothing.
    adapt_policy: Callable[[VenuePolicy, Mapping[str, object]], VenuePolicy] | None = None
    # Conditions that an operator may put the whole venue or one account into while it runs, with what each does.
    flags: Mapping[str, str] = field(default_factory=dict)
    account_flags: Mapping[str, str] = field(default_factory=dict)
    account_actions: Mapping[str, AccountAction] = field(default_factory=dict)
    # How the venue writes the symbol of a base and a quote asset. None: it has no one form.
    symbol_of: Callable[[str, str], str] | None = None
    max_body_bytes: int = 1_048_576
    host_names: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()

    @property
    def wallets(self) -> tuple[Wallet, ...]:
        """All that a customer has."""
        return (*self.demo_wallets, *self.further_wallets)

    def under(self, profile: str) -> Venue:
        """The venue as it is under a profile."""
        return self.by_profile.get(profile, self)

    def check_listing(self, listing: Listing) -> None:
        """ValueError for a listing that this venue's clients could not name, or that `Listing.instrument` refuses."""
        expected = listing.symbol if self.symbol_of is None else self.symbol_of(listing.base, listing.quote)
        if listing.symbol != expected:
            raise ValueError(f"{listing.symbol!r} is no symbol of {self.name}, which writes {expected}")
        listing.instrument({asset.code: asset for asset in self.assets})
