"""All perpetual contracts of one exchange: what follows from a command once its orders are done, and funding.

How the parts work together, from an order to a liquidation:

1. `trading.TradingDesk` checks, matches and rests an order as it does on spot, and asks the market's settlement for the money.
2. `contract_settlement.ContractSettlement` finds the position, holds margin, books fills through the ledger, and notes in
   `Stir` which contracts, positions and balances are no longer what they were.
3. When the matching is over, `Contracts.step` looks at these, in this order: balances that lost what their orders hold
   (`liquidation.Liquidator.relieve`); mark prices (`contract.Contract.update`); positions whose place among the watched ones is
   another now (`margin`, `watch.PriceWatch`); and those whose price has come, which the liquidator closes through 1. What that
   stirs is looked at next, until nothing stirs.
4. `Contracts.tell` says once, for each position that changed, what it is now.

Funding comes as a command of the exchange's own at its time. Longs pay shorts when the rate is positive: cross positions out of
the balance, isolated ones out of their margin; what is received goes to the balance. Payers' amounts are rounded up, receivers'
down; the insurance fund, which may have a stake too, gets or gives what is left, and pays for who cannot.
Everything that a command causes happens within it: the next command sees no position that should be gone.
"""

from __future__ import annotations

from typing import Final

from mockex.core.adjustments import Adjustments
from mockex.core.clock import VirtualClock
from mockex.core.commands import SetFundingRate, SetIndexPrice, SetMarkPrice, SettleFunding
from mockex.core.contract import Contract
from mockex.core.contract_settlement import ContractSettlement, IndexSettlement, Stir
from mockex.core.events import Event, FundingPaid, FundingSettled, MarkPriceChanged, PositionChanged, Rejected
from mockex.core.fees import RATE_UNIT
from mockex.core.ledger import Balance, BalanceCause, EntryKind, Ledger
from mockex.core.liquidation import Liquidator
from mockex.core.margin import trigger_price
from mockex.core.markets import TRIGGERING, Market, MarketPhase
from mockex.core.order_history import OrderHistory
from mockex.core.orders import BUY
from mockex.core.policy import VenuePolicy
from mockex.core.positions import Position, PositionBook
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequences
from mockex.core.settlement import SpotSettlement
from mockex.core.trading import TradingDesk
from mockex.core.treasury import Schedule
from mockex.core.units import Atoms, Ticks
from mockex.core.watch import Watched

_FUNDING: Final = EntryKind.FUNDING
_CONTINUOUS: Final = MarketPhase.CONTINUOUS
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class Contracts:
    """`by_symbol` and `positions` may be read by anybody. An exchange without contracts has none of this."""

    def __init__(
        self,
        *,
        markets: dict[str, Market],
        spot: SpotSettlement,
        trading: TradingDesk,
        policy: VenuePolicy,
        ledger: Ledger,
        orders: OrderHistory,
        sequences: Sequences,
        clock: VirtualClock,
        schedule: Schedule,
    ) -> None:
        """Gives each contract's market, and those of their indices, the settlements that they need."""
        self.positions = PositionBook()
        self.by_symbol: dict[str, Contract] = {}
        self.stir = Stir()
        self.adjustments = Adjustments(positions=self.positions, stir=self.stir, ledger=ledger)
        self._ledger = ledger
        self._now_ns = clock.now_ns
        self._schedule = schedule
        settlements: dict[str, ContractSettlement] = {}
        by_index: dict[str, list[Contract]] = {}
        for symbol, market in markets.items():
            terms = market.instrument.contract
            if terms is None:
                continue
            index_market = None if terms.index_symbol is None else markets[terms.index_symbol]
            contract = market.contract = self.by_symbol[symbol] = Contract(market, terms, index_market, clock.now_ns())
            market.settlement = settlements[symbol] = ContractSettlement(
                contract,
                positions=self.positions,
                stir=self.stir,
                ledger=ledger,
                orders=orders,
                order_ids=sequences["order"],
                position_ids=sequences["position"],
                clock=clock,
                self_trade=policy.self_trade,
            )
            if terms.index_symbol is not None:
                by_index.setdefault(terms.index_symbol, []).append(contract)
            self._plan(contract)
        for symbol, contracts in by_index.items():
            markets[symbol].settlement = IndexSettlement(spot, contracts, self.stir)
        self._liquidator = Liquidator(
            trading=trading, settlements=settlements, orders=orders, stir=self.stir, clock=clock, remark=self.remark
        )

    # --- after a command

    def follow_balances(self, touched: dict[Balance, BalanceCause]) -> None:
        """Notes cross accounts whose money a command took away."""
        crosses, weakened = self.stir.crosses, self.stir.weakened
        for balance in touched:
            cross = crosses.get(balance)
            if cross is not None and balance.total - balance.committed < cross.funds_seen and cross not in weakened:
                self.stir.weaken(cross)

    def step(self, events: list[Event]) -> bool:
        """One round of what a command stirred. Whether anybody was closed or lost an order, which stirs more."""
        stir = self.stir
        acted = False
        if stir.strained:
            acted = True
            strained = list(stir.strained)
            stir.strained.clear()
            for balance in strained:
                self._liquidator.relieve(balance, events)
        contracts = list(stir.contracts)
        now_ns = self._now_ns()
        for contract in contracts:
            if contract.update(now_ns):
                events.append(_new_tuple(MarkPriceChanged, (contract.symbol, contract.mark, now_ns)))
        stir.contracts.clear()
        if stir.filled:
            self._watch_filled()
        if stir.weakened:
            weakened = list(stir.weakened)
            stir.weakened.clear()
            for cross in weakened:
                if not cross.is_covered() and not cross.watch():
                    self._liquidator.liquidate_cross(cross, events)
                    acted = True
        for contract in contracts:
            mark, phase = contract.mark, contract.market.phase
            if mark is not None and (phase is _CONTINUOUS or phase in TRIGGERING):
                due = contract.watch.take_due(mark)
                if due is not None and self._close_due(contract, due, mark, events):
                    acted = True
        return acted

    def tell(self, events: list[Event]) -> None:
        """Says of every position that changed what it is now, and forgets those that are over."""
        changed = self.stir.positions
        now_ns = self._now_ns()
        for position in changed:
            events.append(_new_tuple(PositionChanged, (
                position, position.qty, position.cost, position.margin, position.order_margin, now_ns,
            )))  # fmt: skip
            if not position.qty and not position.orders:
                self.positions.drop(position)
                if not position.isolated:
                    self._leave_cross(position)
        changed.clear()

    def _leave_cross(self, position: Position) -> None:
        cross = position.cross
        assert cross is not None
        del cross.positions[position.position_id]
        if not cross.positions:
            cross.watched += 1
            del self.stir.crosses[position.balance]

    def remark(self, events: list[Event]) -> None:
        """Brings the mark prices of what has stirred up to date, for whoever needs one before the next `step`."""
        now_ns = self._now_ns()
        for contract in self.stir.contracts:
            if contract.update(now_ns):
                assert contract.mark is not None
                events.append(_new_tuple(MarkPriceChanged, (contract.symbol, contract.mark, now_ns)))

    def _watch_filled(self) -> None:
        """Finds the places of isolated positions that changed."""
        stir = self.stir
        for position in stir.filled:
            position.watched += 1
            price = trigger_price(position) if position.qty else None
            if price is not None:
                position.contract.watch.add(position, price, falling=position.direction is BUY)
        stir.filled.clear()

    def _close_due(self, contract: Contract, due: Watched | None, mark: Ticks, events: list[Event]) -> bool:
        """Closes the first whose price has come, beginning with `due`, who was taken out for that; whether there was one. That
        stirs the contract: the next has its turn at the mark price after it.
        """
        while due is not None:
            if isinstance(due, Position):
                self._liquidator.liquidate(due, events)
                return True
            if not due.watch():
                self._liquidator.liquidate_cross(due, events)
                return True
            due = contract.watch.take_due(mark)
        return False

    # --- commands

    def set_index_price(self, command: SetIndexPrice) -> list[Event]:
        contract = self.by_symbol.get(command.symbol)
        if contract is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        if command.price is not None and command.price <= 0:
            return [Rejected(RejectReason.PRICE_NOT_POSITIVE, str(command.price))]
        contract.index_override = command.price
        self.stir.contracts[contract] = None
        return []

    def set_mark_price(self, command: SetMarkPrice) -> list[Event]:
        contract = self.by_symbol.get(command.symbol)
        if contract is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        if command.price is not None and command.price <= 0:
            return [Rejected(RejectReason.PRICE_NOT_POSITIVE, str(command.price))]
        contract.mark_override = command.price
        self.stir.contracts[contract] = None
        return []

    def set_funding_rate(self, command: SetFundingRate) -> list[Event]:
        contract = self.by_symbol.get(command.symbol)
        if contract is None or contract.funding is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        contract.funding.override = command.rate
        return []

    def resume(self, market: Market) -> None:
        """The market has another phase: what could not be closed may be due."""
        if market.contract is not None:
            self.stir.contracts[market.contract] = None

    def settle_funding(self, command: SettleFunding) -> list[Event]:
        contract = self.by_symbol.get(command.symbol)
        if contract is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        funding = contract.funding
        if funding is None or command.due_ns != funding.next_ns or self._now_ns() < command.due_ns:
            return []
        rate, mark = funding.settle(), contract.mark
        events: list[Event] = [FundingSettled(contract.symbol, rate, mark, self._now_ns())]
        if mark is not None:
            for position in contract.positions.values():
                worth = position.signed_qty * mark * contract.unit * rate
                amount = worth // -RATE_UNIT  # negative for who pays, and always rounded down
                if amount:
                    events.append(self._pay_funding(position, amount, rate, mark))
            self.stir.contracts[contract] = None
        self._plan(contract)
        return events

    def _pay_funding(self, position: Position, amount: Atoms, rate: int, mark: Ticks) -> FundingPaid:
        balance, stir = position.balance, self.stir
        margin = 0
        if amount < 0:
            most = position.margin if position.isolated else max(0, balance.total - balance.committed)
            amount = max(amount, -most)
            if position.isolated:
                margin = amount
                position.margin += margin
                stir.filled[position] = None
        now_ns = self._now_ns()
        ledger = self._ledger
        ledger.book_position(balance, _FUNDING, amount, 0, ledger.insurance, margin, margin, 0, now_ns, None)
        if not balance.is_backed:
            stir.strained[balance] = None
        stir.positions[position] = None
        return FundingPaid(position, amount, rate, mark, now_ns)

    def _plan(self, contract: Contract) -> None:
        """Asks to be told when the contract's next funding is due."""
        if contract.funding is not None:
            due_ns = contract.funding.next_ns
            self._schedule(due_ns, SettleFunding(symbol=contract.symbol, due_ns=due_ns))
