"""What Coinstore's socket tells an account of itself. Source: cs§9.5: documented until late 2023, in two generations of names.

`spot_asset` and `spot_order` are the newer one, whose frames one connector shows in part; `<currency>@account` and
`<symbol>@order` are the older one. Both are served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, Context, Decimal
from typing import NamedTuple, assert_never

from mockex.core.events import BalanceChanged, Event, OrderAccepted, OrderCancelled, OrderFilled
from mockex.core.ledger import Balance
from mockex.core.orders import LIVE, Liquidity, Order, OrderStatus, Side
from mockex.core.units import Asset, Atoms, Lots, Wallet
from mockex.venues.coinstore import codec, order_codec
from mockex.venues.coinstore.channels import ALL, PUSH_NS, Channel, market_of, split
from mockex.venues.coinstore.order_reads import is_self_dealt
from mockex.venues.coinstore.order_terms import SIDE_WORDS, STATE_WORDS, TIME_WORDS, order_type_word
from mockex.wire.decimals import plain
from mockex.wire.desk import Desk
from mockex.wire.fanout import Feed, GatheringFeed, StateFeed, Trigger, TriggerKey
from mockex.wire.json import dumps, number

ASSETS, ORDERS = "spot_asset", "spot_order"
DOLLAR, COIN = "USDT", "BTC"
VALUE_DECIMALS = 8  # ASSUMED

_EXACT = Context(prec=60, rounding=ROUND_DOWN)


def private_channel(desk: Desk, name: str) -> Channel | None:
    if name == ASSETS:
        return Channel(name=name, topic=name, market=None, make_feed=_assets, private=True)
    if name == ORDERS:
        return Channel(name=name, topic=name, market=None, make_feed=_orders, private=True)
    named = split(name)
    if named is None or named.argument:
        return None
    if named.topic == "account":
        codes = _codes(desk, named.symbol)
        if not codes:
            return None
        return Channel(
            name=name,
            topic="account",
            market=None,
            make_feed=lambda desk, account_id: _account(desk, account_id, codes, name),
            private=True,
        )
    if named.topic == "order":
        market = market_of(desk, named.symbol)
        if named.symbol != ALL and market is None:
            return None
        symbols = list(desk.exchange.markets) if market is None else [market.instrument.symbol]
        return Channel(
            name=name,
            topic="order",
            market=market,
            make_feed=lambda desk, account_id: _order(desk, account_id, symbols, name),
            private=True,
        )
    return None


def private_names(desk: Desk) -> Iterable[str]:
    yield from (ASSETS, ORDERS, f"{ALL}@account", f"{ALL}@order")
    for code in desk.exchange.assets:
        yield f"{code}@account"
    for symbol in desk.exchange.markets:
        yield f"{desk.state.pair_id(symbol)}@order"
        yield f"{symbol.lower()}@order"


def _codes(desk: Desk, named: str) -> list[str]:
    """A currency by its number, or its code in any case (ASSUMED), or all; none for an unknown one."""
    assets = desk.exchange.assets
    if named == ALL:
        return list(assets)
    return [code for code in assets if named.upper() == code or named == str(desk.state.currency_id(code))]


def _balance_triggers(account_id: str, codes: Iterable[str]) -> list[TriggerKey]:
    return [(Trigger.BALANCE, account_id, Wallet.SPOT, code) for code in codes]


# --- the newer generation


def _assets(desk: Desk, account_id: str) -> Feed:
    """First every currency, then those that have changed."""
    changed: dict[str, None] = {}
    account = desk.account(account_id)

    def frame(codes: Iterable[str]) -> bytes:
        rows = [_asset_row(desk, code, account.wallets[Wallet.SPOT].get(code)) for code in codes]
        return dumps({"T": ASSETS, "assets": rows})

    def render() -> bytes | None:
        codes = list(changed)
        changed.clear()
        return frame(codes) if codes else None

    def note(event: Event) -> None:
        if isinstance(event, BalanceChanged):
            changed[event.balance.asset] = None

    return _NotingFeed(
        *_balance_triggers(account_id, desk.exchange.assets),
        desk=desk,
        note=note,
        render=render,
        opening=lambda: (frame(desk.exchange.assets),),
    )


class _NotingFeed(StateFeed):
    """The newest state of whatever has changed in an interval."""

    def __init__(
        self,
        *triggers: TriggerKey,
        desk: Desk,
        note: Callable[[Event], None],
        render: Callable[[], bytes | None],
        opening: Callable[[], Iterable[bytes]],
    ) -> None:
        super().__init__(*triggers, clock=desk.clock, interval_ns=PUSH_NS, render=render, opening=opening)
        self._note = note

    def on_event(self, event: Event) -> bytes | None:
        self._note(event)
        return super().on_event(event)


def _asset_row(desk: Desk, code: str, balance: Balance | None) -> codec.Row:
    asset = desk.exchange.assets[code]
    held, total = (0, 0) if balance is None else (balance.held, balance.total)
    dollars = _worth(desk, asset, total)
    coin_price = _price(desk, COIN)
    coins = _EXACT.divide(dollars, coin_price) if coin_price else Decimal(0)
    return {
        "symbol": code,
        "available": codec.amount_text(asset, total - held),
        "frozen": codec.amount_text(asset, held),
        "btcValuation": _value_text(coins),
        "usdValuation": _value_text(dollars),
    }


def _worth(desk: Desk, asset: Asset, amount: int) -> Decimal:
    """In dollars, by the last price; 0 for what never traded against them."""
    return _EXACT.multiply(Decimal(amount).scaleb(-asset.decimals, context=_EXACT), _price(desk, asset.code))


def _price(desk: Desk, code: str) -> Decimal:
    if code == DOLLAR:
        return Decimal(1)
    market = desk.exchange.markets.get(f"{code}{DOLLAR}")
    last = None if market is None else market.ticker.last_price
    return Decimal(0) if market is None or last is None else last * market.instrument.price_scale.increment


def _value_text(value: Decimal) -> str:
    return plain(int(value.scaleb(VALUE_DECIMALS, context=_EXACT)), VALUE_DECIMALS)


def _orders(desk: Desk, account_id: str) -> Feed:
    """First every open order, then those that have changed, as among the active orders of the newer call."""
    changed: dict[int, Order] = {}
    account, symbols = desk.account(account_id), list(desk.exchange.markets)

    def note(event: Event) -> None:
        order = _order_of(event)
        if order is not None:
            changed[order.order_id] = order

    def frame(orders: Iterable[Order]) -> bytes:
        rows = [order_codec.encode_active_v2(order, desk.state) for order in orders]
        return dumps({"T": ORDERS, "orderVoList": rows})

    def render() -> bytes | None:
        orders = list(changed.values())
        changed.clear()
        return frame(orders) if orders else None

    def opening() -> Iterable[bytes]:
        page = desk.exchange.orders.page(account, symbols, LIVE, older_than=None, newer_than=None, limit=1_000)
        return (frame(page),)

    triggers = [(Trigger.ORDER, account_id, symbol) for symbol in symbols]
    return _NotingFeed(*triggers, desk=desk, note=note, render=render, opening=opening)


def _order_of(event: Event) -> Order | None:
    match event:
        case OrderAccepted() | OrderCancelled():
            return event.order
        case OrderFilled():
            return event.fill.order
        case _:
            return None


# --- the older generation


def _account(desk: Desk, account_id: str, codes: list[str], name: str) -> Feed:
    """One frame for each currency that has changed; first one for each. `timestamp` in seconds."""
    account, number_of = desk.account(account_id), desk.state.account_number(account_id)

    def frame(code: str) -> bytes:
        asset, balance = desk.exchange.assets[code], account.wallets[Wallet.SPOT].get(code)
        held, total = (0, 0) if balance is None else (balance.held, balance.total)
        return dumps(
            {
                "T": "account",
                "channel": name,
                "accountId": number_of,
                "currency": code,
                "frozen": codec.amount_text(asset, held),
                "available": codec.amount_text(asset, total - held),
                "timestamp": codec.seconds(desk.clock.now_ns()),
            }
        )

    def render(event: Event) -> bytes | None:
        return frame(event.balance.asset) if isinstance(event, BalanceChanged) else None

    return _OpenedFeed(
        *_balance_triggers(account_id, codes),
        desk=desk,
        render=render,
        opening=lambda: [frame(code) for code in codes],
    )


class _OpenedFeed(GatheringFeed):
    """Every event's frame at the interval's end, and an opening."""

    def __init__(
        self,
        *triggers: TriggerKey,
        desk: Desk,
        render: Callable[[Event], bytes | None],
        opening: Callable[[], Iterable[bytes]],
    ) -> None:
        super().__init__(*triggers, clock=desk.clock, interval_ns=PUSH_NS, render=render)
        self._opening = opening

    def opening(self) -> Iterable[bytes]:
        return self._opening()


def _order(desk: Desk, account_id: str, symbols: list[str], name: str) -> Feed:
    """One frame for each thing that happens to an order; what concerns a match is 0 where there was none."""

    def render(event: Event) -> bytes | None:
        if not isinstance(event, OrderAccepted | OrderCancelled | OrderFilled):
            return None
        return dumps({"T": "order", "channel": name, **_order_row(desk, event)})

    return GatheringFeed(
        *((Trigger.ORDER, account_id, symbol) for symbol in symbols), clock=desk.clock, interval_ns=PUSH_NS, render=render
    )


class _Totals(NamedTuple):
    """What an order was right after something has happened to it: what it is now may be more."""

    status: OrderStatus
    qty: Lots
    notional: Atoms
    time_ns: int


def _totals_after(event: OrderAccepted | OrderCancelled | OrderFilled) -> _Totals:
    match event:
        case OrderAccepted():
            return _Totals(OrderStatus.OPEN, 0, 0, event.order.created_ns)
        case OrderFilled():
            fill = event.fill
            return _Totals(fill.order_status, fill.order_filled_qty, fill.order_filled_notional, fill.time_ns)
        case OrderCancelled():
            order = event.order
            return _Totals(order.status, order.filled_qty, order.filled_notional, order.updated_ns)
        case _:
            assert_never(event)


def _order_row(desk: Desk, event: OrderAccepted | OrderCancelled | OrderFilled) -> codec.Row:
    """Totals after the event. `version` ascends over all of the venue's pushes. No client id."""
    fill = event.fill if isinstance(event, OrderFilled) else None
    order = event.fill.order if isinstance(event, OrderFilled) else event.order
    instrument, state = order.instrument, desk.state
    received = instrument.base if order.side is Side.BUY else instrument.quote
    fees = order.account.fees
    maker = fill is not None and fill.liquidity is Liquidity.MAKER
    totals = _totals_after(event)
    left = 0 if order.order_qty is None else order.order_qty - totals.qty
    matched = codec.qty_text(instrument, None if fill is None else fill.qty)
    return {
        "version": desk.sequences["order push"].next(),
        "accountId": state.account_number(order.account.account_id),
        "ordId": order.order_id,
        "symbol": instrument.symbol,
        "side": SIDE_WORDS[order.side],
        "ordType": order_type_word(order),
        "timeInForce": TIME_WORDS[order.time_in_force],
        "ordPrice": codec.price_text(instrument, order.limit_price),
        "ordQty": codec.qty_text(instrument, order.order_qty),
        "ordAmt": order_codec.order_amount(order),
        "ordState": STATE_WORDS[totals.status],
        "execQty": codec.qty_text(instrument, totals.qty),
        "execAmt": codec.amount_text(instrument.quote, totals.notional),
        "remainingQty": codec.qty_text(instrument, left),
        "matchId": 0 if fill is None else fill.match_id,
        "tradeId": 0 if fill is None else fill.trade_id,
        "matchRole": "MAKER" if maker else "TAKER",
        "matchQty": matched,
        "matchAmt": codec.amount_text(instrument.quote, 0 if fill is None else fill.notional),
        "selfDealingQty": matched if fill is not None and is_self_dealt(desk.exchange, fill) else "0",
        "actualFeeRate": plain(fees.maker_rate if maker else fees.taker_rate, 9),
        "feeCurrencyId": state.currency_id(received.code),
        "fee": number(codec.amount_text(received, 0 if fill is None else fill.fee)),
        "timestamp": codec.seconds(totals.time_ns),
    }
