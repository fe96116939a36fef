"""The wrong clients of KTX. Those of the first venue prove the shared cases, these the venue's own."""

from __future__ import annotations

from faux_checks import WrongClientsInEveryArea

VENUE = "ktx"


class TestWrongClientsOfKtx(WrongClientsInEveryArea):
    pass
