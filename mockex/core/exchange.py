"""One exchange: accounts, markets, ledger, histories, and `execute`, the only way to change any of them.

Knows no venue, no socket and no JSON. Time is a `VirtualClock` that somebody else moves. What the exchange wants done later
it hands to `schedule` as a command, and that command comes back through `execute`.
The same commands at the same virtual times give the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

from mockex.core.candles import BucketSpec, CandleSeries
from mockex.core.clock import VirtualClock
from mockex.core.commands import (
    AdjustBalance,
    CancelConditional,
    CancelOrder,
    ChangeLeverage,
    Command,
    FreezeAccount,
    MoveMargin,
    OpenAccount,
    PlaceConditional,
    PlaceOrder,
    SetFundingRate,
    SetIndexPrice,
    SetMarkPrice,
    SetPhase,
    SettleFunding,
    StartPayment,
    StepPayment,
    TransferFunds,
)
from mockex.core.conditionals import Conditionals
from mockex.core.contracts import Contracts
from mockex.core.events import AccountChanged, BalanceChanged, Event, PhaseChanged, Rejected
from mockex.core.history import KindsOf
from mockex.core.ledger import Account, Balance, Ledger, LedgerEntry
from mockex.core.markets import Market
from mockex.core.order_changes import NumberedOrders
from mockex.core.order_history import OrderHistory
from mockex.core.orders import Fill
from mockex.core.payments import Payment
from mockex.core.policy import FeeAsset, VenuePolicy
from mockex.core.quote_fees import QuoteFeeSettlement
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequences
from mockex.core.settlement import SpotSettlement
from mockex.core.trading import TradingDesk
from mockex.core.treasury import Schedule, Treasury
from mockex.core.units import Asset, Instrument, Wallet

_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class Exchange:
    """`accounts` and `markets` may be read by anybody; only `execute` writes."""

    def __init__(
        self,
        *,
        instruments: Iterable[Instrument],
        assets: Iterable[Asset],
        candle_buckets: Sequence[BucketSpec],
        candles_kept: int,
        policy: VenuePolicy,
        clock: VirtualClock,
        sequences: Sequences,
        schedule: Schedule,
    ) -> None:
        self.policy = policy
        self.clock = clock
        self._schedule = schedule
        self.assets = {asset.code: asset for asset in assets}
        self.accounts: dict[str, Account] = {}
        self.ledger = Ledger(sequences["ledger entry"])
        self.changes = NumberedOrders(policy, clock, sequences["ledger entry"]) if policy.numbers_changes else None
        self.orders: OrderHistory = OrderHistory(policy, clock) if self.changes is None else self.changes
        kind = QuoteFeeSettlement if policy.fee_asset is FeeAsset.QUOTE else SpotSettlement
        spot = kind(ledger=self.ledger, orders=self.orders, order_ids=sequences["order"], clock=clock)
        self.markets = {
            instrument.symbol: Market(
                instrument,
                settlement=spot,
                candles=CandleSeries(candle_buckets, candles_kept),
                trade_ids=sequences[f"trade {instrument.symbol}"],
                match_ids=sequences[f"match {instrument.symbol}"],
                trades_kept=policy.public_trades_kept,
            )
            for instrument in instruments
        }
        self._trading = TradingDesk(
            policy=policy,
            clock=clock,
            accounts=self.accounts,
            markets=self.markets,
            orders=self.orders,
        )
        self.contracts: Contracts | None = None
        if any(market.instrument.contract is not None for market in self.markets.values()):
            self.contracts = Contracts(
                markets=self.markets,
                spot=spot,
                trading=self._trading,
                policy=policy,
                ledger=self.ledger,
                orders=self.orders,
                sequences=sequences,
                clock=clock,
                schedule=schedule,
            )
        self.conditionals = Conditionals(
            policy=policy,
            clock=clock,
            accounts=self.accounts,
            markets=self.markets,
            ids=sequences["conditional order"],
            place=self._trading.place,
        )
        self._treasury = Treasury(
            clock=clock,
            accounts=self.accounts,
            assets=frozenset(self.assets),
            ledger=self.ledger,
            schedule=schedule,
            step_ns=policy.payment_step_ns,
            transfer_ids=sequences["transfer"],
            payment_ids=sequences["payment"],
        )
        # The value type is Any because a dict cannot say that each key's function takes just that key's command.
        self._execute: dict[type, Callable[[Any], list[Event]]] = {
            PlaceOrder: self._trading.place,
            CancelOrder: self._trading.cancel,
            PlaceConditional: self.conditionals.place,
            CancelConditional: self.conditionals.cancel,
            TransferFunds: self._treasury.transfer,
            AdjustBalance: self._treasury.adjust,
            StartPayment: self._treasury.start,
            StepPayment: self._treasury.step,
            OpenAccount: self._open_account,
            FreezeAccount: self._freeze_account,
            SetPhase: self._set_phase,
        }
        if self.contracts is not None:
            self._execute[SetIndexPrice] = self.contracts.set_index_price
            self._execute[SetMarkPrice] = self.contracts.set_mark_price
            self._execute[SetFundingRate] = self.contracts.set_funding_rate
            self._execute[SettleFunding] = self.contracts.settle_funding
            self._execute[ChangeLeverage] = self.contracts.adjustments.change_leverage
            self._execute[MoveMargin] = self.contracts.adjustments.move_margin

    def execute(self, command: Command) -> tuple[Event, ...]:
        """Carries out one command, whole or not at all. A refusal is the single event `Rejected`."""
        events = self._execute[type(command)](command)
        if self.conditionals.waiting:
            if self.contracts is not None:
                self.contracts.remark(events)  # of the first trade of all: what is triggered may go by its price
            self.conditionals.follow(events)
        if self.contracts is not None:
            self._follow_contracts(self.contracts, events)
        touched = self.ledger.touched
        if touched:
            now_ns = self.clock.now_ns()
            for balance, cause in touched.items():
                balance.changes += 1
                events.append(_new_tuple(BalanceChanged, (balance, balance.total, balance.held, now_ns, cause)))
            touched.clear()
        return tuple(events)

    def _follow_contracts(self, contracts: Contracts, events: list[Event]) -> None:
        """Carries out what follows from the command for positions, and what follows from that."""
        stir, touched = contracts.stir, self.ledger.touched
        while True:
            if touched and stir.crosses:
                contracts.follow_balances(touched)
            if not stir.contracts:
                break
            seen = len(events)
            if not contracts.step(events):
                break
            if self.conditionals.waiting:
                self.conditionals.follow(events, seen)
        if stir.positions:
            contracts.tell(events)

    def fork(self, *, clock: VirtualClock, schedule: Schedule) -> Exchange:
        """A second exchange in the same state, with a clock and a schedule of its own. The same commands at the same times keep
        the two equal, ids included. O(everything): about half a second for a market with years of candles.
        """
        return deepcopy(self, {id(self.clock): clock, id(self._schedule): schedule})

    # --- reading

    def fills(self, account: Account, symbol: str, **page: Any) -> list[Fill]:
        """A page of the account's fills in one instrument; arguments and order as of `Log.page`."""
        log = self.markets[symbol].fills(account)
        log.trim(self._oldest_kept_ns(self.policy.fill_retention_ns))
        return log.page(**page)

    def fill_id_from(self, account: Account, symbol: str, number: int, key: Callable[[Fill], int]) -> int | None:
        """The id of the account's first fill in one instrument that `key` gives this number or a higher one; None if there is
        none. A number that ascends with fills: their ids, or those of their trades.
        """
        return self.markets[symbol].fills(account).id_from(number, key)

    def entries(
        self,
        balances: Iterable[Balance],
        *,
        limit: int,
        oldest_first: bool = False,
        of_kind: tuple[KindsOf[LedgerEntry], str] | None = None,
        **page: Any,
    ) -> list[LedgerEntry]:
        """A page of the entries of some balances together, newest first or `oldest_first`; other arguments as of `Log.page`.
        `of_kind`: only those of which the function says this; it must be the same function each time.
        """
        before_ns = self._oldest_kept_ns(self.policy.ledger_retention_ns)
        pages = []
        for balance in balances:
            entries = balance.entries if of_kind is None else balance.entries_of(*of_kind)
            entries.trim(before_ns)
            pages.append(entries.page(limit=limit, oldest_first=oldest_first, **page))
        return list(islice(merge(*pages, key=attrgetter("entry_id"), reverse=not oldest_first), limit))

    def entries_between(self, balances: Iterable[Balance], first_ns: int, last_ns: int) -> list[LedgerEntry]:
        """All remembered entries of some balances together in a span of time, both ends included, newest first."""
        first_ns = max(first_ns, self._oldest_kept_ns(self.policy.ledger_retention_ns))
        found = [balance.entries.between(first_ns, last_ns) for balance in balances]
        return list(merge(*found, key=lambda entry: -entry.entry_id))

    def payments(self, account: Account, **page: Any) -> list[Payment]:
        """A page of the account's deposits and withdrawals, newest first; arguments as of `Log.page`."""
        return self._treasury.payments(account).page(**page)

    def payment(self, payment_id: int) -> Payment | None:
        return self._treasury.payment(payment_id)

    def open_withdrawals(self) -> list[Payment]:
        """Withdrawals that still hold money, of all accounts."""
        return self._treasury.open_withdrawals()

    def forget_expired(self) -> None:
        """Drops closed orders whose retention is over. They cannot be found any more in any case; this frees memory."""
        self.orders.forget_expired()
        self.conditionals.forget_expired()

    def _oldest_kept_ns(self, retention_ns: int) -> int:
        """What happened earlier is forgotten: the retention is over for it, to the nanosecond."""
        return self.clock.now_ns() - retention_ns + 1

    # --- accounts and instruments

    def _open_account(self, command: OpenAccount) -> list[Event]:
        if command.account_id in self.accounts:
            return [Rejected(RejectReason.ACCOUNT_EXISTS, command.account_id)]
        self.accounts[command.account_id] = Account(command.account_id, self.policy.fees, keeps_history=command.keeps_history)
        return [AccountChanged(command.account_id)]

    def _freeze_account(self, command: FreezeAccount) -> list[Event]:
        account = self.accounts.get(command.account_id)
        if account is None:
            return [Rejected(RejectReason.ACCOUNT_UNKNOWN, command.account_id)]
        if command.wallet is None:
            account.frozen = command.frozen
        elif command.frozen:
            account.frozen_wallets.add(command.wallet)
        else:
            account.frozen_wallets.discard(command.wallet)
        return [AccountChanged(command.account_id)]

    def _set_phase(self, command: SetPhase) -> list[Event]:
        market = self.markets.get(command.symbol)
        if market is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        market.phase = command.phase
        events: list[Event] = [PhaseChanged(command.symbol)]
        self._trading.resume(market, events)
        if self.contracts is not None:
            self.contracts.resume(market)
        return events


def wallet_balances(account: Account, wallet: Wallet) -> list[Balance]:
    """Every balance of one wallet, also empty ones, in the order they were first used."""
    return list(account.wallets[wallet].values())
