"""A sixth exchange is one more folder: it is discovered and served, and no other file knows of it."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from source_rules import PACKAGE, PROJECT, venue_mentions

import mockex.venues
from mockex.embedded import World
from mockex.world import installed_venues

TOY = "toyx"
TOY_FOLDER = PROJECT / "tests" / "server" / "toy_venue"
REAL = sorted(path.parent.name for path in PACKAGE.glob("venues/*/__init__.py"))


@pytest.fixture
def toy_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the folder lay in `mockex/venues`."""
    monkeypatch.setattr(mockex.venues, "__path__", [*mockex.venues.__path__, str(TOY_FOLDER)])


@pytest.mark.usefixtures("toy_beside_the_others")
def test_a_venue_that_is_one_folder_is_found_beside_the_others() -> None:
    found = installed_venues()

    assert found[TOY].title == "Toy exchange"
    assert sorted(found) == sorted([TOY, *REAL])


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


@pytest.mark.parametrize("venue", REAL)
async def test_taking_a_venues_folder_away_takes_that_venue_away_and_nothing_else(
    venue: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So each exchange is its own folder, and nothing that all exchanges share needs to know of it."""
    for name in REAL:
        if name != venue:
            (tmp_path / name).symlink_to(PACKAGE / "venues" / name)
    monkeypatch.setattr(mockex.venues, "__path__", [str(tmp_path)])

    assert sorted(installed_venues()) == [name for name in REAL if name != venue]
    async with World() as world:
        assert sorted(world.venues) == [name for name in REAL if name != venue]


@pytest.mark.parametrize("venue", REAL)
def test_a_venues_modules_know_no_other_venue(venue: str) -> None:
    others = [name for name in REAL if name != venue]

    assert [path for path in PACKAGE.glob(f"venues/{venue}/**/*.py") if venue_mentions(path.read_text("utf-8"), others)] == []
