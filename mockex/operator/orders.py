"""Orders on behalf of any account, in plain decimals, exact: what lies off the instrument's grid is refused, never rounded."""

from __future__ import annotations

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import LIVE, CancelReason, Order, OrderStatus, OrderType, Side, TimeInForce
from mockex.core.units import Atoms, Instrument, Lots, Ticks
from mockex.operator.positions import PositionInput, position_terms
from mockex.operator.refusals import NotFoundError, OperatorError, execute
from mockex.operator.views import OrderView, order_view
from mockex.operator.words import Amount, atoms, check_name, member_named, on_grid, positive, the_account, the_market
from mockex.simulation import Simulation

MAX_LISTED = 1_000

STATUSES: dict[str, frozenset[OrderStatus]] = {
    "live": LIVE,
    "waiting": frozenset({OrderStatus.WAITING}),
    "filled": frozenset({OrderStatus.FILLED}),
    "cancelled": frozenset({OrderStatus.CANCELLED}),
    "all": LIVE | {OrderStatus.FILLED, OrderStatus.CANCELLED},
}


def place(
    simulation: Simulation,
    *,
    account: str,
    symbol: str,
    side: str,
    price: Amount | None = None,
    qty: Amount | None = None,
    notional: Amount | None = None,
    time_in_force: str = "gtc",
    post_only: bool = False,
    client_id: str | None = None,
    position: PositionInput | None = None,
) -> OrderView:
    """Places an order and gives it as it stands after matching.

    With a `price` it is a limit order for `qty`; without one a market order for `qty`, or to spend `notional` of the quote
    asset (buys only). `position`: what an order for a contract does to one. OperatorError for terms that do not fit,
    RefusedError if the exchange's rules refuse the order.
    """
    the_account(simulation, account)
    instrument = the_market(simulation, symbol).instrument
    if client_id is not None:
        check_name(client_id, "client_id")
    limit_price, order_qty, budget = _sizes(instrument, side, price, qty, notional)
    wanted_side = member_named(Side, side, "side")
    events = execute(
        simulation,
        PlaceOrder(
            account_id=account,
            symbol=symbol,
            side=wanted_side,
            order_type=OrderType.MARKET if limit_price is None else OrderType.LIMIT,
            time_in_force=member_named(TimeInForce, time_in_force, "time_in_force"),
            post_only=post_only,
            limit_price=limit_price,
            order_qty=order_qty,
            budget=budget,
            client_id=client_id,
            position=position_terms(instrument, wanted_side, position),
        ),
    )
    accepted = events[0]
    assert isinstance(accepted, OrderAccepted), f"an order began with {accepted!r}"
    return _view(simulation, accepted.order)


def cancel(simulation: Simulation, order_id: str) -> OrderView:
    """NotFoundError if no account has that order, RefusedError if it is not live."""
    return _cancel(simulation, _the_order(simulation, order_id))


def _cancel(simulation: Simulation, order: Order) -> OrderView:
    account_id = order.account.account_id
    execute(simulation, CancelOrder(account_id=account_id, order_id=order.order_id, reason=CancelReason.OPERATOR))
    return _view(simulation, order)


def cancel_all(simulation: Simulation, account: str, symbol: str | None = None) -> list[OrderView]:
    """The live orders of an account, of one instrument or of all, oldest first. An instrument that takes no cancels keeps
    its orders: RefusedError, and those of earlier instruments are cancelled.
    """
    owner = the_account(simulation, account)
    exchange = simulation.desk.exchange
    symbols = list(exchange.markets) if symbol is None else [the_market(simulation, symbol).instrument.symbol]
    live = [order for each in symbols for order in exchange.orders.live(owner, each).values()]
    return [_cancel(simulation, order) for order in sorted(live, key=lambda order: order.order_id)]


def get(simulation: Simulation, order_id: str) -> OrderView:
    """NotFoundError if no account has that order, or it was forgotten after its retention."""
    return _view(simulation, _the_order(simulation, order_id))


def list_orders(
    simulation: Simulation,
    *,
    account: str | None = None,
    symbol: str | None = None,
    status: str = "live",
    limit: int = 100,
) -> list[OrderView]:
    """Newest first, at most `limit` (1 to MAX_LISTED). `status`: one of STATUSES."""
    if status not in STATUSES:
        raise OperatorError(f"status is one of {', '.join(STATUSES)}, not {status!r}")
    check_limit(limit)
    exchange = simulation.desk.exchange
    exchange.forget_expired()
    owners = exchange.accounts.values() if account is None else [the_account(simulation, account)]
    symbols = list(exchange.markets) if symbol is None else [the_market(simulation, symbol).instrument.symbol]
    found: list[Order] = []
    for owner in owners:
        found += exchange.orders.page(owner, symbols, STATUSES[status], older_than=None, newer_than=None, limit=limit)
    found.sort(key=lambda order: -order.order_id)
    return [_view(simulation, order) for order in found[:limit]]


def check_limit(limit: int) -> None:
    """OperatorError for the length of a list that is none."""
    if not 1 <= limit <= MAX_LISTED:
        raise OperatorError(f"limit is 1 to {MAX_LISTED}, not {limit}")


def order_number(order_id: str) -> int:
    """The id as the core has it; -1, which nothing has, for what is no number."""
    # isdecimal is true for digits of every script and int() reads them; a very long text would be slow to read.
    return int(order_id) if order_id.isdecimal() and len(order_id) <= 40 else -1


def _sizes(
    instrument: Instrument, side: str, price: Amount | None, qty: Amount | None, notional: Amount | None
) -> tuple[Ticks | None, Lots | None, Atoms | None]:
    """Limit price, quantity and budget in the core's units. OperatorError unless they make a limit or a market order."""
    if (qty is None) == (notional is None):
        raise OperatorError("give exactly one of qty and notional")
    if notional is not None:
        if price is not None:
            raise OperatorError("a limit order takes qty, not notional; leave the price out for a market order")
        if side != "buy":
            raise OperatorError("only a market buy takes notional; give a market sell its qty")
        return None, None, atoms(positive(notional, "notional"), instrument.quote, "notional")
    assert qty is not None
    lots = on_grid(positive(qty, "qty"), instrument.qty_scale, "qty")
    if price is None:
        return None, lots, None
    return on_grid(positive(price, "price"), instrument.price_scale, "price"), lots, None


def _the_order(simulation: Simulation, order_id: str) -> Order:
    exchange = simulation.desk.exchange
    exchange.forget_expired()
    ids = simulation.venue.order_ids
    number = order_number(order_id) if ids is None else ids.own(order_id)
    order = None if number is None else exchange.orders.by_id(number)
    if order is None or (ids is not None and ids.shown(order, simulation.desk.state) != order_id):
        raise NotFoundError(f"{simulation.venue.name} has no order {order_id!r}")
    return order


def _view(simulation: Simulation, order: Order) -> OrderView:
    return order_view(order, shown_id(simulation, order))


def shown_id(simulation: Simulation, order: Order) -> str:
    """The id that the venue's clients know the order by."""
    ids = simulation.venue.order_ids
    return str(order.order_id) if ids is None else ids.shown(order, simulation.desk.state)
