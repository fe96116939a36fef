"""Pairs and currencies: what may be traded, and by which rules.

Owns: paths, parameters, models and decoders. Every method raises a `CoinstoreError` for a failure.
Source: Coinstore document, "Basic information"; cs§7.1, cs§7.2, cs§7.20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .errors import UnknownSymbolError
from .fields import Row
from .rest import RestTransport
from .vocabulary import TagRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One pair and its trading rules. `symbol_id` is the instrument id of channels and fills."""

    symbol_id: int
    symbol: str
    base_currency: str
    quote_currency: str
    open_for_trade: bool
    listed_at: datetime
    price_decimals: int
    quantity_decimals: int
    least_limit_price: Decimal
    least_limit_quantity: Decimal
    least_market_buy_amount: Decimal
    least_market_sell_quantity: Decimal
    maker_fee: Decimal
    taker_fee: Decimal

    @property
    def tick_size(self) -> Decimal:
        """The step of prices."""
        return Decimal(1).scaleb(-self.price_decimals)

    @property
    def lot_size(self) -> Decimal:
        """The step of quantities."""
        return Decimal(1).scaleb(-self.quantity_decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain of a currency. `protocol` is what a withdrawal names; None if the venue leaves it out, as its example does."""

    currency: str
    name: str
    protocol: str | None
    contract_address: str
    deposit_open: bool
    withdraw_open: bool
    withdraw_fee: Decimal
    withdraw_fee_rate: Decimal
    least_withdraw_fee: Decimal
    least_withdrawal: Decimal
    largest_withdrawal: Decimal | None
    least_deposit: Decimal
    burns_on_transfer: bool
    on_chain_burn_rate: Decimal
    tag_rule: TagRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency and its chains."""

    name: str
    code: str
    shown_decimals: int
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolId:
    """A pair and its number."""

    symbol_id: int
    symbol: str


def decode_symbol(row: Row) -> Symbol:
    """A row of the list of pairs. `tickSz` and `lotSz` count decimals."""
    return Symbol(
        symbol_id=row.integer("symbolId"),
        symbol=row.text("symbolCode"),
        base_currency=row.text("tradeCurrencyCode"),
        quote_currency=row.text("quoteCurrencyCode"),
        open_for_trade=row.flag("openTrade"),
        listed_at=row.milliseconds("onLineTime"),
        price_decimals=row.integer("tickSz"),
        quantity_decimals=row.integer("lotSz"),
        least_limit_price=row.decimal("minLmtPr"),
        least_limit_quantity=row.decimal("minLmtSz"),
        least_market_buy_amount=row.decimal("minMktVa"),
        least_market_sell_quantity=row.decimal("minMktSz"),
        maker_fee=row.decimal("makerFee"),
        taker_fee=row.decimal("takerFee"),
    )


def decode_chain(row: Row) -> Chain:
    """A chain. A largest withdrawal of 0 stands for none (ASSUMED, cs§7.2)."""
    return Chain(
        currency=row.text("currencyCode"),
        name=row.text("chainName"),
        protocol=row.optional_text("chainProtocol"),
        contract_address=row.text("contractAddress"),
        deposit_open=row.flag("depositOpen"),
        withdraw_open=row.flag("withdrawOpen"),
        withdraw_fee=row.decimal("withdrawFee"),
        withdraw_fee_rate=row.decimal("withdrawFeePlatform"),
        least_withdraw_fee=row.decimal("withdrawFeeMin"),
        least_withdrawal=row.decimal("withdrawMin"),
        largest_withdrawal=row.decimal("withdrawMax") or None,
        least_deposit=row.decimal("depositMin"),
        burns_on_transfer=row.flag("burningState"),
        on_chain_burn_rate=row.decimal("withdrawFeeOnChain"),
        tag_rule=row.known_number(TagRule, "tagType"),
    )


def decode_currency(row: Row) -> Currency:
    """A currency."""
    return Currency(
        name=row.text("name"),
        code=row.text("code"),
        shown_decimals=row.integer("showPrecision"),
        chains=tuple(decode_chain(chain) for chain in row.rows("chainDataList", "chain")),
    )


class ReferenceApi:
    """Pairs and currencies. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def symbols(self, *, symbols: Sequence[str] = (), ids: Sequence[int] = ()) -> tuple[Symbol, ...]:
        """Pairs with their rules: all of them, or those named by symbol or id."""
        payload: dict[str, object] = {}
        if symbols:
            payload["symbolCodes"] = list(symbols)
        if ids:
            payload["symbolIds"] = list(ids)
        reply = await self._rest.post_public("/api/v2/public/config/spot/symbols", payload)
        return tuple(decode_symbol(row) for row in reply.rows("symbol"))

    async def symbol(self, symbol: str) -> Symbol:
        """One pair with its rules. UnknownSymbolError if the venue tells none: it skips what it does not know."""
        for rules in await self.symbols(symbols=[symbol]):
            if rules.symbol.casefold() == symbol.casefold():
                return rules
        raise UnknownSymbolError(f"the venue lists no {symbol}")

    async def currency(self, code: str) -> Currency:
        """A currency and its chains."""
        reply = await self._rest.get_public("/api/fi/v1/common/currency", [("currencyCode", code)])
        return decode_currency(reply.row("currency"))

    async def symbol_ids(self) -> tuple[SymbolId, ...]:
        """Pairs and their numbers. Not in the document; clients of 2021 read it (cs§7.20)."""
        reply = await self._rest.get_public("/api/v1/config/symbols")
        return tuple(SymbolId(symbol_id=row.integer("id"), symbol=row.text("symbol")) for row in reply.rows("symbol"))
