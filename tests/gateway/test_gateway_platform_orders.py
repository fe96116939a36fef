"""What a link takes for news of an order, whatever comes in which order and how often; and client ids, and walks of a book."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockex.clients.ktx.market_models import Level

from mockex.gateway.platform import Action, Fill, Liquidity, Order, OrderStatus, OrderType
from mockex.gateway.platforms._desk import is_number
from mockex.gateway.platforms._ktx import ClientIds
from mockex.gateway.platforms._ktx_words import bought_for
from mockex.gateway.platforms._orders import CLOSED_KEPT, OrderLog, executed

D = Decimal

ORDER = Order(
    pair="BTC/USDT",
    order_no="7",
    action=Action.BUY,
    order_type=OrderType.LIMIT,
    price=D(100),
    quantity=D(3),
    remain=D(3),
    status=OrderStatus.SUBMITTED,
    created_ms=1,
    updated_ms=1,
)
LIFE = (
    ORDER,
    replace(ORDER, remain=D(2), status=OrderStatus.PARTIAL_FILLED),
    replace(ORDER, remain=D(1), status=OrderStatus.PARTIAL_FILLED),
    replace(ORDER, remain=D(1), status=OrderStatus.CANCELED),
)


def fill(number: int, quantity: int = 1) -> Fill:
    return Fill(
        pair=ORDER.pair,
        order_no=ORDER.order_no,
        fill_no=str(number),
        price=D(100),
        quantity=D(quantity),
        side=Action.BUY,
        liquidity=Liquidity.MAKER,
        created_ms=1,
    )


@given(st.lists(st.sampled_from(LIFE), max_size=12))
def test_an_order_only_goes_on_whatever_is_said_of_it(said: list[Order]) -> None:
    log = OrderLog()
    told = [order for order in said if log.take(order)]

    assert [LIFE.index(order) for order in told] == sorted({LIFE.index(order) for order in told})
    assert said == [] or log.get("7") == max(said, key=LIFE.index)


@given(st.permutations([fill(1), fill(2), fill(1), fill(2)]))
def test_a_fill_is_taken_once_and_missing_ones_are_known(fills: list[Fill]) -> None:
    log = OrderLog()
    assert not log.take_fill(fill(1)), "of an order that nobody knows"
    log.take(LIFE[3])
    assert log.lacking_fills() == [LIFE[3]]

    assert [each.fill_no for each in fills if log.take_fill(each)] == list(dict.fromkeys(each.fill_no for each in fills))
    assert log.lacking_fills() == []


def test_a_market_buy_counts_what_its_fills_cost() -> None:
    log = OrderLog()
    order = replace(ORDER, order_type=OrderType.MARKET, quantity=D(350), remain=D(50), status=OrderStatus.FILLED)
    log.take(order)
    assert executed(order) == 300
    log.take_fill(fill(1, 2))
    assert log.lacks_fills("7")
    log.take_fill(fill(2, 1))

    assert not log.lacks_fills("7")


def test_an_order_that_was_placed_is_unfinished_until_it_is_heard_to_be_over() -> None:
    log = OrderLog()
    log.expect("BTC/USDT", "7")
    assert (log.unfinished(), log.get("7")) == ([("BTC/USDT", "7")], None)
    log.take(LIFE[3])
    log.expect("BTC/USDT", "7")

    assert (log.unfinished(), log.get("7")) == ([], LIFE[3])


def test_closed_orders_are_forgotten_at_last_with_what_they_lack() -> None:
    log = OrderLog()
    for number in range(CLOSED_KEPT + 1):
        log.take(replace(LIFE[3], order_no=str(number)))

    assert log.get("0") is None
    assert len(log.lacking_fills()) == CLOSED_KEPT


def test_fills_that_were_noted_are_not_newer() -> None:
    log = OrderLog()
    log.note_fill("BTC/USDT", "41")

    assert [log.is_newer("BTC/USDT", number) for number in ("40", "41", "42")] == [False, False, True]
    assert log.is_newer("ETH/USDT", "1")


def test_client_ids_ascend_also_where_time_stands_still_and_fit_into_64_bits() -> None:
    ids = ClientIds()
    given_out = [ids.next(now_ms) for now_ms in (1_709_285_415_250,) * 3 + (1_709_285_415_251, 9_000_000_000)]

    assert given_out == sorted(set(given_out))
    assert max(given_out) < 2**63


@pytest.mark.parametrize(
    ("amount", "bought"),
    [("100", "1"), ("150", "1.454"), ("220", "2.083"), ("1000", "3"), ("0.05", "0"), ("330", "3")],
)
def test_an_amount_buys_the_best_prices_first_in_whole_lots(amount: str, bought: str) -> None:
    asks = [Level(price=D(100), size=D(1)), Level(price=D(110), size=D(1)), Level(price=D(120), size=D(1))]

    assert bought_for(D(amount), asks, lot=D("0.001")) == D(bought)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.0", "abc", "１", "9" * 19, "9" * 400])
def test_what_no_venue_numbers_an_order_by_is_no_number(text: str) -> None:
    assert not is_number(text)
    assert is_number("4611687117939015681")
