"""Files that other programs wait for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """All of the file or nothing: a reader never sees half of it. OSError if it cannot be written."""
    draft = path.parent / f".{path.name}.{os.getpid()}"
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
