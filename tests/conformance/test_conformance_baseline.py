"""Baselines: what a file may say, what it comes to, and how it is renewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance_report_rig import case, failed, run
from mockex.conformance.baseline import Baseline, BaselineError, load, renewed, save
from mockex.conformance.model import Verdict

ORDERS, BOOKS, AUTH = "toy/orders/010", "toy/books/010", "toy/auth/010"
IDS = (ORDERS, BOOKS, AUTH)


def written(folder: Path, text: str) -> Path:
    path = folder / "baseline.toml"
    path.write_text(text)
    return path


def test_a_file_names_cases_of_everyone_and_of_one_client(tmp_path: Path) -> None:
    text = '[known]\n"toy/orders/010" = "ticket 1"\n[known.ccxt]\n"toy/books/010" = "keeps no books"\n'

    assert load(written(tmp_path, text)) == Baseline(everyone={ORDERS: "ticket 1"}, clients={"ccxt": {BOOKS: "keeps no books"}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[known", "baseline.toml: "),
        ('[other]\n"a" = "b"\n', "a baseline has a table [known]"),
        ("known = 3\n", "a baseline has a table [known]"),
        ('[known]\n"toy/orders/010" = ""\n', "toy/orders/010 needs a reason"),
        ('[known]\n"toy/orders/010" = true\n', "toy/orders/010 needs a reason"),
        ('[known.ccxt]\n"toy/orders/010" = 3\n', "toy/orders/010 needs a reason"),
    ],
)
def test_a_file_of_another_form_is_refused_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BaselineError) as refused:
        load(written(tmp_path, text))

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="No such file"):
        load(tmp_path / "none.toml")


def test_an_entry_of_one_client_counts_for_its_driver_or_its_own_name() -> None:
    known = Baseline(clients={"ccxt": {ORDERS: "ticket 1"}, "CCXT Pro": {ORDERS: "ticket 2"}})

    def mark(**named: str) -> str | None:
        (marked,) = known.apply([run(failed(ORDERS), **named)], IDS)
        return marked.cases[0].known

    assert mark(driver="ccxt", name="else") == "ticket 1"
    assert mark(driver="else", name="CCXT Pro") == "ticket 2"
    assert mark(driver="else", name="else") is None


def test_only_failures_are_known() -> None:
    known = Baseline(everyone=dict.fromkeys(IDS, "ticket 1"))

    (marked,) = known.apply([run(case(ORDERS, verdict=Verdict.WARN), case(BOOKS, verdict=Verdict.ERRORED), failed(AUTH))], IDS)

    assert [each.known for each in marked.cases] == [None, None, "ticket 1"]
    assert marked.stale == ()


def test_an_entry_is_stale_once_its_case_passes_or_is_gone_and_not_when_it_was_not_run() -> None:
    known = Baseline(everyone={ORDERS: "ticket 1", BOOKS: "ticket 2", "toy/orders/999": "ticket 3"})

    (marked,) = known.apply([run(case(ORDERS))], IDS)

    assert marked.stale == (ORDERS, "toy/orders/999")


def test_an_entry_for_everyone_is_not_stale_while_some_client_needs_it() -> None:
    known = Baseline(everyone={ORDERS: "ticket 1"}, clients={"first": {BOOKS: "ticket 2"}})
    runs = [run(case(ORDERS), case(BOOKS), driver="first"), run(failed(ORDERS), failed(BOOKS), driver="second")]

    first, second = known.apply(runs, IDS)

    assert (first.stale, second.stale) == ((BOOKS,), ())


def test_a_renewed_baseline_keeps_reasons_drops_what_is_stale_and_adds_what_fails(tmp_path: Path) -> None:
    before = Baseline(everyone={ORDERS: 'ticket "1"', BOOKS: "ticket 2", "toy/orders/999": "ticket 3"})
    all_ids = (*IDS, "toy/time/010")

    after = renewed(before, [run(failed(ORDERS), case(BOOKS), failed(AUTH))], all_ids)
    save(after, tmp_path / "b.toml")

    assert load(tmp_path / "b.toml") == Baseline(everyone={ORDERS: 'ticket "1"', AUTH: "not examined yet"})


def test_a_renewed_baseline_leaves_alone_what_was_not_run(tmp_path: Path) -> None:
    before = Baseline(everyone={BOOKS: "ticket 2"}, clients={"other": {AUTH: "ticket 3"}})

    assert renewed(before, [run(case(ORDERS))], IDS) == before


def test_several_clients_get_tables_of_their_own(tmp_path: Path) -> None:
    runs = [run(failed(ORDERS), driver="first", name="First"), run(failed(BOOKS), driver="node x.js --a 'b'", name="Second")]

    save(renewed(Baseline(), runs, IDS), tmp_path / "b.toml")

    found = load(tmp_path / "b.toml")
    assert found.clients == {"first": {ORDERS: "not examined yet"}, "node x.js --a 'b'": {BOOKS: "not examined yet"}}
    assert [each.stale for each in found.apply(runs, IDS)] == [(), ()]


def test_a_baseline_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="No such file"):
        save(Baseline(), tmp_path / "none" / "b.toml")
