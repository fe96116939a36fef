"""Loopback stand-in for the trading gateway, written for the tests of its client; see `loopback`.

Also the moves of a gateway played by hand, and spans that a test can name the wait by.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import loopback
from aiohttp import web
from loopback import ManualTime, SocketServer, soon
from mockex.clients.gateway import GatewayClient, GatewayEvent, GatewayTiming, Login, Session, StateCode, Stopwatch
from mockex.clients.shared.feed import EventFeed
from mockex.fixtures import load

TOKEN = load("gateway", "tokens")["vectors"][0]["token"]
SYMBOL = "ETH/USDT"
LOGIN = Login(platform="huobi_future", symbols=(SYMBOL,), access_key="ak1", secret_key="sk1")
OTHER = Login(platform="okex", symbols=(SYMBOL,), access_key="ak1", secret_key="sk1")
PING = load("gateway", "ws/framing")["pings"][0]
NOW_MS: int = PING["client"]["ts"]
TEXTS = {row["code"]: row["texts"][0] for row in load("gateway", "states")["state_codes"]}

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = GatewayTiming(
    answer_within=timedelta(seconds=11),
    close_within=timedelta(milliseconds=50),  # real time, for a gateway that does not answer the closing
    ping_every=timedelta(seconds=5),
    pong_within=timedelta(seconds=10),
    repeat_login_after=timedelta(seconds=16),
    trouble_within=timedelta(seconds=30),
    logout_within=timedelta(seconds=2),
    reply_follows_push_within=timedelta(seconds=3),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)

Frame = dict[str, Any]


def compact(payload: Any) -> str:
    return json.dumps(payload, separators=(",", ":"))


def entry(name: str, tail: str = "") -> Frame:
    """The frame of an example, by its file and the end of its id: `entry("cancel_order", "reply.mixed")`."""
    file = load("gateway", f"ws/{name}")
    examples = [*file.get("requests", []), *file["frames"]]
    (found,) = [each["frame"] for each in examples if each["id"] == f"ws/{name}.{tail}".rstrip(".")]
    frame: Frame = found
    return frame


def pushed(name: str, tail: str = "push", *, token: str = TOKEN, **data: Any) -> Frame:
    """A push of the fixtures for a token, with other data where given."""
    frame = entry(name, tail)
    return {**frame, "token": token, "data": {**frame["data"], **data}}


class GatewayPeer(loopback.Peer):
    """The gateway's end of a connection."""

    async def send(self, payload: Any) -> None:
        await self.socket.send_str(compact(payload))

    async def reply(self, request: Frame, **fields: Any) -> None:
        """A success with these data fields."""
        await self.send({"op": request["op"], "cid": request["cid"], "result": True, "error_message": "", **fields})

    async def refuse(self, request: Frame, text: str, **fields: Any) -> None:
        await self.send({"op": request["op"], "cid": request["cid"], "result": False, "error_message": text, **fields})

    async def state(self, code: int, *, token: str = TOKEN, message: str | None = None) -> None:
        await self.send({"op": "state", "token": token, "code": code, "msg": message or TEXTS[code]})

    async def take(self, operation: str) -> Frame:
        """The next request, which must be this operation. Pings in between are answered."""
        request = await self.request()
        while request["op"] == "ping":
            await self.send({**request, "op": "pong"})
            request = await self.request()
        assert request["op"] == operation, request
        return request

    async def accept_login(self, token: str = TOKEN) -> Frame:
        """Take a login and answer it."""
        request = await self.take("login")
        await self.reply(request, token=token)
        return request

    async def answer_questions(
        self, count: int = 3, *, orders: list[Frame] | None = None, assets: Frame | None = None, positions: bool = True
    ) -> list[Frame]:
        """Answer what is asked for after READY, and return it."""
        asked = [await self.request() for _ in range(count)]
        for request in asked:
            match request["op"]:
                case "open_orders":
                    await self.reply(request, data=orders or [])
                case "asset":
                    await self.reply(request, data=assets or {})
                case kind:
                    assert kind == "position"
                    if positions:
                        await self.reply(request, data=entry("position", "reply")["data"])
                    else:
                        await self.refuse(request, "not supported")
        return asked

    async def make_ready(self, token: str = TOKEN, **answers: Any) -> None:
        """Two states, and answers to what is asked then."""
        await self.state(StateCode.CONNECT_SUCCESS, token=token)
        await self.state(StateCode.READY, token=token)
        await self.answer_questions(**answers)


class FakeGateway(SocketServer[GatewayPeer]):
    """Its endpoint."""

    def __init__(self) -> None:
        super().__init__("/ws/v1", self._peer)
        self._all: list[GatewayPeer] = []

    def _peer(self, socket: web.WebSocketResponse, transport: asyncio.BaseTransport) -> GatewayPeer:
        peer = GatewayPeer(socket, transport)
        self._all.append(peer)
        return peer

    async def next_peer(self) -> GatewayPeer:
        """The next connection, however long it takes."""
        return await self._peers.get()

    def drop_all(self) -> None:
        """Break every connection."""
        for peer in self._all:
            peer.drop()


class GatewayTime(ManualTime):
    """The client's stopwatch, moved by hand."""

    def stopwatch(self) -> Stopwatch:
        return Stopwatch(monotonic_ns=self.monotonic_ns, sleep=self.sleep)


def client_of(gateway: FakeGateway, time: GatewayTime) -> GatewayClient:
    """Not started."""
    return GatewayClient(gateway.url, timing=TIMING, stopwatch=time.stopwatch(), now=lambda: NOW_MS * 1_000_000)


async def start(gateway: FakeGateway, client: GatewayClient) -> GatewayPeer:
    starting = asyncio.create_task(client.start())
    peer = await gateway.accept()
    await soon(starting)
    return peer


async def logged_in(peer: GatewayPeer, client: GatewayClient, login: Login = LOGIN, *, token: str = TOKEN) -> Session:
    """A session whose login is accepted, and no state has come yet."""
    logging_in = asyncio.create_task(client.login(login))
    await peer.accept_login(token)
    return await soon(logging_in)


async def ready(
    peer: GatewayPeer, client: GatewayClient, login: Login = LOGIN, *, token: str = TOKEN, **answers: Any
) -> Session:
    """A session that is ready and reconciled."""
    session = await logged_in(peer, client, login, token=token)
    await peer.make_ready(token, **answers)
    await soon(session.ready())
    return session


async def next_of(feed: EventFeed[GatewayEvent], kind: type[Any]) -> Any:
    """The next event of one kind; what else comes before it is passed over."""
    while True:
        event = await soon(anext(feed))
        if isinstance(event, kind):
            return event
