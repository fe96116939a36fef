"""Crypto exchanges on your own machine: simulators of their wire protocols, for tests and offline development.

The public API is what this module names; everything is imported on first use, so that `import mockex` costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockex.embedded import RunningWorld as RunningWorld
    from mockex.embedded import World as World

__version__: str

__all__ = ["RunningWorld", "World", "__version__"]


def __getattr__(name: str) -> Any:
    if name in ("RunningWorld", "World"):
        from mockex import embedded

        return getattr(embedded, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("mockex")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
