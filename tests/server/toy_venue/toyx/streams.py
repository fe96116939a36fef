"""The toy exchange's WebSocket: plain text. `trades` and `shouts` subscribe; `shout COUNT SIZE` speaks to who hears shouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockex.core.events import Event, Trade
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.desk import Desk
from mockex.wire.fanout import EventFeed, Trigger, TriggerKey
from mockex.wire.json import dumps
from mockex.wire.messages import BINARY, TEXT, Frame, WireResponse
from mockex.wire.venue import SocketRefused, SocketSpec

MAX_MESSAGE_BYTES = 1_000
MAX_WAITING_BYTES = 262_144
TOO_LONG = CloseOrder(4009, "too long")
TOO_SLOW = CloseOrder(4002, "too slow")


class State:
    """What the toy remembers besides its exchange."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.shout: Callable[[bytes], None] | None = None
        self.heard: list[str] = []


class ShoutFeed:
    triggers: tuple[TriggerKey, ...] = ()

    def __init__(self, state: State) -> None:
        self._state = state

    def opening(self) -> Iterable[bytes]:
        return (b"listening",)

    def on_event(self, event: Event) -> bytes | None:
        return None

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._state.shout = broadcast

    def stop(self) -> None:
        self._state.shout = None


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


def on_upgrade(desk: Desk, peer_ip: str) -> None:
    if desk.switch("sockets_closed"):
        raise SocketRefused(WireResponse(503, b'{"code":"SOCKETS_CLOSED"}'))


def on_open(desk: Desk, connection: Connection) -> None:
    connection.send(encode(b"welcome"))


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    state: State = desk.state
    if isinstance(message, bytes):
        connection.send(Frame.of(message, BINARY))
        return
    state.heard.append(message)
    match message.split(" "):
        case ["trades"]:
            trades = EventFeed((Trigger.TRADE, "AAA-BBB"), render=render_trade)
            desk.hub.subscribe(connection, "trades", lambda: trades, encode, name="toy trades")
        case ["shouts"]:
            desk.hub.subscribe(connection, "shouts", lambda: ShoutFeed(state), encode, name="toy shouts")
        case ["shout", count, size]:
            for number in range(int(count)):
                if state.shout is not None:
                    state.shout(f"{number} ".encode().ljust(int(size), b"."))
        case ["bye"]:
            connection.send(encode(b"last words"))
            connection.close(CloseOrder(4000, "as you wish"))
        case ["boom"]:
            raise RuntimeError("the toy is broken")
        case _:
            connection.send(encode(message.encode()))


def render_trade(event: Event) -> bytes | None:
    return dumps({"price": event.price, "qty": event.qty}) if isinstance(event, Trade) else None


MAIN_SOCKET = SocketSpec(
    paths=("/ws", "/ws/again"),
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(MAX_WAITING_BYTES, TOO_SLOW, farewell=encode(b"too slow, goodbye")),
    on_upgrade=on_upgrade,
    on_open=on_open,
    max_message_bytes=MAX_MESSAGE_BYTES,
    too_long=TOO_LONG,
)
