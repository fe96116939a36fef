"""An exchange account as the agent behind it sees it: it places, takes and cancels, and is never out of money.

Everything goes through commands, like anybody's orders. A refusal is an answer, not an error: a halted instrument, a frozen
account or a price band stops an agent for a moment and no longer.

In contracts it trades merged positions with cross margin and a leverage of one, which every tier allows. An order closes what
is held on the other side wherever that is enough for it, and else opens: so long and short do not grow beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.events import Event, OrderAccepted, Rejected
from mockex.core.exchange import Exchange
from mockex.core.ledger import Balance
from mockex.core.markets import Market, MarketPhase
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.positions import Position
from mockex.core.units import Asset, Atoms, Instrument, Lots, Ticks, Wallet

Execute = Callable[[Command], tuple[Event, ...]]

_OPENING, _CLOSING = (
    {
        merge: PositionTerms(merge=merge, margin_method=MarginMethod.CROSS, leverage=1, close=closes)
        for merge in (PositionMerge.LONG, PositionMerge.SHORT)
    }
    for closes in (False, True)
)

# What an order of a side adds to, and what it reduces.
_MERGES = {
    Side.BUY: (PositionMerge.LONG, PositionMerge.SHORT),
    Side.SELL: (PositionMerge.SHORT, PositionMerge.LONG),
}

# How many times its needs a participant is given of each asset.
_RESERVE = 4


class Participant:
    """One account, opened by its participant. `needs`: what its orders may hold of each asset at once."""

    def __init__(
        self,
        account_id: str,
        *,
        exchange: Exchange,
        execute: Execute,
        needs: Mapping[tuple[Wallet, str], Atoms],
    ) -> None:
        """ValueError if the account exists already."""
        self.account_id = account_id
        self._execute = execute
        opened = execute(OpenAccount(account_id=account_id, keeps_history=False))
        if isinstance(opened[0], Rejected):
            raise ValueError(f"a market's participant cannot open the account {account_id!r}: {opened[0].reason.name}")
        self._account = exchange.accounts[account_id]
        self._contracts = exchange.contracts
        self._needs = dict(needs)
        for wallet, asset in self._needs:
            self._top_up(self._account.balance(wallet, asset))

    def keep_funded(self, instrument: Instrument) -> None:
        """Brings in money from outside when what is available of either asset no longer covers the needs."""
        if instrument.contract is None:
            self._keep_funded(instrument.wallet, instrument.base)
        self._keep_funded(instrument.wallet, instrument.quote)

    def may_trade(self, market: Market) -> bool:
        """Whether orders of all kinds are taken from this account."""
        return (
            market.phase is MarketPhase.CONTINUOUS
            and not self._account.frozen
            and market.instrument.wallet not in self._account.frozen_wallets
        )

    def net_qty(self, instrument: Instrument) -> Lots:
        """What is held of a contract, negative where it is short. 0 of spot."""
        positions = (self._position(instrument, merge) for merge in _OPENING)
        return sum(position.signed_qty for position in positions if position is not None)

    def quote(self, instrument: Instrument, side: Side, price: Ticks, qty: Lots) -> Order | None:
        """Places a limit order that rests; None if it is refused. What it crosses, it trades with first."""
        return self._place(
            PlaceOrder(
                account_id=self.account_id,
                symbol=instrument.symbol,
                side=side,
                order_type=OrderType.LIMIT,
                limit_price=price,
                order_qty=qty,
                position=self._position_terms(instrument, side, qty),
            )
        )

    def take(self, instrument: Instrument, side: Side, qty: Lots, *, limit_price: Ticks | None) -> Order | None:
        """Trades at once up to `limit_price`, or at any price; None if the order is refused."""
        return self._place(
            PlaceOrder(
                account_id=self.account_id,
                symbol=instrument.symbol,
                side=side,
                order_type=OrderType.MARKET if limit_price is None else OrderType.LIMIT,
                time_in_force=TimeInForce.GTC if limit_price is None else TimeInForce.IOC,
                limit_price=limit_price,
                order_qty=qty,
                position=self._position_terms(instrument, side, qty),
            )
        )

    def cancel(self, order: Order) -> None:
        """Asks for the end of an order. The order itself tells whether that came about."""
        self._execute(CancelOrder(account_id=self.account_id, order_id=order.order_id))

    def _position_terms(self, instrument: Instrument, side: Side, qty: Lots) -> PositionTerms | None:
        """What an order is for in a contract; None of spot."""
        if instrument.contract is None:
            return None
        opens, closes = _MERGES[side]
        held = self._position(instrument, closes)
        return _CLOSING[closes] if held is not None and held.closable_qty >= qty else _OPENING[opens]

    def _position(self, instrument: Instrument, merge: PositionMerge) -> Position | None:
        contracts = self._contracts
        if contracts is None or instrument.contract is None:
            return None
        return contracts.positions.merged(self._account, contracts.by_symbol[instrument.symbol], merge)

    def _place(self, command: PlaceOrder) -> Order | None:
        first = self._execute(command)[0]
        return first.order if isinstance(first, OrderAccepted) else None

    def _keep_funded(self, wallet: Wallet, asset: Asset) -> None:
        balance = self._account.balance(wallet, asset.code)
        if balance.available < self._needs[wallet, asset.code]:
            self._top_up(balance)

    def _top_up(self, balance: Balance) -> None:
        missing = _RESERVE * self._needs[balance.wallet, balance.asset] - balance.available
        self._execute(AdjustBalance(account_id=self.account_id, wallet=balance.wallet, asset=balance.asset, amount=missing))
