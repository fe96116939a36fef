"""cryptofeed 2.3.2 keeps books with its own code in C and checks every message's checksum; a wrong one ends its feed."""

from __future__ import annotations

import pytest
from thirdparty_rig import Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty


@pytest.fixture
def cryptofeed(talk: Talk) -> Conversation:
    return talk("cryptofeed", "session.py")


def test_a_book_is_followed_with_every_checksum_right(venue: Simulator, cryptofeed: Conversation) -> None:
    for step in range(30):
        venue.place("maker", "BTC-JPY", "sell", f"0.{step + 10}", f"{7_000_000 + step}.5")
    cryptofeed.call("subscribe", ["BTC-JPY"])
    first = cryptofeed.call("next", "l2_book")
    assert first["ask"][:2] == [["7000000.5", "0.1"], ["7000001.5", "0.11"]]
    assert len(first["ask"]) == 30
    assert first["bid"] == []

    venue.place("alice", "BTC-JPY", "buy", "0.15", "7000001.5")
    after_trade = cryptofeed.call("next", "l2_book")
    venue.place("maker", "BTC-JPY", "buy", "0.5", "6999000")
    after_bid = cryptofeed.call("next", "l2_book")

    assert after_trade["ask"][0] == ["7000001.5", "0.06"]
    assert after_bid["bid"] == [["6999000", "0.5"]]
    assert len({book["checksum"] for book in (first, after_trade, after_bid)}) == 3


def test_trades_and_tickers_arrive_as_they_happen(venue: Simulator, cryptofeed: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("alice", "BTC-JPY", "buy", "0.25", "7000000")
    cryptofeed.call("subscribe", ["BTC-JPY"])
    earlier = cryptofeed.call("next", "trades")
    cryptofeed.call("next", "ticker")

    venue.place("alice", "BTC-JPY", "buy", "0.125", "7000000")
    trade = cryptofeed.call("next", "trades")

    assert (earlier["price"], earlier["amount"], earlier["side"]) == ("7000000", "0.25", "buy")
    assert (trade["price"], trade["amount"], trade["side"]) == ("7000000", "0.125", "buy")
    assert int(trade["id"]) == int(earlier["id"]) + 1
    assert cryptofeed.call("next", "ticker")["ask"] == "7000000"
