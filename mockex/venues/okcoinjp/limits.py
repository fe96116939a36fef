"""Rate limits of OKCoin Japan v3. Source: okj§4. Sliding windows per (subject, endpoint) are the specification's proposal.

The subject is the user of a valid key, else the address. Where nothing is stated, 6 calls per second apply.
"""

from __future__ import annotations

from mockex.core.policy import SECOND_NS
from mockex.wire.limits import RateRule


def per_seconds(limit: int, seconds: int, name: str) -> RateRule:
    """A rule of its own for one endpoint: rules count apart even with the same figures."""
    return RateRule(name=name, limit=limit, window_ns=seconds * SECOND_NS)


DEFAULT_LIMIT_NAME = "default"


def default_limit() -> RateRule:
    """6 per second for one endpoint. Its excess has an error code of its own."""
    return per_seconds(6, 1, DEFAULT_LIMIT_NAME)
