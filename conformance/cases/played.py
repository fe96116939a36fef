"""What a client does for cases that are judged from the wire: a day's work of a trading program, and some mishaps.

Asks for what the client offers and passes over what it refuses: the wire is judged, not the answers. Knows no venue.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from mockex.conformance.cases.common.orders import own_id
from mockex.conformance.cases.live import MAKER, cadence, lost, open_taker, renewed
from mockex.conformance.cases.live import trade as market_trade
from mockex.conformance.protocol import Json
from mockex.conformance.session import CaseFailed, Session

CLIENT_ID = "conform"
ORDERS_IN_BATCH = 3
PLAYED_SECONDS = 3


async def whole_day(s: Session) -> None:
    """Looks around, listens, trades and looks back."""
    await look_around(s)
    await listen(s)
    await trade(s)
    await look_back(s)
    await leave_a_channel(s)


async def tried(s: Session, operation: str, **params: Json) -> Json:
    """The result; None if the client does not offer it or refuses."""
    if operation != "settle" and not s.client.has(operation):
        return None
    return (await s.client.attempt(operation, **params)).result


async def look_around(s: Session) -> None:
    """Public data, and what is one's own."""
    symbol = s.facts.pair.symbol
    for operation in ("server_time", "instruments", "currencies", "tickers", "balances", "fee_rates", "wallet"):
        await tried(s, operation)
    for operation in ("ticker", "book", "trades"):
        await tried(s, operation, symbol=symbol)
    await tried(s, "candles", symbol=symbol, interval_s=60)


async def listen(s: Session) -> None:
    """A stream with login and every kind of channel."""
    if not s.client.has("stream_open"):
        return
    pair = s.facts.pair
    await tried(s, "stream_open", private=True)
    for channel in ("orders", "ticker", "trades", "book"):  # a private one first: it needs the login
        if s.client.has(f"subscribe.{channel}"):
            await tried(s, "subscribe", channel=channel, symbol=pair.symbol)
    if s.client.has("subscribe.balances"):
        await tried(s, "subscribe", channel="balances", currency=pair.quote)


async def trade(s: Session) -> None:
    """Limit orders that rest and are cancelled, one by one and together; market orders that find somebody."""
    pair = s.facts.pair
    await s.venue.place(MAKER, pair.symbol, "sell", 10 * pair.qty, pair.price)
    await s.venue.place(MAKER, pair.symbol, "buy", 10 * pair.qty, pair.price - 10 * pair.tick)
    low = pair.price - 1_000 * pair.tick
    named = {"client_id": own_id(s, f"{CLIENT_ID}1")} if s.client.has("place_order.client_id") else {}
    receipt = await tried(s, "place_order", **_limit(s, low), **named)
    await _follow(s, receipt)
    await tried(s, "place_order", **_limit(s, low - pair.tick))
    await tried(s, "place_orders", orders=[_limit(s, low - n * pair.tick) for n in range(ORDERS_IN_BATCH)])
    await tried(s, "open_orders", symbol=pair.symbol)
    if s.client.has("place_order.market"):
        market = {"symbol": pair.symbol, "type": "market"}
        await tried(s, "place_order", side="buy", notional=_text(pair.price * pair.qty), **market)
        await tried(s, "place_order", side="sell", qty=_text(pair.qty), **market)
    live = [order["order_id"] for order in await s.venue.orders(s.case.world.key or MAKER, "live")]
    await tried(s, "cancel_orders", orders=[{"symbol": pair.symbol, "order_id": order_id} for order_id in live])


async def _follow(s: Session, receipt: Json) -> None:
    """Looks at an order and cancels it."""
    if receipt is not None and receipt.get("order_id"):
        about = {"symbol": s.facts.pair.symbol, "order_id": receipt["order_id"]}
        await tried(s, "order", **about)
        await tried(s, "cancel_order", **about)


async def look_back(s: Session) -> None:
    """Lists of what is over."""
    pair = s.facts.pair
    for status in ("closed", "filled"):
        await tried(s, "orders", symbol=pair.symbol, status=status)
    await tried(s, "fills", symbol=pair.symbol)
    await tried(s, "ledger", currency=pair.quote)


# --- mishaps


async def told_to_slow_down(s: Session) -> None:
    """The venue says that requests are too many, while the client does its work."""
    await s.venue.plan({"where": {"route": s.facts.route("balances")}, "what": {"action": "rate_limited"}})
    await tried(s, "balances")
    await tried(s, "settle")
    if s.client.has("elapse") and s.client.has("clock"):
        await s.pass_time(PLAYED_SECONDS)


async def reply_is_lost(s: Session) -> None:
    """An order is placed, and nothing says so."""
    rule = {"where": {"route": s.facts.route("place_order")}, "when": {"first": 5}, "what": {"action": "lose_reply"}}
    await s.venue.plan(rule)
    await tried(s, "place_order", **_limit(s, s.facts.pair.price))
    await tried(s, "settle")
    if s.client.has("elapse") and s.client.has("clock"):
        await s.pass_time(PLAYED_SECONDS)


async def leave_a_channel(s: Session) -> None:
    """One public channel is unsubscribed."""
    if s.client.has("stream_open") and s.client.has("subscribe.ticker"):
        await tried(s, "unsubscribe", channel="ticker", symbol=s.facts.pair.symbol)
    await tried(s, "settle")


async def two_streams(s: Session) -> None:
    """A stream is closed and, some time later, opened again."""
    await tried(s, "stream_open", private=False)
    await tried(s, "stream_close")
    await s.pass_time(PLAYED_SECONDS)
    await tried(s, "stream_open", private=False)
    await tried(s, "settle")


async def connection_is_cut(s: Session) -> None:
    """A stream with subscriptions is cut by the venue, and the client gets time to renew it."""
    await listen(s)
    channel = s.facts.channel("trades" if s.client.has("subscribe.trades") else "ticker", symbol=s.facts.pair.symbol)
    await s.venue.plan({"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await open_taker(s)
    await market_trade(s, s.facts.pair.qty, s.facts.pair.price)
    await cadence(s)
    await lost(s, since=since)
    with suppress(CaseFailed):  # the rule judges
        await renewed(s, [channel], "the subscription is renewed", since=since)


async def long_silence(s: Session) -> None:
    """Nothing happens for longer than the venue keeps a silent connection."""
    await listen(s)
    silence_s = s.facts.numbers["silence_ms"] / 1_000
    await s.pass_time(silence_s * 3 / 2, step=max(Decimal(1), silence_s / 60))


def _limit(s: Session, price: Decimal) -> dict[str, Json]:
    pair = s.facts.pair
    return {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": _text(price), "qty": _text(pair.qty)}


def _text(amount: Decimal) -> str:
    return format(amount, "f")
