"""KTX's error tables, one of each generation; they are never mixed. Source: ktx§5 and ktx§14.

`gen1`: names of the vendor's first revision; texts are the lower-case name (proposed). `gen2`: the vendor's texts.
REST answers HTTP 200 with `state` and `msg`, but 404 for an unknown path. Frames say `error` and `message`; what can be wrong
with a frame itself has the same codes in both generations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockex.wire.faults import WireError

Rows = Iterable[tuple[str, str]]

_FRAME_ROWS = (
    ("-1000", "invalid_request"),
    ("-1001", "invalid_method"),
    ("-1002", "missing_parameter"),
    ("-1003", "invalid_parameter"),
)


_GEN1_ROWS = (
    *_FRAME_ROWS,
    ("-10001", "unknown"),
    ("-20001", "unknown_event"),
    ("-20002", "unknown_request"),
    ("-20003", "unsupported_event"),
    ("-20004", "unsupported_request"),
    ("-20005", "request_expired"),
    ("-20006", "access_limit_exceeded"),  # CPU usage, by the prose, which these names contradict
    ("-20007", "usage_limit_exceeded"),  # requests
    ("-20008", "no_permission"),
    ("-21001", "missing_parameter"),
    ("-21002", "empty_parameter"),
    ("-21003", "invalid_parameter"),
    ("-21004", "missing_header"),
    ("-21005", "empty_header"),
    ("-21006", "invalid_header"),
    ("-21007", "invalid_json_format"),
    ("-21008", "invalid_signature"),
    ("-22001", "invalid_transfer"),
    ("-22002", "invalid_order"),
    ("-22003", "no_such_product"),
    ("-30001", "not_exist"),
    ("-30002", "duplicate"),
    ("-30003", "in_use"),
    ("-30004", "limit_exceeded"),
    ("-30005", "insufficient"),
)

_GEN2_ROWS = (
    *_FRAME_ROWS,
    ("-10000", "network or service failure"),
    ("-10001", "illegal state"),
    ("-10002", "not implemented"),
    ("-11001", "expired"),
    ("-11002", "no permission"),
    ("-11003", "access limit exceeded"),
    ("-11004", "usage limit exceeded"),
    ("-12001", "unknown event"),
    ("-12002", "unsupported event"),
    ("-12003", "unknown request"),
    ("-12004", "unsupported request"),
    ("-12011", "unknown parameter"),
    ("-12012", "unsupported parameter"),
    ("-12013", "missing parameter"),
    ("-12014", "empty parameter"),
    ("-12015", "invalid parameter"),
    ("-12101", "invalid signature"),
    ("-12102", "invalid json"),
    ("-12103", "invalid ip"),
    ("-20001", "instance is not exist"),
    ("-20002", "instance is duplicated"),
    ("-20003", "in use"),
    ("-20004", "limit exceeded"),
    ("-20005", "insufficient"),
    ("-21000", "unknown"),
    ("-21001", "fok"),
    ("-21002", "post only"),
    ("-21003", "invalid param"),
    ("-21004", "missing header"),  # printed as "empty header" and the next as "header is null"; ktx§14: as before
    ("-21005", "empty header"),
    ("-21006", "invalid header"),
    ("-21007", "invalid json format"),
    ("-21008", "invalid signature"),
    ("-21084", "invalid leverage"),
    ("-21100", "invalid parameter"),
    ("-21101", "invalid order id"),
    ("-21102", "invalid client order id"),
    ("-21103", "invalid origin"),
    ("-21104", "invalid broker id"),
    ("-21105", "invalid product id"),
    ("-21106", "invalid type"),
    ("-21107", "invalid price"),
    ("-21108", "invalid quantity"),
    ("-21109", "invalid visible quantity"),
    ("-21110", "invalid self trade prevention"),
    ("-21111", "invalid time in force"),
    ("-21112", "invalid cancel after"),
    ("-21113", "invalid trigger"),
    ("-21114", "invalid trigger value"),
    ("-21115", "invalid position id"),
    ("-21116", "invalid position merge"),
    ("-21118", "invalid margin method"),
    ("-21201", "permission denied"),
    ("-21211", "duplicate order id"),
    ("-21212", "duplicate client order id"),
    ("-21213", "too many trades taken"),
    ("-21214", "too many active orders"),
    ("-21215", "too many untriggered orders"),
    ("-21301", "insufficient funds"),
    ("-21401", "invalid side"),
    ("-21402", "invalid close"),
    ("-21403", "increase position"),
    ("-21411", "reach risk limit"),
    ("-22001", "invalid transfer"),
)


class ErrorTable:
    """One generation's codes. `not_200`: HTTP statuses of those that do not answer with 200."""

    def __init__(self, rows: Rows, *, not_200: Mapping[str, int]) -> None:
        self.by_code: Mapping[str, WireError] = {
            code: WireError(status=not_200.get(code, 200), code=code, message=text) for code, text in rows
        }

    def detailed(self, code: str, detail: str) -> WireError:
        """The same code with what is wrong behind its text: `missing_parameter: symbol`."""
        known = self.by_code[code]
        return WireError(status=known.status, code=code, message=f"{known.message}: {detail}")


GEN1_ERRORS = ErrorTable(_GEN1_ROWS, not_200={"-20002": 404})
GEN2_ERRORS = ErrorTable(_GEN2_ROWS, not_200={"-12003": 404})
FRAME_ERRORS = ErrorTable(_FRAME_ROWS, not_200={}).by_code
