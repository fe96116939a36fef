"""The endpoints for sites that compare exchanges, at the root of the host.

Owns: paths, parameters, models and decoders. Every method raises a `CoinstoreError` for a failure.
They left the document in 2022; the names of their fields are all that is known of them (cs§7.20).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row
from .market_models import Level, decode_level
from .rest import Reply, RestTransport

_PUBLIC = "/v2/public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A currency by the aggregators' list."""

    currency: str
    name: str
    unified_id: int
    can_withdraw: bool
    can_deposit: bool
    least_withdrawal: Decimal
    largest_withdrawal: Decimal
    maker_fee: Decimal
    taker_fee: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSummary:
    """A day of one pair."""

    pair: str
    base_currency: str
    quote_currency: str
    last_price: Decimal
    lowest_ask: Decimal
    highest_bid: Decimal
    base_volume: Decimal
    quote_volume: Decimal
    change_percent: Decimal
    highest_price: Decimal
    lowest_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTicker:
    """A short day of one pair."""

    pair: str
    base_id: int
    quote_id: int
    last_price: Decimal
    base_volume: Decimal
    quote_volume: Decimal
    frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairBook:
    """A book of one pair, best first."""

    at: datetime
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTrade:
    """A match. `side` is the venue's word in this list."""

    trade_id: int
    price: Decimal
    base_volume: Decimal
    quote_volume: Decimal
    at: datetime
    side: str


class AggregatorApi:
    """Assets, summaries, books and trades for aggregators. Pairs are spelled `BTC_USDT`. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def assets(self) -> tuple[Asset, ...]:
        """All currencies."""
        return tuple(
            Asset(
                currency=code,
                name=row.text("name"),
                unified_id=row.integer("unified_cryptoasset_id"),
                can_withdraw=row.text("can_withdraw") == "true",
                can_deposit=row.text("can_deposit") == "true",
                least_withdrawal=row.decimal("min_withdraw"),
                largest_withdrawal=row.decimal("max_withdraw"),
                maker_fee=row.decimal("maker_fee"),
                taker_fee=row.decimal("taker_fee"),
            )
            for code, row in _named(await self._rest.get_public(f"{_PUBLIC}/assets"), "asset")
        )

    async def summary(self) -> tuple[PairSummary, ...]:
        """A day of all pairs."""
        reply = await self._rest.get_public(f"{_PUBLIC}/summary")
        return tuple(
            PairSummary(
                pair=row.text("trading_pairs"),
                base_currency=row.text("base_currency"),
                quote_currency=row.text("quote_currency"),
                last_price=row.decimal("last_price"),
                lowest_ask=row.decimal("lowest_ask"),
                highest_bid=row.decimal("highest_bid"),
                base_volume=row.decimal("base_volume"),
                quote_volume=row.decimal("quote_volume"),
                change_percent=row.decimal("price_change_percent_24h"),
                highest_price=row.decimal("highest_price_24h"),
                lowest_price=row.decimal("lowest_price_24h"),
            )
            for row in reply.rows("summary")
        )

    async def tickers(self) -> tuple[PairTicker, ...]:
        """A short day of all pairs."""
        return tuple(
            PairTicker(
                pair=pair,
                base_id=row.integer("base_id"),
                quote_id=row.integer("quote_id"),
                last_price=row.decimal("last_price"),
                base_volume=row.decimal("base_volume"),
                quote_volume=row.decimal("quote_volume"),
                frozen=row.integer("isFrozen") != 0,
            )
            for pair, row in _named(await self._rest.get_public(f"{_PUBLIC}/ticker"), "ticker")
        )

    async def book(self, pair: str, *, level: int | None = None, depth: int | None = None) -> PairBook:
        """The book of one pair."""
        params = [("market_pair", pair), ("level", level), ("depth", depth)]
        row = (await self._rest.get_public(f"{_PUBLIC}/orderbook/market_pair", params)).row("book")
        return PairBook(
            at=row.seconds("timestamp"),
            bids=tuple(decode_level(item, row.path("bids")) for item in row.list("bids")),
            asks=tuple(decode_level(item, row.path("asks")) for item in row.list("asks")),
        )

    async def trades(self, pair: str) -> tuple[PairTrade, ...]:
        """Recent trades of one pair."""
        return _trades(await self._rest.get_public(f"{_PUBLIC}/trades/market_pair", [("market_pair", pair)]))

    async def historical_trades(self, pair: str) -> tuple[PairTrade, ...]:
        """Earlier trades of one pair."""
        return _trades(await self._rest.get_public(f"{_PUBLIC}/trades/historical_trades", [("market_pair", pair)]))


def _named(reply: Reply, what: str) -> tuple[tuple[str, Row], ...]:
    return tuple((name, Row.of(value, what)) for name, value in reply.row(f"map of {what}").raw.items())


def _trades(reply: Reply) -> tuple[PairTrade, ...]:
    return tuple(
        PairTrade(
            trade_id=row.integer("trade_id"),
            price=row.decimal("price"),
            base_volume=row.decimal("base_volume"),
            quote_volume=row.decimal("quote_volume"),
            at=row.seconds("timestamp"),
            side=row.text("type"),
        )
        for row in reply.rows("trade")
    )
