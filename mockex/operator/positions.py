"""Positions in contracts: what an operator says of one when placing an order, and what accounts have."""

from __future__ import annotations

from fractions import Fraction
from typing import TypedDict

from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.fees import RATE_DECIMALS
from mockex.core.ledger import Account
from mockex.core.margin import liquidation_price
from mockex.core.orders import Side
from mockex.core.positions import Position
from mockex.core.units import Instrument
from mockex.operator.refusals import OperatorError
from mockex.operator.views import price_text, qty_text
from mockex.operator.words import member_named, the_account, the_contract, the_contracts, word
from mockex.simulation import Simulation
from mockex.wire.decimals import plain
from mockex.wire.timestamps import iso_ms

# Decimals of prices that need not be finite, such as the mean of what a position has cost.
_PRICE_DECIMALS = 12
_MAX_ID_DIGITS = 20


class PositionInput(TypedDict, total=False):
    """What an order is to do to a position. `merge`: "split", "long" or "short", by default the side's; `margin_method`:
    "isolated" or "cross"; `leverage` 1 unless told. `close`: it reduces the position, which `position_id` may name.
    """

    merge: str
    margin_method: str
    leverage: int
    close: bool
    position_id: str


class PositionView(TypedDict):
    """`qty` is below zero for a short; one of zero is there for its orders. `mark_price` is None before there was any price.

    `liquidation_price`: of isolated positions that have one. `created`: when its first order came.
    """

    position_id: str
    account: str
    symbol: str
    merge: str
    margin_method: str
    leverage: int
    qty: str
    closable_qty: str
    entry_price: str
    mark_price: str | None
    maintenance_margin_rate: str
    position_margin: str
    order_margin: str
    unrealised_profit: str
    liquidation_price: str | None
    created: str


def position_terms(instrument: Instrument, side: Side, given: PositionInput | None) -> PositionTerms | None:
    """What the core is told. OperatorError for a contract's order that says nothing, and for any other's that does."""
    if given is None:
        if instrument.contract is not None:
            raise OperatorError(
                f'{instrument.symbol} is a contract: say what the order does to a position, such as position={{"leverage": 10}}'
            )
        return None
    if instrument.contract is None:
        raise OperatorError(f"{instrument.symbol} is no contract; leave the position out")
    unknown = [name for name in given if name not in PositionInput.__annotations__]
    if unknown:
        raise OperatorError(f"a position has no {unknown[0]!r}; it has {', '.join(PositionInput.__annotations__)}")
    close, leverage = given.get("close", False), given.get("leverage", 1)
    if type(close) is not bool or type(leverage) is not int:
        raise OperatorError("of a position, close is true or false and leverage a whole number")
    opens_long = (side is Side.BUY) is not close
    merge = given.get("merge", "long" if opens_long else "short")
    position_id = given.get("position_id")
    return PositionTerms(
        merge=member_named(PositionMerge, merge, "merge"),
        margin_method=member_named(MarginMethod, given.get("margin_method", "isolated"), "margin_method"),
        leverage=leverage,
        close=close,
        position_id=None if position_id is None else _position_number(position_id),
    )


def list_positions(simulation: Simulation, *, account: str | None = None, symbol: str | None = None) -> list[PositionView]:
    """Of one account or all, in one contract or all, oldest first. NotFoundError at a venue without contracts."""
    contracts = the_contracts(simulation)
    contract = None if symbol is None else the_contract(simulation, symbol)
    found = contracts.positions if account is None else contracts.positions.of(the_account(simulation, account))
    return [position_view(position) for position in found if contract is None or position.contract is contract]


def positions_of(simulation: Simulation, account: Account) -> list[PositionView]:
    """Of one account in all contracts, oldest first; none at a venue without."""
    contracts = simulation.desk.exchange.contracts
    return [] if contracts is None else [position_view(position) for position in contracts.positions.of(account)]


def position_view(position: Position) -> PositionView:
    contract = position.contract
    instrument, mark = contract.market.instrument, contract.mark
    quote = instrument.quote.decimals
    liquidated_at = liquidation_price(position) if position.isolated else None
    return PositionView(
        position_id=str(position.position_id),
        account=position.account.account_id,
        symbol=contract.symbol,
        merge=word(position.merge),
        margin_method=word(position.margin_method),
        leverage=position.leverage,
        qty=qty_text(instrument, position.signed_qty),
        closable_qty=qty_text(instrument, position.closable_qty),
        entry_price=ticks_text(instrument, position.entry_price),
        mark_price=None if mark is None else price_text(instrument, mark),
        maintenance_margin_rate=plain(position.maintenance_rate, RATE_DECIMALS),
        position_margin=plain(position.margin, quote),
        order_margin=plain(position.order_margin, quote),
        unrealised_profit=plain(0 if mark is None else position.profit_at(mark), quote),
        liquidation_price=None if liquidated_at is None else ticks_text(instrument, liquidated_at),
        created=iso_ms(position.created_ns),
    )


def ticks_text(instrument: Instrument, ticks: Fraction) -> str:
    """A price that may lie between two ticks, to the nearest of many decimals."""
    price = ticks * Fraction(instrument.price_scale.increment)
    return plain(round(price * 10**_PRICE_DECIMALS), _PRICE_DECIMALS)


def _position_number(text: str) -> int:
    """-1, which nothing has, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_ID_DIGITS else -1
