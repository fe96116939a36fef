"""The numbers by which HTX names its customers and their accounts: a uid for each customer, an account id for each wallet.

Owns the numbering, nothing of what is in an account. Invariants: a number never changes and depends only on the order in which
customers came, not on who asks first; no two accounts share one. Figures of the first customer and the distances are ASSUMED;
they are as long as those of the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.core.ledger import Account
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet
from mockex.wire.faults import ApiFault
from mockex.wire.json import JsonValue
from mockex.wire.pipeline import Call
from mockex.wire.places import Places

FIRST_UID, FIRST_ACCOUNT = 13_496_526, 100_009
ACCOUNTS_APART = 10

# Accounts that a customer can list and ask for, by the wallet behind each (htx§3.3). Of the further types there is none:
# margin, points, borrowing and investments are not simulated.
ACCOUNT_TYPES: Mapping[Wallet, str] = {Wallet.SPOT: "spot", Wallet.FUNDING: "otc"}

_WALLETS = {wallet - Wallet.SPOT: wallet for wallet in Wallet}
_MAX_DIGITS = 18


class Identities:
    """Numbers for the customers of one exchange. `accounts`: all of them, in the order of their coming; none ever goes."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._places = Places(accounts)

    def uid(self, account_id: str) -> int:
        return FIRST_UID + self._places.of(account_id)

    def account_number(self, account_id: str, wallet: Wallet = Wallet.SPOT) -> int:
        return FIRST_ACCOUNT + ACCOUNTS_APART * self._places.of(account_id) + wallet - Wallet.SPOT

    def customer(self, uid: int) -> str | None:
        """Whose uid it is."""
        return self._places.at(uid - FIRST_UID)

    def holder(self, account_number: int) -> tuple[str, Wallet] | None:
        """The customer and the wallet that an account id stands for."""
        place, offset = divmod(account_number - FIRST_ACCOUNT, ACCOUNTS_APART)
        name = self._places.at(place)
        wallet = _WALLETS.get(offset)
        return None if name is None or wallet is None else (name, wallet)


def identities_of(call: Call) -> Identities:
    found = call.state.identities
    assert isinstance(found, Identities)
    return found


def own_uid(call: Call) -> int:
    """The caller's."""
    return identities_of(call).uid(call.account_id)


def number_of(value: JsonValue) -> int | None:
    """A uid or an account id, as a number or as text (htx§1.1); None for anything else."""
    if type(value) is int:
        return value
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        return int(value)
    return None


def account_of(call: Call, value: JsonValue, unknown: Enum = RejectReason.ACCOUNT_UNKNOWN) -> Wallet:
    """Which of the caller's own accounts an `account-id` names. `unknown` for any other number, and for what is none."""
    number = number_of(value)
    found = None if number is None else identities_of(call).holder(number)
    if found is None or found[0] != call.account_id or found[1] not in ACCOUNT_TYPES:
        raise ApiFault(unknown, value=_shown(value), user=str(own_uid(call)))
    return found[1]


def trading_account(call: Call, value: JsonValue) -> None:
    """ACCOUNT_UNKNOWN unless the `account-id` is that of the caller's spot account: only it has orders (ASSUMED)."""
    if account_of(call, value) is not Wallet.SPOT:
        raise ApiFault(RejectReason.ACCOUNT_UNKNOWN, value=_shown(value), user=str(own_uid(call)))


def _shown(value: JsonValue) -> str:
    return str(value)[:32] if type(value) in (str, int) else ""
