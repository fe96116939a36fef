"""Rules for orders at OKCoin Japan: their fields, numbers and names. Sections are those of the venue's specification."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from mockex.conformance.cases.okcoinjp.watch_words import Look, new_orders, numbers_in, text_of
from mockex.conformance.cases.played import whole_day
from mockex.conformance.judging import Exchanges, Judge, is_on_grid, watched
from mockex.conformance.model import Level, Provenance
from mockex.conformance.trace import CLOSE, REQUEST, SUBSCRIBED, UNSUBSCRIBED, Entry

CLIENT_OID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,32}")  # okj§9.2
MAX_REMEMBERED = 10_000
MAX_PAIRS, MAX_ORDERS_OF_PAIR = 4, 10  # okj§9.3
POLLS = 3
"""So many looks at one's orders beside a stream that tells of them are no habit yet."""

AMOUNTS = frozenset({"price", "size", "notional", "amount", "fee"})
OVER = {"33014": "there is no such order", "33026": "it was filled", "33027": "it was cancelled"}


@watched(
    "okcoinjp/orders/900",
    "Every client_oid has the form that the venue takes.",
    requirement="client_oid is 1 to 32 letters and digits, at least one of them a letter.",
    source="okj§9.2",
    needs=("place_order",),
    play=whole_day,
)
def names_have_form(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            name = text_of(order, "client_oid")
            if name:
                judge.saw()
            if name and not CLIENT_OID.fullmatch(name):
                what = "the order's name has the venue's form"
                judge.object(what, expected="1 to 32 letters and digits, one a letter", seen=name, at=entry)

    return look


@watched(
    "okcoinjp/orders/910",
    "No client_oid is used twice.",
    requirement="The venue takes a second order of that name silently; looking up and cancelling then reach the newest only.",
    source="okj§9.2",
    level=Level.SHOULD,
    needs=("place_order",),
    play=whole_day,
)
def names_are_new(judge: Judge) -> Look:
    used: OrderedDict[tuple[str | None, str], Entry] = OrderedDict()

    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            name = (entry.get("account"), text_of(order, "client_oid"))
            if not name[1]:
                continue
            judge.saw()
            if name in used:
                judge.object("the order's name is new", expected="another name", seen=name[1], at=(used[name], entry))
            used[name] = entry
            if len(used) > MAX_REMEMBERED:
                used.popitem(last=False)

    return look


@watched(
    "okcoinjp/orders/920",
    "Every order has the fields that its type needs, and no others.",
    requirement="A limit order has price and size, a market sale its size, a market purchase the amount to spend in notional.",
    source="okj§9.2",
    needs=("place_order",),
    play=whole_day,
)
def fields_fit_type(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            judge.saw()
            kind, side = text_of(order, "type") or "limit", text_of(order, "side")
            needed = {"limit": ("price", "size")}.get(kind, ("notional",) if side == "buy" else ("size",))
            missing = [name for name in needed if not text_of(order, name)]
            others = [name for name in ("price", "size", "notional") if name not in needed]
            vain = [name for name in others if text_of(order, name) not in ("", "0")]
            if missing or vain:
                seen = ", ".join([*(f"no {name}" for name in missing), *(f"{name} in vain" for name in vain)])
                expected = f"{' and '.join(needed)} for a {kind} order to {side or 'trade'}"
                judge.object("the order has the fields of its type", expected=expected, seen=seen, at=entry)

    return look


@watched(
    "okcoinjp/orders/930",
    "No batch is larger than the venue takes.",
    requirement="A batch has at most 4 pairs and 10 orders of each.",
    source="okj§9.3",
    needs=("place_orders",),
    play=whole_day,
)
def batches_fit(judge: Judge) -> Look:
    routes = (judge.facts.route("place_orders"), judge.facts.route("cancel_orders"))

    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or entry.get("route") not in routes:
            return
        judge.saw()
        counts = _counted(entry.json)
        most = max(counts.values(), default=0)
        if len(counts) > MAX_PAIRS or most > MAX_ORDERS_OF_PAIR:
            expected = f"up to {MAX_PAIRS} pairs with {MAX_ORDERS_OF_PAIR} orders each"
            judge.object("the batch is not too large", expected=expected, seen=f"{len(counts)} pairs, up to {most}", at=entry)

    return look


def _counted(batch: Any) -> Counter[str]:
    """Orders by pair, in a batch to be placed or to be cancelled."""
    counts: Counter[str] = Counter()
    for row in batch if isinstance(batch, list) else ():
        if isinstance(row, dict):
            named = [row[key] for key in ("order_ids", "client_oids") if isinstance(row.get(key), list)]
            counts[text_of(row, "instrument_id").upper()] += sum(len(ids) for ids in named) if named else 1
    return counts


@watched(
    "okcoinjp/orders/940",
    "What is over already is not cancelled.",
    requirement="Cancelling an order that is filled, cancelled or unknown is refused; it happens to everybody in a race.",
    source="okj§5.2",
    level=Level.INFO,
    needs=("cancel_order",),
    play=whole_day,
)
def cancels_what_lives(judge: Judge) -> Look:
    route = judge.facts.route("cancel_order")
    exchanges = Exchanges()

    def look(entry: Entry) -> None:
        pair = exchanges.pair(entry)
        if pair is None or pair[0].get("route") != route:
            return
        judge.saw()
        if entry.get("error") in OVER:
            judge.object("a live order is cancelled", expected="a live order", seen=OVER[entry["error"]], at=pair)

    return look


@watched(
    "okcoinjp/orders/950",
    "Orders that a stream tells of are not polled.",
    requirement="The channel spot/order tells every change of an order; asking for them besides costs limits.",
    source="okj§2",
    level=Level.INFO,
    provenance=Provenance.PROPOSED,
    needs=("subscribe.orders", "place_order"),
    play=whole_day,
)
def does_not_poll(judge: Judge) -> Look:
    routes = (judge.facts.route("order"), judge.facts.route("open_orders"))
    prefix = judge.facts.channel("orders")
    listening: dict[object, set[str]] = {}
    polls: Counter[str | None] = Counter()

    def look(entry: Entry) -> None:
        if entry.kind in (SUBSCRIBED, UNSUBSCRIBED) and str(entry["channel"]).startswith(prefix):
            judge.saw()
            channels = listening.setdefault(entry["connection"], set())
            (channels.add if entry.kind == SUBSCRIBED else channels.discard)(entry["channel"])
        elif entry.kind == CLOSE:
            listening.pop(entry["connection"], None)
        elif entry.kind == REQUEST and entry.get("route") in routes and any(listening.values()):
            polls[entry.get("account")] += 1
            if polls[entry.get("account")] > POLLS:
                seen = f"{polls[entry.get('account')]} requests for orders"
                judge.object("orders are not polled beside the stream", expected="the stream alone", seen=seen, at=entry)

    return look


# --- numbers


@watched(
    "okcoinjp/numbers/900",
    "Decimals are sent as text.",
    requirement="Decimals should be texts in requests; the venue takes JSON numbers, which may have lost digits on their way.",
    source="okj§2",
    level=Level.SHOULD,
    play=whole_day,
)
def decimals_are_text(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or not entry.body:
            return
        judge.saw()
        for name, digits in numbers_in(entry.json):
            if name in AMOUNTS or not digits.isdigit():  # other whole numbers, such as types, may be unquoted
                judge.object(f"{name} is text", expected=f'"{digits}"', seen=f"{digits}, a number", at=entry)

    return look


@watched(
    "okcoinjp/numbers/910",
    "Prices are multiples of the tick size.",
    requirement="The venue cuts off what is finer than tick_size without a word: the order then has another price.",
    source="okj§10.1",
    level=Level.SHOULD,
    needs=("place_order",),
    play=whole_day,
)
def prices_on_grid(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order, symbol in _known_orders(entry, judge):
            price, tick = text_of(order, "price"), judge.grids[symbol].tick
            if price and tick is not None:
                judge.saw()
                if not is_on_grid(price, tick):
                    judge.object("the price is on the grid", expected=f"a multiple of {tick:f}", seen=price, at=entry)

    return look


@watched(
    "okcoinjp/numbers/920",
    "Quantities are multiples of the step, and not below the minimum.",
    requirement="The venue cuts off what is finer than size_increment without a word, and refuses what is then below min_size.",
    source="okj§10.1",
    level=Level.SHOULD,
    needs=("place_order",),
    play=whole_day,
)
def sizes_on_grid(judge: Judge) -> Look:
    exchanges = Exchanges()

    def look(entry: Entry) -> None:
        pair = exchanges.pair(entry)
        if pair is not None and entry.get("error") == "33024":  # okj§5.2
            judge.object("the quantity is large enough", expected="at least min_size", seen=entry.summary(), at=pair)
        for order, symbol in _known_orders(entry, judge):
            size, lot = text_of(order, "size"), judge.grids[symbol].lot
            if size and lot is not None:
                judge.saw()
                if not is_on_grid(size, lot):
                    judge.object("the quantity is on the grid", expected=f"a multiple of {lot:f}", seen=size, at=entry)

    return look


def _known_orders(entry: Entry, judge: Judge) -> Iterator[tuple[Mapping[str, Any], str]]:
    """New orders with their instruments, as far as there are such instruments."""
    for order in new_orders(entry, judge.facts):
        symbol = text_of(order, "instrument_id").upper()  # okj§2: case does not matter
        if symbol in judge.grids:
            yield order, symbol
