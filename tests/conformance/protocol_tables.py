"""The tables of PROTOCOL.md, out of the schema. `python tests/conformance/protocol_tables.py` writes them anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockex.conformance import protocol

PAGE = Path(protocol.__file__).with_name("PROTOCOL.md")

CONTRACTS = frozenset({"positions", "place_order.position", "subscribe.positions"})
"""Capabilities that a venue without contracts has no call for."""

OF_SOCKETS = frozenset({"place_together"})
"""Capabilities that only clients of systems with one socket for all requests have a use for."""

_NOT_VALUES = {"decimal", "time_ms", "side", "level", "channel", "request", "reply", "operations"}
_PLAIN = {"string": "text", "integer": "integer", "boolean": "true/false", "object": "object", "null": "null"}


def tables() -> dict[str, str]:
    """By the name that the page marks its place with."""
    definitions = protocol.schema()["definitions"]
    operations = [
        f"| `{name}` | {_fields(each['params'])} | {_fields(each['result'])} | {each['description']} |"
        for name, each in definitions["operations"].items()
    ]
    values = [
        f"| `{name}` | {_fields(each)} | {each.get('description', '')} |"
        for name, each in definitions.items()
        if name not in _NOT_VALUES
    ]
    features = [f"| `{name}` | {meaning} |" for name, meaning in protocol.FEATURES.items()]
    return {
        "operations": _table("| operation | parameters | result | what it does |", operations),
        "values": _table("| value | fields | |", values),
        "features": _table("| capability | what the client has |", features),
    }


def written(page: str) -> str:
    """The page with its tables as they should be."""
    for name, table in tables().items():
        head, mark, rest = page.partition(f"<!-- {name} -->\n")
        assert mark, f"no place for the table {name}"
        page = f"{head}{mark}{table}<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return page


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows, ""])


def _fields(shape: Mapping[str, Any]) -> str:
    """`name: type` of each field, with `?` behind the name of one that may be left out."""
    shape = _resolved(shape)
    if "$ref" in shape:
        return _type(shape)
    if "anyOf" in shape:
        return " or ".join(_type(each) for each in shape["anyOf"])
    needed = shape.get("required", ())
    return ", ".join(
        f"`{name}`{'' if name in needed else '?'}: {_type(each)}" for name, each in shape.get("properties", {}).items()
    )


def _resolved(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """Channels are spelled out, because that is no value; everything else goes by its name."""
    name = shape.get("$ref", "").rpartition("/")[2]
    return protocol.schema()["definitions"]["channel"] if name == "channel" else shape


def _type(shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return {"time_ms": "time", "side": "`buy`/`sell`"}.get(name := shape["$ref"].rpartition("/")[2], name)
    if "anyOf" in shape:
        return " or ".join(_type(each) for each in shape["anyOf"] if each != {"type": "null"})
    if "enum" in shape:
        return "/".join(f"`{each}`" for each in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if shape.get("type") == "array":
        return f"list of {_type(shape['items'])}"
    if "properties" in shape:
        return f"{{{_fields(shape)}}}"
    return _PLAIN[shape["type"]] if "type" in shape else "any JSON"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
