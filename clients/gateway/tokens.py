"""Whose a token is, and what came for tokens that nobody knows yet.

Owns: the table of tokens, and the frames that came before the reply to their login (gw§5).
Must not know: sockets, what states and pushes mean.
Invariant: the frames of a token are delivered in the order of the wire.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .frames import Notice, State

TokenFrame = State | Notice
Taker = Callable[[TokenFrame], None]

#: Frames that wait for the reply to a login. A login brings two or three before it.
_MOST_UNCLAIMED = 1_000

#: Tokens that were logged out, whose last pushes may still be on their way.
_FORMER_KEPT = 100


class Tokens:
    """Of the present connection, and some of those that were: no token is ever given twice."""

    def __init__(self) -> None:
        self._takers: dict[str, Taker] = {}
        self._former: deque[str] = deque(maxlen=_FORMER_KEPT)
        self._unclaimed: deque[TokenFrame] = deque(maxlen=_MOST_UNCLAIMED)

    def claim(self, token: str, taker: Taker) -> None:
        """From now on `taker` is given the frames of this token, first those that have come already."""
        self._takers[token] = taker
        early = [frame for frame in self._unclaimed if frame.token == token]
        self._unclaimed = deque((frame for frame in self._unclaimed if frame.token != token), maxlen=_MOST_UNCLAIMED)
        for frame in early:
            taker(frame)

    def release(self, token: str) -> None:
        """What still comes for it is of no interest."""
        self._takers.pop(token, None)
        self._former.append(token)

    def deliver(self, frame: TokenFrame, *, login_in_flight: bool) -> bool:
        """False if the token is nobody's, and no login that is in flight can bring it."""
        taker = self._takers.get(frame.token)
        if taker is not None:
            taker(frame)
            return True
        if frame.token in self._former:
            return True
        if login_in_flight:
            self._unclaimed.append(frame)
        return login_in_flight

    def clear(self) -> None:
        """The connection has ended, and all its tokens are dead."""
        self._takers.clear()
        self._unclaimed.clear()
