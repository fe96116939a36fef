"""What the published replies mean, written down by hand: the expected side of the HTX client's parsing tests.

Each case is a call, the request that it must put on the wire without the parameters of authentication, the reply of the
fixtures, and the value that the caller must get.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from mockex.clients.htx import HtxClient


@dataclass(frozen=True, kw_only=True)
class Case:
    """`fixture` names the file of the reply, `reply` counts its responses. `query` is sorted by name."""

    fixture: str
    call: Callable[[HtxClient], Awaitable[Any]]
    path: str
    expected: Any
    query: str = ""
    body: Any = None  # of a POST; None for a GET
    reply: int = 0
    public: bool = False


def ms(count: int) -> datetime:
    """The moment of a wire timestamp, exactly."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)


def D(text: str) -> Decimal:  # noqa: N802 - as short as a literal, for it stands for one
    return Decimal(text)
