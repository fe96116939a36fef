"""The fenced blocks of the project's pages, so that each can be run as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")


class Block(NamedTuple):
    """`line`: where it starts on its page."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(language: str) -> list[Block]:
    """Every block of one language, "" for those without, in order of page and line."""
    return [block for page in PAGES for block in blocks_of(page) if block.language == language]


def blocks_of(page: str) -> Iterator[Block]:
    text = (PROJECT / page).read_text(encoding="utf-8")
    for fence in _FENCE.finditer(text):
        yield Block(page, text.count("\n", 0, fence.start()) + 1, fence[1], fence[2])


def commands() -> list[tuple[str, str]]:
    """Every command of the shell blocks with its place, comments and continuation lines resolved."""
    found = []
    for block in blocks("sh"):
        for number, line in enumerate(block.text.replace("\\\n", " ").splitlines(), block.line + 1):
            command = line.partition(" #")[0].strip()
            if command and not command.startswith("#"):
                found.append((f"{block.page}:{number}", command))
    return found


def links() -> list[tuple[str, str]]:
    """(page, target) of every link within the project."""
    pages = {page: (PROJECT / page).read_text(encoding="utf-8") for page in PAGES}
    return [(page, link) for page, text in pages.items() for link in _LINK.findall(text) if "://" not in link]
