"""What kind of world a program or a test wants, in plain Python values, and how that becomes settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mockex.gateway.platform import MarginMode
from mockex.operator.accounts import BalanceInput
from mockex.operator.overview import LATEST_NS
from mockex.operator.worlds import starting_balances
from mockex.server.runner import GatewaySettings, ServerSettings, TlsSettings
from mockex.server.wallclock import ClockMode
from mockex.simulation import SimulationSettings
from mockex.world import WorldSettings, installed_venues

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_KINDS: Mapping[str, tuple[type, str]] = {
    "venues": (Iterable, "a list of names"),
    "seed": (int, "a whole number"),
    "start": (datetime, "a datetime with a time zone, such as datetime.now(UTC)"),
    "profiles": (Mapping, "a dict of venue -> profile"),
    "switches": (Mapping, "a dict of venue -> switch -> value"),
    "balances": (Mapping, "a dict of account -> asset -> amount"),
    "limits": (bool, "True or False"),
    "tls": (bool, "True or False"),
    "gateway": (bool, "True or False"),
    "gateway_quirks": (bool, "True or False"),
}
"""What callers without a type checker get wrong, and what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldOptions:
    """`venues` None: all that are installed. `market`: "quiet" has empty books, "live" has participants and history.

    `clock`: "frozen" stands still until it is advanced, "real" follows the machine's. `start`: the first instant, with a time
    zone; None is now, since clients sign with their own clock. `profiles` and `switches` go by venue name. `limits`: whether
    rate limits are enforced. `balances`: what accounts start with, by account: asset -> amount, or wallet -> asset -> amount;
    accounts that are not "alice" or "bob" are opened besides. A venue takes those of its assets, and each asset must be
    listed somewhere; a wallet that is named must be one of every venue. `tls`: whether venues listen with TLS too, beside their
    plain addresses. `gateway`: whether there is a gateway too, the one WebSocket for orders at all these venues;
    `gateway_quirks`: one that behaves as the original service where that differs from its document; `gateway_margin_mode`:
    of its contract orders, "crossed" or "fixed", which a login cannot choose.
    """

    venues: Sequence[str] | None = None
    seed: int = 1
    market: str = "quiet"
    clock: ClockMode = "frozen"
    start: datetime | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)
    switches: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    limits: bool = False
    balances: Mapping[str, BalanceInput] = field(default_factory=dict)
    tls: bool = False
    gateway: bool = False
    gateway_quirks: bool = False
    gateway_margin_mode: str = MarginMode.CROSSED.value

    def server_settings(self, now_ns: int) -> ServerSettings:
        """The settings of a server at free ports whose world starts now, unless `start` says otherwise. ValueError as below."""
        return ServerSettings(
            world=self.settings(now_ns),
            clock=self.clock,
            tls=TlsSettings() if self.tls else None,
            gateway=self.gateway_settings(),
        )

    def gateway_settings(self) -> GatewaySettings | None:
        """ValueError for a margin mode that there is not, and for settings of a gateway that there is not to be."""
        if self.gateway_margin_mode not in tuple(MarginMode):
            raise ValueError(f"gateway_margin_mode is {' or '.join(MarginMode)}, not {self.gateway_margin_mode!r}")
        settings = GatewaySettings(legacy_quirks=self.gateway_quirks, margin_mode=MarginMode(self.gateway_margin_mode))
        if self.gateway:
            return settings
        if settings != GatewaySettings():
            name = "gateway_quirks" if self.gateway_quirks else "gateway_margin_mode"
            raise ValueError(f"{name} without a gateway: gateway=True")
        return None

    def settings(self, now_ns: int) -> WorldSettings:
        """The settings of a world that starts now, unless `start` says otherwise. ValueError for what no world can be."""
        if self.market not in ("quiet", "live"):
            raise ValueError(f'market is "quiet" or "live", not {self.market!r}')
        if self.clock not in ("frozen", "real"):
            raise ValueError(f'clock is "frozen" or "real", not {self.clock!r}')
        self._check_kinds()
        installed = installed_venues()
        names = self.venue_names()
        for name in (*self.profiles, *self.switches):
            if name not in names:
                raise ValueError(f"settings for {name!r}, which is not among the venues: {', '.join(names)}")
        for name in names:
            if name not in installed:
                raise ValueError(f"there is no venue {name!r}; there are {', '.join(installed)}")
        venues = {name: installed[name] for name in names}
        return WorldSettings(
            start_ns=now_ns if self.start is None else _instant_ns(self.start),
            venues=names,
            seed=self.seed,
            market=self.market,
            venue_settings={
                name: SimulationSettings(
                    profile=self.profiles.get(name),
                    switches=self.switches.get(name, {}),
                    balances=starting_balances(self.balances, venue, venues.values()),
                    limits_enabled=self.limits,
                )
                for name, venue in venues.items()
            },
        )

    def _check_kinds(self) -> None:
        for name, (kind, wanted) in _KINDS.items():
            value = getattr(self, name)
            nested = value.values() if name in ("switches", "balances") and isinstance(value, Mapping) else ()
            may_be_none = name in ("venues", "start") and value is None
            if not (may_be_none or isinstance(value, kind)) or not all(isinstance(each, Mapping) for each in nested):
                raise ValueError(f"{name} is {wanted}, not {value!r}")

    def venue_names(self) -> tuple[str, ...]:
        """The venues that this is about, each once."""
        if self.venues is None:
            return tuple(installed_venues())
        if isinstance(self.venues, str):
            raise ValueError(f"venues is a list of names: [{self.venues!r}]")
        return tuple(dict.fromkeys(self.venues))


def _instant_ns(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError(f"start needs a time zone, such as datetime.now(UTC), not {instant!r}")
    instant_ns = (instant - _EPOCH) // _MICROSECOND * 1_000
    if not 0 <= instant_ns <= LATEST_NS:
        raise ValueError(f"start lies between 1970 and 2262, not at {instant!r}")
    return instant_ns
