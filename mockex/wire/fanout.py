"""From events to frames: topics, their subscribers, and when each topic speaks.

A frame is rendered and encoded once however many read it, and a topic without subscribers costs nothing: it does not exist.
Events find topics by trigger, so an event costs only as much as there are topics that care.
The kinds of topic that cover the venues: one frame per event, at once or all of an interval together; the newest state at a
cadence; and increments of a book.
Cadences lie on a grid of virtual time; a push falls on the first grid line after the change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from enum import IntEnum
from typing import Protocol

from mockex.core.clock import VirtualClock
from mockex.core.events import (
    BalanceChanged,
    ConditionalChanged,
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRested,
    OrderTriggered,
    PositionChanged,
    Trade,
)
from mockex.core.markets import Market
from mockex.core.orders import Order
from mockex.wire.cadence import Cadence
from mockex.wire.connections import Connection
from mockex.wire.depth import DepthDelta, DepthWindow, Level, uncounted
from mockex.wire.messages import Frame, Push
from mockex.wire.recording import Recorder

Encode = Callable[[bytes], Frame]


class Trigger(IntEnum):
    """What wakes a topic. With an instrument's symbol, or an account's id and more, it makes a trigger key."""

    TRADE = 1  # symbol
    BOOK = 2  # symbol: orders came, went or were filled
    ORDER = 3  # account id, symbol
    BALANCE = 4  # account id, wallet, asset
    POSITION = 5  # account id


TriggerKey = tuple[Hashable, ...]


def trigger_keys(event: Event) -> tuple[TriggerKey, ...]:
    """Everything that `event` may wake."""
    match event:
        case Trade():
            return ((Trigger.TRADE, event.symbol), (Trigger.BOOK, event.symbol))
        case OrderFilled():
            return (_order_key(event.fill.order),)
        case OrderAccepted() | OrderTriggered():
            return (_order_key(event.order),)
        case OrderRested():
            return ((Trigger.BOOK, event.order.instrument.symbol),)
        case OrderCancelled():
            book = (Trigger.BOOK, event.order.instrument.symbol)
            return (_order_key(event.order), book) if event.rested else (_order_key(event.order),)
        case ConditionalChanged():
            conditional = event.conditional
            return ((Trigger.ORDER, conditional.account.account_id, conditional.order.symbol),)
        case BalanceChanged():
            balance = event.balance
            return ((Trigger.BALANCE, balance.account.account_id, balance.wallet, balance.asset),)
        case PositionChanged():
            return ((Trigger.POSITION, event.position.account.account_id),)
        case _:
            return ()


def _order_key(order: Order) -> TriggerKey:
    return (Trigger.ORDER, order.account.account_id, order.instrument.symbol)


class Feed(Protocol):
    """What a topic says. Payloads are bytes before the socket's encoding (compression, framing)."""

    triggers: tuple[TriggerKey, ...]

    def opening(self) -> Iterable[bytes]:
        """What a new subscriber gets at once, and nobody else."""

    def on_event(self, event: Event) -> bytes | None:
        """What everybody gets because of `event`, now."""

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        """The first subscriber has come. `broadcast` sends a payload to all later on."""

    def stop(self) -> None:
        """The last one has gone."""


class Topic:
    """A feed and who reads it. `name`: the channel's, as the venue itself spells it; topics of several accounts share one."""

    __slots__ = ("_opening", "_push", "encode", "feed", "key", "name", "subscribers")

    def __init__(self, key: Hashable, name: str, feed: Feed, encode: Encode) -> None:
        self.key = key
        self.name = name
        self.feed = feed
        self.encode = encode
        self.subscribers: dict[Connection, None] = {}
        self._push = Push(name, opening=False)
        self._opening = Push(name, opening=True)

    def broadcast(self, payload: bytes) -> None:
        frame = self.encode(payload).pushed(self._push)
        for connection in self.subscribers:
            connection.send(frame)

    def open(self, connection: Connection) -> None:
        """Sends a new subscriber what it gets at once."""
        for payload in self.feed.opening():
            connection.send(self.encode(payload).pushed(self._opening))


class Hub:
    """All topics of one simulation that somebody reads."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.cause: Event | None = None
        """While a push about an order is sent: what has happened to that order."""
        self.on_leave: Callable[[Connection, str], None] | None = None
        """Is told when a connection leaves a channel, where somebody wants to know."""
        self._topics: dict[Hashable, Topic] = {}
        self._by_trigger: dict[TriggerKey, dict[Topic, None]] = {}

    def __len__(self) -> int:
        return len(self._topics)

    def subscribe(
        self, connection: Connection, key: Hashable, make_feed: Callable[[], Feed], encode: Encode, *, name: str
    ) -> None:
        """Adds a reader; `make_feed` is called when the topic has none yet. The reader gets the topic's opening. `name`: the
        channel's, in the venue's canonical spelling.

        A second subscription of the same connection changes nothing and gets a fresh opening.
        """
        topic = self._topics.get(key)
        if topic is None:
            topic = self._topics[key] = Topic(key, name, make_feed(), encode)
            for trigger in topic.feed.triggers:
                self._by_trigger.setdefault(trigger, {})[topic] = None
            topic.feed.start(topic.broadcast)
        topic.subscribers[connection] = None
        connection.topics[key] = None
        self._recorder.subscribed(connection.connection_id, topic.name)
        topic.open(connection)

    def feed(self, key: Hashable) -> Feed | None:
        """What a topic says, as long as somebody reads it."""
        topic = self._topics.get(key)
        return None if topic is None else topic.feed

    def unsubscribe(self, connection: Connection, key: Hashable) -> bool:
        """Whether the connection had subscribed to that topic."""
        topic = self._leave(connection, key)
        if topic is None:
            return False
        self._recorder.unsubscribed(connection.connection_id, topic.name)
        return True

    def drop(self, connection: Connection) -> None:
        """The connection is gone."""
        for key in list(connection.topics):
            self._leave(connection, key)

    def publish(self, events: Iterable[Event]) -> None:
        """Wakes the topics that care, in the order of the events."""
        by_trigger = self._by_trigger
        if not by_trigger:
            return
        for event in events:
            for key in trigger_keys(event):
                topics = by_trigger.get(key)
                if topics is None:
                    continue
                self.cause = event if key[0] is Trigger.ORDER else None
                for topic in topics:
                    payload = topic.feed.on_event(event)
                    if payload is not None:
                        topic.broadcast(payload)
        self.cause = None

    def _leave(self, connection: Connection, key: Hashable) -> Topic | None:
        """The topic that the connection has left, None if it had not subscribed."""
        connection.topics.pop(key, None)
        topic = self._topics.get(key)
        if topic is None or connection not in topic.subscribers:
            return None
        del topic.subscribers[connection]
        if not topic.subscribers:
            self._remove(topic)
        if self.on_leave is not None:
            self.on_leave(connection, topic.name)
        return topic

    def _remove(self, topic: Topic) -> None:
        topic.feed.stop()
        del self._topics[topic.key]
        for trigger in dict.fromkeys(topic.feed.triggers):
            topics = self._by_trigger[trigger]
            del topics[topic]
            if not topics:
                del self._by_trigger[trigger]


def _no_opening() -> Iterable[bytes]:
    return ()


class EventFeed:
    """A frame for each event that `render` has something to say about."""

    def __init__(
        self,
        *triggers: TriggerKey,
        render: Callable[[Event], bytes | None],
        opening: Callable[[], Iterable[bytes]] = _no_opening,
    ) -> None:
        self.triggers = triggers
        self._render = render
        self._opening = opening

    def opening(self) -> Iterable[bytes]:
        return self._opening()

    def on_event(self, event: Event) -> bytes | None:
        return self._render(event)

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        """Speaks only when an event comes."""

    def stop(self) -> None:
        """Nothing is pending, ever."""


class StateFeed:
    """The newest state, at most once per interval and only after a change. `render` may find nothing to say."""

    def __init__(
        self,
        *triggers: TriggerKey,
        clock: VirtualClock,
        interval_ns: int,
        render: Callable[[], bytes | None],
        opening: Callable[[], Iterable[bytes]] | None = None,
    ) -> None:
        self.triggers = triggers
        self._render = render
        self._opening = opening
        self._broadcast: Callable[[bytes], None] | None = None
        self._cadence = Cadence(clock, interval_ns, self._speak)

    def opening(self) -> Iterable[bytes]:
        if self._opening is not None:
            return self._opening()
        payload = self._render()
        return () if payload is None else (payload,)

    def on_event(self, event: Event) -> bytes | None:
        self._cadence.mark()
        return None

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._broadcast = broadcast

    def stop(self) -> None:
        self._cadence.stop()

    def _speak(self) -> None:
        payload = self._render()
        if payload is not None and self._broadcast is not None:
            self._broadcast(payload)


class GatheringFeed:
    """A frame for each event that `render` has something to say about, but all of an interval together at its end."""

    def __init__(
        self, *triggers: TriggerKey, clock: VirtualClock, interval_ns: int, render: Callable[[Event], bytes | None]
    ) -> None:
        self.triggers = triggers
        self._render = render
        self._gathered: list[bytes] = []
        self._broadcast: Callable[[bytes], None] | None = None
        self._cadence = Cadence(clock, interval_ns, self.flush)

    def opening(self) -> Iterable[bytes]:
        """What a new reader gets is the venue's to say. Call `flush` before, or it gets twice what has gathered."""
        return ()

    def on_event(self, event: Event) -> bytes | None:
        payload = self._render(event)
        if payload is not None:
            self._gathered.append(payload)
            self._cadence.mark()
        return None

    def flush(self) -> None:
        """Says what has gathered, now."""
        gathered, self._gathered = self._gathered, []
        if self._broadcast is not None:
            for payload in gathered:
                self._broadcast(payload)

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._broadcast = broadcast

    def stop(self) -> None:
        self._cadence.stop()


class DepthFeed:
    """A snapshot for each new reader, then increments of the best `levels` prices.

    All readers hold the same window. A new one gets the window as last sent, which may be one interval old, so that the
    next increment fits it as it fits the others. `interval_ns` None: an increment after every event that moved the book.
    `counts_orders`: whether a level's number of orders is shown.
    """

    def __init__(
        self,
        market: Market,
        *,
        clock: VirtualClock,
        levels: int,
        interval_ns: int | None,
        snapshot: Callable[[DepthWindow], bytes],
        update: Callable[[DepthDelta, DepthWindow], bytes],
        counts_orders: bool = True,
    ) -> None:
        self.triggers: tuple[TriggerKey, ...] = ((Trigger.BOOK, market.instrument.symbol),)
        self._market = market
        self._levels = levels
        self._counts_orders = counts_orders
        self._window = DepthWindow(levels)
        self._snapshot = snapshot
        self._update = update
        self._broadcast: Callable[[bytes], None] | None = None
        self._cadence = None if interval_ns is None else Cadence(clock, interval_ns, self._speak)

    def opening(self) -> Iterable[bytes]:
        return (self._snapshot(self._window),)

    def on_event(self, event: Event) -> bytes | None:
        if self._cadence is None:
            return self._increment()
        self._cadence.mark()
        return None

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._broadcast = broadcast
        self._window.reset(*self._best())

    def stop(self) -> None:
        if self._cadence is not None:
            self._cadence.stop()

    def _best(self) -> tuple[list[Level], list[Level]]:
        book = self._market.book
        bids, asks = book.bids.depth(self._levels), book.asks.depth(self._levels)
        return (bids, asks) if self._counts_orders else (uncounted(bids), uncounted(asks))

    def _increment(self) -> bytes | None:
        delta = self._window.advance(*self._best())
        return None if delta.is_empty else self._update(delta, self._window)

    def _speak(self) -> None:
        payload = self._increment()
        if payload is not None and self._broadcast is not None:
            self._broadcast(payload)
