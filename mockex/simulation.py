"""One venue's face over one exchange: requests in, responses and frames out, and what its operator may do.

Knows every layer below and no socket. The server feeds it; tests may feed it directly.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, Command, OpenAccount
from mockex.core.exchange import Exchange
from mockex.core.policy import VenuePolicy
from mockex.core.sequences import SecondSequence, Sequences
from mockex.core.units import Wallet
from mockex.people import person
from mockex.wire import pipeline
from mockex.wire.chaos.sockets import refusal
from mockex.wire.connections import Connection
from mockex.wire.credentials import Credential, KeyMaterial, Permission, generate
from mockex.wire.decimals import exact_units
from mockex.wire.desk import FALLBACK_SOCKET, Desk, DeskSettings
from mockex.wire.faults import ApiFault
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.venue import Listing, SocketRefused, SocketSpec, Venue

ALL_PERMISSIONS = frozenset(Permission)
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSettings:
    """What an operator chooses for one venue. `switches` only needs those that differ from the venue's defaults.

    `listings` are added to the venue's own, replacing those of the same symbol. `balances`: what an account starts with
    instead of the demo wealth; an account that is no demo account is opened besides, with a key of its own name.
    """

    profile: str | None = None
    switches: Mapping[str, object] = field(default_factory=dict)
    listings: Sequence[Listing] = ()
    balances: Mapping[str, Mapping[tuple[Wallet, str], Decimal]] = field(default_factory=dict)
    limits_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A key as its owner is shown it, once. `name`: what the ready file and the fixtures call it."""

    name: str
    account_id: str
    material: KeyMaterial
    permissions: frozenset[Permission]


class Simulation:
    """One simulated venue. `desk` is what its handlers work on; `keys` are the keys made so far, by name."""

    def __init__(self, venue: Venue, *, clock: VirtualClock, seed: int, settings: SimulationSettings | None = None) -> None:
        """ValueError for a profile, switch or listing that the venue cannot take."""
        chosen = settings or SimulationSettings()
        settings_of_desk = desk_settings(venue, chosen)
        venue = self.venue = venue.under(settings_of_desk.profile)
        self.clock = clock
        self.keys: dict[str, AccessKey] = {}
        self.listings = {listing.symbol: listing for listing in (*venue.listings, *chosen.listings)}
        for listing in chosen.listings:
            venue.check_listing(listing)
        assets = {asset.code: asset for asset in venue.assets}
        timed = {name: SecondSequence(clock, bits) for name, bits in venue.id_second_bits.items()}
        sequences = Sequences(venue.id_starts, made=timed)
        self._connection_ids = sequences["connection"]
        self._rng = random.Random(f"{seed}/{venue.name}/keys")
        self._people_seed = f"{seed}/people"
        exchange = Exchange(
            instruments=[listing.instrument(assets) for listing in self.listings.values()],
            assets=venue.assets,
            candle_buckets=venue.candle_buckets,
            candles_kept=venue.candles_kept,
            policy=_policy(venue, settings_of_desk),
            clock=clock,
            sequences=sequences,
            schedule=self._schedule,
        )
        self.desk = Desk(
            venue=venue,
            clock=clock,
            sequences=sequences,
            settings=settings_of_desk,
            exchange=exchange,
            rng=random.Random(f"{seed}/{venue.name}/venue"),
            make_rng=random.Random,
            listings=chosen.listings,
        )
        self.connections = self.desk.connections

    @property
    def name(self) -> str:
        """The venue's."""
        return self.venue.name

    # --- the wire

    def handle(self, request: WireRequest) -> WireResponse:
        """Answers one HTTP request. Frames that it caused wait on their connections."""
        return pipeline.handle(self.desk, request)

    def refuse(self, request: WireRequest, fault: ApiFault) -> WireResponse:
        """The venue's answer to a request that the server could not hand over as a whole."""
        return pipeline.refuse(self.desk, request, fault)

    def open_connection(
        self,
        socket_name: str,
        peer_ip: str,
        wake: Callable[[Connection], None],
        *,
        path: str = "",
        peer: str | None = None,
        host: str = "",
        query: str = "",
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Connection:
        """A WebSocket that the server has accepted, or is about to. `SocketRefused` when the venue says no. `path` as asked for
        and `peer`, address and port, are for recordings; `host`, as received, is for logins that sign it; the raw `query` and
        the `headers`, by lower-case name, for those that stand in the upgrade itself.
        """
        spec = self.desk.sockets[socket_name]
        refused = refusal(self.desk.chaos, socket_name) if self.desk.chaos.active else None
        if refused is not None:
            raise SocketRefused(refused)
        if spec.on_upgrade is not None:
            spec.on_upgrade(self.desk, peer_ip)
        connection = Connection(
            self._connection_ids.next(),
            socket_name,
            peer_ip,
            self.clock,
            slow_reader=spec.slow_reader,
            wake=wake,
            recorder=self.desk.recorder,
            host=host,
        )
        self.connections[connection] = None
        self.desk.chaos.watch(connection)
        self.desk.recorder.opened(connection.connection_id, path=path, socket=socket_name, peer=peer)
        if spec.on_open is not None:
            spec.on_open(self.desk, connection)
        if spec.on_headers is not None:
            spec.on_headers(self.desk, connection, query, headers)
            _close_after(connection)
        return connection

    def receive(self, connection: Connection, message: str | bytes) -> None:
        """One message of a client."""
        self.desk.recorder.heard(connection.connection_id, message)
        if connection.closing is None and not connection.closed:
            self.desk.sockets[connection.socket_name].on_message(self.desk, connection, message)
            _close_after(connection)

    def receive_ping(self, connection: Connection) -> None:
        """A ping frame of a client; the server answers it."""
        self._note_sign_of_life(connection, self.desk.sockets[connection.socket_name].on_ping)

    def receive_pong(self, connection: Connection) -> None:
        """A pong frame of a client; its payload says nothing here."""
        self._note_sign_of_life(connection, self.desk.sockets[connection.socket_name].on_pong)

    def _note_sign_of_life(self, connection: Connection, told: Callable[[Connection], None] | None) -> None:
        if told is not None and connection.closing is None and not connection.closed:
            told(connection)

    def close_connection(self, connection: Connection) -> None:
        """The socket is gone. Twice does no harm."""
        self.desk.hub.drop(connection)
        self.desk.chaos.forget(connection)
        connection.end()
        self.connections.pop(connection, None)

    def socket_for(self, path: str, host: str = "") -> tuple[str, SocketSpec] | None:
        """The WebSocket that a path belongs to, or the venue's for all other paths, where it has one. `host`: the Host header;
        a socket with a host of its own is at the root there.
        """
        if path == "/" and host:
            named = host.partition(":")[0].lower()
            for name, spec in self.venue.sockets.items():
                if named in spec.hosts:
                    return name, spec
        for name, spec in self.venue.sockets.items():
            if path in spec.paths:
                return name, spec
        fallback = self.venue.fallback_socket
        return None if fallback is None else (FALLBACK_SOCKET, fallback)

    # --- the operator

    def open_account(self, account_id: str, balances: Mapping[tuple[Wallet, str], Decimal]) -> None:
        """ValueError if the account exists, an asset is unknown, or an amount is negative or too fine."""
        exchange = self.desk.exchange
        if account_id in exchange.accounts:
            raise ValueError(f"the account {account_id!r} exists already")
        commands: list[Command] = [OpenAccount(account_id=account_id)]
        for (wallet, asset), amount in balances.items():
            if asset not in exchange.assets:
                raise ValueError(f"{self.venue.name} has no asset {asset!r}")
            atoms = exact_units(amount, exchange.assets[asset].decimals)
            if atoms < 0:
                raise ValueError(f"a balance of {amount} {asset}")
            if atoms:
                commands.append(AdjustBalance(account_id=account_id, wallet=wallet, asset=asset, amount=atoms))
        for command in commands:
            self.desk.execute(command)
        self.desk.people[account_id] = person(self._people_seed, account_id)

    def add_key(
        self,
        name: str,
        account_id: str,
        *,
        permissions: frozenset[Permission] = ALL_PERMISSIONS,
        allowed_ips: Iterable[str] = (),
    ) -> AccessKey:
        """A new key of an account. ValueError if the name is taken or the account unknown."""
        if name in self.keys:
            raise ValueError(f"a key called {name!r} exists already")
        if account_id not in self.desk.exchange.accounts:
            raise ValueError(f"there is no account {account_id!r}")
        material = generate(self._rng, style=self.venue.key_style)
        self.desk.credentials.add(
            Credential.create(
                api_key=material.api_key,
                secret=material.secret,
                passphrase=material.passphrase,
                account_id=account_id,
                label=name,
                permissions=permissions,
                allowed_ips=tuple(allowed_ips),
            )
        )
        key = self.keys[name] = AccessKey(name=name, account_id=account_id, material=material, permissions=permissions)
        return key

    def _schedule(self, due_ns: int, command: Command) -> None:
        self.clock.call_at(due_ns, lambda: self._run_scheduled(command))

    def _run_scheduled(self, command: Command) -> None:
        self.desk.execute(command)


def _close_after(connection: Connection) -> None:
    """What the client asked for was dealt with."""
    if connection.close_after is not None:
        connection.close(connection.close_after)


def _policy(venue: Venue, settings: DeskSettings) -> VenuePolicy:
    return venue.policy if venue.adapt_policy is None else venue.adapt_policy(venue.policy, settings.switches)


def desk_settings(venue: Venue, chosen: SimulationSettings) -> DeskSettings:
    """The operator's choices over the venue's defaults. ValueError names what the venue does not know."""
    profile = chosen.profile or venue.profiles[0]
    if profile not in venue.profiles:
        raise ValueError(f"{venue.name} has no profile {profile!r}; it has {', '.join(venue.profiles)}")
    switches: dict[str, object] = {name: switch.default for name, switch in venue.switches.items()}
    for name, value in chosen.switches.items():
        switch = venue.switches.get(name)
        if switch is None:
            raise ValueError(f"{venue.name} has no switch {name!r}; it has {', '.join(venue.switches) or 'none'}")
        if not switch.takes(value):
            raise ValueError(f"{venue.name}: switch {name!r} takes {switch.expected}, not {value!r}")
        switches[name] = value
    return DeskSettings(profile=profile, switches=switches, limits_enabled=chosen.limits_enabled)
