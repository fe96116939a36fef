"""What must hold after every command, checked from the outside, and a digest to compare two runs by."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from mockex.core.book import BookSide
from mockex.core.exchange import Exchange
from mockex.core.orders import Side


def violations(exchange: Exchange) -> list[str]:
    """Every broken invariant, in words; empty when all is well. O(everything)."""
    return [*_ledger_violations(exchange), *_hold_violations(exchange), *_book_violations(exchange)]


def _ledger_violations(exchange: Exchange) -> list[str]:
    found = []
    sums: defaultdict[str, int] = defaultdict(int)
    for account in exchange.accounts.values():
        for balances in account.wallets.values():
            for balance in balances.values():
                sums[balance.asset] += balance.total
                if balance.total < 0 or balance.held < 0 or balance.available < 0:
                    found.append(f"negative: {balance!r}")
    ledger = exchange.ledger
    for asset in sorted({*sums, *ledger.external, *ledger.fees}):
        rest = sums[asset] + ledger.external.get(asset, 0) + ledger.fees.get(asset, 0)
        if rest:
            found.append(f"{asset} is not conserved: {rest} atoms too many")
    return found


def _hold_violations(exchange: Exchange) -> list[str]:
    """Holds equal what live orders and open withdrawals need."""
    needed: defaultdict[int, int] = defaultdict(int)
    for order in exchange.orders.live_orders():
        needed[id(order.hold_balance)] += order.hold_left
    for payment in exchange.open_withdrawals():
        balance = exchange.accounts[payment.account_id].balance(payment.wallet, payment.asset)
        needed[id(balance)] += payment.amount + payment.fee
    return [
        f"held {balance.held}, needed {needed[id(balance)]}: {balance!r}"
        for account in exchange.accounts.values()
        for balances in account.wallets.values()
        for balance in balances.values()
        if balance.held != needed[id(balance)]
    ]


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
        if [order.order_id for order in orders] != sorted(order.order_id for order in orders):
            found.append(f"{where}: not first in, first out")
        for order in orders:
            consistent = (
                order.is_live
                and order.remaining_qty > 0
                and order.side is side
                and order.limit_price == level.price
                and order.order_qty == order.filled_qty + order.remaining_qty
            )
            if not consistent:
                found.append(f"{where}: should not rest: {order!r}")
    return found


def digest(exchange: Exchange) -> str:
    """A hash of everything that trading can show: balances, live orders, last trades. Equal states, equal digests."""
    state = hashlib.sha256()
    for account_id in sorted(exchange.accounts):
        for wallet, balances in sorted(exchange.accounts[account_id].wallets.items()):
            for asset in sorted(balances):
                balance = balances[asset]
                state.update(f"{account_id} {wallet.name} {asset} {balance.total} {balance.held}\n".encode())
    for order in sorted(exchange.orders.live_orders(), key=lambda order: order.order_id):
        state.update(
            f"{order.order_id} {order.account.account_id} {order.side.name} {order.limit_price} "
            f"{order.remaining_qty} {order.status.name}\n".encode()
        )
    for symbol in sorted(exchange.markets):
        state.update(f"{symbol} {list(exchange.markets[symbol].trades)}\n".encode())
    return state.hexdigest()
