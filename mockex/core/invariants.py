"""What must hold after every command, checked from the outside, and a digest to compare two runs by."""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator

from mockex.core.book import BookSide
from mockex.core.conditionals import ConditionalStatus
from mockex.core.contract_invariants import contract_state, contract_violations, worst_cost_of_contract
from mockex.core.exchange import Exchange
from mockex.core.ledger import Balance
from mockex.core.markets import TRIGGERING
from mockex.core.orders import Liquidity, Order, OrderStatus, Side
from mockex.core.policy import FeeAsset
from mockex.core.units import Atoms


def violations(exchange: Exchange) -> list[str]:
    """Every broken invariant, in words; empty when all is well. O(everything)."""
    return [
        *_ledger_violations(exchange),
        *_hold_violations(exchange),
        *_order_violations(exchange),
        *_stop_violations(exchange),
        *_conditional_violations(exchange),
        *_book_violations(exchange),
        *contract_violations(exchange),
    ]


def _balances(exchange: Exchange) -> Iterator[Balance]:
    for account in exchange.accounts.values():
        for balances in account.wallets.values():
            yield from balances.values()


def _ledger_violations(exchange: Exchange) -> list[str]:
    found = []
    sums: defaultdict[str, int] = defaultdict(int)
    for balance in _balances(exchange):
        sums[balance.asset] += balance.total
        if balance.total < 0 or balance.held < 0 or not balance.is_backed:
            found.append(f"negative: {balance!r}")
        newest = balance.entries.newest(2)
        if newest and newest[0].total_after != balance.total:
            found.append(f"the last entry says {newest[0].total_after}: {balance!r}")
        if len(newest) == 2 and newest[1].total_after + newest[0].amount != newest[0].total_after:
            found.append(f"entry {newest[0].entry_id} does not follow from the one before: {balance!r}")
    ledger = exchange.ledger
    houses = (ledger.external, ledger.fees, ledger.clearing, ledger.insurance)
    for asset in sorted({*sums, *(asset for house in houses for asset in house)}):
        rest = sums[asset] + sum(house.get(asset, 0) for house in houses)
        if rest:
            found.append(f"{asset} is not conserved: {rest} atoms too many")
    return found


def _hold_violations(exchange: Exchange) -> list[str]:
    """Holds equal what live orders, open withdrawals and positions need."""
    needed: defaultdict[Balance, Atoms] = defaultdict(int)
    for order in exchange.orders.live_orders():
        needed[order.hold_balance] += _worst_cost(order, exchange.policy.fee_asset)
    for payment in exchange.open_withdrawals():
        balance = exchange.accounts[payment.account_id].balance(payment.wallet, payment.asset)
        needed[balance] += payment.amount + payment.fee
    for position in () if exchange.contracts is None else exchange.contracts.positions:
        needed[position.balance] += position.margin
    return [
        f"needs {needed.get(balance, 0)} held: {balance!r}"
        for balance in _balances(exchange)
        if balance.held != needed.get(balance, 0)
    ]


def _worst_cost(order: Order, fee_asset: FeeAsset) -> Atoms:
    """What a live order can still come to cost."""
    instrument = order.instrument
    if order.purpose is not None:
        return worst_cost_of_contract(order, order.purpose)
    if order.side is Side.SELL:
        return order.remaining_qty * instrument.atoms_per_lot
    assert order.limit_price is not None
    worth = instrument.notional(order.limit_price, order.remaining_qty)
    if fee_asset is FeeAsset.QUOTE:
        fees, quote = order.account.fees, instrument.quote
        worth += max(0, fees.fee(worth, quote, Liquidity.MAKER), fees.fee(worth, quote, Liquidity.TAKER))
    return worth


def _order_violations(exchange: Exchange) -> list[str]:
    """Each live order rests, in the book or waiting for its trigger, and no other does; each is the sum of its fills."""
    found = []
    resting = {
        order.order_id: order
        for market in exchange.markets.values()
        for side in (market.book.bids, market.book.asks)
        for level in side
        for order in level
    }
    waiting = {order.order_id: order for market in exchange.markets.values() for order in market.stops}
    live = {order.order_id: order for order in exchange.orders.live_orders()}
    found += [f"rests and waits: {resting[order_id]!r}" for order_id in sorted(resting.keys() & waiting.keys())]
    placed = resting | waiting
    found += [f"rests and is not live: {placed[order_id]!r}" for order_id in sorted(placed.keys() - live.keys())]
    found += [f"is live and does not rest: {live[order_id]!r}" for order_id in sorted(live.keys() - placed.keys())]
    for order_id, order in live.items():
        if exchange.orders.by_id(order_id) is not order:
            found.append(f"cannot be found: {order!r}")
        fills = order.fills or []
        sums = (sum(fill.qty for fill in fills), sum(fill.notional for fill in fills))
        if sums != (order.filled_qty, order.filled_notional):
            found.append(f"fills sum to {sums}: {order!r}")
        needed = _worst_cost(order, exchange.policy.fee_asset)
        if order.hold_left != needed:
            found.append(f"holds {order.hold_left}, needs {needed}: {order!r}")
    return found


def _stop_violations(exchange: Exchange) -> list[str]:
    """Waiting orders are untouched, and none should have gone already."""
    found = []
    for symbol, market in exchange.markets.items():
        orders = list(market.stops)
        last_price = market.ticker.last_price
        if market.stops.waiting != len(orders):
            found.append(f"{symbol}: counts {market.stops.waiting} waiting orders, has {len(orders)}")
        for order in orders:
            trigger = order.trigger
            if order.status is not OrderStatus.WAITING or trigger is None or order.filled_qty or order.triggered_ns is not None:
                found.append(f"should not wait: {order!r}")
            elif last_price is not None and market.phase in TRIGGERING and trigger.is_met(last_price, last_price):
                found.append(f"waits although {last_price} was traded: {order!r}")
    return found


def _conditional_violations(exchange: Exchange) -> list[str]:
    """None waits that should have been placed already, and one that has ended waits nowhere."""
    found = []
    waiting = exchange.conditionals.waiting_ones()
    if exchange.conditionals.waiting != len(waiting):
        found.append(f"counts {exchange.conditionals.waiting} conditional orders that wait, has {len(waiting)}")
    for conditional in waiting:
        last_price = exchange.markets[conditional.order.symbol].ticker.last_price
        reached = last_price is not None and conditional.trigger.is_met(last_price, last_price)
        trails = conditional.extreme is not None
        listed = exchange.conditionals.by_id(conditional.account, conditional.order_id)
        if conditional.status is not ConditionalStatus.WAITING or conditional.placed is not None or listed is not conditional:
            found.append(f"should not wait: {conditional!r}")
        elif reached and not trails:
            found.append(f"waits although {last_price} was traded: {conditional!r}")
    return found


def _book_violations(exchange: Exchange) -> list[str]:
    found = []
    for symbol, market in exchange.markets.items():
        book = market.book
        best_bid, best_ask = book.bids.best, book.asks.best
        if best_bid is not None and best_ask is not None and best_bid.price >= best_ask.price:
            found.append(f"{symbol} is crossed: bid {best_bid.price}, ask {best_ask.price}")
        found += _side_violations(symbol, book.bids, Side.BUY) + _side_violations(symbol, book.asks, Side.SELL)
    return found


def _side_violations(symbol: str, book_side: BookSide, side: Side) -> list[str]:
    found = []
    if book_side.keys != sorted(price * book_side.sign for price in book_side.levels):
        found.append(f"{symbol} {side.name}: prices out of order")
    for level in book_side:
        orders = list(level)
        where = f"{symbol} {side.name} {level.price}"
        if not orders or level.count != len(orders):
            found.append(f"{where}: counts {level.count} orders, has {len(orders)}")
        if level.qty != sum(order.remaining_qty for order in orders):
            found.append(f"{where}: sums to {level.qty}")
        if not _is_fifo(orders):
            found.append(f"{where}: not first in, first out")
        for order in orders:
            consistent = (
                order.status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)
                and order.remaining_qty > 0
                and order.side is side
                and order.limit_price == level.price
                and order.order_qty == order.filled_qty + order.remaining_qty
            )
            if not consistent:
                found.append(f"{where}: should not rest: {order!r}")
    return found


def _is_fifo(orders: list[Order]) -> bool:
    """Whether orders of a level stand as they came. A stop order came when it was triggered."""
    ids = [order.order_id for order in orders if order.trigger is None]
    came_ns = [order.created_ns if order.triggered_ns is None else order.triggered_ns for order in orders]
    return ids == sorted(ids) and came_ns == sorted(came_ns)


def digest(exchange: Exchange) -> str:
    """A hash of what commands have made of an exchange: money, live orders, last trades, payments and switches.

    Equal states, equal digests; reading changes none. Closed orders are left out: they go by themselves, with time.
    """
    state = hashlib.sha256()
    for line in _state(exchange):
        state.update(f"{line}\n".encode())
    return state.hexdigest()


def _state(exchange: Exchange) -> Iterator[str]:
    for account_id in sorted(exchange.accounts):
        account = exchange.accounts[account_id]
        yield f"{account_id} {account.frozen} {sorted(account.frozen_wallets)}"
        for wallet, balances in sorted(account.wallets.items()):
            for asset, balance in sorted(balances.items()):
                if balance.total:
                    yield f"{wallet.name} {asset} {balance.total} {balance.held}"
        for payment in exchange.payments(account, limit=sys.maxsize):
            yield f"payment {payment.payment_id} {payment.kind.name} {payment.amount} {payment.fee} {payment.status.name}"
    yield from contract_state(exchange)
    ledger = exchange.ledger
    for house in (ledger.external, ledger.fees, ledger.clearing, ledger.insurance):
        yield str(sorted((asset, amount) for asset, amount in house.items() if amount))
    for order in sorted(exchange.orders.live_orders(), key=lambda order: order.order_id):
        yield (
            f"{order.order_id} {order.client_id} {order.account.account_id} {order.side.name} {order.limit_price} "
            f"{order.remaining_qty} {order.status.name} {order.trigger} {order.self_trade}"
        )
    for conditional in exchange.conditionals.waiting_ones():
        yield f"{conditional.order_id} {conditional.order} {conditional.trigger} {conditional.trail_ppm} {conditional.extreme}"
    for symbol in sorted(exchange.markets):
        market = exchange.markets[symbol]
        yield f"{symbol} {market.phase.name} {list(market.trades)}"
