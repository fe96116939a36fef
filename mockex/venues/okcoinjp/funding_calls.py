"""What the funding handlers share: reading a call, the conditions an account may be in, and carrying out a command.

Knows no endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from mockex.core.commands import Command
from mockex.core.events import Event, Rejected
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.instruments import ATOM_DECIMALS
from mockex.venues.okcoinjp.state import OkState
from mockex.wire.decimals import exact_units, plain, to_units
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

_MAX_SHOWN = 64

Condition = tuple[str, OkFault]
"""An account flag, and what a request meets while it is set."""

# The exchange tells what it refuses; the funding endpoints have words of their own for some of it (okj§5.3).
_REFUSALS: Mapping[RejectReason, OkFault] = {RejectReason.INSUFFICIENT_FUNDS: OkFault.FUNDS_TOO_LOW}


def json_params(call: Call) -> Params:
    """The body's members. BODY_NOT_JSON if it is no object."""
    if not isinstance(call.body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return Params(call.body, blank_is_absent=True)


def query_params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def customers(call: Call) -> OkState:
    """What the venue knows of its customers."""
    state = call.state
    assert isinstance(state, OkState)
    return state


def known_asset(desk: Desk, text: str) -> str:
    """The currency that a text names in any case. ASSET_UNKNOWN quotes it as it was sent (captured)."""
    asset = text.upper()
    if asset not in desk.exchange.assets:
        raise ApiFault(FaultKind.ASSET_UNKNOWN, value=text[:_MAX_SHOWN])
    return asset


def refuse_in(call: Call, conditions: Iterable[Condition]) -> None:
    """Raises the first that applies to the caller's account."""
    for flag, fault in conditions:
        if call.desk.flagged(call.account_id, flag):
            raise ApiFault(fault)


def atoms_of(amount: Decimal, *, decimals: int) -> Atoms:
    """AMOUNT_DECIMALS if the amount is finer than its currency allows."""
    _, exact = to_units(amount, decimals)
    if not exact:
        raise ApiFault(OkFault.AMOUNT_DECIMALS, limit=plain(1, decimals))
    return exact_units(amount, ATOM_DECIMALS)


def carry_out(call: Call, command: Command) -> tuple[Event, ...]:
    """The command's events. A refusal of the exchange becomes the venue's error; nothing has changed then."""
    events = call.desk.execute(command)
    first = events[0]
    if isinstance(first, Rejected):
        raise ApiFault(_REFUSALS.get(first.reason, first.reason), value=first.subject, limit=first.limit)
    return events
