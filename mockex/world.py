"""A world: some venues, one virtual clock, one seed. The unit that is started, reset and thrown away.

The same venues, seed, settings and start time give the same world, down to keys and ids. Reset means a new world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import mockex.venues
from mockex.core.clock import VirtualClock
from mockex.core.units import Wallet
from mockex.market.live import LiveMarket, LiveMarketPlan, advance_to
from mockex.simulation import Simulation, SimulationSettings
from mockex.wire.credentials import Permission
from mockex.wire.registry import discover
from mockex.wire.venue import Listing, Venue

DEMO_ACCOUNTS = ("alice", "bob")
READ_ONLY = frozenset({Permission.READ})

# What a demo account has of every asset, in units of the listings' common quote money: rich, whatever the asset's price.
DEMO_WEALTH = Decimal(10_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """`venues` None: all that are installed. `market`: "live" has participants and history, "quiet" has empty books."""

    start_ns: int
    venues: tuple[str, ...] | None = None
    seed: int = 1
    market: str = "live"
    venue_settings: Mapping[str, SimulationSettings] = field(default_factory=dict)


class SimulatedWorld:
    """`simulations` by venue name. Nothing in it knows whether a server, a test or a script moves its clock."""

    def __init__(self, settings: WorldSettings) -> None:
        """ValueError for a venue that is not installed, or settings that it cannot take."""
        self.settings = settings
        self.clock = VirtualClock(settings.start_ns)
        installed = installed_venues()
        names = tuple(installed) if settings.venues is None else settings.venues
        for name in (*names, *settings.venue_settings):
            if name not in installed:
                raise ValueError(f"there is no venue {name!r}; there are {', '.join(installed)}")
        self.simulations = {name: self._simulation(installed[name]) for name in names}
        self.markets: dict[str, LiveMarket] = {}
        if settings.market == "live":
            for name, simulation in self.simulations.items():
                self.markets[name] = self._live_market(simulation)

    def advance_to(self, target_ns: int) -> None:
        """Moves the clock with all its timers. Over a long way the markets take few large steps instead of many small ones."""
        advance_to(self.clock, self.markets.values(), target_ns)

    def _simulation(self, venue: Venue) -> Simulation:
        chosen = self.settings.venue_settings.get(venue.name, SimulationSettings())
        simulation = Simulation(venue, clock=self.clock, seed=self.settings.seed, settings=chosen)
        wealth = demo_balances(simulation)
        for name in dict.fromkeys((*DEMO_ACCOUNTS, *chosen.balances)):
            simulation.open_account(name, chosen.balances.get(name, wealth))
            simulation.add_key(name, name)
        simulation.add_key("viewer", "alice", permissions=READ_ONLY)
        return simulation

    def _live_market(self, simulation: Simulation) -> LiveMarket:
        plans = [
            LiveMarketPlan(symbol=listing.symbol, reference_price=listing.reference_price)
            for listing in simulation.listings.values()
        ]
        return LiveMarket(
            exchange=simulation.desk.exchange,
            execute=simulation.desk.execute,
            clock=self.clock,
            seed=f"{self.settings.seed}/{simulation.venue.name}/market",
            plans=plans,
        )


def installed_venues() -> dict[str, Venue]:
    """Every venue in `mockex.venues`, by name."""
    return discover(mockex.venues)


def demo_balances(simulation: Simulation) -> dict[tuple[Wallet, str], Decimal]:
    """The same wealth of every asset, in each wallet that the venue's demo accounts use.

    An asset's price in the common quote money comes from the listings: 10,000,000,000 JPY are about 1,400 BTC at 7,000,000.
    """
    prices = asset_prices(simulation.listings.values())
    return {
        (wallet, asset.code): _round_figure(DEMO_WEALTH / prices.get(asset.code, Decimal(1)))
        for wallet in simulation.venue.demo_wallets
        for asset in simulation.venue.assets
    }


def asset_prices(listings: Iterable[Listing]) -> dict[str, Decimal]:
    """What each asset is worth in the money that most listings are quoted in; assets that nothing prices are left out."""
    listed = list(listings)
    quotes = [listing.quote for listing in listed]
    if not quotes:
        return {}
    money = max(dict.fromkeys(quotes), key=quotes.count)
    prices = {money: Decimal(1)}
    for listing in listed:
        if listing.quote == money:
            prices.setdefault(listing.base, listing.reference_price)
    for listing in listed:
        if listing.quote in prices:
            prices.setdefault(listing.base, listing.reference_price * prices[listing.quote])
    return prices


def _round_figure(amount: Decimal) -> Decimal:
    """One significant digit, at least 1: a balance that a person can read."""
    return max(Decimal(1), Decimal(f"{amount:.0E}"))
