"""A client of HTX's account socket in few words: it signs by itself, and looks at every frame that comes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from htx_support import HOST, SECOND, Bench, signature, stamp

from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.messages import TEXT


class AccountSocket:
    """One connection to `/ws/v2`."""

    def __init__(self, bench: Bench, *, path: str = "/ws/v2", ip: str = "127.0.0.1", host: str = HOST) -> None:
        found = bench.simulation.socket_for(path)
        assert found is not None
        self.bench = bench
        self.connection: Connection = bench.simulation.open_connection(found[0], ip, lambda _: None, path=path, host=host)

    @classmethod
    def of(cls, bench: Bench, who: str = "alice", *topics: str) -> AccountSocket:
        """One that has logged in and subscribed; what came of that is gone."""
        socket = cls(bench)
        assert socket.login(who) == [{"action": "req", "code": 200, "ch": "auth", "data": {}}]
        for topic in topics:
            socket.subscribe(topic)
        return socket

    @property
    def closing(self) -> CloseOrder | None:
        return self.connection.closing

    def frames(self) -> list[Any]:
        """What has arrived since the last look: all text, all with an action."""
        frames = self.connection.drain()
        assert {frame.wire[0] for frame in frames} <= {0x80 | TEXT}
        messages = [json.loads(frame.payload, parse_float=Decimal) for frame in frames]
        assert all(isinstance(message["action"], str) for message in messages), messages
        return messages

    def messages(self) -> list[Any]:
        """The same without pings, which are answered."""
        found = []
        for message in self.frames():
            if message["action"] == "ping":
                self.bench.simulation.receive(self.connection, json.dumps({"action": "pong", "data": message["data"]}))
            else:
                found.append(message)
        return found

    def send(self, message: object) -> list[Any]:
        """Sends JSON, or text as it stands, and gives what came at once."""
        self.bench.simulation.receive(self.connection, message if isinstance(message, (str, bytes)) else json.dumps(message))
        return self.messages()

    def params(self, who: str = "alice", *, host: str = HOST, path: str = "/ws/v2", **changes: str) -> dict[str, str]:
        """Of a good login. `changes`: fields whose value is another, the signature being made after that."""
        material = self.bench.simulation.keys[who].material
        signed = {
            "accessKey": material.api_key,
            "signatureMethod": "HmacSHA256",
            "signatureVersion": "2.1",
            "timestamp": stamp(self.bench.clock.now_ns()),
            **changes,
        }
        query = "&".join(f"{name}={value.replace(':', '%3A')}" for name, value in signed.items())
        made = signature(material.secret, "\n".join(("GET", host, path, query)))
        return {"authType": "api", **signed, "signature": made}

    def login(self, who: str = "alice", **how: Any) -> list[Any]:
        return self.send({"action": "req", "ch": "auth", "params": self.params(who, **how)})

    def subscribe(self, topic: str) -> list[Any]:
        """Subscribes to a topic that must exist, and gives the data that came after the acknowledgement."""
        first, *rest = self.send({"action": "sub", "ch": topic})
        shown = "accounts.update#0" if topic == "accounts.update" else topic
        assert first == {"action": "sub", "code": 200, "ch": shown, "data": {}}
        return [self._pushed(message, shown) for message in rest]

    def pushes(self, topic: str | None = None) -> list[Any]:
        """The data of what was pushed since the last look: of that topic, or of whichever."""
        messages = self.messages()
        assert all(message.keys() == {"action", "ch", "data"} and message["action"] == "push" for message in messages), messages
        return [message["data"] for message in messages if topic in (None, message["ch"])]

    def wait(self, span_ns: int) -> list[Any]:
        """What comes while that time passes; pings are answered in between."""
        found, end_ns = [], self.bench.clock.now_ns() + span_ns
        while self.bench.clock.now_ns() < end_ns:
            self.bench.clock.advance_to(min(end_ns, self.bench.clock.now_ns() + SECOND))
            found += self.messages()
        return found

    @staticmethod
    def _pushed(message: Any, topic: str) -> Any:
        assert (message["action"], message["ch"]) == ("push", topic)
        return message["data"]
