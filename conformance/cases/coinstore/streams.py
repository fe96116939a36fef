"""Coinstore's socket: numbered frames, a history before the trades, whole books, a life of 24 hours (cs§9)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.coinstore.words import SPANS
from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.live import (
    act,
    cadence,
    connections,
    discard,
    distrusts,
    follow_trades,
    lost,
    next_event,
    open_taker,
    order_until,
    place,
    price,
    quote,
    renewed,
    rows,
    shows,
    trade,
    trades_come,
    watch,
)
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, SUBSCRIBED

STREAM = ("stream_open", "subscribe", "next_event")
BOOK = ("stream_open", "book_watch", "book_view")
LIFE_S = 24 * 3_600
STEP_S = 550
"""Less than the ten minutes in which a pong has to come."""


# --- the number of a frame


@case(
    "coinstore/books/010",
    "A missing frame is noticed by its number.",
    requirement="Frames of a connection are numbered from 1 without gaps, echoes and answers included: a gap means that "
    "something was lost, and that a book may be stale.",
    source="cs§9.1",
    needs=(*BOOK, "subscribe.ticker"),
)
async def gap_is_noticed(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await quote(s, "buy", price(s, -1), pair.qty)
    symbol = await watch(s)
    await s.client("subscribe", channel="ticker", symbol=symbol)
    await shows(s, "the book at first", bids=[(price(s, -1), pair.qty)])
    name = s.facts.channel("any_book", symbol=symbol)
    await s.venue.plan({"where": {"channel": name}, "what": {"action": "drop"}})
    await trade(s, pair.qty, price(s, 5))  # the ticker tells of it, and its number is one too high
    await quote(s, "buy", price(s, -2), pair.qty)
    await cadence(s)
    await distrusts(s, "a book after a missing frame is not called in sync")


@case(
    "coinstore/books/020",
    "After a gap the next whole book is trusted again.",
    requirement="Each push of a book is whole: what was missed before it does not matter any more.",
    source="cs§9.4",
    provenance=Provenance.OBSERVED,
    needs=BOOK,
)
async def next_book_heals(s: Session) -> None:
    qty = s.facts.pair.qty
    await quote(s, "buy", price(s, -1), qty)
    symbol = await watch(s)
    name = s.facts.channel("any_book", symbol=symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "drop"}})
    await quote(s, "buy", price(s, -2), qty)
    await cadence(s)
    await quote(s, "buy", price(s, -3), qty)
    await cadence(s)
    bids = [(price(s, -n), qty) for n in (1, 2, 3)]
    await shows(s, "the next book is the whole one", bids=bids)


@case(
    "coinstore/books/030",
    "The numbers of a new connection begin anew.",
    requirement="The count starts at 1 on every connection: a smaller number than before is neither old nor a gap.",
    source="cs§9.1",
    needs=(*BOOK, "reconnect"),
)
async def numbers_begin_anew(s: Session) -> None:
    qty = s.facts.pair.qty
    symbol = await watch(s)
    for n in range(1, 8):
        await quote(s, "buy", price(s, -n), qty)
        await cadence(s)
    name = s.facts.channel("any_book", symbol=symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}})
    since = await s.wire.mark()
    await quote(s, "sell", price(s, 1), qty)
    await cadence(s)
    await lost(s, since=since)
    await renewed(s, [name], "the client follows the book again", since=since)
    await quote(s, "sell", price(s, 2), qty)
    await cadence(s)
    bids, asks = [(price(s, -n), qty) for n in range(1, 8)], [(price(s, n), qty) for n in (1, 2)]
    await shows(s, "the book on the new connection", bids=bids, asks=asks)


@case(
    "coinstore/books/040",
    "A book that is pushed takes the place of the one before.",
    requirement="Pushes of a depth channel are whole books of its levels, not changes: what is not in one is gone, and "
    "quantity 0 never comes.",
    source="cs§9.4",
    provenance=Provenance.OBSERVED,
    needs=(*STREAM, "subscribe.book"),
)
async def whole_books(s: Session) -> None:
    qty = s.facts.pair.qty
    of = {"symbol": s.facts.pair.symbol}
    first = await quote(s, "buy", price(s, -1), qty)
    await quote(s, "buy", price(s, -2), qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", **of)
    book = (await next_event(s, "book", "the book is told at once", **of))["book"]
    same_levels(s, book["bids"], [(price(s, -1), qty), (price(s, -2), qty)], "the whole book comes first")
    await s.venue.cancel(first)
    book = (await next_event(s, "book", "the new book is told", **of))["book"]
    same_levels(s, book["bids"], [(price(s, -2), qty)], "the cancelled level is gone")


@case(
    "coinstore/books/050",
    "A level that moves into the book from below is in it.",
    requirement="A channel has so many levels: with a cancel of the best one, the next below moves up and is told.",
    source="cs§9.4",
    needs=(*STREAM, "subscribe.book"),
)
async def level_moves_up(s: Session) -> None:
    qty = s.facts.pair.qty
    of = {"symbol": s.facts.pair.symbol}
    best = await quote(s, "buy", price(s, -1), qty)
    for n in range(2, 31):
        await quote(s, "buy", price(s, -n), qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", **of)
    levels = len((await next_event(s, "book", "the book is told at once", **of))["book"]["bids"])
    await s.venue.cancel(best)
    book = (await next_event(s, "book", "the new book is told", **of))["book"]
    expected = [(price(s, -n), qty) for n in range(2, min(levels, 29) + 2)]
    same_levels(s, book["bids"], expected, "as many levels as before, from the second on")


# --- trades, tickers, candles


@case(
    "coinstore/streams/010",
    "Trades of before come in one frame, those of now one by one, and each is told once.",
    requirement="A subscription is answered with a frame whose `data` lists trades of before, the oldest first; then each "
    "trade is a frame of its own, without `data`.",
    source="cs§9.4",
    provenance=Provenance.OBSERVED,
    level=Level.SHOULD,
    needs=(*STREAM, "subscribe.trades"),
)
async def history_then_trades(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    for n in (1, 2):
        await trade(s, pair.qty, price(s, n))
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    before = await rows(s, "trades", 2, "the trades of before are told", symbol=pair.symbol)
    s.equal(sorted(Decimal(row["price"]) for row in before), [price(s, 1), price(s, 2)], "the trades of before")
    await trade(s, pair.qty, price(s, 3))
    now = await rows(s, "trades", 1, "a trade of now is told", symbol=pair.symbol)
    s.equal([Decimal(row["price"]) for row in now], [price(s, 3)], "the trade of now, once")


@case(
    "coinstore/streams/020",
    "A trade is told with its milliseconds.",
    requirement="Trades have `time` in seconds and `ts` in milliseconds, though the document calls all times seconds.",
    source="cs§5",
    needs=(*STREAM, "subscribe.trades"),
)
async def milliseconds_of_trades(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    await s.venue.advance(Decimal("1.234"))
    await trade(s, pair.qty, price(s, 0))
    at_ms = await s.venue.now_ms()
    row = (await rows(s, "trades", 1, "the trade is told", symbol=pair.symbol))[0]
    s.equal(s.member(row, "time_ms"), at_ms, "the time of the trade")


@case(
    "coinstore/streams/030",
    "A ticker of the stream has no best prices, and none is made up.",
    requirement="Tickers of the stream leave out bid and ask, which those over REST have.",
    source="cs§9.4",
    needs=(*STREAM, "subscribe.ticker"),
)
async def ticker_without_best_prices(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await quote(s, "buy", price(s, -4), pair.qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="ticker", symbol=pair.symbol)
    await discard(s, "ticker", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 0))
    ticker = (await next_event(s, "ticker", "the ticker is told", symbol=pair.symbol))["ticker"]
    for name in ("bid", "ask"):
        told = ticker.get(name)
        true = {"bid": price(s, -4), "ask": None}[name]
        holds = told is None or (true is not None and Decimal(told) == true)
        s.expect(holds, f"no {name} is made up", expected="none", seen=told)
    s.amount(ticker.get("volume"), pair.qty, "the volume counts the base currency")


@case(
    "coinstore/streams/040",
    "Candle channels have names of their own.",
    requirement="An hour is hour_1 in channels, where requests say 60min; other names are refused.",
    source="cs§9.3",
    needs=("stream_open", "subscribe", "subscribe.candles"),
)
async def candle_channels(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=False)
    for seconds in SPANS:
        await s.client("subscribe", channel="candles", symbol=symbol, interval_s=seconds)
    named = [each["channel"] for each in await s.wire.entries(SUBSCRIBED)]
    for seconds, (_, name) in SPANS.items():
        found = [each for each in named if each.endswith(f"@kline@{name}")]
        s.expect(found, f"candles of {seconds} s are subscribed", expected=f"...@kline@{name}", seen=named)


# --- private channels


@case(
    "coinstore/streams/050",
    "Fees of fills come with the stream as they are.",
    requirement="An order's push has the match that caused it: `fee` is a JSON number, in the currency received.",
    source="cs§9.5",
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def fee_on_the_stream(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await quote(s, "sell", price(s, 0), pair.min_qty)
    order_id = await place(s, "buy", pair.min_qty, price(s, 0))
    found = []
    for _ in range(3):
        event = await next_event(s, "orders", "the fill is told", symbol=pair.symbol)
        found += event.get("fills", ())
        if found:
            break
    fill = s.single(found, "one trade is one fill")
    s.equal(fill["order_id"], order_id, "the fill belongs to the order")
    s.amount(fill.get("fee"), pair.min_qty * Decimal("0.002"), "its fee")


@case(
    "coinstore/streams/060",
    "What is filled of an order is told as a total, not as the last match.",
    requirement="Pushes of orders have totals: `execQty` is all that is filled, `matchQty` what was matched just now.",
    source="cs§9.5",
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def totals_and_matches(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", 5 * pair.qty, price(s, 0))
    for parts in (1, 2):
        await s.venue.place("bob", pair.symbol, "sell", parts * pair.qty, price(s, 0))
    await s.venue.cancel(order_id)
    row = (await order_until(s, order_id, "cancelled", "the end of the order is told"))[-1]
    s.amount(row.get("filled_qty"), 3 * pair.qty, "all that is filled")
    s.amount(row.get("qty"), 5 * pair.qty, "the quantity asked for")


# --- the life of a connection


@case(
    "coinstore/streams/070",
    "A connection that the venue ends after 24 hours is renewed with its channels.",
    requirement="No connection lives longer than 24 hours.",
    source="cs§9",
    needs=(*STREAM, "subscribe.trades", "reconnect", "clock", "elapse"),
)
async def longer_than_a_day(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    since = await s.wire.mark()
    await s.pass_time(LIFE_S + 300, step=STEP_S)
    await renewed(s, [s.facts.channel("trades", symbol=pair.symbol)], "the client subscribes again", since=since)
    await trades_come(s, "events come on the new connection", at=price(s, 3))


@case(
    "coinstore/streams/080",
    "A client renews its connection before the venue ends it.",
    requirement="The end after 24 hours is known beforehand; whoever waits for it misses what happens until the next "
    "connection.",
    source="cs§9",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.trades", "reconnect", "clock", "elapse"),
)
async def renewed_in_time(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    since = await s.wire.mark()
    await s.pass_time(LIFE_S + 300, step=STEP_S)
    for _ in range(3):
        await act(s)
    ended = await s.wire.entries(CLOSE, since=since, by="server")
    s.expect(not ended, "the venue has nothing to end", expected="no close", seen=f"{len(ended)} closes", at=ended)
    taken = await connections(s, since=since)
    s.expect(taken, "the client has renewed the connection", expected="a new connection", seen="none")


@case(
    "coinstore/streams/090",
    "A stream that was subscribed to everything before it was lost gets everything again.",
    requirement="A new connection has neither login nor channels; a restart of the venue ends all of them.",
    source="cs§9",
    needs=(*STREAM, "subscribe.orders", "subscribe.balances", "subscribe.trades", "place_order", "reconnect"),
)
async def everything_again(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    names = [s.facts.channel(each, symbol=pair.symbol, currency=pair.quote) for each in ("orders", "balances", "trades")]
    await s.venue.plan({"where": {"channel": names[2]}, "when": {"nth": 1}, "what": {"action": "close", "code": 1012}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await lost(s, since=since)
    await renewed(s, names, "every channel is subscribed again", since=since)
    order_id = await place(s, "buy", pair.qty, price(s, -5))
    await order_until(s, order_id, "open", "orders are told again")
