"""Rate limits: exact windows, bounded memory."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.limits import RateLimiter, RateRule, Verdict, WindowKind

SECOND = 1_000_000_000


def rule(
    limit: int,
    window_ns: int = SECOND,
    *,
    kind: WindowKind = WindowKind.SLIDING,
    refused_calls_count: bool = False,
) -> RateRule:
    return RateRule(name="test", limit=limit, window_ns=window_ns, kind=kind, refused_calls_count=refused_calls_count)


@pytest.mark.parametrize("kind", WindowKind)
def test_calls_up_to_the_limit_pass_and_the_next_is_refused(kind: WindowKind) -> None:
    limiter, three = RateLimiter(), rule(3, kind=kind)
    assert [limiter.admit(three, "alice", 0).remaining for _ in range(3)] == [2, 1, 0]
    assert limiter.admit(three, "alice", 0) == Verdict(allowed=False, remaining=0, retry_after_ns=SECOND)


def test_a_sliding_window_frees_a_call_exactly_one_window_later() -> None:
    limiter, two = RateLimiter(), rule(2)
    limiter.admit(two, "alice", 100)
    limiter.admit(two, "alice", 300)
    assert limiter.admit(two, "alice", SECOND + 99) == Verdict(False, 0, 1)
    assert limiter.admit(two, "alice", SECOND + 100) == Verdict(True, 0, 0)
    assert limiter.admit(two, "alice", SECOND + 100) == Verdict(False, 0, 200)


def test_a_fixed_window_starts_anew_at_multiples_of_its_length_since_1970() -> None:
    limiter, two = RateLimiter(), rule(2, kind=WindowKind.FIXED)
    start = 1_700_000_000 * SECOND
    for _ in range(2):
        assert limiter.admit(two, "alice", start + 900_000_000).allowed
    assert limiter.admit(two, "alice", start + 900_000_000) == Verdict(False, 0, 100_000_000)
    assert limiter.admit(two, "alice", start + SECOND - 1) == Verdict(False, 0, 1)
    assert limiter.admit(two, "alice", start + SECOND) == Verdict(True, 1, 0)


def test_subjects_and_rules_count_apart() -> None:
    limiter, one, other = RateLimiter(), rule(1), rule(1)
    assert limiter.admit(one, "alice", 0).allowed
    assert limiter.admit(one, "bob", 0).allowed
    assert limiter.admit(other, "alice", 0).allowed
    assert limiter.admit(one, ("alice", "BTC-JPY"), 0).allowed
    assert not limiter.admit(one, "alice", 0).allowed


@pytest.mark.parametrize("kind", WindowKind)
def test_a_refused_call_costs_nothing_by_default(kind: WindowKind) -> None:
    limiter, one = RateLimiter(), rule(1, kind=kind)
    limiter.admit(one, "alice", 0)
    for now_ns in range(0, SECOND, SECOND // 10):
        assert not limiter.admit(one, "alice", now_ns).allowed
    assert limiter.admit(one, "alice", SECOND).allowed


def test_a_hammering_client_stays_out_where_refused_calls_count() -> None:
    limiter, two = RateLimiter(), rule(2, refused_calls_count=True)
    for now_ns in range(0, 5 * SECOND, SECOND // 4):
        allowed = limiter.admit(two, "alice", now_ns).allowed
        assert allowed is (now_ns < SECOND // 2)
    assert limiter.admit(two, "alice", 6 * SECOND).allowed


@pytest.mark.parametrize("kind", WindowKind)
def test_a_costly_call_needs_room_for_all_of_its_cost(kind: WindowKind) -> None:
    limiter, ten = RateLimiter(), rule(10, kind=kind)
    assert limiter.admit(ten, "alice", 0, cost=8) == Verdict(True, 2, 0)
    assert limiter.admit(ten, "alice", 0, cost=3) == Verdict(False, 2, SECOND)
    assert limiter.admit(ten, "alice", 0, cost=2) == Verdict(True, 0, 0)


@pytest.mark.parametrize("kind", WindowKind)
@pytest.mark.parametrize("refused_calls_count", [True, False])
def test_a_cost_above_the_limit_is_never_admitted(kind: WindowKind, refused_calls_count: bool) -> None:
    limiter, two = RateLimiter(), rule(2, kind=kind, refused_calls_count=refused_calls_count)
    verdict = limiter.admit(two, "alice", 0, cost=3)
    assert not verdict.allowed
    assert verdict.retry_after_ns == SECOND
    assert verdict.remaining == (0 if refused_calls_count else 2)


def test_reset_forgets_every_call() -> None:
    limiter, one = RateLimiter(), rule(1)
    limiter.admit(one, "alice", 0)
    limiter.reset()
    assert limiter.admit(one, "alice", 0).allowed


@pytest.mark.parametrize(("limit", "window_ns"), [(0, 1), (-1, 1), (1, 0)])
def test_a_rule_without_room_or_time_is_refused_when_built(limit: int, window_ns: int) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        rule(limit, window_ns)


@pytest.mark.parametrize("kind", WindowKind)
def test_silent_subjects_are_forgotten(kind: WindowKind) -> None:
    limiter, five = RateLimiter(), rule(5, kind=kind)
    for number in range(10_000):
        limiter.admit(five, f"visitor-{number}", number * SECOND // 100)
    # 100 visitors a second and windows of a second: a few hundred windows live, not ten thousand.
    assert len(limiter) < 500


def test_windows_of_a_rule_that_is_no_longer_used_are_forgotten_too() -> None:
    limiter, old, new = RateLimiter(), rule(5), rule(5)
    for number in range(1_000):
        limiter.admit(old, number, 0)
    for number in range(1_000):
        limiter.admit(new, "alice", 10 * SECOND + number)
    assert len(limiter) == 1


@dataclass
class NaiveLimiter:
    """Keeps every call for ever and counts again each time."""

    rule: RateRule
    calls: list[tuple[int, int]] = field(default_factory=list)

    def used(self, now_ns: int) -> int:
        if self.rule.kind is WindowKind.FIXED:
            window = now_ns // self.rule.window_ns
            return sum(cost for time, cost in self.calls if time // self.rule.window_ns == window)
        return sum(cost for time, cost in self.calls if time > now_ns - self.rule.window_ns)

    def admit(self, now_ns: int, cost: int) -> bool:
        allowed = self.used(now_ns) + cost <= self.rule.limit
        if allowed or self.rule.refused_calls_count:
            self.calls.append((now_ns, cost))
        return allowed


@given(
    limit=st.integers(1, 6),
    window_ns=st.integers(1, 20),
    kind=st.sampled_from(WindowKind),
    refused_calls_count=st.booleans(),
    calls=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.sampled_from("ab")), max_size=60),
)
def test_the_limiter_agrees_with_one_that_remembers_everything(
    limit: int, window_ns: int, kind: WindowKind, refused_calls_count: bool, calls: list[tuple[int, int, str]]
) -> None:
    tested = rule(limit, window_ns, kind=kind, refused_calls_count=refused_calls_count)
    limiter = RateLimiter()
    oracles = {"a": NaiveLimiter(tested), "b": NaiveLimiter(tested)}
    now_ns = 0
    for step, cost, subject in calls:
        now_ns += step
        oracle = oracles[subject]
        expected = oracle.admit(now_ns, cost)
        verdict = limiter.admit(tested, subject, now_ns, cost)
        assert verdict.allowed is expected
        assert verdict.remaining == max(0, limit - oracle.used(now_ns))
        if not expected and cost <= limit:
            # One nanosecond too early is too early; on time is on time.
            ready = now_ns + verdict.retry_after_ns
            assert oracle.used(ready) + cost <= limit < oracle.used(ready - 1) + cost
