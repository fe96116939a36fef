"""A rig with a spot pair and its perpetual contract, in decimals: published numbers can be written down as they are printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from exchange_rig import Rig, grid_steps, make_policy

from mockex.core.commands import SetFundingRate, SetIndexPrice, SetMarkPrice
from mockex.core.contract import Contract
from mockex.core.contract_terms import ContractTerms, FundingTerms, MarginMethod, MarginTier, PositionMerge, PositionTerms
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.orders import Order, Side, TimeInForce
from mockex.core.positions import Position
from mockex.core.units import Asset, Instrument

BTC, USDT = Asset(code="BTC", decimals=8), Asset(code="USDT", decimals=18)
MILLION = 10**6 * 10**USDT.decimals
SPOT, PERP = "BTC_USDT", "BTC_USDT_SWAP"
LONG, SHORT, SPLIT = PositionMerge.LONG, PositionMerge.SHORT, PositionMerge.SPLIT
ISOLATED, CROSS = MarginMethod.ISOLATED, MarginMethod.CROSS

TIERS = (
    MarginTier(max_value=MILLION, maintenance_rate=5_000_000, initial_rate=10_000_000, max_leverage=100),
    MarginTier(max_value=2 * MILLION, maintenance_rate=7_500_000, initial_rate=15_000_000, max_leverage=67),
    MarginTier(max_value=None, maintenance_rate=15_000_000, initial_rate=30_000_000, max_leverage=33),
)
"""ktx§11; the third stands for all that follow."""

A_TENTH_PERCENT = FeeSchedule(maker_rate=1_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=18)


def instrument(symbol: str, contract: ContractTerms | None = None) -> Instrument:
    return Instrument.create(
        symbol=symbol,
        base=BTC,
        quote=USDT,
        tick_size=Decimal("0.0001"),
        lot_size=Decimal("0.0001"),
        min_qty=Decimal("0.0001"),
        contract=contract,
    )


def perpetual(symbol: str = PERP, **terms: Any) -> Instrument:
    return instrument(symbol, ContractTerms(tiers=TIERS, **{"index_symbol": SPOT, "funding": FundingTerms(), **terms}))


class PerpetualRig(Rig):
    """Orders are for the perpetual unless they name a symbol."""

    def __init__(self, *instruments: Instrument, start_ns: int = 0, **policy: Any) -> None:
        super().__init__(
            *(instruments or (perpetual(), instrument(SPOT))),
            policy=make_policy(**{"fees": A_TENTH_PERCENT, **policy}),
            start_ns=start_ns,
        )

    def contract(self, symbol: str = PERP) -> Contract:
        contracts = self.exchange.contracts
        assert contracts is not None
        return contracts.by_symbol[symbol]

    def positions(self, account_id: str) -> list[Position]:
        contracts = self.exchange.contracts
        assert contracts is not None
        return contracts.positions.of(self.exchange.accounts[account_id])

    def position(self, account_id: str) -> Position:
        (position,) = self.positions(account_id)
        return position

    # --- orders

    def enter(self, account_id: str, merge: PositionMerge, qty: str, price: str | None, **terms: Any) -> Order:
        """Opens; a split position needs its `side`."""
        return self._order(account_id, merge, qty, price, close=False, **terms)

    def leave(self, account_id: str, merge: PositionMerge, qty: str, price: str | None, **terms: Any) -> Order:
        """Closes."""
        return self._order(account_id, merge, qty, price, close=True, **terms)

    def _order(
        self,
        account_id: str,
        merge: PositionMerge,
        qty: str,
        price: str | None,
        *,
        close: bool,
        method: MarginMethod = ISOLATED,
        leverage: int = 10,
        side: Side | None = None,
        position_id: int | None = None,
        **terms: Any,
    ) -> Order:
        return self.place(
            self.order(
                account_id,
                side or side_of(merge, close=close),
                qty,
                price,
                position=PositionTerms(
                    merge=merge, margin_method=method, leverage=leverage, close=close, position_id=position_id
                ),
                **terms,
            )
        )

    def quote(self, price: str, qty: str = "0.0001") -> None:
        """Somebody trades at a price, and so makes it the last; the contract's middle and index are left as they are."""
        self.enter("maker", LONG, qty, price)
        self.enter("taker", SHORT, qty, price, time_in_force=TimeInForce.IOC)

    def mark_at(self, price: str | None, symbol: str = PERP) -> None:
        """Sets the index; it is the mark as long as nothing else has a price, or the median of what has."""
        ticks = None if price is None else grid_steps(price, Decimal("0.0001"))
        self.execute(SetIndexPrice(symbol=symbol, price=ticks))

    def override_mark(self, price: str | None, symbol: str = PERP) -> None:
        """Sets the mark itself, or leaves it to the market again."""
        self.execute(SetMarkPrice(symbol=symbol, price=None if price is None else grid_steps(price, Decimal("0.0001"))))

    def funding_rate(self, rate: int | None, symbol: str = PERP) -> None:
        self.execute(SetFundingRate(symbol=symbol, rate=rate))

    # --- numbers

    def price(self, ticks: int | Fraction | None, symbol: str = PERP) -> Decimal:
        """To four decimals more than a tick has, half up."""
        assert ticks is not None
        scaled = Fraction(ticks) * Fraction(self.instruments[symbol].price_scale.increment)
        return Decimal(round(scaled * 10**4)).scaleb(-4)

    def usdt(self, atoms: int) -> Decimal:
        return self.amount(atoms, "USDT").normalize()

    @property
    def mark(self) -> Decimal:
        return self.price(self.contract().mark)


def side_of(merge: PositionMerge, *, close: bool) -> Side:
    assert merge is not SPLIT, "name the side"
    return Side.BUY if (merge is LONG) is not close else Side.SELL


def perpetual_rig(**policy: Any) -> PerpetualRig:
    """alice and bob with 100,000 USDT each."""
    rig = PerpetualRig(**policy)
    for account_id in ("alice", "bob"):
        rig.open(account_id, USDT=100_000)
    return rig
