"""ccxt's `htx` as a driver: REST through its asynchronous unified methods, streams through ccxt.pro.

The account that does not trade, transfers to it, and what all is worth have no unified method for this venue; what ccxt calls
the ledger has transfers only. Orders and balances, once watched, cannot be unsubscribed.
"""

from __future__ import annotations

import asyncio
from typing import Any

import ccxt
import ccxt.pro

from .htx_session import SPOT_ONLY, replace_addresses
from .streams import Acknowledged, How
from .unified import UnifiedDriver, number
from .words import describe_error, order_of, payment_of, text, timeframe_of

Fields = dict[str, Any]

CANCELLED = "partial-canceled,canceled"
CLOSED = f"filled,{CANCELLED}"
"""States as `fetch_spot_orders_by_states` takes them; ccxt itself calls only filled orders closed."""

FAREWELL_S = 1.0
"""How long a venue may take to say goodbye, of real time."""

BOOK_LEVELS = 150
"""What ccxt watches unless it is told otherwise."""


class Exchange(Acknowledged, ccxt.pro.htx):  # type: ignore[misc]  # it lives in another environment: no types here
    """ccxt's own, which also says which channels the venue has acknowledged."""

    def acknowledged_by(self, message: Fields) -> str | None:
        name: str | None = message.get("subbed") or (message.get("ch") if message.get("action") == "sub" else None)
        return name


class Driver(UnifiedDriver):
    """The session. ccxt watches books by their increments alone: it keeps one, and has no stream of whole ones."""

    features = tuple(feature for feature in UnifiedDriver.features if feature != "subscribe.book")

    def start(self, settings: Fields) -> None:
        keys = settings["credentials"] or {}
        exchange = Exchange(
            {
                "apiKey": keys.get("api_key"),
                "secret": keys.get("secret"),
                # ccxt's default ticker channel has neither bid nor ask; its option names this one too.
                "options": {**SPOT_ONLY, "watchTicker": {"name": "market.{marketId}.ticker"}},
                "timeout": settings["timeout_ms"],
                "enableRateLimit": False,
            }
        )
        replace_addresses(exchange, settings["rest"], settings["ws"])
        self.begin(settings, exchange)

    async def sync_time(self) -> None:
        await self.exchange.load_time_difference()

    # --- markets

    async def currencies(self) -> Fields:
        """An entry for each chain, named as the venue names it."""
        found = await self.exchange.fetch_currencies()
        return {
            "currencies": [
                {"currency": currency["code"], "chain": network["id"]}
                for currency in found.values()
                for network in currency["networks"].values()
            ]
        }

    def candles_until(self, end_ms: int, start_ms: int | None) -> Fields:
        return {"until": end_ms}

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
        """The amounts are floats, as ccxt's signature says."""
        name, params = self.names.unified(symbol), order_params(time_in_force, post_only, client_id)
        if notional is None:
            order = await self.exchange.create_order(name, type, side, number(qty), number(price), params)
        else:
            order = await self.exchange.create_market_buy_order_with_cost(name, number(notional), params)
        return {"order_id": order["id"], "client_id": order["clientOrderId"]}

    async def place_orders(self, orders: list[Fields]) -> Fields:
        placed = await self.exchange.create_orders([self._request(**order) for order in orders])
        return {"outcomes": [self._outcome(order) for order in placed]}

    def _request(self, symbol: str, type: str, side: str, **more: Any) -> Fields:
        """A row of `create_orders`."""
        params = order_params(more.get("time_in_force", "gtc"), more.get("post_only", False), more.get("client_id"))
        amount = more.get("qty")
        if amount is None:
            amount = more["notional"]
            params["createMarketBuyOrderRequiresPrice"] = False
        return {
            "symbol": self.names.unified(symbol),
            "type": type,
            "side": side,
            "amount": number(amount),
            "price": number(more.get("price")),
            "params": params,
        }

    async def cancel_orders(self, orders: list[Fields]) -> Fields:
        """By order id or by client id, as ccxt has it. It lists what was accepted before what was refused, and has as `id` of
        what was accepted the one that it was named by."""
        by_client_id = "client_id" in orders[0]
        ids = [order["client_id" if by_client_id else "order_id"] for order in orders]
        if by_client_id:
            told = await self.exchange.cancel_orders([], None, {"clientOrderIds": ids})
        else:
            told = await self.exchange.cancel_orders(ids)
        by_id = {
            order["clientOrderId"] if by_client_id and order["status"] == "failed" else order["id"]: order for order in told
        }
        return {"outcomes": [self._outcome(by_id[name]) for name in ids]}

    def _outcome(self, order: Fields) -> Fields:
        """ccxt's own tables name the error of an order that failed."""
        row = order["info"]
        code = row.get("err-code") if isinstance(row, dict) else None
        if code is None:
            return {"order_id": order["id"], "client_id": order["clientOrderId"]}
        try:
            feedback = self.exchange.json(row)
            self.exchange.throw_exactly_matched_exception(self.exchange.exceptions["exact"], code, feedback)
            self.exchange.throw_exactly_matched_exception(self.exchange.exceptions["exact"], row.get("err-msg"), feedback)
        except ccxt.BaseError as error:
            return {"error": describe_error(error)}
        return {"error": {"kind": "other", "message": str(row), "code": code}}

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        params = {} if client_id is None else {"clientOrderId": client_id}
        return {"order": order_of(await self.exchange.fetch_order(order_id, self.names.unified(symbol), params), self.names)}

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        name = self.names.unified(symbol)
        match status:
            case "filled":
                return self.orders_told(await self.exchange.fetch_closed_orders(name))
            case "cancelled":
                return self.orders_told(await self.exchange.fetch_canceled_orders(name))
            case _:
                return self.orders_told(await self.exchange.fetch_spot_orders_by_states(CLOSED, name))

    # --- money

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        rates = await self.exchange.fetch_trading_fee(self.names.unified(symbol))
        return {"maker": text(rates["maker"]), "taker": text(rates["taker"])}

    async def deposit_addresses(self, currency: str) -> Fields:
        found = await self.exchange.fetch_deposit_addresses_by_network(currency)
        return {
            "addresses": [
                {"address": each["address"], "tag": each["tag"], "chain": self._chain(network, currency)}
                for network, each in found.items()
            ]
        }

    async def deposits(self, currency: str | None = None) -> Fields:
        return {"payments": [self._payment(row) for row in await self.exchange.fetch_deposits(currency)]}

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return {"payments": [self._payment(row) for row in await self.exchange.fetch_withdrawals(currency)]}

    def _payment(self, row: Fields) -> Fields:
        return {**payment_of(row), "chain": self._chain(row["network"], row["currency"])}

    def _chain(self, network: str, currency: str) -> str | None:
        """The venue's name of what ccxt calls a network."""
        chain: str | None = self.exchange.network_code_to_id(network, currency)
        return chain

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
        if internal or password is not None:
            raise ccxt.NotSupported("this venue pays to addresses only, and asks for no password")
        await self.exchange.load_markets()
        network = None if chain is None else self.exchange.network_id_to_code(chain, currency)
        given = {"tag": tag, "network": network, "fee": fee}
        params = {name: value for name, value in given.items() if value is not None}
        return {"withdrawal_id": (await self.exchange.withdraw(currency, float(amount), address, params=params))["id"]}

    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        """A fee that is a rate is no amount, so such chains are left out."""
        found = await self.exchange.fetch_deposit_withdraw_fees(None if currency is None else [currency])
        return {
            "fees": [
                {"currency": code, "chain": self._chain(network, code), "minimum": text(each["withdraw"]["fee"])}
                for code, fees in found.items()
                for network, each in fees["networks"].items()
                if each["withdraw"]["percentage"] is False
            ]
        }

    # --- streams

    def address(self, channel: str) -> str:
        private, feed = channel in ("orders", "balances"), channel == "book"
        url: str = self.exchange.get_url_by_market_type("spot", None, private, feed)
        return url

    async def log_in(self) -> None:
        """As the first watch of something private does."""
        host = self.exchange.urls["hostnames"]["spot"]
        await self.exchange.authenticate({"type": "spot", "url": self.address("orders"), "hostname": host})

    async def end_connections(self) -> None:
        """ccxt waits for the venue's goodbye; of one that has fallen silent, the connections are cut with ccxt's session."""
        try:
            await asyncio.wait_for(self.exchange.close_ws_clients(), FAREWELL_S)
        except TimeoutError:
            self.exchange.clients.clear()
            await self.exchange.session.close()
            self.exchange.session = None

    def how(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> How:
        exchange, name = self.exchange, self.names.unified(symbol)
        match channel:
            case "ticker":
                return f"market.{symbol}.ticker", lambda: exchange.watch_ticker(name), self.ticker_event
            case "trades":
                return f"market.{symbol}.trade.detail", lambda: exchange.watch_trades(name), self.trades_event
            case "book":
                return f"market.{symbol}.mbp.{BOOK_LEVELS}", lambda: exchange.watch_order_book(name), self.book_event
            case "orders":
                return f"orders#{symbol}", lambda: exchange.watch_orders(name), self.orders_event
            case "candles":
                timeframe = timeframe_of(exchange, interval_s)
                venue_channel = f"market.{symbol}.kline.{exchange.timeframes[timeframe]}"
                return venue_channel, lambda: exchange.watch_ohlcv(name, timeframe), self.candles_event
            case _:
                return "accounts.update#2", exchange.watch_balance, self.balances_event

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> None:
        name = self.names.unified(symbol)
        match channel:
            case "ticker":
                again = self.exchange.un_watch_ticker(name)
            case "trades":
                again = self.exchange.un_watch_trades(name)
            case "book":
                again = self.exchange.un_watch_order_book(name)
            case "candles":
                again = self.exchange.un_watch_ohlcv(name, timeframe_of(self.exchange, interval_s))
            case _:
                raise NotImplementedError("ccxt cannot unsubscribe what is private")
        await self.end_watch((channel, symbol or currency, interval_s))
        await again

    async def forget_book(self, symbol: str) -> bool:
        await self.exchange.un_watch_order_book(self.names.unified(symbol))
        return True


def order_params(time_in_force: str, post_only: bool, client_id: str | None) -> Fields:
    """ccxt's words for them."""
    params: Fields = {} if client_id is None else {"clientOrderId": client_id}
    if post_only:
        params["postOnly"] = True
    if time_in_force != "gtc":
        params["timeInForce"] = time_in_force.upper()
    return params
