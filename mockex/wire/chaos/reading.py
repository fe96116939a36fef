"""From a rule as somebody wrote it to a `Rule`: every name is looked up, and what could never happen is refused.

Owns the grammar of `where`, `when` and `what`. One clear line for every mistake: `FaultPlanError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mockex.wire.chaos.actions import ACTIONS, MAX_MS, Action, ActionSpec, Occasion, Value, percent_units, whole_number
from mockex.wire.chaos.rules import NS_PER_MS, STATES, When, Where, glob, named
from mockex.wire.venue import SocketSpec

if TYPE_CHECKING:
    from mockex.wire.desk import Desk

MAX_PATTERN = 200
MAX_COUNT = 1_000_000_000

_NAME = re.compile(r"[!-.0-~]{1,64}").fullmatch  # printable ASCII without blanks and slashes: it stands in queries
_PARTS = ("name", "where", "when", "what")
_PLACES = ("route", "operation", "channel", "socket", "account", "opening")
_COUNTS = ("nth", "first", "after", "every", "percent")
_CONDITIONS = (*_COUNTS, "state", "from_ms", "until_ms", "times")

_O = Occasion
_SOCKETS = frozenset({_O.OPERATION, _O.PUSH, _O.MESSAGE})
_MEETS: Mapping[str, frozenset[Occasion]] = {
    "route": frozenset({_O.REQUEST}),
    "operation": frozenset({_O.OPERATION}),
    "channel": frozenset({_O.PUSH}),
    "opening": frozenset({_O.PUSH}),
    "socket": _SOCKETS | {_O.UPGRADE},
    "account": _SOCKETS | {_O.REQUEST},
}
"""Where what narrows a rule can be seen at all."""


class FaultPlanError(ValueError):
    """A rule that cannot be. The text says what to do instead."""


class RuleTerms(NamedTuple):
    """A rule that is right in itself. `name` None: it gets one."""

    name: str | None
    action: Action
    arguments: Mapping[str, Value]
    occasions: frozenset[Occasion]
    where: Where
    when: When
    given: Mapping[str, Mapping[str, object]]


def read_rule(desk: Desk, rule: object) -> RuleTerms:
    """`FaultPlanError` for anything that the venue does not know, or that could never strike."""
    parts = _object(rule, "a rule", _PARTS)
    name = parts.get("name")
    if name is not None and not (isinstance(name, str) and _NAME(name)):
        raise FaultPlanError("name is 1 to 64 printable ASCII characters without blanks and slashes")
    place = _object(parts.get("where"), "where", _PLACES)
    condition = _object(parts.get("when"), "when", _CONDITIONS)
    what = parts.get("what")
    if not isinstance(what, Mapping) or "action" not in what:
        raise FaultPlanError('what is missing: an object such as {"action": "reset"}')
    action = _action(what["action"])
    arguments = _arguments(desk, action, {key: value for key, value in what.items() if key != "action"})
    where = _where(desk, action, place)
    when = _when(condition)
    occasions = _occasions(action, place, when)
    return RuleTerms(
        name=name,
        action=action,
        arguments=arguments,
        occasions=occasions,
        where=where,
        when=when,
        given={
            "where": dict(place),
            "when": {key: str(value) if key == "percent" else value for key, value in condition.items()},
            "what": {"action": action.value, **arguments},
        },
    )


# --- what


def _action(name: object) -> Action:
    for action in Action:
        if action.value == name:
            return action
    raise FaultPlanError(f"there is no action {_shown(name)}; there are {', '.join(action.value for action in Action)}")


def _arguments(desk: Desk, action: Action, given: Mapping[str, object]) -> dict[str, Value]:
    spec = ACTIONS[action]
    for name in given:
        if name not in spec.takes:
            takes = ", ".join(spec.takes) or "none"
            raise FaultPlanError(f"{action.value} takes no argument {_shown(name)}; it takes {takes}")
    arguments: dict[str, Value] = {}
    for name, argument in spec.takes.items():
        value = given.get(name)
        if value is not None:
            arguments[name] = _read(name, argument.read, value)
        elif argument.required:
            raise FaultPlanError(f"{action.value} needs {name}: {argument.help}")
        elif argument.default is not None:
            arguments[name] = argument.default
    _check_arguments(desk, action, arguments)
    return arguments


def _check_arguments(desk: Desk, action: Action, arguments: Mapping[str, Value]) -> None:
    """What only this venue can judge."""
    if action is Action.ERROR and arguments["code"] not in desk.venue.errors_by_code:
        codes = list(desk.venue.errors_by_code)
        known = f"its {len(codes)} codes run from {codes[0]} to {codes[-1]}" if codes else "it has none"
        raise FaultPlanError(f"{desk.venue.name} has no error code {_shown(arguments['code'])}; {known}")
    if action is Action.HALT and arguments["symbol"] not in desk.exchange.markets:
        raise FaultPlanError(_unknown(desk, "instrument", arguments["symbol"], desk.exchange.markets))


# --- where


def _where(desk: Desk, action: Action, place: Mapping[str, Any]) -> Where:
    sockets = _sockets(desk, place.get("socket"))
    account = place.get("account")
    if account is not None and (not isinstance(account, str) or account not in desk.exchange.accounts):
        raise FaultPlanError(f"{desk.venue.name} has no account {_shown(account)}; create it first")
    opening = place.get("opening")
    if opening is not None and not isinstance(opening, bool):
        raise FaultPlanError("opening is true or false")
    if action is Action.CORRUPT_CHECKSUM and all(spec.corrupt_checksum is None for spec in sockets.values()):
        raise FaultPlanError(f"nothing that {desk.venue.name} pushes there has a checksum")
    return Where(
        routes=_routes(desk, action, place.get("route", "*")) if "route" in place or action is Action.STALE else None,
        operations=None if place.get("operation") is None else _operations(desk, sockets, place["operation"]),
        channel=None if place.get("channel") is None else _channel(desk, sockets, place["channel"]),
        socket=place.get("socket"),
        account_id=account,
        opening=opening,
    )


def _sockets(desk: Desk, name: object) -> Mapping[str, SocketSpec]:
    """Those that a rule may mean."""
    known = desk.sockets
    if name is None:
        return known
    if not isinstance(name, str) or name not in known:
        raise FaultPlanError(_unknown(desk, "socket", name, known))
    return {name: known[name]}


def _routes(desk: Desk, action: Action, value: object) -> frozenset[tuple[str, str]]:
    """Every route whose template, or method and template, the pattern names; of a stale read only those that read."""
    pattern = _pattern("route", value)
    method, blank, path = pattern.partition(" ")
    method, path = (method.upper(), path) if blank else ("*", pattern)
    methods, paths = glob(method), glob(path)
    found = frozenset(
        (route.method, route.path)
        for route in desk.venue.routes.routes
        if methods.fullmatch(route.method) and paths.fullmatch(route.path)
    )
    if not found:
        raise FaultPlanError(
            f"{desk.venue.name} has no route {_shown(pattern)}; give a template from its list of routes, or a method and one"
        )
    if action is Action.STALE:
        found = frozenset(route for route in found if route[0] == "GET")
        if not found:
            raise FaultPlanError(f"a stale answer is one to a GET, and {_shown(pattern)} takes none")
    return found


def _operations(desk: Desk, sockets: Mapping[str, SocketSpec], value: object) -> frozenset[str]:
    known = dict.fromkeys(operation for spec in sockets.values() for operation in spec.operations)
    found = named(_pattern("operation", value), known)
    if not found:
        raise FaultPlanError(_unknown(desk, "operation", value, known))
    return found


def _channel(desk: Desk, sockets: Mapping[str, SocketSpec], value: object) -> re.Pattern[str]:
    pattern = _pattern("channel", value)
    known = dict.fromkeys(channel for spec in sockets.values() if spec.channels is not None for channel in spec.channels(desk))
    if not named(pattern, known):
        examples = list(known)
        some = f"its {len(examples)} run from {examples[0]} to {examples[-1]}" if examples else "it has none"
        raise FaultPlanError(f"{desk.venue.name} has no channel {_shown(value)}; {some}")
    return glob(pattern)


def _pattern(name: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_PATTERN:
        raise FaultPlanError(f"{name} is a text of at most {MAX_PATTERN} characters, in which * stands for anything")
    return value


# --- when


def _when(condition: Mapping[str, Any]) -> When:
    counted = [name for name in _COUNTS if condition.get(name) is not None]
    if len(counted) > 1:
        raise FaultPlanError(f"when takes one of {', '.join(_COUNTS)}, not {' and '.join(counted)} together")
    state = condition.get("state")
    if state is not None and (not isinstance(state, str) or state not in STATES):
        raise FaultPlanError(f"state is one of {', '.join(STATES)}, not {_shown(state)}")

    def number(name: str, least: int, most: int) -> int | None:
        value = condition.get(name)
        return None if value is None else int(_read(name, lambda given: whole_number(given, least=least, most=most), value))

    from_ms, until_ms = number("from_ms", 0, MAX_MS) or 0, number("until_ms", 1, MAX_MS)
    if until_ms is not None and until_ms <= from_ms:
        raise FaultPlanError(f"until_ms {until_ms} is not after from_ms {from_ms}")
    percent = condition.get("percent")
    return When(
        nth=number("nth", 1, MAX_COUNT),
        first=number("first", 1, MAX_COUNT),
        after=number("after", 0, MAX_COUNT),
        every=number("every", 1, MAX_COUNT),
        percent=None if percent is None else int(_read("percent", percent_units, percent)),
        state=None if state is None else STATES[state],
        from_ns=from_ms * NS_PER_MS,
        until_ns=None if until_ms is None else until_ms * NS_PER_MS,
        times=number("times", 1, MAX_COUNT),
    )


# --- all of it together


def _occasions(action: Action, place: Mapping[str, object], when: When) -> frozenset[Occasion]:
    """When the rule is to be asked. FaultPlanError for a place or state that its action never meets."""
    spec = ACTIONS[action]
    narrowing = [name for name in _PLACES if place.get(name) is not None]
    possible = spec.occasions
    for name in narrowing:
        met = possible & _MEETS[name]
        if not met:
            raise FaultPlanError(_mismatch(action, spec, name, narrowing))
        possible = met
    if when.state is not None:
        possible &= _MEETS["account"]
        if not possible:
            raise FaultPlanError(f"{action.value} meets no account, so no order of one: leave out state")
    if spec.once and (when.times or 1) > 1:
        raise FaultPlanError(f"{action.value} fires once: leave out times")
    if _O.MOMENT in possible:
        possible = frozenset({_O.MOMENT}) if not narrowing and not when.counts else possible - {_O.MOMENT}
    if _O.MESSAGE in possible:
        return frozenset({_O.MESSAGE})
    if {_O.REQUEST, _O.PUSH} <= possible:
        return frozenset({_O.REQUEST})
    return possible


def places_of(spec: ActionSpec) -> list[str]:
    """What may narrow a rule with that action."""
    return [name for name in _PLACES if spec.occasions & _MEETS[name]]


def _mismatch(action: Action, spec: ActionSpec, name: str, narrowing: Iterable[str]) -> str:
    if not spec.occasions & _MEETS[name]:
        return f"{action.value} meets no {name}; where takes {', '.join(places_of(spec))} with it"
    return f"with {action.value}, {' and '.join(narrowing)} never come together"


def _object(value: object, what: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    """An object with these names at most; left out is empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise FaultPlanError(f"{what} is an object with {', '.join(names)}")
    for name in value:
        if name not in names:
            raise FaultPlanError(f"{what} takes no {_shown(name)}; it takes {', '.join(names)}")
    return {name: each for name, each in value.items() if each is not None}


def _read(name: str, read: Callable[[object], Value], value: object) -> Value:
    try:
        return read(value)
    except ValueError as error:
        raise FaultPlanError(f"{name} {error}, not {_shown(value)}") from None


def _unknown(desk: Desk, what: str, value: object, known: Iterable[str]) -> str:
    return f"{desk.venue.name} has no {what} {_shown(value)}; it has {', '.join(known) or 'none'}"


def _shown(value: object) -> str:
    """A client's value in a message: short, and nothing that a terminal would act upon."""
    return ascii(value)[:100]
