"""KTX's replies. Source: ktx§2: bare in the document, wrapped in `state` and `result` by the live service."""

from __future__ import annotations

from mockex.venues.ktx.limits import usage_headers
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

WRAP_SWITCH = "wrap_result"


def reply(call: Call, data: object) -> WireResponse:
    desk = call.desk
    wrapped = desk.switch(WRAP_SWITCH) or desk.state.generation.wraps
    return WireResponse(200, dumps({"state": 0, "result": data} if wrapped else data), usage_headers(call))
