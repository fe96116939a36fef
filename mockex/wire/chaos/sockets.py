"""Faults of WebSockets: operations that fail, and connections that close.

Owns what a rule makes of a request on a socket. Knows no venue: the venue names the operation and says how it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockex.wire.chaos.actions import Action, Occasion
from mockex.wire.chaos.plan import Chaos
from mockex.wire.chaos.rules import Scene

if TYPE_CHECKING:
    from mockex.wire.connections import Connection


def meet_operation(chaos: Chaos, connection: Connection, operation: str, carry_out: Callable[[], None]) -> str | None:
    """Carries out a request on a socket, unless a rule says otherwise. The venue's code of a planned error, None if there is
    none: to be told after whatever the operation itself has said.
    """
    rule = chaos.strike(scene_of(connection, Occasion.OPERATION, operation), connection=connection)
    if rule is None:
        carry_out()
        return None
    match rule.action:
        case Action.ERROR:
            if rule.arguments["executed"]:
                carry_out()
            return str(rule.arguments["code"])
        case _:
            raise AssertionError(f"{rule.action} meets no operation")


def scene_of(connection: Connection, occasion: Occasion, operation: str | None = None) -> Scene:
    """What concerns a connection, and so the account that has logged in on it."""
    credential = connection.credential
    return Scene(
        occasion,
        None if credential is None else credential.account_id,
        operation=operation,
        socket=connection.socket_name,
    )
