"""The checksum of a depth message. Source: okj§11.4, equal in 3,161 recorded messages.

CRC32 as a signed 32-bit integer over the best 25 levels, bids and asks in turn, each `price:quantity` exactly as the
message prints it. When one side is shorter, the rest of the other follows alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import zip_longest

CHECKSUM_LEVELS = 25


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
