"""Takes an order that breaks a rule for one beyond the balance."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import InsufficientFundsError

FAILS = frozenset(
    {
        "ktx/errors/020",
        "ktx/orders/150",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-22002: InsufficientFundsError}
