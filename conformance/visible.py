"""Text by strangers, made fit for a terminal, an XML file and a page: whatever acts instead of being read is shown.

Owns which characters those are: controls (an escape sequence repaints a terminal, NUL is no character of XML), halves of
characters, and the marks that turn the direction of writing, by which a text can be made to look like another. Knows no
markup: whoever writes HTML, XML or Markdown escapes besides.
"""

from __future__ import annotations

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def visible(text: str) -> str:
    r"""The text with such characters as they are written in Python, such as `\x1b`. Tabs and newlines stay."""
    return _ACTING.sub(_escaped, text)


def one_line(text: str, limit: int = 300) -> str:
    """The same without newlines and runs of blanks, and not longer than `limit` characters."""
    line = " ".join(visible(text[: 4 * limit]).split())
    return line if len(line) <= limit and len(text) <= 4 * limit else f"{line[: limit - 1]}…"


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
