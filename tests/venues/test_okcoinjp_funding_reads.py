"""Balances, ledger, currencies, fees, addresses, valuation and time of OKCoin Japan (okj§6, §7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from mockex.fixtures import load
from okcoinjp_funding_rig import ACCOUNT, START, Bench, assert_shape, atoms, chain_names

from mockex.core.commands import AdjustBalance, PlaceOrder
from mockex.core.orders import OrderType, Side
from mockex.core.payments import PaymentEvent
from mockex.core.units import Wallet
from mockex.venues.okcoinjp.chains import CHAINS
from mockex.venues.okcoinjp.funding import FUNDING_ROUTES, TRANSFER_LIMIT

DAY = 86_400


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- time


def test_time_is_the_virtual_clock_in_both_forms_and_needs_no_key(bench: Bench) -> None:
    reply = bench.get("/api/general/v3/time", who=None)
    assert reply.body == {"iso": START, "epoch": "1707966245.678"}
    assert_shape("rest/time", reply.body)


# --- wallet


def test_wallet_lists_balance_hold_and_what_is_available(bench: Bench) -> None:
    bench.withdraw(amount="1", fee="0.0005")
    rows = bench.rows("/wallet")
    assert_shape("rest/wallet", rows)
    assert rows[1] == {"currency": "BTC", "balance": "1000", "hold": "1.0005", "available": "998.9995"}


def test_wallet_leaves_out_the_spot_account_and_currencies_never_held(bench: Bench) -> None:
    assert [row["currency"] for row in bench.rows("/wallet")] == ["JPY", "BTC", "ETH", "XRP", "NEO", "PLT"]
    assert bench.rows("/wallet", who="bob") == []


def test_wallet_of_one_currency_is_a_list_of_one_row_in_any_case(bench: Bench) -> None:
    rows = bench.rows("/wallet/eth")
    assert_shape("rest/wallet_currency", rows)
    assert rows == [{"currency": "ETH", "balance": "10", "hold": "0", "available": "10"}]


def test_wallet_of_a_currency_never_held_shows_zeros_and_is_not_listed_afterwards(bench: Bench) -> None:
    assert bench.rows("/wallet/btc", who="bob") == [{"currency": "BTC", "balance": "0", "hold": "0", "available": "0"}]
    assert bench.rows("/wallet", who="bob") == []


@pytest.mark.parametrize("path", ["/wallet/catfood", "/deposit/history/catfood", "/withdrawal/history/catfood"])
def test_unknown_currency_in_a_path_is_quoted_as_it_was_sent(bench: Bench, path: str) -> None:
    reply = bench.get(f"{ACCOUNT}{path}")
    assert (reply.status, reply.code, reply.message) == (400, "30031", "catfood is an invalid token")


@pytest.mark.parametrize("path", ["/withdrawal/fee", "/deposit/address", "/ledger"])
def test_unknown_currency_in_a_query_is_quoted_as_it_was_sent(bench: Bench, path: str) -> None:
    reply = bench.get(f"{ACCOUNT}{path}", "currency=catfood")
    assert (reply.status, reply.code, reply.message) == (400, "30031", "catfood is an invalid token")


# --- currencies and fees


def test_currencies_have_a_row_for_each_chain(bench: Bench) -> None:
    rows = bench.rows("/currencies")
    assert_shape("rest/currencies", rows)
    published = load("okcoinjp", "rest/currencies")["responses"][0]["body"]
    assert [row for row in rows if row["currency"] == "PLT"] == published
    assert {row["currency"] for row in rows} == set(bench.desk.exchange.assets)


def test_currencies_say_when_yen_cannot_be_withdrawn(bench: Bench) -> None:
    def can_withdraw() -> str:
        return str(next(row["can_withdraw"] for row in bench.rows("/currencies") if row["currency"] == "JPY"))

    assert can_withdraw() == "1"
    bench.desk.flags.add("cash_withdrawals_off")
    assert can_withdraw() == "0"


def test_withdrawal_fees_are_the_published_ones(bench: Bench) -> None:
    rows = bench.rows("/withdrawal/fee")
    assert_shape("rest/withdrawal_fee", rows)
    for published in load("okcoinjp", "rest/withdrawal_fee")["responses"][0]["body"]:
        assert published in rows
    assert len(rows) == len(CHAINS)


def test_withdrawal_fees_of_one_currency_are_those_of_its_chains(bench: Bench) -> None:
    assert [row["chain"] for row in bench.rows("/withdrawal/fee", "currency=plt")] == chain_names("PLT")
    assert bench.rows("/withdrawal/fee", "currency=JPY") == []


# --- deposit addresses


def test_deposit_addresses_include_old_ones_and_carry_their_currency(bench: Bench) -> None:
    rows = bench.rows("/deposit/address", "currency=btc")
    assert_shape("rest/deposit_address", rows)
    assert [row["currency"] for row in rows] == ["BTC", "BTC"]
    assert len({row["address"] for row in rows}) == 2


def test_deposit_addresses_have_a_tag_only_where_the_chain_needs_one(bench: Bench) -> None:
    (row,) = bench.rows("/deposit/address", "currency=XRP")
    assert row["tag"].isdigit()
    assert all("tag" not in row for row in bench.rows("/deposit/address", "currency=ETH"))


def test_deposit_addresses_cover_every_chain_of_the_currency(bench: Bench) -> None:
    chains = [row["chain"] for row in bench.rows("/deposit/address", "currency=PLT")]
    assert chains[:2] == chain_names("PLT")


def test_a_renewed_deposit_address_comes_first_and_the_old_one_stays(bench: Bench) -> None:
    before = bench.rows("/deposit/address", "currency=BTC")
    new = bench.state.renew_deposit_address("alice", CHAINS[0])
    after = bench.rows("/deposit/address", "currency=BTC")
    assert after == [{"currency": "BTC", "address": new.address, "chain": "BTC"}, *before]


def test_deposit_address_of_no_currency_is_30023_and_of_yen_an_empty_list(bench: Bench) -> None:
    for query in ("", "currency="):
        reply = bench.get(f"{ACCOUNT}/deposit/address", query)
        assert (reply.status, reply.code, reply.message) == (400, "30023", "currency cannot be blank")
    assert bench.rows("/deposit/address", "currency=JPY") == []


# --- ledger


def test_ledger_rows_show_signed_amounts_and_the_balance_after(bench: Bench) -> None:
    bench.transfer(amount="0.25")
    bench.wait(2)
    bench.transfer(amount="0.1", **{"from": "1", "to": "6"})
    rows = bench.rows("/ledger", "currency=BTC")
    assert_shape("rest/account_ledger", rows)
    shown = [(row["type"], row["amount"], row["balance"], row["fee"]) for row in rows]
    assert shown == [
        ("From spot account", "0.1", "999.85", "0"),
        ("To spot account", "-0.25", "999.75", "0"),
        ("Get from activity", "1000", "1000", "0"),
    ]


def test_ledger_row_of_a_withdrawal_keeps_the_fee_apart(bench: Bench) -> None:
    bench.withdraw(amount="1", fee="0.0005")
    bench.wait(2)
    row = bench.rows("/ledger", "currency=BTC&type=2")[0]
    assert (row["type"], row["amount"], row["fee"], row["balance"]) == ("Withdrawal", "-1", "0.0005", "998.9995")
    assert row["timestamp"] == "2024-02-15T03:04:07.000Z"


def test_ledger_type_numbers_choose_their_rows(bench: Bench) -> None:
    bench.deposit("BTC", "2")
    bench.transfer(amount="0.25")
    cancelled = bench.withdraw(amount="3").body["withdraw_id"]
    bench.step(cancelled, PaymentEvent.CANCEL)
    bench.withdraw(amount="4")
    bench.wait(2)
    bench.transfer(amount="0.1", **{"from": "1", "to": "6"})
    expected = {
        "1": ["Deposit"],
        "2": ["Withdrawal"],
        "13": ["Cancel withdrawal"],
        "37": ["To spot account"],
        "38": ["From spot account"],
    }
    listed = {value["value"]: value["row_text"] for value in load("okcoinjp", "states")["funding_ledger_types"]["values"]}
    assert {number: [text] for number, text in listed.items()} == expected
    for number, texts in expected.items():
        assert [row["type"] for row in bench.rows("/ledger", f"type={number}")] == texts


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("type=3", "30024", "Invalid type type"),
        ("type=deposit", "30025", "type parameter format is error"),
        ("limit=ten", "30025", "limit parameter format is error"),
        ("after=x", "30025", "after parameter format is error"),
        ("currency=", "30031", " is an invalid token"),
        ("limit=0", "30024", '"limit" is an invalid parameter'),
    ],
)
def test_ledger_refuses_a_bad_query(bench: Bench, query: str, code: str, message: str) -> None:
    reply = bench.get(f"{ACCOUNT}/ledger", query)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


def test_ledger_takes_the_official_sdks_empty_parameters(bench: Bench) -> None:
    assert len(bench.rows("/ledger", "after=&before=&limit=&type=&currency=BTC")) == 1


def test_ledger_shows_all_currencies_together_newest_first(bench: Bench) -> None:
    rows = bench.rows("/ledger")
    ids = [int(row["ledger_id"]) for row in rows]
    assert ids == sorted(ids, reverse=True)
    assert [row["currency"] for row in rows] == ["PLT", "NEO", "XRP", "ETH", "BTC", "JPY"]


def test_ledger_pages_by_its_ids_and_names_them_in_the_headers(bench: Bench) -> None:
    ids = [row["ledger_id"] for row in bench.rows("/ledger")]
    page = bench.get(f"{ACCOUNT}/ledger", f"after={ids[1]}&limit=2")
    assert [row["ledger_id"] for row in page.body] == ids[2:4]
    assert page.headers == {"OK-BEFORE": ids[2], "OK-AFTER": ids[3]}
    newer = bench.get(f"{ACCOUNT}/ledger", f"before={ids[1]}")
    assert [row["ledger_id"] for row in newer.body] == ids[:1]
    crossed = bench.get(f"{ACCOUNT}/ledger", f"before={ids[0]}&after={ids[3]}")
    assert (crossed.status, crossed.body, crossed.headers) == (200, [], {})


def test_ledger_ends_after_a_month(bench: Bench) -> None:
    bench.wait(30 * DAY - 1)
    assert len(bench.rows("/ledger", "currency=BTC")) == 1
    bench.wait(2)
    assert bench.rows("/ledger", "currency=BTC") == []


# --- valuation


def test_valuation_counts_wallets_in_yen_at_listing_prices_while_nothing_traded(bench: Bench) -> None:
    # 0.5 BTC in the spot account at the listing's 7,200,000.
    reply = bench.get(f"{ACCOUNT}/asset-valuation", "account_type=1&valuation_currency=btc")
    assert reply.body == {"account_type": "1", "balance": 3_600_000, "valuation_currency": "JPY", "timestamp": START}
    assert_shape("rest/asset_valuation", reply.body)


def test_total_valuation_is_the_sum_of_both_accounts(bench: Bench) -> None:
    balances = [bench.get(f"{ACCOUNT}/asset-valuation", f"account_type={number}").body["balance"] for number in (0, 1, 6)]
    # funding: 100,000,000 JPY, 1000 BTC at 7,200,000, 10 ETH at 390,000, 1000 XRP at 88; NEO and PLT have no pair.
    assert balances == [7_307_588_000, 3_600_000, 7_303_988_000]
    assert bench.get(f"{ACCOUNT}/asset-valuation").body["balance"] == balances[0]


def _order(bench: Bench, side: Side, price: str, account_id: str = "alice") -> None:
    bench.execute(
        PlaceOrder(
            account_id=account_id,
            symbol="BTC-JPY",
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=int(Decimal(price) * 10),
            order_qty=100_000,
        )
    )


def test_valuation_follows_the_middle_of_the_book_and_then_the_last_trade(bench: Bench) -> None:
    def worth() -> object:
        return bench.get(f"{ACCOUNT}/asset-valuation", "account_type=6").body["balance"]

    rest = 100_000_000 + 3_900_000 + 88_000
    bench.execute(AdjustBalance(account_id="bob", wallet=Wallet.SPOT, asset="JPY", amount=atoms("100000000")))
    _order(bench, Side.SELL, "8000000.1")
    assert worth() == rest + 7_200_000_000
    _order(bench, Side.BUY, "7999999.9", account_id="bob")
    assert worth() == rest + 8_000_000_000
    _order(bench, Side.BUY, "8000000.1", account_id="bob")
    assert worth() == rest + 8_000_000_100


def test_valuation_cuts_what_is_finer_than_eight_decimals(bench: Bench) -> None:
    bench.execute(AdjustBalance(account_id="bob", wallet=Wallet.SPOT, asset="JPY", amount=8_781_819_999_999_999))
    assert bench.get(f"{ACCOUNT}/asset-valuation", who="bob").body["balance"] == 0.00878181


@pytest.mark.parametrize(
    ("account_type", "code", "message"),
    [
        ("3", "34037", "Account type not supported"),
        ("2", "30024", "Invalid type account_type"),
        ("spot", "30025", "account_type parameter format is error"),
    ],
)
def test_valuation_refuses_accounts_that_it_does_not_have(bench: Bench, account_type: str, code: str, message: str) -> None:
    reply = bench.get(f"{ACCOUNT}/asset-valuation", f"account_type={account_type}")
    assert (reply.status, reply.code, reply.message) == (400, code, message)


# --- limits and permissions


def test_limits_are_those_of_the_document() -> None:
    by_endpoint = {
        (document["method"], document["path"].lower()): (int(limit["requests"]), int(limit["window_s"]) * 1_000_000_000)
        for limit in load("okcoinjp", "rate_limits")["endpoints"]
        for document in (load("okcoinjp", limit["endpoint"]),)
    }
    rules = {(route.method, route.path.lower()): route.limit for route in FUNDING_ROUTES}
    rules["POST", f"{ACCOUNT}/transfer"] = TRANSFER_LIMIT  # counted by the handler, per currency
    assert len(rules) == 17
    for endpoint, rule in rules.items():
        assert rule is not None
        assert (rule.limit, rule.window_ns) == by_endpoint[endpoint], endpoint
    assert len({id(rule) for rule in rules.values()}) == len(rules), "endpoints count apart"


def test_every_endpoint_but_the_time_is_private(bench: Bench) -> None:
    for route in FUNDING_ROUTES:
        path = route.path.replace("{currency}", "BTC")
        reply = bench._call(route.method, path, "", b"", None)
        assert (reply.status == 200) is path.endswith("/time")
        assert reply.status == 200 or reply.code == "30001"


@pytest.mark.parametrize("path", ["/transfer", "/withdrawal", "/jpywithdrawal"])
def test_a_key_that_may_only_read_moves_no_money(bench: Bench, path: str) -> None:
    reply = bench.post(f"{ACCOUNT}{path}", {}, who="viewer")
    assert (reply.status, reply.code) == (401, "30012")


@pytest.mark.parametrize("path", ["/transfer", "/withdrawal", "/jpywithdrawal"])
@pytest.mark.parametrize("body", [[], "text", 1])
def test_a_body_that_is_no_object_is_30021(bench: Bench, path: str, body: object) -> None:
    reply = bench.post(f"{ACCOUNT}{path}", body)
    assert (reply.status, reply.code) == (400, "30021")


def test_paths_match_in_any_case(bench: Bench) -> None:
    for path in ("jpyWithdrawal/history", "jpywithdrawal/history", "jpydeposit/history/"):
        assert bench.get(f"{ACCOUNT}/{path}").body == []
