"""The wrong clients of OKCoin Japan, which prove the shared cases for every venue as well."""

from __future__ import annotations

from faux_checks import WrongClientsInEveryArea

VENUE = "okcoinjp"


class TestWrongClientsOfOkcoinjp(WrongClientsInEveryArea):
    pass
