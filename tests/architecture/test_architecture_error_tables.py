"""A venue answers everything that can go wrong: its error tables are total."""

from __future__ import annotations

from enum import Enum

import pytest

from mockex.core.rejects import RejectReason
from mockex.wire.faults import FaultKind
from mockex.wire.venue import Venue
from mockex.world import installed_venues

VENUES = tuple(installed_venues().values())


@pytest.mark.parametrize("kinds", [FaultKind, RejectReason], ids=lambda kinds: kinds.__name__)
@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.name)
def test_every_fault_and_every_refusal_has_a_wire_error(venue: Venue, kinds: type[Enum]) -> None:
    assert [kind.name for kind in kinds if kind not in venue.faults] == []


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.name)
def test_a_venues_own_kinds_of_fault_are_mapped_completely(venue: Venue) -> None:
    own_enums = {type(kind) for kind in venue.faults} - {FaultKind, RejectReason}

    assert [f"{enum.__name__}.{kind.name}" for enum in own_enums for kind in enum if kind not in venue.faults] == []


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.name)
def test_every_refusal_can_also_be_planned(venue: Venue) -> None:
    """Faults need not: some have no code of their own, such as an unknown path, or only a WebSocket knows them."""
    assert {venue.faults[reason].code for reason in RejectReason} <= set(venue.errors_by_code)


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.name)
def test_every_error_has_a_failing_status_or_none_of_its_own(venue: Venue) -> None:
    """A venue that answers errors with 200 says so in all of them; anything else below 400 is a slip."""
    assert [error for error in venue.errors_by_code.values() if error.status not in (200, *range(400, 600))] == []
