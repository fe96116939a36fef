"""The wrong clients of HTX. Those of the first venue prove the shared cases, these the venue's own."""

from __future__ import annotations

from faux_checks import WrongClientsInEveryArea

VENUE = "htx"


class TestWrongClientsOfHtx(WrongClientsInEveryArea):
    pass
