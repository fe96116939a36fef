"""The chains on which HTX takes and sends coins. Source: htx§3.1 for fields and the names of USDT's chains; figures ASSUMED.

Amounts are text in units of the currency, as the reference data print them.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockex.wire.addresses import BITCOIN, DOGECOIN, ETHEREUM, TRON, AddressFamily


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """`base` and `protocol` None: the coin's own chain. `fee_max` None: the fee is fixed, else it lies in between."""

    name: str
    asset: str
    title: str
    family: AddressFamily
    base: str | None = None
    protocol: str | None = None
    confirmations: int
    fast_confirmations: int
    min_deposit: str
    min_withdrawal: str
    max_withdrawal: str
    daily_quota: str
    precision: int
    fee: str
    fee_max: str | None = None
    tagged: bool = False

    @property
    def carrier(self) -> str:
        """The coin to which the chain itself belongs."""
        return self.base or self.asset


CHAINS = (
    Chain(
        name="trc20usdt", asset="USDT", title="TRC20", family=TRON, base="TRX", protocol="TRC20",
        confirmations=20, fast_confirmations=20,
        min_deposit="1", min_withdrawal="2", max_withdrawal="2000000", daily_quota="2000000", precision=6,
        fee="1", fee_max="10",
    ),
    Chain(
        name="usdterc20", asset="USDT", title="ERC20", family=ETHEREUM, base="ETH", protocol="ERC20",
        confirmations=64, fast_confirmations=64,
        min_deposit="1", min_withdrawal="10", max_withdrawal="2000000", daily_quota="2000000", precision=6, fee="4",
    ),
    Chain(
        name="btc", asset="BTC", title="BTC", family=BITCOIN, confirmations=2, fast_confirmations=1,
        min_deposit="0.0001", min_withdrawal="0.001", max_withdrawal="40", daily_quota="40", precision=8, fee="0.0004",
    ),
    Chain(
        name="eth", asset="ETH", title="ETH", family=ETHEREUM, confirmations=64, fast_confirmations=64,
        min_deposit="0.001", min_withdrawal="0.01", max_withdrawal="600", daily_quota="600", precision=8, fee="0.003",
    ),
    Chain(
        name="trx1", asset="TRX", title="TRX", family=TRON, confirmations=20, fast_confirmations=20,
        min_deposit="1", min_withdrawal="10", max_withdrawal="10000000", daily_quota="10000000", precision=6, fee="1",
    ),
    Chain(
        name="doge", asset="DOGE", title="DOGE", family=DOGECOIN, confirmations=40, fast_confirmations=20,
        min_deposit="1", min_withdrawal="20", max_withdrawal="10000000", daily_quota="10000000", precision=8, fee="5",
    ),
    Chain(
        name="shib", asset="SHIB", title="ERC20", family=ETHEREUM, base="ETH", protocol="ERC20",
        confirmations=64, fast_confirmations=64,
        min_deposit="10000", min_withdrawal="400000", max_withdrawal="60000000000", daily_quota="60000000000", precision=2,
        fee="200000",
    ),
)  # fmt: skip


# The vendor's document, "Deposit and Withdraw", Q2: where a withdrawal of USDT goes that names no chain.
DEFAULT_CHAINS = {"USDT": "usdterc20"}


def chains_of(asset: str) -> tuple[Chain, ...]:
    """The asset's chains, its usual one first."""
    return tuple(chain for chain in CHAINS if chain.asset == asset)


def chain_named(asset: str, name: str) -> Chain | None:
    return next((chain for chain in chains_of(asset) if chain.name == name), None)


def default_chain(asset: str) -> Chain:
    """Where a withdrawal goes that names no chain."""
    name = DEFAULT_CHAINS.get(asset)
    return chains_of(asset)[0] if name is None else next(chain for chain in CHAINS if chain.name == name)
