"""Lists that come in pieces: by id and direction, and by the name of the next piece."""

from collections.abc import Sequence

import pytest
from loopback import soon
from mockex.clients.htx import Cursor, Page, all_pages, errors, next_rows
from mockex.clients.htx.vocabulary import Direction

IDS = [9, 8, 7, 6, 5, 4]


class Lister:
    """A list of ids, newest first, cut to pieces of three. Whether a piece repeats the row it begins at is a choice."""

    def __init__(self, *, repeats: bool, cap: int = 3) -> None:
        self.asked: list[Cursor] = []
        self._repeats = repeats
        self._cap = cap

    async def __call__(self, cursor: Cursor) -> Sequence[int]:
        self.asked.append(cursor)
        start = 0 if cursor.from_id is None else IDS.index(cursor.from_id) + (0 if self._repeats else 1)
        return IDS[start : start + self._cap]


@pytest.mark.parametrize("repeats", [True, False], ids=["first row repeated", "first row left out"])
async def test_every_row_comes_once_whether_or_not_pieces_repeat_the_row_they_begin_at(repeats: bool) -> None:
    lister = Lister(repeats=repeats)

    rows = [row async for row in next_rows(lister, lambda row: row)]

    assert rows == IDS
    assert lister.asked[0] == Cursor()
    assert {cursor.direct for cursor in lister.asked[1:]} == {Direction.NEXT}


async def test_list_is_followed_from_a_row_in_the_direction_asked_for() -> None:
    lister = Lister(repeats=True)
    start = Cursor(from_id=7, direct=Direction.PREVIOUS, size=3)

    rows = [row async for row in next_rows(lister, lambda row: row, start)]

    assert rows == [7, 6, 5, 4]
    assert [cursor.from_id for cursor in lister.asked] == [7, 5, 4]
    assert {(cursor.direct, cursor.size) for cursor in lister.asked} == {(Direction.PREVIOUS, 3)}


async def test_piece_that_holds_only_the_row_it_begins_at_is_the_end() -> None:
    lister = Lister(repeats=True, cap=1)

    assert [row async for row in next_rows(lister, lambda row: row)] == [9]


async def test_pages_are_followed_by_the_name_of_the_next_one() -> None:
    pages = {None: Page(rows=(1, 2), next_id=7), 7: Page(rows=(3,), next_id=8), 8: Page(rows=(), next_id=None)}

    async def fetch(next_id: int | None) -> Page[int]:
        return pages[next_id]

    assert [row async for row in all_pages(fetch)] == [1, 2, 3]


async def test_page_that_names_itself_is_malformed_instead_of_endless() -> None:
    async def fetch(next_id: int | None) -> Page[int]:
        return Page(rows=(1,), next_id=7)

    async def collect() -> None:
        async for _ in all_pages(fetch):
            pass

    with pytest.raises(errors.MalformedReplyError, match="names itself"):
        await soon(collect())
