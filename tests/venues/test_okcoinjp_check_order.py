"""Of two things that are wrong with one request the venue names the one that it checks first (okj§3).

The order is the fixture's. Each pair of faults that one request can have is tried, not only neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations

import pytest
from mockex.fixtures import load
from okcoinjp_support import SECOND, SPOT, Reply, SpotBench, iso

from mockex.core.commands import FreezeAccount
from mockex.wire.credentials import Permission

STEPS = load("okcoinjp", "auth")["validation_order"]
PATH = f"{SPOT}/batch_orders"
KEY, SIGN, TIMESTAMP, PASSPHRASE = (
    "ok-access-key",
    "ok-access-sign",
    "ok-access-timestamp",
    "ok-access-passphrase",
)


@dataclass(slots=True)
class Attempt:
    """One request in the making. Its signature is good unless a fault says otherwise."""

    bench: SpotBench
    who: str = "alice"
    query: str = ""
    body: bytes = b"[{}]"
    timestamp: str = ""
    peer_ip: str = "127.0.0.1"
    signed: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def send(self) -> Reply:
        target = f"{PATH}?{self.query}" if self.query else PATH
        signed_body = self.body if self.signed else self.body + b" "
        headers = self.bench.sign("POST", target, signed_body, who=self.who, timestamp=self.timestamp) | self.headers
        for name in self.dropped:
            del headers[name]
        return self.bench.send("POST", PATH, self.query, headers=headers, body=self.body, peer_ip=self.peer_ip)


def drop(name: str) -> Callable[[Attempt], None]:
    return lambda attempt: attempt.dropped.append(name)


def put(name: str, text: str) -> Callable[[Attempt], None]:
    return lambda attempt: attempt.headers.update({name: text})


def expire(attempt: Attempt) -> None:
    attempt.timestamp = iso(attempt.bench.clock.now_ns() - 31 * SECOND)


def sign_another_body(attempt: Attempt) -> None:
    attempt.signed = False


def come_from_elsewhere(attempt: Attempt) -> None:
    attempt.peer_ip = "203.0.113.7"


def freeze_key(attempt: Attempt) -> None:
    attempt.bench.desk.credentials.freeze(attempt.bench.simulation.keys[attempt.who].material.api_key)


def freeze_user(attempt: Attempt) -> None:
    attempt.bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))


def lack_permission(attempt: Attempt) -> None:
    attempt.who = "bound viewer"


def use_up_the_limit(attempt: Attempt) -> None:
    for _ in range(50):
        assert attempt.bench.post(PATH, [{}]).status == 200


def empty_the_body(attempt: Attempt) -> None:
    attempt.body = b" \n"


def break_the_json(attempt: Attempt) -> None:
    attempt.body = b"[{]"


def ask_for_nonsense(attempt: Attempt) -> None:
    attempt.query = "&" * 2_000  # more parameters than anybody needs


# Step of the fixture -> how to commit that fault.
FAULTS: dict[int, Callable[[Attempt], None]] = {
    1: drop(KEY),
    2: drop(SIGN),
    3: drop(TIMESTAMP),
    4: put(TIMESTAMP, "yesterday"),
    5: expire,
    6: put(KEY, "00000000-0000-0000-0000-000000000000"),
    7: put("content-type", "application/x-www-form-urlencoded"),
    8: drop(PASSPHRASE),
    9: put(PASSPHRASE, "wrong"),
    10: sign_another_body,
    11: come_from_elsewhere,
    12: freeze_key,
    13: freeze_user,
    14: lack_permission,
    15: use_up_the_limit,
    16: empty_the_body,
    17: break_the_json,
    18: ask_for_nonsense,
}
# No request can have both.
EXCLUSIVE = ({1, 6}, {2, 10}, {3, 4}, {3, 5}, {4, 5}, {8, 9}, {16, 17})

PAIRS = [pair for pair in combinations(FAULTS, 2) if set(pair) not in EXCLUSIVE]
NAMES = {step["step"]: step["fault"] for step in STEPS}


def code_of(step: int) -> str:
    code = STEPS[step - 1]["code"]
    return "30025" if code is None else str(code)  # parameters: ours is a query that is too long


def make_attempt(profile: str | None = None) -> Attempt:
    bench = SpotBench(limits=True, profile=profile)
    for name, permissions in (("bound", frozenset(Permission)), ("bound viewer", frozenset({Permission.READ}))):
        bench.simulation.add_key(name, "alice", permissions=permissions, allowed_ips=["127.0.0.1"])
    return Attempt(bench, who="bound")


def commit(attempt: Attempt, *steps: int) -> None:
    """All faults, those that need good calls before those that spoil the key, and the key before it is frozen."""
    for step in sorted(steps, key=lambda step: (step != 15, step != 14, step)):
        FAULTS[step](attempt)


def test_every_step_of_the_fixture_is_tried() -> None:
    assert [step["step"] for step in STEPS] == list(FAULTS)


def test_the_request_without_a_fault_is_good() -> None:
    assert make_attempt().send().status == 200


@pytest.mark.parametrize("step", FAULTS, ids=NAMES.get)
def test_a_single_fault_is_named(step: int) -> None:
    attempt = make_attempt()
    commit(attempt, step)

    reply = attempt.send()

    assert reply.body["error_code"] == code_of(step)
    assert reply.body["code"] == int(code_of(step))
    assert reply.body["message"] == reply.body["error_message"]


@pytest.mark.parametrize(("earlier", "later"), PAIRS, ids=[f"{NAMES[a]} / {NAMES[b]}" for a, b in PAIRS])
def test_of_two_faults_the_one_checked_first_is_named(earlier: int, later: int) -> None:
    attempt = make_attempt()
    commit(attempt, earlier, later)

    assert attempt.send().body["error_code"] == code_of(earlier)


@pytest.mark.parametrize(("name", "step"), [(KEY, 1), (SIGN, 2), (TIMESTAMP, 3), (PASSPHRASE, 8)])
def test_an_empty_header_is_as_good_as_none(name: str, step: int) -> None:
    attempt = make_attempt()
    attempt.headers[name] = ""

    assert attempt.send().body["error_code"] == code_of(step)


def test_a_path_that_nobody_serves_is_not_found_before_anything_else_is_looked_at() -> None:
    bench = SpotBench()

    reply = bench.send("POST", f"{SPOT}/nothing", headers={}, body=b"")

    assert (reply.status, reply.body) == (404, load("okcoinjp", "errors")["bodies"][5]["body"])


# --- profiles


HTTP = {str(row["code"]): row for row in load("okcoinjp", "errors")["codes"]}


@pytest.mark.parametrize("step", [step for step in FAULTS if step != 16], ids=NAMES.get)
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_http_status_is_that_of_the_profile(step: int, profile: str) -> None:
    attempt = make_attempt(profile)
    commit(attempt, step)
    row = HTTP[code_of(step)]
    expected = row.get("http_observed", row["http_status"]) if profile == "observed" else row["http_status"]

    reply = attempt.send()

    assert (reply.status, reply.body["error_code"]) == (expected, code_of(step))


def test_the_profiles_differ_where_a_live_sibling_was_seen_to_differ() -> None:
    assert {code for code, row in HTTP.items() if "http_observed" in row} == {"30001", "30006", "33007"}


@pytest.mark.parametrize("body", [b"", b"  \r\n"])
def test_an_empty_body_is_refused_by_the_table_or_breaks_the_observed_server(body: bytes) -> None:
    live = next(each for each in load("okcoinjp", "errors")["bodies"] if each["id"] == "errors.body.empty-post")

    documented, observed = make_attempt("documented"), make_attempt("observed")
    documented.body = observed.body = body

    assert documented.send().error == (400, "30020")
    reply = observed.send()
    assert (reply.status, reply.body) == (live["http_observed"], live["body"])
