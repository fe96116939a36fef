"""Fills as OKCoin Japan lists them: two rows each."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.fills import my_fills, only_fill
from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session


@case(
    "okcoinjp/fills/010",
    "The two rows of a fill are one fill of the traded quantity.",
    requirement="Each fill has two rows with one trade_id: the currency received, then the currency paid, with its own size.",
    source="okj§9.4",
    provenance=Provenance.OBSERVED,
    needs=("fills",),
)
async def two_rows_are_one_fill(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.venue.place("alice", pair.symbol, "buy", pair.qty, pair.price)
    fill = await only_fill(s)
    s.amount(s.member(fill, "qty"), pair.qty, "the quantity is in base currency")
    s.equal(s.member(fill, "side"), "buy", "the side is the order's, not that of the second row")


@case(
    "okcoinjp/fills/020",
    "The fee is that of the row of the currency received.",
    requirement="The fee stands in the row of what is received, negative for a charge; the other row says 0.",
    source="okj§10.3",
    needs=("fills",),
)
async def fee_of_the_received_row(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "buy", pair.qty)
    await s.venue.place("alice", pair.symbol, "sell", pair.qty, pair.price)
    fill = await only_fill(s)
    s.amount(s.member(fill, "fee"), pair.price * pair.qty * s.facts.numbers["taker_rate"], "the fee that was charged")
    s.equal(s.member(fill, "fee_currency"), pair.quote, "in the currency received")


@case(
    "okcoinjp/fills/030",
    "A fee that was rounded up is told as rounded, not recomputed.",
    requirement="Fees are rounded up to 8 decimals; rate times quantity is not what was paid.",
    source="okj§10.3",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "fills"),
)
async def rounded_fee_is_told(s: Session) -> None:
    odd = Decimal("0.01000001")
    await offer(s, "sell", odd)
    await placed(s, **limit(s, qty=odd))
    fill = await only_fill(s)
    s.amount(s.member(fill, "fee"), "0.00001501", "0.01000001 times 0.15 %, rounded up")


@case(
    "okcoinjp/fills/040",
    "Fills of a page's edge are not torn apart.",
    requirement="A page has up to 100 rows, thus 50 fills; the next page goes on after the last row's ledger_id.",
    source="okj§9.4",
    needs=("fills", "paging"),
)
async def pages_do_not_tear_fills(s: Session) -> None:
    pair = s.facts.pair
    count = 61
    for _ in range(count):
        await offer(s, "sell", pair.min_qty)
        await s.venue.place("alice", pair.symbol, "buy", pair.min_qty, pair.price)
    found = await my_fills(s, all=True)
    s.equal(len(found), count, "every fill is found once")
    total = sum((Decimal(s.member(fill, "qty")) for fill in found), Decimal(0))
    s.amount(f"{total:f}", count * pair.min_qty, "together they are what was traded")
