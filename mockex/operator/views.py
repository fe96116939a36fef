"""What an operator is shown: plain dicts of texts, fit for JSON. Amounts are exact decimal text, times ISO 8601 UTC."""

from __future__ import annotations

from typing import TypedDict

from mockex.core.commands import PlaceOrder
from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.core.ledger import Account, Balance
from mockex.core.markets import Market
from mockex.core.orders import Fill, Order, StopTrigger
from mockex.core.payments import Payment
from mockex.core.positions import Purpose
from mockex.core.units import Asset, Instrument, Lots, Ticks
from mockex.operator.words import word
from mockex.wire.decimals import plain
from mockex.wire.desk import Person
from mockex.wire.timestamps import iso_ms

_TRIGGERED, _FAILED = ConditionalStatus.TRIGGERED, ConditionalStatus.FAILED
_PPM_DECIMALS = 6


class BalanceView(TypedDict):
    total: str
    held: str
    available: str


class AccountView(TypedDict):
    """`balances`: wallet -> asset -> balance. `open_orders`: how many. `flags`: conditions that only this venue knows."""

    account: str
    frozen: bool
    frozen_wallets: list[str]
    flags: list[str]
    balances: dict[str, dict[str, BalanceView]]
    open_orders: int


class OwnerView(TypedDict):
    """Made-up contact data of the account's holder: some venues find people by their e-mail address."""

    name: str
    email: str
    phone: str
    address: str


class FillView(TypedDict):
    """`profit`: what a contract's fill has realised, its fee not counted."""

    trade_id: str
    price: str
    qty: str
    notional: str
    fee: str
    fee_asset: str
    profit: str
    liquidity: str
    time: str


class TriggerView(TypedDict):
    """What an order waits for: the last price `at_or_above` or `at_or_below` one. `triggered`: when it came, or None."""

    price: str
    direction: str
    triggered: str | None


class OrderPositionView(TypedDict):
    """What an order does to which position. `forced`: a liquidation placed it."""

    position_id: str
    merge: str
    margin_method: str
    leverage: int
    close: bool
    forced: bool


class TermsView(TypedDict):
    """`price` is None for a market order, `qty` for one that was told what to spend: `notional`."""

    client_id: str | None
    account: str
    symbol: str
    side: str
    type: str
    time_in_force: str
    post_only: bool
    price: str | None
    qty: str | None
    notional: str | None


class OrderView(TermsView):
    """`remaining_qty` is None for an order that was told what to spend, `position` for all but contracts' orders.

    `trigger` is None for all but stop orders. One that waits has the status `waiting`: its funds are held, and it is not in the
    book.
    """

    order_id: str
    trigger: TriggerView | None
    position: OrderPositionView | None
    filled_qty: str
    filled_notional: str
    remaining_qty: str | None
    status: str
    cancel_reason: str | None
    fills: list[FillView]
    created: str
    updated: str


class ConditionalView(TermsView):
    """The terms are those of the order that is placed once the trigger has come: it waits, was triggered, failed or cancelled.

    `conditional_id` is its own number, `order_id` that of the order that it became, and `failure` why that was refused. A
    `trailing_rate`, a fraction, says how far the price must come back after the trigger.
    """

    conditional_id: str
    trigger: TriggerView
    trailing_rate: str | None
    status: str
    order_id: str | None
    failure: str | None
    created: str
    updated: str


class LevelView(TypedDict):
    price: str
    qty: str
    orders: int


class BookView(TypedDict):
    """Both sides best first."""

    symbol: str
    phase: str
    bids: list[LevelView]
    asks: list[LevelView]


class InstrumentView(TypedDict):
    symbol: str
    base: str
    quote: str
    tick_size: str
    lot_size: str
    min_qty: str
    max_qty: str | None
    phase: str
    best_bid: str | None
    best_ask: str | None
    last_price: str | None


class PaymentView(TypedDict):
    payment_id: str
    account: str
    kind: str
    status: str
    asset: str
    amount: str
    fee: str
    wallet: str
    chain: str
    address: str
    tag: str
    counterparty: str | None
    created: str
    updated: str


def price_text(instrument: Instrument, price: Ticks) -> str:
    scale = instrument.price_scale
    return plain(price * scale.step, scale.decimals)


def qty_text(instrument: Instrument, qty: Lots) -> str:
    scale = instrument.qty_scale
    return plain(qty * scale.step, scale.decimals)


def balance_view(balance: Balance, asset: Asset) -> BalanceView:
    decimals = asset.decimals
    return BalanceView(
        total=plain(balance.total, decimals),
        held=plain(balance.held, decimals),
        available=plain(balance.available, decimals),
    )


def balances_view(account: Account, assets: dict[str, Asset]) -> dict[str, dict[str, BalanceView]]:
    """Wallets that were used, and in them the assets that were used."""
    return {
        word(wallet): {code: balance_view(balance, assets[code]) for code, balance in balances.items()}
        for wallet, balances in account.wallets.items()
        if balances
    }


def owner_view(person: Person) -> OwnerView:
    return OwnerView(name=person.name, email=person.email, phone=person.phone, address=person.address)


def fill_view(fill: Fill) -> FillView:
    instrument = fill.order.instrument
    fee_asset, fee = fill.charge
    return FillView(
        trade_id=str(fill.trade_id),
        price=price_text(instrument, fill.price),
        qty=qty_text(instrument, fill.qty),
        notional=plain(fill.notional, instrument.quote.decimals),
        fee=plain(fee, fee_asset.decimals),
        fee_asset=fee_asset.code,
        profit=plain(fill.profit, instrument.quote.decimals),
        liquidity=word(fill.liquidity),
        time=iso_ms(fill.time_ns),
    )


def _trigger_view(instrument: Instrument, trigger: StopTrigger, triggered_ns: int | None) -> TriggerView:
    return TriggerView(
        price=price_text(instrument, trigger.price),
        direction=word(trigger.direction),
        triggered=None if triggered_ns is None else iso_ms(triggered_ns),
    )


def _terms_view(terms: Order | PlaceOrder, account_id: str, instrument: Instrument) -> TermsView:
    return TermsView(
        client_id=terms.client_id,
        account=account_id,
        symbol=instrument.symbol,
        side=word(terms.side),
        type=word(terms.order_type),
        time_in_force=word(terms.time_in_force),
        post_only=terms.post_only,
        price=None if terms.limit_price is None else price_text(instrument, terms.limit_price),
        qty=None if terms.order_qty is None else qty_text(instrument, terms.order_qty),
        notional=None if terms.budget is None else plain(terms.budget, instrument.quote.decimals),
    )


def _purpose_view(purpose: Purpose) -> OrderPositionView:
    position = purpose.position
    return OrderPositionView(
        position_id=str(position.position_id),
        merge=word(position.merge),
        margin_method=word(position.margin_method),
        leverage=position.leverage,
        close=purpose.closes,
        forced=purpose.forced,
    )


def order_view(order: Order, order_id: str) -> OrderView:
    """`order_id`: what clients call it."""
    instrument, trigger = order.instrument, order.trigger
    return {
        "order_id": order_id,
        **_terms_view(order, order.account.account_id, instrument),
        "trigger": None if trigger is None else _trigger_view(instrument, trigger, order.triggered_ns),
        "position": None if order.purpose is None else _purpose_view(order.purpose),
        "filled_qty": qty_text(instrument, order.filled_qty),
        "filled_notional": plain(order.filled_notional, instrument.quote.decimals),
        "remaining_qty": None if order.order_qty is None else qty_text(instrument, order.remaining_qty),
        "status": word(order.status),
        "cancel_reason": None if order.cancel_reason is None else word(order.cancel_reason),
        "fills": [fill_view(fill) for fill in order.fills or ()],
        "created": iso_ms(order.created_ns),
        "updated": iso_ms(order.updated_ns),
    }


def conditional_view(conditional: ConditionalOrder, instrument: Instrument, placed_id: str | None) -> ConditionalView:
    """`placed_id`: what clients call the order that it became."""
    triggered_ns = conditional.updated_ns if conditional.status in (_TRIGGERED, _FAILED) else None
    trail_ppm, failure = conditional.trail_ppm, conditional.failure
    return {
        "conditional_id": str(conditional.order_id),
        **_terms_view(conditional.order, conditional.account.account_id, instrument),
        "trigger": _trigger_view(instrument, conditional.trigger, triggered_ns),
        "trailing_rate": None if trail_ppm is None else plain(trail_ppm, _PPM_DECIMALS),
        "status": word(conditional.status),
        "order_id": placed_id,
        "failure": None if failure is None else word(failure.reason),
        "created": iso_ms(conditional.created_ns),
        "updated": iso_ms(conditional.updated_ns),
    }


def book_view(market: Market, depth: int) -> BookView:
    """The best `depth` levels a side."""

    def levels(side: list[tuple[Ticks, Lots, int]]) -> list[LevelView]:
        return [
            LevelView(price=price_text(instrument, price), qty=qty_text(instrument, qty), orders=count)
            for price, qty, count in side
        ]

    instrument = market.instrument
    return BookView(
        symbol=instrument.symbol,
        phase=word(market.phase),
        bids=levels(market.book.bids.depth(depth)),
        asks=levels(market.book.asks.depth(depth)),
    )


def instrument_view(market: Market) -> InstrumentView:
    instrument = market.instrument
    best_bid, best_ask = market.book.bids.best, market.book.asks.best
    last = market.trades[-1].price if market.trades else None
    return InstrumentView(
        symbol=instrument.symbol,
        base=instrument.base.code,
        quote=instrument.quote.code,
        tick_size=price_text(instrument, 1),
        lot_size=qty_text(instrument, instrument.qty_step),
        min_qty=qty_text(instrument, instrument.min_qty),
        max_qty=None if instrument.max_qty is None else qty_text(instrument, instrument.max_qty),
        phase=word(market.phase),
        best_bid=None if best_bid is None else price_text(instrument, best_bid.price),
        best_ask=None if best_ask is None else price_text(instrument, best_ask.price),
        last_price=None if last is None else price_text(instrument, last),
    )


def payment_view(payment: Payment, asset: Asset) -> PaymentView:
    return PaymentView(
        payment_id=str(payment.payment_id),
        account=payment.account_id,
        kind=word(payment.kind),
        status=word(payment.status),
        asset=payment.asset,
        amount=plain(payment.amount, asset.decimals),
        fee=plain(payment.fee, asset.decimals),
        wallet=word(payment.wallet),
        chain=payment.chain,
        address=payment.address,
        tag=payment.tag,
        counterparty=payment.counterparty_id,
        created=iso_ms(payment.created_ns),
        updated=iso_ms(payment.updated_ns),
    )
