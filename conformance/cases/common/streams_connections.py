"""Streams: logins, and what becomes of subscriptions when a connection is lost."""

from __future__ import annotations

from mockex.conformance.cases.live import (
    act,
    connections,
    discard,
    follow_trades,
    lost,
    open_taker,
    order_until,
    place,
    price,
    renewed,
    rows,
    trade,
    trades_come,
)
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, LOGIN, OPEN, REFUSED, SUBSCRIBED, Entry

PUBLIC = ("stream_open", "subscribe", "next_event")
PRIVATE = (*PUBLIC, "subscribe.orders", "place_order")


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


async def _login_before(s: Session, name: str, opened: Entry) -> None:
    """Fails if the channel was asked for on that connection before its login was confirmed."""
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
    needs=(*PRIVATE, "reconnect"),
)
async def login_is_renewed(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    name = s.facts.channel("orders", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}})
    since = await s.wire.mark()
    await place(s, "buy", pair.qty, price(s, -9))
    await lost(s, since=since)
    opened = await renewed(s, [name], "the client logs in and subscribes again", since=since)
    if s.facts.words.get("private_channels") != "by_login":
        await _login_before(s, name, opened)
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
    await follow_trades(s)
    name = s.facts.channel("trades", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "stall"}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await renewed(s, [name], "the client notices that nothing comes any more", since=since, seconds=120, step=5)
    await trades_come(s, "events come on the new connection", at=price(s, 3))


@case(
    "common/streams/220",
    "A connection without news is kept alive.",
    requirement="The venue closes a connection on which nothing is heard for a while: heartbeats, or answers to its own, "
    "come before that.",
    needs=("stream_open", "subscribe", "subscribe.trades", "clock", "elapse"),
)
async def quiet_connection_stays(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    since = await s.wire.mark()
    silence_s = s.facts.numbers["silence_ms"] / 1_000
    await s.pass_time(silence_s * 3, step=silence_s / 12)
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
    await follow_trades(s)
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
