"""Takes no notice of orders whose numbers no answer has told it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations, requests
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.frames import Notice, Reply

FAILS = frozenset(
    {
        "gateway/streams/090",
    }
)

known: dict[str, None] = {}
honest_reply = requests.Requests.on_reply
honest_notice = operations.Operations.on_notice


def on_reply(self: requests.Requests, reply: Reply) -> bool:
    if (order_no := reply.row.raw.get("order_no")) is not None:
        known[str(order_no)] = None
    for row in reply.row.raw.get("data", ()) if reply.operation == "open_orders" else ():
        known[row["order_no"]] = None
    return honest_reply(self, reply)


def on_notice(self: operations.Operations, notice: Notice) -> None:
    data: Any = notice.data
    if notice.topic != "order" or data["order_no"] in known:
        honest_notice(self, notice)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        known.clear()
        requests.Requests.on_reply = on_reply
        operations.Operations.on_notice = on_notice
        await super().start(settings)
