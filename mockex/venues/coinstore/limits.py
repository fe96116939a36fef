"""Rate limits of Coinstore. Source: cs§2.

Windows slide, and the replies carry no header (proposed). A refused request does not use up the limit that has refused it.
"""

from __future__ import annotations

from mockex.core.policy import SECOND_NS
from mockex.wire.limits import RateRule
from mockex.wire.pipeline import Call, charge

ADDRESS_LIMIT = RateRule(name="requests of one address", limit=300, window_ns=3 * SECOND_NS)
USER_LIMIT = RateRule(name="signed requests of one user", limit=120, window_ns=3 * SECOND_NS)


def count_address(call: Call) -> None:
    """Every request counts for the address that it comes from, also one to a path that there is not."""
    charge(call, ADDRESS_LIMIT, call.request.peer_ip)


def count_user(call: Call) -> None:
    """Every signed request counts for the user, whichever of its keys has signed."""
    if call.credential is not None:
        charge(call, USER_LIMIT, call.account_id)
