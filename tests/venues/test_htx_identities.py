"""The numbers of customers and accounts: both ways, stable, and refused when they are somebody else's (htx§3.3)."""

from __future__ import annotations

import pytest
from htx_support import Bench, probe_venue

from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet
from mockex.venues.htx.envelopes import v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import Identities, account_of, identities_of, own_uid, trading_account
from mockex.wire.credentials import Permission
from mockex.wire.json import JsonValue
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

UNKNOWN = (200, "account-account-id-inexistent", "account id does not exist")


def numbers(bench: Bench) -> Identities:
    found = bench.desk.state.identities
    assert isinstance(found, Identities)
    return found


def test_every_customer_has_a_uid_and_every_account_a_number_and_both_lead_back() -> None:
    bench = Bench()
    ids = numbers(bench)

    uids = {name: ids.uid(name) for name in ("alice", "bob")}
    accounts = {(name, wallet): ids.account_number(name, wallet) for name in uids for wallet in Wallet}

    assert uids == {"alice": 13_496_526, "bob": 13_496_527}
    assert ids.account_number("alice") == 100_009
    assert len(set(accounts.values())) == len(accounts)
    assert {name: ids.customer(uid) for name, uid in uids.items()} == {"alice": "alice", "bob": "bob"}
    assert {key: ids.holder(number) for key, number in accounts.items()} == {key: key for key in accounts}


def test_numbers_follow_the_order_in_which_customers_came_whoever_asks_first() -> None:
    asked, unasked = Bench(), Bench()
    numbers(asked).uid("bob")
    for bench in (asked, unasked):
        bench.simulation.open_account("carol", {})

    assert numbers(asked).account_number("carol") == numbers(unasked).account_number("carol") == 100_029
    assert numbers(asked).account_number("alice") == 100_009


@pytest.mark.parametrize("number", [0, 1, 100_008, 100_018, 100_029, -100_009, 10**17])
def test_a_number_that_nobody_has_leads_nowhere(number: int) -> None:
    assert numbers(Bench()).holder(number) is None
    assert numbers(Bench()).customer(number) is None


def probe_of(value: JsonValue, *, trading: bool = False, unknown: bool = False) -> Route:
    """A route that answers which of the caller's accounts `value` is."""

    def handler(call: Call) -> WireResponse:
        if trading:
            trading_account(call, value)
        refused = HtxFault.BALANCE_ACCOUNT_UNKNOWN if unknown else RejectReason.ACCOUNT_UNKNOWN
        return v1(call, [account_of(call, value, refused).name, own_uid(call), identities_of(call).uid("bob")])

    return Route(method="GET", path="/v1/probe", handler=handler, permission=Permission.READ)


def ask(route: Route) -> object:
    bench = Bench(venue=probe_venue(route))
    reply = bench.get("/v1/probe", bench.signed_query("GET", "/v1/probe"))
    return reply.body["data"] if reply.body["status"] == "ok" else reply.error


@pytest.mark.parametrize(
    ("value", "wallet"), [(100_009, "SPOT"), ("100009", "SPOT"), (100_010, "FUNDING"), ("100010", "FUNDING")]
)
def test_an_account_is_named_by_a_number_or_by_text(value: JsonValue, wallet: str) -> None:
    assert ask(probe_of(value)) == [wallet, 13_496_526, 13_496_527]


@pytest.mark.parametrize(
    "value", [100_019, "100019", 1, "1", "", "x", "1e5", "-100009", "١", True, None, [100_009], {}, "9" * 30, 100_011]
)
def test_another_customers_number_and_what_is_none_are_refused(value: JsonValue) -> None:
    assert ask(probe_of(value)) == UNKNOWN


def test_only_the_spot_account_trades() -> None:
    assert ask(probe_of(100_009, trading=True)) == ["SPOT", 13_496_526, 13_496_527]
    assert ask(probe_of(100_010, trading=True)) == UNKNOWN


def test_a_balance_is_refused_in_words_of_its_own() -> None:
    assert ask(probe_of("100019", unknown=True)) == (
        200, "account-get-accounts-inexistent-error", "account for id `100019` and user id `13496526` does not exist",
    )  # fmt: skip
