"""Streams: what events say, in which order, and what becomes of subscriptions when a connection is lost."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.live import (
    MAKER,
    act,
    cadence,
    connections,
    discard,
    lost,
    next_event,
    no_event,
    open_taker,
    order_until,
    place,
    price,
    renewed,
    rows,
    text,
    trade,
)
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, LOGIN, OPEN, OUT, REFUSED, SUBSCRIBED, UNSUBSCRIBED

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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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
    s.amount(row.get("held"), price(s, 0) * pair.qty, "what the order holds is held")
    s.amount(row.get("available"), before - price(s, 0) * pair.qty, "what is held is not available")


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
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    await s.client.refused("subscribe", "a channel that there is not is an error", channel="trades", symbol="NONE-SUCH")
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 0))
    await rows(s, "trades", 1, "the subscription before it goes on", symbol=pair.symbol)
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    for n, (channel, symbol) in enumerate((("ticker", pair.symbol), ("ticker", other.symbol), ("trades", other.symbol))):
        await trade(s, pair.qty, price(s, n))
        await s.client("subscribe", channel=channel, symbol=symbol)
        await trade(s, pair.qty, price(s, n + 10))
    told = await rows(s, "trades", 6, "every trade is told", symbol=pair.symbol)
    seen = [Decimal(row["price"]) for row in told]
    s.equal(seen, [price(s, n) for n in (0, 10, 1, 11, 2, 12)], "the trades are told in their order")


# --- login


@case(
    "common/streams/130",
    "Private channels are subscribed after the login was confirmed.",
    requirement="Private channels need a connection that is logged in; a login counts once the venue has confirmed it.",
    needs=(*PUBLIC, "subscribe.orders"),
)
async def login_comes_first(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=symbol)
    name = s.facts.channel("orders", symbol=symbol)
    shown = await s.wire.entries(LOGIN, SUBSCRIBED, IN)
    asked = [each for each in shown if each.kind == IN and name in each["text"]]
    confirmed = [each for each in shown if each.kind == LOGIN]
    s.expect(confirmed, "the client logs in", expected="a login", seen="none", at=shown)
    s.expect(asked, "the channel is asked for", expected=name, seen="no request for it", at=shown)
    s.expect(
        asked[0].n > confirmed[0].n,
        "the login is confirmed before a private channel is asked for",
        expected="login, then subscription",
        seen="subscription before the login",
        at=(asked[0], confirmed[0]),
    )


@case(
    "common/streams/140",
    "A login that the venue refuses is an error.",
    requirement="The venue refuses a login with a wrong signature; nothing private comes on such a connection.",
    needs=("stream_open", "subscribe.orders"),
)
async def refused_login_is_told(s: Session) -> None:
    right = s.world.keys["alice"].credentials()
    await s.start(credentials={**right, "secret": "0" * len(right["secret"] or "")})
    refusal = await s.client.refused("stream_open", "a refused login is an error", private=True)
    s.expect(
        refusal.kind in ("authentication", "permission"),
        "the error says that the login was refused",
        expected="authentication",
        seen=str(refusal),
    )


@case(
    "common/streams/150",
    "A refused login is not tried over and over.",
    requirement="A key or signature that is wrong stays wrong: repeating the login only burns the venue's limits.",
    level=Level.SHOULD,
    needs=("stream_open", "subscribe.orders", "clock", "elapse"),
)
async def refused_login_is_not_repeated(s: Session) -> None:
    right = s.world.keys["alice"].credentials()
    await s.start(credentials={**right, "secret": "0" * len(right["secret"] or "")})
    await s.client.attempt("stream_open", private=True)
    for _ in range(10):
        await act(s)
    tried = await connections(s)
    s.expect(
        len(tried) <= 5, "a refused login rests", expected="at most 5 attempts in 10 s", seen=f"{len(tried)} attempts", at=tried
    )


# --- connections


async def _lose(s: Session, code: int) -> int:
    """The connection ends at the next public trade. A place in the recording before it."""
    name = s.facts.channel("trades", symbol=s.facts.pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": code}})
    since = await s.wire.mark()
    await trade(s, s.facts.pair.qty, price(s, 0))
    await lost(s, since=since)
    return since


async def _comes_back(s: Session, code: int) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    for channel in ("trades", "ticker"):
        await s.client("subscribe", channel=channel, symbol=pair.symbol)
    since = await _lose(s, code)
    names = [s.facts.channel(channel, symbol=pair.symbol) for channel in ("trades", "ticker")]
    await renewed(s, names, "the client connects and subscribes again", since=since)
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 7))
    told = await rows(s, "trades", 1, "events come on the new connection", symbol=pair.symbol)
    s.amount(told[-1]["price"], price(s, 7), "events come on the new connection")


@case(
    "common/streams/160",
    "After the venue has closed the connection, the client connects and subscribes again.",
    requirement="A venue may close any connection at any time; a new one has no subscriptions.",
    needs=(*PUBLIC, "subscribe.trades", "subscribe.ticker", "reconnect"),
)
async def closed_connection_is_renewed(s: Session) -> None:
    await _comes_back(s, 1001)


@case(
    "common/streams/170",
    "After the connection broke without a word, the client connects and subscribes again.",
    requirement="Lines break without a close frame (1006); a new connection has no subscriptions.",
    needs=(*PUBLIC, "subscribe.trades", "subscribe.ticker", "reconnect"),
)
async def broken_connection_is_renewed(s: Session) -> None:
    await _comes_back(s, 1006)


@case(
    "common/streams/180",
    "On a renewed connection the client logs in before it asks for private channels.",
    requirement="A login belongs to one connection: the next one has to log in anew.",
    needs=(*PRIVATE, "subscribe.trades", "reconnect"),
)
async def login_is_renewed(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=True)
    for channel in ("orders", "trades"):
        await s.client("subscribe", channel=channel, symbol=pair.symbol)
    since = await _lose(s, 1001)
    name = s.facts.channel("orders", symbol=pair.symbol)
    opened = await renewed(s, [name], "the client logs in and subscribes again", since=since)
    shown = await s.wire.entries(LOGIN, SUBSCRIBED, IN, connection=opened["connection"])
    asked = next(each for each in shown if each.kind == IN and name in each["text"])
    confirmed = next(each for each in shown if each.kind == LOGIN)
    s.expect(
        confirmed.n < asked.n,
        "the login is confirmed before a private channel is asked for",
        expected="login, then subscription",
        seen="subscription before the login",
        at=(asked, confirmed),
    )
    order_id = await place(s, "buy", pair.qty, price(s, -5))
    await order_until(s, order_id, "open", "events of orders come on the new connection")


@case(
    "common/streams/190",
    "What was unsubscribed stays so on a renewed connection.",
    requirement="A new connection is given the subscriptions that are wanted then.",
    level=Level.SHOULD,
    needs=(*PUBLIC, "subscribe.trades", "subscribe.ticker", "unsubscribe", "reconnect"),
)
async def only_wanted_channels_are_renewed(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    for channel in ("ticker", "trades"):
        await s.client("subscribe", channel=channel, symbol=pair.symbol)
    await s.client("unsubscribe", channel="ticker", symbol=pair.symbol)
    since = await _lose(s, 1001)
    await renewed(s, [s.facts.channel("trades", symbol=pair.symbol)], "the client subscribes again", since=since)
    await s.client.settle()
    name = s.facts.channel("ticker", symbol=pair.symbol)
    asked = await s.wire.entries(SUBSCRIBED, since=since, channel=name)
    s.expect(not asked, "an ended subscription is not renewed", expected=f"no subscription of {name}", seen="one", at=asked)


@case(
    "common/streams/200",
    "While the connection is lost, the client says so.",
    requirement="Events are missing from the loss of a connection until it is renewed.",
    level=Level.SHOULD,
    needs=(*PUBLIC, "subscribe.trades", "stream_state", "clock", "elapse"),
)
async def loss_is_told(s: Session) -> None:
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    s.equal((await s.client("stream_state"))["connected"], True, "an open connection is told as such")
    await s.venue.plan({"what": {"action": "refuse", "status": 503}})
    since = await _lose(s, 1001)
    await act(s)
    taken = await connections(s, since=since)
    s.expect(not taken, "no connection is taken while the venue refuses all", expected="none", seen=taken, at=taken)
    s.equal((await s.client("stream_state"))["connected"], False, "a lost connection is told as such")


@case(
    "common/streams/210",
    "A connection that has fallen silent altogether is given up and renewed.",
    requirement="A line can die without any sign: when nothing at all answers a heartbeat, only a new connection helps.",
    needs=(*PUBLIC, "subscribe.trades", "reconnect", "clock", "elapse"),
)
async def silent_connection_is_renewed(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    name = s.facts.channel("trades", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "stall"}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await renewed(s, [name], "the client notices that nothing comes any more", since=since, seconds=90, step=5)
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 3))
    await rows(s, "trades", 1, "events come on the new connection", symbol=pair.symbol)


@case(
    "common/streams/220",
    "A connection without news is kept alive.",
    requirement="The venue closes a connection on which nothing is heard for a while: heartbeats come before that.",
    needs=("stream_open", "subscribe", "subscribe.trades", "clock", "elapse"),
)
async def quiet_connection_stays(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    since = await s.wire.mark()
    await s.pass_time(float(s.facts.numbers["silence_ms"] / 1_000 * 3), step=2.5)
    ended = await s.wire.entries(CLOSE, since=since, by="server")
    s.expect(not ended, "the venue has no reason to close", expected="no close", seen=f"{len(ended)} closes", at=ended)


@case(
    "common/streams/230",
    "A stream that its user has closed stays closed.",
    requirement="What is closed on purpose is not renewed.",
    needs=("stream_open", "stream_close", "clock", "elapse"),
)
async def closed_for_good(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("stream_close")
    ended = await s.wire.wait(CLOSE)
    s.expect(ended, "the connection ends", expected="a close", seen="none")
    for _ in range(5):
        await act(s)
    taken = await connections(s, since=ended[0].n)
    s.expect(not taken, "no connection follows", expected="no connection", seen=f"{len(taken)} connections", at=taken)


@case(
    "common/streams/240",
    "Connections are not asked for in quicker succession than the venue allows.",
    requirement="The venue takes so many connections of one address in a time; a loop without a pause is refused for long.",
    needs=(*PUBLIC, "subscribe.trades", "reconnect", "clock", "elapse"),
)
async def connections_are_paced(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    await s.venue.plan({"what": {"action": "refuse", "status": 503}})
    since = await _lose(s, 1001)
    for _ in range(20):
        await act(s)
    tried = await s.wire.entries(OPEN, REFUSED, since=since)
    s.expect(tried, "the client goes on trying", expected="attempts", seen="none within 20 s")
    apart_ms = s.facts.numbers["connect_interval_ms"]
    times = [each.at_ms for each in tried]
    hasty = [each for before, each in zip(times, tried[1:], strict=False) if each.at_ms - before < apart_ms]
    s.expect(
        not hasty,
        "attempts stand apart",
        expected=f"{apart_ms} ms between two",
        seen=f"{len(hasty)} that came sooner",
        at=hasty,
    )


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
