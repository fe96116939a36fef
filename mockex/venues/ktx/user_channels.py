"""What KTX's user socket tells an account of itself, and when. Source: ktx§9.

Three streams, without a first picture: every change of an order, of a position, of a balance. Of one change orders come first,
then positions, then balances (proposed): that is the order of the exchange's own events. Streams of different accounts are
different feeds: what happens to one account costs nothing for the readers of another.
Of positions and balances only what differs from what was told before is told: neither an immediate order that came and went nor
a mark price changes anything that these frames show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mockex.core.events import BalanceChanged, Event, OrderAccepted, OrderCancelled, OrderFilled, PositionChanged
from mockex.core.units import Atoms, Wallet
from mockex.venues.ktx import codec
from mockex.venues.ktx.channels import push
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.order_codec import changes_of, encode_accepted, encode_after, encode_order
from mockex.venues.ktx.order_words import is_rejected
from mockex.venues.ktx.position_codec import encode_change, encode_position
from mockex.wire.desk import Desk
from mockex.wire.fanout import EventFeed, Feed, Trigger, TriggerKey

ORDER, POSITION, ACCOUNT = "order", "position", "account"


def make_feed(desk: Desk, name: str, account_id: str) -> Feed:
    return _FEEDS[name](desk, account_id)


def _orders(desk: Desk, account_id: str) -> Feed:
    """Each frame has the order as it was right then, also where it has traded more since. A rejected one has a single frame."""

    changes = changes_of(desk)

    def row(event: Event) -> codec.Row | None:
        match event:
            case OrderAccepted():
                return None if is_rejected(event.order) else encode_accepted(event.order, desk.state, changes)
            case OrderFilled():
                return encode_after(event.fill, desk.state, changes)
            case OrderCancelled():
                return encode_order(event.order, desk.state, changes)
            case _:
                return None

    def render(event: Event) -> bytes | None:
        encoded = row(event)
        return None if encoded is None else push(ORDER, encoded)

    return EventFeed(*((Trigger.ORDER, account_id, symbol) for symbol in desk.exchange.markets), render=render)


class _Silent:
    """A feed that only speaks when an event comes, and has nothing for a new reader."""

    def __init__(self, *triggers: TriggerKey) -> None:
        self.triggers = triggers

    def opening(self) -> Iterable[bytes]:
        return ()

    def stop(self) -> None:
        """Nothing is pending, ever."""


class _PositionFeed(_Silent):
    """One account's positions. One that is over is told a last time, with quantity 0."""

    def __init__(self, desk: Desk, account_id: str) -> None:
        super().__init__((Trigger.POSITION, account_id))
        self._desk = desk
        self._account_id = account_id
        self._generation: Generation = desk.state.generation
        self._told: dict[int, codec.Row] = {}

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        contracts = self._desk.exchange.contracts
        if contracts is not None:
            known = contracts.positions.of(self._desk.account(self._account_id))
            self._told = {position.position_id: encode_position(position, self._generation) for position in known}

    def on_event(self, event: Event) -> bytes | None:
        if not isinstance(event, PositionChanged):
            return None
        position_id, row = event.position.position_id, encode_change(event, self._generation)
        told = self._told.pop(position_id, None)
        is_over = not event.qty and not event.position.orders
        if not is_over:
            self._told[position_id] = row
        elif told is None:
            return None  # it came and went within one command
        return None if row == told else push(POSITION, row)


_Amounts = tuple[Atoms, Atoms]  # all of it, and what of it is held


class _AccountFeed(_Silent):
    """One account's balances."""

    def __init__(self, desk: Desk, account_id: str) -> None:
        super().__init__(*((Trigger.BALANCE, account_id, Wallet.SPOT, code) for code in desk.exchange.assets))
        self._balances = desk.account(account_id).wallets[Wallet.SPOT]
        self._assets = desk.exchange.assets
        self._generation: Generation = desk.state.generation
        self._told: dict[str, _Amounts] = {}

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._told = {code: (balance.total, balance.held) for code, balance in self._balances.items()}

    def on_event(self, event: Event) -> bytes | None:
        if not isinstance(event, BalanceChanged):
            return None
        code, amounts = event.balance.asset, (event.total, event.held)
        if self._told.get(code, (0, 0)) == amounts:
            return None
        self._told[code] = amounts
        return push(ACCOUNT, self._generation.balance_row(self._assets[code], *amounts))


_FEEDS: Mapping[str, Callable[[Desk, str], Feed]] = {ORDER: _orders, POSITION: _PositionFeed, ACCOUNT: _AccountFeed}

STREAMS = tuple(_FEEDS)
