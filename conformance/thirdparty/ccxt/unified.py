"""What a driver of ccxt does the same for every venue: ccxt's unified methods, whose words it translates.

Nothing is changed but the addresses and options that ccxt documents. A user of ccxt reads and writes its own words (`BTC/JPY`,
floats, timeframes, ascending lists); these files translate those and do nothing else: numbers are told as ccxt holds them, with
the digits of a float's `repr`. Where ccxt has no unified method, its "implicit API" (one method for each address) is used.

What ccxt has no word for is not offered: clock offsets, paging by cursor, and `request`, because it tells a body without its
status. Its own pacing is off: with it, one valuation costs twenty seconds on the machine's clock.
"""

from __future__ import annotations

from typing import Any, ClassVar

import ccxt

from .streams import StreamOperations
from .words import (
    Names,
    balances_of,
    book_of,
    candle_of,
    describe_error,
    fill_of,
    order_of,
    payment_of,
    text,
    ticker_of,
    timeframe_of,
    trade_of,
)

Fields = dict[str, Any]


class UnifiedDriver(StreamOperations):
    """One session with one exchange object. What differs from venue to venue is the driver's that derives from it."""

    client: ClassVar = {"name": "ccxt", "version": ccxt.__version__, "language": "Python"}
    features: tuple[str, ...] = (
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

    def begin(self, settings: Fields, exchange: Any) -> None:
        self.names = Names(settings["instruments"])
        self.seconds = settings["timeout_ms"] / 1000
        self.exchange = exchange

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
                    "base": market["base"],
                    "quote": market["quote"],
                    "tick_size": text(market["precision"]["price"]),
                    "lot_size": text(market["precision"]["amount"]),
                    "min_qty": text(market["limits"]["amount"]["min"]),
                }
                for market in await self.exchange.fetch_markets()
            ]
        }

    async def ticker(self, symbol: str) -> Fields:
        return {"ticker": ticker_of(await self.exchange.fetch_ticker(self.names.unified(symbol)), self.names)}

    async def tickers(self) -> Fields:
        found = await self.exchange.fetch_tickers()
        return {"tickers": [ticker_of(ticker, self.names) for ticker in found.values()]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        return {"book": book_of(await self.exchange.fetch_order_book(self.names.unified(symbol), limit))}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        """ccxt's lists run from old to new. Without a limit it has one of its own."""
        limits = {} if limit is None else {"limit": limit}
        found = await self.exchange.fetch_trades(self.names.unified(symbol), **limits)
        return {"trades": [trade_of(trade) for trade in reversed(found)]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """ccxt asks from a time on for so many candles; both ends of the protocol's span count."""
        timeframe = timeframe_of(self.exchange, interval_s)
        count = None if start_ms is None or end_ms is None else (end_ms - start_ms) // (interval_s * 1000) + 1
        params = {} if end_ms is None else self.candles_until(end_ms, start_ms)
        found = await self.exchange.fetch_ohlcv(self.names.unified(symbol), timeframe, start_ms, count, params)
        return {"candles": [candle_of(row) for row in found]}

    def candles_until(self, end_ms: int, start_ms: int | None) -> Fields:
        """ccxt's parameters for candles up to a time, beside those from a time on."""
        raise NotImplementedError

    # --- orders

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        params = {} if client_id is None else {"clientOrderId": client_id}
        order = await self.exchange.cancel_order(order_id, self.names.unified(symbol), params)
        return {"order_id": order["id"], "client_id": order["clientOrderId"]}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        return self.orders_told(await self.exchange.fetch_open_orders(self.names.unified(symbol)))

    def orders_told(self, found: list[Fields]) -> Fields:
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

    async def deposits(self, currency: str | None = None) -> Fields:
        return {"payments": [payment_of(row) for row in await self.exchange.fetch_deposits(currency)]}

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return {"payments": [payment_of(row) for row in await self.exchange.fetch_withdrawals(currency)]}


def number(amount: str | None) -> float | None:
    return None if amount is None else float(amount)
