"""Where Coinstore's numbers start. Source: cs§5 and the samples; beside the rules for order ids they only have to ascend."""

from __future__ import annotations

from collections.abc import Mapping

FIRST_TRADE_ID = 301_000_000
FIRST_SEQ = 9_935_000  # of a pair's trades on the socket, where they have another number besides (cs§9.4)

ID_STARTS: Mapping[str, int] = {
    "trade": FIRST_TRADE_ID,
    "match": 258_000_000,
    "ledger entry": 1_040_000_000,
    "transfer": 50_000_000,
    "payment": 1_200_000,
}

# cs§5: an order's id is the second of its placing, shifted by so many bits, and a count within the second.
ORDER_ID_SECOND_BITS = 20
