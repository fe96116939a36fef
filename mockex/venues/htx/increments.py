"""The incremental book of HTX: numbered changes without a snapshot, which a reader asks for. Source: htx§5.

Each increment names the book's version and that of the increment before it. Invariants: the numbers chain without a gap for
every reader; the image always fits between two increments, also while nobody has had one yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mockex.core.clock import VirtualClock
from mockex.core.events import Event
from mockex.core.markets import Market
from mockex.venues.htx.books import best, version_of
from mockex.wire.cadence import Metronome
from mockex.wire.depth import DepthDelta, DepthWindow, Level
from mockex.wire.fanout import Trigger, TriggerKey


class BookImage(NamedTuple):
    """The best levels a side, best first, and the version of the last increment that they include."""

    seq_num: int
    bids: list[Level]
    asks: list[Level]


def image_of(market: Market, levels: int) -> BookImage:
    """As the book is now."""
    return BookImage(version_of(market), *best(market, levels))


class IncrementFeed:
    """Changes of the best `levels` prices. `interval_ns` None: one after every command that moved them; else one on every line
    of that grid, even when nothing has changed.
    """

    def __init__(
        self,
        market: Market,
        *,
        clock: VirtualClock,
        levels: int,
        interval_ns: int | None,
        render: Callable[[DepthDelta, int, int], bytes],
    ) -> None:
        """`render` gets what changed, the version before and the version now."""
        self.triggers: tuple[TriggerKey, ...] = ((Trigger.BOOK, market.instrument.symbol),) if interval_ns is None else ()
        self._market = market
        self._levels = levels
        self._render = render
        self._window = DepthWindow(levels)
        self._seq_num = version_of(market)
        self._broadcast: Callable[[bytes], None] | None = None
        self._metronome = None if interval_ns is None else Metronome(clock, interval_ns, self._beat)

    def image(self) -> BookImage:
        """What readers hold who have merged every increment so far."""
        return BookImage(self._seq_num, self._window.bids, self._window.asks)

    def opening(self) -> Iterable[bytes]:
        """Nothing: readers ask for the image."""
        return ()

    def start(self, broadcast: Callable[[bytes], None]) -> None:
        self._broadcast = broadcast
        self._seq_num, bids, asks = image_of(self._market, self._levels)
        self._window.reset(bids, asks)
        if self._metronome is not None:
            self._metronome.start()

    def stop(self) -> None:
        if self._metronome is not None:
            self._metronome.stop()

    def on_event(self, event: Event) -> bytes | None:
        delta = self._advance()
        return None if delta.is_empty else self._numbered(delta)

    def _beat(self) -> None:
        assert self._broadcast is not None
        self._broadcast(self._numbered(self._advance()))

    def _advance(self) -> DepthDelta:
        return self._window.advance(*best(self._market, self._levels))

    def _numbered(self, delta: DepthDelta) -> bytes:
        before, self._seq_num = self._seq_num, version_of(self._market)
        return self._render(delta, before, self._seq_num)
