"""The life of one login as a table: where a state notification leads.

Pure: no time, no sockets. Source: gw§8, gw§12.
"""

from __future__ import annotations

from enum import Enum, auto

from .vocabulary import StateCode


class Phase(Enum):
    """Where a login stands. READY alone allows operations."""

    OFFLINE = auto()
    """There is no connection, or the login was not sent yet."""

    LOGGING_IN = auto()
    """Sent and not answered, or refused for now because the gateway has not missed an older connection yet."""

    WAITING = auto()
    """There is a token. The gateway connects to the venue, or does so again: the client only waits."""

    READY = auto()

    TROUBLED = auto()
    """An error came before the first READY. If that does not come soon, only another login helps."""

    FAILED = auto()
    """Not to be mended: it was logged out, and the reason reported."""

    LOGGED_OUT = auto()
    """By the user."""


_WITH_TOKEN = (Phase.WAITING, Phase.READY, Phase.TROUBLED)


def next_phase(phase: Phase, code: StateCode, *, has_been_ready: bool) -> Phase:
    """Where a login stands after a notification. Without a token nothing changes anything: those that come are leftovers."""
    if phase not in _WITH_TOKEN:
        return phase
    match code:
        case StateCode.PARAM_MISS:
            return Phase.FAILED
        case StateCode.READY:
            return Phase.READY
        case StateCode.GENERAL_ERROR:
            return phase if has_been_ready else Phase.TROUBLED
        case StateCode.CONNECT_SUCCESS:
            return phase
        case StateCode.CONNECT_FAILED | StateCode.DISCONNECT | StateCode.RECONNECTING:
            # Trouble is not over because the link is made anew: the gateway does so after a query that failed.
            return Phase.TROUBLED if phase is Phase.TROUBLED else Phase.WAITING
