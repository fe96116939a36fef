"""The places of customers: in the order of their coming, whoever asks, and both ways."""

from __future__ import annotations

import pytest
from wire_rig import make_simulation

from mockex.wire.places import Places


def test_a_place_is_that_of_the_coming_whoever_is_asked_for_first() -> None:
    accounts = make_simulation().desk.exchange.accounts
    asked, unasked = Places(accounts), Places(accounts)

    assert asked.of("bob") == unasked.of("bob")
    assert [unasked.of(name) for name in accounts] == list(range(len(accounts)))


def test_who_comes_later_gets_the_next_place_and_nobody_elses_changes() -> None:
    simulation = make_simulation()
    places = Places(simulation.desk.exchange.accounts)
    before = {name: places.of(name) for name in ("alice", "bob")}
    simulation.open_account("carol", {})

    assert places.of("carol") == max(before.values()) + 1
    assert {name: places.of(name) for name in before} == before


def test_a_place_leads_back_to_its_customer() -> None:
    simulation = make_simulation()
    places = Places(simulation.desk.exchange.accounts)
    simulation.open_account("carol", {})

    assert [places.at(places.of(name)) for name in ("carol", "alice", "bob")] == ["carol", "alice", "bob"]
    assert (places.at(10**9), places.at(-1)) == (None, None)


def test_a_stranger_has_no_place() -> None:
    with pytest.raises(KeyError):
        Places(make_simulation().desk.exchange.accounts).of("nobody")
