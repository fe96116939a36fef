"""The shape of a reply or a push, compared with the field table of its fixture.

A path of the table is a chain of names and brackets: `[]` is every element, `[2]` the third, `{}` every value of a map.
Invariant: what the table has as `always` or `nullable` must be there, and nothing may be there that the table does not list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

_TOKEN = re.compile(r"\[\d*\]|\{\}|[^.\[\]{}]+")
_TYPES = {"string": str, "integer": int, "boolean": bool, "number": (int, float, Decimal), "object": dict}


@dataclass(slots=True)
class _Node:
    json_type: str | None = None
    required: bool = False
    nullable: bool = False
    below: dict[str, _Node] = field(default_factory=dict)


def _tree(fields: list[dict[str, Any]]) -> _Node:
    root = _Node()
    for row in fields:
        node = root
        for token in _TOKEN.findall(row["path"]):
            node = node.below.setdefault(token, _Node())
        node.json_type = row["type"]
        node.required = row["presence"] in ("always", "nullable")
        node.nullable = row["presence"] == "nullable"
    return root


def deviations(value: object, fields: list[dict[str, Any]]) -> list[str]:
    """Every way in which `value` differs from the table; empty when it fits."""
    return list(_deviations(value, _tree(fields), "$"))


def _deviations(value: Any, node: _Node, where: str) -> list[str]:
    if value is None and node.nullable:
        return []
    if node.json_type is not None and not _is(value, node.json_type):
        return [f"{where}: {value!r} is no {node.json_type}"]
    if not node.below:
        return []
    if "[]" in node.below:
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [line for index, each in enumerate(value) for line in _deviations(each, node.below["[]"], f"{where}[{index}]")]
    if "[0]" in node.below:
        if not isinstance(value, list) or len(value) != len(node.below):
            return [f"{where}: {value!r} has not {len(node.below)} elements"]
        return [
            line
            for index, each in enumerate(value)
            for line in _deviations(each, node.below[f"[{index}]"], f"{where}[{index}]")
        ]
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    if "{}" in node.below:
        return [line for key, each in value.items() for line in _deviations(each, node.below["{}"], f"{where}.{key}")]
    found = [f"{where}: nobody lists {key!r}" for key in value.keys() - node.below.keys()]
    for name, below in node.below.items():
        if name in value:
            found += _deviations(value[name], below, f"{where}.{name}")
        elif below.required or (below.json_type is None and below.below):
            found.append(f"{where}: {name!r} is missing")
    return found


def _is(value: object, json_type: str) -> bool:
    if isinstance(value, bool):
        return json_type == "boolean"
    return isinstance(value, _TYPES[json_type])
