"""A trace as a sequence that people read: when, in which direction, who, one line, and the whole message behind it.

Owns what is shown of each kind of entry, and the bounds: a page that embeds a million messages is read by nobody. An entry of
an unknown kind, or a line that is no JSON, is shown as it stands: a trace is evidence, and evidence is not thrown away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from mockex.conformance.trace import CLOSE, FAULT, IN, LOGIN, OPEN, OUT, REQUEST, RESPONSE, SUBSCRIBED, UNSUBSCRIBED

MAX_ENTRIES = 400
FIRST_ENTRIES = 100
"""Of a longer trace: so many from its beginning, the rest from its end, where things went wrong."""
MAX_LINE = 240
MAX_BODY = 4_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class Direction(Enum):
    """Who spoke to whom. The value is a word for style sheets."""

    TO_VENUE = "to-venue"
    TO_CLIENT = "to-client"
    EVENT = "event"
    FAULT = "fault"

    @property
    def arrow(self) -> str:
        return {"to-venue": "→", "to-client": "←", "event": "·", "fault": "↯"}[self.value]

    @property
    def words(self) -> str:
        """For those who hear the page."""
        return {"to-venue": "client to venue", "to-client": "venue to client", "event": "event", "fault": "fault"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry. `n`: its number, None for what is no entry. `at`: real time since the recording began.

    `left_out`: how many entries just before it are not shown.
    """

    n: int | None
    at: str
    direction: Direction
    who: str
    text: str
    body: str
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """The lines that are shown, of `total` entries."""

    lines: tuple[Line, ...]
    total: int

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(line.n for line in self.lines if line.n is not None)

    @property
    def size(self) -> int:
        """Roughly, in characters."""
        return sum(len(line.text) + len(line.body) + 200 for line in self.lines)


def read(path: Path, *, also: Collection[int] = ()) -> Sequence:
    """The sequence in a trace's file. `also`: entries to be shown wherever they are. OSError if it cannot be read."""
    written = [line for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line.strip()]
    end = len(written) - (MAX_ENTRIES - FIRST_ENTRIES)
    shown: list[Line] = []
    left_out = 0
    for index, line in enumerate(written):
        if len(written) <= MAX_ENTRIES or index < FIRST_ENTRIES or index >= end or index + 1 in also:
            shown.append(_line(line, left_out))
            left_out = 0
        else:
            left_out += 1
    return Sequence(lines=tuple(shown), total=len(written))


def _line(written: str, left_out: int) -> Line:
    try:
        entry = json.loads(written)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        body = _bounded(written) if len(written) > MAX_LINE else ""
        text = _cut(written)
        return Line(n=None, at="", direction=Direction.EVENT, who="", text=text, body=body, left_out=left_out)
    direction, who, text = _told(entry)
    return Line(
        n=entry["n"] if type(entry.get("n")) is int else None,
        at=_elapsed(entry.get("real_ns")),
        direction=direction,
        who=who,
        text=_cut(text),
        body="\n".join(_body(entry)),
        left_out=left_out,
    )


def _told(entry: Mapping[str, Any]) -> tuple[Direction, str, str]:
    """Direction, who and what, in one line. Members that are missing are left out: they are somebody else's to promise."""

    def of(*names: str) -> str:
        return " ".join(str(entry[name]) for name in names if entry.get(name) not in (None, ""))

    message = of("text") or of("base64")
    match entry.get("kind"):
        case kind if kind == REQUEST:
            return Direction.TO_VENUE, of("key") or "client", of("method", "target", "body", "body_base64")
        case kind if kind == RESPONSE:
            fate = "" if of("delivery") in ("", "sent") else f" ({of('delivery')})"
            return Direction.TO_CLIENT, "venue", f"{of('status')}{fate} {of('body', 'body_base64')}"
        case kind if kind == IN:
            return Direction.TO_VENUE, of("connection"), message
        case kind if kind == OUT:
            return Direction.TO_CLIENT, of("connection"), message
        case kind if kind == OPEN:
            return Direction.EVENT, of("connection"), f"opened {of('path')}"
        case "refused":
            return Direction.EVENT, of("connection"), f"refused an upgrade with {of('status')} {of('path')}"
        case kind if kind == LOGIN:
            return Direction.EVENT, of("connection"), f"logged in as {of('key') or of('account')}"
        case kind if kind in (SUBSCRIBED, UNSUBSCRIBED):
            return Direction.EVENT, of("connection"), f"{kind} {of('channel')}"
        case kind if kind == CLOSE:
            return Direction.EVENT, of("connection"), f"closed by {of('by')}: {of('code', 'reason')}"
        case kind if kind == FAULT:
            place = f" on entry {of('on')}" if of("on") else ""
            return Direction.FAULT, of("rule"), f"{of('what')}{place} {of('connection', 'channel')}"
    return Direction.EVENT, "", json.dumps(entry, ensure_ascii=False)


def _body(entry: Mapping[str, Any]) -> Iterator[str]:
    """Everything that an entry says, for whoever opens it."""
    at = _virtual(entry.get("at_ns"))
    if at:
        yield f"{at} by the venue's clock"
    rest = {"n", "kind", "at_ns", "real_ns", "headers", "body", "text", "method", "target"}
    facts = [f"{name} {value}" for name, value in entry.items() if name not in rest and value not in (None, "")]
    if facts:
        yield _bounded(", ".join(facts))
    if entry.get("method"):
        yield f"\n{entry['method']} {_bounded(str(entry.get('target', '')))}"
    headers = entry.get("headers")
    if isinstance(headers, dict):
        yield _bounded("\n".join(f"{name}: {value}" for name, value in headers.items()))
    for name in ("body", "text"):
        if entry.get(name):
            yield f"\n{_bounded(indented(str(entry[name])))}"


def indented(text: str) -> str:
    """A JSON object or list on many lines, every number and text as it was written; any other text as it is."""
    if not text.lstrip().startswith(("{", "[")) or len(text) > 4 * MAX_BODY:
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return "".join(_indented(text))


def _indented(text: str) -> Iterator[str]:
    depth = 0
    tokens = _TOKEN.findall(text)
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in ("}", "]"):
            depth -= 1
            empty = index and tokens[index - 1] in ("{", "[")
            yield token if empty else f"\n{'  ' * depth}{token}"
        elif token in ("{", "["):
            depth += 1
            yield token if following in ("}", "]") else f"{token}\n{'  ' * depth}"
        elif token == ",":
            yield f",\n{'  ' * depth}"
        else:
            yield ": " if token == ":" else token


def _cut(text: str) -> str:
    """One line of at most `MAX_LINE` characters."""
    line = " ".join(text[: 4 * MAX_LINE].split())
    return line if len(line) <= MAX_LINE and len(text) <= 4 * MAX_LINE else f"{line[: MAX_LINE - 1]}…"


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_BODY else f"{text[:MAX_BODY]}\n… {len(text) - MAX_BODY:,} more characters in the file"


def _elapsed(nanoseconds: object) -> str:
    """Such as "+1.3 ms"; empty for what is no number of nanoseconds."""
    number = _whole(nanoseconds)
    if number is None:
        return ""
    milliseconds, rest = divmod(number, 1_000_000)
    return f"+{milliseconds:,}.{rest // 100_000} ms"


def _virtual(nanoseconds: object) -> str:
    number = _whole(nanoseconds)
    if number is None:
        return ""
    moment = _EPOCH + timedelta(microseconds=number // 1_000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str | int) and re.fullmatch("[0-9]{1,20}", str(text)) else None
