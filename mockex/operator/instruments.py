"""Instruments: their grids, their books, and the phase that decides what they take."""

from __future__ import annotations

from mockex.core.commands import SetPhase
from mockex.core.markets import MarketPhase
from mockex.operator.refusals import OperatorError, execute
from mockex.operator.views import BookView, InstrumentView, book_view, instrument_view
from mockex.operator.words import member_named, the_market
from mockex.simulation import Simulation

MAX_DEPTH = 1_000


def list_instruments(simulation: Simulation) -> list[InstrumentView]:
    return [instrument_view(market) for market in simulation.desk.exchange.markets.values()]


def get_instrument(simulation: Simulation, symbol: str) -> InstrumentView:
    """NotFoundError if there is no such instrument."""
    return instrument_view(the_market(simulation, symbol))


def set_phase(simulation: Simulation, symbol: str, phase: str) -> InstrumentView:
    """`phase`: "continuous", "halted", "call_auction" or "price_discovery". Resting orders stay."""
    market = the_market(simulation, symbol)
    execute(simulation, SetPhase(symbol=symbol, phase=member_named(MarketPhase, phase, "phase")))
    return instrument_view(market)


def halt(simulation: Simulation, symbol: str) -> InstrumentView:
    """No orders; cancels are taken."""
    return set_phase(simulation, symbol, "halted")


def resume(simulation: Simulation, symbol: str) -> InstrumentView:
    return set_phase(simulation, symbol, "continuous")


def book(simulation: Simulation, symbol: str, depth: int = 20) -> BookView:
    """The best `depth` levels a side (1 to MAX_DEPTH), best first."""
    if not 1 <= depth <= MAX_DEPTH:
        raise OperatorError(f"depth is 1 to {MAX_DEPTH}, not {depth}")
    return book_view(the_market(simulation, symbol), depth)
