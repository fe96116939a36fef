"""Spot trading where both sides pay their fees in the quote asset: a sale's out of what it brings, a buy's on top of its cost.

So a buy holds the highest fee too that it can come to cost, and gives its share back with each fill. It never pays more than
it held for that: where fees of several fills are rounded up one by one, the last steps of that rounding are the venue's.
Rebates are of the quote amount and in the quote asset, whatever `FeeSchedule.rebate_in` says.
Invariant: a live buy holds `most_cost` of what it still wants.
"""

from __future__ import annotations

from typing import Final

from mockex.core.commands import PlaceOrder
from mockex.core.events import Event, Rejected
from mockex.core.fees import FeeSchedule
from mockex.core.ledger import Account, BalanceCause
from mockex.core.markets import Market
from mockex.core.matching import Match, Preview
from mockex.core.orders import BUY, Liquidity, Order, OrderEvent
from mockex.core.rejects import RejectReason
from mockex.core.settlement import SpotSettlement
from mockex.core.units import Asset, Atoms, Lots

_MAKER: Final = Liquidity.MAKER
_TAKER: Final = Liquidity.TAKER
_TRADED: Final = BalanceCause.TRADE


def most_cost(worth: Atoms, quote: Asset, fees: FeeSchedule) -> Atoms:
    """What a buy for `worth` quote atoms can come to cost with its fee."""
    dearer = _TAKER if fees.taker_rate >= fees.maker_rate else _MAKER
    fee = fees.fee(worth, quote, dearer)
    return worth + fee if fee > 0 else worth


class QuoteFeeSettlement(SpotSettlement):
    """Base against quote, all fees in quote."""

    def accept(self, command: PlaceOrder, market: Market, account: Account, outlook: Preview | None) -> Order | Rejected:
        if command.side is not BUY:
            return super().accept(command, market, account, outlook)
        if command.position is not None:
            return Rejected(RejectReason.ORDER_TERMS_INVALID, command.symbol)
        instrument = market.instrument
        price, qty, budget = command.limit_price, command.order_qty, command.budget
        if price is not None and qty is not None:
            worth = price * qty * instrument.atoms_per_tick_lot
        elif budget is not None:
            worth = budget
        else:
            worth = 0 if outlook is None else outlook.notional
        amount = most_cost(worth, instrument.quote, account.fees)
        order = self._enter(command, instrument, account, instrument.quote, amount)
        if price is None and isinstance(order, Order):
            order.foreseen_cost = worth
        return order

    def settle(
        self, market: Market, taker: Order, made: Match, match_id: int, taker_event: OrderEvent, events: list[Event]
    ) -> None:
        """Books both assets, in four entries as `SpotSettlement` does. The buyer's fee is part of the entry of what it paid."""
        maker, price, qty = made
        instrument, ledger = market.instrument, self._ledger
        base, quote, wallet = instrument.base, instrument.quote, instrument.wallet
        notional = price * qty * instrument.atoms_per_tick_lot
        base_amount = qty * instrument.atoms_per_lot
        maker_fee, taker_fee = _fee(maker, notional, quote, _MAKER), _fee(taker, notional, quote, _TAKER)
        now_ns = taker.updated_ns  # it has just come, or was just triggered
        # A buyer's fee goes the way of a rebate of what is paid, of which it is the opposite.
        maker_rebate = taker_rebate = 0
        if taker.side is BUY:
            freed = _freed(taker, qty, notional)
            taker_fee, taker_rebate = 0, -min(taker_fee, freed - notional)
            first_id = ledger.settle_trade(
                maker, maker.account.balance(wallet, quote.code), base_amount, maker_fee, 0,
                taker, taker.account.balance(wallet, base.code), notional, 0, taker_rebate, freed, now_ns,
            )  # fmt: skip
        else:
            for_fee = _freed(maker, qty, notional) - notional
            maker_fee, maker_rebate = 0, -min(maker_fee, for_fee)
            if for_fee:
                maker.hold_left -= for_fee
                ledger.release(maker.hold_balance, for_fee, _TRADED)
            first_id = ledger.settle_trade(
                maker, maker.account.balance(wallet, base.code), notional, 0, maker_rebate,
                taker, taker.account.balance(wallet, quote.code), base_amount, taker_fee, 0, base_amount, now_ns,
            )  # fmt: skip
        self._tell(
            market, maker, taker, price, qty, notional, now_ns, match_id, taker_event,
            first_id, maker_fee, maker_rebate, taker_fee, taker_rebate, events,
        )  # fmt: skip


def _fee(order: Order, notional: Atoms, quote: Asset, liquidity: Liquidity) -> Atoms:
    """Negative where the venue pays."""
    fees = order.account.fees
    return fees.fee(notional, quote, liquidity) or -fees.rebate(notional, quote, liquidity)


def _freed(buy: Order, qty: Lots, notional: Atoms) -> Atoms:
    """How much less a buy holds after a fill. Of a taker the book has counted all fills by now, so it is told by what was
    filled before.
    """
    instrument, price = buy.instrument, buy.limit_price
    if price is not None:
        assert buy.order_qty is not None
        left = price * (buy.order_qty - buy.filled_qty - qty) * instrument.atoms_per_tick_lot
    else:
        left = buy.foreseen_cost - buy.filled_notional - notional
    return buy.hold_left - most_cost(left, instrument.quote, buy.account.fees)
