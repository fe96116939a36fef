"""Streams: what events say, in which order, and what becomes of subscriptions when a connection is lost."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import buy_cost
from mockex.conformance.cases.live import (
    MAKER,
    cadence,
    connections,
    discard,
    follow_trades,
    next_event,
    no_event,
    open_taker,
    order_until,
    place,
    price,
    rows,
    text,
    trade,
    trades_come,
)
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session
from mockex.conformance.trace import OUT, UNSUBSCRIBED

PUBLIC = ("stream_open", "subscribe", "next_event")
PRIVATE = (*PUBLIC, "subscribe.orders", "place_order")


# --- what events say


@case(
    "common/streams/010",
    "A ticker says what was last paid and what is bid and asked.",
    requirement="The ticker's best bid, best ask and last price are three different facts.",
    needs=(*PUBLIC, "subscribe.ticker"),
)
async def ticker_tells_the_market(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await trade(s, pair.qty, price(s, 0))
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="ticker", symbol=pair.symbol)
    await discard(s, "ticker", symbol=pair.symbol)
    await s.venue.place(MAKER, pair.symbol, "buy", pair.qty, price(s, -3))
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 5))
    await trade(s, pair.qty, price(s, 2))
    await cadence(s)
    ticker = (await next_event(s, "ticker", "a change of the market is told", symbol=pair.symbol))["ticker"]
    s.amount(ticker.get("last"), price(s, 2), "the last price is that of the newest trade")
    if ticker.get("bid") is not None or ticker.get("ask") is not None:
        s.amount(ticker.get("bid"), price(s, -3), "the bid is the best price that somebody pays")
        s.amount(ticker.get("ask"), price(s, 5), "the ask is the best price that somebody takes")


@case(
    "common/streams/020",
    "Every public trade is told once, in order, with its price, quantity and the taker's side.",
    requirement="The venue pushes each trade as it happens; the side of a trade is that of the order that took.",
    needs=(*PUBLIC, "subscribe.trades"),
)
async def trades_come_in_order(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    made = [(pair.qty * (n + 1), price(s, n * (-1) ** n), "buy" if n % 3 else "sell") for n in range(6)]
    for qty, at, side in made:
        await trade(s, qty, at, side=side)
    told = await rows(s, "trades", len(made), "every trade is told", symbol=pair.symbol)
    for number, (row, (qty, at, side)) in enumerate(zip(told, made, strict=False), 1):
        s.amount(row["price"], at, f"trade {number} has its price")
        s.amount(row["qty"], qty, f"trade {number} has its quantity")
        if row.get("side") is not None:
            s.equal(row["side"], side, f"trade {number} has the taker's side")
    s.equal(len(told), len(made), "each trade is told once")
    await no_event(s, "trades", "each trade is told once", symbol=pair.symbol)


@case(
    "common/streams/030",
    "A trade is told with the venue's own id of it.",
    requirement="Trades are told apart, and a repetition is recognised, by the id that the venue gave.",
    level=Level.SHOULD,
    needs=(*PUBLIC, "subscribe.trades"),
)
async def trades_keep_their_ids(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    since = await s.wire.mark()
    for n in range(3):
        await trade(s, pair.qty, price(s, n))
    told = await rows(s, "trades", 3, "every trade is told", symbol=pair.symbol)
    pushed = await s.wire.entries(OUT, since=since, channel=s.facts.channel("trades", symbol=pair.symbol))
    for row, push in zip(told, pushed, strict=True):
        trade_id = s.member(row, "trade_id")
        s.expect(
            f'"{trade_id}"' in push["text"] or f":{trade_id}" in push["text"],
            "the id is the venue's",
            expected="an id that stands in the push",
            seen=trade_id,
            at=push,
        )


@case(
    "common/streams/040",
    "A candle is told with its begin and its open, high, low and close.",
    requirement="The candle of the present grows with every trade: the newest row of a period replaces the one before.",
    needs=(*PUBLIC, "subscribe.candles"),
)
async def candles_grow(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    begin_ms = await s.venue.now_ms() // 60_000 * 60_000
    of = {"symbol": pair.symbol, "interval_s": 60}
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="candles", **of)
    await discard(s, "candles", **of)
    for steps in (1, 4, -2, 2):
        await trade(s, pair.qty, price(s, steps))
    await cadence(s)
    candle = (await rows(s, "candles", 1, "the candle that was traded in is told", **of))[-1]
    s.equal(candle["time_ms"], begin_ms, "a candle is named by its begin, in ms")
    for name, steps in (("open", 1), ("high", 4), ("low", -2), ("close", 2)):
        s.amount(candle[name], price(s, steps), f"the candle has its {name}")
    if candle.get("volume") is not None:
        s.amount(candle["volume"], 4 * pair.qty, "the candle has the volume in base currency")


@case(
    "common/streams/050",
    "An own order is told open, then partly filled, then filled, with all that is filled so far.",
    requirement="Each change of an order is pushed with its state and the quantity filled since its beginning.",
    needs=PRIVATE,
)
async def order_is_followed(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty * 4, price(s, 0))
    for part in (1, 2, 1):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty * part, price(s, 0))
    seen = await order_until(s, order_id, "filled", "the order is told until it is filled")
    s.equal(
        [row["status"] for row in seen], ["open", "partly_filled", "partly_filled", "filled"], "each change is told, in order"
    )
    for row, parts in zip(seen, (0, 1, 3, 4), strict=True):
        s.amount(row.get("filled_qty"), pair.qty * parts, "what is filled is all that was filled so far")
        s.amount(row.get("qty"), pair.qty * 4, "the quantity is what was ordered")
        s.amount(row.get("price"), price(s, 0), "the price is the order's")
        s.equal(s.member(row, "side"), "buy", "the side is the order's")


@case(
    "common/streams/060",
    "A cancelled order is told as cancelled, also if a part of it was filled.",
    requirement="The end of an order is pushed; what was filled before it stays filled.",
    needs=(*PRIVATE, "cancel_order"),
)
async def cancel_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    for parts in (0, 1):
        order_id = await place(s, "buy", pair.qty * 4, price(s, 0))
        if parts:
            await s.venue.place(MAKER, pair.symbol, "sell", pair.qty * parts, price(s, 0))
        await s.client("cancel_order", symbol=pair.symbol, order_id=order_id)
        row = (await order_until(s, order_id, "cancelled", "the end of a cancelled order is told"))[-1]
        s.amount(row.get("filled_qty"), pair.qty * parts, "what was filled before stays filled")


@case(
    "common/streams/070",
    "The fills of an order that takes at several prices are told one by one.",
    requirement="An order that meets several others trades with each, at each one's price, best first.",
    needs=PRIVATE,
)
async def sweep_is_told(s: Session) -> None:
    pair = s.facts.pair
    for n in range(5):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, n))
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty * 5, price(s, 10))
    seen = await order_until(s, order_id, "filled", "the order is told until it is filled")
    filled = [Decimal(s.told(row.get("filled_qty"), "filled_qty")) for row in seen]
    s.equal(filled, [pair.qty * n for n in range(6)], "the filled quantity grows fill by fill")
    if seen[-1].get("average_price") is not None:
        s.amount(seen[-1]["average_price"], price(s, 2), "the average price is the mean of the fills")


@case(
    "common/streams/080",
    "A balance is told with its total, what is available and what is held.",
    requirement="An order holds money: it stays in the total and leaves what is available.",
    needs=(*PUBLIC, "subscribe.balances", "place_order"),
)
async def balances_are_followed(s: Session) -> None:
    pair = s.facts.pair
    before = Decimal((await s.venue.account("alice"))["balances"]["spot"][pair.quote]["total"])
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await discard(s, "balances", currency=pair.quote)
    await place(s, "buy", pair.qty, price(s, 0))
    row = (await rows(s, "balances", 1, "a change of the balance is told", currency=pair.quote))[-1]
    s.equal(row["currency"], pair.quote, "the currency is named")
    s.amount(row.get("total"), before, "the total still has what is held")
    cost = buy_cost(s, price(s, 0), pair.qty)
    if row.get("held") is not None:
        s.amount(row["held"], cost, "what the order holds is held")
    s.amount(row.get("available"), before - cost, "what is held is not available")


@case(
    "common/streams/090",
    "Events of two instruments are kept apart.",
    requirement="Each push names its instrument.",
    needs=(*PUBLIC, "subscribe.trades"),
)
async def instruments_are_kept_apart(s: Session) -> None:
    one, other = s.facts.pairs[:2]
    await s.venue.call("POST", "/accounts", account="carol", balances={one.quote: "1000000000", other.quote: "1000000000"})
    await s.client("stream_open", private=False)
    for pair in (one, other):
        await s.client("subscribe", channel="trades", symbol=pair.symbol)
    for pair in (other, one, other):
        await trade(s, pair.qty, pair.price, symbol=pair.symbol)
    for pair, count in ((one, 1), (other, 2)):
        told = await rows(s, "trades", count, "the trades of both are told", symbol=pair.symbol)
        s.equal(len(told), count, f"{pair.symbol} has its own trades")
        for row in told:
            s.amount(row["price"], pair.price, f"a trade of {pair.symbol} has its price")
        await no_event(s, "trades", f"{pair.symbol} has its own trades only", symbol=pair.symbol)


# --- subscriptions


@case(
    "common/streams/100",
    "An ended subscription brings nothing more, and the others go on.",
    requirement="A channel is unsubscribed by name; the venue then sends no more of it.",
    needs=(*PUBLIC, "subscribe.trades", "subscribe.ticker", "unsubscribe"),
)
async def unsubscribed_is_silent(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    for channel in ("trades", "ticker"):
        await s.client("subscribe", channel=channel, symbol=pair.symbol)
    await discard(s, "ticker", symbol=pair.symbol)
    await s.client("unsubscribe", channel="trades", symbol=pair.symbol)
    name = s.facts.channel("trades", symbol=pair.symbol)
    ended = await s.wire.entries(UNSUBSCRIBED, channel=name)
    s.expect(ended, "the venue is told", expected=f"{name} unsubscribed", seen="still subscribed")
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 0))
    await cadence(s)
    await next_event(s, "ticker", "the other subscription goes on", symbol=pair.symbol)
    await no_event(s, "trades", "nothing comes of an ended subscription", symbol=pair.symbol)


@case(
    "common/streams/110",
    "A refused channel is an error of that subscription alone.",
    requirement="The venue refuses a channel that it does not have and leaves connection and subscriptions as they are.",
    needs=(*PUBLIC, "subscribe.trades"),
)
async def refused_channel_harms_no_other(s: Session) -> None:
    await follow_trades(s)
    await s.client.refused("subscribe", "a channel that there is not is an error", channel="trades", symbol="NONE-SUCH")
    await trades_come(s, "the subscription before it goes on", at=price(s, 0))
    taken = await connections(s)
    s.equal(len(taken), 1, "the connection stays", at=taken)


@case(
    "common/streams/120",
    "A subscription made while pushes flow loses none of them.",
    requirement="Pushes of one channel may stand before, between and after the answers about another.",
    needs=(*PUBLIC, "subscribe.trades", "subscribe.ticker"),
)
async def answers_between_pushes(s: Session) -> None:
    pair, other = s.facts.pairs[:2]
    await follow_trades(s)
    for n, (channel, symbol) in enumerate((("ticker", pair.symbol), ("ticker", other.symbol), ("trades", other.symbol))):
        await trade(s, pair.qty, price(s, n))
        await s.client("subscribe", channel=channel, symbol=symbol)
        await trade(s, pair.qty, price(s, n + 10))
    told = await rows(s, "trades", 6, "every trade is told", symbol=pair.symbol)
    seen = [Decimal(row["price"]) for row in told]
    s.equal(seen, [price(s, n) for n in (0, 10, 1, 11, 2, 12)], "the trades are told in their order")


@case(
    "common/streams/250",
    "Prices and quantities of an order are told with all their digits.",
    requirement="Amounts travel as text, with as many digits as the instrument has; none of them is to be rounded away.",
    needs=PRIVATE,
)
async def digits_survive(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    at, qty = price(s, 0) - 7 * pair.tick, pair.qty + 7 * pair.lot
    receipt = await s.client("place_order", symbol=pair.symbol, side="buy", type="limit", price=text(at), qty=text(qty))
    order_id = s.member(receipt, "order_id")
    row = (await order_until(s, order_id, "open", "the order is told under the id of the receipt"))[-1]
    s.amount(row.get("price"), at, "the price has all its digits")
    s.amount(row.get("qty"), qty, "the quantity has all its digits")
