"""What HTX keeps besides trading: its customers' numbers, their dead man's switches, which connections are whose, and since
when its published settings are what they are.

Owns no balance and no order. Invariant: a setting's time is that of the first request that met it, and what nobody has asked
for yet is as old as the world.
"""

from __future__ import annotations

from mockex.venues.htx.customers import Customers
from mockex.venues.htx.dead_man import DeadMen
from mockex.venues.htx.identities import Identities
from mockex.venues.htx.sessions import Sessions
from mockex.wire.desk import Desk


class HtxState:
    """`call.state` of the handlers."""

    def __init__(self, desk: Desk) -> None:
        self.identities = Identities(desk.exchange.accounts)
        self.customers = Customers(f"{desk.rng.getrandbits(128):032x}")
        self.dead_men = DeadMen(desk)
        self.sessions = Sessions()
        self._opened_ns = desk.clock.now_ns()
        self._settings: dict[str, tuple[object, int]] = {}

    @property
    def opened_ns(self) -> int:
        """When the world began: every setting is that old, or newer."""
        return self._opened_ns

    def setting_since_ns(self, name: str, value: object, now_ns: int) -> int:
        """Since when the setting has that value, as far as anybody has asked. Notes it for the next one who does."""
        known = self._settings.get(name)
        if known is None or known[0] != value:
            known = self._settings[name] = (value, self._opened_ns if known is None else now_ns)
        return known[1]


def make_state(desk: Desk) -> HtxState:
    return HtxState(desk)
