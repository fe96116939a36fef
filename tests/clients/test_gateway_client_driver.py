"""The driver of the gateway's client: asked in the protocol's words and checked against its schema, before a played gateway."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from gateway_fake import TOKEN, FakeGateway, Frame, GatewayPeer, entry, pushed
from loopback import soon
from mockex.clients.gateway import Action, GatewayError, PositionSide, errors
from mockex.clients.gateway.driver import Driver
from mockex.clients.gateway.driver_errors import error_fields
from mockex.clients.gateway.driver_words import new_order
from mockex.conformance import protocol, speak

SPOT = [{"symbol": "ETH/USDT", "base": "ETH", "quote": "USDT", "kind": "spot", "platform": "okex"}]
CONTRACTS = [{"symbol": "ETH_SWAP", "base": "ETH", "quote": "USDT", "kind": "perpetual", "platform": "huobi_future"}]
CONTRACT = {"instruments": CONTRACTS}
KEY = {"name": "alice", "api_key": "ak1", "secret": "sk1", "passphrase": None}
ORDER = {"side": "sell", "type": "limit", "price": "219.24", "qty": "5.6"}
HELD = {"long_quantity": 2, "long_leverage": 10, "long_open_price": 99990, "long_margin": 999.9, "short_quantity": 0.5}


class Played:
    """A driver behind its host, and a gateway that answers by a table. `requests` are those that came."""

    def __init__(self, gateway: FakeGateway) -> None:
        self.gateway = gateway
        self.requests: list[Frame] = []
        self.peers: list[GatewayPeer] = []
        self.replies: dict[str, Mapping[str, Any]] = {
            "logout": {},
            "place_order": {"order_no": "77"},
            "cancel_order": {"data": entry("cancel_order", "reply.mixed")["data"]},
            "open_orders": {"data": entry("open_orders", "reply")["data"]},
            "asset": {"data": entry("asset", "reply")["data"]},
            "position": {"data": entry("position", "reply")["data"] | HELD},
        }
        self.token: Callable[[], str] = lambda: TOKEN
        self.states = [2, 6]
        self.refusals: dict[str, str] = {}
        self._host = speak.Host(Driver, protocol.operations())
        self._number = 0
        self._playing = asyncio.create_task(self._accept())

    async def __call__(self, operation: str, **params: Any) -> Any:
        """The result."""
        reply = await self.reply(operation, **params)
        assert "result" in reply, reply
        return reply["result"]

    async def refused(self, operation: str, **params: Any) -> Any:
        """The error."""
        reply = await self.reply(operation, **params)
        assert "error" in reply, reply
        return reply["error"]

    async def reply(self, operation: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        request = speak.read_request(protocol.encode_request(self._number, operation, params))
        line = speak.write_reply(request.number, await soon(self._host.answer(request)))
        reply: dict[str, Any] = protocol.decode_reply(line, self._number, operation)
        return reply

    async def start(self, **changes: Any) -> Any:
        return await self("start", **self.settings(**changes))

    def settings(self, **changes: Any) -> dict[str, Any]:
        """What `start` says, apart from these changes."""
        settings = {
            "protocol": 1,
            "venue": "gateway",
            "profile": "documented",
            "rest": "",
            "ws": {"main": self.gateway.url},
            "credentials": KEY,
            "instruments": SPOT,
            "clock_offset_ms": 0,
            "timeout_ms": 2_000,
        }
        return {**settings, **changes}

    async def end(self) -> None:
        await self._host.end()
        self._playing.cancel()
        await asyncio.gather(self._playing, return_exceptions=True)

    def sent(self, operation: str) -> list[Frame]:
        """Requests of one kind without their ids and tokens."""
        hidden = ("op", "cid", "token")
        found = [request for request in self.requests if request["op"] == operation]
        return [{name: value for name, value in request.items() if name not in hidden} for request in found]

    async def _accept(self) -> None:
        async with asyncio.TaskGroup() as playing:
            while True:
                peer = await self.gateway.next_peer()
                self.peers.append(peer)
                playing.create_task(self._play(peer))

    async def _play(self, peer: GatewayPeer) -> None:
        while True:
            request = await peer.inbox.get()
            await self._answer(peer, json.loads(request))

    async def _answer(self, peer: GatewayPeer, request: Frame) -> None:
        self.requests.append(request)
        if request["op"] == "ping":
            await peer.send({**request, "op": "pong"})
        elif request["op"] in self.refusals:
            await peer.refuse(request, self.refusals[request["op"]])
        elif request["op"] == "login":
            await self._log_in(peer, request)
        else:
            await peer.reply(request, **self.replies[request["op"]])

    async def _log_in(self, peer: GatewayPeer, request: Frame) -> None:
        token = self.token()
        await peer.reply(request, token=token)
        for code in self.states:
            await peer.state(code, token=token)


@pytest.fixture
async def played(gateway: FakeGateway) -> AsyncIterator[Played]:
    made = Played(gateway)
    yield made
    await made.end()


async def test_it_offers_what_the_gateway_has_requests_for(played: Played) -> None:
    told = await played.start()

    assert told["client"]["name"] == "gateway reference client"
    assert set(told["capabilities"]) == {
        *("place_order", "place_together", "place_order.market", "place_order.ioc", "place_order.position"),
        *("cancel_order", "cancel_orders", "cancel_all", "open_orders", "positions", "balances", "instruments"),
        *("stream_open", "stream_close", "stream_state", "subscribe", "unsubscribe", "next_event"),
        *("subscribe.orders", "subscribe.balances", "subscribe.positions", "reconnect", "clock", "elapse"),
    }
    assert set(told["capabilities"]) <= protocol.capabilities()


@pytest.mark.parametrize("instruments", [SPOT, CONTRACTS])
async def test_the_platform_of_the_instruments_is_logged_in_to_with_these(played: Played, instruments: list[Any]) -> None:
    await played.start(instruments=instruments)
    await played("balances")

    (login,) = played.sent("login")
    assert (login["platform"], login["symbols"]) == (instruments[0]["platform"], ["ETH/USDT"])
    assert (login["access_key"], login["secret_key"], "passphrase" in login) == ("ak1", "sk1", False)


async def test_instruments_of_no_platform_are_refused_at_the_start(played: Played) -> None:
    reply = await played.reply("start", **played.settings(instruments=[{"symbol": "A", "base": "B", "quote": "C"}]))

    assert reply["error"]["message"] == "on which platform is A traded?"


async def test_each_platform_has_a_login_and_orders_go_by_its_symbols(played: Played) -> None:
    tokens = iter(["T1", "T2"])
    played.token = lambda: next(tokens)
    await played.start(instruments=[*SPOT, *CONTRACTS])
    await played("stream_open", private=True)
    orders = [ORDER | {"symbol": each[0]["symbol"]} for each in (CONTRACTS, SPOT)]
    orders[0] |= {"position": {"merge": "short"}}
    played.refusals["place_order"] = "insufficient balance"
    refused = (await played("place_together", orders=orders))["outcomes"]
    del played.refusals["place_order"]
    placed = (await played("place_together", orders=orders))["outcomes"]

    assert [login["platform"] for login in played.sent("login")] == ["okex", "huobi_future"]
    assert [request["token"] for request in played.requests if request["op"] == "place_order"] == ["T2", "T1"] * 2
    assert [each["error"]["kind"] for each in refused] == ["insufficient_funds"] * 2
    assert placed == [{"order_id": "77"}] * 2
    assert len((await played("balances"))["balances"]) == 2 * len(entry("asset", "reply")["data"])
    assert {row["symbol"] for row in (await played("open_orders"))["orders"]} == {"ETH/USDT", "ETH_SWAP"}


async def test_instruments_are_told_with_their_steps(played: Played) -> None:
    played.replies["symbol_info"] = {"data": entry("symbol_info", "reply")["data"] | {"price_tick": None}}
    await played.start()

    (told,) = (await played("instruments"))["instruments"]
    info = entry("symbol_info", "reply")["data"]
    assert (told["symbol"], told["kind"], told["tick_size"]) == ("ETH/USDT", "spot", None)
    assert (told["base"], told["quote"]) == (info["base_currency"], info["quote_currency"])


async def test_one_login_serves_every_operation_and_is_logged_out_at_the_end(played: Played) -> None:
    await played.start(credentials={**KEY, "passphrase": "pp"})
    await played("balances")
    await played("stream_open", private=True)
    await played("open_orders")
    await played("stop")

    assert [login["passphrase"] for login in played.sent("login")] == ["pp"]
    assert len(played.sent("logout")) == 1


@pytest.mark.parametrize(
    ("instruments", "terms", "wire"),
    [
        (SPOT, ORDER, {"action": "SELL", "price": 219.24, "quantity": 5.6, "order_type": "LIMIT"}),
        (
            SPOT,
            ORDER | {"time_in_force": "ioc", "side": "buy"},
            {"action": "BUY", "price": 219.24, "quantity": 5.6, "order_type": "IOC"},
        ),
        (
            SPOT,
            {"side": "buy", "type": "market", "notional": "500"},
            {"action": "BUY", "price": 0, "quantity": 500, "order_type": "MARKET"},
        ),
        (
            CONTRACTS,
            ORDER | {"position": {"merge": "short", "close": False}},
            {"action": "SELL", "price": 219.24, "quantity": -5.6, "order_type": "LIMIT"},
        ),
        (
            CONTRACTS,
            {"side": "buy", "type": "market", "qty": "2", "position": {"merge": "long"}},
            {"action": "BUY", "price": 0, "quantity": 2, "order_type": "MARKET"},
        ),
    ],
)
async def test_the_terms_of_an_order_travel_in_the_gateways_words(
    played: Played, instruments: list[Any], terms: dict[str, Any], wire: dict[str, Any]
) -> None:
    await played.start(**(CONTRACT if instruments is CONTRACTS else {}))

    receipt = await played("place_order", symbol=instruments[-1]["symbol"], **terms)
    assert receipt == {"order_id": "77"}
    assert played.sent("place_order") == [{"symbol": "ETH/USDT", **wire}]


@pytest.mark.parametrize(
    "terms",
    [
        {"type": "limit", "price": "1"},
        {"type": "limit", "price": "1", "qty": "1", "notional": "1"},
        {"type": "limit", "price": "1", "qty": "1", "time_in_force": "fok"},
        {"type": "limit", "price": "1", "qty": "1", "post_only": True},
        {"type": "limit", "price": "1", "qty": "1", "client_id": "mine"},
        {"type": "limit", "price": "-", "qty": "1"},
        {"type": "limit", "price": "1", "qty": "-1"},
        {"type": "market", "qty": "1"},
        {"type": "market", "notional": "1", "price": "1"},
        {"type": "limit", "price": "1", "qty": "1", "position": {"merge": "split"}},
        {"type": "limit", "price": "1", "qty": "1", "position": {"merge": "long", "close": True}},
        {"type": "limit", "price": "1", "qty": "1", "position": {"merge": "long", "leverage": "20"}},
    ],
)
async def test_terms_that_the_gateway_has_no_order_for_are_refused_unsent(played: Played, terms: dict[str, Any]) -> None:
    await played.start()

    error = await played.refused("place_order", symbol="ETH/USDT", side="buy", **terms)
    assert error["kind"] == "refused_by_client"
    assert played.sent("place_order") == []


@pytest.mark.parametrize(
    ("side", "merge", "close"),
    [("buy", "long", False), ("sell", "long", True), ("sell", "short", False), ("buy", "short", True)],
)
def test_a_position_is_opened_or_closed_by_the_side_of_its_order(side: str, merge: str, close: bool) -> None:
    given: dict[str, Any] = {"symbol": "ETH/USDT", "side": side, "type": "limit", "price": "1", "qty": "1", "contracts": True}
    order = new_order(**given, position={"merge": merge, "close": close})

    assert (order.action, order.position) == (Action(side.upper()), PositionSide[merge.upper()])
    with pytest.raises(ValueError, match="opens it" if close is False else "closes it"):
        new_order(**given, position={"merge": merge, "close": not close})


async def test_orders_are_cancelled_by_number_one_several_and_all(played: Played) -> None:
    first, second = entry("cancel_order", "request")["order_nos"]
    orders = [{"symbol": "ETH/USDT", "order_id": number} for number in (first, second)]
    await played.start()

    assert await played("cancel_order", **orders[0]) == {"order_id": first}
    assert (await played.refused("cancel_order", **orders[1]))["kind"] == "order_not_found"
    one, other = (await played("cancel_orders", orders=orders))["outcomes"]
    assert (one, other["error"]["kind"]) == ({"order_id": first}, "order_not_found")
    assert await played("cancel_all", symbol="ETH/USDT") == {"count": 1}
    assert [request["order_nos"] for request in played.sent("cancel_order")] == [[first], [second], [first, second], []]
    assert (await played.refused("cancel_all", symbol="ETH/USDT", side="buy"))["kind"] == "refused_by_client"
    mixed = [orders[0], {"symbol": "BTC/USDT", "order_id": second}]
    assert (await played.refused("cancel_orders", orders=mixed))["kind"] == "refused_by_client"


async def test_orders_balances_and_positions_are_told_in_the_protocols_words(played: Played) -> None:
    await played.start(**CONTRACT)

    order, _ = (await played("open_orders"))["orders"]
    assert order == {
        "order_id": "2510832677225473",
        "symbol": "ETH_SWAP",
        "side": "buy",
        "type": "limit",
        "price": "2289.6",
        "qty": "23",
        "filled_qty": "12",
        "status": "partly_filled",
        "created_ms": 1530604762277,
    }
    btc, *_ = (await played("balances"))["balances"]
    assert btc == {"currency": "BTC", "total": "3.3", "available": "1.1", "held": "2.2"}
    long, short = (await played("positions"))["positions"]
    assert long == {
        "symbol": "ETH_SWAP",
        "merge": "long",
        "margin_method": "cross",
        "leverage": "10",
        "qty": "2",
        "entry_price": "99990",
        "position_margin": "999.9",
    }
    assert (short["merge"], short["qty"]) == ("short", "-0.5")


async def test_pushes_are_handed_out_once_to_whom_subscribed(played: Played) -> None:
    await played.start()
    assert (await played.refused("next_event", channel="orders", timeout_ms=0))["kind"] == "refused_by_client"
    await played("stream_open", private=True)
    assert await played("stream_state") == {"connected": True}
    (peer,) = played.peers
    await peer.send(pushed("notify_order", order_no="5"))
    await peer.send(pushed("notify_fill", order_no="5"))
    await peer.send(pushed("notify_asset"))
    await played("settle")

    assert await played("next_event", channel="orders", timeout_ms=0) == {"event": None}
    await played("subscribe", channel="orders", symbol="ETH/USDT")
    await played("subscribe", channel="balances", currency="BTC")
    handed = [(await played("next_event", channel="orders", symbol="ETH/USDT", timeout_ms=0))["event"] for _ in range(5)]
    assert [order["order_id"] for event in handed[:3] if event for order in event["orders"]][-1] == "5"
    assert [fill["order_id"] for event in handed if event for fill in event.get("fills", [])] == ["5"]
    assert handed[-1] is None
    told = (await played("next_event", channel="balances", currency="BTC", timeout_ms=0))["event"]
    assert {row["currency"] for row in told["balances"]} == {"BTC", "ETH", "EOS"}
    await played("unsubscribe", channel="orders", symbol="ETH/USDT")
    await peer.send(pushed("notify_order", order_no="6"))
    await played("settle")
    assert await played("next_event", channel="orders", timeout_ms=0) == {"event": None}
    for bad in ({"channel": "ticker", "symbol": "ETH/USDT"}, {"channel": "orders", "symbol": "BTC/USDT"}):
        assert (await played.refused("subscribe", **bad))["kind"] == "refused_by_client"
    await played("stream_close")
    assert await played("stream_state") == {"connected": False}


async def test_a_lost_connection_is_renewed_when_its_time_has_come(played: Played) -> None:
    await played.start()
    await played("stream_open", private=True)
    played.peers[0].drop()
    await played("settle")
    assert await played("stream_state") == {"connected": False}
    assert (await played.refused("balances"))["kind"] == "refused_by_client"
    await played("elapse", ms=1_000)

    assert len(played.peers) == 2
    assert await played("stream_state") == {"connected": True}


async def test_pings_go_by_the_time_that_is_elapsed(played: Played) -> None:
    await played.start()
    await played("stream_open", private=True)
    await played("elapse", ms=10_000)

    assert len(played.sent("ping")) == 2


@pytest.mark.parametrize(
    ("states", "kind", "text"),
    [([1], "authentication", ""), ([2, 7], "authentication", "authorized failed"), ([2], "timeout", "")],
)
async def test_a_login_that_does_not_become_ready_is_given_up_and_logged_out(
    played: Played, states: list[int], kind: str, text: str
) -> None:
    played.states = states
    await played.start(timeout_ms=200)

    error = await played.refused("balances")
    assert error["kind"] == kind
    assert text in error["message"]
    assert len(played.sent("logout")) == 1


async def test_a_key_that_is_logged_in_elsewhere_is_refused(played: Played) -> None:
    played.refusals["login"] = "Do not log in repeat"
    await played.start()

    assert (await played.refused("stream_open", private=True))["exception"] == "AlreadyLoggedInError"
    assert await played("stream_state") == {"connected": False}


async def test_without_a_key_or_an_address_nothing_is_tried(played: Played) -> None:
    await played.start(credentials=None)

    assert (await played.refused("balances"))["kind"] == "refused_by_client"
    assert played.peers == []


ERRORS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, GatewayError)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_client_that_says_something_has_a_kind(kind: type[GatewayError]) -> None:
    unspecific = (errors.GatewayError, errors.RequestRefusedError, errors.FeedOverflowError)

    assert (error_fields(kind("text"))["kind"] == "other") is (kind in unspecific)
