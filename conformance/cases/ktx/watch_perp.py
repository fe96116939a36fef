"""Rules for KTX's orders for contracts: what every one of them carries, and in which types (ktx§7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.live import text
from mockex.conformance.cases.played import tried
from mockex.conformance.cases.support import ME
from mockex.conformance.judging import Judge, watched
from mockex.conformance.model import Level
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import REQUEST, Entry, Number

Look = Callable[[Entry], None]

FIELDS = ("positionMerge", "marginMethod", "leverage", "close")
_SWAP = "_SWAP"


async def contract_day(s: Session) -> None:
    """Opens, enlarges and closes positions, merged ones and one of its own, with limit and market orders."""
    usual = s.facts.contract
    for side, close in (("sell", False), ("sell", False), ("buy", True)):
        await c.meet(s, "buy" if side == "sell" else "sell", usual.qty, usual.price)
        await tried(s, "place_order", **c.order(s, side, merge="short", close=close))
    await c.meet(s, "sell", 2 * usual.qty, usual.price)
    await tried(s, "place_order", **c.order(s, "buy", merge="split", margin_method="cross"))
    if s.client.has("place_order.market"):
        market = {"symbol": usual.symbol, "side": "buy", "type": "market", "qty": text(usual.qty)}
        await tried(s, "place_order", **market, position=c.terms())
    for row in await c.true_positions(s):
        if row["merge"] == "split":
            await c.meet(s, "buy", usual.qty, usual.price)
            terms = {"merge": "split", "margin_method": "cross", "close": True, "position_id": row["position_id"]}
            await tried(s, "place_order", **c.order(s, "sell", **terms))
    await tried(s, "place_order", **c.order(s, "buy", price=usual.price - 1_000))
    for order in await s.venue.orders(ME, "live"):
        await tried(s, "cancel_order", symbol=usual.symbol, order_id=order["order_id"])


def _new_order(judge: Judge, entry: Entry) -> Mapping[str, Json] | None:
    """The body of an order for a contract; None for anything else."""
    if entry.kind != REQUEST or entry.get("route") != judge.facts.route("place_order"):
        return None
    body = entry.json
    if not isinstance(body, dict):
        return None
    of_contract = str(body.get("symbol")).endswith(_SWAP) or any(name in body for name in FIELDS)
    return body if of_contract else None


@watched(
    "ktx/orders/950",
    "Every order for a contract says its market, how it merges, its margin method, its leverage and whether it closes.",
    requirement="positionMerge, marginMethod, leverage and close are required for contracts, also in orders that close, and "
    "the market is lpc: -21001 without one, -22003 in another market.",
    source="ktx§7",
    play=contract_day,
    needs=c.CONTRACTS,
)
def orders_are_complete(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        body = _new_order(judge, entry)
        if body is None:
            return
        judge.saw()
        missing = [name for name in FIELDS if name not in body]
        if missing:
            judge.object("an order for a contract is complete", expected=", ".join(missing), seen="an order without", at=entry)
        if body.get("market") != "lpc":
            judge.object("its market is that of contracts", expected="lpc", seen=body.get("market"), at=entry)

    return look


@watched(
    "ktx/orders/960",
    "Leverage is sent as a whole number, and closing as true or false.",
    requirement="The table has leverage as int and close as bool; quantities and prices alone are text.",
    source="ktx§7",
    level=Level.SHOULD,
    play=contract_day,
    needs=c.CONTRACTS,
)
def types_are_those_of_the_table(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        body = _new_order(judge, entry)
        if body is None:
            return
        leverage, close = body.get("leverage"), body.get("close")
        if leverage is not None:
            judge.saw()
            whole = isinstance(leverage, Number) and leverage.isdecimal()
            if not whole:
                judge.object("leverage is a whole number", expected="10", seen=repr(leverage), at=entry)
        if close is not None and not isinstance(close, bool):
            judge.object("close is true or false", expected="true or false", seen=repr(close), at=entry)

    return look


@watched(
    "ktx/numbers/950",
    "A position is named by its id as text.",
    requirement="positionId is text in the table: a number of that size does not survive every reader of JSON.",
    source="ktx§7",
    level=Level.SHOULD,
    play=contract_day,
    needs=c.CONTRACTS,
)
def position_ids_are_text(judge: Judge) -> Look:
    def look(entry: Entry) -> None:
        body = _new_order(judge, entry)
        position_id = None if body is None else body.get("positionId")
        if position_id is None or position_id == "0":
            return
        judge.saw()
        if isinstance(position_id, Number) or not isinstance(position_id, str):
            judge.object("an id is text", expected="text", seen=position_id, at=entry)

    return look
