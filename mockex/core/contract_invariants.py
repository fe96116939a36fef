"""What must hold of contracts after every command, and what a digest says of them. Part of `invariants`.

Checked from the orders, fills and marks themselves, not by the sums that the exchange keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from mockex.core.contract import Contract
from mockex.core.contracts import Contracts
from mockex.core.exchange import Exchange
from mockex.core.fees import RATE_UNIT
from mockex.core.ledger import Balance
from mockex.core.margin import liquidation_price
from mockex.core.markets import TRIGGERING
from mockex.core.orders import BUY, Liquidity, Order
from mockex.core.positions import Position, Purpose
from mockex.core.units import Atoms


def worst_cost_of_contract(order: Order, purpose: Purpose) -> Atoms:
    """What a live order of a contract holds: margin and a taker's fee for what it still wants, nothing if it closes."""
    if purpose.closes:
        return 0
    assert order.limit_price is not None, f"{order!r} rests without a limit"
    worth = order.instrument.notional(order.limit_price, order.remaining_qty)
    by_tier = -(-worth * purpose.initial_rate // RATE_UNIT)
    fee = order.account.fees.fee(worth, order.instrument.quote, Liquidity.TAKER)
    return max(-(-worth // purpose.leverage), by_tier) + max(0, fee)


def contract_violations(exchange: Exchange) -> list[str]:
    contracts = exchange.contracts
    if contracts is None:
        return []
    return [
        *_stake_violations(contracts),
        *_clearing_violations(exchange, contracts),
        *_position_violations(exchange, contracts),
        *_commitment_violations(exchange, contracts),
        *_cross_violations(contracts),
        *_risk_violations(contracts),
    ]


def _stake_violations(contracts: Contracts) -> Iterator[str]:
    """Of each contract as much is held long as short, the insurance fund's stake included."""
    for symbol, contract in contracts.by_symbol.items():
        total = contract.insurance_qty + sum(position.signed_qty for position in contract.positions.values())
        if total:
            yield f"{symbol}: {total} lots more long than short"


def _clearing_violations(exchange: Exchange, contracts: Contracts) -> Iterator[str]:
    """What was realised by one side is what the open positions have to lose, to the atom."""
    owed: defaultdict[str, Atoms] = defaultdict(int)
    for contract in contracts.by_symbol.values():
        owed[contract.market.instrument.quote.code] += contract.insurance_value
    for position in contracts.positions:
        owed[position.balance.asset] += -position.cost if position.direction is BUY else position.cost
    for asset in sorted({*owed, *exchange.ledger.clearing}):
        clearing = exchange.ledger.clearing.get(asset, 0)
        if clearing != owed[asset]:
            yield f"clearing has {clearing} {asset}, positions say {owed[asset]}"


def _position_violations(exchange: Exchange, contracts: Contracts) -> Iterator[str]:
    """Each position is the sum of its orders, and is there for a reason."""
    orders: defaultdict[Position, dict[int, Order]] = defaultdict(dict)
    for order in exchange.orders.live_orders():
        if order.purpose is not None:
            orders[order.purpose.position][order.order_id] = order
    known = set(contracts.positions)
    for position in contracts.positions:
        live = orders[position]
        opening = [order for order in live.values() if order.purpose is not None and not order.purpose.closes]
        closing_qty = sum(order.remaining_qty for order in live.values()) - sum(order.remaining_qty for order in opening)
        worth = sum(order.instrument.notional(order.limit_price or 0, order.remaining_qty) for order in opening)
        if position.orders != live:
            yield f"has orders {sorted(position.orders)}, live are {sorted(live)}: {position!r}"
        if position.order_margin != sum(order.hold_left for order in opening) or position.order_cost != worth:
            yield f"sums its orders to {position.order_margin} and {position.order_cost}: {position!r}"
        if position.closing_qty != closing_qty or not 0 <= closing_qty <= position.qty:
            yield f"{closing_qty} lots are being closed, counts {position.closing_qty}: {position!r}"
        if position.qty < 0 or position.margin < 0 or (not position.qty and (position.cost or position.margin or not live)):
            yield f"should not be: {position!r}"
        if contracts.positions.by_id(position.position_id) is not position:
            yield f"cannot be found: {position!r}"
    for position in orders:
        if position not in known:
            yield f"has orders and is forgotten: {position!r}"


def _commitment_violations(exchange: Exchange, contracts: Contracts) -> Iterator[str]:
    """What a balance calls committed is for withdrawals and isolated positions; what it calls cross margin for cross ones."""
    committed: defaultdict[Balance, Atoms] = defaultdict(int)
    cross: defaultdict[Balance, Atoms] = defaultdict(int)
    for payment in exchange.open_withdrawals():
        balance = exchange.accounts[payment.account_id].balance(payment.wallet, payment.asset)
        committed[balance] += payment.amount + payment.fee
    for position in contracts.positions:
        (committed if position.isolated else cross)[position.balance] += position.margin
    for account in exchange.accounts.values():
        for balances in account.wallets.values():
            for balance in balances.values():
                if (balance.committed, balance.cross_margin) != (committed.get(balance, 0), cross.get(balance, 0)):
                    yield f"commits {balance.committed} and {balance.cross_margin}: {balance!r}"


def _cross_violations(contracts: Contracts) -> Iterator[str]:
    """What an account with cross margin keeps as sums over its positions is that."""
    costs: defaultdict[Balance, Atoms] = defaultdict(int)
    stakes: defaultdict[Balance, dict[Contract, tuple[Atoms, int]]] = defaultdict(dict)
    for position in contracts.positions:
        if position.isolated:
            continue
        contract, worth = position.contract, position.signed_qty * position.contract.unit
        rate = contract.terms.tier(position.cost).maintenance_rate
        costs[position.balance] += position.cost if position.direction is BUY else -position.cost
        worths, slopes = stakes[position.balance].get(contract, (0, 0))
        stakes[position.balance][contract] = worths + worth, slopes + worth * RATE_UNIT - abs(worth) * rate
    for balance, cross in contracts.stir.crosses.items():
        counted = {contract: stake for contract, stake in stakes[balance].items() if stake != (0, 0)}
        if (cross.cost, cross.stakes) != (costs[balance], counted):
            yield f"sums its positions to {cross.cost} and {list(cross.stakes.values())}: {cross!r}"
        elif cross.bounded:
            at_bounds = sum(slope * (cross.bound(contract, slope) or 0) for contract, (_, slope) in cross.stakes.items())
            if cross.reserve != (cross.funds_seen - cross.cost) * RATE_UNIT + at_bounds:
                yield f"counts {cross.reserve} in reserve: {cross!r}"


def _risk_violations(contracts: Contracts) -> Iterator[str]:
    """No position is left that should have been closed by force, as far as its market lets it."""
    weak: defaultdict[Balance, int] = defaultdict(int)
    held: dict[Balance, bool] = {}
    for position in contracts.positions:
        contract = position.contract
        if not position.qty or contract.mark is None:
            continue
        open_for_orders = contract.market.phase in TRIGGERING
        if position.isolated:
            price = liquidation_price(position)
            reached = price is not None and (contract.mark <= price if position.direction is BUY else contract.mark >= price)
            if reached and open_for_orders:
                yield f"is not liquidated at {contract.mark}: {position!r}"
            continue
        rate = contract.terms.tier(position.cost).maintenance_rate
        worth = contract.mark * position.qty * contract.unit
        weak[position.balance] += position.profit_at(contract.mark) * RATE_UNIT - worth * rate
        held[position.balance] = held.get(position.balance, True) and open_for_orders
    for balance, spare in weak.items():
        if held[balance] and (balance.total - balance.committed) * RATE_UNIT + spare <= 0:
            yield f"is not liquidated: {balance!r}"


def contract_state(exchange: Exchange) -> Iterator[str]:
    """Lines for the digest."""
    contracts = exchange.contracts
    if contracts is None:
        return
    for position in contracts.positions:
        yield (
            f"position {position.position_id} {position.account.account_id} {position.contract.symbol} "
            f"{position.direction.name} {position.merge.name} {position.margin_method.name} {position.leverage} "
            f"{position.qty} {position.cost} {position.margin} {position.order_margin} {position.closing_qty}"
        )
    now_ns = exchange.clock.now_ns()
    for symbol, contract in sorted(contracts.by_symbol.items()):
        prices = f"{contract.mark} {contract.mark_override} {contract.index_override}"
        yield f"{symbol} {prices} {contract.insurance_qty} {contract.insurance_value}"
        yield from _funding_state(contract, now_ns)


def _funding_state(contract: Contract, now_ns: int) -> Iterator[str]:
    funding = contract.funding
    if funding is not None:
        yield f"funding {funding.rate} {funding.override} {funding.next_ns} {funding.samples(now_ns)}"
