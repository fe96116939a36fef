"""The facts of a venue hold together with the venue: one that names nothing would make a case pass for the wrong reason.

Whether the venue has a thing is asked of its fault plans, which refuse rules about what there is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from mockex.conformance import facts
from mockex.conformance.facts import Facts, FactsError
from mockex.conformance.protocol import capabilities
from mockex.conformance.simulator import Key, secrets_of

import mockex
from mockex.gateway.platforms import installed_platforms
from mockex.world import installed_venues

VENUES = installed_venues()
PARTS = {"order_by_client_id", "cancel_by_client_id", "fills_of_order"}
"""Names of routes by which a part of an operation goes."""
REFUSAL_OF_A_SOCKET = "bad_channel"
"""Cannot be planned: it is the answer to a request that names what there is not."""

every_venue = pytest.mark.parametrize("of", [facts.load(name) for name in facts.venues()], ids=lambda of: of.venue)


def operated(of: Facts) -> str:
    """The venue that cases operate."""
    return (*of.behind, of.venue)[0]


@every_venue
def test_every_venue_with_cases_is_one_that_is_served(of: Facts) -> None:
    assert set(of.behind or (of.venue,)) <= set(VENUES)


@every_venue
def test_platforms_are_of_venues_and_told_with_their_own_instruments(of: Facts) -> None:
    installed = installed_platforms()
    rows = [{"symbol": each.symbol} for each in of.pairs]
    rows += [{"symbol": each.symbol, "kind": "perpetual"} for each in of.contracts]
    listed = dict.fromkeys(of.served, rows)
    for platform in of.platforms.values():
        if platform.venue != operated(of):
            assert platform.pair is not None
            listed[platform.venue] = [{"symbol": platform.pair.symbol}]

    for name, platform in of.platforms.items():
        assert (installed[platform.name].venue, platform.kind) == (
            platform.venue,
            "perpetual" if installed[platform.name].contracts else "spot",
        )
        offered = of.offered(listed, [name])
        assert {row["platform"] for row in offered} == {platform.name}
        assert {row.get("kind", "spot") for row in offered} == {platform.kind}
    first = list(of.platforms)[:1]
    assert of.offered(listed, ()) == (of.offered(listed, first) if first else rows)


def test_a_platform_that_the_facts_do_not_have_is_told() -> None:
    of = facts.load("gateway")

    listed = {"ktx": [{"symbol": "A"}, {"symbol": "B", "kind": "perpetual"}], "htx": [{"symbol": "C"}]}
    told = [(row["symbol"], row["platform"]) for row in of.offered(listed, ["spot", "contracts", "elsewhere"])]
    assert told == [("A", "ktx"), ("B", "ktx_future"), ("C", "huobi")]
    with pytest.raises(FactsError, match=r"no 'moon' in \[platforms\]"):
        of.offered({}, ["moon"])


@every_venue
def test_routes_are_named_after_operations(of: Facts) -> None:
    assert sorted(set(of.routes) - capabilities() - PARTS) == []


def refused(venue: mockex.RunningVenue, rules: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Those of the rules that the venue has no place for, and why."""
    found = {}
    for name, rule in rules.items():
        try:
            venue.plan_faults(rule)
        except ValueError as error:
            found[name] = str(error)
    return found


def test_a_channel_names_its_symbol_as_it_is_or_in_lower_case() -> None:
    of = replace(
        facts.load("okcoinjp"), channels={"ticker": "t:{symbol}", "trades": "{lower}@trade", "balances": "b:{currency}"}
    )

    names = [of.channel(name, symbol="BTC-JPY", currency="BTC") for name in of.channels]

    assert names == ["t:BTC-JPY", "btc-jpy@trade", "b:BTC"]


@every_venue
def test_routes_channels_requests_and_codes_are_the_venues(of: Facts, mockex: mockex.RunningWorld) -> None:
    symbol, currency = of.pair.symbol, of.pair.quote
    channels = {name: of.channel(name, symbol=symbol, currency=currency) for name in of.channels}
    rules: dict[str, Mapping[str, object]] = {
        **{f"route {name}": {"where": {"route": route}, "what": {"action": "reset"}} for name, route in of.routes.items()},
        **{f"channel {n}": {"where": {"channel": channel}, "what": {"action": "drop"}} for n, channel in channels.items()},
        **{f"request {n}": {"where": {"operation": each}, "what": {"action": "stall"}} for n, each in of.requests.items()},
    }
    by_code = {
        code: [{"where": where, "what": {"action": "error", "code": code}} for where in places(of)]
        for kind, codes in of.errors.items()
        for code in codes
        if kind != REFUSAL_OF_A_SOCKET
    }
    venue = mockex[operated(of)]

    assert refused(venue, rules) == {}
    assert [code for code, tries in by_code.items() if len(refused(venue, dict(enumerate(tries)))) == len(tries)] == []


def places(of: Facts) -> list[Mapping[str, str]]:
    """Where a code may be the venue's answer."""
    return [{"route": of.route("place_order")}, *({"operation": each} for each in of.requests.values())]


@every_venue
def test_pairs_and_contracts_are_listed_with_these_steps(of: Facts) -> None:
    listed = {
        row.symbol: (row.base, row.quote, row.tick_size, row.qty_step or row.lot_size, row.min_qty)
        for row in VENUES[operated(of)].listings
    }
    with_terms = {row.symbol for row in VENUES[operated(of)].listings if row.contract is not None}

    assert len(of.pairs) >= 2
    assert with_terms.isdisjoint(pair.symbol for pair in of.pairs)
    assert with_terms.issuperset(contract.symbol for contract in of.contracts)
    elsewhere = [each for each in of.platforms.values() if each.pair is not None]
    for platform in elsewhere:
        row = next(row for row in VENUES[platform.venue].listings if platform.pair and row.symbol == platform.pair.symbol)
        listed[row.symbol] = (row.base, row.quote, row.tick_size, row.qty_step or row.lot_size, row.min_qty)
    for pair in (*of.pairs, *of.contracts, *(each.pair for each in elsewhere if each.pair)):
        assert listed[pair.symbol] == (pair.base, pair.quote, pair.tick, pair.lot, pair.min_qty)
        assert (pair.price % pair.tick, pair.qty % pair.lot) == (0, 0)


def test_a_case_about_contracts_is_told_of_a_venue_that_has_none() -> None:
    of = facts.load("okcoinjp")

    assert of.contracts == ()
    with pytest.raises(FactsError, match="contracts"):
        _ = of.contract
    assert replace(of, contracts=of.pairs).contract == of.pair


def test_a_login_that_never_changes_is_as_secret_as_the_secret_itself() -> None:
    """The published pair, and what its LOGIN signs."""
    key = Key(name="alice", api_key="key", secret="b825a03636ca09c884ca11d71cfc4217a98cb8bf", passphrase="word")
    signature = "cc6ac68febaa333c3af941df169065219c3dd470c3c2eddb54c26bd9570030ac"

    assert secrets_of([key], facts.load("ktx").words) == (key.secret, "word", signature)
    assert secrets_of([key], facts.load("htx").words) == (key.secret, "word")
