"""Rules for orders at HTX: their fields, numbers and names. Sections are those of the venue's specification."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from mockex.conformance.cases.htx.words import Look, new_orders, numbers_in, text_of
from mockex.conformance.cases.played import whole_day
from mockex.conformance.judging import Exchanges, Judge, is_on_grid, watched
from mockex.conformance.model import Level
from mockex.conformance.trace import REQUEST, Entry

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # htx§3.4
MAX_REMEMBERED = 10_000
MAX_ORDERS, MAX_CANCELS = 10, 50  # htx§3.4: of a batch

AMOUNTS = frozenset({"price", "amount", "stop-price", "fee"})


@watched(
    "htx/orders/900",
    "Every client id has the form that the venue takes.",
    requirement="client-order-id is 1 to 64 letters, digits, dashes and underscores.",
    source="htx§3.4",
    needs=("place_order",),
    play=whole_day,
)
def names_have_form(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            name = text_of(order, "client-order-id")
            if name:
                judge.saw()
            if name and not CLIENT_ID.fullmatch(name):
                expected = "1 to 64 letters, digits, - and _"
                judge.object("the order's name has the venue's form", expected=expected, seen=name, at=entry)

    return look


@watched(
    "htx/orders/910",
    "No client id is used twice.",
    requirement="A second order under a client id is refused, or taken in silence: looking up and cancelling then reach the "
    "newest only.",
    source="htx§4.6",
    level=Level.SHOULD,
    needs=("place_order",),
    play=whole_day,
)
def names_are_new(judge: Judge) -> Look:
    used: OrderedDict[tuple[str | None, str], Entry] = OrderedDict()

    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            name = (entry.get("account"), text_of(order, "client-order-id"))
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
    "htx/orders/920",
    "Every order has the fields that its type needs, and no others.",
    requirement="A limit order has price and amount, a market order an amount alone, a stop order its trigger and operator.",
    source="htx§3.4",
    needs=("place_order",),
    play=whole_day,
)
def fields_fit_type(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            judge.saw()
            kind = text_of(order, "type")
            needed = ["account-id", "symbol", "amount", *([] if kind.endswith("-market") else ["price"])]
            needed += ["stop-price", "operator"] if "-stop-" in kind else []
            missing = [name for name in needed if not text_of(order, name)]
            others = [name for name in ("price", "stop-price", "operator") if name not in needed]
            vain = [name for name in others if text_of(order, name) not in ("", "0")]
            if missing or vain:
                seen = ", ".join([*(f"no {name}" for name in missing), *(f"{name} in vain" for name in vain)])
                judge.object(
                    "the order has the fields of its type", expected=", ".join(needed), seen=f"{kind}: {seen}", at=entry
                )

    return look


@watched(
    "htx/orders/930",
    "No batch is larger than the venue takes.",
    requirement="A batch has at most 10 orders, or 50 cancels, which are named all by id or all by client id.",
    source="htx§3.4",
    needs=("place_orders",),
    play=whole_day,
)
def batches_fit(judge: Judge) -> Look:
    placing, cancelling = judge.facts.route("place_orders"), judge.facts.route("cancel_orders")

    def look(entry: Entry) -> None:
        if entry.kind != REQUEST or entry.get("route") not in (placing, cancelling):
            return
        judge.saw()
        said, most = entry.json, MAX_ORDERS if entry["route"] == placing else MAX_CANCELS
        count = len(said) if isinstance(said, list) else _named(said)
        if count > most:
            judge.object("the batch is not too large", expected=f"up to {most}", seen=count, at=entry)
        if isinstance(said, dict) and {"order-ids", "client-order-ids"} <= set(said):
            judge.object("a batch of cancels has one kind of name", expected="ids or client ids", seen="both", at=entry)

    return look


def _named(batch: Any) -> int:
    """Cancels in a batch."""
    lists = [batch.get(name) for name in ("order-ids", "client-order-ids")] if isinstance(batch, dict) else []
    return sum(len(each) for each in lists if isinstance(each, list))


# --- numbers


@watched(
    "htx/numbers/900",
    "Prices and amounts are sent as text.",
    requirement="Amounts of orders are texts in the document; the venue takes JSON numbers, which may have lost digits on the "
    "way.",
    source="htx§3.4",
    level=Level.SHOULD,
    needs=("place_order",),
    play=whole_day,
)
def decimals_are_text(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        for order in new_orders(entry, judge.facts):
            judge.saw()
            for name, digits in numbers_in(dict(order)):
                if name in AMOUNTS:
                    judge.object(f"{name} is text", expected=f'"{digits}"', seen=f"{digits}, a number", at=entry)

    return look


@watched(
    "htx/numbers/910",
    "Prices have the decimals of their symbol.",
    requirement="More decimals than `price-precision` are refused.",
    source="htx§4.2",
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
    "htx/numbers/920",
    "Amounts have the decimals of their symbol, and are large enough.",
    requirement="More decimals than `amount-precision` are refused, of the money that a market order spends as well.",
    source="htx§4.2",
    needs=("place_order",),
    play=whole_day,
)
def amounts_on_grid(judge: Judge) -> Look:
    exchanges = Exchanges()
    small = ("order-limitorder-amount-min-error", "order-marketorder-amount-min-error", "order-value-min-error")

    def look(entry: Entry) -> None:
        pair = exchanges.pair(entry)
        if pair is not None and entry.get("error") in small:
            judge.object("the amount is large enough", expected="at least the minimum", seen=entry.summary(), at=pair)
        for order, symbol in _known_orders(entry, judge):
            amount, lot = text_of(order, "amount"), judge.grids[symbol].lot
            if amount and lot is not None:
                judge.saw()
                if not is_on_grid(amount, lot):
                    judge.object("the amount is on the grid", expected=f"a multiple of {lot:f}", seen=amount, at=entry)

    return look


def _known_orders(entry: Entry, judge: Judge) -> Iterator[tuple[Mapping[str, Any], str]]:
    """New orders with their instruments, as far as there are such instruments."""
    for order in new_orders(entry, judge.facts):
        if text_of(order, "symbol") in judge.grids:
            yield order, text_of(order, "symbol")
