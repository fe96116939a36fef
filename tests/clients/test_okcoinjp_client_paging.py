"""Following OK-AFTER and OK-BEFORE."""

from collections.abc import AsyncIterator

import pytest
from mockex.clients.okcoinjp import Credentials, Cursor, NewRows, OkcoinClient, Page, errors, older_rows
from mockex.clients.okcoinjp.trading_models import Fill
from mockex.clients.okcoinjp.vocabulary import OrderState
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeRest, soon


class Ledger:
    """Ids in memory, paged by the venue's rules, with every question kept."""

    def __init__(self, newest: int, *, page_size: int) -> None:
        self.newest = newest
        self.questions: list[Cursor] = []
        self._page_size = page_size

    async def fetch(self, cursor: Cursor) -> Page[int]:
        self.questions.append(cursor)
        older_than = int(cursor.after) if cursor.after else self.newest + 1
        newer_than = int(cursor.before) if cursor.before else 0
        ids = tuple(range(self.newest, 0, -1))
        found = tuple(i for i in ids if newer_than < i < older_than)[: min(cursor.limit or 100, self._page_size)]
        return Page(
            rows=found,
            newest_id=str(found[0]) if found else None,
            oldest_id=str(found[-1]) if found else None,
        )


async def _all(rows: AsyncIterator[int]) -> list[int]:
    return [row async for row in rows]


async def test_older_rows_come_page_by_page_to_the_end() -> None:
    ledger = Ledger(7, page_size=3)

    assert await _all(older_rows(ledger.fetch)) == [7, 6, 5, 4, 3, 2, 1]
    assert [cursor.after for cursor in ledger.questions] == [None, "5", "2", "1"]


async def test_short_page_is_no_end_because_the_venue_cuts_the_limit() -> None:
    ledger = Ledger(5, page_size=2)

    assert await _all(older_rows(ledger.fetch, Cursor(limit=1_000))) == [5, 4, 3, 2, 1]


async def test_walk_stays_inside_an_open_interval() -> None:
    ledger = Ledger(9, page_size=2)

    assert await _all(older_rows(ledger.fetch, Cursor(after="8", before="3"))) == [7, 6, 5, 4]


async def test_walk_ends_at_a_page_without_a_last_id() -> None:
    async def fetch(cursor: Cursor) -> Page[int]:
        return Page(rows=(2, 1), newest_id=None, oldest_id=None)

    assert await _all(older_rows(fetch)) == [2, 1]


async def test_page_that_points_at_itself_is_an_error_and_no_endless_walk() -> None:
    async def fetch(cursor: Cursor) -> Page[int]:
        return Page(rows=(2, 1), newest_id="2", oldest_id="1")

    with pytest.raises(errors.MalformedReplyError, match="ends at the same id"):
        await _all(older_rows(fetch))


async def test_first_poll_takes_one_page_and_the_next_only_what_is_new() -> None:
    ledger = Ledger(5, page_size=3)
    new = NewRows(ledger.fetch)

    assert await new.poll() == (3, 4, 5)
    assert await new.poll() == ()
    ledger.newest = 7
    assert await new.poll() == (6, 7)
    assert new.newest_id == "7"


async def test_poll_fills_the_gap_when_more_than_a_page_is_new() -> None:
    ledger = Ledger(12, page_size=3)
    new = NewRows(ledger.fetch, newest_id="4")

    assert await new.poll() == (5, 6, 7, 8, 9, 10, 11, 12)


async def test_failed_poll_forgets_nothing() -> None:
    ledger = Ledger(12, page_size=3)
    failures = iter([False, True])

    async def unreliable(cursor: Cursor) -> Page[int]:
        if next(failures, False):
            raise errors.RateLimitError("slow down", code=30026)
        return await ledger.fetch(cursor)

    new = NewRows(unreliable, newest_id="4")
    with pytest.raises(errors.RateLimitError):
        await new.poll()

    assert new.newest_id == "4"
    assert await new.poll() == (5, 6, 7, 8, 9, 10, 11, 12)


async def test_rows_without_ok_before_cannot_be_polled() -> None:
    async def fetch(cursor: Cursor) -> Page[int]:
        return Page(rows=(2, 1), newest_id=None, oldest_id="1")

    with pytest.raises(errors.MalformedReplyError, match="no newest row"):
        await NewRows(fetch, newest_id="0").poll()


async def test_cursors_come_from_the_headers_of_the_wire_in_any_case() -> None:
    row = load("okcoinjp", "rest/fills")["responses"][0]["body"][0]
    credentials = Credentials(api_key="k", secret="s", passphrase="p")
    async with FakeRest() as venue, OkcoinClient(venue.url, credentials=credentials) as client:
        venue.reply([row | {"ledger_id": "9"}, row | {"ledger_id": "8"}], headers={"ok-before": "9", "ok-after": "8"})
        venue.reply([row | {"ledger_id": "7"}], headers={"OK-BEFORE": "7", "OK-AFTER": "7"})
        venue.reply([])

        async def fetch(cursor: Cursor) -> Page[Fill]:
            return await client.trading.fills("BCH-JPY", cursor=cursor)

        fills = [fill async for fill in older_rows(fetch, Cursor(limit=2))]

    assert [fill.ledger_id for fill in fills] == ["9", "8", "7"]
    assert [request.target.partition("?")[2] for request in venue.received] == [
        "instrument_id=BCH-JPY&limit=2",
        "instrument_id=BCH-JPY&after=8&limit=2",
        "instrument_id=BCH-JPY&after=7&limit=2",
    ]


async def test_empty_page_has_no_cursors() -> None:
    credentials = Credentials(api_key="k", secret="s", passphrase="p")
    async with FakeRest() as venue, OkcoinClient(venue.url, credentials=credentials) as client:
        venue.reply([])

        empty = await soon(client.trading.orders("BTC-JPY", state=OrderState.FILLED))

    assert empty == Page(rows=(), newest_id=None, oldest_id=None)
