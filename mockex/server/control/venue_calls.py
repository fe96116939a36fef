"""Control calls about one venue. Each is one operator's function with its fields."""

from __future__ import annotations

from mockex.operator import accounts, actions, conditionals, instruments, keys, orders, overview, payments, service
from mockex.operator.keys import KeyRequest
from mockex.server.control.fields import (
    AMOUNT,
    BALANCES,
    FLAG,
    INTEGER,
    KEY_FIELDS,
    KEYS,
    POSITION,
    TEXT,
    TEXTS_BY_NAME,
    Field,
    required,
)
from mockex.server.control.routes import ControlCall, ControlRoute

# --- accounts and keys


def list_accounts(call: ControlCall) -> object:
    return {"accounts": accounts.list_accounts(call.simulation)}


def get_account(call: ControlCall) -> object:
    return accounts.get_account(call.simulation, call.params["account"])


def create_account(call: ControlCall) -> object:
    values = dict(call.values)
    return accounts.create_account(call.simulation, values.pop("account"), **values)


def deposit(call: ControlCall) -> object:
    values = call.values
    return accounts.deposit(call.simulation, call.params["account"], values["asset"], values["amount"], values.get("wallet"))


def withdraw(call: ControlCall) -> object:
    values = call.values
    return accounts.withdraw(call.simulation, call.params["account"], values["asset"], values["amount"], values.get("wallet"))


def freeze_account(call: ControlCall) -> object:
    return accounts.set_frozen(call.simulation, call.params["account"], frozen=True, wallet=call.values.get("wallet"))


def thaw_account(call: ControlCall) -> object:
    return accounts.set_frozen(call.simulation, call.params["account"], frozen=False, wallet=call.values.get("wallet"))


def list_keys(call: ControlCall) -> object:
    return {"keys": keys.list_keys(call.simulation, call.params.get("account"))}


def create_key(call: ControlCall) -> object:
    return keys.create_key(call.simulation, call.params["account"], KeyRequest(**call.values))


def freeze_key(call: ControlCall) -> object:
    return keys.set_frozen(call.simulation, call.params["key"], frozen=True)


def thaw_key(call: ControlCall) -> object:
    return keys.set_frozen(call.simulation, call.params["key"], frozen=False)


def remove_key(call: ControlCall) -> object:
    return keys.remove_key(call.simulation, call.params["key"])


# --- instruments and orders


def list_instruments(call: ControlCall) -> object:
    return {"instruments": instruments.list_instruments(call.simulation)}


def get_instrument(call: ControlCall) -> object:
    return instruments.get_instrument(call.simulation, call.params["symbol"])


def halt(call: ControlCall) -> object:
    return instruments.halt(call.simulation, call.params["symbol"])


def resume(call: ControlCall) -> object:
    return instruments.resume(call.simulation, call.params["symbol"])


def set_phase(call: ControlCall) -> object:
    return instruments.set_phase(call.simulation, call.params["symbol"], call.values["phase"])


def book(call: ControlCall) -> object:
    return instruments.book(call.simulation, **call.values)


def list_orders(call: ControlCall) -> object:
    return {"orders": orders.list_orders(call.simulation, **call.values)}


def get_order(call: ControlCall) -> object:
    return orders.get(call.simulation, call.params["order"])


def place_order(call: ControlCall) -> object:
    return orders.place(call.simulation, **call.values)


def cancel_order(call: ControlCall) -> object:
    return orders.cancel(call.simulation, call.params["order"])


def cancel_orders(call: ControlCall) -> object:
    return {"orders": orders.cancel_all(call.simulation, **call.values)}


def list_conditionals(call: ControlCall) -> object:
    return {"conditional_orders": conditionals.list_conditionals(call.simulation, **call.values)}


def get_conditional(call: ControlCall) -> object:
    return conditionals.get(call.simulation, call.params["order"])


def cancel_conditional(call: ControlCall) -> object:
    return conditionals.cancel(call.simulation, call.params["order"])


# --- payments


def list_payments(call: ControlCall) -> object:
    return {"payments": payments.list_payments(call.simulation, **call.values)}


def get_payment(call: ControlCall) -> object:
    return payments.get(call.simulation, call.params["payment"])


def start_deposit(call: ControlCall) -> object:
    return payments.start_deposit(call.simulation, **call.values)


def step_payment(call: ControlCall) -> object:
    return payments.step(call.simulation, call.params["payment"], call.params["event"])


# --- the service


def list_venues(call: ControlCall) -> object:
    return {"venues": {name: overview.venue_state(each) for name, each in call.server.world.simulations.items()}}


def get_venue(call: ControlCall) -> object:
    return overview.venue_state(call.simulation)


def invariants(call: ControlCall) -> object:
    return overview.check_invariants(call.simulation)


def list_errors(call: ControlCall) -> object:
    return {"errors": service.list_errors(call.simulation)}


def list_faults(call: ControlCall) -> object:
    return {"faults": service.list_faults(call.simulation)}


def plan_fault(call: ControlCall) -> object:
    return service.plan_fault(call.simulation, **call.values)


def clear_faults(call: ControlCall) -> object:
    return {"faults": service.clear_faults(call.simulation)}


def get_maintenance(call: ControlCall) -> object:
    return {"on": call.simulation.desk.in_maintenance}


def set_maintenance(call: ControlCall) -> object:
    return {"on": service.set_maintenance(call.simulation, on=call.values["on"])}


def list_actions(call: ControlCall) -> object:
    return {"actions": actions.list_actions(call.simulation)}


def act(call: ControlCall) -> object:
    arguments = call.values.get("arguments", {})
    return actions.act(call.simulation, call.params["account"], call.params["action"], arguments)


def list_flags(call: ControlCall) -> object:
    return {"flags": service.list_flags(call.simulation, call.params.get("account"))}


def set_flag(call: ControlCall) -> object:
    account = call.params.get("account")
    flags = service.set_flag(call.simulation, call.values["flag"], on=call.values["on"], account=account)
    return {"flags": flags}


def list_routes(call: ControlCall) -> object:
    return {"routes": service.list_routes(call.simulation)}


def set_route(call: ControlCall) -> object:
    values = call.values
    changed = service.set_route(call.simulation, path=values["path"], open_=values["open"], method=values.get("method"))
    return {"routes": changed}


MONEY: dict[str, Field] = {"asset": required(TEXT), "amount": required(AMOUNT), "wallet": TEXT}
ORDER: dict[str, Field] = {
    "account": required(TEXT),
    "symbol": required(TEXT),
    "side": required(TEXT),
    "price": AMOUNT,
    "qty": AMOUNT,
    "notional": AMOUNT,
    "time_in_force": TEXT,
    "post_only": FLAG,
    "client_id": TEXT,
    "position": POSITION,
}
PAYMENT: dict[str, Field] = {
    "account": required(TEXT),
    "kind": required(TEXT),
    **MONEY,
    "chain": TEXT,
    "address": TEXT,
    "tag": TEXT,
    "needs_review": FLAG,
}
FAULT: dict[str, Field] = {
    "code": required(TEXT),
    "method": TEXT,
    "path": TEXT,
    "account": TEXT,
    "times": INTEGER,
    "executed": FLAG,
}
FLAG_ON: dict[str, Field] = {"flag": required(TEXT), "on": required(FLAG)}
LISTED_ORDERS: dict[str, Field] = {"account": TEXT, "symbol": TEXT, "status": TEXT, "limit": INTEGER}

_VENUE = "/venues/{venue}"
_ACCOUNT = f"{_VENUE}/accounts/{{account}}"
_KEY = f"{_VENUE}/keys/{{key}}"
_INSTRUMENT = f"{_VENUE}/instruments/{{symbol}}"

_R = ControlRoute

ROUTES = (
    _R("GET", "/venues", list_venues, "The venues of this world."),
    _R("GET", _VENUE, get_venue, "One venue's settings and counts."),
    _R("GET", f"{_VENUE}/invariants", invariants, "Checks the venue's books, holds and ledger."),
    _R("GET", f"{_VENUE}/accounts", list_accounts, "Accounts with their balances."),
    _R(
        "POST",
        f"{_VENUE}/accounts",
        create_account,
        "Opens an account. Without keys it gets one of its own name that may do everything.",
        {"account": required(TEXT), "balances": BALANCES, "keys": KEYS},
        status=201,
    ),
    _R("GET", _ACCOUNT, get_account, "One account with its keys, live orders and positions."),
    _R("POST", f"{_ACCOUNT}/deposit", deposit, "Gives the account money at once, without a payment.", MONEY),
    _R("POST", f"{_ACCOUNT}/withdraw", withdraw, "Takes available money away at once, without a payment.", MONEY),
    _R("POST", f"{_ACCOUNT}/freeze", freeze_account, "Freezes the account, or one wallet of it.", {"wallet": TEXT}),
    _R("POST", f"{_ACCOUNT}/thaw", thaw_account, "Thaws the account, or one wallet of it.", {"wallet": TEXT}),
    _R("GET", f"{_ACCOUNT}/keys", list_keys, "The account's API keys, secrets included."),
    _R("POST", f"{_ACCOUNT}/keys", create_key, "Makes an API key.", KEY_FIELDS, status=201),
    _R(
        "POST",
        f"{_ACCOUNT}/actions/{{action}}",
        act,
        "Does one of the venue's own account actions.",
        {"arguments": TEXTS_BY_NAME},
    ),
    _R("GET", f"{_ACCOUNT}/flags", list_flags, "Conditions that the venue knows for accounts, and which are on."),
    _R("POST", f"{_ACCOUNT}/flags", set_flag, "Puts the account into a condition, or out of it.", FLAG_ON),
    _R("GET", f"{_VENUE}/keys", list_keys, "All API keys, secrets included."),
    _R("POST", f"{_KEY}/freeze", freeze_key, "Freezes a key, by its name."),
    _R("POST", f"{_KEY}/thaw", thaw_key, "Thaws a key."),
    _R("DELETE", _KEY, remove_key, "Removes a key; the venue does not know it any more."),
    _R("GET", f"{_VENUE}/instruments", list_instruments, "Instruments with their grid, phase and best prices."),
    _R("GET", _INSTRUMENT, get_instrument, "One instrument."),
    _R("POST", f"{_INSTRUMENT}/halt", halt, "No orders; cancels are taken."),
    _R("POST", f"{_INSTRUMENT}/resume", resume, "Back to continuous trading."),
    _R(
        "POST",
        f"{_INSTRUMENT}/phase",
        set_phase,
        "Any phase: continuous, halted, call_auction, price_discovery.",
        {"phase": required(TEXT)},
    ),
    _R("GET", f"{_VENUE}/book", book, "The best price levels of both sides.", {"symbol": required(TEXT), "depth": INTEGER}),
    _R("GET", f"{_VENUE}/orders", list_orders, "Orders of one account or all, newest first.", LISTED_ORDERS),
    _R(
        "POST",
        f"{_VENUE}/orders",
        place_order,
        "Places an order for any account: with a price a limit order, else a market order for qty or notional.",
        ORDER,
        status=201,
    ),
    _R(
        "DELETE",
        f"{_VENUE}/orders",
        cancel_orders,
        "Cancels an account's live orders.",
        {"account": required(TEXT), "symbol": TEXT},
    ),
    _R("GET", f"{_VENUE}/orders/{{order}}", get_order, "One order with its fills."),
    _R("DELETE", f"{_VENUE}/orders/{{order}}", cancel_order, "Cancels a live order."),
    _R("POST", f"{_VENUE}/orders/{{order}}/cancel", cancel_order, "Cancels a live order."),
    _R(
        "GET",
        f"{_VENUE}/conditional-orders",
        list_conditionals,
        "Conditional orders of one account or all, newest first: those that wait, or of another status.",
        LISTED_ORDERS,
    ),
    _R("GET", f"{_VENUE}/conditional-orders/{{order}}", get_conditional, "One conditional order."),
    _R("DELETE", f"{_VENUE}/conditional-orders/{{order}}", cancel_conditional, "Cancels a conditional order that waits."),
    _R(
        "GET",
        f"{_VENUE}/payments",
        list_payments,
        "Deposits and withdrawals, newest first.",
        {"account": TEXT, "limit": INTEGER},
    ),
    _R(
        "POST",
        f"{_VENUE}/payments",
        start_deposit,
        "Starts a coin or cash deposit that arrives step by step.",
        PAYMENT,
        status=201,
    ),
    _R("GET", f"{_VENUE}/payments/{{payment}}", get_payment, "One payment."),
    _R(
        "POST",
        f"{_VENUE}/payments/{{payment}}/{{event}}",
        step_payment,
        "Takes a step by hand: advance, review, cancel, fail or refund.",
    ),
    _R("GET", f"{_VENUE}/errors", list_errors, "The venue's error table, for planned faults."),
    _R("GET", f"{_VENUE}/faults", list_faults, "Planned faults still to come."),
    _R(
        "POST",
        f"{_VENUE}/faults",
        plan_fault,
        "Lets the next matching calls fail with an error code of the venue.",
        FAULT,
        status=201,
    ),
    _R("DELETE", f"{_VENUE}/faults", clear_faults, "Forgets all planned faults."),
    _R("GET", f"{_VENUE}/maintenance", get_maintenance, "Whether the venue is down for maintenance."),
    _R("POST", f"{_VENUE}/maintenance", set_maintenance, "Maintenance on or off.", {"on": required(FLAG)}),
    _R("GET", f"{_VENUE}/actions", list_actions, "What the venue lets an operator do to an account of its own."),
    _R("GET", f"{_VENUE}/flags", list_flags, "Conditions that the venue knows, and which are on."),
    _R("POST", f"{_VENUE}/flags", set_flag, "Puts the venue into a condition, or out of it.", FLAG_ON),
    _R("GET", f"{_VENUE}/routes", list_routes, "The venue's routes, and whether they are open."),
    _R(
        "POST",
        f"{_VENUE}/routes",
        set_route,
        "Switches the routes of a path on or off.",
        {"path": required(TEXT), "open": required(FLAG), "method": TEXT},
    ),
)
