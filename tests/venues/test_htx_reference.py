"""Reference data: shapes and figures of the sources, what follows from an instrument, and what has changed since (htx§3.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import MINUTE, START_MS, Bench, make_listing
from mockex.fixtures import load

from mockex.core.markets import MarketPhase
from mockex.venues.htx import VENUE

PATHS = {
    name: load("htx", f"rest/{name}")["path"]
    for name in (
        "symbols", "market_symbols", "symbol_settings", "symbol_settings_v1", "currencies", "currency_names",
        "currency_settings", "currency_settings_v1", "chain_settings", "market_status", "timestamp", "trading_limits",
    )
}  # fmt: skip
QUERIES = {"trading_limits": "symbol=btcusdt"}
SETTINGS = [
    "market_symbols",
    "symbol_settings",
    "symbol_settings_v1",
    "currency_settings",
    "currency_settings_v1",
    "chain_settings",
]


def read(bench: Bench, name: str, query: str = "") -> Any:
    reply = bench.get(PATHS[name], query or QUERIES.get(name, ""))
    assert reply.status == 200
    return reply.body


@pytest.mark.parametrize("name", PATHS)
def test_an_answer_has_the_shape_of_the_examples(name: str) -> None:
    body = read(Bench(), name)

    assert body.get("data") != []
    assert deviations(body, load("htx", f"rest/{name}")["fields"]) == []


@pytest.mark.parametrize("name", PATHS)
def test_authentication_and_other_parameters_are_ignored(name: str) -> None:
    bench = Bench()
    query = QUERIES.get(name, "")

    assert read(bench, name, f"&&{query}&Signature=x&foo=1&AccessKeyId=&") == read(bench, name, query)


@pytest.mark.parametrize(
    ("name", "key", "response"), [("symbols", "symbol", 0), ("market_symbols", "symbol", 1)], ids=["symbols", "market_symbols"]
)
def test_the_recorded_symbols_have_their_recorded_figures(name: str, key: str, response: int) -> None:
    listed = {row[key]: row for row in read(Bench(), name)["data"]}

    for row in load("htx", f"rest/{name}")["responses"][response]["body"]["data"]:
        recorded = {field: value for field, value in row.items() if field not in ("lr", "smlr", "flr")}  # no margin here
        assert {field: listed[row[key]][field] for field in recorded} == {
            field: Decimal(str(value)) if isinstance(value, float) else value for field, value in recorded.items()
        }


def test_every_list_names_the_same_symbols_and_currencies() -> None:
    bench = Bench()
    symbols = [row["symbol"] for row in read(bench, "symbols")["data"]]

    assert symbols == ["btcusdt", "ethusdt", "trxusdt", "dogeusdt", "shibusdt", "ethbtc"]
    assert [row["symbol"] for row in read(bench, "market_symbols")["data"]] == symbols
    assert [row["sc"] for row in read(bench, "symbol_settings")["data"]] == symbols
    assert [row["symbol"] for row in read(bench, "symbol_settings_v1")["data"]] == symbols
    assert [row["symbol"] for row in bench.get("/market/tickers").body["data"]] == symbols
    names = read(bench, "currency_names")["data"]
    assert [row["currency"] for row in read(bench, "currencies")["data"]] == names
    assert [row["cc"] for row in read(bench, "currency_settings")["data"]] == names
    assert {row["currency"] for row in read(bench, "chain_settings")["data"]} == set(names)


def test_a_pair_of_the_operators_is_described_by_its_own_figures() -> None:
    listing = make_listing("ETH", "TRX", price_precision=3, amount_precision=1, max_qty=Decimal(7), min_notional=Decimal("0.5"))
    bench = Bench(listing)

    row = read(bench, "market_symbols", "symbols=ethtrx")["data"]

    (row,) = row
    figures = {name: row[name] for name in ("pp", "ap", "minoa", "maxoa", "minov", "smmaxoa", "bmmaxov")}
    assert figures == {
        "pp": 3, "ap": 1, "minoa": Decimal("0.1"), "maxoa": 7, "minov": Decimal("0.5"), "smmaxoa": 7, "bmmaxov": 10**12,
    }  # fmt: skip


def test_figures_are_what_the_exchange_goes_by() -> None:
    bench = Bench()
    for row in read(bench, "symbols")["data"]:
        instrument = bench.desk.exchange.markets[row["symbol"]].instrument
        step = instrument.qty_step * instrument.qty_scale.increment
        assert Decimal(1).scaleb(-row["amount-precision"]) == step
        assert Decimal(1).scaleb(-row["price-precision"]) == instrument.price_scale.increment
        assert row["limit-order-min-order-amt"] == instrument.min_qty * instrument.qty_scale.increment
        assert row["min-order-value"] == Decimal(instrument.limits.min_notional or 0).scaleb(-18)


def test_money_never_has_more_than_18_decimals() -> None:
    """What a filled market buy of the venue shows: the finest quantity times the finest price."""
    for listing in VENUE.listings:
        exponent = (listing.tick_size * listing.lot_size).as_tuple().exponent
        assert exponent == -18


# --- one thing


def test_the_time_is_the_venues_own() -> None:
    bench = Bench()
    bench.desk.skew_ns = 3 * MINUTE

    assert read(bench, "timestamp") == {"status": "ok", "data": START_MS + 180_000}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("", ("validation-constraints-required", "Field is missing: symbol.")),
        ("symbol=", ("validation-constraints-required", "Field is missing: symbol.")),
        ("symbol=btcusd", ("base-symbol-error", "The symbol is invalid")),
        ("symbol=BTCUSDT", ("base-symbol-error", "The symbol is invalid")),
    ],
)
def test_limits_of_trading_want_a_symbol(query: str, error: tuple[str, str]) -> None:
    assert Bench().get(PATHS["trading_limits"], query).error == (200, *error)


def test_currencies_can_be_asked_for_one() -> None:
    (row,) = read(Bench(), "currencies", "currency=usdt&authorizedUser=false")["data"]

    assert (row["currency"], [chain["chain"] for chain in row["chains"]]) == ("usdt", ["trc20usdt", "usdterc20"])


@pytest.mark.parametrize(
    ("query", "field"), [("currency=eur", "currency"), ("currency=BTC", "currency"), ("authorizedUser=maybe", "authorizedUser")]
)
def test_a_currency_that_does_not_exist_is_2002(query: str, field: str) -> None:
    assert Bench().get(PATHS["currencies"], query).error == (200, "2002", f'invalid field value in "{field}"')


@pytest.mark.parametrize("name", ["currencies", "chain_settings"])
def test_every_currency_has_a_chain(name: str) -> None:
    rows = read(Bench(), name)["data"]

    assert all(row["chains"] for row in rows) if name == "currencies" else len(rows) == 7


# --- halted markets


def test_a_halted_market_is_told_of_everywhere() -> None:
    bench = Bench()
    assert read(bench, "market_status")["data"] == {"marketStatus": 1}
    bench.clock.advance(MINUTE)
    bench.set_phase(MarketPhase.HALTED, "ethusdt")

    assert read(bench, "market_status")["data"] == {
        "marketStatus": 2, "haltStartTime": START_MS + 60_000, "haltReason": 2, "affectedSymbols": "ethusdt",
    }  # fmt: skip
    for name, field in (("symbols", "symbol"), ("market_symbols", "symbol"), ("symbol_settings", "sc")):
        states = {row[field]: row["state"] for row in read(bench, name)["data"]}
        assert (states["btcusdt"], states["ethusdt"]) == ("online", "suspend")
    (row,) = [row for row in read(bench, "symbol_settings")["data"] if not row["te"]]
    assert row["sc"] == "ethusdt"

    for symbol in bench.desk.exchange.markets:
        bench.set_phase(MarketPhase.HALTED, symbol)
    assert read(bench, "market_status")["data"]["affectedSymbols"] == "all"


# --- what has changed


@pytest.mark.parametrize("name", SETTINGS)
def test_without_a_time_a_list_is_complete_and_with_its_own_time_nothing_has_changed(name: str) -> None:
    bench = Bench()
    bench.clock.advance(MINUTE)
    complete = read(bench, name)
    assert (complete["ts"], complete["full"]) == (str(START_MS), 1)

    unchanged = read(bench, name, f"ts={complete['ts']}")

    assert unchanged == {"status": "ok", "data": [], "ts": str(START_MS), "full": 0}
    assert read(bench, name, "ts=1500000000000") == complete, "from before the world began"


@pytest.mark.parametrize(
    ("name", "field"), [("market_symbols", "symbol"), ("symbol_settings", "sc"), ("symbol_settings_v1", "symbol")]
)
def test_a_list_tells_what_has_changed_since(name: str, field: str) -> None:
    bench = Bench()
    first = read(bench, name)["ts"]
    bench.clock.advance(MINUTE)
    bench.set_phase(MarketPhase.HALTED, "ethusdt")

    changed = read(bench, name, f"ts={first}")

    assert [(row[field], row["state"]) for row in changed["data"]] == [("ethusdt", "suspend")]
    assert (changed["ts"], changed["full"]) == (str(START_MS + 60_000), 0)
    assert read(bench, name, f"ts={changed['ts']}")["data"] == []


@pytest.mark.parametrize("ts", ["x", "1.5", "1e9"])
def test_a_time_that_is_no_number_is_refused(ts: str) -> None:
    assert Bench().get(PATHS["market_symbols"], f"ts={ts}").error == (200, "validation-format-error", "Format Error: ts.")


@pytest.mark.parametrize(
    ("query", "symbols"), [("symbols=btcusdt,ethbtc", ["btcusdt", "ethbtc"]), ("symbols=foo", []), ("symbols=", None)]
)
def test_some_symbols_can_be_asked_for(query: str, symbols: list[str] | None) -> None:
    found = [row["symbol"] for row in read(Bench(), "market_symbols", query)["data"]]

    assert found == symbols if symbols is not None else len(found) == 6


def test_chains_of_one_currency_can_be_asked_for() -> None:
    rows = read(Bench(), "chain_settings", "currency=usdt&show-desc=1")["data"]

    assert [(row["chain"], row["default"]) for row in rows] == [("trc20usdt", 1), ("usdterc20", 0)]
