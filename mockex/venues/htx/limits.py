"""Rate limits of HTX, and the headers that tell of them. Source: htx§3 (column "limit") and htx§7.

Private calls count per user and endpoint, public ones per address and endpoint. Windows begin at multiples of their length
(ASSUMED): the header tells when the present one ends, which a sliding window could not. Refused calls do not count (ASSUMED).
"""

from __future__ import annotations

from mockex.core.policy import SECOND_NS
from mockex.wire.limits import RateRule, WindowKind
from mockex.wire.pipeline import Call

MS_NS = 1_000_000

REMAIN_HEADER = "X-HB-RateLimit-Requests-Remain"
EXPIRE_HEADER = "X-HB-RateLimit-Requests-Expire"


def per_seconds(limit: int, seconds: int, name: str) -> RateRule:
    """A rule of its own for one endpoint: rules count apart even with the same figures."""
    return RateRule(name=name, limit=limit, window_ns=seconds * SECOND_NS, kind=WindowKind.FIXED)


def default_limit(name: str) -> RateRule:
    """Where the documents name none (proposed)."""
    return per_seconds(10, 1, name)


def rate_headers(call: Call) -> tuple[tuple[str, str], ...]:
    """What a private reply says of its limit: calls left, and when the window ends in Unix milliseconds (htx§7).

    Nothing on public routes, and where no limit was counted.
    """
    route, verdict = call.route, call.verdict
    if route is None or route.limit is None or route.permission is None or verdict is None:
        return ()
    rule, desk = route.limit, call.desk
    left = verdict.remaining if desk.settings.limits_enabled else rule.limit
    counted_ns = desk.wall_ns() - desk.skew_ns  # limits go by the world's time, what clients are told by the venue's
    ends_ns = (counted_ns // rule.window_ns + 1) * rule.window_ns + desk.skew_ns
    return ((REMAIN_HEADER, str(left)), (EXPIRE_HEADER, str(ends_ns // MS_NS)))
