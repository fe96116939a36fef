"""Takes an empty parameter for a failure of the venue."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import ServerFaultError

FAILS = frozenset(
    {
        "ktx/errors/010",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-21002: ServerFaultError}
