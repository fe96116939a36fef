"""The newest state of something, told only when it differs from what was told before: quiet topics are not repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """`render` and `opening` for a feed that speaks at a cadence or at events.

    What is compared is what `newest` gives, so a state leaves out what changes by itself, such as the time; `payload` may add
    it. `present` is what a new subscriber gets at once, where that is another state than `newest`. What the first subscriber
    got counts as told; what later ones got does not, because the earlier ones may lack it. None is nothing to tell.
    """

    def __init__(
        self,
        newest: Callable[[], T | None],
        payload: Callable[[T], bytes],
        *,
        present: Callable[[], T | None] | None = None,
    ) -> None:
        self._newest = newest
        self._present = present or newest
        self._payload = payload
        self._told: T | None = None
        self._opened = False

    def opening(self) -> Iterable[bytes]:
        state = self._present()
        if not self._opened:
            self._opened = True
            self._told = state
        return () if state is None else (self._payload(state),)

    def render(self) -> bytes | None:
        state = self._newest()
        if state is None or state == self._told:
            return None
        self._told = state
        return self._payload(state)
