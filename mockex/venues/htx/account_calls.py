"""What the handlers of HTX's accounts and wallet share: reading a call, currencies, and carrying out a command.

Knows no endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.core.commands import Command
from mockex.core.events import Event, Rejected
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms
from mockex.venues.htx.instruments import ATOM_DECIMALS
from mockex.wire.decimals import to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

MAX_SIZE, DEFAULT_SIZE = 500, 100  # htx§3.3, htx§3.5: of every list there

Refusals = Mapping[RejectReason, Enum]
"""What the exchange's refusals mean to an endpoint, where it has words of its own."""


def body_params(call: Call) -> Params:
    """The body's members. BODY_NOT_JSON if it is no object."""
    if not isinstance(call.body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return Params(call.body, blank_is_absent=True)


def query_params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def asset_of(call: Call, text: str) -> str:
    """The currency that a text names; the venue writes them in lower case, and other cases are accepted too (ASSUMED)."""
    asset = text.upper()
    if not text.isascii() or asset not in call.desk.exchange.assets:
        raise ApiFault(FaultKind.ASSET_UNKNOWN, field="currency")
    return asset


def optional_asset(call: Call, params: Params) -> str | None:
    name = params.optional_text("currency")
    return None if name is None else asset_of(call, name)


def positive_atoms(params: Params, name: str) -> Atoms:
    """An amount in atoms. PARAM_VALUE unless it is positive, and of no more decimals than the venue counts."""
    atoms, exact = to_units(params.decimal(name), ATOM_DECIMALS)
    if atoms <= 0 or not exact:
        raise ApiFault(FaultKind.PARAM_VALUE, field=name)
    return atoms


def carry_out(call: Call, command: Command, refusals: Refusals) -> Event:
    """The first event of the command. A refusal of the exchange becomes the venue's error; nothing has changed then."""
    first = call.desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(refusals.get(first.reason, first.reason))
    return first
