"""Which cases a command is about: globs of ids, areas, levels.

Owns the choosing and the listing. Knows nothing of running.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from mockex.conformance.model import Case
from mockex.conformance.results import Selection


def select(cases: Iterable[Case], selection: Selection) -> tuple[Case, ...]:
    """Those that match one glob, one area and one level of each kind that is given, in the order of `cases`."""
    return tuple(case for case in cases if _matches(case, selection))


def _matches(case: Case, selection: Selection) -> bool:
    return (
        (not selection.case or any(fnmatchcase(case.id, glob) for glob in selection.case))
        and (not selection.area or case.area in selection.area)
        and (not selection.level or case.level in selection.level)
    )


def unmatched(cases: Iterable[Case], selection: Selection) -> tuple[str, ...]:
    """The globs that match no case at all: mistakes in typing, most likely."""
    ids = [case.id for case in cases]
    return tuple(glob for glob in selection.case if not any(fnmatchcase(id, glob) for id in ids))
