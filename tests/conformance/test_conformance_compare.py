"""What changed between two results, and whether it counts against the later ones."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from conformance_report_rig import HOSTILE, case, every_verdict, failed, hostile, large, results, run
from mockex.conformance.compare import Change, Comparison, compare, tell
from mockex.conformance.model import Level, Verdict
from mockex.conformance.results import CaseResult, Results, Selection, VenueInfo
from rich.console import Console

ID = "toy/orders/010"


def told(comparison: Comparison) -> str:
    written = StringIO()
    tell(comparison, Console(file=written, width=100))
    return written.getvalue()


def kinds(comparison: Comparison) -> dict[str, Change]:
    return {change.id: change.kind for change in comparison.changes}


def only(one: CaseResult) -> Results:
    return results(run(one))


def test_results_do_not_differ_from_themselves() -> None:
    for outcome in (every_verdict(), hostile(), large()):
        comparison = compare(outcome, outcome)

        assert comparison.changes == ()
        assert comparison.exit_code == 0
        assert "Nothing changed." in told(comparison)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Verdict.PASS, Verdict.FAIL, Change.WORSE),
        (Verdict.PASS, Verdict.WARN, Change.WORSE),
        (Verdict.PASS, Verdict.UNSUPPORTED, Change.WORSE),
        (Verdict.PASS, Verdict.ERRORED, Change.WORSE),
        (Verdict.PASS, Verdict.SKIPPED, Change.WORSE),
        (Verdict.UNSUPPORTED, Verdict.FAIL, Change.WORSE),
        (Verdict.SKIPPED, Verdict.WARN, Change.WORSE),
        (Verdict.FAIL, Verdict.PASS, Change.BETTER),
        (Verdict.SKIPPED, Verdict.PASS, Change.BETTER),
        (Verdict.FAIL, Verdict.ERRORED, Change.OTHER),
        (Verdict.FAIL, Verdict.UNSUPPORTED, Change.OTHER),
        (Verdict.UNSUPPORTED, Verdict.SKIPPED, Change.OTHER),
    ],
)
def test_a_changed_verdict_is_sorted_by_what_it_means(before: Verdict, after: Verdict, kind: Change) -> None:
    comparison = compare(only(case(ID, verdict=before)), only(case(ID, verdict=after)))

    assert kinds(comparison) == {ID: kind}
    assert comparison.exit_code == int(before is Verdict.PASS)
    assert f"MUST {before.value} -> MUST {after.value}" in told(comparison)


@pytest.mark.parametrize("level", [Level.SHOULD, Level.INFO])
def test_what_is_not_required_does_not_count(level: Level) -> None:
    comparison = compare(only(case(ID, level=level)), only(case(ID, level=level, verdict=Verdict.WARN)))

    assert kinds(comparison) == {ID: Change.WORSE}
    assert comparison.exit_code == 0


def test_a_known_failure_counts_when_it_passed_before() -> None:
    assert compare(only(case(ID)), only(failed(ID, known="a ticket"))).exit_code == 1


def test_another_level_is_a_change_of_its_own() -> None:
    assert kinds(compare(only(case(ID)), only(case(ID, level=Level.SHOULD)))) == {ID: Change.OTHER}


def test_a_new_case_that_fails_does_not_count() -> None:
    comparison = compare(results(run(case("toy/a/1"))), results(run(case("toy/a/1"), failed("toy/a/2"))))

    assert kinds(comparison) == {"toy/a/2": Change.NEW}
    assert comparison.exit_code == 0
    assert "absent -> MUST fail" in told(comparison)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (Selection(), Change.GONE),
        (Selection(case=("toy/orders/*",), level=(Level.MUST,)), Change.GONE),
        (Selection(case=("toy/auth/*",)), Change.NOT_RUN),
        (Selection(area=("auth",)), Change.NOT_RUN),
        (Selection(level=(Level.SHOULD,)), Change.NOT_RUN),
    ],
)
def test_a_passing_case_that_is_gone_counts_only_if_it_was_asked_for(asked: Selection, kind: Change) -> None:
    comparison = compare(results(run(case(ID))), results(run(), selection=asked))

    assert kinds(comparison) == {ID: kind}
    assert comparison.exit_code == int(kind is Change.GONE)


def test_a_client_of_which_no_case_ran_counts_and_says_why() -> None:
    comparison = compare(results(run(case(ID))), results(run(problem="the driver did not start")))

    assert comparison.exit_code == 1
    assert "ccxt: no case ran: the driver did not start" in told(comparison)


def test_clients_are_matched_by_name_in_any_order() -> None:
    before = results(run(case(ID), name="a"), run(failed(ID), name="b"), run(case(ID), name="old"))
    after = results(run(case(ID), name="new"), run(case(ID), name="b"), run(failed(ID), name="a"))
    comparison = compare(before, after)

    assert {change.client: change.kind for change in comparison.changes} == {"a": Change.WORSE, "b": Change.BETTER}
    assert (comparison.gone_clients, comparison.new_clients) == (("old",), ("new",))
    assert "Only in the earlier results: old" in told(comparison)
    assert "Only in the later results: new" in told(comparison)


def test_single_runs_are_matched_whatever_they_are_called() -> None:
    assert kinds(compare(results(run(case(ID), name="a")), results(run(failed(ID), name="b")))) == {ID: Change.WORSE}


def test_results_without_a_common_client_say_that_nothing_was_compared() -> None:
    comparison = compare(results(run(name="a"), run(name="b")), results(run(name="c")))

    assert comparison.changes == ()
    assert "No client is in both results" in told(comparison)


def test_results_of_two_venues_are_not_compared() -> None:
    other = replace(results(), venue=VenueInfo(name="other", title="", profile=""))

    with pytest.raises(ValueError, match="two venues, toy and other"):
        compare(results(), other)


def test_the_worst_is_told_first_with_what_was_expected_and_seen() -> None:
    before = results(run(case("toy/a/1", verdict=Verdict.SKIPPED), case("toy/a/2"), case("toy/a/3")))
    after = results(run(case("toy/a/1"), failed("toy/a/2"), failed("toy/a/3")))

    assert told(compare(before, after)) == (
        "Newly failing, or passing no more: 2\n"
        "  ✕ ccxt  toy/a/2  MUST pass -> MUST fail  Sizes are sent as text.\n"
        '      the size in the request: expected "0.001" as text, seen 0.001 as a JSON number\n'
        "  ✕ ccxt  toy/a/3  MUST pass -> MUST fail  Sizes are sent as text.\n"
        '      the size in the request: expected "0.001" as text, seen 0.001 as a JSON number\n'
        "Newly passing: 1\n"
        "  ✓ ccxt  toy/a/1  MUST skipped -> MUST pass  The client does what toy/a/1 asks.\n"
        "2 required cases pass no more.\n"
    )


def test_hostile_text_neither_styles_nor_repaints_the_terminal() -> None:
    text = "[red]x[/red][/]" + HOSTILE
    comparison = compare(
        results(run(case(text, title=text), name=text)), results(run(failed(text, title=text), name=text, problem=text))
    )
    written = told(comparison)

    assert "[red]x[/red][/]" in written
    assert not {"\x1b", "\x00", "\u202e", "\ud800"} & set(written)
