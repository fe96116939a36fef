"""KTX's sockets: ends of candles, names of streams, a user's socket that dies of half a minute's silence (ktx§8, ktx§9)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import MINUTE_MS
from mockex.conformance.cases.common.orders import limit, newest
from mockex.conformance.cases.ktx.words import BOTH_SPELLINGS, SPANS
from mockex.conformance.cases.live import (
    MAKER,
    PATIENCE_MS,
    cadence,
    connections,
    discard,
    follow_trades,
    lost,
    open_taker,
    order_until,
    place,
    price,
    quote,
    renewed,
    rows,
    trade,
    trades_come,
)
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, OPEN, SUBSCRIBED

STREAM = ("stream_open", "subscribe", "next_event")
TIME = ("clock", "elapse")
QUIET_S = 120
"""Four times as long as the venue waits for a sign of life on the user's socket (ktx§8)."""

NOT_THERE = "XXX_USDT"


# --- market data


@case(
    "ktx/streams/010",
    "Trades that come in one message are all told, in order.",
    requirement="A message has an array of trades, one for each that an order met.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.trades"),
)
async def trades_of_one_match(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    for n in range(4):
        await quote(s, "sell", price(s, n), (n + 1) * pair.qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    await s.venue.place("carol", pair.symbol, "buy", 10 * pair.qty, price(s, 5))
    told = await rows(s, "trades", 4, "every trade of the match is told", symbol=pair.symbol)
    s.equal([Decimal(row["price"]) for row in told], [price(s, n) for n in range(4)], "the trades are told in order")


@case(
    "ktx/streams/020",
    "The end of a candle whose push was lost is told with the beginning of the next.",
    requirement="When a period has ended, a message has two candles: the last state of the old one, and the new one.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.candles"),
)
async def end_of_a_candle(s: Session) -> None:
    pair = s.facts.pair
    of = {"symbol": pair.symbol, "interval_s": 60}
    await open_taker(s)
    begun_ms = await s.venue.now_ms() // MINUTE_MS * MINUTE_MS + MINUTE_MS
    await s.venue.advance(Decimal(begun_ms + MINUTE_MS - 3_000 - await s.venue.now_ms()) / 1_000)
    await trade(s, pair.qty, price(s, 1))
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="candles", **of)
    name = f"spot.{pair.symbol}.candles.1m"
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "drop"}})
    await cadence(s)
    await trade(s, pair.qty, price(s, 2))
    await cadence(s)
    await s.venue.advance(2)
    await trade(s, pair.qty, price(s, 3))
    await cadence(s)
    closes: dict[int, Decimal] = {}
    while (event := (await s.client("next_event", channel="candles", timeout_ms=PATIENCE_MS // 3, **of))["event"]) is not None:
        closes |= {row["time_ms"]: Decimal(row["close"]) for row in event["candles"]}
    expected = {begun_ms: price(s, 2), begun_ms + MINUTE_MS: price(s, 3)}
    s.equal({at: closes.get(at) for at in expected}, expected, "the last price of either candle is told")


@case(
    "ktx/streams/030",
    "Candles on the stream go by names that the stream has.",
    requirement="The week is 1w on the stream where requests say 1W; 1M is a month, 1m a minute.",
    source="ktx§8",
    needs=("stream_open", "subscribe", "subscribe.candles"),
)
async def names_of_streams(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=False)
    for seconds, name in SPANS.items():
        since = await s.wire.mark()
        outcome = await s.client.attempt("subscribe", channel="candles", symbol=symbol, interval_s=seconds)
        if outcome.refusal is not None and outcome.refusal.kind == "refused_by_client":
            s.note(f"the client has no candles of {seconds} s on the stream")
            continue
        seen = [each["channel"] for each in await s.wire.entries(SUBSCRIBED, since=since)]
        names = [f"spot.{symbol}.candles.{each}" for each in BOTH_SPELLINGS.get(name, (name,))]
        s.expect(len(seen) == 1 and seen[0] in names, f"candles of {seconds} s have a stream", expected=names[0], seen=seen)


@case(
    "ktx/streams/040",
    "A stream that was refused does not spoil the others on a renewed connection.",
    requirement="One bad stream in a request refuses the whole of it: what was refused once must not be asked for again "
    "beside others.",
    source="ktx§8",
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.trades", "subscribe.ticker", "reconnect"),
)
async def refused_streams_are_forgotten(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    await s.client.refused("subscribe", "a stream that there is not is an error", channel="ticker", symbol=NOT_THERE)
    name = s.facts.channel("trades", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await lost(s, since=since)
    await renewed(s, [name], "the good stream is subscribed again", since=since)
    await trades_come(s, "its events come again", at=price(s, 3))


# --- the user's socket


@case(
    "ktx/streams/100",
    "The user's socket is kept alive without news.",
    requirement="The user's socket is closed 30 s after the last heartbeat, twice as early as that of the market.",
    source="ktx§8",
    provenance=Provenance.OBSERVED,
    needs=(*STREAM, "subscribe.orders", "place_order", *TIME),
)
async def quiet_user_socket(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=s.facts.pair.symbol)
    since = await s.wire.mark()
    await s.pass_time(QUIET_S, step=5)
    ended = await s.wire.entries(CLOSE, since=since, by="server")
    s.expect(not ended, "the venue has no reason to close", expected="no close", seen=f"{len(ended)} closes", at=ended)
    order_id = await place(s, "buy", s.facts.pair.qty, price(s, -5))
    await order_until(s, order_id, "open", "an order is told after the silence")


@case(
    "ktx/streams/110",
    "After the loss of the market's socket the user's goes on.",
    requirement="Market data and the user's data have a socket each: the loss of one is none of the other.",
    source="ktx§2",
    level=Level.SHOULD,
    needs=(*STREAM, "subscribe.orders", "subscribe.trades", "place_order", "reconnect"),
)
async def sockets_are_lost_apart(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    name = s.facts.channel("trades", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await lost(s, since=since)
    order_id = await place(s, "buy", pair.qty, price(s, -5))
    await order_until(s, order_id, "open", "an order is told meanwhile")
    await renewed(s, [name], "the market's stream comes again", since=since)
    again = [each for each in await connections(s, since=since) if each["socket"] == "user"]
    s.expect(not again, "the user's socket stays as it is", expected="no new connection", seen=len(again), at=again)


@case(
    "ktx/streams/120",
    "Balances of both currencies are told after a trade.",
    requirement="Each change of a balance is a message of its own, with one currency, and amounts in text.",
    source="ktx§9",
    needs=(*STREAM, "subscribe.balances", "place_order"),
)
async def both_balances(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    for currency in (pair.base, pair.quote):
        await s.client("subscribe", channel="balances", currency=currency)
    await quote(s, "sell", price(s, 0), pair.qty)
    await place(s, "buy", pair.qty, price(s, 0))
    spot = (await s.venue.account(ME))["balances"]["spot"]
    for currency in (pair.base, pair.quote):
        told = await rows(s, "balances", 1, f"the balance of {currency} is told", currency=currency)
        while (
            event := (await s.client("next_event", channel="balances", currency=currency, timeout_ms=0))["event"]
        ) is not None:
            told += event["balances"]
        s.amount(told[-1].get("total"), spot[currency]["total"], f"the balance of {currency} is that after the trade")


@case(
    "ktx/streams/130",
    "A balance whose push was lost is told by the next one.",
    requirement="Messages have the balance and what is held of it, no changes: the next one has all that was missed.",
    source="ktx§9",
    needs=(*STREAM, "subscribe.balances", "place_order"),
)
async def lost_balance(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await discard(s, "balances", currency=pair.quote)
    name = s.facts.channel("balances", currency=pair.quote)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "drop"}})
    for n in (1, 2):
        await place(s, "buy", pair.qty, price(s, -n))
    row = (await rows(s, "balances", 1, "the second change is told", currency=pair.quote))[-1]
    truth = (await s.venue.account(ME))["balances"]["spot"][pair.quote]
    s.amount(row.get("held"), truth["held"], "what both orders hold is held")
    s.amount(row.get("available"), truth["available"], "what is left is available")


@case(
    "ktx/streams/140",
    "Orders of either pair are told as those of their pair.",
    requirement="The stream of orders has those of all products, each with its own under `product`.",
    source="ktx§9",
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def orders_of_both_pairs(s: Session) -> None:
    pairs = s.facts.pairs[:2]
    await s.client("stream_open", private=True)
    for pair in pairs:
        await s.client("subscribe", channel="orders", symbol=pair.symbol)
    wanted = {}
    for pair in reversed(pairs):
        about = {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": f"{pair.price:f}", "qty": f"{pair.qty:f}"}
        await s.client("place_order", **about)
        wanted[pair.symbol] = (await newest(s))["order_id"]
    for pair in pairs:
        told = await rows(s, "orders", 1, f"the order of {pair.symbol} is told", symbol=pair.symbol)
        s.equal([row["order_id"] for row in told], [wanted[pair.symbol]], f"it is the order of {pair.symbol}")


@case(
    "ktx/streams/150",
    "An order that is kept as rejected is not told as open.",
    requirement="A post-only order that would trade is told once on the stream, as `rejected`.",
    source="ktx§10",
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.orders", "place_order", "place_order.post_only"),
)
async def rejected_order_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await quote(s, "sell", price(s, 0), pair.qty)
    outcome = await s.client.attempt("place_order", **limit(s, price=price(s, 1)), post_only=True)
    if outcome.refusal is not None and outcome.refusal.kind == "refused_by_client":
        s.note("the client looks at the book before it sends such an order")
        return
    fence = await place(s, "buy", pair.qty, price(s, -9))
    told: list[Json] = []
    while fence not in [row["order_id"] for row in told]:
        told += await rows(s, "orders", 1, "the orders are told", symbol=pair.symbol)
    seen = [s.member(row, "status") for row in told if row["order_id"] != fence]
    s.expect(set(seen) <= {"rejected", "cancelled"}, "it is told as over", expected="rejected", seen=seen)


@case(
    "ktx/streams/160",
    "The order that takes is told as it was before and after each of its fills.",
    requirement="An order that trades at once is told as accepted, then with each fill as it was right after it.",
    source="ktx§9",
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def taking_order_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    for n in range(2):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, n))
    order_id = await place(s, "buy", 3 * pair.qty, price(s, 1))
    told = await rows(s, "orders", 3, "each state of the order is told", symbol=pair.symbol)
    seen = [(row["order_id"], s.member(row, "status"), Decimal(s.member(row, "filled_qty"))) for row in told]
    expected = [(order_id, "open" if not n else "partly_filled", n * pair.qty) for n in range(3)]
    s.equal(seen, expected, "the states of the order, in turn")


@case(
    "ktx/streams/170",
    "After the loss of the user's socket the login is the first thing that is said again.",
    requirement="A new connection knows nobody; after the login everything flows without a subscription.",
    source="ktx§9",
    needs=(*STREAM, "subscribe.orders", "subscribe.balances", "place_order", "reconnect"),
)
async def login_again(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await s.venue.plan({"where": {"channel": "order"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await place(s, "buy", pair.qty, price(s, -1))
    await lost(s, since=since)
    opened = await renewed(s, [], "the user's socket is renewed", since=since)
    await s.wire.wait("login", connection=opened["connection"])
    await discard(s, "orders", symbol=pair.symbol)
    await discard(s, "balances", currency=pair.quote)
    order_id = await place(s, "buy", pair.qty, price(s, -2))
    await order_until(s, order_id, "open", "orders are told again")
    await rows(s, "balances", 1, "so are balances", currency=pair.quote)
    users = [each for each in await s.wire.entries(OPEN) if each["socket"] == "user"]
    s.equal(len(users), 2, "there was one new connection", at=users)
