"""Balances of the spot account.

Owns: the path, the model, and the joining of its two rows per currency.
Source: Coinstore document, "Account"; cs§7.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .errors import MalformedReplyError
from .fields import Row, sum_of
from .rest import RestTransport
from .vocabulary import BalanceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account holds of one currency."""

    currency: str
    uid: int
    account_id: int
    available: Decimal
    frozen: Decimal

    @property
    def total(self) -> Decimal:
        """What the account holds of the currency, free or not."""
        return sum_of(self.available, self.frozen)


def join_balances(rows: Iterable[Row]) -> tuple[Balance, ...]:
    """One balance per currency, in the order of their first rows. A missing row counts as zero; kinds outside the table do not
    count. MalformedReplyError if a currency has two rows of one kind.
    """
    amounts: dict[str, dict[int, Decimal]] = {}
    owners: dict[str, tuple[int, int]] = {}
    for row in rows:
        currency, kind = row.text("currency"), row.integer("type")
        owners.setdefault(currency, (row.integer("uid"), row.integer("accountId")))
        held = amounts.setdefault(currency, {})
        if kind in held:
            raise MalformedReplyError(f"{currency} has two balances of type {kind}")
        held[kind] = row.decimal("balance")
    zero = Decimal(0)
    return tuple(
        Balance(
            currency=currency,
            uid=uid,
            account_id=account_id,
            available=amounts[currency].get(BalanceKind.AVAILABLE, zero),
            frozen=amounts[currency].get(BalanceKind.FROZEN, zero),
        )
        for currency, (uid, account_id) in owners.items()
    )


class AccountApi:
    """Balances."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def balances(self) -> tuple[Balance, ...]:
        """Balances of all currencies of the account."""
        reply = await self._rest.post_private("/api/spot/accountList", {})
        return join_balances(reply.rows("balance"))
