"""Private spot values: balances, ledger, orders and their outcomes, fills.

Field names are the venue's, so that its document can be read beside them. Amounts are `Decimal`, times are aware UTC
datetimes, and a field that the venue leaves empty or out is None. Nothing here knows HTTP or WebSocket.
Source: OKCoin Japan v3 document, "Spot - private" and the channels `spot/account` and `spot/order`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from .error_codes import failure
from .errors import OkcoinError
from .fields import Row, plain, rows
from .vocabulary import Execution, Liquidity, OrderState, OrderType, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One currency of an account: balance = hold + available."""

    currency: str
    balance: Decimal
    hold: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotLedgerEntry:
    """One change of a spot balance. `type` is free text; the order is named only for trades and fees."""

    ledger_id: str
    currency: str
    amount: Decimal
    balance: Decimal
    type: str
    timestamp: datetime
    order_id: str | None
    instrument_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRates:
    """Fee rates of the account; positive is a cost."""

    maker: Decimal
    taker: Decimal
    timestamp: datetime


# --- new orders: one class per kind, so that each holds exactly the fields that its kind needs ---


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOrder:
    """`size` base currency at `price` or better."""

    instrument_id: str
    side: Side
    price: Decimal
    size: Decimal
    execution: Execution = Execution.NORMAL
    client_oid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketBuy:
    """Spend `notional` quote currency."""

    instrument_id: str
    notional: Decimal
    client_oid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSell:
    """Sell `size` base currency."""

    instrument_id: str
    size: Decimal
    client_oid: str | None = None


NewOrder = LimitOrder | MarketBuy | MarketSell


def encode_order(order: NewOrder) -> dict[str, str]:
    """The JSON object of a new order: decimals as strings, unused fields left out."""
    fields = {"instrument_id": order.instrument_id}
    match order:
        case LimitOrder():
            fields |= {"side": order.side, "type": OrderType.LIMIT, "order_type": order.execution}
            fields |= {"price": plain(order.price), "size": plain(order.size)}
        case MarketBuy():
            fields |= {"side": Side.BUY, "type": OrderType.MARKET, "notional": plain(order.notional)}
        case MarketSell():
            fields |= {"side": Side.SELL, "type": OrderType.MARKET, "size": plain(order.size)}
        case _:
            assert_never(order)
    if order.client_oid is not None:
        fields["client_oid"] = order.client_oid
    return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelByOrderId:
    """Orders of one pair to cancel, by the venue's ids. One batch holds only one of the two kinds."""

    instrument_id: str
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelByClientOid:
    """Orders of one pair to cancel, by the ids of the client. Of several orders with one id, the newest is meant."""

    instrument_id: str
    client_oids: tuple[str, ...]


def encode_cancel(item: CancelByOrderId | CancelByClientOid) -> dict[str, object]:
    """One object of a batch cancel."""
    match item:
        case CancelByOrderId():
            return {"instrument_id": item.instrument_id, "order_ids": list(item.order_ids)}
        case CancelByClientOid():
            return {"instrument_id": item.instrument_id, "client_oids": list(item.client_oids)}
        case _:
            assert_never(item)


# --- what became of them ---


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceipt:
    """The venue took the order, or the request to cancel it. Taken does not mean done: look at the order's state."""

    order_id: str
    client_oid: str | None


#: One order of a batch. Refusals are values here, because the other orders of the batch stand.
BatchOutcome = OrderReceipt | OkcoinError


def decode_receipt(row: Row) -> OrderReceipt:
    return OrderReceipt(order_id=row.text("order_id"), client_oid=row.optional_text("client_oid"))


def decode_batch(payload: object) -> dict[str, tuple[BatchOutcome, ...]]:
    """Outcomes by pair, in request order.

    Keys come in lower case, with an underscore in the reply to placing and a dash in the reply to cancelling (the
    document's two examples). Here they all read `BTC-JPY`.
    """
    batch = Row.of(payload, "batch")
    return {
        key.replace("_", "-").upper(): tuple(_decode_outcome(item) for item in rows(batch.get(key), "batch item"))
        for key in batch.raw
    }


def _decode_outcome(row: Row) -> BatchOutcome:
    return decode_receipt(row) if row.flag("result") else failure(row.raw, http_status=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `notional` belongs to market buys; `price_avg` is None while nothing has traded."""

    order_id: str
    client_oid: str | None
    instrument_id: str
    side: Side
    type: OrderType
    execution: Execution
    price: Decimal | None
    size: Decimal | None
    notional: Decimal | None
    filled_size: Decimal
    filled_notional: Decimal
    price_avg: Decimal | None
    state: OrderState
    timestamp: datetime  # REST: when it was placed; stream: when its state last changed
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFill:
    """The newest fill of an order in the stream. `trade_id` equals that of `spot/trade`."""

    trade_id: str | None
    price: Decimal
    size: Decimal
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """An order in a new state, with the fill that caused it, if any."""

    order: Order
    last_fill: LastFill | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One currency of one fill: the venue lists each fill twice, first the currency received, then the one paid.

    `fee` is negative for a charge and positive for a rebate.
    """

    ledger_id: str
    trade_id: str
    instrument_id: str
    order_id: str
    price: Decimal
    size: Decimal
    side: Side
    currency: str
    fee: Decimal
    exec_type: Liquidity
    timestamp: datetime


def decode_balance(row: Row, *, currency: str | None = None) -> Balance:
    """`currency` fills in for rows that lack it: the document's example of `wallet/{currency}` does."""
    return Balance(
        currency=row.optional_text("currency") or currency or row.text("currency"),
        balance=row.decimal("balance"),
        hold=row.decimal("hold"),
        available=row.decimal("available"),
    )


def decode_spot_ledger_entry(row: Row) -> SpotLedgerEntry:
    named = row.raw.get("details")
    details = Row.of(named, "spot ledger entry.details") if named else Row({}, "no details")
    return SpotLedgerEntry(
        ledger_id=row.text("ledger_id"),
        currency=row.text("currency"),
        amount=row.decimal("amount"),
        balance=row.decimal("balance"),
        type=row.text("type"),
        timestamp=row.time("timestamp"),
        order_id=details.optional_text("order_id"),
        instrument_id=details.optional_text("instrument_id"),
    )


def decode_fee_rates(row: Row) -> FeeRates:
    return FeeRates(maker=row.decimal("maker"), taker=row.decimal("taker"), timestamp=row.time("timestamp"))


def decode_order(row: Row) -> Order:
    return Order(
        order_id=row.text("order_id"),
        client_oid=row.optional_text("client_oid"),
        instrument_id=row.text("instrument_id"),
        side=row.word(Side, "side"),
        type=row.word(OrderType, "type"),
        execution=row.word(Execution, "order_type"),
        price=row.optional_decimal("price"),
        size=row.optional_decimal("size"),
        notional=row.optional_decimal("notional"),
        filled_size=row.decimal("filled_size"),
        filled_notional=row.decimal("filled_notional"),
        price_avg=row.optional_decimal("price_avg"),
        state=row.word(OrderState, "state"),
        timestamp=row.time("timestamp"),
        created_at=row.time("created_at"),
    )


def decode_order_update(row: Row) -> OrderUpdate:
    """An element of `spot/order`. Without a fill the venue sends zeros and the year 1970; the id may be missing."""
    size = row.optional_decimal("last_fill_qty")
    if not size:
        return OrderUpdate(order=decode_order(row), last_fill=None)
    last_fill = LastFill(
        trade_id=row.optional_text("last_fill_id"),
        price=row.decimal("last_fill_px"),
        size=size,
        time=row.time("last_fill_time"),
    )
    return OrderUpdate(order=decode_order(row), last_fill=last_fill)


def decode_fill(row: Row) -> Fill:
    return Fill(
        ledger_id=row.text("ledger_id"),
        trade_id=row.text("trade_id"),
        instrument_id=row.text("instrument_id"),
        order_id=row.text("order_id"),
        price=row.decimal("price"),
        size=row.decimal("size"),
        side=row.word(Side, "side"),
        currency=row.text("currency"),
        fee=row.decimal("fee"),
        exec_type=row.word(Liquidity, "exec_type"),
        timestamp=row.time("timestamp"),
    )
