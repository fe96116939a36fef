"""Takes too many open orders for a lack of funds."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import InsufficientFundsError

FAILS = frozenset(
    {
        "ktx/errors/050",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-30004: InsufficientFundsError}
