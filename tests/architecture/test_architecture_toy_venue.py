"""A sixth exchange is one more folder: it is discovered and served, and no other file knows of it."""

from __future__ import annotations

import aiohttp
import pytest
from source_rules import PACKAGE, PROJECT, venue_mentions

import mockex.venues
from mockex.embedded import World
from mockex.world import installed_venues

TOY = "toyx"
TOY_FOLDER = PROJECT / "tests" / "server" / "toy_venue"


@pytest.fixture
def toy_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the folder lay in `mockex/venues`."""
    monkeypatch.setattr(mockex.venues, "__path__", [*mockex.venues.__path__, str(TOY_FOLDER)])


@pytest.mark.usefixtures("toy_beside_the_others")
def test_a_venue_that_is_one_folder_is_found_beside_the_others() -> None:
    found = installed_venues()

    assert found[TOY].title == "Toy exchange"
    assert sorted(found) == sorted([TOY, *(path.parent.name for path in PACKAGE.glob("venues/*/__init__.py"))])


@pytest.mark.usefixtures("toy_beside_the_others")
async def test_a_venue_that_is_one_folder_is_served() -> None:
    async with World(venues=[TOY]) as world, aiohttp.ClientSession() as session:
        venue = world[TOY]
        async with session.get(f"{venue.rest_url}/v1/time") as answer:
            assert (await answer.json())["mood"] == "good"
        async with session.ws_connect(venue.ws_url) as socket:
            assert await socket.receive_str() == "welcome"


def test_no_other_file_knows_of_it() -> None:
    assert [path for path in PACKAGE.rglob("*.py") if venue_mentions(path.read_text(encoding="utf-8"), [TOY])] == []


def test_without_its_folder_it_is_not_there() -> None:
    assert TOY not in installed_venues()
