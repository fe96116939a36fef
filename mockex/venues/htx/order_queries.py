"""What lists of HTX's orders and fills can be asked for: which ones, of when, and which piece. Source: htx§3.4.

Knows no shape of an answer. Lists with commas may repeat themselves; blanks around their words are passed over (ASSUMED).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

from mockex.core.orders import Order, Side
from mockex.core.policy import DAY_NS, SECOND_NS
from mockex.core.rejects import RejectReason
from mockex.venues.htx.codec import MS_NS
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import trading_account
from mockex.venues.htx.order_params import instrument_of
from mockex.venues.htx.order_terms import SIDES, TYPES, type_word
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

T = TypeVar("T")

MAX_SYMBOLS = 10
WINDOW_NS = 2 * DAY_NS
_DATES_BEHIND = timedelta(hours=8)  # days are those of UTC+8, like those of candles (ASSUMED)
_MAX_ID_DIGITS = 24  # no id has more; int() of a long text would not be free
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


def order_number(text: str) -> int:
    """An order's id. PARAM_FORMAT for what is no number."""
    if not (text.isascii() and text.isdigit()):
        raise ApiFault(FaultKind.PARAM_FORMAT, field="order-id")
    return int(text) if len(text) <= _MAX_ID_DIGITS else -1


def find_order(call: Call, order_id: int) -> Order | None:
    """The caller's order; None also for somebody else's."""
    order = call.desk.exchange.orders.by_id(order_id)
    return order if order is not None and order.account.account_id == call.account_id else None


# --- which ones


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """`symbols`: all of them where none was named. `types`, `side`: None for any."""

    symbols: Sequence[str]
    types: frozenset[str] | None = None
    side: Side | None = None

    def takes(self, order: Order) -> bool:
        """Whether type and side are asked for; the symbol is the caller's to look at."""
        if self.side is not None and order.side is not self.side:
            return False
        return self.types is None or type_word(order) in self.types


def order_filter(
    call: Call,
    params: Params,
    only: Sequence[str] = ("account-id", "symbol", "types", "side"),
    *,
    most_symbols: int = MAX_SYMBOLS,
) -> OrderFilter:
    """What `params` ask for, all of it optional. `only`: the parameters that the endpoint has."""
    account = params.raw("account-id") if "account-id" in only else None
    if account is not None:
        trading_account(call, account)
    symbols = words(params, "symbol") if "symbol" in only else None
    if symbols is not None and len(symbols) > most_symbols:
        raise ApiFault(FaultKind.PARAM_VALUE, field="symbol")
    return OrderFilter(
        symbols=list(call.desk.exchange.markets)
        if symbols is None
        else [instrument_of(call.desk, symbol).symbol for symbol in symbols],
        types=type_words(params) if "types" in only else None,
        side=params.optional_choice("side", SIDES) if "side" in only else None,
    )


def words(params: Params, name: str) -> list[str] | None:
    """The words of a list with commas, each once; None if it is absent."""
    text = params.optional_text(name)
    if text is None:
        return None
    return list(dict.fromkeys(word.strip() for word in text.split(",")))


def type_words(params: Params) -> frozenset[str] | None:
    """Types of orders. ORDER_TERMS_INVALID for one that there is not (ASSUMED)."""
    types = words(params, "types")
    if types is None:
        return None
    if not all(word in TYPES for word in types):
        raise ApiFault(RejectReason.ORDER_TERMS_INVALID)
    return frozenset(types)


def known_words(params: Params, name: str, meanings: Mapping[str, T]) -> list[T]:
    """What the words of a required list mean. PARAM_MISSING without it, PARAM_VALUE for an unknown word."""
    found = words(params, name)
    if found is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field=name)
    if not all(word in meanings for word in found):
        raise ApiFault(FaultKind.PARAM_VALUE, field=name)
    return [meanings[word] for word in found]


# --- of when


class Span(NamedTuple):
    """Both ends included."""

    start_ns: int
    end_ns: int

    def has(self, time_ns: int) -> bool:
        return self.start_ns <= time_ns <= self.end_ns


def span_of(params: Params, now_ns: int, *, reach_ns: int, too_old: HtxFault) -> Span:
    """48 hours at most, none of them longer ago than `reach_ns`: `too_old` for an earlier start.

    An end that is left out is 48 hours after the start, a start 48 hours before the end, and both are the last 48 hours. Times
    in milliseconds win over dates (ASSUMED). An end before its start is `invalid-interval` like a longer span, and a start in
    the future `invalid-start-time` (both ASSUMED).
    """
    start_ns, start_fault = _bound(params, "start", HtxFault.START_TIME_INVALID, HtxFault.START_DATE_INVALID)
    end_ns, _ = _bound(params, "end", HtxFault.END_TIME_INVALID, HtxFault.END_DATE_INVALID)
    if start_ns is None:
        end_ns = _ms_end(now_ns) if end_ns is None else end_ns
        return Span(max(end_ns + 1 - MS_NS - WINDOW_NS, 0), end_ns)
    if start_ns > now_ns:
        raise ApiFault(start_fault)
    if start_ns < now_ns - reach_ns:
        raise ApiFault(too_old)
    if end_ns is None:
        return Span(start_ns, _ms_end(start_ns + WINDOW_NS))
    if end_ns < start_ns or end_ns > _ms_end(start_ns + WINDOW_NS):
        raise ApiFault(HtxFault.INTERVAL_INVALID)
    return Span(start_ns, end_ns)


def millisecond_of(time_ns: int) -> Span:
    first_ns = time_ns // MS_NS * MS_NS
    return Span(first_ns, first_ns + MS_NS - 1)


def _ms_end(time_ns: int) -> int:
    """The last moment of the millisecond."""
    return millisecond_of(time_ns).end_ns


def _bound(params: Params, end: str, bad_time: HtxFault, bad_date: HtxFault) -> tuple[int | None, HtxFault]:
    """`start` or `end` of a span, from milliseconds or from a date, and the fault of the form that was used."""
    text = params.optional_text(f"{end}-time")
    if text is not None:
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise ApiFault(bad_time)
        return (int(text) * MS_NS if end == "start" else _ms_end(int(text) * MS_NS)), bad_time
    text = params.optional_text(f"{end}-date")
    if text is None:
        return None, bad_time
    if not _DATE(text):
        raise ApiFault(bad_date)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ApiFault(bad_date) from None
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC) - _DATES_BEHIND
    opens_ns = (since.days * 86_400 + since.seconds) * SECOND_NS
    return (opens_ns if end == "start" else opens_ns + DAY_NS - 1), bad_date


# --- which piece


class Piece(NamedTuple):
    """At most `size` rows: of those older than `from_id` the newest, or with `back` of those newer than it the oldest."""

    size: int
    from_id: int | None = None
    back: bool = False


class PageOf(Protocol[T]):
    """`Log.page` of whatever is paged."""

    def __call__(self, *, older_than: int | None, newer_than: int | None, limit: int) -> list[T]: ...


_DIRECTIONS: Mapping[str, bool] = {"next": False, "prev": True}
ALL_ROWS = 2**62


def piece_of(params: Params, most: int, *, least: int = 1, default: int = 100) -> Piece:
    """`from` is not part of its piece, and `direct` without it is passed over (both ASSUMED)."""
    size = params.optional_integer("size", minimum=least, maximum=most)
    from_id = params.optional_integer("from", minimum=0)
    return Piece(default if size is None else size, from_id, direction_of(params))


def direction_of(params: Params) -> bool:
    """Whether back, to newer rows."""
    return bool(params.optional_choice("direct", _DIRECTIONS))


def rows_of(piece: Piece, page: PageOf[T]) -> list[T]:
    """The rows of a piece, newest first whichever way it goes (ASSUMED)."""
    if piece.from_id is None or not piece.back:
        return page(older_than=piece.from_id, newer_than=None, limit=piece.size)
    return page(older_than=None, newer_than=piece.from_id, limit=ALL_ROWS)[-piece.size :]
