"""The outcome of a conformance run as a folder of files for people and machines.

Owns which files a report is, and how an older report gives way: files appear whole or not at all, traces that the new report
does not have go, and nothing that is not a report's own is written over or removed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mockex.conformance.report import badge, html, junit, markdown
from mockex.conformance.results import Results, save

RESULTS = "results.json"
TRACES = "traces"
RENDERED: Mapping[str, Callable[[Results], str]] = MappingProxyType(
    {"junit.xml": junit.render, "summary.md": markdown.render, "badge.svg": badge.render}
)
PAGE = "index.html"

_TRACE = re.compile(r"traces/[A-Za-z0-9_-][A-Za-z0-9._-]*/[A-Za-z0-9_-][A-Za-z0-9._-]*\.jsonl")


class ReportError(Exception):
    """One line: why the report cannot be written there, and what to do."""


def write(results: Results, folder: Path, traces: Path) -> None:
    """Writes the report into `folder`, which is made if it is missing.

    `traces`: the folder that holds the cases' traces under the paths that the cases name; it may be `folder` itself. A trace
    that is not there is left out, and the page says so. ReportError if the folder cannot be written, or holds files of the
    same names that are no report's.
    """
    check(folder)
    try:
        _write(results, folder, traces)
    except OSError as error:
        raise ReportError(f"the report cannot be written to {folder}: {error.strerror or error}") from None


def check(folder: Path) -> None:
    """Whether a report may be written there, before a long run. ReportError says why not."""
    try:
        if folder.exists() and not folder.is_dir():
            raise ReportError(f"{folder} is a file: give the report a folder")
        names = [name for name in (RESULTS, PAGE, *RENDERED) if (folder / name).exists()]
        if names and _traces_of(folder) is None:
            raise ReportError(f"{folder} has a file {names[0]} that is no report's: give the report a folder of its own")
        above = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    except OSError as error:
        raise ReportError(f"the report cannot be written to {folder}: {error.strerror or error}") from None
    if not above.is_dir():
        raise ReportError(f"the report cannot be written to {folder}: {above} is a file")
    if not os.access(above, os.W_OK | os.X_OK):
        raise ReportError(f"the report cannot be written to {folder}: {above} is not writable")


def _write(results: Results, folder: Path, traces: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    before = _traces_of(folder) or set()
    named = {case.trace for run in results.runs for case in run.cases if case.trace}
    for path in sorted(named):
        if not _TRACE.fullmatch(path):
            raise ValueError(f"{path!r} is no path of a trace")
        _copy(traces / path, folder / path)
    # First, for it alone says which files here are a report's.
    _put(folder / RESULTS, save(results))
    for name, render in RENDERED.items():
        _put(folder / name, _encoded(render(results)))
    _put(folder / PAGE, _encoded(html.render(results, folder)))
    _remove(folder, before - named)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")


def _traces_of(folder: Path) -> set[str] | None:
    """The traces that a report in `folder` has, by its results of whatever version; None: there is no report."""
    try:
        found: Any = json.loads((folder / RESULTS).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        return None
    if not (isinstance(found, dict) and {"schema", "mockex", "runs"} <= set(found)):
        return None
    return {text for text in _texts_named_trace(found["runs"]) if _TRACE.fullmatch(text)}


def _texts_named_trace(runs: Any) -> Iterator[str]:
    for run in runs if isinstance(runs, list) else ():
        cases = run.get("cases") if isinstance(run, dict) else None
        for case in cases if isinstance(cases, list) else ():
            trace = case.get("trace") if isinstance(case, dict) else None
            if isinstance(trace, str):
                yield trace


def _copy(source: Path, target: Path) -> None:
    if not source.is_file() or (target.exists() and source.samefile(target)):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _replace(target, lambda path: shutil.copyfile(source, path))


def _put(target: Path, content: bytes) -> None:
    _replace(target, lambda path: path.write_bytes(content))


def _replace(target: Path, fill: Callable[[Path], object]) -> None:
    """Fills a file beside the target and moves it there: whoever reads the target sees the old or the new one, whole."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(descriptor)
    path = Path(name)
    try:
        fill(path)
        path.chmod(0o644)  # a temporary file is its maker's alone, a report is for others, a web server among them
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def _remove(folder: Path, paths: set[str]) -> None:
    """Removes traces of an older report, and folders that this left empty; nothing that a link leads out of the report to."""
    root = folder.resolve()
    for path in sorted(paths):
        trace = folder / path
        if trace.is_file() and trace.resolve() == root / path:
            trace.unlink()
            _remove_if_empty(trace.parent)
    _remove_if_empty(folder / TRACES)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()
