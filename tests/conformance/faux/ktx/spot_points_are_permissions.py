"""Takes used up points for a lack of permission."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import PermissionDeniedError

FAILS = frozenset(
    {
        "ktx/limits/020",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-20006: PermissionDeniedError}
