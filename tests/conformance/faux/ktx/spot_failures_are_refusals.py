"""Takes a failure of the venue for a refusal of the order."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import OrderRejectedError

FAILS = frozenset(
    {
        "ktx/errors/030",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-10001: OrderRejectedError}
