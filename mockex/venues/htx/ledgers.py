"""What has changed an account: the history of v1, and the ledger of v2, which knows transfers only. Source: htx§3.3.

Both show what happened in a span of time, in either order, and name the record with which the next piece begins. Spans and
errors of the ledger are those of the vendor's own document.
"""

from __future__ import annotations

from collections.abc import Callable

from mockex.core.policy import DAY_NS, SECOND_NS
from mockex.core.units import Wallet
from mockex.venues.htx.account_calls import DEFAULT_SIZE, MAX_SIZE, asset_of, optional_asset, query_params
from mockex.venues.htx.account_codec import (
    TRANSACT_TYPES,
    TRANSFERS,
    Record,
    encode_record,
    encode_transfer_entry,
    records_of,
)
from mockex.venues.htx.account_errors import AccountFault
from mockex.venues.htx.codec import MS_NS
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import account_of, identities_of, number_of
from mockex.venues.htx.order_queries import Span, words
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

HISTORY_WINDOW_NS = 3_600 * SECOND_NS
HISTORY_REACH_NS = 30 * DAY_NS
LEDGER_WINDOW_NS = 10 * DAY_NS
LEDGER_REACH_NS = 180 * DAY_NS

_ORDERS = {"asc": False, "desc": True}  # whether the newest comes first
_MAX_TIME_DIGITS = 15

Wanted = Callable[[Record], bool]


# --- v1


def history(call: Call) -> WireResponse:
    """Oldest first unless `sort` says otherwise. A span is one hour at most, its end now unless it is given."""
    params = query_params(call)
    account = params.raw("account-id")
    if account is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="account-id")
    wallet = account_of(call, account, HtxFault.BALANCE_ACCOUNT_UNKNOWN)
    asset = optional_asset(call, params)
    kinds = words(params, "transact-types")
    if kinds is not None and not TRANSACT_TYPES.issuperset(kinds):
        raise ApiFault(FaultKind.PARAM_VALUE, field="transact-types")
    span = _history_span(params, call.desk.clock.now_ns())
    newest_first = params.optional_choice("sort", _ORDERS) or False
    size = params.optional_integer("size", minimum=1, maximum=MAX_SIZE) or DEFAULT_SIZE
    from_id = params.optional_integer("from-id")
    found = _records(call, wallet, asset, span, lambda record: kinds is None or record.kind in kinds)
    if not newest_first:
        found.reverse()
    if from_id is not None:
        found = [each for each in found if (each.record_id <= from_id if newest_first else each.record_id >= from_id)]
    number = identities_of(call).account_number(call.account_id, wallet)
    rest = {"next-id": found[size].record_id} if len(found) > size else {}
    return v1(call, [encode_record(record, number) for record in found[:size]], **rest)


def _history_span(params: Params, now_ns: int) -> Span:
    """`invalid-interval` for an end before its start or more than an hour after it; `invalid-start-time`, `invalid-end-time`
    for what is no time or more than 30 days ago, and the former for a start in the future. Which is which is ASSUMED.
    """
    start_ns = _time(params, "start-time", ApiFault(HtxFault.START_TIME_INVALID))
    end_ns = _time(params, "end-time", ApiFault(HtxFault.END_TIME_INVALID))
    end_ns = now_ns if end_ns is None else end_ns + MS_NS - 1
    if end_ns < now_ns - HISTORY_REACH_NS:
        raise ApiFault(HtxFault.END_TIME_INVALID)
    if start_ns is None:
        return Span(end_ns - HISTORY_WINDOW_NS, end_ns)
    if not now_ns - HISTORY_REACH_NS <= start_ns <= now_ns:
        raise ApiFault(HtxFault.START_TIME_INVALID)
    if not start_ns <= end_ns < start_ns + HISTORY_WINDOW_NS + MS_NS:
        raise ApiFault(HtxFault.INTERVAL_INVALID)
    return Span(start_ns, end_ns)


# --- v2


def ledger(call: Call) -> WireResponse:
    """Transfers, the newest first unless `sort` says otherwise, of ten days at most. Amounts are numbers."""
    params = query_params(call)
    wallet = _ledger_account(call, params)
    asset = _ledger_asset(call, params)
    kinds = words(params, "transactTypes")
    if kinds is not None and kinds != ["transfer"]:
        raise _ledger_field("transactTypes")
    span = _ledger_span(params, call.desk.clock.now_ns())
    sort = params.optional_text("sort") or "desc"
    if sort not in _ORDERS:
        raise _ledger_field("sort")
    limit, from_id = _ledger_integer(params, "limit"), _ledger_integer(params, "fromId")
    if limit is not None and not 1 <= limit <= MAX_SIZE:
        raise _ledger_field("limit")
    found = _records(call, wallet, asset, span, lambda record: record.entry.kind in TRANSFERS)
    if not _ORDERS[sort]:
        found.reverse()
    if from_id is not None:
        places = [place for place, record in enumerate(found) if record.record_id == from_id]
        if not places:
            raise ApiFault(AccountFault.LEDGER_START_UNKNOWN)
        found = found[places[0] :]
    size = limit or DEFAULT_SIZE
    ids = identities_of(call)
    body: dict[str, object] = {
        "code": 200,
        "message": "success",
        "data": [encode_transfer_entry(record, ids) for record in found[:size]],
    }
    if len(found) > size:
        body["nextId"] = found[size].record_id
    return reply(call, {**body, "ok": True})


def _ledger_field(name: str) -> ApiFault:
    return ApiFault(AccountFault.LEDGER_FIELD, field=name)


def _ledger_account(call: Call, params: Params) -> Wallet:
    """What is no number is a bad field, another number is forbidden (1002)."""
    account = params.raw("accountId")
    if number_of(account) is None:
        raise _ledger_field("accountId")
    return account_of(call, account)


def _ledger_asset(call: Call, params: Params) -> str | None:
    name = params.optional_text("currency")
    if name is None:
        return None
    try:
        return asset_of(call, name)
    except ApiFault:
        raise _ledger_field("currency") from None


def _ledger_integer(params: Params, name: str) -> int | None:
    try:
        return params.optional_integer(name)
    except ApiFault:
        raise _ledger_field(name) from None


def _ledger_span(params: Params, now_ns: int) -> Span:
    """`startTime` is wrong in the future and 180 days back, `endTime` before the start and ten days after it."""
    start_ns = _time(params, "startTime", _ledger_field("startTime"))
    end_ns = _time(params, "endTime", _ledger_field("endTime"))
    end_ns = now_ns if end_ns is None else end_ns + MS_NS - 1
    if start_ns is None:
        start_ns = max(end_ns + 1 - MS_NS - LEDGER_WINDOW_NS, 0)
    elif not now_ns - LEDGER_REACH_NS <= start_ns <= now_ns:
        raise ApiFault(AccountFault.LEDGER_TIME, field="startTime")
    if not start_ns <= end_ns < start_ns + LEDGER_WINDOW_NS + MS_NS or end_ns < now_ns - LEDGER_REACH_NS:
        raise ApiFault(AccountFault.LEDGER_TIME, field="endTime")
    return Span(start_ns, end_ns)


# --- both


def _time(params: Params, name: str, invalid: ApiFault) -> int | None:
    """Nanoseconds from a parameter in milliseconds."""
    text = params.optional_text(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_TIME_DIGITS):
        raise invalid
    return int(text) * MS_NS


def _records(call: Call, wallet: Wallet, asset: str | None, span: Span, wanted: Wanted) -> list[Record]:
    """What happened in the span, newest first."""
    balances = call.desk.account(call.account_id).wallets[wallet]
    chosen = [balance for code, balance in balances.items() if asset in (None, code)]
    found = []
    for entry in call.desk.exchange.entries_between(chosen, *span):
        found += [record for record in reversed(records_of(entry)) if wanted(record)]
    return found
