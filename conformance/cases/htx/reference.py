"""HTX's reference data: precisions instead of steps, names without a separator, chains of currencies (htx§3.1)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.numbers import PLAIN
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

FINE = "shibusdt"
"""A pair of prices with 10 decimals."""


async def instruments(s: Session) -> dict[str, Json]:
    return {row["symbol"]: row for row in (await s.client("instruments"))["instruments"]}


@case(
    "htx/reference/010",
    "A precision becomes the step of so many decimals.",
    requirement="`price-precision` and `amount-precision` are numbers of decimals, not steps: 2 means 0.01.",
    source="htx§3.1",
    needs=("instruments",),
)
async def precision_is_a_count(s: Session) -> None:
    rows = await instruments(s)
    for symbol, tick, lot in (("btcusdt", "0.01", "0.000001"), ("ethusdt", "0.01", "0.0001"), ("ethbtc", "0.000001", "0.0001")):
        s.expect(symbol in rows, f"{symbol} is listed", expected=symbol, seen=sorted(rows))
        s.amount(rows[symbol].get("tick_size"), tick, f"the step of prices of {symbol}")
        s.amount(rows[symbol].get("lot_size"), lot, f"the step of quantities of {symbol}")


@case(
    "htx/reference/020",
    "A step of ten decimals is told exactly, in plain notation.",
    requirement="Prices have up to 10 decimals; 10 to the power of minus 10 in binary is not that number.",
    source="htx§3.1",
    needs=("instruments",),
)
async def fine_step(s: Session) -> None:
    row = (await instruments(s)).get(FINE, {})
    s.amount(row.get("tick_size"), "0.0000000001", f"the step of prices of {FINE}")
    s.expect(PLAIN.fullmatch(row["tick_size"]), "it is written in plain notation", expected="digits", seen=row["tick_size"])


@case(
    "htx/reference/030",
    "Base and quote are those that the venue names, however the symbol may be cut.",
    requirement="A symbol is base and quote without a separator, in lower case; where it is to be cut, its row says.",
    source="htx§3.1",
    needs=("instruments",),
)
async def base_and_quote(s: Session) -> None:
    rows = await instruments(s)
    for symbol, base, quote in (("btcusdt", "btc", "usdt"), (FINE, "shib", "usdt"), ("ethbtc", "eth", "btc")):
        row = rows.get(symbol, {})
        told = [str(row.get(name)).lower() for name in ("base", "quote")]
        s.equal(told, [base, quote], f"the currencies of {symbol}")


@case(
    "htx/reference/040",
    "The smallest quantity is that of limit orders, in base currency.",
    requirement="`limit-order-min-order-amt` is a quantity, `min-order-value` an amount of quote currency.",
    source="htx§3.1",
    needs=("instruments",),
)
async def smallest_quantity(s: Session) -> None:
    rows = await instruments(s)
    for symbol, least in (("btcusdt", "0.0001"), ("ethusdt", "0.001")):
        s.amount(rows.get(symbol, {}).get("min_qty"), least, f"the smallest quantity of {symbol}")


@case(
    "htx/reference/050",
    "A currency is told with each of its chains.",
    requirement="A currency has several chains with names of their own, such as trc20usdt; money that is sent over another one "
    "is lost.",
    source="htx§3.1",
    level=Level.SHOULD,
    needs=("currencies",),
)
async def chains_are_told(s: Session) -> None:
    rows = (await s.client("currencies"))["currencies"]
    chains = {row.get("chain") for row in rows if row["currency"].lower() == "usdt"}
    s.told(next(iter(chains - {None}), None), "chains of currencies")
    s.expect(
        {"trc20usdt", "usdterc20"} <= chains,
        "both chains of usdt are told",
        expected="trc20usdt, usdterc20",
        seen=sorted(map(str, chains)),
    )


@case(
    "htx/reference/060",
    "A halted instrument is listed still.",
    requirement="A symbol whose `state` is suspend comes back: it keeps its row, and orders in it can be looked up.",
    source="htx§3.1",
    level=Level.SHOULD,
    needs=("instruments",),
)
async def halted_instrument(s: Session) -> None:
    await s.venue.halt(s.facts.pairs[1].symbol)
    rows = await instruments(s)
    s.expect(
        s.facts.pairs[1].symbol in rows,
        "the halted instrument is listed",
        expected=s.facts.pairs[1].symbol,
        seen=sorted(rows),
    )


@case(
    "htx/reference/070",
    "The venue's time is read though nothing is around it.",
    requirement="`data` of /v1/common/timestamp is a bare number of milliseconds.",
    source="htx§3.1",
    needs=("server_time",),
)
async def bare_time(s: Session) -> None:
    await s.venue.advance(Decimal("0.789"))
    s.equal((await s.client("server_time"))["time_ms"], await s.venue.now_ms(), "the time is the venue's, to the millisecond")
