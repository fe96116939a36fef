"""pybotters as a driver. It is a thin client: it signs requests, logs sockets in, sends heartbeats and renews lost sockets.

Everything else is its user's code, so operations are offered only where pybotters adds something: some private ones, which it
signs, one for each way of signing (with a query, without one, with a body, with an id in the path), and `request` for all
others. Public ones would only show what this file does. Its data stores know no version 3 of this venue, so no book is kept.

pybotters chooses signing, login and heartbeat by host name, from tables that it leaves open; the host is entered there and
nothing is replaced.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp
import pybotters
import pybotters.auth
import pybotters.ws

from .words import (
    balance_of,
    channel_name,
    event_of,
    kind_of,
    order_body,
    order_of,
    reference_of,
)

Fields = dict[str, Any]


class Refused(Exception):  # noqa: N818  # what the client hands on, not an error of this program
    """A reply that says no. pybotters raises nothing; its users look at it themselves."""

    def __init__(self, status: int | None, body: Any) -> None:
        told = body if isinstance(body, dict) else {}
        code = told.get("errorCode", told.get("code", told.get("error_code")))
        self.status = status
        self.code = None if code is None else str(code)
        super().__init__(str(told.get("message") or told.get("error_message") or body)[:1_000])


class Driver:
    """One session with one `pybotters.Client` for requests and one for the stream."""

    client: ClassVar = {"name": "pybotters", "version": pybotters.__version__, "language": "Python"}
    features = (
        "place_order.market",
        "place_order.post_only",
        "place_order.ioc",
        "place_order.fok",
        "place_order.client_id",
        "cancel_order.client_id",
        "order.client_id",
        "subscribe.ticker",
        "subscribe.trades",
        "subscribe.book",
        "subscribe.candles",
        "subscribe.orders",
        "subscribe.balances",
        "error.code",
        "reconnect",
    )

    async def start(self, settings: Fields) -> None:
        host = urlsplit(settings["rest"]).hostname
        pybotters.auth.Hosts.items[host] = pybotters.auth.Item("okj", pybotters.auth.Auth.okj)
        pybotters.ws.AuthHosts.items[host] = pybotters.ws.Item("okj", pybotters.ws.Auth.okj)
        pybotters.ws.HeartbeatHosts.items[host] = pybotters.ws.Heartbeat.okj
        keys = settings["credentials"]
        self._seconds = settings["timeout_ms"] / 1000
        self._configuration: Fields = {
            "apis": {} if keys is None else {"okj": [keys["api_key"], keys["secret"], keys["passphrase"]]},
            "base_url": settings["rest"],
            "timeout": aiohttp.ClientTimeout(total=self._seconds),
        }
        self._client = pybotters.Client(**self._configuration)
        self._ws_url = settings["ws"]["main"]
        self._stream_client: Any = None
        self._app: Any = None
        self._subscriptions: list[Fields] = []
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._events: dict[str, asyncio.Queue[Fields]] = {}

    async def stop(self) -> None:
        await self.stream_close()
        await self._client.close()

    def describe(self, error: Exception) -> Fields:
        described: Fields = {"message": str(error) or type(error).__name__, "exception": type(error).__name__}
        match error:
            case Refused():
                return {**described, "kind": kind_of(error.code, error.status), "code": error.code, "status": error.status}
            case TimeoutError():
                return {**described, "kind": "timeout"}
            case aiohttp.ClientConnectionError() | ConnectionError():
                return {**described, "kind": "connection_lost"}
            case json.JSONDecodeError() | aiohttp.ClientPayloadError():
                return {**described, "kind": "malformed_reply"}
            case _:
                return {**described, "kind": "other"}

    # --- requests

    async def request(
        self, method: str, path: str, signed: bool, query: list[list[str]] | None = None, body: Any = None
    ) -> Fields:
        """pybotters makes JSON of `data` itself where it signs; elsewhere its users say that they mean JSON."""
        params = [(name, value) for name, value in query or ()]
        if signed:
            how: Fields = {"data": body}
        else:
            how = {"auth": None} if body is None else {"auth": None, "json": body}
        reply = await self._client.fetch(method, path, params=params, **how)
        given = reply.data if not isinstance(reply.data, pybotters.NotJSONContent) else reply.text
        return {"status": reply.response.status, "body": given}

    async def _signed(self, method: str, path: str, query: Fields | None = None, body: Any = None) -> Any:
        """The body of a reply that says yes. Refused otherwise."""
        async with self._client.request(method, path, params=query, data=body) as response:
            text = await response.text()
            try:
                given = json.loads(text)
            except json.JSONDecodeError:
                if response.status >= 300:
                    raise Refused(response.status, text) from None
                raise
            refused = isinstance(given, dict) and (given.get("result") is False or given.get("code") not in (None, 0, "0"))
            if response.status >= 300 or refused:
                raise Refused(response.status, given)
            return given

    async def place_order(
        self,
        symbol: str,
        side: str,
        type: str,
        price: str | None = None,
        qty: str | None = None,
        notional: str | None = None,
        time_in_force: str = "gtc",
        post_only: bool = False,
        client_id: str | None = None,
    ) -> Fields:
        """Numbers go on as the text that they are."""
        body = order_body(symbol, side, type, price, qty, notional, "post_only" if post_only else time_in_force, client_id)
        return reference_of(await self._signed("POST", "/api/spot/v3/orders", body=body))

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        path = f"/api/spot/v3/cancel_orders/{order_id or client_id}"
        return reference_of(await self._signed("POST", path, body={"instrument_id": symbol}))

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        query = {"instrument_id": symbol}
        return {"order": order_of(await self._signed("GET", f"/api/spot/v3/orders/{order_id or client_id}", query))}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        query = None if symbol is None else {"instrument_id": symbol}
        return {"orders": [order_of(row) for row in await self._signed("GET", "/api/spot/v3/orders_pending", query)]}

    async def balances(self) -> Fields:
        return {"balances": [balance_of(row) for row in await self._signed("GET", "/api/spot/v3/accounts")]}

    # --- the stream

    async def stream_open(self, private: bool) -> None:
        """pybotters logs in by itself, on every new socket, wherever it has keys. It does not tell when that is done or whether
        the venue agreed; the wait is the one that it does itself."""
        await self.stream_close()
        how: Fields = {} if private else {"auth": None}
        self._stream_client = pybotters.Client(**self._configuration)
        self._app = self._stream_client.ws_connect(self._ws_url, send_json=self._subscriptions, hdlr_bytes=self._keep, **how)
        try:
            async with asyncio.timeout(self._seconds):
                socket = await self._logged_in_socket(None)
                if socket.closed:
                    await self._logged_in_socket(socket)  # pybotters renews what was lost meanwhile
        except BaseException:
            await self.stream_close()  # or it would go on trying
            raise

    async def _logged_in_socket(self, lost: Any) -> Any:
        """The socket after that one, once pybotters has done with its login."""
        while self._app.current_ws is None or self._app.current_ws is lost:
            await asyncio.sleep(0)
            await self._app
        socket = self._app.current_ws
        await socket._wait_authtask()
        return socket

    async def stream_close(self) -> None:
        """pybotters ends a socket only together with its client, so the stream has one of its own."""
        client, self._stream_client, self._app = self._stream_client, None, None
        self._subscriptions = []
        self._answers.clear()
        self._events.clear()
        if client is not None:
            await client.close()

    def stream_state(self) -> Fields:
        socket = None if self._app is None else self._app.current_ws
        return {"connected": socket is not None and not socket.closed}

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> None:
        """A user of pybotters names the channels when he connects, and it says them again on every new socket. What is
        subscribed to later is said at once, and put on that list."""
        name = channel_name(channel, symbol, currency, interval_s)
        message = {"op": "subscribe", "args": [name]}
        self._events[name] = asyncio.Queue()
        await self._said_and_answered(message, f"subscribe {name}")
        if message not in self._subscriptions:
            self._subscriptions.append(message)

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> None:
        name = channel_name(channel, symbol, currency, interval_s)
        await self._said_and_answered({"op": "unsubscribe", "args": [name]}, f"unsubscribe {name}")
        self._subscriptions[:] = [each for each in self._subscriptions if each["args"] != [name]]

    async def _said_and_answered(self, message: Fields, key: str) -> None:
        socket = None if self._app is None else self._app.current_ws
        if socket is None:
            raise ConnectionError("pybotters has no socket at present")
        answer = self._answers[key] = asyncio.get_running_loop().create_future()
        await socket.send_json(message)
        await asyncio.wait_for(answer, self._seconds)

    async def next_event(
        self,
        channel: str,
        timeout_ms: int,
        symbol: str | None = None,
        currency: str | None = None,
        interval_s: int | None = None,
    ) -> Fields:
        events = self._events.get(channel_name(channel, symbol, currency, interval_s))
        if events is None:
            return {"event": None}
        try:
            if not events.empty():
                return {"event": events.get_nowait()}
            return {"event": await asyncio.wait_for(events.get(), timeout_ms / 1000)}
        except TimeoutError:
            return {"event": None}

    def _keep(self, frame: bytes, _ws: Any) -> None:
        """What users of pybotters write: each frame is a raw deflate stream, a pong is not JSON."""
        text = zlib.decompress(frame, -zlib.MAX_WBITS).decode()
        message = {} if text == "pong" else json.loads(text)
        if message.get("event") == "error":
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(Refused(None, message))
        elif "event" in message:
            answered = self._answers.pop(f"{message['event']} {message.get('channel')}", None)
            if answered is not None and not answered.done():
                answered.set_result(None)
        for row in message.get("data", ()):
            name, event = event_of(message["table"], row)
            if name in self._events:
                self._events[name].put_nowait(event)
