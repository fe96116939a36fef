"""Reference data: symbols and their trading rules, currencies and their chains, the state of the market.

Names are spelled out where the venue abbreviates (`tpp`, `lominoa`). Nothing here knows HTTP.
Source: HTX document, "Reference Data"; htx§3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from .fields import Row
from .vocabulary import MarketStatus, SymbolState

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Generic[RowT]):
    """Rows that changed after a moment, or all of them if `complete`. `as_of_ms` asks for the changes after these."""

    rows: tuple[RowT, ...]
    as_of_ms: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolRules:
    """A symbol and its trading rules. Precisions are decimals after the point.

    The three ratios bound prices by the last price and come only from `market_symbols`.
    """

    symbol: str
    base_currency: str
    quote_currency: str
    state: SymbolState
    partition: str
    api_trading: bool
    price_precision: int
    amount_precision: int
    value_precision: int
    least_value: Decimal
    least_limit_amount: Decimal
    largest_limit_amount: Decimal
    largest_limit_buy: Decimal
    largest_limit_sell: Decimal
    least_market_sell: Decimal
    largest_market_sell: Decimal
    largest_market_buy_value: Decimal
    largest_value: Decimal | None
    buy_limit_ratio: Decimal | None
    sell_limit_ratio: Decimal | None
    market_buy_ratio: Decimal | None
    market_sell_ratio: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolSettings:
    """How the site shows a symbol, and with which precisions it trades."""

    symbol: str
    display_name: str
    base_currency: str
    quote_currency: str
    state: SymbolState
    partition: str
    trade_enabled: bool
    opens_at: datetime | None
    price_precision: int
    amount_precision: int
    value_precision: int
    fee_precision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencySettings:
    """How the site shows a currency, and what may be paid in and out."""

    currency: str
    display_name: str
    full_name: str | None
    state: str
    deposit_enabled: bool
    withdraw_enabled: bool
    withdraw_precision: int
    least_deposit: Decimal | None
    least_withdrawal: Decimal | None
    fast_confirmations: int
    safe_confirmations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSettings:
    """A chain on which a currency is paid in and out."""

    chain: str
    currency: str
    display_name: str
    deposit_enabled: bool
    withdraw_enabled: bool
    withdraw_precision: int
    least_deposit: Decimal | None
    least_withdrawal: Decimal | None
    fast_confirmations: int
    safe_confirmations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain of a currency. By `withdraw_fee_type` there is a fixed fee, a least and largest fee, or a rate."""

    chain: str
    display_name: str | None
    base_chain: str | None
    base_chain_protocol: str | None
    confirmations: int
    fast_confirmations: int
    deposit_allowed: bool
    withdraw_allowed: bool
    least_deposit: Decimal
    least_withdrawal: Decimal
    largest_withdrawal: Decimal
    withdraw_precision: int
    withdraw_fee_type: str
    fixed_fee: Decimal | None
    least_fee: Decimal | None
    largest_fee: Decimal | None
    fee_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency with its chains. `status` is `normal` or `delisted`."""

    currency: str
    status: str
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState:
    """Whether the market trades. While halted: from when, until when, and which symbols (`all`, or names with commas)."""

    status: MarketStatus | None
    status_number: int
    halt_start: datetime | None
    halt_end: datetime | None
    halt_reason: int | None
    affected_symbols: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingLimits:
    """Bounds of prices and amounts of a symbol; ratios are relative to the last price."""

    symbol: str
    buy_limit_ratio: Decimal
    sell_limit_ratio: Decimal
    least_limit_amount: Decimal
    largest_limit_amount: Decimal
    least_market_buy: Decimal
    largest_market_buy: Decimal
    least_market_sell: Decimal
    largest_market_sell: Decimal


def decode_symbol_rules(row: Row) -> SymbolRules:
    """A row of `/v1/common/symbols`."""
    return SymbolRules(
        symbol=row.text("symbol"),
        base_currency=row.text("base-currency"),
        quote_currency=row.text("quote-currency"),
        state=row.word(SymbolState, "state"),
        partition=row.text("symbol-partition"),
        api_trading=row.text("api-trading") == "enabled",
        price_precision=row.integer("price-precision"),
        amount_precision=row.integer("amount-precision"),
        value_precision=row.integer("value-precision"),
        least_value=row.decimal("min-order-value"),
        least_limit_amount=row.decimal("limit-order-min-order-amt"),
        largest_limit_amount=row.decimal("limit-order-max-order-amt"),
        largest_limit_buy=row.decimal("limit-order-max-buy-amt"),
        largest_limit_sell=row.decimal("limit-order-max-sell-amt"),
        least_market_sell=row.decimal("sell-market-min-order-amt"),
        largest_market_sell=row.decimal("sell-market-max-order-amt"),
        largest_market_buy_value=row.decimal("buy-market-max-order-value"),
        largest_value=row.optional_decimal("max-order-value"),
        buy_limit_ratio=None,
        sell_limit_ratio=None,
        market_buy_ratio=None,
        market_sell_ratio=None,
    )


def decode_market_symbol(row: Row) -> SymbolRules:
    """A row of `/v1/settings/common/market-symbols`."""
    return SymbolRules(
        symbol=row.text("symbol"),
        base_currency=row.text("bc"),
        quote_currency=row.text("qc"),
        state=row.word(SymbolState, "state"),
        partition=row.text("sp"),
        api_trading=row.text("at") == "enabled",
        price_precision=row.integer("pp"),
        amount_precision=row.integer("ap"),
        value_precision=row.integer("vp"),
        least_value=row.decimal("minov"),
        least_limit_amount=row.decimal("lominoa"),
        largest_limit_amount=row.decimal("lomaxoa"),
        largest_limit_buy=row.decimal("lomaxba"),
        largest_limit_sell=row.decimal("lomaxsa"),
        least_market_sell=row.decimal("smminoa"),
        largest_market_sell=row.decimal("smmaxoa"),
        largest_market_buy_value=row.decimal("bmmaxov"),
        largest_value=row.optional_decimal("maxov"),
        buy_limit_ratio=row.optional_decimal("blmlt"),
        sell_limit_ratio=row.optional_decimal("slmgt"),
        market_buy_ratio=row.optional_decimal("mbormlt"),
        market_sell_ratio=row.optional_decimal("msormlt"),
    )


def _first(row: Row, *names: str) -> str:
    """The first name that the row has: both versions of a list are read by one decoder."""
    return next((name for name in names if row.has(name)), names[0])


def decode_symbol_settings(row: Row) -> SymbolSettings:
    """Version 2 says `sc` and `dn` where version 1 says `symbol` and `sn`."""
    return SymbolSettings(
        symbol=row.text(_first(row, "sc", "symbol")),
        display_name=row.text(_first(row, "dn", "sn")),
        base_currency=row.text("bc"),
        quote_currency=row.text("qc"),
        state=row.word(SymbolState, "state"),
        partition=row.text("sp"),
        trade_enabled=row.flag("te"),
        opens_at=row.optional_time("toa"),
        price_precision=row.integer("tpp"),
        amount_precision=row.integer("tap"),
        value_precision=row.integer("ttp"),
        fee_precision=row.integer("fp"),
    )


def decode_currency_settings(row: Row) -> CurrencySettings:
    """Version 2 says `cc` and `wed` where version 1 says `name` and `we`."""
    return CurrencySettings(
        currency=row.text(_first(row, "cc", "name")),
        display_name=row.text("dn"),
        full_name=row.optional_text("fn"),
        state=row.text("state"),
        deposit_enabled=row.flag("de"),
        withdraw_enabled=row.flag(_first(row, "wed", "we")),
        withdraw_precision=row.integer("wp"),
        least_deposit=row.optional_decimal("dma"),
        least_withdrawal=row.optional_decimal("wma"),
        fast_confirmations=row.integer("fc"),
        safe_confirmations=row.integer("sc"),
    )


def decode_chain_settings(row: Row) -> ChainSettings:
    return ChainSettings(
        chain=row.text("chain"),
        currency=row.text("currency"),
        display_name=row.text("dn"),
        deposit_enabled=row.flag("de"),
        withdraw_enabled=row.flag("we"),
        withdraw_precision=row.integer("wp"),
        least_deposit=row.optional_decimal("dma"),
        least_withdrawal=row.optional_decimal("wma"),
        fast_confirmations=row.integer("fc"),
        safe_confirmations=row.integer("sc"),
    )


def decode_chain(row: Row) -> Chain:
    return Chain(
        chain=row.text("chain"),
        display_name=row.optional_text("displayName"),
        base_chain=row.optional_text("baseChain"),
        base_chain_protocol=row.optional_text("baseChainProtocol"),
        confirmations=row.integer("numOfConfirmations"),
        fast_confirmations=row.integer("numOfFastConfirmations"),
        deposit_allowed=row.text("depositStatus") == "allowed",
        withdraw_allowed=row.text("withdrawStatus") == "allowed",
        least_deposit=row.decimal("minDepositAmt"),
        least_withdrawal=row.decimal("minWithdrawAmt"),
        largest_withdrawal=row.decimal("maxWithdrawAmt"),
        withdraw_precision=row.integer("withdrawPrecision"),
        withdraw_fee_type=row.text("withdrawFeeType"),
        fixed_fee=row.optional_decimal("transactFeeWithdraw"),
        least_fee=row.optional_decimal("minTransactFeeWithdraw"),
        largest_fee=row.optional_decimal("maxTransactFeeWithdraw"),
        fee_rate=row.optional_decimal("transactFeeRateWithdraw"),
    )


def decode_currency(row: Row) -> Currency:
    return Currency(
        currency=row.text("currency"),
        status=row.text("instStatus"),
        chains=tuple(decode_chain(chain) for chain in row.rows("chains", "chain")),
    )


def decode_market_state(row: Row) -> MarketState:
    return MarketState(
        status=row.known_number(MarketStatus, "marketStatus"),
        status_number=row.integer("marketStatus"),
        halt_start=row.optional_time("haltStartTime"),
        halt_end=row.optional_time("haltEndTime"),
        halt_reason=row.optional_integer("haltReason"),
        affected_symbols=row.optional_text("affectedSymbols"),
    )


def decode_trading_limits(row: Row) -> TradingLimits:
    return TradingLimits(
        symbol=row.text("symbol"),
        buy_limit_ratio=row.decimal("buy-limit-must-less-than"),
        sell_limit_ratio=row.decimal("sell-limit-must-greater-than"),
        least_limit_amount=row.decimal("limit-order-must-greater-than"),
        largest_limit_amount=row.decimal("limit-order-must-less-than"),
        least_market_buy=row.decimal("market-buy-order-must-greater-than"),
        largest_market_buy=row.decimal("market-buy-order-must-less-than"),
        least_market_sell=row.decimal("market-sell-order-must-greater-than"),
        largest_market_sell=row.decimal("market-sell-order-must-less-than"),
    )
