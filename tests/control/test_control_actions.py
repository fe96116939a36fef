"""A venue's own account actions: what an operator does to a customer that only this venue has."""

from __future__ import annotations

import pytest

from mockex.operator import actions
from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.simulation import Simulation

ADDRESS = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"


def test_every_action_is_listed_with_what_it_takes(simulation: Simulation) -> None:
    listed = {view["action"]: view for view in actions.list_actions(simulation)}
    assert set(listed) == {
        "show_addresses",
        "add_address",
        "clear_address_book",
        "renew_deposit_address",
        "set_funds_password",
        "change_daily_limit",
    }
    assert set(listed["add_address"]["takes"]) == {"currency", "chain", "address", "tag"}
    assert listed["add_address"]["optional"] == ["chain", "tag"]


def test_an_address_book_is_cleared_and_filled_by_the_operator(simulation: Simulation) -> None:
    customer = simulation.desk.state.customer("alice")
    assert actions.act(simulation, "alice", "clear_address_book", {}) == {"address_book": []}
    assert customer.address_book == []
    taken = actions.act(
        simulation, "alice", "add_address", {"currency": "btc", "address": customer.deposit_addresses[0].address}
    )
    assert taken["address_book"] == [
        {"currency": "BTC", "chain": "BTC", "address": customer.deposit_addresses[0].address, "tag": ""}
    ]


def test_a_renewed_deposit_address_comes_first_and_the_old_one_stays(simulation: Simulation) -> None:
    before = actions.act(simulation, "alice", "show_addresses", {})["deposit_addresses"]
    new = actions.act(simulation, "alice", "renew_deposit_address", {"currency": "BTC"})
    after = actions.act(simulation, "alice", "show_addresses", {})["deposit_addresses"]
    assert after == [new, *before]
    assert new not in before


def test_the_funds_password_and_the_daily_limit_change(simulation: Simulation) -> None:
    customer = simulation.desk.state.customer("alice")
    assert actions.act(simulation, "alice", "set_funds_password", {"password": "new"}) == {"has_funds_password": True}
    assert customer.funds_password == "new"
    assert actions.act(simulation, "alice", "set_funds_password", {}) == {"has_funds_password": False}
    assert customer.funds_password is None
    assert actions.act(simulation, "alice", "change_daily_limit", {"currency": "BTC", "limit": "2.5"}) == {
        "currency": "BTC",
        "limit": "2.5",
    }
    assert simulation.desk.state.limits_changed_lately("alice")


@pytest.mark.parametrize(
    ("account", "action", "arguments", "kind", "says"),
    [
        ("carol", "show_addresses", {}, NotFoundError, "no account 'carol'"),
        ("alice", "fly", {}, NotFoundError, "no account action 'fly'; it has show_addresses"),
        ("alice", "add_address", {"currency": "BTC"}, OperatorError, "address is missing"),
        ("alice", "add_address", {"currency": "BTC", "address": "nonsense"}, OperatorError, "is no address on BTC"),
        ("alice", "add_address", {"currency": "BTC", "chain": "Tron", "address": ADDRESS}, OperatorError, "no chain 'Tron'"),
        ("alice", "add_address", {"currency": "XYZ", "address": ADDRESS}, OperatorError, "no currency 'XYZ'"),
        ("alice", "renew_deposit_address", {"currency": "JPY"}, OperatorError, "JPY is on no chain"),
        ("alice", "show_addresses", {"x": "1"}, OperatorError, "takes no argument 'x'"),
        ("alice", "change_daily_limit", {"currency": "BTC", "limit": "NaN"}, OperatorError, "limit"),
        ("alice", "change_daily_limit", {"currency": "BTC", "limit": "-1"}, OperatorError, "a daily limit of -1 BTC"),
    ],
)
def test_a_bad_action_says_what_to_do_and_changes_nothing(
    simulation: Simulation, unchanged, account, action, arguments, kind, says
) -> None:
    before = actions.act(simulation, "alice", "show_addresses", {})
    with unchanged(), pytest.raises(kind, match=says):
        actions.act(simulation, account, action, arguments)
    assert actions.act(simulation, "alice", "show_addresses", {}) == before
