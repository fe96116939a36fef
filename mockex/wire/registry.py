"""Which venues there are: every package in a folder that has a `VENUE`. Nothing is listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from mockex.wire.venue import Venue


def discover(package: ModuleType) -> dict[str, Venue]:
    """The venues of `package`'s subpackages by name, in order of name. TypeError for one whose `VENUE` is something else,
    ValueError for two of the same name.
    """
    found: dict[str, Venue] = {}
    for module in pkgutil.iter_modules(package.__path__, prefix=f"{package.__name__}."):
        if not module.ispkg:
            continue
        venue = getattr(importlib.import_module(module.name), "VENUE", None)
        if not isinstance(venue, Venue):
            raise TypeError(f"{module.name} has no VENUE = Venue(...)")
        if venue.name in found:
            raise ValueError(f"two venues are called {venue.name}")
        found[venue.name] = venue
    return dict(sorted(found.items()))
