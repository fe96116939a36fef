"""KTX's error tables, `gen1`. Source: ktx§5: names of the vendor's first revision; texts are the lower-case name (proposed).

REST answers HTTP 200 with `state` and `msg`, but 404 for an unknown path. Frames say `error` and `message`.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.wire.faults import WireError

_ROWS = (
    ("-1000", "INVALID_REQUEST"),
    ("-1001", "INVALID_METHOD"),
    ("-1002", "MISSING_PARAMETER"),
    ("-1003", "INVALID_PARAMETER"),
    ("-10001", "UNKNOWN"),
    ("-20001", "UNKNOWN_EVENT"),
    ("-20002", "UNKNOWN_REQUEST"),
    ("-20003", "UNSUPPORTED_EVENT"),
    ("-20004", "UNSUPPORTED_REQUEST"),
    ("-20005", "REQUEST_EXPIRED"),
    ("-20006", "USAGE_LIMIT_EXCEEDED"),  # the prose's meanings of the two; the vendor's table has them the other way round
    ("-20007", "ACCESS_LIMIT_EXCEEDED"),
    ("-20008", "NO_PERMISSION"),
    ("-21001", "MISSING_PARAMETER"),
    ("-21002", "EMPTY_PARAMETER"),
    ("-21003", "INVALID_PARAMETER"),
    ("-21004", "MISSING_HEADER"),
    ("-21005", "EMPTY_HEADER"),
    ("-21006", "INVALID_HEADER"),
    ("-21007", "INVALID_JSON_FORMAT"),
    ("-21008", "INVALID_SIGNATURE"),
    ("-22001", "INVALID_TRANSFER"),
    ("-22002", "INVALID_ORDER"),
    ("-22003", "NO_SUCH_PRODUCT"),
    ("-30001", "NOT_EXIST"),
    ("-30002", "DUPLICATE"),
    ("-30003", "IN_USE"),
    ("-30004", "LIMIT_EXCEEDED"),
    ("-30005", "INSUFFICIENT"),
)

_NOT_200 = {"-20002": 404}


def _text(name: str) -> str:
    return name.lower()


ERRORS_BY_CODE: Mapping[str, WireError] = {
    code: WireError(status=_NOT_200.get(code, 200), code=code, message=_text(name)) for code, name in _ROWS
}


def detailed(code: str, detail: str) -> WireError:
    """The same code with what is wrong behind its text: `missing_parameter: symbol`."""
    known = ERRORS_BY_CODE[code]
    return WireError(status=known.status, code=code, message=f"{known.message}: {detail}")
