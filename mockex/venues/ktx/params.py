"""Reading KTX's parameters: a missing one, an empty one and a wrong one are told apart. Source: ktx§5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import unquote_plus

from mockex.core.markets import Market
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.instruments import MARKETS, market_of
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

T = TypeVar("T")

MAX_ROWS, DEFAULT_ROWS = 1_000, 100
MAX_ID = 2**63 - 1
_MAX_MS = 10**15


class KtxParams(Params):
    """An empty text is a fault of its own, wherever a value is read."""

    def __init__(self, values: Mapping[str, JsonValue]) -> None:
        for name, value in values.items():
            if value == "":
                raise ApiFault(KtxFault.PARAM_EMPTY, field=name)
        super().__init__(values)

    def rows(self) -> int:
        """`limit`: 100 unless told otherwise, 1,000 at most."""
        return self.optional_integer("limit", minimum=1, maximum=MAX_ROWS) or DEFAULT_ROWS

    def bound(self, name: str) -> int | None:
        """An id that a page begins or ends at."""
        return self.optional_integer(name, minimum=0, maximum=MAX_ID)

    def moment_ms(self, name: str) -> int | None:
        return self.optional_integer(name, minimum=0, maximum=_MAX_MS)

    def flag(self, name: str) -> bool:
        """True or false, not a word for it."""
        return self._required(name, self.optional_flag(name))

    def optional_flag(self, name: str) -> bool | None:
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
        return value


def of_query(call: Call, *, required: Iterable[str] = ()) -> KtxParams:
    return _checked(call.query, required)


def of_body(call: Call, *, required: Iterable[str] = ()) -> KtxParams:
    if not isinstance(call.body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return _checked(call.body, required)


def _checked(values: Mapping[str, JsonValue], required: Iterable[str]) -> KtxParams:
    """What is missing of `required` is told before anything that is empty (ktx§3)."""
    for name in required:
        if values.get(name) is None:
            raise ApiFault(FaultKind.PARAM_MISSING, field=name)
    return KtxParams(values)


def market_name(params: KtxParams) -> str:
    return params.choice("market", {name: name for name in MARKETS})


def product(call: Call, params: KtxParams, market: str) -> Market:
    """What `symbol` names in that market."""
    return product_named(call, market, params.text("symbol"))


def product_named(call: Call, market: str, symbol: str) -> Market:
    """22003 for a symbol that the market does not have."""
    found = call.desk.exchange.markets.get(symbol)
    if found is None or market_of(symbol) != market:
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=symbol[:32])
    return found


def values_of(call: Call, name: str) -> list[str] | None:
    """Of a parameter that may hold several: `asset=BTC,ETH`, or repeated (ktx§6, ktx§7). None: absent."""
    found: list[str] = []
    for piece in call.request.query.split("&"):
        key, _, value = piece.partition("=")
        if unquote_plus(key) == name:
            found += unquote_plus(value).split(",")
    if not found:
        return None
    if not all(found):
        raise ApiFault(KtxFault.PARAM_EMPTY, field=name)
    return found


def given(params: KtxParams, names: Iterable[str]) -> frozenset[str]:
    """Which of the parameters are there."""
    return frozenset(name for name in names if params.raw(name) is not None)


def check_combination(found: frozenset[str], *allowed: Iterable[str]) -> None:
    """21003 for parameters that may not stand together."""
    if found and found not in [frozenset(names) for names in allowed]:
        raise ApiFault(KtxFault.PARAM_COMBINATION)
