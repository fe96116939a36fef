"""Private spot endpoints, `/api/spot/v3`.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `OkcoinError` for a failure; in a
batch, the failure of a single order is a value.
Source: OKCoin Japan v3 document, "Spot - private".
"""

from __future__ import annotations

from collections.abc import Sequence

from . import trading_models as m
from .fields import Row, rows
from .paging import Cursor, Page, decode_page
from .rest import RestTransport, segment
from .vocabulary import OrderState, SpotEntryKind, StateGroup

_BASE = "/api/spot/v3"


class TradingApi:
    """Spot balances, orders and fills.

    Where an order is named by one text, the venue takes its order id or its client id: all digits is an order id.
    """

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def accounts(self) -> tuple[m.Balance, ...]:
        """Balances of the currencies held."""
        reply = await self._rest.get_private(f"{_BASE}/accounts")
        return tuple(m.decode_balance(row) for row in rows(reply.payload, "account"))

    async def account(self, currency: str) -> m.Balance:
        """Balance of one currency."""
        reply = await self._rest.get_private(f"{_BASE}/accounts/{segment(currency)}")
        return m.decode_balance(Row.of(reply.payload, "account"))

    async def ledger(
        self, currency: str, *, kind: SpotEntryKind | None = None, cursor: Cursor | None = None
    ) -> Page[m.SpotLedgerEntry]:
        """Entries of the last three months, newest first; pages by `ledger_id`."""
        params = [("type", kind), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private(f"{_BASE}/accounts/{segment(currency)}/ledger", params)
        return decode_page(reply, m.decode_spot_ledger_entry, "spot ledger entry")

    async def trade_fee(self) -> m.FeeRates:
        """The fee rates of the account."""
        reply = await self._rest.get_private(f"{_BASE}/trade_fee")
        return m.decode_fee_rates(Row.of(reply.payload, "fee rates"))

    async def place_order(self, order: m.NewOrder) -> m.OrderReceipt:
        """Place one order. It may be filled, or cancelled by a rule of the venue, before the receipt arrives."""
        reply = await self._rest.post_private(f"{_BASE}/orders", m.encode_order(order))
        return m.decode_receipt(Row.of(reply.payload, "order receipt"))

    async def place_orders(self, orders: Sequence[m.NewOrder]) -> dict[str, tuple[m.BatchOutcome, ...]]:
        """Place up to 10 orders for each of up to 4 pairs. Outcomes by upper-case pair, in the order given."""
        reply = await self._rest.post_private(f"{_BASE}/batch_orders", [m.encode_order(order) for order in orders])
        return m.decode_batch(reply.payload)

    async def cancel_order(self, instrument_id: str, order: str) -> m.OrderReceipt:
        """Ask to cancel one order, by order id or client id."""
        path = f"{_BASE}/cancel_orders/{segment(order)}"
        reply = await self._rest.post_private(path, {"instrument_id": instrument_id})
        return m.decode_receipt(Row.of(reply.payload, "cancel receipt"))

    async def cancel_orders(
        self, batch: Sequence[m.CancelByOrderId] | Sequence[m.CancelByClientOid]
    ) -> dict[str, tuple[m.BatchOutcome, ...]]:
        """Ask to cancel up to 10 orders of each of up to 4 pairs. Outcomes by upper-case pair, in the order given."""
        payload = [m.encode_cancel(item) for item in batch]
        reply = await self._rest.post_private(f"{_BASE}/cancel_batch_orders", payload)
        return m.decode_batch(reply.payload)

    async def orders(
        self, instrument_id: str, *, state: OrderState | StateGroup, cursor: Cursor | None = None
    ) -> Page[m.Order]:
        """Orders of the last three months in one state, newest first; pages by `order_id`.

        Cancelled orders without any fill are gone after two hours.
        """
        params = [("instrument_id", instrument_id), ("state", state), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private(f"{_BASE}/orders", params)
        return decode_page(reply, m.decode_order, "order")

    async def open_orders(self, instrument_id: str | None = None, *, cursor: Cursor | None = None) -> Page[m.Order]:
        """Open and partially filled orders, newest first, of all pairs or of one; pages by `order_id`."""
        params = [("instrument_id", instrument_id), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private(f"{_BASE}/orders_pending", params)
        return decode_page(reply, m.decode_order, "order")

    async def order(self, instrument_id: str, order: str) -> m.Order:
        """One order, by order id or client id."""
        path = f"{_BASE}/orders/{segment(order)}"
        reply = await self._rest.get_private(path, [("instrument_id", instrument_id)])
        return m.decode_order(Row.of(reply.payload, "order"))

    async def fills(self, instrument_id: str, *, order_id: str | None = None, cursor: Cursor | None = None) -> Page[m.Fill]:
        """Fills of the last three months, two rows each, newest first; pages by `ledger_id`."""
        params = [("instrument_id", instrument_id), ("order_id", order_id), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private(f"{_BASE}/fills", params)
        return decode_page(reply, m.decode_fill, "fill")
