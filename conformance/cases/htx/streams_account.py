"""HTX's account socket: a signed login, pings of another form, events of orders and balances (htx§1.2, htx§6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from mockex.conformance.cases.common.auth import wrong
from mockex.conformance.cases.common.orders import limit, newest, offer, placed
from mockex.conformance.cases.htx.auth import HOST_NAMES, STAMP
from mockex.conformance.cases.htx.streams import said
from mockex.conformance.cases.htx.streams_sockets import answered, opened_at, pings
from mockex.conformance.cases.htx.words import ACCOUNT_PATHS, LOGIN, message
from mockex.conformance.cases.live import discard, next_event, order_until, rows
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, Entry
from mockex.conformance.trace import LOGIN as LOGGED_IN

LOGGING_IN = ("stream_open", "subscribe.orders")
ORDERS = ("stream_open", "subscribe", "next_event", "subscribe.orders", "place_order")
BALANCES = ("stream_open", "subscribe", "next_event", "subscribe.balances")

SIGNED = ("accessKey", "signatureMethod", "signatureVersion", "timestamp")  # sorted, as they are signed
PING_S = 20  # htx§6


async def _login(s: Session) -> tuple[Mapping[str, Any], Entry]:
    """The parameters of the client's first login, and where they stand."""
    await s.client.attempt("stream_open", private=True)
    sent = await said(s, LOGIN)
    s.expect(sent, "the client logs in", expected="a req of auth", seen="none")
    found = message(sent[0])
    assert found is not None
    return found.params or {}, sent[0]


# --- login


@case(
    "htx/streams/400",
    "A login has the four fields in camel case, the version 2.1, and their signature.",
    requirement="Signed are GET, host, /ws/v2 and accessKey, signatureMethod, signatureVersion and timestamp; authType is not.",
    source="htx§1.2",
    needs=LOGGING_IN,
)
async def login_is_signed(s: Session) -> None:
    params, at = await _login(s)
    key = s.world.keys[ME]
    fixed = {"authType": "api", "accessKey": key.api_key, "signatureMethod": "HmacSHA256", "signatureVersion": "2.1"}
    s.equal({name: params.get(name) for name in fixed}, fixed, "the fields say who logs in, and how", at=at)
    fields = "&".join(f"{name}={quote(str(params.get(name)), safe='')}" for name in SIGNED)
    address = urlsplit(next(iter(s.first_message()["ws"].values())))
    urls = [f"ws://{address.netloc}{path}" for path in ACCOUNT_PATHS]
    payloads = [
        f"GET\n{host}\n{path}\n{fields}"
        for host in (*HOST_NAMES, address.netloc, str(address.hostname))
        for path in (*ACCOUNT_PATHS, *urls)
    ]
    right = [
        base64.b64encode(hmac.new(key.secret.encode(), each.encode(), hashlib.sha256).digest()).decode() for each in payloads
    ]
    s.expect(params.get("signature") in right, "the signature is theirs", expected="a signature", seen="another text", at=at)
    accepted = await s.wire.entries(LOGGED_IN)
    s.expect(accepted, "the login is accepted", expected="a login", seen="none", at=at)


@case(
    "htx/streams/410",
    "The timestamp of a login has the form of all others: UTC, to the second, without a zone.",
    requirement="`timestamp` is YYYY-MM-DDThh:mm:ss; it is escaped where it is signed, and plain where it is sent.",
    source="htx§1.2",
    needs=LOGGING_IN,
)
async def login_timestamp(s: Session) -> None:
    params, at = await _login(s)
    stamp = str(params.get("timestamp"))
    s.expect(STAMP.fullmatch(stamp), "the timestamp has the form", expected="2026-01-02T03:04:05", seen=stamp, at=at)


@case(
    "htx/streams/420",
    "A refused login is told as an error of the key, with the venue's number.",
    requirement="A login that is not accepted is answered with 2002 auth.fail; over REST 2002 is a wrong field.",
    source="htx§6",
    level=Level.SHOULD,
    needs=LOGGING_IN,
)
async def refused_login(s: Session) -> None:
    await s.start(credentials=await wrong(s, secret="wrong"))
    refusal = await s.client.refused("stream_open", "a refused login is an error", private=True)
    s.equal(refusal.kind, "authentication", "it is told as an error of the key")
    if s.client.has("error.code"):
        s.expect(refusal.mentions(["2002"]), "with the venue's number", expected="2002", seen=str(refusal))


# --- heartbeat


@case(
    "htx/streams/430",
    "Pings of the account's socket are answered in its own form.",
    requirement='Every 20 s {"action": "ping", "data": {"ts": n}} comes, and wants {"action": "pong", "data": {"ts": n}}.',
    source="htx§6",
    needs=(*LOGGING_IN, "subscribe", "clock", "elapse"),
)
async def account_pings(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=s.facts.pair.symbol)
    await s.pass_time(5 * PING_S, step=5)
    assert await pings(s), "the venue has not pinged"
    await answered(s, "a ping is answered")
    ended = await s.wire.entries(CLOSE)
    s.expect(not ended, "the connection stays", expected="none closed", seen=f"{len(ended)} closed", at=ended)


# --- orders


@case(
    "htx/streams/440",
    "An order that takes is told open first, then filled.",
    requirement="A creation comes before the trades, also if both happen at once.",
    source="htx§6",
    needs=ORDERS,
)
async def creation_comes_first(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await placed(s, **limit(s))
    seen = await order_until(s, order_id, "filled", "the order is told until it is filled")
    s.equal([row["status"] for row in seen], ["open", "filled"], "both states are told, in order")


@case(
    "htx/streams/450",
    "What a market purchase has filled is not told in money.",
    requirement="execAmt and remainAmt count the quote currency for buy-market, and the base currency for all others.",
    source="htx§6",
    needs=(*ORDERS, "place_order.market"),
)
async def executed_money(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional="130")
    seen = await order_until(s, str((await newest(s))["order_id"]), "filled", "the order is told until it is filled")
    for row in seen:
        for name in ("qty", "filled_qty"):
            told = row.get(name)
            fits = told is None or Decimal(told) <= Decimal("0.002")
            s.expect(fits, f"{name} is a quantity of base currency", expected="0.002 at most, or none", seen=told)


@case(
    "htx/streams/460",
    "An order whose rest is cancelled is told with what it traded.",
    requirement="A cancellation has orderStatus partial-canceled if something was filled, and execAmt says how much.",
    source="htx§6",
    needs=(*ORDERS, "place_order.ioc"),
)
async def cancelled_rest(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await placed(s, **limit(s, qty=3 * pair.qty), time_in_force="ioc")
    last = (await order_until(s, order_id, "cancelled", "the order is told until it is cancelled"))[-1]
    s.amount(last.get("filled_qty"), pair.qty, "what it traded")


@case(
    "htx/streams/470",
    "A fill that is pushed names its trade, and its own quantity beside the order's sum.",
    requirement="tradeVolume is the fill's own, execAmt the order's sum; tradeId is the trade's.",
    source="htx§6",
    needs=ORDERS,
)
async def pushed_fills(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await placed(s, **limit(s, qty=3 * pair.qty))
    await discard(s, "orders", symbol=pair.symbol)
    for n in (1, 2):
        await s.venue.place("bob", pair.symbol, "sell", pair.qty, pair.price)
        event = await next_event(s, "orders", "the fill is told", symbol=pair.symbol)
        row = s.single(s.told(event.get("orders"), "orders in their events"), "one order is told")
        s.amount(row.get("filled_qty"), n * pair.qty, "the order's sum")
        fill = s.single(s.told(event.get("fills"), "fills in events of orders"), "one fill is told")
        s.amount(fill.get("qty"), pair.qty, "the fill's own quantity")
        truth = (await s.venue.order(order_id))["fills"][-1]
        s.equal(s.member(fill, "trade_id"), truth["trade_id"], "the trade's id")


@case(
    "htx/streams/480",
    "A symbol that there is not is refused on the account's socket, and told.",
    requirement="A topic of an unknown symbol is answered with 2001 invalid.symbol; no `id` tells which request it was.",
    source="htx§6",
    needs=("stream_open", "subscribe", "subscribe.orders"),
)
async def unknown_symbol(s: Session) -> None:
    await s.start(timeout_ms=3_000)
    await s.client("stream_open", private=True)
    refusal = await s.client.refused("subscribe", "a topic that there is not is an error", channel="orders", symbol="nosuch")
    s.expect(refusal.kind != "timeout", "the venue's answer is understood", expected="another kind", seen=str(refusal))
    await s.client("subscribe", channel="orders", symbol=s.facts.pair.symbol)


# --- balances


@case(
    "htx/streams/490",
    "Every balance is told at once, and then each that changes.",
    requirement="After the acknowledgement of accounts.update comes one push for each currency, with no cause and no time.",
    source="htx§6",
    needs=BALANCES,
)
async def opening_balances(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    truth = (await s.venue.account(ME))["balances"]["spot"][pair.quote]
    row = (await rows(s, "balances", 1, "the present balance is told", currency=pair.quote))[0]
    s.amount(row.get("total"), truth["total"], "its total")
    await s.venue.deposit(ME, pair.quote, "5")
    row = (await rows(s, "balances", 1, "the change is told", currency=pair.quote))[0]
    s.amount(row.get("total"), Decimal(truth["total"]) + 5, "its total after the deposit")


@case(
    "htx/streams/500",
    "What is available is told when an order holds money, though the balance has not changed.",
    requirement="accounts.update#0 tells of changes of the balance alone, #1 only the amount that changed, #2 both always.",
    source="htx§6",
    needs=(*BALANCES, "place_order"),
)
async def held_money_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await discard(s, "balances", currency=pair.quote)
    await s.client("place_order", **limit(s))
    truth = (await s.venue.account(ME))["balances"]["spot"][pair.quote]
    row = (await rows(s, "balances", 1, "the change is told", currency=pair.quote))[0]
    s.amount(row.get("available"), truth["available"], "what is available")
    total = row.get("total")
    s.expect(
        total is None or Decimal(total) == Decimal(truth["total"]),
        "the total",
        expected=f"{truth['total']} or none",
        seen=total,
    )


@case(
    "htx/streams/510",
    "The account's socket is asked for once, whatever is subscribed on it.",
    requirement="A key has 10 connections to the account's socket; orders and balances share one.",
    source="htx§6",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("stream_open", "subscribe", "subscribe.orders", "subscribe.balances"),
)
async def one_account_socket(s: Session) -> None:
    await s.client("stream_open", private=True)
    for pair in s.facts.pairs:
        await s.client("subscribe", channel="orders", symbol=pair.symbol)
        await s.client("subscribe", channel="balances", currency=pair.base)
    taken = await opened_at(s, ACCOUNT_PATHS)
    s.expect(len(taken) == 1, "one connection is enough", expected="1 connection", seen=f"{len(taken)} connections", at=taken)
