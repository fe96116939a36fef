"""A client's own copy of a book, merged from depth messages, which trusts nothing that it is told (okj§11.4).

It knows only what was sent. Every message must keep the rules of the channel, and its checksum must be that of this copy.
"""

from __future__ import annotations

import zlib
from decimal import Decimal
from itertools import zip_longest
from typing import Any

MAX_LEVELS = 400
CHECKSUM_LEVELS = 25


def crc(bids: list[list[Any]], asks: list[list[Any]]) -> int:
    """Of levels as they were sent, best first: the signed CRC-32 of the first 25, in turn."""
    texts = []
    for bid, ask in zip_longest(bids[:CHECKSUM_LEVELS], asks[:CHECKSUM_LEVELS]):
        texts += [f"{level[0]}:{level[1]}" for level in (bid, ask) if level is not None]
    return int.from_bytes(zlib.crc32(":".join(texts).encode()).to_bytes(4), signed=True)


class ClientBook:
    """`bids` and `asks`: the levels as they were sent, by price."""

    def __init__(self) -> None:
        self.bids: dict[Decimal, list[Any]] = {}
        self.asks: dict[Decimal, list[Any]] = {}
        self.updates = 0

    def best_first(self, side: str) -> list[list[Any]]:
        levels = self.bids if side == "bids" else self.asks
        return [levels[price] for price in sorted(levels, reverse=side == "bids")]

    def apply(self, message: dict[str, Any]) -> None:
        (row,) = message["data"]
        if message["action"] == "partial":
            self.bids, self.asks = {}, {}
        else:
            assert message["action"] == "update"
            self.updates += 1
            assert row["bids"] or row["asks"], "an update without a level says nothing"
        self._apply_side(self.bids, row["bids"], descending=True)
        self._apply_side(self.asks, row["asks"], descending=False)
        assert row["checksum"] == crc(self.best_first("bids"), self.best_first("asks"))

    def _apply_side(self, levels: dict[Decimal, list[Any]], sent: list[list[Any]], *, descending: bool) -> None:
        prices = [Decimal(level[0]) for level in sent]
        assert prices == sorted(set(prices), reverse=descending), "best first, each price once"
        for price, level in zip(prices, sent, strict=True):
            if level[1] == "0":
                assert price in levels, f"{level} deletes what was never sent"
                assert int(level[-1]) == 0
                del levels[price]
            else:
                assert levels.get(price) != level, f"{level} is no news"
                levels[price] = level
        assert len(levels) <= MAX_LEVELS
