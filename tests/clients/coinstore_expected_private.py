"""Cases of balances, orders, fills and funding; see `coinstore_expected`."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from coinstore_expected import Case, D, ms, s
from mockex.clients.coinstore import (
    Balance,
    LimitOrder,
    MarketBuy,
    MarketSell,
    NewWithdrawal,
    OrderReceipt,
    OrderState,
    OrderType,
    RecordFilter,
    Side,
    TimeInForce,
    Wallet,
)
from mockex.clients.coinstore import trading_models as t
from mockex.clients.coinstore import wallet as w
from mockex.clients.coinstore.vocabulary import (
    DepositState,
    OrderStateNumber,
    Role,
    SideNumber,
    WithdrawalState,
)

ACCOUNT_CASES = (
    Case(
        fixture="rest/account_list",
        call=lambda client: client.account.balances(),
        expected=(Balance(currency="USDT", uid=315, account_id=1134971, available=D("13297.94999"), frozen=D("0.05001")),),
    ),
)

LUFFY = t.Order(
    order_id=1722183748419690,
    client_order_id="b1b2ea5e00a84b888d419cb73f8eb203",
    account_id=1138204,
    symbol="LUFFYUSDT",
    base_currency="LUFFY",
    quote_currency="USDT",
    side=Side.BUY,
    type=OrderType.LIMIT,
    time_in_force=TimeInForce.GOOD_TILL_CANCELLED,
    state=OrderState.SUBMITTED,
    price=D("0.00000000091"),
    quantity=D("1"),
    filled_quantity=D("0"),
    filled_amount=D("0"),
    remaining_quantity=D("0"),
    placed_at=ms(1_642_402_062_196),
    amount=D("0"),
    average_price=None,
    fee_currency=None,
    updated_at=None,
    flags=None,
)
CANCELLED_LUFFY = dataclasses.replace(
    LUFFY,
    order_id=1722364585836586,
    client_order_id="d0344830639d4f6d94be4110bf98c759",
    state=OrderState.CANCELLED,
    price=D("0.00000000092"),
    placed_at=ms(1_642_574_848_089),
    amount=D("0.00000000092"),
    average_price=D("0"),
    fee_currency="LUFFY",
)
A123 = dataclasses.replace(
    LUFFY,
    order_id=1758065956225025,
    client_order_id="tLCGVA4g19zuEBwsITXi9g3U624Al0Bw",
    account_id=1134912,
    symbol="A123USDT",
    base_currency="A123",
    price=D("100"),
    quantity=D("10"),
    remaining_quantity=D("10"),
    placed_at=ms(1_676_622_290_389),
    amount=None,
    average_price=D("0"),
)
A123_INFO = dataclasses.replace(A123, updated_at=ms(1_676_622_290_389))
A123_FILLED = dataclasses.replace(
    A123,
    state=OrderState.FILLED,
    filled_quantity=D("10"),
    filled_amount=D("1000"),
    remaining_quantity=D("0"),
    average_price=D("100"),
    updated_at=s(1_676_622_299),
)
FILL = t.Fill(
    id=3984987,
    order_id=1717384395096065,
    match_id=258338866,
    trade_id=11523732,
    account_id=1138204,
    instrument_id=15,
    base_currency_id=44,
    quote_currency_id=30,
    fee_currency_id=44,
    side=SideNumber.BUY,
    role=Role.TAKER,
    order_state=OrderStateNumber.FILLED,
    quantity=D("40.9"),
    amount=D("8.887161"),
    remaining_quantity=D("0"),
    self_dealing_quantity=D("0"),
    fee=D("0.0818"),
    fee_rate=D("0.002"),
    at=s(1_637_825_389),
)
TINY = LimitOrder(side=Side.BUY, price=D("9.2e-10"), quantity=D("12323231243"))
RECEIPT = OrderReceipt(order_id=1722183748419690, client_order_id=None)
_PLACED_MS = 1_642_407_805_168
_BATCH_MS = 1_642_574_848_089
_BATCH = [LimitOrder(side=Side.BUY, price=D("9.2e-10"), quantity=D("1"))] * 2

PLACING_CASES = (
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order("LUFFYUSDT", TINY),
        expected=OrderReceipt(order_id=11594964764657880, client_order_id=None),
        request=2,
        now_ms=_PLACED_MS,
    ),
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order("BTCUSDT", MarketBuy(amount=D("100"), client_order_id="ccc666")),
        expected=RECEIPT,
        request=3,
        reply=1,
        now_ms=_PLACED_MS,
    ),
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order(
            "BTCUSDT",
            LimitOrder(side=Side.SELL, price=D("41995"), quantity=D("0.01"), post_only=True, client_order_id="ccc777"),
        ),
        expected=RECEIPT,
        request=4,
        reply=1,
        now_ms=_PLACED_MS,
    ),
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order("BTCUSDT", MarketSell(quantity=D("0.01"))),
        expected=RECEIPT,
        request=5,
        reply=1,
        now_ms=_PLACED_MS,
    ),
    Case(
        fixture="rest/place_batch",
        call=lambda client: client.trading.place_orders("LUFFYUSDT", _BATCH),
        expected=(
            OrderReceipt(order_id=1722364585836585, client_order_id="c09e68b49a724c8a95ef76526bf6bc05"),
            OrderReceipt(order_id=1722364585836586, client_order_id="d0344830639d4f6d94be4110bf98c759"),
        ),
        request=1,
        now_ms=_BATCH_MS,
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_order("LUFFYUSDT", 1722183748419690),
        expected=t.CancelReceipt(
            order_id=1722183748419690, client_order_id="b1b2ea5e00a84b888d419cb73f8eb203", state=OrderState.CANCELLED
        ),
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_client_order("LUFFYUSDT", "b1b2ea5e00a84b888d419cb73f8eb203"),
        expected=t.CancelReceipt(order_id=1722183748419690, client_order_id=None, state=OrderState.CANCELLED),
        request=1,
        reply=1,
    ),
    Case(
        fixture="rest/cancel_batch",
        call=lambda client: client.trading.cancel_orders("LUFFYUSDT", [1722364585836586, 1722364585836585]),
        expected=t.CancelledIds(accepted=(1722364585836586, 1722364585836585), rejected=()),
    ),
    Case(
        fixture="rest/cancel_batch_by_client_id",
        call=lambda client: client.trading.cancel_client_orders("BTCUSDT", ["ccc666", "ccc777", "ccc888"]),
        expected=t.CancelledClientIds(accepted=("ccc666", "ccc777", "ccc888"), rejected=()),
    ),
    Case(
        fixture="rest/cancel_batch_by_client_id",
        call=lambda client: client.trading.cancel_client_orders("BTCUSDT", ["ccc666", "ccc777", "ccc888"]),
        expected=t.CancelledClientIds(accepted=("ccc666",), rejected=("ccc777", "ccc888")),
        reply=1,
    ),
    Case(fixture="rest/cancel_all", call=lambda client: client.trading.cancel_all("LUFFYUSDT"), expected=()),
    Case(
        fixture="rest/cancel_all",
        call=lambda client: client.trading.cancel_all("LUFFYUSDT"),
        expected=(1722183748419690,),
        reply=1,
    ),
)
READING_CASES = (
    Case(fixture="rest/active_orders", call=lambda client: client.trading.open_orders_v1(), expected=(LUFFY,)),
    Case(fixture="rest/active_orders_v2", call=lambda client: client.trading.open_orders(), expected=(A123,)),
    Case(
        fixture="rest/active_orders_v2",
        call=lambda client: client.trading.open_orders(
            symbol="A123USDT", order_id=1758065956225025, client_order_id="tLCGVA4g19zuEBwsITXi9g3U624Al0Bw"
        ),
        expected=(A123,),
        request=1,
    ),
    Case(
        fixture="rest/order_info",
        call=lambda client: client.trading.order_v1(1780715084580128),
        expected=CANCELLED_LUFFY,
    ),
    *(
        Case(
            fixture="rest/order_info_v2",
            call=lambda client: client.trading.order(1758065956225025),
            expected=expected,
            reply=reply,
        )
        for reply, expected in enumerate((A123_INFO, A123_INFO, A123_FILLED))
    ),
    Case(
        fixture="rest/order_info_v2",
        call=lambda client: client.trading.client_order("tLCGVA4g19zuEBwsITXi9g3U624Al0Bw"),
        expected=A123_INFO,
        request=1,
        reply=1,
    ),
    Case(fixture="rest/account_matches", call=lambda client: client.trading.fills("tipusdt"), expected=(FILL,)),
    Case(
        fixture="rest/account_matches",
        call=lambda client: client.trading.fills(
            "tipusdt", order_id=1717384395096065, page=1, page_size=20, side=SideNumber.BUY
        ),
        expected=(FILL,),
        request=1,
    ),
)

DEPOSIT = w.Deposit(
    id=38948,
    currency="doge",
    chain="doge",
    protocol="doge",
    amount=D("10.61"),
    at=datetime(2024, 2, 27, 9, 36, 38, tzinfo=UTC),
    state=DepositState.DONE,
    explorer="19ceb820c143ceae503cf6ce5a0c9064721f438099529d041026e062e99a0bdc8",
    transaction_id="9ceb820c143ceae503cf6ce5a0c9064721f438099529d041026e062e99a0bdc8",
    internal=False,
    locked=False,
    refusal=None,
)
WITHDRAWAL = w.Withdrawal(
    id=4886,
    currency="DOGE",
    amount=D("0.3"),
    fee=D("0"),
    at=datetime(2024, 2, 27, 10, 20, 31, tzinfo=UTC),
    state=WithdrawalState.DONE,
    shown_state=2,
    explorer="https://eth.btc.com/txinfo/",
    transaction_id="7b06acd90f839914f2676693927d994c264a0561893d3a5461a2a910d318acba",
    address="DFXm3XC49n3SBNqELip9LZHAo1nBaiDbdG",
    tag=None,
    chain="DOGE",
    protocol="DOGE",
    internal=False,
)
NEW_WITHDRAWAL = NewWithdrawal(
    currency="USDT", amount=D("1000"), address="TU4vEruvZwLLkSfV9bNw12EJTPvNr7Pvaa", protocol="trc20"
)
WALLET_CASES = (
    Case(
        fixture="rest/deposit_address",
        call=lambda client: client.wallet.deposit_address("USDTTRX", "TRX"),
        expected=w.DepositAddress(address="TW4……", tag=None, least_deposit=D("0.0001")),
    ),
    Case(
        fixture="rest/deposit_records",
        call=lambda client: client.wallet.deposits(
            RecordFilter(
                currency="USDT",
                start=datetime(2023, 12, 31, 16, tzinfo=UTC),
                end=datetime(2024, 3, 8, 4, 30, tzinfo=UTC),
                from_id=38948,
                limit=10,
            )
        ),
        expected=(DEPOSIT,),
        request=1,
    ),
    Case(
        fixture="rest/withdraw_records",
        call=lambda client: client.wallet.withdrawals(RecordFilter(currency="DOGE", limit=10)),
        expected=(WITHDRAWAL,),
        request=1,
    ),
    Case(
        fixture="rest/withdraw",
        call=lambda client: client.wallet.withdraw(dataclasses.replace(NEW_WITHDRAWAL, tag="")),
        expected=4886,
    ),
    Case(fixture="rest/withdraw", call=lambda client: client.wallet.withdraw(NEW_WITHDRAWAL), expected=4886, request=1),
    Case(fixture="rest/withdraw_cancel", call=lambda client: client.wallet.cancel_withdrawal(4886), expected=4886),
    Case(
        fixture="rest/transfer",
        call=lambda client: client.wallet.transfer("USDT", D("1"), source=Wallet.SPOT, target=Wallet.FUTURES),
        expected=None,
    ),
)
