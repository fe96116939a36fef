"""One login: its token, its link to a venue, and what is told of it in which order.

Owns: the state machine of gw§8, the pushes of gw§7, and the requests that are under way.
Must not know: JSON, sockets, what a request asks for.
Invariants: everything about a token leaves in the order in which it happened; a push about an order that is being placed leaves
after the reply that names it, unless a fault says otherwise; after the end nothing leaves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from mockex.gateway import protocol
from mockex.gateway.platform import Asset, Fill, Link, Order, Platform, Position, Refusal
from mockex.gateway.protocol import PlaceOrder, StateCode, TokenRequest

if TYPE_CHECKING:
    from datetime import timedelta

    from mockex.gateway.faults import Faults

READY_TEXT = "Environment ready"


class Phase(Enum):
    """What a login may do."""

    CONNECTING = "connecting"
    """Not ready, or no longer: the link is at work."""
    READY = "ready"
    STOPPED = "stopped"
    """The venue or the login itself is such that no link is kept; the identity stays taken."""
    ENDED = "ended"


class Teller(Protocol):
    """The client's socket."""

    def tell(self, frame: bytes, *, channel: str | None) -> None: ...


class Timer(Protocol):
    def cancel(self) -> None: ...


class Flight:
    """One request that awaits its answer. `answer` it once; what is said later does not count."""

    def __init__(self, session: Session, request: TokenRequest, asker: Teller) -> None:
        self.request = request
        self.answered = False
        self.push_first = False
        self.seen: dict[str, None] = {}
        """Orders that were pushed meanwhile, if its push is to come first."""
        self._session = session
        self._asker = asker

    def answer(self, frame: bytes | None) -> None:
        """None: no answer is ever sent."""
        if self.answered:
            return
        self.answered = True
        if frame is not None:
            self._session.faults.pass_on(self.request, lambda: self._asker.tell(frame, channel=None))
        self._session.landed(self)

    def succeed(self, data: protocol.Data) -> None:
        self.answer(protocol.reply(self.request, data))

    def fail(self, text: str) -> None:
        self.answer(protocol.refusal(self.request, text))


class _Held:
    """Something to tell, and what it waits for."""

    __slots__ = ("awaits", "tell")

    def __init__(self, tell: Callable[[], None], awaits: set[object]) -> None:
        self.tell = tell
        self.awaits = awaits


class Session:
    """Hears its link as a `platform.Listener`, and is its `Line`."""

    def __init__(
        self,
        *,
        token: str,
        identity: str,
        platform_name: str,
        pairs: Collection[str],
        owner: Teller,
        faults: Faults,
        blunt: bool,
        call_after: Callable[[timedelta, Callable[[], None]], Timer],
    ) -> None:
        self.token = token
        self.identity = identity
        self.platform_name = platform_name
        self.pairs = tuple(pairs)
        self.faults = faults
        self.blunt = blunt
        """See `platform.Line`."""
        self.phase = Phase.CONNECTING
        self.platform: Platform | None = None
        self.link: Link | None = None
        self.on_stop: Callable[[Session], None] = _nothing
        """Called once when the link is of no more use."""
        self._owner = owner
        self._call_after = call_after
        self._flights: dict[Flight, None] = {}
        self._held: deque[_Held] = deque()
        self._named: dict[str, None] = {}  # open orders that the client knows of
        self._replies_after_push: dict[str, Callable[[], None]] = {}
        self._ready: _Held | None = None
        self._ready_timer: Timer | None = None

    # --- requests

    @property
    def takes(self) -> bool:
        """Whether requests are carried out now. The original service forwards them also without a connection (gw§6)."""
        return self.phase is Phase.READY or (self.blunt and self.phase is Phase.CONNECTING)

    def take_off(self, request: TokenRequest, asker: Teller) -> Flight:
        """A request begins. Lost with the link, unless it is answered before."""
        flight = Flight(self, request, asker)
        if isinstance(request, PlaceOrder):
            flight.push_first = self.faults.takes_push_first()
        self._flights[flight] = None
        return flight

    def landed(self, flight: Flight) -> None:
        """It is answered: what waited for that is told."""
        self._flights.pop(flight, None)
        self._no_longer_awaited(flight)

    def name(self, flight: Flight, order_no: str) -> None:
        """The order that a request has placed: answers it."""

        def answer() -> None:
            flight.succeed({"order_no": order_no})

        is_pushed = isinstance(flight.request, PlaceOrder) and flight.request.symbol in self.pairs
        if flight.push_first and is_pushed and order_no not in flight.seen and not flight.answered:
            self._replies_after_push[order_no] = answer
            return
        if is_pushed and not flight.push_first:
            self._named[order_no] = None
        answer()

    # --- what the link tells (platform.Listener, platform.Line)

    def obstacle(self) -> str | None:
        return self.faults.obstacle(self.platform_name)

    def connected(self, url: str) -> None:
        self._state(StateCode.CONNECT_SUCCESS, f"connect to server success! url: {url}")

    def connect_failed(self, url: str, error: str) -> None:
        self._state(StateCode.CONNECT_FAILED, f"connect to server error! url: {url}, error: {error}")

    def lost(self, url: str) -> None:
        """What is under way is answered first, and nothing waits any longer."""
        if self.phase is Phase.READY:
            self.phase = Phase.CONNECTING
        self._give_up_flights()
        self._cancel_ready()
        self._state(StateCode.DISCONNECT, f"connection lost! url: {url}")

    def reconnecting(self, url: str) -> None:
        self._state(StateCode.RECONNECTING, f"reconnecting websocket right now! url: {url}")

    def ready(self) -> None:
        delay = self.faults.ready_after(self.platform_name)
        self._ready = _Held(self._become_ready, {"delay"} if delay else set())
        if delay:
            self._ready_timer = self._call_after(delay, lambda: self._no_longer_awaited("delay"))
        self._put(self._ready)

    def refused(self, text: str) -> None:
        self._stop(StateCode.PARAM_MISS, text)

    def failed(self, text: str) -> None:
        self._state(StateCode.GENERAL_ERROR, text)

    def order(self, order: Order) -> None:
        if order.pair in self.pairs:
            frame = self._push("order", {"symbol": order.pair, **protocol.order_row(order)})
            self._put(_Held(lambda: self._tell_order(order, frame), self._placements(order.order_no)))

    def fill(self, fill: Fill) -> None:
        if fill.pair in self.pairs:
            self._notify("fill", protocol.fill_row(fill), self._placements(fill.order_no))

    def position(self, position: Position) -> None:
        if position.pair in self.pairs:
            self._notify("position", {"symbol": position.pair, **protocol.position_row(position)}, set())

    def assets(self, assets: Mapping[str, Asset]) -> None:
        self._notify("asset", protocol.assets_row(assets), set())

    # --- the end

    def stop(self, text: str) -> None:
        """The login itself is wrong (code 1)."""
        self._stop(StateCode.PARAM_MISS, text)

    def end(self) -> None:
        """Logged out, or the client is gone. What is under way is answered; then nothing is told any more."""
        if self.phase is Phase.ENDED:
            return
        self._give_up_flights()
        self._cancel_ready()
        self.phase = Phase.ENDED
        self._held.clear()
        self.on_stop(self)

    def _stop(self, code: StateCode, text: str) -> None:
        if self.phase is Phase.ENDED:
            return
        self._state(code, text)
        self._give_up_flights()
        self.phase = Phase.STOPPED
        self.on_stop(self)

    # --- order

    def _state(self, code: StateCode, text: str) -> None:
        frame = protocol.state(self.token, code, text)
        self._put(_Held(lambda: self._owner.tell(frame, channel="state"), set()))

    def _push(self, topic: str, data: protocol.Data) -> bytes:
        return protocol.notify(self.token, topic, data)

    def _notify(self, topic: str, data: protocol.Data, awaits: set[object]) -> None:
        frame = self._push(topic, data)
        self._put(_Held(lambda: self._owner.tell(frame, channel=topic), awaits))

    def _placements(self, order_no: str) -> set[object]:
        """The requests one of which may have placed this order, and has not said so yet."""
        if order_no in self._named:
            return set()
        return {flight for flight in self._flights if isinstance(flight.request, PlaceOrder) and not flight.push_first}

    def _tell_order(self, order: Order, frame: bytes) -> None:
        self._owner.tell(frame, channel="order")
        if order.open:
            self._named[order.order_no] = None
        else:
            self._named.pop(order.order_no, None)
        for flight in self._flights:
            if flight.push_first:
                flight.seen[order.order_no] = None
        answer = self._replies_after_push.pop(order.order_no, None)
        if answer is not None:
            answer()

    def _put(self, held: _Held) -> None:
        if self.phase is not Phase.ENDED:
            self._held.append(held)
            self._tell_what_may_be_told()

    def _no_longer_awaited(self, event: object) -> None:
        for held in self._held:
            held.awaits.discard(event)
        self._tell_what_may_be_told()

    def _tell_what_may_be_told(self) -> None:
        while self._held and not self._held[0].awaits:
            self._held.popleft().tell()

    def _become_ready(self) -> None:
        self._ready = None
        if self.phase is Phase.CONNECTING:
            self.phase = Phase.READY
        self._owner.tell(protocol.state(self.token, StateCode.READY, READY_TEXT), channel="state")

    def _give_up_flights(self) -> None:
        replies, self._replies_after_push = self._replies_after_push, {}
        for answer in replies.values():
            answer()
        for flight in list(self._flights):
            flight.fail(Refusal.CONNECTION_LOST)

    def _cancel_ready(self) -> None:
        """A READY that is delayed is not told any more: the link is gone meanwhile."""
        if self._ready_timer is not None:
            self._ready_timer.cancel()
            self._ready_timer = None
        if self._ready is not None:
            self._held.remove(self._ready)
            self._ready = None
            self._tell_what_may_be_told()


def _nothing(session: Session) -> None:
    """Stands for whoever wants to know."""
