"""huobi_Python as a driver: every method of its clients that the protocol has a word for.

It hands the venue's numbers and words on as they are, and amounts to the venue as they are given. Streams are not offered: its
sockets go to port 443 of a host, whatever else its URL says. It has no timeout; as its users do, the driver gives one to the
session of `requests` that it sends with.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any, ClassVar

import requests
from huobi.client.account import AccountClient
from huobi.client.generic import GenericClient
from huobi.client.market import MarketClient
from huobi.client.trade import TradeClient
from huobi.client.wallet import WalletClient
from huobi.connection.impl import restapi_invoker
from huobi.connection.subscribe_client import SubscribeClient

from .words import (
    ACCEPTED,
    PERIODS,
    UNKNOWN,
    Refused,
    balances_of,
    book_of,
    candle_of,
    coin,
    describe_error,
    entry_of,
    fill_of,
    kind_of,
    order_of,
    order_type,
    payment_of,
    text,
    ticker_of,
    trade_of,
)

Fields = dict[str, Any]

SOURCE = "spot-api"
CLOSED = "filled,partial-canceled,canceled"
STATES = {"filled": "filled", "cancelled": "partial-canceled,canceled", "closed": CLOSED}


class Patient(requests.adapters.HTTPAdapter):  # type: ignore[misc]  # it lives in another environment: no types here
    """Waits for a reply so long, in seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, request: Any, **options: Any) -> Any:
        return super().send(request, **{**options, "timeout": self._seconds})


class Driver:
    """One session with a fresh client of each kind, which all send through one session of `requests`."""

    client: ClassVar = {"name": "huobi-sdk", "version": metadata.version("huobi-sdk-hash-7"), "language": "Python"}
    features = (
        "place_order.market",
        "place_order.post_only",
        "place_order.ioc",
        "place_order.fok",
        "place_order.client_id",
        "cancel_order.client_id",
        "order.client_id",
        "error.code",
    )

    describe = staticmethod(describe_error)

    def __init__(self) -> None:
        # Its watchdog of sockets, which are not used here, would keep the process from ending.
        if SubscribeClient.subscribe_watch_dog.scheduler.running:
            SubscribeClient.subscribe_watch_dog.scheduler.shutdown(wait=False)

    def start(self, settings: Fields) -> None:
        self.stop()
        restapi_invoker.session.mount("http://", Patient(settings["timeout_ms"] / 1_000))
        keys = settings["credentials"] or {}
        given = {"url": settings["rest"], "api_key": keys.get("api_key"), "secret_key": keys.get("secret")}
        self._market, self._generic = MarketClient(**given), GenericClient(**given)
        self._account, self._trade, self._wallet = AccountClient(**given), TradeClient(**given), WalletClient(**given)
        self._accounts: dict[str, int] = {}

    def stop(self) -> None:
        """Closes what is kept alive of it."""
        restapi_invoker.session.close()

    def _account_id(self, type: str) -> int:
        """Read once a session, as the client's documents advise."""
        if not self._accounts:
            self._accounts = {account.type: account.id for account in self._account.get_accounts()}
        return self._accounts[type]

    # --- markets

    def server_time(self) -> Fields:
        return {"time_ms": self._generic.get_exchange_timestamp()}

    def instruments(self) -> Fields:
        """It tells precisions, which are decimals of a step."""
        return {
            "instruments": [
                {
                    "symbol": row.symbol,
                    "base": coin(row.base_currency),
                    "quote": coin(row.quote_currency),
                    "min_qty": text(row.limit_order_min_order_amt),
                }
                for row in self._generic.get_exchange_symbols()
            ]
        }

    def currencies(self) -> Fields:
        return {
            "currencies": [
                {"currency": coin(row.currency), "chain": chain.chain}
                for row in self._generic.get_reference_currencies()
                for chain in row.chains
            ]
        }

    def ticker(self, symbol: str) -> Fields:
        ticker = self._market.get_market_detail_merged(symbol)
        return {"ticker": ticker_of(ticker, symbol, ticker.bid[0], ticker.ask[0])}

    def tickers(self) -> Fields:
        return {"tickers": [ticker_of(row, row.symbol, row.bid, row.ask) for row in self._market.get_market_tickers()]}

    def book(self, symbol: str, limit: int | None = None) -> Fields:
        return {"book": book_of(self._market.get_pricedepth(symbol, "step0", limit))}

    def trades(self, symbol: str, limit: int | None = None) -> Fields:
        return {"trades": [trade_of(trade) for trade in self._market.get_history_trade(symbol, limit)]}

    def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """The newest of them, newest first; it knows no span."""
        if start_ms is not None or end_ms is not None:
            raise Refused("refused_by_client", "the client cannot ask for candles of a span")
        period = PERIODS.get(interval_s)
        if period is None:
            raise Refused("refused_by_client", f"the client has no interval of {interval_s} s")
        return {"candles": [candle_of(row) for row in reversed(self._market.get_candlestick(symbol, period))]}

    # --- orders

    def place_order(self, **order: Any) -> Fields:
        """It tells the venue's id, as a number."""
        client_id = order.get("client_id")
        placed = self._trade.create_order(**self._order(**order), client_order_id=client_id)
        return {"order_id": text(placed)}

    def _order(
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
        return {
            "symbol": symbol,
            "account_id": self._account_id("spot"),
            "order_type": order_type(side, type, time_in_force, post_only=post_only),
            "amount": qty if notional is None else notional,
            "price": price,
            "source": SOURCE,
        }

    def place_orders(self, orders: list[Fields]) -> Fields:
        placed = self._trade.batch_create_order(
            [{**self._order(**order), "client_order_id": order.get("client_id")} for order in orders]
        )
        return {
            "outcomes": [
                {"error": {"kind": kind_of(row.err_code), "message": row.err_msg, "code": row.err_code}}
                if row.err_code
                else {"order_id": text(row.order_id), "client_id": row.client_order_id or None}
                for row in placed
            ]
        }

    def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        """By client id the venue always says ok, and the client hands on the number that says what came of it."""
        if order_id is not None:
            return {"order_id": text(self._trade.cancel_order(symbol, order_id))}
        number = self._trade.cancel_client_order(client_id)
        if number == ACCEPTED:
            return {"client_id": client_id}
        raise Refused("order_not_found" if number == UNKNOWN else "invalid_order", f"cancel_client_order returned {number}")

    def cancel_orders(self, orders: list[Fields]) -> Fields:
        """By order id only."""
        if any("order_id" not in order for order in orders):
            raise Refused("refused_by_client", "the client cancels several by order id only")
        told = self._trade.cancel_orders(orders[0]["symbol"], [order["order_id"] for order in orders])
        outcomes: dict[str, Fields] = {name: {"order_id": name} for name in told.success}
        for row in told.failed:
            error = {"kind": kind_of(row["err-code"]), "message": row["err-msg"], "code": row["err-code"]}
            outcomes[row["order-id"]] = {"error": error}
        return {"outcomes": [outcomes[order["order_id"]] for order in orders]}

    def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if order_id is not None:
            return {"order": order_of(self._trade.get_order(order_id))}
        return {"order": order_of(self._trade.get_order_by_client_order_id(client_id))}

    def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        return {"orders": [order_of(order) for order in self._trade.get_open_orders(symbol, self._account_id("spot"))]}

    def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        return {"orders": [order_of(order) for order in self._trade.get_orders(symbol, STATES[status])]}

    def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        found = (
            self._trade.get_match_result(symbol) if order_id is None else self._trade.get_match_results_by_order_id(order_id)
        )
        return {"fills": [fill_of(match) for match in found]}

    # --- money

    def balances(self) -> Fields:
        return {"balances": balances_of(self._account.get_balance(self._account_id("spot")))}

    def wallet(self) -> Fields:
        return {"balances": balances_of(self._account.get_balance(self._account_id("otc")))}

    def ledger(self, currency: str, all: bool = False) -> Fields:
        return self._history("spot", currency)

    def wallet_ledger(self, currency: str | None = None, all: bool = False) -> Fields:
        return self._history("otc", currency)

    def _history(self, type: str, currency: str | None) -> Fields:
        wanted = None if currency is None else currency.lower()
        told = self._account.get_account_history(self._account_id(type), wanted, sort="desc")
        return {"entries": [entry_of(row) for row in told["data"]]}

    def fee_rates(self, symbol: str | None = None) -> Fields:
        (rates,) = self._trade.get_transact_feerate(symbol)
        return {"maker": text(rates.actualMakerRate), "taker": text(rates.actualTakerRate)}

    def deposit_addresses(self, currency: str) -> Fields:
        found = self._wallet.get_account_deposit_address(currency.lower())
        return {"addresses": [{"address": row.address, "tag": row.addressTag or None, "chain": row.chain} for row in found]}

    def deposits(self, currency: str | None = None) -> Fields:
        return self._payments("deposit", currency)

    def withdrawals(self, currency: str | None = None) -> Fields:
        return self._payments("withdraw", currency)

    def _payments(self, type: str, currency: str | None) -> Fields:
        """None for an empty list."""
        found = self._wallet.get_deposit_withdraw(type, None if currency is None else currency.lower())
        return {"payments": [payment_of(row) for row in found or ()]}

    def withdraw(
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
            raise Refused("refused_by_client", "the client pays to addresses only, and knows no password")
        made = self._wallet.post_create_withdraw(address, amount, currency.lower(), fee, chain, tag)
        return {"withdrawal_id": text(made)}

    def withdrawal_fees(self, currency: str | None = None) -> Fields:
        """A fee that is a rate is no amount, so such chains are left out."""
        found = self._generic.get_reference_currencies(None if currency is None else currency.lower())
        return {
            "fees": [
                {"currency": coin(row.currency), "chain": chain.chain, "minimum": text(low), "maximum": text(high)}
                for row in found
                for chain in row.chains
                for low, high in [fee_bounds(chain)]
                if low is not None
            ]
        }


def fee_bounds(chain: Any) -> tuple[object, object]:
    match chain.withdrawFeeType:
        case "fixed":
            return chain.transactFeeWithdraw, chain.transactFeeWithdraw
        case "circulated":
            return chain.minTransactFeeWithdraw, chain.maxTransactFeeWithdraw
        case _:
            return None, None
