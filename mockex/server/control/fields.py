"""What a control call may be given: named fields with a reader each, checked before anything happens.

A field comes from a JSON body or, as text, from a query. A name that the call does not know is an error: a typing mistake
must not pass as the default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mockex.operator.keys import KeyRequest
from mockex.operator.overview import LATEST_NS
from mockex.operator.positions import PositionInput
from mockex.operator.refusals import OperatorError
from mockex.wire.json import JsonValue
from mockex.wire.venue import SwitchValue

Reader = Callable[[str, JsonValue], Any]
"""From a field's name and value to what the handler takes; OperatorError says what was expected."""


class Field(NamedTuple):
    """`kind` describes the values to a person."""

    kind: str
    read: Reader
    required: bool = False


def required(field: Field) -> Field:
    return field._replace(required=True)


def read_fields(fields: Mapping[str, Field], given: Mapping[str, JsonValue]) -> dict[str, Any]:
    """The values by name; what was left out, or is null, is left out. OperatorError for anything unknown, missing or wrong."""
    for name in given:
        if name not in fields:
            takes = ", ".join(fields)
            raise OperatorError(f"there is no field {name[:64]!r} here; {f'it takes {takes}' if takes else 'it takes none'}")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        value = given.get(name)
        if value is not None:
            values[name] = field.read(name, value)
        elif field.required:
            raise OperatorError(f"{name} is missing: {field.kind}")
    return values


# --- readers


def _text(name: str, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise OperatorError(f"{name} must be a JSON string")
    return value


def _amount(name: str, value: JsonValue) -> str | int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise OperatorError(f"{name} must be a decimal number, best as text")
    return value


_WHOLE = re.compile(r"-?[0-9]{1,18}").fullmatch


def _integer(name: str, value: JsonValue) -> int:
    """18 digits: more than any of these fields means, and within what JSON prints back."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _WHOLE(text):
        raise OperatorError(f"{name} must be a whole number of at most 18 digits")
    return int(text)


def _flag(name: str, value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise OperatorError(f"{name} must be true or false")
    return value


def _texts(name: str, value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise OperatorError(f"{name} must be a list of JSON strings")
    return tuple(str(item) for item in value)


def _texts_by_name(name: str, value: JsonValue) -> dict[str, str]:
    if not isinstance(value, dict):
        raise OperatorError(f"{name} must be an object of JSON strings")
    return {key: _text(f"{name}.{key}", entry) for key, entry in value.items()}


def _balances(name: str, value: JsonValue) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OperatorError(f'{name} must be an object such as {{"BTC": "1.5"}} or {{"funding": {{"BTC": "1.5"}}}}')
    return {
        key: {code: _amount(code, amount) for code, amount in entry.items()} if isinstance(entry, dict) else _amount(key, entry)
        for key, entry in value.items()
    }


def _balances_by_account(name: str, value: JsonValue) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OperatorError(f'{name} must be an object such as {{"alice": {{"BTC": "1.5"}}}}')
    return {account: _balances(f"{name}.{account}", entry) for account, entry in value.items()}


def _switches_by_venue(name: str, value: JsonValue) -> dict[str, dict[str, SwitchValue]]:
    if not isinstance(value, dict):
        raise OperatorError(f"{name} must be an object with the switches of each venue")
    return {venue: _switches(f"{name}.{venue}", entry) for venue, entry in value.items()}


def _switches(name: str, value: JsonValue) -> dict[str, SwitchValue]:
    if not isinstance(value, dict):
        raise OperatorError(f"{name} must be an object of switches, each true, false, a whole number or text")
    switches: dict[str, SwitchValue] = {}
    for switch, entry in value.items():
        if not isinstance(entry, (bool, int, str)):
            raise OperatorError(f"{name}.{switch} must be true, false, a whole number or text")
        switches[switch] = entry
    return switches


_INSTANT_DIGITS = re.compile(r"[0-9]{1,19}").fullmatch


def _instant(name: str, value: JsonValue) -> int:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _INSTANT_DIGITS(text) or int(text) > LATEST_NS:
        raise OperatorError(f"{name} must be nanoseconds since 1970, best as text, up to {LATEST_NS}")
    return int(text)


def _keys(name: str, value: JsonValue) -> tuple[KeyRequest, ...]:
    if not isinstance(value, list):
        raise OperatorError(f"{name} must be a list of objects, each with a name")
    requests = []
    for item in value:
        if not isinstance(item, dict):
            raise OperatorError(f"{name} must be a list of objects, each with a name")
        requests.append(KeyRequest(**read_fields(KEY_FIELDS, item)))
    return tuple(requests)


def _position(name: str, value: JsonValue) -> PositionInput:
    if not isinstance(value, dict):
        raise OperatorError(f'{name} must be an object such as {{"leverage": 10}}')
    position: PositionInput = {}
    position.update(read_fields(POSITION_FIELDS, value))  # type: ignore[typeddict-item]  # these very fields
    return position


def _rules(name: str, value: JsonValue) -> list[JsonValue]:
    """What a rule may be, the fault plan itself knows."""
    if not isinstance(value, list):
        raise OperatorError(f'{name} must be a list of rules such as {{"what": {{"action": "reset"}}}}')
    return value


def one_of(*choices: str) -> Field:
    def read(name: str, value: JsonValue) -> str:
        if not isinstance(value, str) or value not in choices:
            raise OperatorError(f"{name} is one of {', '.join(choices)}")
        return value

    return Field(" or ".join(f'"{choice}"' for choice in choices), read)


TEXT = Field("text", _text)
AMOUNT = Field("decimal number, best as text", _amount)
INTEGER = Field("whole number", _integer)
FLAG = Field("true or false", _flag)
TEXTS_BY_NAME = Field("object of texts", _texts_by_name)
TEXTS = Field("list of texts", _texts)

RULES = Field("list of rules, each an object with name, where, when and what", _rules)

KEY_FIELDS = {"name": required(TEXT), "permissions": TEXTS, "allowed_ips": TEXTS}

BALANCES = Field("asset -> amount, or wallet -> asset -> amount", _balances)
POSITION_FIELDS: Mapping[str, Field] = {
    "merge": TEXT,
    "margin_method": TEXT,
    "leverage": INTEGER,
    "close": FLAG,
    "position_id": TEXT,
}
POSITION = Field(f"object with {', '.join(POSITION_FIELDS)}", _position)

KEYS = Field(f"list of objects with {', '.join(KEY_FIELDS)}", _keys)

BALANCES_BY_ACCOUNT = Field("account -> balances: asset -> amount, or wallet -> asset -> amount", _balances_by_account)
SWITCHES_BY_VENUE = Field("venue, or gateway -> switch -> true, false, a whole number or text", _switches_by_venue)
INSTANT = Field("nanoseconds since 1970, best as text", _instant)
