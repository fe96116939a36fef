"""The outcome as JUnit XML, which every CI system shows: one suite for each client and area.

A failed MUST is a failure, unless the baseline knows of it: then it is skipped, with the baseline's reason. A SHOULD that
warned is no failure but is told in the case's output. Errored is an error; unsupported and skipped are skipped, with the
reason. A client of which no case ran, and a line of the baseline that is out of date, have suites of their own: no failure
of the command may look like success.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from xml.etree import ElementTree as ET

from mockex.conformance.model import Verdict
from mockex.conformance.report.marks import by_area
from mockex.conformance.results import CaseResult, Results, Run
from mockex.conformance.visible import one_line, visible


def render(results: Results) -> str:
    """The XML's text."""
    suites = ET.Element("testsuites", {"name": visible(f"mockex conform {results.venue.name}")})
    for label, run in zip(results.labels, results.runs, strict=True):
        for area, cases in by_area(run).items():
            _suite(suites, results, run, name=f"{label}.{area}", tests=[_case(label, case) for case in cases])
        if run.problem is not None:
            test = _test(f"{label}.set-up", "cases run")
            ET.SubElement(test, "error", {"type": "errored", "message": one_line(run.problem)}).text = visible(run.problem)
            _suite(suites, results, run, name=f"{label}.set-up", tests=[test])
        if run.stale:
            _suite(suites, results, run, name=f"{label}.baseline", tests=[_stale(label, case) for case in run.stale])
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    suites.set("time", f"{results.seconds:f}")
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _suite(suites: ET.Element, results: Results, run: Run, *, name: str, tests: Iterable[ET.Element]) -> None:
    tests = list(tests)
    counts = {
        "tests": len(tests),
        "failures": sum(test.find("failure") is not None for test in tests),
        "errors": sum(test.find("error") is not None for test in tests),
        "skipped": sum(test.find("skipped") is not None for test in tests),
    }
    suite = ET.SubElement(suites, "testsuite", {"name": visible(name), **{key: str(count) for key, count in counts.items()}})
    suite.set("time", f"{sum((Decimal(test.get('time', '0')) for test in tests), Decimal(0)):f}")
    suite.set("timestamp", results.started.removesuffix("Z"))  # the format's times have no zone
    told = {
        "venue": results.venue.name,
        "profile": results.venue.profile,
        "client": run.client.name,
        "version": run.client.version,
        "language": run.client.language,
        "driver": run.driver,
        "mockex": results.mockex,
        "seed": str(results.seed),
    }
    _properties(suite, told)
    suite.extend(tests)


def _properties(parent: ET.Element, told: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in told.items():
        ET.SubElement(properties, "property", {"name": name, "value": visible(value)})


def _test(classname: str, name: str, milliseconds: int = 0) -> ET.Element:
    time = f"{Decimal(milliseconds) / 1000:.3f}"
    return ET.Element("testcase", {"classname": visible(classname), "name": one_line(name), "time": time})


def _case(label: str, case: CaseResult) -> ET.Element:
    test = _test(f"{label}.{case.area}", f"{case.id} {case.title}", case.milliseconds)
    told = {"verdict": case.verdict, "level": case.level, "source": case.source, "provenance": case.provenance}
    _properties(test, {**told, "trace": case.trace} if case.trace else dict(told))
    match case.verdict:
        case Verdict.FAIL if case.known is not None:
            ET.SubElement(test, "skipped", {"message": one_line(f"known failure: {case.known}")})
        case Verdict.FAIL:
            found = ET.SubElement(test, "failure", {"type": case.level.value, "message": one_line(_reason(case))})
            found.text = visible(_account(case))
        case Verdict.ERRORED:
            found = ET.SubElement(test, "error", {"type": "errored", "message": one_line(_reason(case))})
            found.text = visible(_account(case))
        case Verdict.UNSUPPORTED | Verdict.SKIPPED:
            ET.SubElement(test, "skipped", {"message": one_line(f"{case.verdict.value}: {case.reason}")})
        case Verdict.PASS | Verdict.WARN:
            pass
    output = "\n".join(_output(case))
    if output:
        ET.SubElement(test, "system-out").text = visible(output)
    if case.stderr:
        ET.SubElement(test, "system-err").text = visible(case.stderr)
    return test


def _reason(case: CaseResult) -> str:
    failure = case.failure
    return f"{failure.what}: expected {failure.expected}, seen {failure.seen}" if failure else case.reason or case.requirement


def _account(case: CaseResult) -> str:
    """All that somebody needs who sees nothing but a CI system's page."""
    lines = [case.requirement, f"source: {case.source} ({case.provenance.value}, {case.level.value})"]
    if case.failure:
        lines += [case.failure.what, f"  expected: {case.failure.expected}", f"  seen:     {case.failure.seen}"]
    if case.reason:
        lines.append(f"reason: {case.reason}")
    lines += [f"evidence: {'' if line.n is None else f'[{line.n}] '}{line.text}" for line in case.evidence]
    if case.trace:
        lines.append(f"trace: {case.trace}")
    return "\n".join(lines)


def _output(case: CaseResult) -> Iterable[str]:
    if case.verdict is Verdict.WARN:
        yield f"WARNING: {_reason(case)}\n{_account(case)}"
    if case.verdict is Verdict.FAIL and case.known is not None:
        yield f"known failure: {case.known}\n{_account(case)}"
    yield from (f"note: {note}" for note in case.notes)
    yield from (f"step: {step}" for step in case.steps)
    yield from (f"fault: {fault}" for fault in case.faults)


def _stale(label: str, case: str) -> ET.Element:
    test = _test(f"{label}.baseline", case)
    message = "passes, though the baseline expects it to fail: take it off the baseline"
    ET.SubElement(test, "failure", {"type": "baseline", "message": message})
    return test
