"""Reference data over REST: symbols, currencies, chains, the venue's clock and state.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `HtxError` for a failure.
Source: HTX document, "Reference Data"; htx§3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from . import reference_models as m
from .fields import Row, as_integer, as_list, as_text, rows
from .rest import Params, Reply, RestTransport

RowT = TypeVar("RowT")

_SETTINGS = "/v1/settings/common"
_SETTINGS_V2 = "/v2/settings/common"


class ReferenceApi:
    """What the venue lists. Needs no credentials.

    Where a method takes `since_ms`, the venue answers with what changed after that moment (`Changes.as_of_ms` of an earlier
    answer), or with everything for None.
    """

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def symbols(self) -> tuple[m.SymbolRules, ...]:
        """All symbols with their trading rules."""
        reply = await self._rest.get_public("/v1/common/symbols")
        return tuple(m.decode_symbol_rules(row) for row in rows(reply.data, "symbol"))

    async def market_symbols(self, symbols: Sequence[str] = (), *, since_ms: int | None = None) -> m.Changes[m.SymbolRules]:
        """Trading rules with price bounds, of all symbols or of some."""
        params: Params = [("symbols", ",".join(symbols) or None), ("ts", since_ms)]
        return _changes(await self._rest.get_public(f"{_SETTINGS}/market-symbols", params), m.decode_market_symbol)

    async def symbol_settings(self, *, since_ms: int | None = None) -> m.Changes[m.SymbolSettings]:
        """How symbols are shown, and their precisions."""
        reply = await self._rest.get_public(f"{_SETTINGS_V2}/symbols", [("ts", since_ms)])
        return _changes(reply, m.decode_symbol_settings)

    async def symbol_settings_v1(self, *, since_ms: int | None = None) -> m.Changes[m.SymbolSettings]:
        """The older list of the same."""
        reply = await self._rest.get_public(f"{_SETTINGS}/symbols", [("ts", since_ms)])
        return _changes(reply, m.decode_symbol_settings)

    async def currency_settings(self, *, since_ms: int | None = None) -> m.Changes[m.CurrencySettings]:
        """How currencies are shown and paid."""
        reply = await self._rest.get_public(f"{_SETTINGS_V2}/currencies", [("ts", since_ms)])
        return _changes(reply, m.decode_currency_settings)

    async def currency_settings_v1(self, *, since_ms: int | None = None) -> m.Changes[m.CurrencySettings]:
        """The older list of the same."""
        reply = await self._rest.get_public(f"{_SETTINGS}/currencys", [("ts", since_ms)])
        return _changes(reply, m.decode_currency_settings)

    async def chain_settings(self, *, currency: str | None = None, since_ms: int | None = None) -> m.Changes[m.ChainSettings]:
        """Chains of all currencies, or of one."""
        reply = await self._rest.get_public(f"{_SETTINGS}/chains", [("currency", currency), ("ts", since_ms)])
        return _changes(reply, m.decode_chain_settings)

    async def currencies(self, currency: str | None = None, *, authorized_user: bool | None = None) -> tuple[m.Currency, ...]:
        """Currencies with the fees and limits of their chains."""
        authorized = None if authorized_user is None else str(authorized_user).lower()
        params: Params = [("currency", currency), ("authorizedUser", authorized)]
        reply = await self._rest.get_public("/v2/reference/currencies", params)
        return tuple(m.decode_currency(row) for row in rows(reply.data, "currency"))

    async def currency_names(self) -> tuple[str, ...]:
        """Names of all currencies."""
        reply = await self._rest.get_public("/v1/common/currencys")
        return tuple(as_text(name, "currency") for name in as_list(reply.data, "currencies"))

    async def timestamp_ms(self) -> int:
        """The venue's clock, in Unix milliseconds."""
        reply = await self._rest.get_public("/v1/common/timestamp")
        return as_integer(reply.data, "timestamp")

    async def market_state(self) -> m.MarketState:
        """Whether the market trades."""
        reply = await self._rest.get_public("/v2/market-status")
        return m.decode_market_state(reply.data_row("market status"))

    async def trading_limits(self, symbol: str) -> m.TradingLimits:
        """Bounds of prices and amounts. Not in the document, but what ccxt asks for."""
        reply = await self._rest.get_public("/v1/common/exchange", [("symbol", symbol)])
        return m.decode_trading_limits(reply.data_row("trading limits"))


def _changes(reply: Reply, decode: Callable[[Row], RowT]) -> m.Changes[RowT]:
    return m.Changes(
        rows=tuple(decode(row) for row in rows(reply.data, "setting")),
        as_of_ms=reply.envelope.integer("ts"),
        complete=reply.envelope.flag("full"),
    )
