"""What shared cases need to know of a venue: its words, numbers and sources, from `cases/<venue>/venue.toml`.

Owns the reading and checking of that file. What only a venue's own cases need stays in those.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

from mockex.conformance.model import CASES_PACKAGE, COMMON, Level, Provenance

FILE = "venue.toml"

T = TypeVar("T")


class FactsError(ValueError):
    """A venue that the suite does not know, or whose facts do not hold together. One line for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A shared case at one venue: where the venue demands it, and how strongly where that differs from the case's own."""

    source: str
    level: Level | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An instrument that cases trade, and numbers that fit its grid.

    `price`: a usual price, `qty`: a usual quantity. `tick` and `lot` are its steps.
    """

    symbol: str
    base: str
    quote: str
    price: Decimal
    qty: Decimal
    tick: Decimal
    lot: Decimal
    min_qty: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What a system that has no market of its own trades on: `name` is its name of it, `venue` the venue behind it.

    `kind`: of the instruments of that venue that are traded there, as the driver protocol has it. `pair`: what cases trade
    there, if its venue is not the usual one.
    """

    name: str
    venue: str
    kind: str
    pair: Pair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`platforms`: of a system that stands before venues, by what cases call them; the first is the usual one, and the venue
    behind it the one whose operator cases are, and whose symbols theirs are unless they ask for others. A venue has none.

    `pairs`: the first is the one that cases use unless they need another. `contracts`: likewise, where there are any.
    `routes`: operation of the protocol -> method and path template on the wire. `channels`: channel of the protocol -> the
    venue's name, with `{symbol}`, `{lower}` (the symbol in lower case), `{currency}`.
    `requests`: what a client asks for on sockets -> the venue's name of it. `errors`: kind of error -> the venue's codes that
    mean it. `numbers`, `words`: whatever else shared cases ask for. `common`: the shared cases that apply.
    """

    venue: str
    title: str
    platforms: Mapping[str, Platform]
    pairs: tuple[Pair, ...]
    contracts: tuple[Pair, ...]
    routes: Mapping[str, str]
    channels: Mapping[str, str]
    requests: Mapping[str, str]
    errors: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Decimal]
    words: Mapping[str, str]
    common: Mapping[str, Applied]

    @property
    def pair(self) -> Pair:
        return self.pairs[0]

    @property
    def contract(self) -> Pair:
        """FactsError if the venue has none."""
        if not self.contracts:
            raise FactsError(f"{self.venue}: {FILE} has no [[contracts]], which a case asks for")
        return self.contracts[0]

    @property
    def behind(self) -> tuple[str, ...]:
        """The venues that stand behind it, each once; none behind a venue."""
        return tuple(dict.fromkeys(each.venue for each in self.platforms.values()))

    @property
    def served(self) -> tuple[str, ...]:
        """The venues that have a market here: itself, or those behind it."""
        return self.behind or (self.venue,)

    def traded_on(self, wanted: Sequence[str]) -> list[Platform]:
        """The platforms that cases call so; none said: the usual one. FactsError if there is no such platform."""
        return [_member(self.platforms, name, self.venue, "platforms") for name in wanted or list(self.platforms)[:1]]

    def offered(self, listed: Mapping[str, Sequence[Mapping[str, Any]]], wanted: Sequence[str]) -> list[Mapping[str, Any]]:
        """Of what its venues list, by venue, what is traded on these platforms, each with its platform.

        All that is listed, at a venue.
        """
        if not self.platforms:
            return list(listed[self.venue])
        return [
            {**row, "platform": each.name}
            for each in self.traded_on(wanted)
            for row in listed[each.venue]
            if row.get("kind", "spot") == each.kind
        ]

    def route(self, operation: str) -> str:
        """Method and path template that carry an operation out, `POST /orders/{id}`. FactsError if the facts lack it."""
        return _member(self.routes, operation, self.venue, "routes")

    def channel(self, name: str, *, symbol: str = "", currency: str = "") -> str:
        """The venue's canonical name of a channel."""
        return _member(self.channels, name, self.venue, "channels").format(
            symbol=symbol, lower=symbol.lower(), currency=currency
        )

    def request(self, name: str) -> str:
        """The name by which fault plans know a request on a socket: "login", "subscribe"."""
        return _member(self.requests, name, self.venue, "requests")

    def codes(self, kind: str) -> tuple[str, ...]:
        """The venue's codes for a kind of error."""
        return self.errors.get(kind, ())


def _member(table: Mapping[str, T], name: str, venue: str, section: str) -> T:
    try:
        return table[name]
    except KeyError:
        raise FactsError(f"{venue}: {FILE} has no {name!r} in [{section}], which a case asks for") from None


def venues() -> tuple[str, ...]:
    """Every venue that has cases, by name."""
    root = resources.files(CASES_PACKAGE)
    return tuple(sorted(each.name for each in root.iterdir() if each.name != COMMON and each.joinpath(FILE).is_file()))


def load(venue: str) -> Facts:
    """The facts of a venue. FactsError if there are none, or a section is missing or of the wrong shape."""
    if venue not in venues():
        raise FactsError(f"there are no cases for {venue!r}; there are some for {', '.join(venues()) or 'none'}")
    text = resources.files(CASES_PACKAGE).joinpath(venue, FILE).read_text(encoding="utf-8")
    try:
        return _read(venue, tomllib.loads(text))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise FactsError(f"{venue}/{FILE}: {error!r}") from error


def _read(venue: str, table: Mapping[str, Any]) -> Facts:
    pairs = tuple(_pair(row) for row in table["pairs"])
    if not pairs:
        raise ValueError("no pairs")
    return Facts(
        venue=venue,
        title=table["title"],
        platforms={name: _platform(row) for name, row in table.get("platforms", {}).items()},
        pairs=pairs,
        contracts=tuple(_pair(row) for row in table.get("contracts", ())),
        routes=dict(table.get("routes", {}) if "platforms" in table else table["routes"]),
        channels=dict(table.get("channels", {})),
        requests=dict(table.get("requests", {})),
        errors={kind: tuple(codes) for kind, codes in table.get("errors", {}).items()},
        numbers={name: Decimal(value) for name, value in table.get("numbers", {}).items()},
        words=dict(table.get("words", {})),
        common={id: _applied(value) for id, value in table["common"].items()},
    )


def _platform(row: Mapping[str, Any]) -> Platform:
    pair = _pair(row["pair"]) if "pair" in row else None
    return Platform(name=row["name"], venue=row["venue"], kind=row["kind"], pair=pair)


def _pair(row: Mapping[str, str]) -> Pair:
    return Pair(
        symbol=row["symbol"],
        base=row["base"],
        quote=row["quote"],
        price=Decimal(row["price"]),
        qty=Decimal(row["qty"]),
        tick=Decimal(row["tick"]),
        lot=Decimal(row["lot"]),
        min_qty=Decimal(row["min_qty"]),
    )


def _applied(value: str | Mapping[str, str]) -> Applied:
    """`"section"`, or a table with `source` and what differs."""
    if isinstance(value, str):
        return Applied(source=value)
    level, provenance = value.get("level"), value.get("provenance")
    return Applied(
        source=value["source"],
        level=None if level is None else Level(level),
        provenance=None if provenance is None else Provenance(provenance),
    )
