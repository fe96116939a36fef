"""The operator's words for the core's closed sets, and exact amounts from what an operator gives."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, TypeVar

from mockex.core.contract import Contract
from mockex.core.contracts import Contracts
from mockex.core.ledger import Account
from mockex.core.markets import Market
from mockex.core.units import Asset, Atoms, Scale, Wallet
from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.simulation import Simulation
from mockex.wire.decimals import DecimalError, exact_units, parse, to_units
from mockex.wire.venue import Venue

Amount: TypeAlias = Decimal | str | int
"""A price, quantity or amount of money as an operator writes it. A float is refused: it is not what was written."""

E = TypeVar("E", bound=Enum)

MAX_NAME_LENGTH = 64


def word(member: Enum) -> str:
    """`PRICE_DISCOVERY` is "price_discovery"."""
    return member.name.lower()


def words(members: Iterable[Enum]) -> str:
    return ", ".join(word(member) for member in members)


def member_named(kind: type[E], text: str, what: str) -> E:
    """The member that `text` is the word of. OperatorError lists them all."""
    for member in kind:
        if word(member) == text:
            return member
    raise OperatorError(f"{what} is one of {words(kind)}, not {text!r}")


def amount(value: Amount, what: str) -> Decimal:
    """An exact decimal of any sign."""
    try:
        return parse(value)
    except DecimalError as error:
        raise OperatorError(f"{what} must be a decimal number, best as text: {error}") from None


def positive(value: Amount, what: str) -> Decimal:
    number = amount(value, what)
    if number <= 0:
        raise OperatorError(f"{what} must be positive, not {number}")
    return number


def atoms(value: Decimal, asset: Asset, what: str) -> Atoms:
    """OperatorError if the asset has fewer decimals."""
    try:
        return exact_units(value, asset.decimals)
    except DecimalError as error:
        raise OperatorError(f"{what} in {asset.code}: {error}") from None


def on_grid(value: Decimal, scale: Scale, what: str) -> int:
    """How many steps of the grid `value` is. OperatorError if it lies between two."""
    units, exact = to_units(value, scale.decimals)
    steps, rest = divmod(units, scale.step)
    if rest or not exact:
        raise OperatorError(f"{what} {value} is not a multiple of {scale.increment:f}")
    return steps


def wallet_named(venue: Venue, text: str | None, *, default: Wallet) -> Wallet:
    """One of the venue's wallets. `None` is `default` if demo accounts have money there, else their first wallet."""
    if text is None:
        return default if default in venue.demo_wallets else venue.demo_wallets[0]
    for wallet in venue.wallets:
        if word(wallet) == text:
            return wallet
    raise OperatorError(f"a wallet of {venue.name} is one of {words(venue.wallets)}, not {text!r}")


def the_asset(venue: Venue, code: str) -> Asset:
    for asset in venue.assets:
        if asset.code == code:
            return asset
    raise OperatorError(f"{venue.name} has no asset {code!r}; it has {', '.join(asset.code for asset in venue.assets)}")


def the_account(simulation: Simulation, account_id: str) -> Account:
    found = simulation.desk.exchange.accounts.get(account_id)
    if found is None:
        raise NotFoundError(f"{simulation.venue.name} has no account {account_id!r}; create it first")
    return found


def the_market(simulation: Simulation, symbol: str) -> Market:
    markets = simulation.desk.exchange.markets
    if symbol not in markets:
        raise NotFoundError(f"{simulation.venue.name} has no instrument {symbol!r}; it has {', '.join(markets)}")
    return markets[symbol]


def the_contracts(simulation: Simulation) -> Contracts:
    contracts = simulation.desk.exchange.contracts
    if contracts is None:
        raise NotFoundError(f"{simulation.venue.name} has no contracts, it trades spot alone")
    return contracts


def the_contract(simulation: Simulation, symbol: str) -> Contract:
    known = the_contracts(simulation).by_symbol
    if symbol not in known:
        raise NotFoundError(f"{simulation.venue.name} has no contract {symbol!r}; it has {', '.join(known)}")
    return known[symbol]


def check_name(text: str, what: str) -> None:
    """OperatorError unless the text is short, printable and without blanks: it stands in paths and in a venue's answers."""
    if not (0 < len(text) <= MAX_NAME_LENGTH and text.isprintable() and text.isascii() and " " not in text and "/" not in text):
        raise OperatorError(f"{what} is 1 to {MAX_NAME_LENGTH} printable ASCII characters without blanks and slashes")
