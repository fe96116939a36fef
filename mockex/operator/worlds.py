"""Another world than the last: the settings of a fresh one, apart from what an operator wants to be different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from mockex.core.units import Wallet
from mockex.operator.accounts import BalanceInput, read_balances
from mockex.operator.refusals import OperatorError
from mockex.operator.words import check_name
from mockex.simulation import SimulationSettings
from mockex.wire.venue import Venue
from mockex.world import WorldSettings, installed_venues


def altered(
    settings: WorldSettings,
    *,
    seed: int | None = None,
    market: str | None = None,
    start_ns: int | None = None,
    limits: bool | None = None,
    profiles: Mapping[str, str] | None = None,
    switches: Mapping[str, Mapping[str, object]] | None = None,
    balances: Mapping[str, BalanceInput] | None = None,
) -> WorldSettings:
    """`settings` apart from what is given. `profiles` and `switches` go by venue, `balances` by account as for `mockex.World`;
    of these, too, only what is named changes. OperatorError for a venue that is not among those of the settings, and for
    balances that no account can have; whether a venue takes its profile and switches is seen when the world is made.
    """
    profiles, switches, balances = profiles or {}, switches or {}, balances or {}
    installed = installed_venues()
    venues = {name: installed[name] for name in (installed if settings.venues is None else settings.venues)}
    for name in (*profiles, *switches):
        if name not in venues:
            raise OperatorError(f"settings for {name!r}, which is not among the venues: {', '.join(venues)}")
    return replace(
        settings,
        seed=settings.seed if seed is None else seed,
        market=settings.market if market is None else market,
        start_ns=settings.start_ns if start_ns is None else start_ns,
        venue_settings={
            name: _altered_venue(
                settings.venue_settings.get(name, SimulationSettings()),
                limits=limits,
                profile=profiles.get(name),
                switches=switches.get(name, {}),
                balances=starting_balances(balances, venue, venues.values()),
            )
            for name, venue in venues.items()
        },
    )


def _altered_venue(
    settings: SimulationSettings,
    *,
    limits: bool | None,
    profile: str | None,
    switches: Mapping[str, object],
    balances: Mapping[str, Mapping[tuple[Wallet, str], Decimal]],
) -> SimulationSettings:
    return replace(
        settings,
        limits_enabled=settings.limits_enabled if limits is None else limits,
        profile=settings.profile if profile is None else profile,
        switches={**settings.switches, **switches},
        balances={**settings.balances, **balances},
    )


def starting_balances(
    given: Mapping[str, BalanceInput], venue: Venue, venues: Iterable[Venue]
) -> dict[str, dict[tuple[Wallet, str], Decimal]]:
    """What the accounts of one venue start with, out of what is given for all `venues`: each takes those of its assets.

    OperatorError for an asset that none of them lists, a wallet that this one does not have, and amounts and names that cannot
    be.
    """
    for account in given:
        check_name(account, "an account's name")
    listed_somewhere = {asset.code for each in venues for asset in each.assets}
    elsewhere = listed_somewhere - {asset.code for asset in venue.assets}
    return {account: read_balances(venue, _without(balances, elsewhere)) for account, balances in given.items()}


def _without(given: BalanceInput, assets: set[str]) -> BalanceInput:
    """The balances except those of `assets`, in either form."""
    kept: dict[str, object] = {}
    for name, entry in given.items():
        if isinstance(entry, Mapping):
            kept[name] = {code: amount for code, amount in entry.items() if code not in assets}
        elif name not in assets:
            kept[name] = entry
    return kept  # type: ignore[return-value]  # the entries are the given ones
