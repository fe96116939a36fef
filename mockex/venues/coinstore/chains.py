"""The chains on which Coinstore takes and sends coins. Source: cs§7.2 for the fields; figures ASSUMED.

A coin on a foreign chain has a currency code of its own beside the coin's: the document asks for an address of `USDTTRX` on the
chain `TRX` (cs§7.14). Amounts are text in units of the currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class TagRule(IntEnum):
    """Whether an address needs a tag beside it."""

    NONE = 0
    REQUIRED = 1
    OPTIONAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """`code`: the currency code on this chain. `max_withdrawal` 0: no maximum (proposed). `platform_rate`: share of the amount
    that is taken beside the fee.
    """

    asset: str
    code: str
    name: str
    protocol: str
    contract: str = ""
    fee: str
    min_fee: str
    platform_rate: str = "0"
    min_withdrawal: str
    max_withdrawal: str = "0"
    min_deposit: str
    tag: TagRule = TagRule.NONE


CHAINS = (
    Chain(
        asset="USDT", code="USDTTRX", name="TRX", protocol="trc20", contract="TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        fee="1", min_fee="1", min_withdrawal="10", min_deposit="1",
    ),
    Chain(
        asset="USDT", code="USDT", name="ETH", protocol="erc20", contract="0xdac17f958d2ee523a2206206994597c13d831ec7",
        fee="3", min_fee="3", min_withdrawal="20", min_deposit="1",
    ),
    Chain(
        asset="BTC", code="BTC", name="BTC", protocol="btc", fee="0.0004", min_fee="0.0004", min_withdrawal="0.001",
        max_withdrawal="40", min_deposit="0.0001",
    ),
    Chain(
        asset="ETH", code="ETH", name="ETH", protocol="erc20", fee="0.003", min_fee="0.003", min_withdrawal="0.01",
        max_withdrawal="600", min_deposit="0.001",
    ),
    Chain(
        asset="TRX", code="TRX", name="TRX", protocol="trc20", fee="1", min_fee="1", platform_rate="0.001",
        min_withdrawal="10", min_deposit="1",
    ),
    Chain(
        asset="LUFFY", code="LUFFY", name="BSC", protocol="bnbbsc", contract="0x54192323c20d2af0367336f8024d92f940ac68d2",
        fee="1000000", min_fee="1000000", min_withdrawal="5000000", min_deposit="1000", tag=TagRule.OPTIONAL,
    ),
)  # fmt: skip


def chains_of(asset: str) -> tuple[Chain, ...]:
    """The asset's chains, its usual one first."""
    return tuple(chain for chain in CHAINS if chain.asset == asset)


def asset_of(currency_code: str) -> str | None:
    """The coin of a currency code, or of a chain's own one; in any case (ASSUMED). None: no such."""
    wanted = currency_code.upper()
    return next((chain.asset for chain in CHAINS if wanted in (chain.asset, chain.code)), None)
