"""Time as OKCoin Japan has it: a window of 30 s, timestamps in texts, times cut to seconds in some places (okj§2, okj§3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.common.time import to_odd_time
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry

HALF_DAY_S = 43_200


def signed_ms(request: Entry) -> Decimal | None:
    """The moment that a request was signed for, in ms since 1970; None if its timestamp is none."""
    text = request["headers"].get("ok-access-timestamp", "")
    try:
        return Decimal(text) * 1_000
    except InvalidOperation:
        pass
    try:
        return Decimal(str(datetime.fromisoformat(text).timestamp())) * 1_000
    except ValueError:
        return None


@case(
    "okcoinjp/time/010",
    "A clock that is a little off is no reason to stop.",
    requirement="Up to 30 s between the client's clock and the venue's are accepted; a client that refuses earlier stops for "
    "nothing.",
    source="okj§3",
    needs=("balances", "place_order"),
)
async def within_the_window(s: Session) -> None:
    await s.venue.advance(24)
    for operation, params in (("balances", {}), ("place_order", limit(s))):
        refusal = (await s.client.attempt(operation, **params)).refusal
        s.expect(refusal is None, f"{operation} is accepted 24 s off", expected="a result", seen=str(refusal))


@case(
    "okcoinjp/time/020",
    "Timestamps are those of the present, to the second.",
    requirement="30 s are there for slow networks and clocks; a timestamp that is rounded, or made before the request, uses "
    "them up.",
    source="okj§3",
    level=Level.SHOULD,
    needs=("balances", "place_order"),
)
async def timestamps_are_precise(s: Session) -> None:
    for _ in range(6):
        since = await s.wire.mark()
        await s.client("balances")
        request = await s.one_request("balances", since=since)
        at_ms = signed_ms(request)
        s.expect(at_ms is not None, "the timestamp can be read", expected="a time", seen=request["headers"], at=request)
        assert at_ms is not None
        off_ms = abs(at_ms - request.at_ms - await _drift_ms(s, request))
        s.expect(off_ms < 2_000, "the timestamp is the present", expected="within 2 s", seen=f"{off_ms:.0f} ms off", at=request)
        if s.client.has("clock") and s.client.has("elapse"):
            await s.pass_time(1.7, step=1.7)


async def _drift_ms(s: Session, request: Entry) -> Decimal:
    """The venue's clock stands still in a case while the machine's runs on: by how much, when that request came."""
    return Decimal(0 if s.client.has("clock") else round(request.real_ms))


@case(
    "okcoinjp/time/040",
    "The server's time is read from text with decimals.",
    requirement="`epoch` is Unix seconds with three decimals; read as whole seconds or as milliseconds it is wrong.",
    source="okj§6",
    needs=("server_time",),
)
async def server_time_has_decimals(s: Session) -> None:
    for _ in range(3):
        at_ms = await to_odd_time(s)
        s.equal((await s.client("server_time"))["time_ms"], at_ms, "the time told is the venue's")


@case(
    "okcoinjp/time/050",
    "Half days open at 4:00 and at 16:00 UTC.",
    requirement="Candles of 12 hours follow the venue's day, which begins at 16:00 UTC; they are not aligned to the UTC day.",
    source="okj§8",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
)
async def half_days(s: Session) -> None:
    pair = s.facts.pair
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.venue.place(ME, pair.symbol, "buy", pair.qty, pair.price)
    now_s = await s.venue.now_ms() // 1_000
    opened_s = now_s - (now_s - 4 * 3_600) % HALF_DAY_S
    candles = (await s.client("candles", symbol=pair.symbol, interval_s=HALF_DAY_S))["candles"]
    s.expect(candles, "there is a candle", expected="one", seen="none")
    s.equal(candles[-1]["time_ms"], opened_s * 1_000, "the newest half day opens at 4:00 or 16:00 UTC")


@case(
    "okcoinjp/time/060",
    "Times of orders on the stream keep their milliseconds.",
    requirement="Over REST times of orders end in .000Z; the stream has real milliseconds, and those are told.",
    source="okj§2",
    level=Level.SHOULD,
    needs=("place_order", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def milliseconds_on_the_stream(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=symbol)
    at_ms = await to_odd_time(s)
    await placed(s, **limit(s))
    event = (await s.client("next_event", channel="orders", symbol=symbol, timeout_ms=2_000))["event"]
    s.expect(event and event.get("orders"), "the order is told on the stream", expected="an event", seen=event)
    s.equal(s.told(event["orders"][0].get("created_ms"), "the time of the order"), at_ms, "the time of the order")
