"""One instrument's trading state: its book, its phase, and the read models that its trades feed."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from mockex.core.book import OrderBook
from mockex.core.candles import CandleSeries
from mockex.core.events import Trade
from mockex.core.history import Log, NoLog
from mockex.core.ledger import Account
from mockex.core.orders import Fill, Order
from mockex.core.sequences import Sequence
from mockex.core.stops import StopBook
from mockex.core.ticker import RollingTicker
from mockex.core.units import Instrument

if TYPE_CHECKING:
    from mockex.core.contract import Contract
    from mockex.core.settlement import Settlement


class MarketPhase(Enum):
    """What an instrument takes. A call auction trades like the rest here; what it refuses is what its phase says."""

    CONTINUOUS = "continuous"
    HALTED = "halted"  # no orders; cancels are taken
    CALL_AUCTION = "call auction"  # limit orders only
    PRICE_DISCOVERY = "price discovery"  # market orders only, and no cancels


TRIGGERING = frozenset({MarketPhase.CONTINUOUS, MarketPhase.CALL_AUCTION})
"""The phases that take limit orders, and so let waiting ones go."""


class Market:
    __slots__ = (
        "_fills",
        "book",
        "candles",
        "contract",
        "instrument",
        "match_ids",
        "phase",
        "settlement",
        "stops",
        "ticker",
        "trade_ids",
        "trades",
    )

    def __init__(
        self,
        instrument: Instrument,
        *,
        settlement: Settlement,
        candles: CandleSeries,
        trade_ids: Sequence,
        match_ids: Sequence,
        trades_kept: int,
    ) -> None:
        self.instrument = instrument
        self.settlement = settlement
        self.contract: Contract | None = None
        self.book = OrderBook()
        self.stops: StopBook[Order] = StopBook()
        self.phase = MarketPhase.CONTINUOUS
        self.trades: deque[Trade] = deque(maxlen=trades_kept)  # newest last
        self.candles = candles
        self.ticker = RollingTicker()
        self.trade_ids = trade_ids
        self.match_ids = match_ids
        self._fills: dict[Account, Log[Fill]] = {}

    def fills(self, account: Account) -> Log[Fill]:
        """The account's fills here, by fill id."""
        log = self._fills.get(account)
        if log is None:
            log = self._fills[account] = Log() if account.keeps_history else NoLog()
        return log

    def on_trade(self, trade: Trade) -> None:
        _, _, price, qty, notional, _, time_ns, _ = trade
        self.trades.append(trade)
        self.candles.on_trade(time_ns, price, qty, notional)
        self.ticker.on_trade(time_ns, price, qty, notional)

    def newest_trades(self, limit: int) -> list[Trade]:
        """Newest first."""
        trades = self.trades
        return [trades[-1 - index] for index in range(min(limit, len(trades)))]
