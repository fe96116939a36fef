"""What cases about contracts share: orders for positions, somebody to trade with, prices and funding as a case wants them.

Knows no venue: names come from its facts. Terms of positions are the driver protocol's. `symbol` None: the first contract.

Funding takes hours, in which signatures grow old and sockets without a sign of life are closed: `near_funding` goes nearly
all the way at once, before any stream is open, and `pay_funding` the rest in steps, the client's time included.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mockex.conformance.cases.live import MAKER, text
from mockex.conformance.cases.support import ME
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

CONTRACTS = ("place_order", "place_order.position")
POSITIONS = (*CONTRACTS, "positions")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEVERAGE = 10
_NEAR_S = 10
_STEP_S = 5


# --- prices and funding


async def contract(s: Session, symbol: str | None = None) -> Mapping[str, Json]:
    """The venue's own view: index_price, mark_price, funding_rate, next_funding_rate and so on, as text."""
    found: Mapping[str, Json] = await s.venue.call("GET", _path(s, symbol))
    return found


async def set_index(s: Session, price: Decimal | str, symbol: str | None = None) -> None:
    """The index price from now on, whatever its instrument does. What follows has happened: liquidations, for one."""
    await s.venue.call("POST", f"{_path(s, symbol)}/index-price", price=price)


async def release_index(s: Session, symbol: str | None = None) -> None:
    """The index price is that of its instrument again."""
    await s.venue.call("DELETE", f"{_path(s, symbol)}/index-price")


async def set_mark(s: Session, price: Decimal | str, symbol: str | None = None) -> None:
    """Likewise the mark price, by which margins, profits and liquidations go."""
    await s.venue.call("POST", f"{_path(s, symbol)}/mark-price", price=price)


async def release_mark(s: Session, symbol: str | None = None) -> None:
    """The mark price is what the market makes of it again."""
    await s.venue.call("DELETE", f"{_path(s, symbol)}/mark-price")


async def set_funding_rate(s: Session, rate: Decimal | str, symbol: str | None = None) -> None:
    """Of the next payments: longs pay one above zero."""
    await s.venue.call("POST", f"{_path(s, symbol)}/funding-rate", rate=rate)


async def near_funding(s: Session, symbol: str | None = None) -> None:
    """Brings the world to shortly before the next payment, the client's time with it. No stream may be open."""
    left_s = await _until_funding_s(s, symbol)
    if left_s <= _NEAR_S:  # too near to do anything before it
        await pay_funding(s, symbol)
        left_s = await _until_funding_s(s, symbol)
    await s.pass_time(left_s - _NEAR_S, step=left_s - _NEAR_S)


async def pay_funding(s: Session, symbol: str | None = None) -> None:
    """The next payment is made. After `near_funding`, or streams are closed for silence on the way."""
    due = (await contract(s, symbol))["next_funding"]
    while (await contract(s, symbol))["next_funding"] == due:
        left_s = await _until_funding_s(s, symbol)
        await s.pass_time(left_s, step=_STEP_S if left_s <= 2 * _NEAR_S else left_s)


async def fund(s: Session, symbol: str | None = None) -> None:
    """The next payment is made, with everything that comes before it. No stream may be open."""
    await near_funding(s, symbol)
    await pay_funding(s, symbol)


async def _until_funding_s(s: Session, symbol: str | None) -> Decimal:
    due_ms = milliseconds((await contract(s, symbol))["next_funding"])
    return Decimal(due_ms - await s.venue.now_ms()) / 1_000


# --- orders and positions


def terms(**other: Json) -> dict[str, Json]:
    """An isolated, merged long position with leverage 10, unless told otherwise."""
    return {"merge": "long", "margin_method": "isolated", "leverage": str(LEVERAGE), **other}


def order(
    s: Session,
    side: str,
    qty: Decimal | None = None,
    price: Decimal | None = None,
    *,
    symbol: str | None = None,
    **position: Json,
) -> dict[str, Json]:
    """Parameters of `place_order`: a limit order at that price, the usual one if told none, for a position with `terms`."""
    usual = s.facts.contract
    return {
        "symbol": symbol or usual.symbol,
        "side": side,
        "type": "limit",
        "price": text(usual.price if price is None else price),
        "qty": text(usual.qty if qty is None else qty),
        "position": terms(**position),
    }


async def placed(s: Session, **order: Json) -> str:
    """Places an order through the client and gives the venue's id of it, whatever the client tells."""
    await s.client("place_order", **order)
    orders = await s.venue.orders(ME)
    s.expect(orders, "the order reaches the venue", expected="an order", seen="none")
    return str(orders[0]["order_id"])


async def meet(s: Session, side: str, qty: Decimal, price: Decimal, *, symbol: str | None = None, account: str = MAKER) -> str:
    """Somebody else's limit order, which opens a position or, where that account has the opposite one, adds another; its id."""
    position = {"margin_method": "cross", "leverage": LEVERAGE}
    placed = await s.venue.place(account, symbol or s.facts.contract.symbol, side, qty, price, position=position)
    return str(placed["order_id"])


async def opened(
    s: Session, side: str = "buy", qty: Decimal | None = None, price: Decimal | None = None, **position: Json
) -> Mapping[str, Json]:
    """A position of the client's, opened as taker at one price: long for "buy", short for "sell". As the venue has it."""
    usual = s.facts.contract
    position = {"merge": "long" if side == "buy" else "short", **position}
    at, amount = (usual.price if price is None else price), (usual.qty if qty is None else qty)
    await meet(s, "sell" if side == "buy" else "buy", amount, at)
    await s.client("place_order", **order(s, side, amount, at, **position))
    found = await true_positions(s)
    s.expect(found, "the order opens a position", expected="a position", seen="none")
    return found[-1]


async def true_positions(s: Session, symbol: str | None = None, account: str = ME) -> list[Mapping[str, Json]]:
    """Of an account, as the venue has them, oldest first."""
    path = f"/positions?account={account}" + (f"&symbol={symbol}" if symbol else "")
    found: list[Mapping[str, Json]] = (await s.venue.call("GET", path))["positions"]
    return found


async def told_positions(s: Session, symbol: str | None = None) -> list[Mapping[str, Json]]:
    """As the client tells them, of the first contract unless told otherwise."""
    found: list[Mapping[str, Json]] = (await s.client("positions", symbol=symbol or s.facts.contract.symbol))["positions"]
    return found


def milliseconds(iso: str) -> int:
    """Since 1970, of a time as the venue's operator is told it."""
    return (datetime.fromisoformat(iso) - EPOCH) // timedelta(milliseconds=1)


def _path(s: Session, symbol: str | None) -> str:
    return f"/contracts/{symbol or s.facts.contract.symbol}"
