"""Orders cancelled, batched, refused and paged through, by the client at the simulator."""

from __future__ import annotations

import pytest
from endtoend_rig import BTC_JPY, START, Rig, balance, buy, d, sell
from mockex.clients.okcoinjp import (
    CancelByClientOid,
    CancelByOrderId,
    Cursor,
    Execution,
    NewRows,
    OkcoinClient,
    OkcoinError,
    OrderReceipt,
    OrderState,
    Page,
    Side,
    errors,
    older_rows,
)
from mockex.clients.okcoinjp.trading_models import BatchOutcome, Fill, LimitOrder

# --- cancelling


async def test_cancelling_by_either_id_gives_the_hold_back(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, "spot/order:BTC-JPY", "spot/account:BTC")
    first = await alice.trading.place_order(sell("7000000", "1", client_oid="first1"))
    second = await alice.trading.place_order(sell("7100000", "2", client_oid="second1"))
    assert await alice.trading.account("BTC") == balance("BTC", "10", "3")

    assert await alice.trading.cancel_order(BTC_JPY, first.order_id) == first
    assert await alice.trading.cancel_order(BTC_JPY, "second1") == second

    assert await alice.trading.account("BTC") == balance("BTC", "10")
    await stream.settled()
    states = [(push.order.order_id, push.order.state) for push in stream.pushes("spot/order:BTC-JPY")]
    assert states == [
        (first.order_id, OrderState.OPEN),
        (second.order_id, OrderState.OPEN),
        (first.order_id, OrderState.CANCELLED),
        (second.order_id, OrderState.CANCELLED),
    ]
    assert [push.hold for push in stream.pushes("spot/account:BTC")] == [d("0"), d("1"), d("3"), d("2"), d("0")]


async def test_cancelled_orders_without_fills_are_forgotten_after_two_hours(quiet: Rig, alice: OkcoinClient) -> None:
    receipt = await alice.trading.place_order(sell("7000000", "1"))
    await alice.trading.cancel_order(BTC_JPY, receipt.order_id)
    quiet.advance(hours=2, seconds=-1)
    remembered = await alice.trading.orders(BTC_JPY, state=OrderState.CANCELLED)
    assert [order.order_id for order in remembered.rows] == [receipt.order_id]
    quiet.advance(seconds=1)
    assert (await alice.trading.orders(BTC_JPY, state=OrderState.CANCELLED)).rows == ()
    with pytest.raises(errors.OrderNotFoundError):
        await alice.trading.order(BTC_JPY, receipt.order_id)


@pytest.mark.parametrize(
    ("which", "error", "code"),
    [
        ("filled", errors.OrderClosedError, 33026),
        ("cancelled", errors.OrderClosedError, 33027),
        ("unknown1", errors.OrderNotFoundError, 33014),
        ("2510789768700000", errors.OrderNotFoundError, 33014),
    ],
)
async def test_what_cannot_be_cancelled_says_why(
    alice: OkcoinClient, bob: OkcoinClient, which: str, error: type[OkcoinError], code: int
) -> None:
    await alice.trading.place_order(sell("7000000", "1", client_oid="filled"))
    await bob.trading.place_order(buy("7000000", "1"))
    await alice.trading.place_order(sell("8000000", "1", client_oid="cancelled"))
    await alice.trading.cancel_order(BTC_JPY, "cancelled")
    before = await alice.trading.accounts()

    with pytest.raises(error) as refused:
        await alice.trading.cancel_order(BTC_JPY, which)

    assert (type(refused.value), refused.value.code, refused.value.http_status) == (error, code, 400)
    assert await alice.trading.accounts() == before


async def test_nobody_cancels_or_sees_an_order_of_somebody_else(alice: OkcoinClient, bob: OkcoinClient) -> None:
    receipt = await alice.trading.place_order(sell("7000000", "1", client_oid="mine"))
    with pytest.raises(errors.AuthenticationError) as refused:
        await bob.trading.cancel_order(BTC_JPY, receipt.order_id)
    assert refused.value.code == 30027
    for name in (receipt.order_id, "mine"):
        with pytest.raises(errors.OrderNotFoundError):
            await bob.trading.order(BTC_JPY, name)
    assert (await alice.trading.order(BTC_JPY, "mine")).state is OrderState.OPEN


# --- batches


def outcomes(batch: dict[str, tuple[BatchOutcome, ...]]) -> dict[str, list[object]]:
    """Client ids of what was taken, codes of what was not."""
    return {
        pair: [found.client_oid if isinstance(found, OrderReceipt) else found.code for found in items]
        for pair, items in batch.items()
    }


async def test_a_batch_is_placed_and_cancelled_item_by_item(alice: OkcoinClient) -> None:
    placed = await alice.trading.place_orders(
        [
            sell("7000000", "1", client_oid="a1"),
            sell("390000", "2", client_oid="b1", instrument_id="ETH-JPY"),
            sell("7000000", "100", client_oid="toomuch"),
            sell("7200000", "1", client_oid="a2"),
        ]
    )
    assert outcomes(placed) == {"BTC-JPY": ["a1", 33017, "a2"], "ETH-JPY": ["b1"]}
    refused = placed["BTC-JPY"][1]
    assert isinstance(refused, errors.InsufficientFundsError)
    assert (refused.order_id, refused.client_oid) == (None, "toomuch")
    assert [order.client_oid for order in (await alice.trading.open_orders()).rows] == ["a2", "b1", "a1"]

    by_client = await alice.trading.cancel_orders(
        [
            CancelByClientOid(instrument_id=BTC_JPY, client_oids=("a1", "nosuch1")),
            CancelByClientOid(instrument_id="ETH-JPY", client_oids=("b1",)),
        ]
    )
    assert outcomes(by_client) == {"BTC-JPY": ["a1", 33014], "ETH-JPY": ["b1"]}
    left = placed["BTC-JPY"][2]
    assert isinstance(left, OrderReceipt)
    by_id = await alice.trading.cancel_orders([CancelByOrderId(instrument_id=BTC_JPY, order_ids=(left.order_id, "1"))])
    assert outcomes(by_id) == {"BTC-JPY": ["a2", 33014]}
    assert (await alice.trading.open_orders()).rows == ()
    assert await alice.trading.account("BTC") == balance("BTC", "10")


async def test_a_batch_that_is_too_long_places_nothing(alice: OkcoinClient) -> None:
    with pytest.raises(errors.InvalidRequestError) as refused:
        await alice.trading.place_orders([sell("7000000", "0.1")] * 11)
    assert refused.value.code == 33015
    assert (await alice.trading.open_orders()).rows == ()


# --- refusals


@pytest.mark.parametrize(
    ("order", "error", "code"),
    [
        (sell("7000000", "10.5"), errors.InsufficientFundsError, 33017),
        (sell("7000000", "0.0009999"), errors.OrderRejectedError, 33024),
        (sell("0", "1"), errors.OrderRejectedError, 33045),
        (sell("7000000", "1", instrument_id="BTC-USD"), errors.UnknownInstrumentError, 30032),
        (sell("7000000", "1", client_oid="not-ok"), errors.InvalidRequestError, 30024),
        (sell("7000000", "1", client_oid="12345"), errors.InvalidRequestError, 30024),
    ],
)
async def test_a_refused_order_changes_nothing(
    alice: OkcoinClient, order: LimitOrder, error: type[OkcoinError], code: int
) -> None:
    with pytest.raises(error) as refused:
        await alice.trading.place_order(order)
    assert (type(refused.value), refused.value.code, refused.value.outcome_unknown) == (error, code, False)
    assert await alice.trading.accounts() == (balance("BTC", "10"), balance("ETH", "100"))
    assert (await alice.trading.open_orders()).rows == ()


async def test_a_key_that_may_only_read_cannot_trade(quiet: Rig, alice: OkcoinClient) -> None:
    viewer = await quiet.client("viewer")
    assert await viewer.trading.accounts() == await alice.trading.accounts()
    with pytest.raises(errors.PermissionDeniedError) as refused:
        await viewer.trading.place_order(sell("7000000", "1"))
    assert (refused.value.code, refused.value.http_status) == (30012, 401)
    assert (await alice.trading.open_orders()).rows == ()


async def test_the_fee_rates_are_those_of_the_fills(alice: OkcoinClient) -> None:
    fees = await alice.trading.trade_fee()
    assert (fees.maker, fees.taker, fees.timestamp) == (d("0.001"), d("0.0015"), START)


# --- pages


async def test_pages_lead_to_every_order_and_every_fill(alice: OkcoinClient, bob: OkcoinClient) -> None:
    for number in range(25):
        await alice.trading.place_order(sell("7000000", "0.01", client_oid=f"a{number}"))
        await bob.trading.place_order(buy("7000000", "0.01"))

    orders = [
        order.client_oid
        async for order in older_rows(
            lambda cursor: alice.trading.orders(BTC_JPY, state=OrderState.FILLED, cursor=cursor), Cursor(limit=7)
        )
    ]
    assert orders == [f"a{number}" for number in reversed(range(25))]

    async def fills(cursor: Cursor) -> Page[Fill]:
        return await alice.trading.fills(BTC_JPY, cursor=cursor)

    rows = [row async for row in older_rows(fills, Cursor(limit=3))]  # a page may end between the two rows of a fill
    assert [(row.trade_id, row.currency) for row in rows] == [
        (str(number), currency) for number in range(25, 0, -1) for currency in ("JPY", "BTC")
    ]
    ledger = [row async for row in older_rows(lambda cursor: alice.trading.ledger("JPY", cursor=cursor), Cursor(limit=10))]
    assert [row.balance for row in ledger] == [d("69930") * number for number in range(25, 0, -1)]


async def test_who_trades_with_themself_sees_both_sides_once(quiet: Rig, alice: OkcoinClient) -> None:
    quiet.venue.deposit("alice", "JPY", "100000000")
    for number in range(6):
        await alice.trading.place_order(sell("7000000", "0.01"))
        executed = Execution.IMMEDIATE_OR_CANCEL if number % 2 else Execution.NORMAL
        await alice.trading.place_order(buy("7000000", "0.01", execution=executed))
    whole = await alice.trading.fills(BTC_JPY)
    expected = [
        (str(number), side, currency)
        for number in range(6, 0, -1)
        for side, currency in ((Side.BUY, "BTC"), (Side.SELL, "JPY"), (Side.BUY, "JPY"), (Side.SELL, "BTC"))
    ]
    assert [(row.trade_id, row.side, row.currency) for row in whole.rows] == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7])
async def test_no_row_is_lost_or_doubled_where_pages_meet(
    quiet: Rig, alice: OkcoinClient, bob: OkcoinClient, limit: int
) -> None:
    """Also where both sides of a trade are one account, whose rows then lie between each other's."""
    quiet.venue.deposit("alice", "JPY", "100000000")
    for _ in range(3):
        await alice.trading.place_order(sell("7000000", "0.02"))
        await alice.trading.place_order(buy("7000000", "0.01"))
        await bob.trading.place_order(buy("7000000", "0.01"))
    whole = (await alice.trading.fills(BTC_JPY)).rows
    assert len(whole) == 3 * (4 + 2)
    ids = [int(row.ledger_id) for row in whole]
    assert ids == sorted(ids, reverse=True)

    async def fills(cursor: Cursor) -> Page[Fill]:
        return await alice.trading.fills(BTC_JPY, cursor=cursor)

    assert tuple([row async for row in older_rows(fills, Cursor(limit=limit))]) == whole
    for row in whole:
        newer = await fills(Cursor(before=row.ledger_id))
        assert newer.rows == whole[: whole.index(row)]
        older = await fills(Cursor(after=row.ledger_id, limit=limit))
        assert older.rows == whole[whole.index(row) + 1 :][:limit]
    between = await fills(Cursor(after=whole[2].ledger_id, before=whole[-2].ledger_id))
    assert between.rows == whole[3:-2]
    assert (await fills(Cursor(after=whole[-2].ledger_id, before=whole[2].ledger_id))).rows == ()


async def test_polling_brings_each_new_row_once(alice: OkcoinClient, bob: OkcoinClient) -> None:
    news = NewRows(lambda cursor: bob.trading.fills(BTC_JPY, cursor=cursor), limit=4)
    await alice.trading.place_order(sell("7000000", "1"))
    await bob.trading.place_order(buy("7000000", "0.01"))
    assert [row.trade_id for row in await news.poll()] == ["1", "1"]
    assert await news.poll() == ()
    for _ in range(5):
        await bob.trading.place_order(buy("7000000", "0.01"))
    assert [row.trade_id for row in await news.poll()] == [str(number) for number in (2, 2, 3, 3, 4, 4, 5, 5, 6, 6)]
    assert await news.poll() == ()
