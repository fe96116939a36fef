"""Chains that OKCoin Japan moves coins on: what may be withdrawn, and for what fee.

Source: okj§7 for the PLT chains and their minimum and for the fees of BTC, LTC and ETH; okj§5.3 for whole NEO. Every other
figure is ASSUMED. Knows no account and no request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mockex.wire.addresses import BITCOIN, BITCOIN_CASH, ETHEREUM, LITECOIN, NEO_LEGACY, XRP_LEDGER, AddressFamily

FEE_DECIMALS = 4  # okj§7: the unit of a fee is 0.0001
AMOUNT_DECIMALS = 8  # ASSUMED for every coin; the document only says that there is a smallest unit
MAX_TAG_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One currency on one chain. Amounts and fees in units of the currency.

    `max_withdrawal`: of one withdrawal. `tagged`: an address is only complete with a tag. `whole_units`: no fractions.
    """

    asset: str
    name: str
    family: AddressFamily
    min_withdrawal: Decimal
    max_withdrawal: Decimal
    min_fee: Decimal
    max_fee: Decimal
    tagged: bool = False
    whole_units: bool = False

    def split_address(self, text: str) -> tuple[str, str] | None:
        """(address, tag) of a `to_address`, which is `address:tag` where a tag is needed; None if it does not look right."""
        if not self.tagged:
            return (text, "") if self.family.accepts(text) else None
        address, _, tag = text.rpartition(":")
        is_tag = tag.isascii() and tag.isdigit() and len(tag) <= MAX_TAG_DIGITS
        return (address, tag) if is_tag and self.family.accepts(address) else None


def _chain(
    asset: str, name: str, family: AddressFamily, amounts: tuple[str, str], fees: tuple[str, str], **marks: bool
) -> Chain:
    """`amounts` and `fees`: least and most."""
    return Chain(
        asset=asset,
        name=name,
        family=family,
        min_withdrawal=Decimal(amounts[0]),
        max_withdrawal=Decimal(amounts[1]),
        min_fee=Decimal(fees[0]),
        max_fee=Decimal(fees[1]),
        **marks,
    )


CHAINS: tuple[Chain, ...] = (
    _chain("BTC", "BTC", BITCOIN, ("0.001", "100"), ("0.0005", "0.02")),
    _chain("ETH", "ETH", ETHEREUM, ("0.01", "2000"), ("0.01", "0.2")),
    _chain("XRP", "XRP", XRP_LEDGER, ("1", "5000000"), ("0.1", "1"), tagged=True),
    _chain("LTC", "LTC", LITECOIN, ("0.01", "50000"), ("0.001", "0.2")),
    _chain("BCH", "BCH", BITCOIN_CASH, ("0.01", "10000"), ("0.0005", "0.02")),
    _chain("NEO", "NEO", NEO_LEGACY, ("1", "100000"), ("0", "0"), whole_units=True),
    _chain("PLT", "Palette(pPLT)", ETHEREUM, ("0.1", "10000000"), ("0.1", "1")),
    _chain("PLT", "Ethereum(ePLT)", ETHEREUM, ("0.1", "10000000"), ("1", "20")),
)

# How much of a currency an account may withdraw in 24 hours until it changes that: ASSUMED, five of the largest withdrawals.
DAILY_LARGEST_WITHDRAWALS = 5

CASH = "JPY"
CASH_DECIMALS = 0  # ASSUMED: yen have no smaller coin
CASH_MIN_WITHDRAWAL = Decimal(1_000)  # ASSUMED
CASH_MAX_WITHDRAWAL = Decimal(10_000_000)  # ASSUMED
CASH_FEE = Decimal(400)  # okj§7: the fee of the examples

# `name` of the currency list: the Chinese name, or nothing (okj§7). The names ASSUMED.
CHINESE_NAMES: Mapping[str, str] = {
    "JPY": "日元",
    "BTC": "比特币",
    "ETH": "以太坊",
    "XRP": "瑞波币",
    "LTC": "莱特币",
    "BCH": "比特现金",
}


def chains_of(asset: str) -> tuple[Chain, ...]:
    """The chains of a currency, the usual one first; none for money in the bank."""
    return tuple(chain for chain in CHAINS if chain.asset == asset)


def chain_named(asset: str, name: str) -> Chain | None:
    """By name in any case, since currencies come in any case too."""
    return next((chain for chain in chains_of(asset) if chain.name.lower() == name.lower()), None)


def default_daily_limit(asset: str) -> Decimal:
    """How much of a currency may be withdrawn in 24 hours, all chains together."""
    largest = [chain.max_withdrawal for chain in chains_of(asset)] or [CASH_MAX_WITHDRAWAL]
    return max(largest) * DAILY_LARGEST_WITHDRAWALS
