"""Control calls about the gateway: its logins, and what goes wrong with them on purpose."""

from __future__ import annotations

from datetime import timedelta

from mockex.gateway.protocol import OPERATIONS
from mockex.gateway.service import Gateway
from mockex.operator.overview import seconds_ns
from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.operator.words import Amount
from mockex.server.control.fields import AMOUNT, INTEGER, TEXT, one_of, required
from mockex.server.control.routes import ControlCall, ControlRoute

MOST_REPLIES = 1_000

_LONGEST_DELAY_S = 3_600
_NS_PER_SECOND = 1_000_000_000
_NS_PER_US = 1_000


def show(call: ControlCall) -> object:
    gateway = call.gateway.gateway
    return {
        "url": call.server.urls.gateway,
        "platforms": {name: platform.venue for name, platform in gateway.platforms.items()},
        "legacy_quirks": gateway.settings.legacy_quirks,
        "margin_mode": gateway.settings.margin_mode.value,
        "logins": [
            {
                "token": session.token,
                "identity": session.identity,
                "platform": session.platform_name,
                "symbols": list(session.pairs),
                "state": session.phase.value,
            }
            for session in gateway.sessions
        ],
        "faults": gateway.faults.view(),
    }


def drop_links(call: ControlCall) -> object:
    return {"dropped": call.gateway.gateway.drop_links(_platform(call))}


def plan_fault(call: ControlCall) -> object:
    """One fault from now on. The answer is what stands then."""
    gateway, values = call.gateway.gateway, call.values
    platform, action = _platform(call), values["action"]
    takes = {"action", *_TAKES[action]}
    for name in values:
        if name not in takes:
            raise OperatorError(f"{action} takes no {name}; it takes {', '.join(_TAKES[action])}")
    match action:
        case "refuse_connect":
            gateway.faults.refuse_connect(platform)
        case "allow_connect":
            gateway.faults.allow_connect(platform)
        case "delay_ready":
            gateway.faults.delay_ready(_delay(values.get("seconds", 0)), platform)
        case "suppress_reply":
            if "op" not in values:
                raise OperatorError(f"op is missing: {_OP.kind}")
            gateway.faults.suppress_replies(values["op"], _count(call, 1))
        case "reorder_replies":
            gateway.faults.reorder_replies(_count(call, 2))
        case "push_before_reply":
            gateway.faults.push_before_reply(_count(call, 1))
    return gateway.faults.view()


def list_faults(call: ControlCall) -> object:
    return call.gateway.gateway.faults.view()


def clear_faults(call: ControlCall) -> object:
    call.gateway.gateway.faults.clear()
    return list_faults(call)


def _platform(call: ControlCall) -> str:
    """The one that was named, empty for all if none was. NotFoundError if the gateway has none of that name."""
    gateway: Gateway = call.gateway.gateway
    name: str | None = call.values.get("platform")
    if name is None:
        return ""
    if name not in gateway.platforms:
        raise NotFoundError(f"the gateway has no platform {name[:64]!r}; it has {', '.join(gateway.platforms)}")
    return name


def _count(call: ControlCall, otherwise: int) -> int:
    count: int = call.values.get("count", otherwise)
    if not 1 <= count <= MOST_REPLIES:
        raise OperatorError(f"count is from 1 to {MOST_REPLIES}, not {count}")
    return count


def _delay(amount: Amount) -> timedelta:
    delay_ns = seconds_ns(amount)
    if not 0 <= delay_ns <= _LONGEST_DELAY_S * _NS_PER_SECOND:
        raise OperatorError(f"seconds is from 0 to {_LONGEST_DELAY_S}")
    return timedelta(microseconds=delay_ns // _NS_PER_US)


_TAKES = {
    "refuse_connect": ("platform",),
    "allow_connect": ("platform",),
    "delay_ready": ("platform", "seconds"),
    "suppress_reply": ("op", "count"),
    "reorder_replies": ("count",),
    "push_before_reply": ("count",),
}

_OP = one_of(*OPERATIONS)

ROUTES = (
    ControlRoute("GET", "/gateway", show, "The gateway: where it is, its platforms with their venues, its logins and faults."),
    ControlRoute(
        "POST",
        "/gateway/drop",
        drop_links,
        "Cuts the gateway's connections to the venue of a platform, or to all venues; it connects again by itself.",
        takes={"platform": TEXT},
    ),
    ControlRoute("GET", "/gateway/faults", list_faults, "The gateway's faults that stand."),
    ControlRoute(
        "POST",
        "/gateway/faults",
        plan_fault,
        "A fault of the gateway: refused connections, a late READY, replies that are missing, reordered or after their push.",
        takes={
            "action": required(one_of(*_TAKES)),
            "platform": TEXT,
            "seconds": AMOUNT,
            "op": _OP,
            "count": INTEGER,
        },
    ),
    ControlRoute("DELETE", "/gateway/faults", clear_faults, "Clears the gateway's faults; replies that were kept leave."),
)
