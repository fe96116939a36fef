"""Clients that send what no client should: malformed requests and messages, drawn from a seeded generator.

Each call of the makers gives bytes, or text, that are wrong in some way; some are right by accident, or wrong only in their
values. What the simulator must do with them is the tests' business.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from mockex.clients.okcoinjp.signing import Credentials, login_args, signed_headers, unix_timestamp

TEXTS = [
    "", " ", "0", "-0", "1", "-1", "+1", "007", "1.5", ".5", "1.", "1e3", "1e-30", "1e400", "-1e-400", "NaN", "Infinity",
    "0x10", "1_000", "١٢٣", "½", "9" * 39, "9" * 41, "9" * 400, "0" * 120, "0." + "0" * 60 + "1", "true", "null", "[]", "{}",
    "BTC", "btc",
    "BTC-JPY", "btc-jpy", "BTC_JPY", "ETH-BTC", "DOGE-JPY", "buy", "sell", "BUY", "limit", "market", "2", "3", "6", "7", "-2",
    "61", "99", "100", "101", "id1", "2510789768709120", "8161858590", "' OR 1=1 --", "<script>", "../../etc/passwd", "%00",
    "a\x00b", "a\nb", "a\r\nX: y", "é", "日本円", "😀", "\u2028", "\ufeff", "﷽" * 30, "a" * 33, "z" * 1_500,
    "2024-03-01T09:30:00.000Z", "2024-13-45T99:99:99Z", "1709285415.250", "123456", "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",
    "bob@example.com", "BTC:BTC", "-1e40", "1E+2", "--5", "5-", "1,000", "１２",
]  # fmt: skip

NAMES = [
    "instrument_id", "side", "type", "order_type", "price", "size", "notional", "client_oid", "order_id", "order_ids",
    "client_oids", "currency", "amount", "from", "to", "fee", "to_address", "trade_pwd", "destination", "chain", "reason",
    "usage_agreement", "state", "status", "limit", "before", "after", "granularity", "start", "end", "depth", "account_type",
    "bank_card_id", "", "\x00", "__proto__",
]  # fmt: skip

ORDER = {"instrument_id": "BTC-JPY", "side": "buy", "type": "limit", "price": "7000000", "size": "0.01", "order_type": "0"}
TRANSFER = {"currency": "BTC", "amount": "0.01", "from": "6", "to": "1"}
WITHDRAWAL = {
    "currency": "BTC", "amount": "0.01", "destination": "-1", "fee": "0.001", "trade_pwd": "123456",
    "to_address": "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",
}  # fmt: skip

GOOD_BODIES = {
    "/api/spot/v3/orders": ORDER,
    "/api/account/v3/transfer": TRANSFER,
    "/api/account/v3/withdrawal": WITHDRAWAL,
    "/api/account/v3/jpywithdrawal": {"amount": "1000", "trade_pwd": "123456"},
}
GOOD_PAIRS = ["instrument_id=BTC-JPY", "state=7", "currency=BTC", "limit=3"]

CHANNELS = ["ticker", "trade", "depth", "depth5", "depth_l2_tbt", "candle60s", "candle7s", "account", "order", "swap", ""]


class Noise:
    """One seeded source of wrong things."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def text(self) -> str:
        return self.rng.choice(TEXTS)

    def value(self, depth: int = 0) -> Any:
        """Any JSON value, also numbers and containers where text belongs."""
        rng = self.rng
        match rng.randrange(12 if depth < 3 else 8):
            case 0:
                return rng.choice([None, True, False])
            case 1:
                return rng.choice([0, -1, 1, 2**53 + 1, 2**64, -(2**63), 10**40, 10**300])
            case 2:
                return rng.choice([0.5, -0.25, 1e308, 1e-308, 123456789.123456789])
            case 8 | 9:
                return [self.value(depth + 1) for _ in range(rng.randrange(4))]
            case 10 | 11:
                return {rng.choice(NAMES): self.value(depth + 1) for _ in range(rng.randrange(4))}
            case _:
                return self.text()

    def nearly(self, good: Mapping[str, Any]) -> dict[str, Any]:
        """A good object with something taken away, replaced or added."""
        found = dict(good)
        for _ in range(self.rng.randrange(3)):
            match self.rng.randrange(3):
                case 0 if found:
                    del found[self.rng.choice(list(found))]
                case 1 if found:
                    found[self.rng.choice(list(found))] = self.value()
                case _:
                    found[self.rng.choice(NAMES)] = self.value()
        return found

    def body(self, template: str) -> bytes:
        """Of a POST to that route: nearly right, of the wrong shape, or no JSON at all."""
        rng = self.rng
        good = GOOD_BODIES.get(template, ORDER)
        match rng.randrange(14):
            case 0:
                return rng.choice([b"", b" ", b"{}", b"[]", b"null", b'"text"', b"5", b"{", b"[" * 3_000, b'{"a":' * 3_000])
            case 1:
                return bytes(rng.randrange(256) for _ in range(rng.randrange(60)))
            case 2:
                text = json.dumps(self.nearly(good)).encode()
                cut = rng.randrange(len(text))
                return text[:cut] + rng.choice([b"", b"\xff", b"\x00", b"NaN", b'"', b"}"]) + text[cut:]
            case 3 | 4:
                return json.dumps([self.nearly(good) for _ in range(rng.randrange(14))]).encode()
            case 5:
                ids = [self.value() for _ in range(rng.randrange(5))]
                name = rng.choice(["order_ids", "client_oids"])
                return json.dumps([{"instrument_id": self.text(), name: rng.choice([ids, ids, self.value()])}]).encode()
            case 6:
                return json.dumps(self.value()).encode()
            case _:
                return json.dumps(self.nearly(good), ensure_ascii=rng.random() < 0.5).encode()

    def target(self, template: str) -> str:
        """A route's path with its names filled in, a query perhaps, and sometimes a path that is no route."""
        rng = self.rng
        path = template
        while "{" in path:
            before, _, rest = path.partition("{")
            path = before + quote(self.text(), safe="") + rest.partition("}")[2]
        if rng.random() < 0.1:
            path = rng.choice(
                [path + "/", path.upper(), path + "/x", path[:-1], "//" + path, path.replace("/v3/", "/v9/"), "/"]
            )
        pairs = [f"{quote(rng.choice(NAMES), safe='')}={quote(self.text(), safe='')}" for _ in range(rng.randrange(4))]
        pairs += rng.sample(GOOD_PAIRS, k=rng.randrange(len(GOOD_PAIRS)))
        if rng.random() < 0.05:
            pairs += rng.choice([["&&&"], ["=", "=="], ["%"], ["%zz=%"], ["a" * 1_500], ["x"] * 1_100])
        return path + ("?" + "&".join(pairs) if pairs else "")

    def headers(self, right: Mapping[str, str]) -> dict[str, str]:
        """The right headers, or with one of them missing, replaced or doubled in another case."""
        found = dict(right)
        if not found or self.rng.random() < 0.6:
            return found
        name = self.rng.choice(list(found))
        match self.rng.randrange(3):
            case 0:
                del found[name]
            case 1:
                found[name] = self.text().translate({ord(char): None for char in "\r\n\x00"})
            case _:
                found[name.lower()] = found.pop(name)[::-1]
        return found

    def message(self, credentials: Credentials, now_ns: int) -> str | bytes:
        """Of a WebSocket."""
        rng = self.rng
        match rng.randrange(10):
            case 0:
                return rng.choice(
                    ["", " ", "ping ", "PING", "pong", "{", "[]", "null", "5", '"ping"', "[" * 5_000, '{"op":' * 3_000]
                )
            case 1:
                return bytes(rng.randrange(256) for _ in range(rng.randrange(80)))
            case 2:
                login: list[Any] = list(login_args(credentials, at_ns=now_ns))
                login[rng.randrange(4)] = self.value()
                return json.dumps({"op": "login", "args": login})
            case 3:
                return json.dumps({"op": self.value(), "args": self.value()})
            case 4:
                return json.dumps(self.value())
            case _:
                names: list[Any] = [self._channel() for _ in range(rng.choice([0, 1, 1, 2, 5, 200]))]
                if rng.random() < 0.2:
                    names.append(self.value())
                args = self._channel() if rng.random() < 0.2 else names
                return json.dumps({"op": rng.choice(["subscribe", "unsubscribe"]), "args": args})

    def _channel(self) -> str:
        rng = self.rng
        table = rng.choice(["spot/", "spot/", "spot/", "futures/", "", "/"]) + rng.choice(CHANNELS)
        return table + rng.choice([":", ":", ":", ""]) + rng.choice([self.text(), "BTC-JPY", "eth-btc", "BTC"])

    def garbage(self) -> bytes:
        """Of a TCP connection: no HTTP, half of it, or a WebSocket that is none."""
        rng = self.rng
        random_bytes = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 200)))
        upgrade = (
            b"GET /ws/v3 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
        )
        request = b"POST /api/spot/v3/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{}"
        match rng.randrange(5):
            case 0:
                return random_bytes
            case 1:
                return request  # the rest of the body never comes
            case 2:
                return upgrade + random_bytes
            case 3:
                return upgrade[: rng.randrange(len(upgrade))]
            case _:
                cut = rng.randrange(len(request))
                return request[:cut] + random_bytes + request[cut:]


class Answer(NamedTuple):
    status: int
    body: bytes


class RawHttp:
    """One connection to a venue that sends exactly what it is given, and asks again when the server has hung up."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._address = (address.hostname, address.port)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request. Every request gets one, also if the connection ends with it."""
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        lines = [f"{method} {target} HTTP/1.1", "Host: venue", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        async with asyncio.timeout(30):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length: ")[2].split("\r\n")[0])
            answer = Answer(int(head.split(" ")[1]), await self._reader.readexactly(length))
        if "connection: close" in head:
            self.close()
        return answer

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def signed(noise: Noise, credentials: Credentials, now_ns: int, *, method: str, target: str, body: bytes) -> dict[str, str]:
    """Mostly a right signature of a wrong request."""
    headers = signed_headers(credentials, timestamp=unix_timestamp(now_ns), method=method, target=target, body=body)
    if method == "POST":
        headers["Content-Type"] = noise.rng.choice(["application/json"] * 9 + ["text/plain"])
    return noise.headers(headers) if noise.rng.random() < 0.3 else headers
