"""Control calls about a venue's contracts: the prices and rates that money goes by there, and who has which position."""

from __future__ import annotations

from mockex.operator import contracts, overview, positions
from mockex.server.control.fields import AMOUNT, TEXT, required
from mockex.server.control.routes import ControlCall, ControlRoute


def list_contracts(call: ControlCall) -> object:
    return {"contracts": contracts.list_contracts(call.simulation)}


def get_contract(call: ControlCall) -> object:
    return contracts.get_contract(call.simulation, call.params["symbol"])


def set_index_price(call: ControlCall) -> object:
    return contracts.set_index_price(call.simulation, call.params["symbol"], call.values.get("price"))


def set_mark_price(call: ControlCall) -> object:
    return contracts.set_mark_price(call.simulation, call.params["symbol"], call.values.get("price"))


def set_funding_rate(call: ControlCall) -> object:
    return contracts.set_funding_rate(call.simulation, call.params["symbol"], call.values.get("rate"))


def next_funding(call: ControlCall) -> object:
    """The clock is brought up to date first: the payment that is due meanwhile is not the next."""
    symbol, clock = call.params["symbol"], call.server.clock
    now_ns = clock.now_ns()
    delta_ns = contracts.until_funding_ns(call.simulation, symbol)
    overview.check_advance(delta_ns, now_ns)
    clock.advance(delta_ns)
    return contracts.get_contract(call.simulation, symbol)


def list_positions(call: ControlCall) -> object:
    return {"positions": positions.list_positions(call.simulation, **call.values)}


_VENUE = "/venues/{venue}"
_CONTRACT = f"{_VENUE}/contracts/{{symbol}}"
_PRICE = {"price": required(AMOUNT)}

_R = ControlRoute

ROUTES = (
    _R("GET", f"{_VENUE}/contracts", list_contracts, "Contracts with their index and mark prices, funding and overrides."),
    _R("GET", _CONTRACT, get_contract, "One contract."),
    _R("POST", f"{_CONTRACT}/index-price", set_index_price, "Sets the index price, whatever its instrument does.", _PRICE),
    _R("DELETE", f"{_CONTRACT}/index-price", set_index_price, "The index is that of its instrument again."),
    _R("POST", f"{_CONTRACT}/mark-price", set_mark_price, "Sets the mark price, whatever the market does.", _PRICE),
    _R("DELETE", f"{_CONTRACT}/mark-price", set_mark_price, "The mark price is the market's again."),
    _R(
        "POST",
        f"{_CONTRACT}/funding-rate",
        set_funding_rate,
        "Sets the rate of the next payments, a fraction: longs pay one above zero.",
        {"rate": required(AMOUNT)},
    ),
    _R("DELETE", f"{_CONTRACT}/funding-rate", set_funding_rate, "The rate is the predicted one again."),
    _R(
        "POST",
        f"{_CONTRACT}/next-funding",
        next_funding,
        "Moves the world's time to the contract's next payment of funding, running everything that becomes due.",
    ),
    _R(
        "GET",
        f"{_VENUE}/positions",
        list_positions,
        "Positions of one account or all, oldest first.",
        {"account": TEXT, "symbol": TEXT},
    ),
)
