"""What Coinstore keeps besides trading: the numbers of its pairs, currencies and customers, and the client ids it makes up.

Owns no balance and no order.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from mockex.venues.coinstore.addresses import AddressBook
from mockex.venues.coinstore.chains import Chain
from mockex.venues.coinstore.instruments import CURRENCY_IDS, pair_ids
from mockex.wire.desk import Desk
from mockex.wire.places import Places

# Of the first customer: as in the document's sample, where account ids are longer than uids (cs§7.3).
FIRST_UID, FIRST_ACCOUNT = 315, 1_134_971

MARKET_MAKER = "market_maker"
SUB_ACCOUNT = "sub_account"

# Conditions that an operator may put an account into: name -> what it does. cs§7.7, cs§11.1.
ACCOUNT_FLAGS: Mapping[str, str] = {
    MARKET_MAKER: "the account may have more than 50 open orders",
    "login_frozen": "signed requests are refused with 401, as when a parent freezes a sub-account",
    "pair_restricted": "orders are refused with 3012",
    "trading_restricted": "orders are refused with 3013",
    "sub_trading_restricted": "orders are refused with 3014",
    "sub_pair_restricted": "orders are refused with 3015",
    SUB_ACCOUNT: "withdrawals and transfers from or to a sub-account are refused with 6001",
}

FUNDING_CLOSED = "funding_closed"
FLAGS: Mapping[str, str] = {FUNDING_CLOSED: "deposits and withdrawals are suspended on every chain"}

_FIRST_OTHER_CURRENCY = 5_000


class CoinstoreState:
    """`call.state` of the handlers."""

    def __init__(self, desk: Desk) -> None:
        exchange = desk.exchange
        self._desk = desk
        self.addresses = AddressBook(f"{desk.rng.getrandbits(128):032x}")
        self.session_seed = f"{desk.rng.getrandbits(128):032x}"
        self._rng = random.Random(f"{desk.rng.getrandbits(128):032x}/client ids")
        self._pair_ids = pair_ids(exchange.markets)
        self._symbols = {pair_id: symbol for symbol, pair_id in self._pair_ids.items()}
        others = (code for code in exchange.assets if code not in CURRENCY_IDS)
        self._currency_ids = {**CURRENCY_IDS, **{code: _FIRST_OTHER_CURRENCY + place for place, code in enumerate(others)}}
        self._places = Places(exchange.accounts)

    def pair_id(self, symbol: str) -> int:
        """The number of a listed pair. KeyError for another."""
        return self._pair_ids[symbol]

    def symbol_of(self, pair_id: int) -> str | None:
        """The pair of a number."""
        return self._symbols.get(pair_id)

    def currency_id(self, asset: str) -> int:
        return self._currency_ids[asset]

    def uid(self, account_id: str) -> int:
        return FIRST_UID + self._places.of(account_id)

    def account_number(self, account_id: str) -> int:
        return FIRST_ACCOUNT + self._places.of(account_id)

    def new_client_id(self) -> str:
        """For an order that has none: 32 lower-case hexadecimal digits (cs§5)."""
        return f"{self._rng.getrandbits(128):032x}"

    def is_closed(self, chain: Chain) -> bool:
        """Whether deposits and withdrawals on it are suspended."""
        return FUNDING_CLOSED in self._desk.flags


def make_state(desk: Desk) -> CoinstoreState:
    return CoinstoreState(desk)
