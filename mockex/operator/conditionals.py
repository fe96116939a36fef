"""Conditional orders of any account: seen and cancelled. They are no orders before their triggers: nothing is held for them."""

from __future__ import annotations

from mockex.core.commands import CancelConditional
from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.operator.orders import check_limit, order_number, shown_id
from mockex.operator.refusals import NotFoundError, OperatorError, execute
from mockex.operator.views import ConditionalView, conditional_view
from mockex.operator.words import the_account, the_market, word
from mockex.simulation import Simulation

STATUSES: dict[str, frozenset[ConditionalStatus]] = {
    **{word(status): frozenset({status}) for status in ConditionalStatus},
    "all": frozenset(ConditionalStatus),
}


def list_conditionals(
    simulation: Simulation,
    *,
    account: str | None = None,
    symbol: str | None = None,
    status: str = "waiting",
    limit: int = 100,
) -> list[ConditionalView]:
    """Newest first, at most `limit` (1 to `orders.MAX_LISTED`). `status`: one of STATUSES."""
    if status not in STATUSES:
        raise OperatorError(f"status is one of {', '.join(STATUSES)}, not {status!r}")
    check_limit(limit)
    if symbol is not None:
        the_market(simulation, symbol)
    exchange = simulation.desk.exchange
    owners = exchange.accounts.values() if account is None else [the_account(simulation, account)]
    found: list[ConditionalOrder] = []
    for owner in owners:
        found += exchange.conditionals.page(
            owner, limit=limit, where=lambda each: each.status in STATUSES[status] and symbol in (None, each.order.symbol)
        )
    found.sort(key=lambda each: -each.order_id)
    return [_view(simulation, each) for each in found[:limit]]


def get(simulation: Simulation, order_id: str) -> ConditionalView:
    """NotFoundError if no account has it, or it was forgotten after its retention."""
    return _view(simulation, _the_conditional(simulation, order_id))


def cancel(simulation: Simulation, order_id: str) -> ConditionalView:
    """NotFoundError as above, OperatorError if its trigger has come, RefusedError if it is cancelled already."""
    found = _the_conditional(simulation, order_id)
    if found.placed is not None:
        became = shown_id(simulation, found.placed)
        raise OperatorError(f"the trigger of {order_id} has come; cancel the order {became} that it became")
    if found.failure is not None:
        raise OperatorError(f"the trigger of {order_id} has come, and the exchange has refused the order")
    execute(simulation, CancelConditional(account_id=found.account.account_id, order_id=found.order_id))
    return _view(simulation, found)


def _the_conditional(simulation: Simulation, order_id: str) -> ConditionalOrder:
    exchange, number = simulation.desk.exchange, order_number(order_id)
    for owner in exchange.accounts.values():
        found = exchange.conditionals.by_id(owner, number)
        if found is not None:
            return found
    raise NotFoundError(f"{simulation.venue.name} has no conditional order {order_id!r}")


def _view(simulation: Simulation, conditional: ConditionalOrder) -> ConditionalView:
    placed_id = None if conditional.placed is None else shown_id(simulation, conditional.placed)
    return conditional_view(conditional, simulation.desk.exchange.markets[conditional.order.symbol].instrument, placed_id)
