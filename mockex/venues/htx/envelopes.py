"""The envelopes of HTX's successful replies. Source: htx§3.

v1 says `status`, market data and settings add `ts` in their own ways, v2 says `code`. Every reply has one of the two: the
vendor's SDK raises otherwise. Private replies carry the headers of their rate limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.venues.htx.codec import ms
from mockex.venues.htx.limits import rate_headers
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call


def reply(call: Call, body: Mapping[str, object]) -> WireResponse:
    return WireResponse(200, dumps(body), rate_headers(call))


def v1(call: Call, data: object, **more: object) -> WireResponse:
    """`more`: fields beside `data`."""
    return reply(call, {"status": "ok", "data": data, **more})


def v2(call: Call, data: object, **more: object) -> WireResponse:
    """`more`: what else an endpoint says, such as `success` or `ok`."""
    return reply(call, {"code": 200, "message": "success", "data": data, **more})


def settings(call: Call, data: Sequence[object], *, changed_ns: int, full: bool) -> WireResponse:
    """`changed_ns`: of the newest row; a client sends it back to learn what has changed since. Here it is text (htx§3)."""
    return reply(call, {"status": "ok", "data": data, "ts": str(ms(changed_ns)), "full": int(full)})


def market_tick(call: Call, channel: str, tick: Mapping[str, object]) -> WireResponse:
    return reply(call, {"ch": channel, "status": "ok", "ts": ms(call.desk.clock.now_ns()), "tick": tick})


def market_data(call: Call, channel: str, data: Sequence[object]) -> WireResponse:
    return reply(call, {"ch": channel, "status": "ok", "ts": ms(call.desk.clock.now_ns()), "data": data})
