"""How addresses and transaction ids look on well-known chains, and made-up ones of each.

Knows no venue, no currency's code and no account. Made-up addresses look right and carry no valid checksum, so a wallet program
refuses to send real coins to them.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
HEX = "0123456789abcdefABCDEF"
CASH_ADDRESS = "023456789acdefghjklmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFamily:
    """How addresses and transaction ids of related chains look.

    `pattern` tells an address from other text, no more. A made-up address is `prefix` and `length` symbols of `alphabet`.
    """

    pattern: re.Pattern[str]
    prefix: str
    alphabet: str
    length: int
    ignores_case: bool = False
    txid_prefix: str = ""
    txid_upper_case: bool = False

    def accepts(self, address: str) -> bool:
        return self.pattern.fullmatch(address) is not None

    def same(self, one: str, other: str) -> bool:
        """Whether two spellings are one address."""
        return one == other or (self.ignores_case and one.lower() == other.lower())

    def invent_address(self, rng: random.Random) -> str:
        return self.prefix + "".join(rng.choices(self.alphabet, k=self.length))

    def txid(self, hex_digits: str) -> str:
        """A transaction id of 64 lower-case hexadecimal digits, as this family writes it."""
        return self.txid_prefix + (hex_digits.upper() if self.txid_upper_case else hex_digits)


BITCOIN = AddressFamily(
    pattern=re.compile(rf"[13][{BASE58}]{{25,34}}|bc1[{CASH_ADDRESS}]{{11,71}}"), prefix="1", alphabet=BASE58, length=33
)
LITECOIN = AddressFamily(
    pattern=re.compile(rf"[LM3][{BASE58}]{{25,34}}|ltc1[{CASH_ADDRESS}]{{11,71}}"), prefix="L", alphabet=BASE58, length=33
)
BITCOIN_CASH = AddressFamily(
    pattern=re.compile(rf"(?:bitcoincash:)?[qp][{CASH_ADDRESS}]{{41}}|[13][{BASE58}]{{25,34}}"),
    prefix="q",
    alphabet=CASH_ADDRESS,
    length=41,
)
ETHEREUM = AddressFamily(
    pattern=re.compile(rf"0x[{HEX}]{{40}}"), prefix="0x", alphabet=HEX, length=40, ignores_case=True, txid_prefix="0x"
)
XRP_LEDGER = AddressFamily(
    pattern=re.compile(rf"r[{BASE58}]{{24,34}}"), prefix="r", alphabet=BASE58, length=33, txid_upper_case=True
)
NEO_LEGACY = AddressFamily(pattern=re.compile(rf"A[{BASE58}]{{33}}"), prefix="A", alphabet=BASE58, length=33, txid_prefix="0x")
TRON = AddressFamily(pattern=re.compile(rf"T[{BASE58}]{{33}}"), prefix="T", alphabet=BASE58, length=33)
DOGECOIN = AddressFamily(pattern=re.compile(rf"[DA9][{BASE58}]{{33}}"), prefix="D", alphabet=BASE58, length=33)
