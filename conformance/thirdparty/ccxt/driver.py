"""ccxt's `okcoin` as a driver: REST through its asynchronous unified methods, streams through ccxt.pro.

Nothing is changed but the addresses and options that ccxt documents. A user of ccxt reads and writes its own words (`BTC/JPY`,
floats, timeframes, ascending lists); this file translates those and does nothing else: numbers are told as ccxt holds them,
with `repr` of the float. Where ccxt has no unified method, its "implicit API" (one method for each address) is used.

What ccxt has no word for is not offered: clock offsets, paging by cursor, unsubscribing, and `request`, because it tells a body
without its status. Its own pacing is off: with it, one valuation costs twenty seconds on the machine's clock.
"""

from __future__ import annotations

from typing import Any, ClassVar

import ccxt

from .streams import Exchange, StreamOperations
from .words import (
    CANCELLED,
    FILLED,
    Names,
    balances_of,
    book_of,
    candle_of,
    describe_error,
    entry_of,
    fill_of,
    order_of,
    payment_of,
    raw_order,
    text,
    ticker_of,
    timeframe_of,
    trade_of,
)

Fields = dict[str, Any]


class Driver(StreamOperations):
    """One session with one exchange object."""

    client: ClassVar = {"name": "ccxt", "version": ccxt.__version__, "language": "Python"}
    features = (
        "place_order.market",
        "place_order.post_only",
        "place_order.ioc",
        "place_order.fok",
        "place_order.client_id",
        "cancel_order.client_id",
        "order.client_id",
        "subscribe.ticker",
        "subscribe.trades",
        "subscribe.book",
        "subscribe.candles",
        "subscribe.orders",
        "subscribe.balances",
        "error.code",
    )

    describe = staticmethod(describe_error)

    def start(self, settings: Fields) -> None:
        keys = settings["credentials"] or {}
        self.names = Names(settings["instruments"])
        self.seconds = settings["timeout_ms"] / 1000
        self.exchange = Exchange(
            {
                "apiKey": keys.get("api_key"),
                "secret": keys.get("secret"),
                "password": keys.get("passphrase"),
                "urls": {"api": {"rest": settings["rest"], "ws": settings["ws"]["main"]}},
                # This venue documents `spot/depth` alone; ccxt's default is a channel of its siblings.
                "options": {"watchOrderBook": {"depth": "depth"}},
                "timeout": settings["timeout_ms"],
                "enableRateLimit": False,
            }
        )

    async def stop(self) -> None:
        await self.stream_close()
        await self.exchange.close()

    # --- markets

    async def server_time(self) -> Fields:
        return {"time_ms": await self.exchange.fetch_time()}

    async def instruments(self) -> Fields:
        return {
            "instruments": [
                {
                    "symbol": market["id"],
                    "base": market["baseId"],
                    "quote": market["quoteId"],
                    "tick_size": text(market["precision"]["price"]),
                    "lot_size": text(market["precision"]["amount"]),
                    "min_qty": text(market["limits"]["amount"]["min"]),
                }
                for market in await self.exchange.fetch_markets()
            ]
        }

    async def currencies(self) -> Fields:
        """ccxt keeps one entry a currency, whatever its chains."""
        found = await self.exchange.fetch_currencies() or {}
        return {"currencies": [{"currency": currency["id"]} for currency in found.values()]}

    async def ticker(self, symbol: str) -> Fields:
        return {"ticker": ticker_of(await self.exchange.fetch_ticker(self.names.unified(symbol)), self.names)}

    async def tickers(self) -> Fields:
        found = await self.exchange.fetch_tickers()
        return {"tickers": [ticker_of(ticker, self.names) for ticker in found.values()]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        return {"book": book_of(await self.exchange.fetch_order_book(self.names.unified(symbol), limit))}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        """ccxt's lists run from old to new."""
        found = await self.exchange.fetch_trades(self.names.unified(symbol), None, limit)
        return {"trades": [trade_of(trade) for trade in reversed(found)]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """ccxt asks from a time on for so many candles; both ends of the protocol's span count."""
        timeframe = timeframe_of(self.exchange, interval_s)
        count = None if start_ms is None or end_ms is None else (end_ms - start_ms) // (interval_s * 1000) + 1
        params = {"end": self.exchange.iso8601(end_ms)} if start_ms is None and end_ms is not None else {}
        found = await self.exchange.fetch_ohlcv(self.names.unified(symbol), timeframe, start_ms, count, params)
        return {"candles": [candle_of(row) for row in found]}

    # --- orders

    async def place_order(
        self,
        symbol: str,
        side: str,
        type: str,
        price: str | None = None,
        qty: str | None = None,
        notional: str | None = None,
        time_in_force: str = "gtc",
        post_only: bool = False,
        client_id: str | None = None,
    ) -> Fields:
        """The amounts are floats, as ccxt's signature says. Its option decides what the amount of a market buy means."""
        params = {} if client_id is None else {"clientOrderId": client_id}
        order_type = "1" if post_only else {"gtc": None, "fok": "2", "ioc": "3"}[time_in_force]
        if order_type is not None:
            params["order_type"] = order_type
        self.exchange.options["createMarketBuyOrderRequiresPrice"] = notional is None
        amount = qty if notional is None else notional
        order = await self.exchange.create_order(self.names.unified(symbol), type, side, number(amount), number(price), params)
        return {"order_id": order["id"], "client_id": order["clientOrderId"]}

    async def place_orders(self, orders: list[Fields]) -> Fields:
        return self._outcomes(orders, await self.exchange.spot_post_batch_orders([raw_order(order) for order in orders]))

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        params = {} if client_id is None else {"clientOrderId": client_id}
        order = await self.exchange.cancel_order(order_id, self.names.unified(symbol), params)
        return {"order_id": order["id"], "client_id": order["clientOrderId"]}

    async def cancel_orders(self, orders: list[Fields]) -> Fields:
        by_symbol: dict[tuple[str, str], list[str]] = {}
        for order in orders:
            kind = "order_ids" if "order_id" in order else "client_oids"
            by_symbol.setdefault((order["symbol"], kind), []).append(order.get("order_id") or order["client_id"])
        body = [{"instrument_id": symbol, kind: ids} for (symbol, kind), ids in by_symbol.items()]
        return self._outcomes(orders, await self.exchange.spot_post_cancel_batch_orders(body))

    def _outcomes(self, orders: list[Fields], reply: Fields) -> Fields:
        """The venue answers by pair, in the order of the request, and writes a pair in its own ways (okj§9.3)."""
        rows = {pair.upper().replace("_", "-"): iter(found) for pair, found in reply.items()}
        return {"outcomes": [self._outcome(next(rows[order["symbol"]])) for order in orders]}

    def _outcome(self, row: Fields) -> Fields:
        """ccxt's own table names the error of a row that failed."""
        code = str(row.get("error_code") or row.get("code") or "0")
        if code == "0":
            return {"order_id": text(row.get("order_id")), "client_id": row.get("client_oid") or None}
        try:
            self.exchange.throw_exactly_matched_exception(self.exchange.exceptions["exact"], code, self.exchange.json(row))
        except ccxt.BaseError as error:
            return {"error": describe_error(error)}
        return {"error": {"kind": "other", "message": str(row), "code": code}}

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        params = {} if client_id is None else {"client_oid": client_id}
        return {"order": order_of(await self.exchange.fetch_order(order_id, self.names.unified(symbol), params), self.names)}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        return self._orders(await self.exchange.fetch_open_orders(self.names.unified(symbol)))

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        name = self.names.unified(symbol)
        if status == "closed":
            return self._orders(await self.exchange.fetch_closed_orders(name))
        state = {"filled": FILLED, "cancelled": CANCELLED}[status]
        return self._orders(await self.exchange.fetch_orders_by_state(state, name))

    def _orders(self, found: list[Fields]) -> Fields:
        return {"orders": [order_of(order, self.names) for order in found]}

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        name = self.names.unified(symbol)
        found = await (
            self.exchange.fetch_my_trades(name) if order_id is None else self.exchange.fetch_order_trades(order_id, name)
        )
        return {"fills": [fill_of(trade, self.names) for trade in found]}

    # --- money

    async def balances(self) -> Fields:
        return {"balances": balances_of(await self.exchange.fetch_balance())}

    async def wallet(self) -> Fields:
        return {"balances": balances_of(await self.exchange.fetch_balance({"type": "account"}))}

    async def ledger(self, currency: str, all: bool = False) -> Fields:
        return {"entries": [entry_of(row) for row in await self.exchange.fetch_ledger(currency)]}

    async def wallet_ledger(self, currency: str | None = None, all: bool = False) -> Fields:
        found = await self.exchange.fetch_ledger(currency, None, None, {"type": "account"})
        return {"entries": [entry_of(row) for row in found]}

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        rates = await self.exchange.spot_get_trade_fee()
        return {"maker": text(rates["maker"]), "taker": text(rates["taker"])}

    async def valuation(self) -> Fields:
        worth = await self.exchange.account_get_asset_valuation()
        return {"amount": text(worth["balance"]), "currency": worth["valuation_currency"]}

    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        return {"transfer_id": (await self.exchange.transfer(currency, float(amount), source, target))["id"]}

    async def deposit_addresses(self, currency: str) -> Fields:
        """ccxt keeps one address a currency."""
        found = await self.exchange.fetch_deposit_address(currency)
        return {"addresses": [{"address": found["address"], "tag": found["tag"]}]}

    async def deposits(self, currency: str | None = None) -> Fields:
        return {"payments": [payment_of(row) for row in await self.exchange.fetch_deposits(currency)]}

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return {"payments": [payment_of(row) for row in await self.exchange.fetch_withdrawals(currency)]}

    async def withdraw(
        self,
        currency: str,
        amount: str,
        address: str,
        tag: str | None = None,
        chain: str | None = None,
        fee: str | None = None,
        password: str | None = None,
        internal: bool = False,
    ) -> Fields:
        """ccxt's `destination` is that of its sibling venues, so a user of this venue overrides it, as `params` allow."""
        given = {"fee": fee, "password": password, "chain": chain, "destination": "5" if internal else "-1"}
        params = {name: value for name, value in given.items() if value is not None}
        return {"withdrawal_id": (await self.exchange.withdraw(currency, float(amount), address, tag, params))["id"]}

    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        rows = await self.exchange.account_get_withdrawal_fee({} if currency is None else {"currency": currency})
        return {
            "fees": [
                {
                    "currency": row["currency"],
                    "chain": row.get("chain"),
                    "minimum": text(row["min_fee"]),
                    "maximum": text(row["max_fee"]),
                }
                for row in rows
            ]
        }


def number(amount: str | None) -> float | None:
    return None if amount is None else float(amount)
