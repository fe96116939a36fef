"""KTX's user socket about perpetuals, and the market socket's channels of contracts (ktx§8, ktx§9)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import (
    ENTRY,
    OPPOSITE,
    STREAM,
    WORKED,
    D,
    amounts,
    listens,
    only_position,
    pushed_position,
    traded,
)
from mockex.conformance.cases.live import (
    TAKER,
    discard,
    lost,
    next_event,
    no_event,
    open_taker,
    renewed,
    rows,
    shows,
    text,
    trade,
)
from mockex.conformance.model import Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED
POSITIONS = (*STREAM, *c.CONTRACTS, "subscribe.positions")
ORDERS = (*STREAM, *c.CONTRACTS, "subscribe.orders")


# --- positions


@case(
    "ktx/streams/530",
    "A position is pushed as soon as an opening order rests, and again with every change.",
    requirement="Pushes have quantity 0 and the order's margin first (1009.899), then quantity, entry and posMargin (999.9).",
    source="ktx§9",
    needs=POSITIONS,
    world=WORKED,
)
async def position_begins(s: Session) -> None:
    await listens(s, "positions")
    await s.client("place_order", **c.order(s, "buy", D("0.1"), ENTRY))
    told = await pushed_position(s, "the position is told with its order")
    amounts(s, told, "with an order alone", qty="0", order_margin="1009.899", position_margin="0")
    await c.meet(s, "sell", D("0.04"), ENTRY)
    told = await pushed_position(s, "the first fill is told")
    amounts(s, told, "after the first fill", qty="0.04", order_margin="605.9394", position_margin="399.96")
    await c.meet(s, "sell", D("0.06"), ENTRY)
    told = await pushed_position(s, "the last fill is told")
    amounts(s, told, "after the last fill", qty="0.1", entry_price=ENTRY, order_margin="0", position_margin="999.9")


@case(
    "ktx/streams/540",
    "The end of a position is told.",
    requirement='A position that reaches 0 and has no orders is pushed a last time, with quantity "0".',
    source="ktx§11",
    provenance=PROPOSED,
    needs=POSITIONS,
)
async def position_ends(s: Session) -> None:
    true = await c.opened(s)
    await listens(s, "positions")
    await discard(s, "positions", symbol=s.facts.contract.symbol)
    await traded(s, "sell", close=True)
    told = await pushed_position(s, "the end is told")
    s.equal(s.member(told, "position_id"), true["position_id"], "of the same position")
    s.amount(told["qty"], "0", "nothing is left of it")


@case(
    "ktx/streams/550",
    "A position of which only an order was there ends with the order, and is told.",
    requirement="Cancelling the last opening order of a position without quantity ends it: a last push with 0.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*POSITIONS, "cancel_order"),
)
async def position_ends_with_its_order(s: Session) -> None:
    symbol = s.facts.contract.symbol
    await listens(s, "positions")
    order_id = await c.placed(s, **c.order(s, "buy"))
    await pushed_position(s, "the position is told with its order")
    await s.client("cancel_order", symbol=symbol, order_id=order_id)
    told = await pushed_position(s, "the end is told")
    amounts(s, told, "without its order", qty="0", order_margin="0")


@case(
    "ktx/streams/560",
    "A short is pushed with a quantity below zero, and its share as it is closed.",
    requirement="Quantities of positions are whole and signed: a push is no change to add up.",
    source="ktx§9",
    needs=POSITIONS,
)
async def shorts_are_pushed(s: Session) -> None:
    qty = s.facts.contract.qty
    await listens(s, "positions")
    for side, close, left in (("sell", False, -qty), ("sell", False, -2 * qty), ("buy", True, -qty)):
        await c.meet(s, OPPOSITE[side], qty, s.facts.contract.price)
        await s.client("place_order", **c.order(s, side, merge="short", close=close))
        s.amount((await pushed_position(s, "the change is told"))["qty"], left, "the quantity")


@case(
    "ktx/streams/570",
    "Positions of another contract are not told for the one asked for.",
    requirement="The stream has the positions of all contracts, each with its symbol.",
    source="ktx§9",
    needs=POSITIONS,
)
async def one_contract(s: Session) -> None:
    usual, other = s.facts.contracts[:2]
    await listens(s, "positions")
    await s.client("place_order", **c.order(s, "buy", other.qty, other.price, symbol=other.symbol))
    await no_event(s, "positions", "nothing is told of the other contract", symbol=usual.symbol)
    await s.client("place_order", **c.order(s, "buy"))
    s.equal((await pushed_position(s, "the one asked for is told"))["symbol"], usual.symbol, "its symbol")


@case(
    "ktx/streams/580",
    "After many trades the last push of every position is what the venue lists.",
    requirement="Every push is whole. Positions that the stream has ended are listed no more, and those that are listed are as "
    "last pushed.",
    source="ktx§9",
    needs=(*POSITIONS, *c.POSITIONS),
)
async def stream_equals_list(s: Session) -> None:
    usual = s.facts.contract
    await listens(s, "positions")
    for n, (side, merge, close) in enumerate(
        (
            ("buy", "long", False),
            ("sell", "short", False),
            ("buy", "long", False),
            ("sell", "long", True),
            ("buy", "split", False),
            ("buy", "short", True),
            ("sell", "short", False),
        )
    ):
        await traded(s, side, price=usual.price + 7 * n, merge=merge, close=close)
    await s.client("place_order", **c.order(s, "buy", price=usual.price - 500))
    await s.client.settle()
    pushed: dict[str, Mapping[str, Json]] = {}
    while (event := await _next(s)) is not None:
        pushed |= {s.member(row, "position_id"): row for row in event["positions"]}
    names = ("qty", "entry_price", "position_margin", "order_margin")
    last = {each: [_number(s.member(row, name)) for name in names] for each, row in pushed.items() if not _is_over(row)}
    listed = {row["position_id"]: [_number(row[name]) for name in names] for row in await c.true_positions(s)}
    s.equal(last, listed, "what was last pushed of each position")
    told = {s.member(row, "position_id"): [_number(s.member(row, name)) for name in names] for row in await c.told_positions(s)}
    s.equal(told, listed, "what is told when asked")


async def _next(s: Session) -> Mapping[str, Json] | None:
    event: Mapping[str, Json] | None = (
        await s.client("next_event", channel="positions", symbol=s.facts.contract.symbol, timeout_ms=0)
    )["event"]
    return event


def _is_over(row: Mapping[str, Json]) -> bool:
    return not D(row["qty"]) and not D(row.get("order_margin") or 0)


def _number(value: Json) -> str:
    """As text that is alike for equal numbers."""
    return text(Decimal(value).normalize())


# --- orders


@case(
    "ktx/streams/590",
    "An order for a contract is pushed with what it does and what it has realised.",
    requirement="Pushes have the order object: close, action and profit too.",
    source="ktx§9",
    needs=ORDERS,
)
async def orders_are_pushed(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    await listens(s, "orders")
    await discard(s, "orders", symbol=usual.symbol)
    order_id = await c.placed(s, **c.order(s, "sell", price=usual.price + 100, close=True))
    await c.meet(s, "buy", usual.qty, usual.price + 100)
    first, last = (await rows(s, "orders", 2, "the order and its fill are told", symbol=usual.symbol))[:2]
    for row in (first, last):
        s.equal(row["order_id"], order_id, "it is told of the order")
        s.equal(s.member(row, "action"), "reduce_long", "with its action")
    s.amount(first.get("profit"), "0", "nothing is realised at first")
    s.amount(last.get("profit"), usual.qty * 100, "what the fill has realised")


# --- lost connections


@case(
    "ktx/streams/600",
    "Positions are pushed again on a renewed connection.",
    requirement="A new connection needs a login; then positions flow as before.",
    source="ktx§9",
    needs=(*POSITIONS, "reconnect"),
)
async def pushed_on_the_next_connection(s: Session) -> None:
    symbol = s.facts.contract.symbol
    await listens(s, "positions")
    await _cut(s)
    await discard(s, "positions", symbol=symbol)
    await s.client("place_order", **c.order(s, "sell", merge="short"))
    told = await pushed_position(s, "a change is told on the new connection")
    s.equal(s.member(told, "merge"), "short", "the position that changed")


@case(
    "ktx/streams/610",
    "What happened to a position while the connection was lost is known to a client that is asked.",
    requirement="Nothing is pushed a second time, and no first picture comes after a login: GET /v1/positions tells.",
    source="ktx§9",
    provenance=PROPOSED,
    needs=(*POSITIONS, "positions", "reconnect"),
)
async def asked_after_a_loss(s: Session) -> None:
    usual = s.facts.contract
    await s.client("place_order", **c.order(s, "buy", 2 * usual.qty))
    await listens(s, "positions")
    await c.meet(s, "sell", usual.qty, usual.price)
    await pushed_position(s, "a fill is told")
    name = s.facts.channel("positions")
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await c.meet(s, "sell", usual.qty, usual.price)
    await lost(s, since=since)
    await renewed(s, [name], "the client logs in again", since=since)
    told = await only_position(s, "the position is told")
    s.amount(told["qty"], 2 * usual.qty, "with what was filled meanwhile")


async def _cut(s: Session) -> None:
    """The connection is lost with the next push of a position, and renewed."""
    name = s.facts.channel("positions")
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await s.client("place_order", **c.order(s, "buy"))
    await lost(s, since=since)
    await renewed(s, [name], "the client logs in again", since=since)


# --- market data


@case(
    "ktx/market/500",
    "Market data of a contract is the contract's, not its pair's.",
    requirement="Books, trades, tickers and candles are asked for by market and symbol: BTC_USDT_SWAP is of lpc.",
    source="ktx§6",
    needs=("book", "trades", "ticker"),
)
async def data_of_the_contract(s: Session) -> None:
    usual, pair = s.facts.contract, s.facts.pair
    await open_taker(s)
    await trade(s, pair.qty, pair.price)
    await c.meet(s, "sell", usual.qty, usual.price + 300)
    await c.meet(s, "buy", usual.qty, usual.price + 300, account=TAKER)
    await c.meet(s, "buy", usual.qty, usual.price + 200)
    told = s.single((await s.client("trades", symbol=usual.symbol))["trades"], "one trade of the contract")
    s.amount(told["price"], usual.price + 300, "its price")
    book = (await s.client("book", symbol=usual.symbol))["book"]
    s.equal([[D(level[0]), D(level[1])] for level in book["bids"]], [[usual.price + 200, usual.qty]], "the contract's bids")
    ticker = (await s.client("ticker", symbol=usual.symbol))["ticker"]
    amounts(s, ticker, "the contract's ticker", last=usual.price + 300)
    ticker = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    amounts(s, ticker, "the pair's ticker", last=pair.price)


@case(
    "ktx/streams/620",
    "Channels of a contract are the contract's.",
    requirement="Names of streams begin with the market: lpc.BTC_USDT_SWAP.trades.",
    source="ktx§8",
    needs=(*STREAM, "subscribe.trades"),
)
async def channels_of_the_contract(s: Session) -> None:
    usual, pair = s.facts.contract, s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=usual.symbol)
    await trade(s, pair.qty, pair.price)
    await c.meet(s, "sell", usual.qty, usual.price + 300)
    await c.meet(s, "buy", usual.qty, usual.price + 300, account=TAKER)
    event = await next_event(s, "trades", "the trade is told", symbol=usual.symbol)
    told = s.single(event["trades"], "one trade is told")
    s.amount(told["price"], usual.price + 300, "the contract's")


@case(
    "ktx/books/500",
    "A followed book of a contract is the contract's.",
    requirement="Books of contracts come whole and then as changes, like those of pairs, each in its own channel.",
    source="ktx§8",
    needs=("stream_open", "book_watch", "book_view"),
)
async def book_of_the_contract(s: Session) -> None:
    usual, pair = s.facts.contract, s.facts.pair
    await s.venue.place("bob", pair.symbol, "buy", pair.qty, pair.price - 50)
    await c.meet(s, "buy", usual.qty, usual.price - 10)
    await s.client("stream_open", private=False)
    await s.client("book_watch", symbol=usual.symbol)
    bids, asks = [(usual.price - 10, usual.qty)], [(usual.price + 10, 2 * usual.qty)]
    await shows(s, "the contract's book at first", bids=bids, symbol=usual.symbol)
    await c.meet(s, "sell", 2 * usual.qty, usual.price + 10)
    await s.venue.advance(1)
    await shows(s, "the contract's book after a change", bids=bids, asks=asks, symbol=usual.symbol)
