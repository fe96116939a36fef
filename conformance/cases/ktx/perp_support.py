"""What KTX's own cases about perpetuals share, beside what `cases.contracts` has for any venue: trades of the client's, what it
tells of money, and the numbers of the worked examples of ktx§11.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.live import rows, text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import WorldWish
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry

D = Decimal

WORKED = WorldWish(balances={ME: {"USDT": "100000"}})
"""The account of the worked example."""

ENTRY = D("99990")  # of the worked example: 0.1 at leverage 10
LIQUIDATED_ENTRY = D("109398.9")  # of the table of liquidations: likewise

OPPOSITE = {"buy": "sell", "sell": "buy"}
STREAM = ("stream_open", "subscribe", "next_event")


async def traded(
    s: Session,
    side: str,
    qty: Decimal | None = None,
    price: Decimal | None = None,
    *,
    symbol: str | None = None,
    **position: Json,
) -> Mapping[str, Json]:
    """An order of the client's for a contract that finds what it wants at once, as the venue has it then."""
    usual = s.facts.contract
    qty, price = qty or usual.qty, price or usual.price
    await c.meet(s, OPPOSITE[side], qty, price, symbol=symbol)
    order_id = await c.placed(s, **c.order(s, side, qty, price, symbol=symbol, **position))
    return await standing(s, order_id)


async def standing(s: Session, order_id: str) -> Mapping[str, Json]:
    """An order as the venue has it."""
    found: Mapping[str, Json] = await s.venue.order(order_id)
    return found


async def told_order(s: Session, order_id: str) -> Mapping[str, Json]:
    """An order for the first contract as the client tells it."""
    told: Mapping[str, Json] = (await s.client("order", symbol=s.facts.contract.symbol, order_id=order_id))["order"]
    return told


async def placed_on_spot(s: Session) -> str:
    """The client buys the usual quantity of the contract's pair at the usual price; the order's id."""
    pair = s.facts.pair
    return await c.placed(s, symbol=pair.symbol, side="buy", type="limit", price=text(pair.price), qty=text(pair.qty))


async def listens(s: Session, *channels: str) -> None:
    """The client opens its private stream and follows these channels of the first contract, its money among them."""
    usual = s.facts.contract
    await s.client("stream_open", private=True)
    for channel in channels:
        of = {"currency": usual.quote} if channel == "balances" else {"symbol": usual.symbol}
        await s.client("subscribe", channel=channel, **of)


async def pushed_position(s: Session, what: str) -> Mapping[str, Json]:
    """The next that is pushed of the first contract."""
    row: Mapping[str, Json] = (await rows(s, "positions", 1, what, symbol=s.facts.contract.symbol))[0]
    return row


async def only_position(s: Session, what: str, symbol: str | None = None) -> Mapping[str, Json]:
    """The only one that the client tells of a contract."""
    return s.single(await c.told_positions(s, symbol), what)


async def quantities(s: Session) -> list[Decimal]:
    """Of the client's positions, as the venue has them, oldest first."""
    return [D(row["qty"]) for row in await c.true_positions(s)]


async def usdt(s: Session) -> Mapping[str, Json]:
    """What the client tells of the money that contracts are paid in."""
    quote = s.facts.contract.quote
    rows = [row for row in (await s.client("balances"))["balances"] if row["currency"] == quote]
    return s.single(rows, f"{quote} is among the balances")


async def booked(s: Session) -> list[Mapping[str, Json]]:
    """What the client tells of the ledger of that money, oldest first, deposits left out."""
    rows = (await s.client("ledger", currency=s.facts.contract.quote))["entries"]
    return [row for row in rows[::-1] if s.member(row, "type") != "transfer"]


async def sent_order(s: Session, since: int = 0) -> tuple[Mapping[str, Json], Entry]:
    """The body of the only order that the client sent, and where it stands."""
    sent = await s.one_request("place_order", since=since)
    s.expect(isinstance(sent.json, dict), "an order is a JSON object", expected="an object", seen=sent.body, at=sent)
    return sent.json, sent


async def newest(s: Session) -> Mapping[str, Json]:
    """The position that the client opened last, as the venue has it."""
    found = await c.true_positions(s)
    s.expect(found, "a position is opened", expected="a position", seen="none")
    return found[-1]


async def newest_told(s: Session) -> Mapping[str, Json]:
    """The one with the highest id that the client tells."""
    found = await c.told_positions(s)
    s.expect(found, "a position is told", expected="a position", seen="none")
    return max(found, key=lambda row: int(s.member(row, "position_id")))


async def forced_order(s: Session) -> Mapping[str, Json]:
    """The order of the client's account that a liquidation has placed."""
    found = [row for row in await s.venue.orders(ME) if row["position"] and row["position"]["forced"]]
    order: Mapping[str, Json] = s.single(found, "the position is liquidated")
    return order


def amounts(s: Session, row: Mapping[str, Json], what: str, **expected: Decimal | str) -> None:
    """Fails unless these members of a row are these numbers."""
    for name, amount in expected.items():
        s.amount(row.get(name), amount, f"{what}: {name}")
