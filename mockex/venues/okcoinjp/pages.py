"""Paging of OKCoin Japan v3: the cursors of a request, and the marks of the page that answers it. Source: okj§2.

Shared by the funding and the spot side. Knows no endpoint: an id is whatever the endpoint pages by.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.paging import OverLimit, PageMarks, PageRequest, page_limit
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

MAX_ROWS = 100  # okj§2: maximum and default of `limit`


def page_of(call: Call) -> PageRequest:
    """The page that `after`, `before` and `limit` of the query ask for; empty ones count as absent.

    `after` asks for older rows, `before` for newer ones, without the named row. A limit above the maximum is cut to it.
    PARAM_FORMAT if one is not a whole number (captured: `limit parameter format is error`), PARAM_VALUE for a limit below 1.
    """
    params = Params(call.query, blank_is_absent=True)
    older_than = params.optional_integer("after")
    newer_than = params.optional_integer("before")
    limit = page_limit(params.optional_integer("limit"), default=MAX_ROWS, maximum=MAX_ROWS, over=OverLimit.CLAMP)
    return PageRequest(older_than=older_than, newer_than=newer_than, limit=limit)


def page_response(rows: Sequence[object], row_ids: Sequence[int]) -> WireResponse:
    """Rows, newest first, with the ids of the first and the last one as headers. An empty page has no headers (proposed)."""
    marks = PageMarks.of(row_ids)
    if marks is None:
        return WireResponse(200, b"[]")
    return WireResponse(200, dumps(rows), (("OK-BEFORE", str(marks.newest)), ("OK-AFTER", str(marks.oldest))))
