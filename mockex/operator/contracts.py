"""Perpetual contracts: prices that money goes by, and funding. An operator may set them, and leave them to the market again.

What follows from a price, liquidations included, has happened when a function here returns.
"""

from __future__ import annotations

from typing import TypedDict

from mockex.core.commands import SetFundingRate, SetIndexPrice, SetMarkPrice
from mockex.core.contract import Contract
from mockex.core.fees import RATE_DECIMALS, RATE_UNIT
from mockex.core.funding import Funding
from mockex.core.units import Ticks
from mockex.operator.positions import ticks_text
from mockex.operator.refusals import OperatorError, execute
from mockex.operator.views import price_text, qty_text
from mockex.operator.words import Amount, amount, on_grid, positive, the_contract, the_contracts
from mockex.simulation import Simulation
from mockex.wire.decimals import DecimalError, exact_units, plain
from mockex.wire.timestamps import iso_ms


class ContractView(TypedDict):
    """`index_price` is that of `index_symbol` unless an operator has set `index_override`, and so on for the other two.

    `funding_rate` was paid last, `next_funding_rate` is to be paid at `next_funding` as things stand; all are None where
    nothing is known. `insurance_qty`: what liquidations left to the insurance fund, below zero for a short.
    """

    symbol: str
    index_symbol: str | None
    index_price: str | None
    index_override: str | None
    mark_price: str | None
    mark_override: str | None
    funding_rate: str | None
    next_funding_rate: str | None
    funding_rate_override: str | None
    next_funding: str | None
    positions: int
    insurance_qty: str


def list_contracts(simulation: Simulation) -> list[ContractView]:
    """NotFoundError at a venue without contracts."""
    now_ns = simulation.clock.now_ns()
    return [_view(contract, now_ns) for contract in the_contracts(simulation).by_symbol.values()]


def get_contract(simulation: Simulation, symbol: str) -> ContractView:
    """NotFoundError if there is no such contract."""
    return _view(the_contract(simulation, symbol), simulation.clock.now_ns())


def set_index_price(simulation: Simulation, symbol: str, price: Amount | None) -> ContractView:
    """None: that of the index instrument again. OperatorError for a price off the contract's grid."""
    ticks = _ticks(the_contract(simulation, symbol), price)
    execute(simulation, SetIndexPrice(symbol=symbol, price=ticks))
    return get_contract(simulation, symbol)


def set_mark_price(simulation: Simulation, symbol: str, price: Amount | None) -> ContractView:
    """None: what the market makes of it again. OperatorError for a price off the contract's grid."""
    ticks = _ticks(the_contract(simulation, symbol), price)
    execute(simulation, SetMarkPrice(symbol=symbol, price=ticks))
    return get_contract(simulation, symbol)


def set_funding_rate(simulation: Simulation, symbol: str, rate: Amount | None) -> ContractView:
    """For the next payments: a fraction, positive if longs are to pay. None: what the premium makes of it again."""
    contract = the_contract(simulation, symbol)
    _the_funding(contract)
    execute(simulation, SetFundingRate(symbol=symbol, rate=None if rate is None else _billionths(rate)))
    return _view(contract, simulation.clock.now_ns())


def until_funding_ns(simulation: Simulation, symbol: str) -> int:
    """How long it is to the contract's next payment. OperatorError if it pays none."""
    return _the_funding(the_contract(simulation, symbol)).next_ns - simulation.clock.now_ns()


def _the_funding(contract: Contract) -> Funding:
    if contract.funding is None:
        raise OperatorError(f"{contract.symbol} pays no funding")
    return contract.funding


def _ticks(contract: Contract, price: Amount | None) -> Ticks | None:
    if price is None:
        return None
    return on_grid(positive(price, "price"), contract.market.instrument.price_scale, "price")


def _billionths(rate: Amount) -> int:
    number = amount(rate, "rate")
    try:
        billionths = exact_units(number, RATE_DECIMALS)
    except DecimalError as error:
        raise OperatorError(f"rate: {error}") from None
    if abs(billionths) > RATE_UNIT:
        raise OperatorError(f"rate is a fraction from -1 to 1, not {number}: 0.0001 is one hundredth of a percent")
    return billionths


def _view(contract: Contract, now_ns: int) -> ContractView:
    instrument, funding, index = contract.market.instrument, contract.funding, contract.index

    def price(ticks: Ticks | None) -> str | None:
        return None if ticks is None else price_text(instrument, ticks)

    def rate(billionths: int | None) -> str | None:
        return None if billionths is None else plain(billionths, RATE_DECIMALS)

    return ContractView(
        symbol=contract.symbol,
        index_symbol=contract.terms.index_symbol,
        index_price=None if index is None else ticks_text(instrument, index),
        index_override=price(contract.index_override),
        mark_price=price(contract.mark),
        mark_override=price(contract.mark_override),
        funding_rate=None if funding is None else rate(funding.rate),
        next_funding_rate=None if funding is None else rate(funding.predicted(now_ns)),
        funding_rate_override=None if funding is None else rate(funding.override),
        next_funding=None if funding is None else iso_ms(funding.next_ns),
        positions=sum(1 for position in contract.positions.values() if position.qty),
        insurance_qty=qty_text(instrument, contract.insurance_qty),
    )
