"""What the published replies mean, written down by hand: the expected side of the Coinstore client's parsing tests.

Each case is a call, the published request that it must put on the wire byte for byte, the reply of the fixtures, and the value
that the caller must get.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from mockex.clients.coinstore import CoinstoreClient


@dataclass(frozen=True, kw_only=True)
class Case:
    """`fixture` names the file, `request` and `reply` count its examples. `now_ms` is the client's clock."""

    fixture: str
    call: Callable[[CoinstoreClient], Awaitable[Any]]
    expected: Any
    request: int = 0
    reply: int = 0
    now_ms: int = 1_629_291_143_107


def ms(count: int) -> datetime:
    """The moment of a wire timestamp, exactly."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)


def s(count: int) -> datetime:
    """The moment of a wire timestamp in seconds."""
    return ms(1000 * count)


def D(text: str) -> Decimal:  # noqa: N802 - as short as a literal, for it stands for one
    return Decimal(text)
