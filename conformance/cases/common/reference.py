"""Reference data: what is traded on which grid, and what time it is there."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session


async def listed(s: Session) -> dict[str, Json]:
    """The client's instruments by symbol."""
    rows = (await s.client("instruments"))["instruments"]
    found = {row["symbol"]: row for row in rows}
    s.equal(len(found), len(rows), "an instrument is listed once")
    return found


def row_of(s: Session, found: dict[str, Json], symbol: str) -> Json:
    """The client's row of an instrument. Fails if it lists none."""
    s.expect(symbol in found, "the instrument is listed", expected=symbol, seen=sorted(found))
    return found[symbol]


@case(
    "common/reference/010",
    "Every instrument of the venue is listed, with its two currencies.",
    requirement="The venue's list names each instrument, its base and its quote currency.",
    needs=("instruments",),
)
async def all_instruments(s: Session) -> None:
    found = await listed(s)
    seen = {symbol: [row["base"], row["quote"]] for symbol, row in found.items()}
    expected = {row["symbol"]: [row["base"], row["quote"]] for row in s.first_message()["instruments"]}
    s.equal(dict(sorted(seen.items())), dict(sorted(expected.items())), "the instruments are those of the venue")


@case(
    "common/reference/020",
    "The tick size of prices is told exactly.",
    requirement="Prices are multiples of the instrument's tick size.",
    needs=("instruments",),
)
async def tick_sizes(s: Session) -> None:
    found = await listed(s)
    for row in s.first_message()["instruments"]:
        told = s.member(row_of(s, found, row["symbol"]), "tick_size")
        s.amount(told, row["tick_size"], f"the tick size of {row['symbol']}")


@case(
    "common/reference/030",
    "The step of quantities and the smallest quantity are told, and not mixed up.",
    requirement="Quantities are multiples of a step and not below a minimum; the two are different numbers.",
    needs=("instruments",),
)
async def lots_and_minima(s: Session) -> None:
    found = await listed(s)
    for row in s.first_message()["instruments"]:
        told = row_of(s, found, row["symbol"])
        s.amount(s.member(told, "lot_size"), row["lot_size"], f"the step of quantities of {row['symbol']}")
        s.amount(s.member(told, "min_qty"), row["min_qty"], f"the smallest quantity of {row['symbol']}")


@case(
    "common/reference/040",
    "The venue's time is told to the millisecond.",
    requirement="The venue tells its time; a client that signs by it has to read it exactly.",
    needs=("server_time",),
)
async def server_time(s: Session) -> None:
    await s.venue.advance(Decimal("0.123"))
    told = (await s.client("server_time"))["time_ms"]
    s.equal(told, await s.venue.now_ms(), "the time is the venue's")


@case(
    "common/reference/050",
    "Every currency that can be held is listed.",
    requirement="The venue's list names each currency.",
    needs=("currencies",),
)
async def all_currencies(s: Session) -> None:
    rows = (await s.client("currencies"))["currencies"]
    traded = {row[side] for row in s.first_message()["instruments"] for side in ("base", "quote")}
    missing = sorted(traded - {row["currency"] for row in rows})
    s.equal(missing, [], "no currency that is traded is missing")
