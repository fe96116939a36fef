"""What each topic of HTX's account socket says, and when. Source: htx§6.

A topic is spelled `orders#btcusdt`, `trade.clearing#*#1` or `accounts.update#2`; a push repeats it as it was subscribed to,
with its asterisk, because clients find their readers by it. Topics of different accounts are different feeds: what happens to
one account costs nothing for the readers of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.core.events import (
    BalanceChanged,
    ConditionalChanged,
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderTriggered,
)
from mockex.core.ledger import Balance
from mockex.core.units import Wallet
from mockex.venues.htx import push_codec as codec
from mockex.venues.htx.algo_codec import trigger_error
from mockex.venues.htx.codec import Row
from mockex.venues.htx.state import HtxState
from mockex.wire.desk import Desk
from mockex.wire.fanout import EventFeed, Feed, Trigger, TriggerKey
from mockex.wire.json import dumps

ALL = "*"
ORDERS, CLEARING, BALANCES = "orders", "trade.clearing", "accounts.update"
CLEARING_MODES, BALANCE_MODES = ("0", "1"), ("0", "1", "2")
DEFAULT_MODE = "0"


class TopicError(ValueError):
    """A topic that is not offered; its text is the venue's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`text`: as pushes and acknowledgements repeat it. `name`: the same with the mode that it leaves out. `symbol` None: of
    all symbols, or of none.
    """

    text: str
    name: str
    channel: str
    symbol: str | None = None
    mode: str = DEFAULT_MODE


def parse_topic(desk: Desk, text: str) -> Topic:
    """`TopicError` for what is not offered. Of two things wrong, the channel is told (ASSUMED)."""
    channel, *rest = text.split("#")
    if channel == BALANCES:
        mode = rest[0] if rest else DEFAULT_MODE
        if len(rest) > 1 or mode not in BALANCE_MODES:
            raise TopicError("invalid.ch")
        name = f"{BALANCES}#{mode}"  # acknowledged with its mode, even where it left that out (htx§6)
        return Topic(text=name, name=name, channel=channel, mode=mode)
    modes = {ORDERS: (), CLEARING: CLEARING_MODES}.get(channel)
    if modes is None or not rest or len(rest) > 2 or (len(rest) == 2 and rest[1] not in modes):
        raise TopicError("invalid.ch")
    symbol = rest[0]
    if symbol != ALL and symbol not in desk.exchange.markets:
        raise TopicError("invalid.symbol")
    mode = rest[1] if len(rest) == 2 else DEFAULT_MODE
    name = f"{channel}#{symbol}#{mode}" if modes else text
    return Topic(text=text, name=name, channel=channel, symbol=None if symbol == ALL else symbol, mode=mode)


def topic_names(desk: Desk) -> Iterable[str]:
    """Every topic that can be subscribed to."""
    symbols = [ALL, *desk.exchange.markets]
    yield from (f"{ORDERS}#{symbol}" for symbol in symbols)
    yield from (f"{CLEARING}#{symbol}#{mode}" for symbol in symbols for mode in CLEARING_MODES)
    yield from (f"{BALANCES}#{mode}" for mode in BALANCE_MODES)


def make_feed(desk: Desk, topic: Topic, account_id: str) -> Feed:
    return _FEEDS[topic.channel](desk, topic, account_id)


def _push(topic: Topic, row: Row) -> bytes:
    return dumps({"action": "push", "ch": topic.text, "data": row})


def _account_number(desk: Desk, account_id: str) -> int:
    state = desk.state
    assert isinstance(state, HtxState)
    return state.identities.account_number(account_id)


def _order_triggers(desk: Desk, topic: Topic, account_id: str) -> Iterable[TriggerKey]:
    symbols = desk.exchange.markets if topic.symbol is None else (topic.symbol,)
    return ((Trigger.ORDER, account_id, symbol) for symbol in symbols)


# --- orders


def _orders(desk: Desk, topic: Topic, account_id: str) -> Feed:
    number = _account_number(desk, account_id)

    def render(event: Event) -> bytes | None:
        row = _order_row(event, number)
        return None if row is None else _push(topic, row)

    return EventFeed(*_order_triggers(desk, topic, account_id), render=render)


def _order_row(event: Event, account_number: int) -> Row | None:
    """A stop order is told of from its trigger on; if it is cancelled before, that is told (ASSUMED)."""
    match event:
        case OrderAccepted() if event.order.trigger is None:
            return codec.encode_creation(event.order, account_number)
        case OrderTriggered():
            return codec.encode_creation(event.order, account_number)
        case OrderFilled():
            return codec.encode_trade(event.fill, account_number)
        case OrderCancelled():
            return codec.encode_cancellation(event, account_number)
        case ConditionalChanged():
            return _conditional_row(event.conditional, event.status, event.time_ns)
        case _:
            return None


def _conditional_row(conditional: ConditionalOrder, status: ConditionalStatus, time_ns: int) -> Row | None:
    """Told of only if it never becomes an order; else that order speaks for itself."""
    if status is ConditionalStatus.CANCELLED:
        return codec.encode_deletion(conditional, time_ns)
    if status is ConditionalStatus.FAILED:
        code, message = trigger_error(conditional)
        return codec.encode_failed_trigger(conditional, time_ns, code=code, message=message)
    return None


# --- clearing


def _clearing(desk: Desk, topic: Topic, account_id: str) -> Feed:
    number = _account_number(desk, account_id)

    def render(event: Event) -> bytes | None:
        if isinstance(event, OrderFilled):
            return _push(topic, codec.encode_cleared_trade(event.fill, number))
        if isinstance(event, OrderCancelled) and topic.mode == "1":
            return _push(topic, codec.encode_cleared_cancellation(event, number))
        return None

    return EventFeed(*_order_triggers(desk, topic, account_id), render=render)


# --- balances


_Amounts = Mapping[str, int]  # `balance` and `available`, in atoms


class BalanceFeed:
    """One account's spot balances. Mode 0 tells of changes of the balance alone; mode 1 of the balance and of what of it is
    available, each in a push of its own with nothing but what has changed; mode 2 always tells both.

    A new subscriber gets every currency once, with no cause and no time; in mode 1 with both amounts (ASSUMED).
    """

    def __init__(self, desk: Desk, topic: Topic, account_id: str) -> None:
        self._topic = topic
        self._account = desk.account(account_id)
        self._number = _account_number(desk, account_id)
        self._assets = desk.exchange.assets
        self._told: dict[str, _Amounts] = {}
        self._broadcast: Callable[[bytes], None] | None = None
        self.triggers: tuple[TriggerKey, ...] = tuple(
            (Trigger.BALANCE, account_id, Wallet.SPOT, asset) for asset in self._assets
        )

    def opening(self) -> Iterable[bytes]:
        for asset in self._assets.values():
            balance = self._account.wallets[Wallet.SPOT].get(asset.code)
            amounts = _amounts(balance)
            shown = {"balance": amounts["balance"]} if self._topic.mode == "0" else amounts
            changes = 0 if balance is None else balance.changes
            row = codec.encode_balance(asset, shown, self._number, changes=changes, cause=None, time_ns=None)
            yield _push(self._topic, row)

    def on_event(self, event: Event) -> bytes | None:
        if not isinstance(event, BalanceChanged):
            return None
        code = event.balance.asset
        now = {"balance": event.total, "available": event.total - event.held}
        before, self._told[code] = self._told[code], now
        pushes = [self._change(event, shown) for shown in self._shown(before, now)]
        for payload in pushes[:-1]:
            if self._broadcast is not None:
                self._broadcast(payload)
        return pushes[-1] if pushes else None

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._broadcast = broadcast
        self._told = {code: _amounts(self._account.wallets[Wallet.SPOT].get(code)) for code in self._assets}

    def stop(self) -> None:
        """Nothing is pending, ever."""

    def _shown(self, before: _Amounts, now: _Amounts) -> list[_Amounts]:
        """The amounts of each push. What has not changed in the end, as when an order came and went at once, is not told."""
        changed = {name: amount for name, amount in now.items() if amount != before[name]}
        match self._topic.mode:
            case "0":
                return [{"balance": now["balance"]}] if "balance" in changed else []
            case "1":
                return [{name: amount} for name, amount in changed.items()]
            case _:
                return [now] if changed else []

    def _change(self, event: BalanceChanged, shown: _Amounts) -> bytes:
        asset, changes = self._assets[event.balance.asset], event.balance.changes
        row = codec.encode_balance(asset, shown, self._number, changes=changes, cause=event.cause, time_ns=event.time_ns)
        return _push(self._topic, row)


def _amounts(balance: Balance | None) -> _Amounts:
    return {"balance": 0, "available": 0} if balance is None else {"balance": balance.total, "available": balance.available}


_FEEDS: Mapping[str, Callable[[Desk, Topic, str], Feed]] = {
    ORDERS: _orders,
    CLEARING: _clearing,
    BALANCES: BalanceFeed,
}
