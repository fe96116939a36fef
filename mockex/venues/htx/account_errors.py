"""What HTX finds wrong with calls about accounts, transfers and payments, in both versions' words. Source: htx§3.3, §3.5, §7.

`errors` adds these to the venue's tables. Texts of 2002 in back quotes are those of the account endpoints, in the vendor's own
document; wallet endpoints quote with `"`. Which of two codes a mistake has that no source tells of is ASSUMED.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from mockex.core.rejects import RejectReason
from mockex.venues.htx.error_codes import variant
from mockex.wire.faults import WireError


class AccountFault(Enum):
    """Beside the faults and refusals that all endpoints share."""

    LEDGER_FIELD = auto()
    LEDGER_TIME = auto()
    LEDGER_START_UNKNOWN = auto()
    TRANSFER_IMPOSSIBLE = auto()
    TRANSFER_USER = auto()
    TRANSFER_FUNDS = auto()
    ADDRESS_MALFORMED = auto()
    ADDRESS_NOT_LISTED = auto()
    CHAIN_UNKNOWN = auto()
    WITHDRAWAL_FEE = auto()
    WITHDRAWAL_TOO_SMALL = auto()
    WITHDRAWAL_TOO_LARGE = auto()
    WITHDRAWAL_FUNDS = auto()
    WITHDRAWAL_UNKNOWN = auto()


ACCOUNT_V1: Mapping[Enum, str | WireError] = {
    AccountFault.LEDGER_FIELD: "base-argument-unsupported",  # like the next two never: only v2 has a ledger
    AccountFault.LEDGER_TIME: "base-argument-unsupported",
    AccountFault.LEDGER_START_UNKNOWN: "base-record-invalid",
    AccountFault.TRANSFER_IMPOSSIBLE: "dw-account-transfer-error",
    AccountFault.TRANSFER_USER: "sub-user-auth-required",
    AccountFault.TRANSFER_FUNDS: "dw-insufficient-balance",
    AccountFault.ADDRESS_MALFORMED: "invalid-address",
    AccountFault.ADDRESS_NOT_LISTED: "api-not-support-temp-addr",
    AccountFault.CHAIN_UNKNOWN: "base-currency-chain-error",
    AccountFault.WITHDRAWAL_FEE: "base-withdraw-fee-error",
    AccountFault.WITHDRAWAL_TOO_SMALL: "dw-withdraw-min-limit",
    AccountFault.WITHDRAWAL_TOO_LARGE: variant("base-argument-unsupported", "argument is not supported: amount"),
    AccountFault.WITHDRAWAL_FUNDS: "dw-insufficient-balance",
    AccountFault.WITHDRAWAL_UNKNOWN: "base-record-invalid",
}

_FORBIDDEN = variant("1002", "forbidden")

# The rest has no v2 endpoint.
ACCOUNT_V2: Mapping[Enum, str | WireError] = {
    AccountFault.LEDGER_FIELD: variant("2002", "invalid field value in `{field}`"),
    AccountFault.LEDGER_TIME: variant("2002", "value in `{field}` exceeded valid range"),
    AccountFault.LEDGER_START_UNKNOWN: variant("2002", "value in `fromId` is not found in record"),
    AccountFault.TRANSFER_IMPOSSIBLE: variant("2002", "dw-account-transfer-error"),  # v1's word, for want of another
    AccountFault.TRANSFER_USER: _FORBIDDEN,
    AccountFault.TRANSFER_FUNDS: variant("2002", "dw-insufficient-balance"),
    AccountFault.CHAIN_UNKNOWN: variant("2002", 'invalid field value in "chain"'),
    RejectReason.WALLET_FROZEN: _FORBIDDEN,
}
