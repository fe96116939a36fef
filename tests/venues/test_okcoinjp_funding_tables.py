"""OKCoin Japan's chains, addresses, customers, paging and status tables, without a request (okj§2, §7)."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from mockex.fixtures import load
from okcoinjp_funding_rig import Bench

from mockex.core.ledger import OF_POSITIONS, EntryKind
from mockex.core.payments import DEPOSIT_TRANSITIONS, WITHDRAWAL_TRANSITIONS, PaymentKind, PaymentStatus
from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.chains import CHAINS, Chain, chain_named, chains_of, default_daily_limit
from mockex.venues.okcoinjp.funding_codec import (
    CASH_DEPOSIT_STATUSES,
    CASH_WITHDRAWAL_STATUSES,
    COIN_DEPOSIT_STATUSES,
    COIN_WITHDRAWAL_STATUSES,
    ENTRY_WORDS,
    StatusNumbers,
)
from mockex.venues.okcoinjp.pages import page_of, page_response
from mockex.wire.messages import WireRequest
from mockex.wire.paging import take_page
from mockex.wire.pipeline import Call, read_query

# --- chains


def _by_name(chain: Chain) -> str:
    return chain.name


@pytest.mark.parametrize("chain", CHAINS, ids=_by_name)
def test_invented_addresses_look_like_addresses_of_their_chain(chain: Chain) -> None:
    for seed in range(50):
        assert chain.family.accepts(chain.family.invent_address(random.Random(seed)))


@pytest.mark.parametrize(
    ("asset", "text", "parts"),
    [
        ("BTC", "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", ("17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", "")),
        ("BTC", "39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD", ("39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD", "")),
        (
            "BTC",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ""),
        ),
        ("BTC", "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw:1", None),
        ("BTC", "2Mti44L7thuxyzYiGzZyCcm9R7d7jgGwzZK", None),
        ("BTC", "", None),
        (
            "ETH",
            "0xA41446125D0B5b6785f6898c9D67874D763A1519",
            ("0xA41446125D0B5b6785f6898c9D67874D763A1519", ""),
        ),
        ("ETH", "0xA41446125D0B5b6785f6898c9D67874D763A151", None),
        (
            "BCH",
            "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
            ("bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", ""),
        ),
        ("XRP", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh:123456", ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "123456")),
        ("XRP", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", None),
        ("XRP", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh:", None),
        ("XRP", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh:12345678901", None),
        ("XRP", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh:\u0661", None),
    ],
)
def test_addresses_are_told_from_other_text(asset: str, text: str, parts: tuple[str, str] | None) -> None:
    assert chains_of(asset)[0].split_address(text) == parts


def test_every_coin_has_a_chain_and_money_in_the_bank_has_none() -> None:
    assert {asset.code for asset in VENUE.assets if not chains_of(asset.code)} == {"JPY"}
    assert chain_named("PLT", "palette(PPLT)") is CHAINS[-2]
    assert chain_named("PLT", "BTC") is None


def test_figures_of_the_chains_leave_room_for_a_withdrawal() -> None:
    for chain in CHAINS:
        assert 0 < chain.min_withdrawal < chain.max_withdrawal <= default_daily_limit(chain.asset)
        assert 0 <= chain.min_fee <= chain.max_fee
        assert chain.min_fee % Decimal("0.0001") == 0
        assert chain.max_fee % Decimal("0.0001") == 0


# --- customers


def test_what_a_customer_starts_with_does_not_depend_on_who_asked_first() -> None:
    one, other = Bench().state, Bench().state
    one.customer("alice")
    assert one.customer("bob") == other.customer("bob")
    assert one.customer("alice") == other.customer("alice")


def test_customers_share_no_address_except_where_tags_tell_them_apart() -> None:
    state = Bench().state
    alice, bob = state.customer("alice"), state.customer("bob")
    for chain in CHAINS:
        one, other = alice.deposit_address(chain), bob.deposit_address(chain)
        assert (one.address == other.address) is chain.tagged
        assert (one.address, one.tag) != (other.address, other.tag)


@pytest.mark.parametrize(
    ("chain", "address", "tag"),
    [
        (CHAINS[0], "0xA41446125D0B5b6785f6898c9D67874D763A1519", ""),
        (CHAINS[0], "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", "7"),
        (CHAINS[2], "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", ""),
        (CHAINS[2], "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "seven"),
    ],
)
def test_an_address_that_does_not_fit_its_chain_cannot_be_verified(chain: Chain, address: str, tag: str) -> None:
    state = Bench().state
    before = list(state.customer("alice").address_book)
    with pytest.raises(ValueError, match="no address on"):
        state.add_address("alice", chain, address, tag)
    assert state.customer("alice").address_book == before


@pytest.mark.parametrize("limit", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_daily_limit_must_be_an_amount(limit: Decimal) -> None:
    state = Bench().state
    with pytest.raises(ValueError, match="daily limit"):
        state.change_daily_limit("alice", "BTC", limit)
    assert not state.limits_changed_lately("alice")


# --- tables


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("coin_withdrawal", COIN_WITHDRAWAL_STATUSES),
        ("coin_deposit", COIN_DEPOSIT_STATUSES),
        ("jpy_withdrawal", CASH_WITHDRAWAL_STATUSES),
        ("jpy_deposit", CASH_DEPOSIT_STATUSES),
    ],
)
def test_status_numbers_are_documented_ones_and_cover_every_state_that_can_be_reached(name: str, table: StatusNumbers) -> None:
    states = load("okcoinjp", "states")
    documented = {value["value"] for value in states[name]["values"]}
    legacy = {value["value"] for value in states["legacy"][name]}
    assert {since for since, _ in table.values()} <= documented
    assert {before for _, before in table.values()} <= legacy
    transitions = WITHDRAWAL_TRANSITIONS if name.endswith("withdrawal") else DEPOSIT_TRANSITIONS
    assert set(table) == {PaymentStatus.WAITING, *transitions.values()}


def test_every_entry_that_the_funding_account_can_have_has_a_word() -> None:
    assert set(ENTRY_WORDS) == set(EntryKind) - {EntryKind.TRADE} - OF_POSITIONS


def test_every_kind_of_payment_shows_in_one_history() -> None:
    bench = Bench()
    histories = ("/deposit/history", "/withdrawal/history", "/jpyDeposit/history", "/jpyWithdrawal/history")

    def counts() -> list[int]:
        return [len(bench.rows(path)) for path in histories]

    bench.deposit("BTC", "1")
    assert counts() == [1, 0, 0, 0]
    bench.withdraw()
    bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0")
    assert counts() == [1, 2, 0, 0]
    bench.deposit("JPY", "1", kind=PaymentKind.CASH_DEPOSIT)
    bench.withdraw_cash()
    assert counts() == [1, 2, 1, 1]


# --- paging

_PAGING = load("okcoinjp", "conventions")["paging"]


@pytest.mark.parametrize("vector", _PAGING["vectors"], ids=lambda vector: vector["id"])
def test_pages_are_those_of_the_vectors(vector: dict[str, object]) -> None:
    query = vector["query"]
    assert isinstance(query, str)
    request = WireRequest(method="GET", path="/", query=query, headers={}, body=b"", peer_ip="127.0.0.1")
    call = Call(Bench().desk, request)
    read_query(call)
    ids = take_page(map(int, _PAGING["ids"]), page_of(call), row_id=lambda row: row)
    response = page_response([str(row_id) for row_id in ids], ids)
    assert [str(row_id) for row_id in ids] == vector["rows"]
    assert dict(response.headers) == vector["headers"]


@pytest.mark.parametrize("query", ["", "limit=", "limit=101", "limit=99999999999999999999"])
def test_a_limit_is_a_hundred_unless_it_is_less(query: str) -> None:
    request = WireRequest(method="GET", path="/", query=query, headers={}, body=b"", peer_ip="127.0.0.1")
    call = Call(Bench().desk, request)
    read_query(call)
    assert page_of(call).limit == 100
