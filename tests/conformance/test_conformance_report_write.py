"""A report is a folder of its own: whole files, no stale traces, and nothing touched that is not the report's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conformance_report_rig import case, every_verdict, failed, hostile, large, lay_traces, results, run, trace_entries
from mockex.conformance.report import ReportError, check, write
from mockex.conformance.results import Results, load

FILES = {"results.json", "junit.xml", "index.html", "summary.md", "badge.svg"}


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def with_traces(*names: str) -> Results:
    return results(run(*(failed(f"toy/a/{name}", trace=f"traces/ccxt/{name}.jsonl") for name in names)))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "scratch"


@pytest.mark.parametrize("outcome", [every_verdict, hostile, large, results], ids=["every", "hostile", "large", "none"])
def test_a_report_has_all_its_files_and_its_results_read_back(outcome: object, tmp_path: Path, scratch: Path) -> None:
    assert callable(outcome)
    folder = tmp_path / "deep" / "out"
    write(outcome(), folder, lay_traces(outcome(), scratch, trace_entries()))

    traces = {case.trace for run in outcome().runs for case in run.cases if case.trace}
    assert files(folder) == FILES | traces
    assert load(folder / "results.json") == outcome()


def test_a_new_report_takes_the_place_of_an_older_one_without_its_traces(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "out"
    write(with_traces("1", "2"), folder, lay_traces(with_traces("1", "2"), scratch, trace_entries()))
    (folder / "traces/ccxt/mine.jsonl").write_text("mine")
    (folder / "notes.txt").write_text("mine")
    newer = with_traces("2", "3")
    write(newer, folder, lay_traces(newer, scratch, trace_entries(6)))

    assert files(folder) - FILES == {"traces/ccxt/2.jsonl", "traces/ccxt/3.jsonl", "traces/ccxt/mine.jsonl", "notes.txt"}
    assert len((folder / "traces/ccxt/2.jsonl").read_text().splitlines()) == 6
    assert load(folder / "results.json") == newer


def test_folders_of_traces_that_are_empty_now_go(tmp_path: Path, scratch: Path) -> None:
    write(with_traces("1"), tmp_path / "out", lay_traces(with_traces("1"), scratch, trace_entries()))
    write(results(run(case())), tmp_path / "out", scratch)

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)


def test_a_report_can_be_written_again_from_its_own_folder(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "out"
    write(with_traces("1"), folder, lay_traces(with_traces("1"), scratch, trace_entries()))
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    write(load(folder / "results.json"), folder, folder)

    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_a_trace_that_was_not_recorded_is_left_out(tmp_path: Path, scratch: Path) -> None:
    write(with_traces("1"), tmp_path / "out", scratch)

    assert files(tmp_path / "out") == FILES


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_is_no_reports_is_not_written_over(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text('{"schema": 1}')

    with pytest.raises(ReportError, match=f"has a file {name} that is no report's: give the report a folder of its own"):
        write(results(), tmp_path, tmp_path)
    assert files(tmp_path) == {name}
    assert (tmp_path / name).read_text() == '{"schema": 1}'


def test_a_report_of_another_version_gives_way_with_the_traces_that_it_names(tmp_path: Path) -> None:
    older = (
        '{"schema": 0, "mockex": "0.0.1", "runs": [{"cases": [{"trace": "traces/a/b.jsonl"}, {"trace": "../other.jsonl"},'
        ' {"trace": 5}, 5]}, {"cases": 5}, 5]}'
    )
    (tmp_path / "out/traces/a").mkdir(parents=True)
    for name in ("out/results.json", "out/traces/a/b.jsonl", "other.jsonl"):
        (tmp_path / name).write_text(older)
    write(results(), tmp_path / "out", tmp_path)

    assert files(tmp_path) == {f"out/{name}" for name in FILES} | {"other.jsonl"}


def test_nothing_is_removed_where_a_link_leads_out_of_the_report(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "out"
    write(with_traces("1"), folder, lay_traces(with_traces("1"), scratch, trace_entries()))
    (folder / "traces/ccxt").rename(tmp_path / "elsewhere")
    (folder / "traces/ccxt").symlink_to(tmp_path / "elsewhere")
    write(results(), folder, scratch)

    assert files(tmp_path / "elsewhere") == {"1.jsonl"}


def test_a_file_in_the_folders_place_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    with pytest.raises(ReportError, match="out is a file: give the report a folder"):
        check(tmp_path / "out")
    with pytest.raises(ReportError, match=r"deeper/still: .*out is a file"):
        write(results(), tmp_path / "out" / "deeper" / "still", tmp_path)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_may_not_be_written_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root, who runs tests in containers, may write anywhere

    with pytest.raises(ReportError, match="is not writable"):
        check(tmp_path / "out")


def test_a_folder_that_is_missing_or_empty_may_be_written(tmp_path: Path) -> None:
    check(tmp_path)
    check(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_leads_out_of_the_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no path of a trace"):
        write(results(run(case(trace="../x.jsonl"))), tmp_path / "out", tmp_path)
    assert files(tmp_path) == set()


def test_a_report_that_breaks_off_leaves_the_older_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write(results(), folder, tmp_path)
    before = {name: (folder / name).read_bytes() for name in files(folder)}

    def full_disk(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(ReportError, match=r"cannot be written to .*: No space left on device"):
        write(every_verdict(), folder, tmp_path)
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_everybody_may_read_a_report(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "out"
    write(with_traces("1"), folder, lay_traces(with_traces("1"), scratch, trace_entries()))

    assert {(folder / name).stat().st_mode & 0o777 for name in files(folder)} == {0o644}
