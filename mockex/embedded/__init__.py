"""Simulated exchanges inside a program: `World` on its own event loop, or a server in a thread for any kind of test."""

from mockex.embedded.contract import ContractHandle
from mockex.embedded.options import WorldOptions
from mockex.embedded.servers import BackgroundServer, World
from mockex.embedded.values import BalanceAmounts, Key
from mockex.embedded.venue import VenueHandle
from mockex.embedded.world import ClockHandle, RunningWorld

__all__ = [
    "BackgroundServer",
    "BalanceAmounts",
    "ClockHandle",
    "ContractHandle",
    "Key",
    "RunningWorld",
    "VenueHandle",
    "World",
    "WorldOptions",
]
