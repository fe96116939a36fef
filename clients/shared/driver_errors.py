"""Exceptions of a client in the words of the driver protocol.

Must not know any client's classes: which kind each is, is a table of its driver.
"""

from __future__ import annotations

from .driver_values import Fields
from .errors import VenueError

#: The first class that an error is an instance of counts, so derived classes stand before their bases.
Kinds = tuple[tuple[type[Exception], str], ...]


def kind_of(error: Exception, kinds: Kinds) -> str:
    """`other` for an error outside the table."""
    return next((kind for error_class, kind in kinds if isinstance(error, error_class)), "other")


def told_error(error: Exception, kinds: Kinds) -> Fields:
    """The protocol's error: with the venue's message, code and status, if it is a client's."""
    told: Fields = {"kind": kind_of(error, kinds), "message": str(error), "exception": type(error).__name__}
    if isinstance(error, VenueError):
        told["message"] = error.message
        told["code"] = None if error.code is None else str(error.code)
        told["status"] = error.http_status
    return told
