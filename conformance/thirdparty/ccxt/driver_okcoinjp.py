"""ccxt's `okcoin` as a driver: REST through its asynchronous unified methods, streams through ccxt.pro.

ccxt 4.1.20 cannot unsubscribe, and keeps one entry and one address for each currency, whatever its chains.
"""

from __future__ import annotations

from typing import Any

import ccxt
import ccxt.pro

from .streams import Acknowledged, How
from .unified import UnifiedDriver, number
from .words import balances_of, describe_error, entry_of, order_of, text, timeframe_of

Fields = dict[str, Any]

FILLED, CANCELLED = "2", "-1"
"""The venue's numbers of `state`, which `fetch_orders_by_state` takes."""


class Exchange(Acknowledged, ccxt.pro.okcoin):  # type: ignore[misc]  # it lives in another environment: no types here
    """ccxt's own, which also says which channels the venue has acknowledged."""

    def acknowledged_by(self, message: Fields) -> str | None:
        name: str = message["channel"]
        return name


class Driver(UnifiedDriver):
    """The session."""

    def start(self, settings: Fields) -> None:
        keys = settings["credentials"] or {}
        exchange = Exchange(
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
        self.begin(settings, exchange)

    # --- streams

    def address(self, channel: str) -> str:
        """One socket has all of them."""
        url: str = self.exchange.urls["api"]["ws"]
        return url

    async def log_in(self) -> None:
        """The first call raises TypeError after it has sent the login (ccxt 4.1.20 makes a task of something that is none).
        Its users catch that and call again, which waits for the venue's answer."""
        await self.exchange.load_markets()
        try:
            await self.exchange.authenticate()
        except TypeError:
            await self.exchange.authenticate()

    def how(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> How:
        exchange, name = self.exchange, self.names.unified(symbol)
        match channel:
            case "ticker":
                return f"spot/ticker:{symbol}", lambda: exchange.watch_ticker(name), self.ticker_event
            case "trades":
                return f"spot/trade:{symbol}", lambda: exchange.watch_trades(name), self.trades_event
            case "book":
                return f"spot/depth:{symbol}", lambda: exchange.watch_order_book(name), self.book_event
            case "orders":
                return f"spot/order:{symbol}", lambda: exchange.watch_orders(name), self.orders_event
            case "candles":
                timeframe = timeframe_of(exchange, interval_s)
                return f"spot/candle{interval_s}s:{symbol}", lambda: exchange.watch_ohlcv(name, timeframe), self.candles_event
            case _:
                # ccxt wants a market here that it does not use.
                params = {"currency": currency, "symbol": self.names.first_with(currency or "")}
                return f"spot/account:{currency}", lambda: exchange.watch_balance(params), self.balances_event

    # --- markets

    async def currencies(self) -> Fields:
        """ccxt keeps one entry a currency, whatever its chains."""
        found = await self.exchange.fetch_currencies() or {}
        return {"currencies": [{"currency": currency["id"]} for currency in found.values()]}

    def candles_until(self, end_ms: int, start_ms: int | None) -> Fields:
        """With a start, ccxt computes the end by itself."""
        return {"end": self.exchange.iso8601(end_ms)} if start_ms is None else {}

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

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        name = self.names.unified(symbol)
        if status == "closed":
            return self.orders_told(await self.exchange.fetch_closed_orders(name))
        state = {"filled": FILLED, "cancelled": CANCELLED}[status]
        return self.orders_told(await self.exchange.fetch_orders_by_state(state, name))

    # --- money

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


def raw_order(order: Fields) -> dict[str, str]:
    """The venue's own words, which ccxt's implicit API takes as they are."""
    order_type = "1" if order.get("post_only") else {"gtc": "0", "fok": "2", "ioc": "3"}[order.get("time_in_force", "gtc")]
    words = {"symbol": "instrument_id", "client_id": "client_oid", "qty": "size"}
    same = ("symbol", "side", "type", "price", "qty", "notional", "client_id")
    return {**{words.get(name, name): order[name] for name in same if name in order}, "order_type": order_type}
