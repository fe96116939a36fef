"""One conversation of two traders with a live market, and every byte that the server said in it.

Run as a program it prints a digest of those bytes: `python endtoend_transcript.py SEED`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass

from endtoend_relay import Relay, relay
from endtoend_rig import BTC_JPY, Rig, buy, d, live_world, rig, sell
from mockex.clients.okcoinjp import (
    CancelByOrderId,
    Execution,
    Granularity,
    MarketBuy,
    MarketSell,
    OkcoinClient,
    OkcoinError,
    OrderReceipt,
    StateGroup,
    channels,
)
from mockex.clients.okcoinjp.funding_models import NewWithdrawal
from mockex.clients.okcoinjp.vocabulary import Account

# The answer to a WebSocket handshake depends on the client's random key. Nothing else that the server says may.
_HANDSHAKE = re.compile(rb"Sec-WebSocket-Accept: [^\r]+\r\n")

PAIRS = (BTC_JPY, "ETH-JPY", "ETH-BTC")
PUBLIC = [
    name(pair)
    for pair in PAIRS
    for name in (channels.ticker, channels.trades, channels.depth5, channels.depth, channels.depth_tick_by_tick)
] + [channels.candles(BTC_JPY, granularity) for granularity in (Granularity.ONE_MINUTE, Granularity.ONE_DAY)]
PRIVATE = [*map(channels.orders, PAIRS), *map(channels.balance, ("BTC", "ETH", "JPY"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What the server sent: over HTTP and over WebSocket, one text per connection. `keys` are what it gave out."""

    rest: tuple[bytes, ...]
    streams: tuple[bytes, ...]
    keys: dict[str, str]

    def digest(self) -> str:
        parts = (*self.rest, *self.streams, repr(self.keys).encode())
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


async def transcript(*, seed: int, steps: int = 1) -> Transcript:
    """`steps`: in how many parts each wait is taken; how time is moved changes nothing."""
    async with rig(live_world(seed=seed)) as running, AsyncExitStack() as stack:
        rest = await stack.enter_async_context(relay(running.venue.rest_url))
        sockets = await stack.enter_async_context(relay(running.venue.ws_url))
        await _converse(running, rest, sockets, steps)
        return Transcript(
            rest=tuple(map(bytes, rest.received)),
            streams=tuple(_HANDSHAKE.sub(b"", bytes(kept)) for kept in sockets.received),
            keys={name: f"{key.api_key} {key.secret} {key.passphrase}" for name, key in running.venue.keys.items()},
        )


async def _converse(running: Rig, rest: Relay, sockets: Relay, steps: int) -> None:
    rest_url, ws_url = rest.through(running.venue.rest_url), sockets.through(running.venue.ws_url)
    alice, bob = [await running.client(name, base_url=rest_url) for name in ("alice", "bob")]
    streams = [
        await running.stream(alice, *PUBLIC, *PRIVATE, url=ws_url),
        await running.stream(bob, *PRIVATE, url=ws_url),
        await running.stream(await running.client(None), *PUBLIC, url=ws_url),
    ]
    for round_number in range(5):
        await _trade(alice, bob, round_number)
        for _ in range(steps):
            running.advance(milliseconds=1_250 / steps)
        await _look(alice, bob)
        running.advance(milliseconds=10_000)
        for stream in streams:
            await stream.settled()


async def _trade(alice: OkcoinClient, bob: OkcoinClient, round_number: int) -> None:
    """Orders of all kinds around the market's price; some are refused."""
    best = await alice.market.ticker(BTC_JPY)
    assert best.best_bid is not None
    assert best.best_ask is not None
    name = f"r{round_number}"
    await alice.trading.place_order(sell(str(best.best_ask), "0.25", client_oid=f"{name}a"))
    await alice.trading.place_order(sell(str(best.best_bid), "0.01", execution=Execution.IMMEDIATE_OR_CANCEL))
    await alice.trading.place_order(MarketSell(instrument_id="ETH-BTC", size=d("0.05")))
    await bob.trading.place_order(buy(str(best.best_bid), "0.125", client_oid=f"{name}b", execution=Execution.POST_ONLY))
    await bob.trading.place_order(MarketBuy(instrument_id=BTC_JPY, notional=d("300000")))
    placed = await bob.trading.place_orders(
        [buy(str(best.best_bid - 10 * number), "0.01") for number in range(1, 4)] + [buy("1", "1000000000")]
    )
    taken = [found.order_id for found in placed[BTC_JPY] if isinstance(found, OrderReceipt)]
    await bob.trading.cancel_orders([CancelByOrderId(instrument_id=BTC_JPY, order_ids=(*taken, "1"))])
    for refused in (alice.trading.cancel_order(BTC_JPY, f"{name}a"), alice.trading.cancel_order(BTC_JPY, "nosuch1")):
        try:
            await refused
        except OkcoinError:
            continue
    if round_number == 3:
        await alice.funding.transfer(currency="BTC", amount=d("0.5"), source=Account.FUNDING, target=Account.SPOT)
        address = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"
        await alice.funding.withdraw(
            NewWithdrawal(currency="BTC", amount=d("1"), to_address=address, trade_pwd="123456", fee=d("0.001"))
        )


async def _look(alice: OkcoinClient, bob: OkcoinClient) -> None:
    """Everything there is to read."""
    for client in (alice, bob):
        await client.trading.accounts()
        await client.trading.open_orders()
        for currency in ("BTC", "JPY"):
            await client.trading.ledger(currency)
        for pair in PAIRS:
            await client.trading.orders(pair, state=StateGroup.FINISHED)
            await client.trading.fills(pair)
    await alice.server_time()
    await alice.market.tickers()
    for pair in PAIRS:
        await alice.market.book(pair)
        await alice.market.trades(pair)
        await alice.market.candles(pair, granularity=Granularity.FIVE_MINUTES)
    await alice.funding.wallet()
    await alice.funding.ledger()
    await alice.funding.withdrawals()
    await alice.funding.deposit_addresses("XRP")
    await alice.funding.asset_valuation()


if __name__ == "__main__":
    print(asyncio.run(transcript(seed=int(sys.argv[1]))).digest())
