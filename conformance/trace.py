"""What the wire showed: the simulator's recording of one session, to be asked by cases and written for people.

Owns the entries read so far, the questions that cases ask of them, and the masking of secrets. Knows no driver and no venue.

Entries ascend by `n`. Every question first reads what is new, so an answer is never older than the question.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

Fields = Mapping[str, Any]

MASK = "***"

REQUEST = "request"
RESPONSE = "response"
OPEN = "open"
REFUSED = "refused"
IN = "in"
OUT = "out"
LOGIN = "login"
SUBSCRIBED = "subscribed"
UNSUBSCRIBED = "unsubscribed"
CLOSE = "close"
FAULT = "fault"


class Reader(Protocol):
    """Reads on from an entry, and waits for the next one if there is none yet."""

    async def __call__(self, after: int, wait_ms: int) -> Sequence[Fields]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened on the wire. `fields` as recorded: see `GET .../recording` of the control API."""

    fields: Fields

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def get(self, name: str) -> Any:
        return self.fields.get(name)

    @property
    def n(self) -> int:
        return int(self.fields["n"])

    @property
    def kind(self) -> str:
        return str(self.fields["kind"])

    @property
    def at_ms(self) -> int:
        """Virtual time, in ms since 1970."""
        return int(self.fields["at_ns"]) // 1_000_000

    @property
    def real_ms(self) -> float:
        """Real time since the recording began, in ms."""
        return int(self.fields["real_ns"]) / 1_000_000

    def has(self, wanted: Fields) -> bool:
        """Whether all of these members are there with these values."""
        return all(self.fields.get(name) == value for name, value in wanted.items())

    # --- of requests

    @property
    def body(self) -> str:
        """The text of a body, empty if it was none."""
        return str(self.fields.get("body") or "")

    @property
    def json(self) -> Any:
        """The body's or message's JSON; None if it is none. Numbers stay as they were written: `Number`."""
        text = self.fields.get("body") if self.kind in (REQUEST, RESPONSE) else self.fields.get("text")
        try:
            return json.loads(text or "", parse_float=Number, parse_int=Number)
        except (ValueError, RecursionError):
            return None

    @property
    def path(self) -> str:
        return str(self.fields["target"]).partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """Unescaped; of repeated names the last."""
        return dict(parse_qsl(str(self.fields["target"]).partition("?")[2], keep_blank_values=True))

    @property
    def segments(self) -> list[str]:
        """Of the path, unescaped."""
        return [unquote(part) for part in self.path.split("/") if part]

    def summary(self, limit: int = 300) -> str:
        """One line for people."""
        f = self.fields
        match self.kind:
            case "request":
                line = f"{f['method']} {f['target']} {f.get('body') or ''}"
            case "response":
                line = f"{f['status']} {f.get('body') or ''}"
                line += "" if f.get("delivery", "sent") == "sent" else f" ({f['delivery']})"
            case "open":
                line = f"socket {f['connection']} opened at {f.get('path', '')}"
            case "refused":
                line = f"socket refused at {f.get('path', '')}: {f['status']}"
            case "in" | "out":
                line = f"socket {f['connection']} {'<-' if self.kind == IN else '->'} {f.get('text', f.get('base64', ''))}"
            case "login":
                line = f"socket {f['connection']} logged in as {f.get('key') or f.get('account')}"
            case "subscribed" | "unsubscribed":
                line = f"socket {f['connection']} {self.kind} {f['channel']}"
            case "close":
                line = f"socket {f['connection']} closed by {f['by']}: {f.get('code')} {f.get('reason') or ''}"
            case "fault":
                line = f"fault {f['rule']}: {f['what']}"
            case _:
                line = json.dumps(f)
        return line if len(line) <= limit else f"{line[: limit - 1]}…"


class Number(str):
    """A JSON number in the digits in which it was written; unequal to text of the same digits only by its type."""

    __slots__ = ()


class Trace:
    """The entries of one case's session."""

    def __init__(self, reader: Reader, secrets: Iterable[str] = ()) -> None:
        """`secrets`: texts that nobody who reads the trace may see."""
        self._reader = reader
        self._secrets = tuple(secret for secret in secrets if secret)
        self._entries: list[Entry] = []

    @property
    def seen(self) -> Sequence[Entry]:
        """What was read so far."""
        return self._entries

    async def read(self, *, wait_ms: int = 0) -> Sequence[Entry]:
        """What is new, after waiting up to `wait_ms` for something."""
        fresh = [Entry(fields) for fields in await self._reader(self.last, wait_ms)]
        self._entries += fresh
        return fresh

    @property
    def last(self) -> int:
        """The number of the newest entry that was read; 0 before the first."""
        return self._entries[-1].n if self._entries else 0

    async def mark(self) -> int:
        """A place in the recording: the present. To be used as `since`."""
        await self.read()
        return self.last

    async def entries(
        self, *kinds: str, since: int = 0, where: Callable[[Entry], bool] | None = None, **fields: Any
    ) -> list[Entry]:
        """Those of these kinds (of all, if none is named) after `since`, with these members, for which `where` holds."""
        await self.read()
        return [each for each in self._entries if _fits(each, kinds, since, where, fields)]

    async def requests(self, route: str | None = None, *, since: int = 0, **fields: Any) -> list[Entry]:
        """HTTP requests, of one route if it is given."""
        wanted = fields if route is None else {**fields, "route": route}
        return await self.entries(REQUEST, since=since, **wanted)

    async def wait(
        self,
        *kinds: str,
        count: int = 1,
        since: int = 0,
        within_ms: int = 2_000,
        where: Callable[[Entry], bool] | None = None,
        **fields: Any,
    ) -> list[Entry]:
        """As `entries`, but waits until there are `count` of them, up to `within_ms` of real time. May give fewer."""
        found = await self.entries(*kinds, since=since, where=where, **fields)
        begun = _now_ms()
        while len(found) < count:
            left = within_ms - (_now_ms() - begun)
            if left <= 0:
                break
            fresh = await self.read(wait_ms=max(1, int(left)))
            found += [each for each in fresh if _fits(each, kinds, since, where, fields)]
        return found

    def response_to(self, request: Entry) -> Entry | None:
        """The answer, if it was read already."""
        return next((each for each in self._entries if each.kind == RESPONSE and each["to"] == request.n), None)

    # --- for people

    def masked(self, text: str) -> str:
        """The text without secrets."""
        return masked(text, self._secrets)

    def write(self, path: Path) -> None:
        """All entries as JSON lines, secrets masked. Makes the folder."""
        write_entries(path, self._entries, self.masked)


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without these."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def write_entries(path: Path, entries: Iterable[Entry], mask: Callable[[str], str]) -> None:
    """As JSON lines. Makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (mask(json.dumps(each.fields, ensure_ascii=False)) for each in entries)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="backslashreplace")


def _fits(entry: Entry, kinds: Sequence[str], since: int, where: Callable[[Entry], bool] | None, fields: Fields) -> bool:
    return (not kinds or entry.kind in kinds) and entry.n > since and entry.has(fields) and (where is None or where(entry))


def _now_ms() -> float:
    return time.monotonic() * 1_000
