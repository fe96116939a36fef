"""What only KTX finds wrong with a request. How it says so is the error table's."""

from __future__ import annotations

from enum import Enum, auto


class KtxFault(Enum):
    """What only this venue finds wrong with a request."""

    HEADER_EMPTY = auto()
    HEADER_INVALID = auto()
    USAGE_EXCEEDED = auto()
    PARAM_EMPTY = auto()
    PARAM_COMBINATION = auto()
    ORDER_UNKNOWN = auto()
    POST_ONLY_CROSSES = auto()
    VALUE_TOO_LARGE = auto()
