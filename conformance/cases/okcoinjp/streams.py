"""The WebSocket of OKCoin Japan v3: login, framing, heartbeat, names of channels, error events. Source: okj§11."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re

from mockex.conformance.cases.live import (
    MAKER,
    cadence,
    connections,
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
    watch,
)
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, LOGIN, SUBSCRIBED, Entry

STREAM = ("stream_open", "subscribe", "next_event")

LOGIN_TARGET = "GET/users/self/verify"
MAX_COMMANDS = 50  # of one kind in a second, okj§11.1
CANDLES = (60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 604_800)  # okj§11.3


def _request(message: Entry) -> dict[str, object]:
    """A client's message as JSON; empty for what is none, such as a ping."""
    try:
        found = json.loads(message["text"])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _login_args(s: Session) -> tuple[list[str], Entry]:
    """The arguments of the client's first login, and where it stands."""
    sent = await s.wire.entries(IN, where=lambda each: _request(each).get("op") == "login")
    s.expect(sent, "the client logs in", expected="a request with op login", seen="none")
    args = _request(sent[0]).get("args")
    well_formed = isinstance(args, list) and len(args) == 4 and all(isinstance(each, str) for each in args)
    s.expect(well_formed, "a login has four texts", expected="[key, passphrase, timestamp, signature]", seen=args, at=sent[0])
    assert isinstance(args, list)
    return args, sent[0]


# --- login


@case(
    "okcoinjp/streams/010",
    "A login has key, passphrase, timestamp and a signature over timestamp, GET and /users/self/verify.",
    requirement="args are [api_key, passphrase, timestamp, sign]; sign is Base64 of HMAC-SHA256 over timestamp, `GET` and "
    "`/users/self/verify`.",
    source="okj§11.2",
    needs=("stream_open", "subscribe.orders"),
)
async def login_is_signed(s: Session) -> None:
    outcome = await s.client.attempt("stream_open", private=True)
    args, at = await _login_args(s)
    key = s.world.keys["alice"]
    s.equal(args[0], key.api_key, "the first argument is the key", at=at)
    s.equal(args[1], key.passphrase, "the second argument is the passphrase", at=at)
    digest = hmac.new(key.secret.encode(), f"{args[2]}{LOGIN_TARGET}".encode(), hashlib.sha256).digest()
    s.equal(args[3], base64.b64encode(digest).decode(), f"the signature is that of the timestamp and {LOGIN_TARGET}", at=at)
    s.expect(outcome.refusal is None, "the login is accepted", expected="a login", seen=str(outcome.refusal), at=at)


@case(
    "okcoinjp/streams/020",
    "The timestamp of a login is in Unix seconds.",
    requirement="Logins are stamped with Unix seconds, which may have decimals; ISO times and milliseconds are for nobody.",
    source="okj§11.2",
    needs=("stream_open", "subscribe.orders"),
)
async def login_is_stamped_in_seconds(s: Session) -> None:
    await s.client.attempt("stream_open", private=True)
    args, at = await _login_args(s)
    now_s = await s.venue.now_ms() // 1_000
    plausible = re.fullmatch(r"[0-9]{10}(\.[0-9]+)?", args[2]) and abs(int(args[2][:10]) - now_s) <= 30
    s.expect(plausible, "the timestamp is in seconds", expected=f"about {now_s}", seen=args[2], at=at)
    accepted = await s.wire.entries(LOGIN)
    s.expect(accepted, "the venue takes the timestamp", expected="a login", seen="none", at=at)


@case(
    "okcoinjp/streams/030",
    "A login goes by the venue's time, like every other signature.",
    requirement="A login is refused with 30008 if its timestamp is more than 30 s away from the venue's time.",
    source="okj§11.2",
    needs=("stream_open", "subscribe.orders", "clock"),
)
async def login_goes_by_the_venues_time(s: Session) -> None:
    await s.venue.advance(90)
    await s.client("clock", offset_ms=90_000)
    await s.client("stream_open", private=True)
    accepted = await s.wire.entries(LOGIN)
    s.expect(accepted, "the login is accepted", expected="a login", seen="none")


@case(
    "okcoinjp/streams/040",
    "A refused login is told with the venue's code.",
    requirement="A wrong signature is answered with an error event 30013; then the venue closes the connection.",
    source="okj§11.2",
    level=Level.SHOULD,
    needs=("stream_open", "subscribe.orders", "error.code"),
)
async def refused_login_has_a_code(s: Session) -> None:
    right = s.world.keys["alice"].credentials()
    await s.start(credentials={**right, "secret": "0" * len(right["secret"] or "")})
    refusal = await s.client.refused("stream_open", "a refused login is an error", private=True)
    s.expect(refusal.mentions(["30013"]), "the refusal of a login has its code", expected="30013", seen=str(refusal))


# --- frames and heartbeat


@case(
    "okcoinjp/streams/050",
    "A frame is inflated whole, however long it is.",
    requirement="Each binary frame is one complete raw-deflate stream; a book of many levels inflates to tens of kilobytes.",
    source="okj§11.1",
    needs=("stream_open", "book_watch", "book_view"),
)
async def long_frames_are_inflated(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in range(150):
        await quote(s, "sell", price(s, n), qty + n * s.facts.pair.lot)
    await watch(s)
    await shows(s, "a book of 150 levels", asks=[(price(s, n), qty + n * s.facts.pair.lot) for n in range(150)])


@case(
    "okcoinjp/streams/060",
    "The answer to a ping is understood: a silent connection is kept.",
    requirement="The heartbeat is the text `ping`; its answer is `pong`, deflated in a binary frame like every other message.",
    source="okj§11.1",
    needs=("stream_open", "subscribe", "subscribe.trades", "stream_state", "clock", "elapse"),
)
async def pong_is_understood(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    await s.pass_time(70, step=5)
    taken = await connections(s)
    ended = await s.wire.entries(CLOSE)
    s.expect(
        len(taken) == 1 and not ended,
        "the connection is kept",
        expected="1 connection that stays open",
        seen=f"{len(taken)} connections, {len(ended)} closes",
        at=(*taken, *ended),
    )
    s.equal((await s.client("stream_state"))["connected"], True, "the client takes it for open")


@case(
    "okcoinjp/streams/070",
    "A heartbeat is the bare text ping.",
    requirement="The venue answers the text `ping`; whatever else is no operation is an unrecognised request (30039).",
    source="okj§11.1",
    needs=("stream_open", "subscribe", "subscribe.trades", "clock", "elapse"),
)
async def heartbeat_is_bare_text(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    since = await s.wire.mark()
    await s.pass_time(45, step=5)
    sent = await s.wire.entries(IN, since=since)
    odd = [each for each in sent if each["text"] != "ping" and _request(each).get("op") not in ("subscribe", "login")]
    s.expect(not odd, "a heartbeat is the text ping", expected="ping", seen=odd[0]["text"] if odd else "", at=odd)


# --- channels


@case(
    "okcoinjp/streams/080",
    "A refused channel is told with the venue's code, at once.",
    requirement="A channel that does not exist is answered with an error event, whose `errorCode` is the integer 30040.",
    source="okj§11.2",
    needs=("stream_open", "subscribe", "subscribe.trades", "error.code"),
)
async def refused_channel_has_a_code(s: Session) -> None:
    await s.start(timeout_ms=3_000)
    await s.client("stream_open", private=False)
    refusal = await s.client.refused("subscribe", "a channel that there is not is an error", channel="trades", symbol="NO-SUCH")
    if refusal.kind != "refused_by_client":
        s.expect(refusal.mentions(["30040"]), "the refusal of a channel has its code", expected="30040", seen=str(refusal))


@case(
    "okcoinjp/streams/090",
    "A private channel without a login is an error, at once.",
    requirement="A private channel that is asked for before the login is answered with an error event 30041.",
    source="okj§11.2",
    needs=("stream_open", "subscribe", "subscribe.orders"),
)
async def private_channel_needs_login(s: Session) -> None:
    await s.start(timeout_ms=3_000)
    await s.client("stream_open", private=False)
    refusal = await s.client.refused(
        "subscribe", "a private channel without a login is an error", channel="orders", symbol=s.facts.pair.symbol
    )
    expected = ("authentication", "permission", "refused_by_client", "bad_request", "other")
    s.expect(refusal.kind in expected, "the error is the venue's refusal", expected="a refusal", seen=str(refusal))


@case(
    "okcoinjp/streams/100",
    "Candle channels are named by their seconds.",
    requirement="Candles are pushed on spot/candle{N}s, N being the seconds of a period, from 60 to 604800.",
    source="okj§11.3",
    needs=("stream_open", "subscribe", "subscribe.candles"),
)
async def candle_channels_are_named_by_seconds(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=False)
    for seconds in (60, 3_600, 86_400, 604_800):
        await s.client("subscribe", channel="candles", symbol=symbol, interval_s=seconds)
    named = {each["channel"]: each for each in await s.wire.entries(SUBSCRIBED)}
    for seconds in (60, 3_600, 86_400, 604_800):
        name = f"spot/candle{seconds}s:{symbol}"
        s.expect(
            name in named,
            f"candles of {seconds} s have their channel",
            expected=name,
            seen=sorted(named),
            at=tuple(named.values()),
        )


@case(
    "okcoinjp/streams/110",
    "What the venue pushes at once on a subscription is handed over.",
    requirement="A subscription brings the last trade, or the present balance, at once.",
    source="okj§11.3",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=(*STREAM, "subscribe.trades", "subscribe.balances"),
)
async def openings_are_handed_over(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await trade(s, pair.qty, price(s, 3))
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    told = await rows(s, "trades", 1, "the last trade is handed over", symbol=pair.symbol)
    s.amount(told[0]["price"], price(s, 3), "it is the last trade")
    await s.client("subscribe", channel="balances", currency=pair.base)
    told = await rows(s, "balances", 1, "the present balance is handed over", currency=pair.base)
    truth = (await s.venue.account("alice"))["balances"]["spot"][pair.base]["total"]
    s.amount(told[0].get("total"), truth, "it is the present balance")


@case(
    "okcoinjp/streams/120",
    "An order without a fill is told without one; a fill is told with its price, quantity and id.",
    requirement="Order pushes have the last fill: zeros and the year 1970 where there was none.",
    source="okj§11.3",
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def last_fills_are_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty * 3, price(s, 2))
    event = await next_event(s, "orders", "the new order is told", symbol=pair.symbol)
    s.expect(not event.get("fills"), "a new order has no fill", expected="no fill", seen=event.get("fills"))
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 1))
    event = await next_event(s, "orders", "the fill is told", symbol=pair.symbol)
    fills = s.told(event.get("fills"), "fills in events of orders")
    s.equal(len(fills), 1, "a fill is told once")
    s.amount(fills[0].get("price"), price(s, 2), "a fill has the price of the order that rested")
    s.amount(fills[0].get("qty"), pair.qty, "a fill has its own quantity")
    truth = (await s.venue.order(order_id))["fills"][0]
    s.equal(s.member(fills[0], "trade_id"), truth["trade_id"], "a fill has the trade's id")


@case(
    "okcoinjp/streams/130",
    "Many subscriptions are renewed in few requests.",
    requirement="A connection may send 50 subscribe commands a second; one request takes all that fit into 4096 bytes.",
    source="okj§11.1",
    needs=(*STREAM, "subscribe.ticker", "subscribe.candles", "reconnect", "clock", "elapse"),
    world=WorldWish(limits=True),
)
async def many_channels_are_renewed(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=False)
    symbols = [row["symbol"] for row in s.first_message()["instruments"]]
    wanted = [(symbol, seconds) for symbol in symbols for seconds in CANDLES]
    for symbol, seconds in wanted:
        await s.client("subscribe", channel="candles", symbol=symbol, interval_s=seconds)
        await s.venue.advance("0.025")
    await s.client("subscribe", channel="ticker", symbol=pair.symbol)
    names = [f"spot/candle{seconds}s:{symbol}" for symbol, seconds in wanted]
    assert len(names) > MAX_COMMANDS, "fewer instruments than this case needs"
    rule = {"where": {"channel": f"spot/ticker:{pair.symbol}"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}}
    await s.venue.plan(rule)
    since = await s.wire.mark()
    await quote(s, "buy", price(s, -1), pair.qty)
    await cadence(s)
    await lost(s, since=since)
    opened = await renewed(s, [], "the client connects again", since=since)
    await s.wire.wait(SUBSCRIBED, count=len(names) + 1, connection=opened["connection"], within_ms=1_000)
    sent = await s.wire.entries(IN, connection=opened["connection"])
    again = {each["channel"] for each in await s.wire.entries(SUBSCRIBED, connection=opened["connection"])}
    missing = [name for name in names if name not in again]
    seen = f"{len(sent)} requests, and without {', '.join(missing[:3])}"
    s.expect(not missing, "every subscription is renewed", expected=f"{len(names)} channels", seen=seen, at=sent[-3:])


@case(
    "okcoinjp/streams/140",
    "An order that is filled as soon as it arrives is told open first, then filled.",
    requirement="Each state of an order is a push of its own, also when the next one follows at once.",
    source="okj§11.3",
    needs=(*STREAM, "subscribe.orders", "place_order"),
)
async def states_are_told_one_by_one(s: Session) -> None:
    pair = s.facts.pair
    await quote(s, "sell", price(s, 0), pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty, price(s, 0))
    seen = await order_until(s, order_id, "filled", "the order is told until it is filled")
    s.equal([row["status"] for row in seen], ["open", "filled"], "both states are told, in order")
