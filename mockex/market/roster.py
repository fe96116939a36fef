"""From reference prices to agents: sizes, fair prices, accounts with money, and a market maker and a taker each.

Where contracts follow spot pairs there is a third account, and an arbitrageur for each contract. What is set aside for
contracts is so much that no price, not even an operator's, brings a participant near its liquidation.

Owns the account names of the participants. They hold a slash, which no name that people choose for an account does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mockex.core.exchange import Exchange
from mockex.core.units import Atoms, Instrument, Wallet
from mockex.market.agents import LARGEST_TAKE, MarketMaker, Taker
from mockex.market.arbitrage import Arbitrageur, Index
from mockex.market.draws import stream
from mockex.market.fair_price import CrossPrice, FairPrice, IndexedPrice, WalkingPrice, find_crosses
from mockex.market.ladder import backstops, most_quoted
from mockex.market.participants import Execute, Participant
from mockex.market.sizing import Sizing, asset_worths

MARKET_MAKER = "market/maker"
TAKERS = "market/takers"
ARBITRAGEURS = "market/arbitrageurs"

# The most of a contract that takers and arbitrageurs hold either way, and what an arbitrageur trades in a step.
TAKER_HOLDS_TRADES = 200
ARBITRAGE_HOLDS_LEVELS = 20
ARBITRAGES_PER_LEVEL = 2

# The collateral of positions: so many times what they may be worth at the highest price.
_COLLATERAL = 100

Needs = dict[tuple[Wallet, str], Atoms]
"""What a participant's orders may hold of each asset at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The agents of each instrument, by symbol, and what the past of their market takes. All in the order of the plans."""

    sizings: Mapping[str, Sizing]
    crosses: Mapping[str, tuple[str, str]]
    indices: Mapping[str, str]  # the spot pair that each contract follows, of those that live too
    makers: Mapping[str, MarketMaker]
    takers: Mapping[str, Taker]
    arbitrageurs: Mapping[str, Arbitrageur]  # of the contracts in `indices`

    @classmethod
    def hire(cls, *, exchange: Exchange, execute: Execute, prices: Mapping[str, Decimal], seed: str) -> Roster:
        """Opens the accounts and funds them; nobody trades yet.

        `prices`: reference prices by symbol. ValueError for a symbol that is not listed, a price that is not positive, or an
        account that exists already.
        """
        unlisted = [symbol for symbol in prices if symbol not in exchange.markets]
        if unlisted:
            raise ValueError(f"no market can live in {', '.join(unlisted)}: not listed")
        markets = {symbol: exchange.markets[symbol] for symbol in prices}
        instruments = [market.instrument for market in markets.values()]
        sizings = _sizings(instruments, prices)
        crosses = find_crosses(instrument for instrument in instruments if instrument.contract is None)
        indices = _indices(exchange, instruments, sizings)
        fair_prices = _fair_prices(list(markets), crosses, indices, seed=seed, now_ns=exchange.clock.now_ns())
        maker_needs, taker_needs = _needs(instruments, sizings)
        maker = Participant(MARKET_MAKER, exchange=exchange, execute=execute, needs=maker_needs)
        takers = Participant(TAKERS, exchange=exchange, execute=execute, needs=taker_needs)
        most_orders = exchange.policy.max_open_orders
        return cls(
            sizings=sizings,
            crosses=crosses,
            indices={symbol: index.spot.instrument.symbol for symbol, index in indices.items()},
            makers={
                symbol: MarketMaker(
                    market=market,
                    participant=maker,
                    fair_price=fair_prices[symbol],
                    sizing=sizings[symbol],
                    levels=None if most_orders is None else most_orders // 2,
                    rng=stream(seed, MARKET_MAKER, symbol),
                )
                for symbol, market in markets.items()
            },
            takers={
                symbol: Taker(
                    market=market,
                    participant=takers,
                    mean_qty=sizings[symbol].trade_qty,
                    most_held=None if market.contract is None else TAKER_HOLDS_TRADES * sizings[symbol].trade_qty,
                    rng=stream(seed, TAKERS, symbol),
                )
                for symbol, market in markets.items()
            },
            arbitrageurs=_arbitrageurs(exchange, execute, indices, sizings),
        )


def _arbitrageurs(
    exchange: Exchange, execute: Execute, indices: Mapping[str, Index], sizings: Mapping[str, Sizing]
) -> dict[str, Arbitrageur]:
    """With their account, if there are any."""
    if not indices:
        return {}
    needs: defaultdict[tuple[Wallet, str], Atoms] = defaultdict(int)
    for symbol, index in indices.items():
        contract, spot = exchange.markets[symbol].instrument, index.spot.instrument
        _, highest_price = backstops(sizings[symbol].reference_nanoticks)
        most_worth = contract.notional(highest_price, ARBITRAGE_HOLDS_LEVELS * sizings[symbol].level_qty)
        most_base = index.spot_lots(ARBITRAGE_HOLDS_LEVELS * sizings[symbol].level_qty) * spot.atoms_per_lot
        needs[contract.wallet, contract.quote.code] += _COLLATERAL * most_worth
        needs[spot.wallet, spot.base.code] += 2 * most_base
        needs[spot.wallet, spot.quote.code] += 2 * most_worth
    participant = Participant(ARBITRAGEURS, exchange=exchange, execute=execute, needs=needs)
    return {
        symbol: Arbitrageur(
            contract=exchange.markets[symbol],
            index=index,
            participant=participant,
            unit_qty=max(1, sizings[symbol].level_qty // ARBITRAGES_PER_LEVEL),
            most_qty=ARBITRAGE_HOLDS_LEVELS * sizings[symbol].level_qty,
        )
        for symbol, index in indices.items()
    }


def _indices(exchange: Exchange, instruments: Sequence[Instrument], sizings: Mapping[str, Sizing]) -> dict[str, Index]:
    """Those of the contracts whose spot pair lives too."""
    indices: dict[str, Index] = {}
    for instrument in instruments:
        contract = exchange.markets[instrument.symbol].contract
        spot_symbol = None if contract is None else contract.terms.index_symbol
        if contract is not None and spot_symbol is not None and spot_symbol in sizings:
            spot = exchange.markets[spot_symbol]
            indices[instrument.symbol] = Index(contract, spot, sizings[instrument.symbol].reference_nanoticks)
    return indices


def _sizings(instruments: Sequence[Instrument], prices: Mapping[str, Decimal]) -> dict[str, Sizing]:
    worths = asset_worths([(instrument, prices[instrument.symbol]) for instrument in instruments])
    return {
        instrument.symbol: Sizing.of(instrument, prices[instrument.symbol], worths[instrument.quote.code])
        for instrument in instruments
    }


def _fair_prices(
    symbols: Sequence[str],
    crosses: Mapping[str, tuple[str, str]],
    indices: Mapping[str, Index],
    *,
    seed: str,
    now_ns: int,
) -> dict[str, FairPrice]:
    fair_prices: dict[str, FairPrice] = {
        symbol: WalkingPrice(stream(seed, "fair price", symbol), now_ns)
        for symbol in symbols
        if symbol not in crosses and symbol not in indices
    }
    for symbol, index in indices.items():
        fair_prices[symbol] = IndexedPrice(index.relative_ppb, stream(seed, "basis", symbol), now_ns)
    for symbol, (base_leg, quote_leg) in crosses.items():
        fair_prices[symbol] = CrossPrice(fair_prices[base_leg], fair_prices[quote_leg], now_ns)
    return fair_prices


def _needs(instruments: Sequence[Instrument], sizings: Mapping[str, Sizing]) -> tuple[Needs, Needs]:
    """The needs of the market maker and of the takers, over all instruments."""
    maker: defaultdict[tuple[Wallet, str], Atoms] = defaultdict(int)
    takers: defaultdict[tuple[Wallet, str], Atoms] = defaultdict(int)
    for instrument in instruments:
        sizing = sizings[instrument.symbol]
        _, highest_price = backstops(sizing.reference_nanoticks)
        for needs, qty in (
            (maker, most_quoted(sizing.level_qty, sizing.backstop_qty)),
            (takers, LARGEST_TAKE * sizing.trade_qty),
        ):
            if instrument.contract is not None:
                held = TAKER_HOLDS_TRADES * sizing.trade_qty if needs is takers else 0
                needs[instrument.wallet, instrument.quote.code] += _COLLATERAL * instrument.notional(highest_price, qty + held)
                continue
            needs[instrument.wallet, instrument.base.code] += qty * instrument.atoms_per_lot
            needs[instrument.wallet, instrument.quote.code] += instrument.notional(highest_price, qty)
    return dict(maker), dict(takers)
