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
from mockex.core.fees import FeeRounding, FeeSchedule, RebateAsset
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.policy import BeyondBand, ClientIdPolicy, FeeAsset, Refusal, VenuePolicy
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
    command: PlaceOrder
    to_come: int = 0  # what a buy that has come to the book can still trade for


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
    cut: bool = False  # it wanted more, which was there, and its price band kept it from that


@dataclass
class Arrival:
    """An order that came to the book, and what became of that. `walk` None: it has to wait for its trigger."""

    order_id: int
    walk: Walk | None


class NaiveExchange:
    def __init__(self, instruments: dict[str, Instrument], policy: VenuePolicy) -> None:
        self.instruments = instruments
        self.policy = policy
        self.accounts: set[str] = set()
        self.money: dict[tuple[str, Wallet, str], int] = {}
        self.resting: list[NaiveOrder] = []
        self.waiting: list[NaiveOrder] = []
        self.last: dict[str, int] = {}  # the last price by symbol
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
            for order in self.live()
            if order.account == account
            and self.instruments[order.symbol].wallet is wallet
            and self.paid_asset(order.symbol, order.side).code == asset
        )
        return orders + sum(amount for *where, amount in self.withdrawals.values() if tuple(where) == (account, wallet, asset))

    def available(self, account: str, wallet: Wallet, asset: str) -> int:
        return self.total(account, wallet, asset) - self.held(account, wallet, asset)

    def live(self) -> list[NaiveOrder]:
        return [*self.resting, *self.waiting]

    def paid_asset(self, symbol: str, side: Side) -> Asset:
        instrument = self.instruments[symbol]
        return instrument.quote if side is Side.BUY else instrument.base

    def cost(self, symbol: str, price: int, qty: int) -> int:
        return price * qty * self.instruments[symbol].atoms_per_tick_lot

    def worst_cost(self, order: NaiveOrder) -> int:
        """What an order can still come to cost."""
        if order.side is Side.SELL:
            assert order.qty_left is not None
            return order.qty_left * self.instruments[order.symbol].atoms_per_lot
        return self.cost_with_fee(order.symbol, self.worth_of_buy(order))

    def worth_of_buy(self, order: NaiveOrder) -> int:
        """What a buy can still trade for."""
        if order.budget_left is not None:
            return order.budget_left
        assert order.qty_left is not None
        if order.price is not None:
            return self.cost(order.symbol, order.price, order.qty_left)
        return sum(self.cost(order.symbol, trade.price, trade.qty) for trade in self.walk(order).trades)

    def cost_with_fee(self, symbol: str, worth: int) -> int:
        """What a buy for that much holds: where fees are in quote, the highest of them too."""
        if self.policy.fee_asset is FeeAsset.RECEIVED:
            return worth
        fees, quote = self.policy.fees, self.instruments[symbol].quote
        return worth + max(0, *(self.fee(worth, quote, rate) for rate in (fees.maker_rate, fees.taker_rate)))

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
        step = 1 if self.policy.budgets_buy_single_lots else self.instruments[order.symbol].qty_step
        self_trade = order.command.self_trade or self.policy.self_trade
        reach = self.in_reach(order)

        def wanted_at(price: int) -> int:
            if budget_left is not None:
                return budget_left // self.cost(order.symbol, price, step) * step
            assert qty_left is not None
            return qty_left

        for maker in reach:
            assert maker.price is not None
            assert maker.qty_left is not None
            if wanted_at(maker.price) == 0:
                walk.complete = bool(walk.trades)
                return walk
            if self.band_is(BeyondBand.CUT, order.command) and self.leaves_band(maker.price, reach):
                walk.cut = True
                return walk
            if maker.account == order.account and self_trade is not SelfTradePolicy.ALLOW:
                if self_trade in OWN_MAKER_GOES:
                    walk.own_out.append(maker.order_id)
                if self_trade in OWN_TAKER_STOPS:
                    walk.stopped = True
                    return walk
                continue
            qty = min(maker.qty_left, wanted_at(maker.price))
            walk.trades.append(NaiveTrade(maker.price, qty, maker.order_id, order.order_id))
            if qty_left is not None:
                qty_left -= qty
            if budget_left is not None:
                budget_left -= self.cost(order.symbol, maker.price, qty)
            if wanted_at(maker.price) == 0:
                walk.complete = True
                return walk
        return walk

    def band_is(self, beyond: BeyondBand, command: PlaceOrder) -> bool:
        """Whether the order is under a price band that does this to it."""
        band = self.policy.price_band
        if band is None or band.beyond is not beyond:
            return False
        return command.order_type is OrderType.MARKET or not band.market_orders_only

    def leaves_band(self, price: int, reach: list[NaiveOrder]) -> bool:
        band, best = self.policy.price_band, reach[0].price
        assert band is not None
        assert best is not None
        return Fraction(abs(price - best), best) > Fraction(band.reach_ppm, 1_000_000)

    # --- orders

    def stop(self, command: PlaceOrder, order: NaiveOrder) -> RejectReason | None:
        """Why the whole order must not trade."""
        reach = self.in_reach(order)
        walk = self.walk(order)
        if command.post_only and reach:
            return RejectReason.POST_ONLY_WOULD_TAKE
        if command.time_in_force is TimeInForce.FOK and not walk.complete:
            return RejectReason.FOK_NOT_FILLABLE
        stops = self.band_is(BeyondBand.REJECT, command) or self.band_is(BeyondBand.CANCEL, command)
        if stops and any(self.leaves_band(trade.price, reach) for trade in walk.trades):
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
        found |= self.size_refusals(command) | self.price_refusals(command)
        may_stay = is_limit and (command.time_in_force is TimeInForce.GTC or command.trigger is not None)
        live = [each for each in self.live() if (each.account, each.symbol) == (command.account_id, command.symbol)]
        if may_stay and self.policy.max_open_orders is not None and len(live) >= self.policy.max_open_orders:
            found.add(RejectReason.TOO_MANY_OPEN_ORDERS)
        if self.policy.client_ids is ClientIdPolicy.UNIQUE_LIVE and command.client_id is not None:
            names = {each.command.client_id for each in self.live() if each.account == command.account_id}
            if command.client_id in names:
                found.add(RejectReason.DUPLICATE_CLIENT_ID)
        stop = self.stop(command, order) if command.trigger is None else None
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

    def refusal_beyond_band(self) -> Refusal:
        band = self.policy.price_band
        return Refusal.REJECT if band is not None and band.beyond is BeyondBand.REJECT else Refusal.CANCEL

    def size_refusals(self, command: PlaceOrder) -> set[RejectReason]:
        """Everything wrong with how much an order asks for."""
        instrument = self.instruments[command.symbol]
        limits, qty, budget = instrument.limits, command.order_qty, command.budget
        least: tuple[int | None, RejectReason] = (instrument.min_qty, RejectReason.QTY_BELOW_MINIMUM)
        most: tuple[int | None, RejectReason] = (instrument.max_qty, RejectReason.QTY_ABOVE_MAXIMUM)
        found = set()
        if qty is None:
            assert budget is not None
            least = (limits.min_budget, RejectReason.BUDGET_BELOW_MINIMUM)
            most = (limits.max_budget, RejectReason.BUDGET_ABOVE_MAXIMUM)
            asks = self.book(command.symbol, Side.SELL)
            if limits.min_budget is None and asks and asks[0].price is not None:
                least = (self.cost(command.symbol, asks[0].price, instrument.min_qty), RejectReason.QTY_BELOW_MINIMUM)
        elif command.order_type is OrderType.MARKET and command.side is Side.SELL:
            if limits.min_market_sell is not None:
                least = (limits.min_market_sell, RejectReason.MARKET_SELL_BELOW_MINIMUM)
            if limits.max_market_sell is not None:
                most = (limits.max_market_sell, RejectReason.MARKET_SELL_ABOVE_MAXIMUM)
        elif command.order_type is OrderType.LIMIT:
            of_side = limits.max_limit_buy if command.side is Side.BUY else limits.max_limit_sell
            if of_side is not None:
                most = (of_side, RejectReason.QTY_ABOVE_MAXIMUM)
        price = command.limit_price
        if price is not None and qty is not None and self.cost(command.symbol, price, qty) < (limits.min_notional or 0):
            found.add(RejectReason.NOTIONAL_BELOW_MINIMUM)
        size = budget if qty is None else qty
        assert size is not None
        if least[0] is not None and size < least[0]:
            found.add(least[1])
        if most[0] is not None and size > most[0]:
            found.add(most[1])
        if qty is not None and qty % instrument.qty_step != 0:
            found.add(RejectReason.QTY_OFF_STEP)
        return found

    def price_refusals(self, command: PlaceOrder) -> set[RejectReason]:
        """Everything wrong with a limit price or a trigger, seen from the last price."""
        found = set()
        price, trigger, last, band = (
            command.limit_price,
            command.trigger,
            self.last.get(command.symbol),
            self.policy.last_price_band,
        )
        if trigger is not None and last is not None and self.is_due(trigger, [last]):
            found.add(RejectReason.TRIGGER_MET_ALREADY)
        reference = last if trigger is None else trigger.price
        if band is not None and price is not None and reference is not None:
            off = Fraction(price - reference, reference) * 1_000_000
            if command.side is Side.BUY and off > band.buy_above_ppm:
                found.add(RejectReason.PRICE_ABOVE_BAND)
            if command.side is Side.SELL and off < -band.sell_below_ppm:
                found.add(RejectReason.PRICE_BELOW_BAND)
        return found

    def is_due(self, trigger: StopTrigger, prices: list[int]) -> bool:
        if trigger.direction is StopDirection.AT_OR_ABOVE:
            return any(price >= trigger.price for price in prices)
        return any(price <= trigger.price for price in prices)

    def order(self, command: PlaceOrder, order_id: int) -> NaiveOrder:
        return NaiveOrder(
            order_id,
            command.account_id,
            command.symbol,
            command.side,
            command.limit_price,
            command.order_qty,
            command.budget,
            command,
        )

    def place(self, command: PlaceOrder, order_id: int) -> list[Arrival]:
        """An accepted order, and every stop order that goes because of it, in that order."""
        order = self.order(command, order_id)
        if command.trigger is not None:
            self.waiting.append(order)
            return [Arrival(order_id, None)]
        walk = self.arrive(order)
        return [Arrival(order_id, walk), *self.trigger(command.symbol, [trade.price for trade in walk.trades])]

    def set_phase(self, symbol: str, phase: MarketPhase) -> list[Arrival]:
        self.phases[symbol] = phase
        return self.trigger(symbol, [self.last[symbol]] if symbol in self.last else [])

    def trigger(self, symbol: str, prices: list[int]) -> list[Arrival]:
        """Lets the stop orders go that these prices trigger, oldest first, and behind them those that theirs do."""
        if self.phases[symbol] not in (MarketPhase.CONTINUOUS, MarketPhase.CALL_AUCTION):
            return []
        arrivals = []
        queue = self.take_due(symbol, prices)
        while queue:
            order = queue.pop(0)
            walk = self.arrive(order)
            arrivals.append(Arrival(order.order_id, walk))
            queue += self.take_due(symbol, [trade.price for trade in walk.trades])
        return arrivals

    def take_due(self, symbol: str, prices: list[int]) -> list[NaiveOrder]:
        due = [
            order
            for order in self.waiting
            if order.symbol == symbol and order.command.trigger is not None and self.is_due(order.command.trigger, prices)
        ]
        self.waiting = [order for order in self.waiting if order not in due]
        return due

    def arrive(self, order: NaiveOrder) -> Walk:
        """Trades an order, moves the money, and lets it rest if it may."""
        command = order.command
        if self.stop(command, order) is not None:
            return Walk(stopped=True)
        walk = self.walk(order)
        if order.side is Side.BUY:
            order.to_come = self.worth_of_buy(order)
        for trade in walk.trades:
            self.settle(order, trade)
            self.last[order.symbol] = trade.price
        self.resting = [each for each in self.resting if each.order_id not in walk.own_out and each.qty_left != 0]
        may_rest = command.order_type is OrderType.LIMIT and command.time_in_force is TimeInForce.GTC
        if may_rest and not walk.stopped and not walk.cut and order.qty_left:
            self.resting.append(order)
        return walk

    def settle(self, taker: NaiveOrder, trade: NaiveTrade) -> None:
        (maker,) = [each for each in self.resting if each.order_id == trade.maker_id]
        assert maker.qty_left is not None
        instrument = self.instruments[taker.symbol]
        fees = self.policy.fees
        notional = self.cost(taker.symbol, trade.price, trade.qty)
        base_amount = trade.qty * instrument.atoms_per_lot
        if self.policy.fee_asset is FeeAsset.QUOTE:
            self.pay_fees_in_quote(taker, maker, trade, notional)
            fees = FeeSchedule(maker_rate=0, taker_rate=0, rounding=fees.rounding, decimals=fees.decimals)
        maker.qty_left -= trade.qty
        if taker.qty_left is not None:
            taker.qty_left -= trade.qty
        for order, rate in ((maker, fees.maker_rate), (taker, fees.taker_rate)):
            if order.side is Side.BUY:
                paid, paid_asset, received, received_asset = notional, instrument.quote, base_amount, instrument.base
            else:
                paid, paid_asset, received, received_asset = base_amount, instrument.base, notional, instrument.quote
            if rate < 0 and fees.rebate_in is RebateAsset.PAID:
                paid += self.fee(paid, paid_asset, rate)
            else:
                received -= self.fee(received, received_asset, rate)
            self.add(order.account, instrument.wallet, paid_asset.code, -paid)
            self.add(order.account, instrument.wallet, received_asset.code, received)

    def pay_fees_in_quote(self, taker: NaiveOrder, maker: NaiveOrder, trade: NaiveTrade, notional: int) -> None:
        """A buyer pays what it held for its fee at most."""
        instrument = self.instruments[taker.symbol]
        for order, rate in ((maker, self.policy.fees.maker_rate), (taker, self.policy.fees.taker_rate)):
            fee = self.fee(notional, instrument.quote, rate)
            if order.side is Side.BUY:
                at_limit = notional if order.price is None else self.cost(order.symbol, order.price, trade.qty)
                before, after = order.to_come, order.to_come - at_limit
                order.to_come = after
                fee = min(fee, self.cost_with_fee(order.symbol, before) - self.cost_with_fee(order.symbol, after) - notional)
            self.add(order.account, instrument.wallet, instrument.quote.code, -fee)

    def cancel(self, order_id: int) -> None:
        self.resting = [order for order in self.resting if order.order_id != order_id]
        self.waiting = [order for order in self.waiting if order.order_id != order_id]
