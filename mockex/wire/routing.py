"""Which handler a request belongs to. Routes are a venue's table; this finds the row.

A template is a path whose segments in braces match anything that is not empty: `/orders/{order_id}`. A literal segment wins
over a braced one. Cost does not grow with the number of routes.
Paths are matched as they came; only what a braced segment stands for is unescaped, after the path was split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from mockex.wire.credentials import Permission
from mockex.wire.limits import RateRule
from mockex.wire.messages import WireResponse

if TYPE_CHECKING:
    from mockex.wire.pipeline import Call

Handler = Callable[["Call"], WireResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of a venue's table. `permission` None: public. `limit`: counted before the body is read; a limit that depends
    on the body is the handler's to count. `tags`: a venue's own marks, read by its own code only.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission | None = None
    limit: RateRule | None = None
    tags: frozenset[str] = frozenset()


class RouteMatch(NamedTuple):
    route: Route
    path_params: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    braced: _Node | None = None
    # Method -> (route, names of its braced segments in order)
    routes: dict[str, tuple[Route, tuple[str, ...]]] = field(default_factory=dict)


class RouteTable:
    """A tree of path segments. `ignore_case` applies to literal segments; braced ones keep what was sent."""

    def __init__(self, routes: Iterable[Route], *, ignore_case: bool = False, ignore_trailing_slash: bool = False) -> None:
        """ValueError when two routes claim the same method and path."""
        self.routes = tuple(routes)
        self._ignore_case = ignore_case
        self._ignore_trailing_slash = ignore_trailing_slash
        self._root = _Node()
        for route in self.routes:
            self._add(route)
        # Paths without braces, written as in the table: nearly every request, and no need to walk for it.
        self._exact = {
            (route.method, route.path): RouteMatch(route, _NO_PARAMS) for route in self.routes if "{" not in route.path
        }

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in self._segments(route.path):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                if node.braced is None:
                    node.braced = _Node()
                node = node.braced
            else:
                node = node.literal.setdefault(self._key(segment), _Node())
        if route.method in node.routes:
            raise ValueError(f"two routes for {route.method} {route.path}")
        node.routes[route.method] = (route, tuple(names))

    def find(self, method: str, path: str) -> RouteMatch | None:
        """The route of a raw path. None if no route has that path, or none with that method: see `methods`.

        Percent escapes in the path's parameters are UTF-8; a malformed one stays as it is, and bytes that are no UTF-8 become
        replacement characters, so that every parameter can be printed again.
        """
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact
        values: list[str] = []
        node = self._walk(self._root, self._segments(path), values)
        if node is None or method not in node.routes:
            return None
        route, names = node.routes[method]
        return RouteMatch(route, dict(zip(names, map(_unescaped, values), strict=True)) if names else _NO_PARAMS)

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that a path has, empty if there is no such path."""
        node = self._walk(self._root, self._segments(path), [])
        return () if node is None else tuple(node.routes)

    def _walk(self, node: _Node, segments: list[str], values: list[str]) -> _Node | None:
        for index, segment in enumerate(segments):
            following = node.literal.get(self._key(segment))
            if following is not None:
                if node.braced is None:
                    node = following
                    continue
                found = self._walk(following, segments[index + 1 :], attempt := list(values))
                if found is not None:
                    values[:] = attempt
                    return found
            if node.braced is None or not segment:
                return None
            values.append(segment)
            node = node.braced
        return node if node.routes else None

    def _segments(self, path: str) -> list[str]:
        if self._ignore_trailing_slash and len(path) > 1 and path.endswith("/"):
            path = path[:-1]
        return path.split("/")

    def _key(self, segment: str) -> str:
        return segment.lower() if self._ignore_case else segment


def _unescaped(segment: str) -> str:
    if "%" in segment:
        segment = unquote(segment, errors="replace")
    # Raw bytes that were no UTF-8 arrive as lone surrogates.
    return segment if segment.isascii() else segment.encode("utf-8", "replace").decode("utf-8")


_NO_PARAMS: Mapping[str, str] = {}
