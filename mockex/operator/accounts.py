"""Accounts: who there is, what they have, and what an operator may change about them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mockex.core.commands import AdjustBalance, FreezeAccount
from mockex.core.ledger import Account
from mockex.core.units import Wallet
from mockex.operator.keys import KeyRequest, KeyView, check_keys, create_key, list_keys
from mockex.operator.orders import list_orders
from mockex.operator.positions import PositionView, positions_of
from mockex.operator.refusals import OperatorError, execute
from mockex.operator.views import AccountView, OrderView, OwnerView, balances_view, owner_view
from mockex.operator.words import Amount, amount, atoms, check_name, positive, the_account, the_asset, wallet_named, word
from mockex.simulation import Simulation
from mockex.wire.venue import Venue

BalanceInput = Mapping[str, Amount | Mapping[str, Amount]]
"""Asset -> amount, into the wallet that trades; or wallet -> asset -> amount."""


class AccountDetail(AccountView):
    """`owner` is None for participants of a live market. `orders`: the newest live ones. `positions`: in contracts, all."""

    owner: OwnerView | None
    keys: list[KeyView]
    orders: list[OrderView]
    positions: list[PositionView]


def list_accounts(simulation: Simulation) -> list[AccountView]:
    """In the order they were opened."""
    return [_view(simulation, account) for account in simulation.desk.exchange.accounts.values()]


def get_account(simulation: Simulation, account_id: str) -> AccountDetail:
    """NotFoundError if there is no such account."""
    account, person = the_account(simulation, account_id), simulation.desk.people.get(account_id)
    return AccountDetail(
        **_view(simulation, account),
        owner=None if person is None else owner_view(person),
        keys=list_keys(simulation, account_id),
        orders=list_orders(simulation, account=account_id),
        positions=positions_of(simulation, account),
    )


def create_account(
    simulation: Simulation,
    account_id: str,
    *,
    balances: BalanceInput | None = None,
    keys: Sequence[KeyRequest] | None = None,
) -> AccountDetail:
    """`keys` None: one that may do everything, called like the account.

    OperatorError if the account exists, a balance is negative, of an unknown asset or too fine, or a key's name is taken.
    """
    check_name(account_id, "an account's name")
    if account_id in simulation.desk.exchange.accounts:
        raise OperatorError(f"the account {account_id!r} exists already; choose another name, or deposit to it")
    start = read_balances(simulation.venue, balances or {})
    wanted = check_keys(simulation, (KeyRequest(name=account_id),) if keys is None else keys)
    simulation.open_account(account_id, start)
    for request in wanted:
        create_key(simulation, account_id, request)
    return get_account(simulation, account_id)


def adjust(simulation: Simulation, account_id: str, asset: str, by: Amount, wallet: str | None = None) -> AccountView:
    """Adds money from the outside, or takes it out if `by` is negative, at once and without a payment.

    RefusedError if the account has less available than is taken.
    """
    account, listed = the_account(simulation, account_id), the_asset(simulation.venue, asset)
    command = AdjustBalance(
        account_id=account.account_id,
        wallet=wallet_named(simulation.venue, wallet, default=Wallet.SPOT),
        asset=asset,
        amount=atoms(amount(by, "amount"), listed, "amount"),
    )
    execute(simulation, command)
    return _view(simulation, account)


def deposit(simulation: Simulation, account_id: str, asset: str, by: Amount, wallet: str | None = None) -> AccountView:
    """`adjust` by a positive amount."""
    return adjust(simulation, account_id, asset, positive(by, "amount"), wallet)


def withdraw(simulation: Simulation, account_id: str, asset: str, by: Amount, wallet: str | None = None) -> AccountView:
    """`adjust` by a positive amount, outwards."""
    return adjust(simulation, account_id, asset, positive(by, "amount").copy_negate(), wallet)  # unary minus would round


def set_frozen(simulation: Simulation, account_id: str, *, frozen: bool, wallet: str | None = None) -> AccountView:
    """Freezes or thaws an account, or only one wallet of it."""
    account = the_account(simulation, account_id)
    only = None if wallet is None else wallet_named(simulation.venue, wallet, default=Wallet.SPOT)
    execute(simulation, FreezeAccount(account_id=account_id, frozen=frozen, wallet=only))
    return _view(simulation, account)


def read_balances(venue: Venue, given: BalanceInput) -> dict[tuple[Wallet, str], Decimal]:
    """Checked amounts by wallet and asset. OperatorError if one is negative, too fine, or of an unknown asset or wallet."""
    balances: dict[tuple[Wallet, str], Decimal] = {}
    for name, entry in given.items():
        if isinstance(entry, Mapping):
            wallet, by_asset = wallet_named(venue, name, default=Wallet.SPOT), entry
        else:
            wallet, by_asset = wallet_named(venue, None, default=Wallet.SPOT), {name: entry}
        for code, value in by_asset.items():
            asset = the_asset(venue, code)
            number = amount(value, f"the balance of {code}")
            if atoms(number, asset, "a balance") < 0:
                raise OperatorError(f"a balance cannot be negative: {number} {code}")
            balances[wallet, code] = number
    return balances


def _view(simulation: Simulation, account: Account) -> AccountView:
    exchange = simulation.desk.exchange
    return AccountView(
        account=account.account_id,
        frozen=account.frozen,
        frozen_wallets=[word(wallet) for wallet in sorted(account.frozen_wallets)],
        flags=sorted(simulation.desk.account_flags.get(account.account_id, ())),
        balances=balances_view(account, exchange.assets),
        open_orders=sum(len(exchange.orders.live(account, symbol)) for symbol in exchange.markets),
    )
