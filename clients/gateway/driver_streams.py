"""Operations of the driver on pushes, which come by themselves for every symbol of the login.

Owns what pushes have brought and was not handed out yet. Must not know the protocol's transport, or how the login came about.
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

from mockex.clients.shared.driver_time import turns
from mockex.clients.shared.driver_values import Fields

from . import driver_words as w
from .events import AssetUpdate, FillUpdate, GatewayEvent, OrderUpdate, PositionUpdate

_MS_PER_S = 1_000
_CHANNELS = ("orders", "balances", "positions")

Told = OrderUpdate | FillUpdate | AssetUpdate | PositionUpdate


class StreamOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    platforms: Mapping[str, w.Symbols]
    """By name: those that there are to trade on."""

    def __init__(self) -> None:
        super().__init__()
        self._told: deque[Told] = deque()
        self._news = asyncio.Event()
        self._wanted: set[tuple[str, str | None]] = set()  # channel, and symbol or currency

    def keep(self, event: GatewayEvent) -> None:
        """An event of the client."""
        if isinstance(event, Told):
            self._told.append(event)
        self._news.set()

    def forget_events(self) -> None:
        """A stream begins."""
        self._told.clear()
        self._wanted.clear()

    def must_be_open(self) -> None:
        """ValueError without a stream."""
        raise NotImplementedError

    # --- channels

    def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        """There is nothing to ask for: what the login names is pushed. What else is wanted never comes, so it is refused."""
        self.must_be_open()
        if channel not in _CHANNELS:
            raise ValueError(f"there is no channel {channel}")
        if symbol is not None and not any(symbol in each.to_gateway for each in self.platforms.values()):
            raise ValueError(f"{symbol} is not a symbol of any login")
        self._wanted.add((channel, symbol or currency))
        return {}

    def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        """Pushes go on; from now on they are not handed out."""
        self.must_be_open()
        self._wanted.discard((channel, symbol or currency))
        return {}

    async def next_event(
        self,
        channel: str,
        timeout_ms: int,
        symbol: str | None = None,
        currency: str | None = None,
        interval_s: int | None = None,
    ) -> Fields:
        """Without a symbol or currency: of all that are subscribed."""
        self.must_be_open()
        await turns()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / _MS_PER_S):
                while True:
                    self._news.clear()
                    found = next((each for each in self._told if self._is_wanted(each, channel, symbol or currency)), None)
                    if found is not None:
                        self._told.remove(found)
                        return {"event": self._fields(found)}
                    await self._news.wait()
        return {"event": None}

    def _is_wanted(self, told: Told, channel: str, of: str | None) -> bool:
        subjects = self._subjects(told)
        return (
            channel == _channel_of(told)
            and (of is None or of in subjects)
            and any((channel, each) in self._wanted for each in (None, *subjects))
        )

    def _subjects(self, told: Told) -> tuple[str, ...]:
        """Symbol or currencies. Assets are a complete snapshot: of a currency that is not there, it says that there is none."""
        symbols = self._symbols(told)
        match told:
            case OrderUpdate():
                return (symbols.told(told.order.symbol),)
            case FillUpdate():
                return (symbols.told(told.fill.symbol),)
            case PositionUpdate():
                return (symbols.told(told.position.symbol),)
            case AssetUpdate():
                return tuple(told.assets)

    def _fields(self, told: Told) -> Fields:
        symbols = self._symbols(told)
        match told:
            case OrderUpdate():
                return {"orders": [w.order_fields(told.order, symbols)]}
            case FillUpdate():
                return {"fills": [w.fill_fields(told.fill, symbols)]}
            case PositionUpdate():
                return {"positions": w.position_fields(told.position, symbols, flat=True)}
            case AssetUpdate():
                return {"balances": w.balance_fields(told.assets.values())}

    def _symbols(self, told: Told) -> w.Symbols:
        """Of the platform that it is about."""
        return self.platforms[told.session.login.platform]


def _channel_of(told: Told) -> str:
    match told:
        case OrderUpdate() | FillUpdate():
            return "orders"
        case PositionUpdate():
            return "positions"
        case AssetUpdate():
            return "balances"
