"""The checksum of a depth message. Source: okj§11.4, equal in 3,161 recorded messages.

CRC32 as a signed 32-bit integer over the best 25 levels, bids and asks in turn, each `price:quantity` exactly as the
message prints it. When one side is shorter, the rest of the other follows alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import zip_longest

CHECKSUM_LEVELS = 25

_FIELD = re.compile(rb'"checksum":(-?[0-9]+)')


def checksum(bids: Sequence[tuple[str, str]], asks: Sequence[tuple[str, str]]) -> int:
    """Of the sides after a message was applied, best first, as (price, quantity) text."""
    parts = [
        f"{level[0]}:{level[1]}"
        for pair in zip_longest(bids[:CHECKSUM_LEVELS], asks[:CHECKSUM_LEVELS])
        for level in pair
        if level is not None
    ]
    unsigned = zlib.crc32(":".join(parts).encode("ascii"))
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


def corrupt_checksum(payload: bytes) -> bytes | None:
    """A depth message with the checksum of another book, still a signed 32-bit integer; None for a message without one."""
    found = _FIELD.search(payload)
    if found is None:
        return None
    wrong = ~int(found[1])  # every bit turned: never the same, and never out of range
    return payload[: found.start(1)] + str(wrong).encode("ascii") + payload[found.end(1) :]
