"""An exchange so simple that it is obviously right: the oracle for the real one.

One list of resting orders in the order of arrival, searched and sorted anew for every question; money as a dict of totals;
fees as fractions. It shares no code with the real book, matching or ledger, only the commands and the published terms of
instruments and policies. Slow on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from mockex.core.commands import PlaceOrder
from mockex.core.fees import FeeRounding
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import OrderType, Side, TimeInForce
from mockex.core.policy import BeyondBand, ClientIdPolicy, Refusal, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.units import Asset, Instrument, Wallet

OWN_MAKER_GOES = {SelfTradePolicy.CANCEL_MAKER, SelfTradePolicy.CANCEL_BOTH}
OWN_TAKER_STOPS = {SelfTradePolicy.CANCEL_TAKER, SelfTradePolicy.CANCEL_BOTH}


@dataclass
class NaiveOrder:
    order_id: int
    account: str
    symbol: str
    side: Side
    price: int | None
    qty_left: int | None
    budget_left: int | None
    client_id: str | None = None


@dataclass(frozen=True)
class NaiveTrade:
    price: int
    qty: int
    maker_id: int
    taker_id: int


@dataclass
class Walk:
    """How an order would go through the book, or has gone."""

    trades: list[NaiveTrade] = field(default_factory=list)
    own_out: list[int] = field(default_factory=list)  # own resting orders that leave
    stopped: bool = False  # by an own order
    complete: bool = False  # it got all it wanted


class NaiveExchange:
    def __init__(self, instruments: dict[str, Instrument], policy: VenuePolicy) -> None:
        self.instruments = instruments
        self.policy = policy
        self.accounts: set[str] = set()
        self.money: dict[tuple[str, Wallet, str], int] = {}
        self.resting: list[NaiveOrder] = []
        self.withdrawals: dict[int, tuple[str, Wallet, str, int]] = {}  # open ones: whose, where, what, how much is held
        self.frozen: set[tuple[str, Wallet | None]] = set()
        self.phases = dict.fromkeys(instruments, MarketPhase.CONTINUOUS)

    # --- money

    def total(self, account: str, wallet: Wallet, asset: str) -> int:
        return self.money.get((account, wallet, asset), 0)

    def add(self, account: str, wallet: Wallet, asset: str, amount: int) -> None:
        self.money[account, wallet, asset] = self.total(account, wallet, asset) + amount

    def held(self, account: str, wallet: Wallet, asset: str) -> int:
        orders = sum(
            self.worst_cost(order)
            for order in self.resting
            if order.account == account
            and self.instruments[order.symbol].wallet is wallet
            and self.paid_asset(order.symbol, order.side).code == asset
        )
        return orders + sum(amount for *where, amount in self.withdrawals.values() if tuple(where) == (account, wallet, asset))

    def available(self, account: str, wallet: Wallet, asset: str) -> int:
        return self.total(account, wallet, asset) - self.held(account, wallet, asset)

    def paid_asset(self, symbol: str, side: Side) -> Asset:
        instrument = self.instruments[symbol]
        return instrument.quote if side is Side.BUY else instrument.base

    def cost(self, symbol: str, price: int, qty: int) -> int:
        return price * qty * self.instruments[symbol].atoms_per_tick_lot

    def worst_cost(self, order: NaiveOrder) -> int:
        """What an order can still come to cost."""
        if order.budget_left is not None:
            return order.budget_left
        assert order.qty_left is not None
        if order.side is Side.SELL:
            return order.qty_left * self.instruments[order.symbol].atoms_per_lot
        if order.price is not None:
            return self.cost(order.symbol, order.price, order.qty_left)
        return sum(self.cost(order.symbol, trade.price, trade.qty) for trade in self.walk(order).trades)

    def fee(self, amount: int, asset: Asset, rate: int) -> int:
        schedule = self.policy.fees
        step = max(1, 10 ** max(0, asset.decimals - schedule.decimals))
        steps = Fraction(amount * rate, 1_000_000_000) / step
        rounded = {
            FeeRounding.UP: ceil(steps),
            FeeRounding.DOWN: floor(steps),
            FeeRounding.HALF_UP: floor(steps + Fraction(1, 2)),
        }[schedule.rounding]
        return min(rounded * step, amount)

    # --- the book

    def book(self, symbol: str, side: Side) -> list[NaiveOrder]:
        """Resting orders of one side, the first to trade first. Sorting keeps the order of arrival at equal prices."""
        mine = [order for order in self.resting if order.symbol == symbol and order.side is side]
        return sorted(mine, key=lambda order: -order.price if side is Side.BUY else order.price)  # type: ignore[operator,return-value]  # resting orders have a price

    def in_reach(self, order: NaiveOrder) -> list[NaiveOrder]:
        """The resting orders that `order` could trade with, in the order in which it would."""
        opposite = self.book(order.symbol, Side.SELL if order.side is Side.BUY else Side.BUY)
        if order.price is None:
            return opposite
        if order.side is Side.BUY:
            return [maker for maker in opposite if maker.price is not None and maker.price <= order.price]
        return [maker for maker in opposite if maker.price is not None and maker.price >= order.price]

    def walk(self, order: NaiveOrder) -> Walk:
        """What would come of `order`, lot by lot where needed; nothing is changed."""
        walk = Walk()
        qty_left, budget_left = order.qty_left, order.budget_left

        def wanted_at(price: int) -> int:
            if budget_left is not None:
                return budget_left // self.cost(order.symbol, price, 1)
            assert qty_left is not None
            return qty_left

        for maker in self.in_reach(order):
            assert maker.price is not None
            assert maker.qty_left is not None
            if wanted_at(maker.price) == 0:
                walk.complete = bool(walk.trades)
                return walk
            if maker.account == order.account and self.policy.self_trade is not SelfTradePolicy.ALLOW:
                if self.policy.self_trade in OWN_MAKER_GOES:
                    walk.own_out.append(maker.order_id)
                if self.policy.self_trade in OWN_TAKER_STOPS:
                    walk.stopped = True
                    return walk
                continue
            qty = min(maker.qty_left, wanted_at(maker.price))
            walk.trades.append(NaiveTrade(maker.price, qty, maker.order_id, order.order_id))
            if qty_left is not None:
                qty_left -= qty
            if budget_left is not None:
                budget_left -= self.cost(order.symbol, maker.price, qty)
        walk.complete = bool(walk.trades) and wanted_at(walk.trades[-1].price) == 0
        return walk

    # --- orders

    def stop(self, command: PlaceOrder, order: NaiveOrder) -> RejectReason | None:
        """Why the whole order must not trade."""
        reach = self.in_reach(order)
        walk = self.walk(order)
        if command.post_only and reach:
            return RejectReason.POST_ONLY_WOULD_TAKE
        if command.time_in_force is TimeInForce.FOK and not walk.complete:
            return RejectReason.FOK_NOT_FILLABLE
        band = self.policy.price_band
        if band is not None and band.beyond is not BeyondBand.CUT and walk.trades:
            best = reach[0].price
            assert best is not None
            worst = max(abs(trade.price - best) for trade in walk.trades)
            if Fraction(worst, best) > Fraction(band.reach_ppm, 1_000_000):
                return RejectReason.PRICE_BAND_EXCEEDED
        return None

    def refusals(self, command: PlaceOrder) -> set[RejectReason]:
        """Every reason to refuse an order with sound terms."""
        found = set()
        instrument = self.instruments[command.symbol]
        order = self.order(command, 0)
        phase = self.phases[command.symbol]
        is_limit = command.order_type is OrderType.LIMIT
        if (command.account_id, None) in self.frozen:
            found.add(RejectReason.ACCOUNT_FROZEN)
        if (command.account_id, instrument.wallet) in self.frozen:
            found.add(RejectReason.WALLET_FROZEN)
        if phase is MarketPhase.HALTED:
            found.add(RejectReason.INSTRUMENT_HALTED)
        if phase is MarketPhase.CALL_AUCTION and not is_limit:
            found.add(RejectReason.AUCTION_LIMIT_ONLY)
        if phase is MarketPhase.PRICE_DISCOVERY and is_limit:
            found.add(RejectReason.AUCTION_MARKET_ONLY)
        if command.order_qty is not None and command.order_qty < instrument.min_qty:
            found.add(RejectReason.QTY_BELOW_MINIMUM)
        asks = self.book(command.symbol, Side.SELL)
        if command.budget is not None and asks:
            assert asks[0].price is not None
            if command.budget < self.cost(command.symbol, asks[0].price, instrument.min_qty):
                found.add(RejectReason.QTY_BELOW_MINIMUM)
        may_rest = is_limit and command.time_in_force is TimeInForce.GTC
        live = [each for each in self.resting if (each.account, each.symbol) == (command.account_id, command.symbol)]
        if may_rest and self.policy.max_open_orders is not None and len(live) >= self.policy.max_open_orders:
            found.add(RejectReason.TOO_MANY_OPEN_ORDERS)
        if self.policy.client_ids is ClientIdPolicy.UNIQUE_LIVE and command.client_id is not None:
            names = {each.client_id for each in self.resting if each.account == command.account_id}
            if command.client_id in names:
                found.add(RejectReason.DUPLICATE_CLIENT_ID)
        stop = self.stop(command, order)
        refused_when = {
            RejectReason.POST_ONLY_WOULD_TAKE: self.policy.post_only_that_takes,
            RejectReason.FOK_NOT_FILLABLE: self.policy.unfillable_fok,
            RejectReason.PRICE_BAND_EXCEEDED: self.refusal_beyond_band(),
        }
        if stop is not None and refused_when[stop] is Refusal.REJECT:
            found.add(stop)
        asset = self.paid_asset(command.symbol, command.side)
        if self.worst_cost(order) > self.available(command.account_id, instrument.wallet, asset.code):
            found.add(RejectReason.INSUFFICIENT_FUNDS)
        return found

    def refusal_beyond_band(self) -> Refusal | None:
        band = self.policy.price_band
        return Refusal.REJECT if band is not None and band.beyond is BeyondBand.REJECT else Refusal.CANCEL

    def order(self, command: PlaceOrder, order_id: int) -> NaiveOrder:
        return NaiveOrder(
            order_id,
            command.account_id,
            command.symbol,
            command.side,
            command.limit_price,
            command.order_qty,
            command.budget,
            command.client_id,
        )

    def place(self, command: PlaceOrder, order_id: int) -> Walk:
        """Trades an accepted order, moves the money, and lets it rest if it may."""
        order = self.order(command, order_id)
        if self.stop(command, order) is not None:
            return Walk(stopped=True)
        walk = self.walk(order)
        for trade in walk.trades:
            self.settle(order, trade)
        self.resting = [each for each in self.resting if each.order_id not in walk.own_out and each.qty_left != 0]
        may_rest = command.order_type is OrderType.LIMIT and command.time_in_force is TimeInForce.GTC
        if may_rest and not walk.stopped and order.qty_left:
            self.resting.append(order)
        return walk

    def settle(self, taker: NaiveOrder, trade: NaiveTrade) -> None:
        (maker,) = [each for each in self.resting if each.order_id == trade.maker_id]
        assert maker.qty_left is not None
        instrument = self.instruments[taker.symbol]
        fees = self.policy.fees
        notional = self.cost(taker.symbol, trade.price, trade.qty)
        base_amount = trade.qty * instrument.atoms_per_lot
        maker.qty_left -= trade.qty
        if taker.qty_left is not None:
            taker.qty_left -= trade.qty
        for order, rate in ((maker, fees.maker_rate), (taker, fees.taker_rate)):
            if order.side is Side.BUY:
                paid, paid_asset, received, received_asset = notional, instrument.quote, base_amount, instrument.base
            else:
                paid, paid_asset, received, received_asset = base_amount, instrument.base, notional, instrument.quote
            self.add(order.account, instrument.wallet, paid_asset.code, -paid)
            self.add(
                order.account,
                instrument.wallet,
                received_asset.code,
                received - self.fee(received, received_asset, rate),
            )

    def cancel(self, order_id: int) -> None:
        self.resting = [order for order in self.resting if order.order_id != order_id]
