"""What only KTX finds wrong with a request. How it says so is the error table's."""

from __future__ import annotations

from enum import Enum, auto


class KtxFault(Enum):
    """What only this venue finds wrong with a request."""

    HEADER_EMPTY = auto()
    USAGE_EXCEEDED = auto()
    PARAM_EMPTY = auto()
    PARAM_COMBINATION = auto()
    ORDER_UNKNOWN = auto()
    POST_ONLY_CROSSES = auto()
    VALUE_TOO_LARGE = auto()
    FOK_NOT_FILLABLE = auto()
    TOO_MANY_STREAMS = auto()
    NOT_IMPLEMENTED = auto()
    TRANSFER_INVALID = auto()
    TRANSFER_DUPLICATE = auto()
    AMOUNT_UNCOVERED = auto()  # a transfer of more than there is
