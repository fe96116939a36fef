"""One perpetual contract of a running venue in a program's hands: its prices, its funding, and who has which position in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mockex.operator import contracts, overview, positions
from mockex.operator.contracts import ContractView
from mockex.operator.positions import PositionView
from mockex.operator.words import Amount

if TYPE_CHECKING:
    from mockex.embedded.venue import Run
    from mockex.server.runner import Server
    from mockex.simulation import Simulation

T = TypeVar("T")


class ContractHandle:
    """`venue.contract("BTC_USDT_SWAP")`. A price or rate that was set stays until None leaves it to the market again."""

    def __init__(self, symbol: str, venue_name: str, server: Server, run: Run) -> None:
        """ValueError if the venue has no such contract."""
        self.symbol = symbol
        self._venue_name = venue_name
        self._server = server
        self._run = run
        self.state()

    def __repr__(self) -> str:
        return f"<ContractHandle {self.symbol} of {self._venue_name}>"

    def _do(self, action: Callable[[Simulation], T]) -> T:
        return self._run(lambda: action(self._server.world.simulations[self._venue_name]))

    def state(self) -> ContractView:
        """Index and mark price, funding, what was set, and how many positions are open."""
        return self._do(lambda simulation: contracts.get_contract(simulation, self.symbol))

    def set_index_price(self, price: Amount | None) -> ContractView:
        """None: that of the index instrument again. Whoever it liquidates has been liquidated when this returns."""
        return self._do(lambda simulation: contracts.set_index_price(simulation, self.symbol, price))

    def set_mark_price(self, price: Amount | None) -> ContractView:
        """As `set_index_price`, but nothing that trades moves it."""
        return self._do(lambda simulation: contracts.set_mark_price(simulation, self.symbol, price))

    def set_funding_rate(self, rate: Amount | None) -> ContractView:
        """Of the next payments, a fraction: longs pay one above zero."""
        return self._do(lambda simulation: contracts.set_funding_rate(simulation, self.symbol, rate))

    def advance_to_funding(self) -> ContractView:
        """Moves the world's time to the next payment of funding, and gives the contract after it."""

        def move() -> None:
            clock, simulation = self._server.clock, self._server.world.simulations[self._venue_name]
            now_ns = clock.now_ns()
            delta_ns = contracts.until_funding_ns(simulation, self.symbol)
            overview.check_advance(delta_ns, now_ns)
            clock.advance(delta_ns)

        self._run(move)
        return self.state()

    def positions(self, account: str | None = None) -> list[PositionView]:
        """Of one account or all, oldest first."""
        return self._do(lambda simulation: positions.list_positions(simulation, account=account, symbol=self.symbol))
