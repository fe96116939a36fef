"""What only one venue knows of an account, done by the operator: the venue's own table says what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.simulation import Simulation


class ActionView(TypedDict):
    """`takes`: argument -> what it means; `optional`: those that may be left out."""

    action: str
    help: str
    takes: dict[str, str]
    optional: list[str]


def list_actions(simulation: Simulation) -> list[ActionView]:
    return [
        ActionView(action=name, help=action.help, takes=dict(action.takes), optional=sorted(action.optional))
        for name, action in simulation.venue.account_actions.items()
    ]


def act(simulation: Simulation, account: str, action: str, arguments: Mapping[str, str]) -> dict[str, object]:
    """Does it and gives what became of it. NotFoundError for an unknown account or action, OperatorError for bad arguments."""
    if account not in simulation.desk.exchange.accounts:
        raise NotFoundError(f"{simulation.venue.name} has no account {account!r}")
    known = simulation.venue.account_actions.get(action)
    if known is None:
        names = ", ".join(simulation.venue.account_actions) or "none"
        raise NotFoundError(f"{simulation.venue.name} has no account action {action!r}; it has {names}")
    for name in arguments:
        if name not in known.takes:
            raise OperatorError(f"{action} takes no argument {name!r}; it takes {', '.join(known.takes) or 'none'}")
    for name, meaning in known.takes.items():
        if name not in arguments and name not in known.optional:
            raise OperatorError(f"{action}: {name} is missing: {meaning}")
    try:
        return dict(known.run(simulation.desk, account, arguments))
    except ValueError as error:
        raise OperatorError(f"{action}: {error}") from None
