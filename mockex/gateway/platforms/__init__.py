"""The gateway's platforms, found by listing this package: each module has a `PLATFORM` of its own name.

Modules whose name begins with an underscore are what platforms share.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockex.gateway.platform import Platform


def installed_platforms() -> Mapping[str, Platform]:
    """All platforms by name, sorted."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            platform: Platform = importlib.import_module(f"{__name__}.{module.name}").PLATFORM
            assert platform.name == module.name, f"{module.name}.py has the platform {platform.name!r}"
            found[platform.name] = platform
    return MappingProxyType(dict(sorted(found.items())))
