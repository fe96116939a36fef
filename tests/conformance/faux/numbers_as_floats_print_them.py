"""Prints amounts as binary fractions are printed."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp import funding_models, trading_models
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


def plain(amount: Decimal) -> str:
    return repr(float(amount))


trading_models.plain = plain
funding_models.plain = plain


class Driver(Reference):
    client = {**Reference.client, "name": "faux: numbers as floats print them"}
