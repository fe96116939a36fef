"""Knows no code of an empty header."""

from __future__ import annotations

from faux_ktx_codes import MisreadsCodes
from mockex.clients.ktx.errors import KtxError

FAILS = frozenset(
    {
        "ktx/auth/300",
    }
)
SHOWS_IN = frozenset({"error"})


class Driver(MisreadsCodes):
    MISREAD = {-21005: KtxError}
