"""Every error of OKCoin Japan v3: the code table, what each refusal of ours becomes, and the shapes of a failed reply.

Source: okj§5 (the vendor's code tables with captures of the sibling service OKEx v3). Messages that were captured are quoted
as they were seen; the others are English renderings. A code that nothing in the simulator raises is in the table for
planned faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from mockex.core.rejects import RejectReason
from mockex.venues.okcoinjp.codec import is_order_id
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

# Tags of routes.
ORDER_LEVEL = "order level"  # its failures of an order have a body of their own
CANCELS = "cancels"  # and that body is the one of a cancel


class OkFault(Enum):
    """What only this venue finds wrong with a request."""

    # Common
    ORDER_FIELD_MISSING = auto()  # the order endpoints word a missing field in their own way
    STATE_NOT_A_NUMBER = auto()
    ENUM_FIELD = auto()  # the funding endpoints word a value outside its list in their own way
    DEFAULT_RATE_LIMITED = auto()  # the 6/s that apply where nothing is stated
    ENDPOINT_OFFLINE = auto()
    TRADING_OFF = auto()
    NO_DATA = auto()
    FOREIGN_ORDER = auto()
    # Orders
    STATE_UNKNOWN = auto()
    BATCH_TOO_LARGE = auto()
    NO_MARGIN = auto()
    ORDER_NOT_CANCELLABLE = auto()
    NO_ORDER_ID = auto()
    TWO_ORDER_IDS = auto()
    ORDER_NOT_FOUND_404 = auto()
    # Funding
    WITHDRAWALS_FROZEN = auto()
    ADDRESS_BOOK_EMPTY = auto()
    ADDRESS_MALFORMED = auto()
    FEE_TOO_LOW = auto()
    FEE_TOO_HIGH = auto()
    AMOUNT_TOO_LOW = auto()
    AMOUNT_TOO_HIGH = auto()
    FUNDS_TOO_LOW = auto()
    DAILY_LIMIT = auto()
    TRANSFER_AMOUNT = auto()
    CONDITIONS = auto()
    NEO_WHOLE = auto()
    TRANSFER_RESTRICTED = auto()
    USER_FROZEN = auto()
    FUNDS_PASSWORD_WRONG = auto()
    NO_EMAIL = auto()
    NO_FUNDS_PASSWORD = auto()
    ADDRESS_NOT_VERIFIED = auto()
    TRANSFERS_TOO_FREQUENT = auto()
    PARAMETERS = auto()
    ACCOUNT_TYPE = auto()
    API_WITHDRAWALS_OFF = auto()
    CASH_WITHDRAWALS_OFF = auto()
    LIMITS_CHANGED = auto()
    FEE_DECIMALS = auto()
    AMOUNT_DECIMALS = auto()


# Code, HTTP status, message. okj§5.1-§5.3, in the vendor's order.
_TABLE: tuple[tuple[str, int, str], ...] = (
    ("30001", 400, "OK-ACCESS-KEY header is required"),
    ("30002", 400, "OK-ACCESS-SIGN header is required"),
    ("30003", 400, "OK-ACCESS-TIMESTAMP header is required"),
    ("30004", 400, "OK-ACCESS-PASSPHRASE header is required"),
    ("30005", 400, "Invalid OK-ACCESS-TIMESTAMP"),
    ("30006", 400, "Invalid OK-ACCESS-KEY"),
    ("30007", 400, "Invalid Content_Type, please use the application/json format"),
    ("30008", 400, "Request timestamp expired"),
    ("30009", 500, "System error"),
    ("30010", 401, "API validation failed"),
    ("30011", 400, "Invalid IP"),
    ("30012", 401, "Invalid Authority"),
    ("30013", 401, "Invalid Sign"),
    ("30014", 429, "Request too frequent"),
    ("30015", 400, "Invalid OK_ACCESS_PASSPHRASE"),
    ("30017", 400, "Broker id of the API key does not match"),
    ("30018", 400, "Domain of the API key does not match"),
    ("30019", 400, "API is offline or unavailable"),
    ("30020", 400, "Body cannot be blank"),
    ("30021", 400, "JSON data format error"),
    ("30022", 401, "API key has been frozen, contact support"),
    ("30023", 400, "{field} cannot be blank"),
    ("30024", 400, '"{field}" is an invalid parameter'),
    ("30025", 400, "{field} parameter format is error"),
    ("30026", 429, "Requested too frequent; endpoint limit exceeded"),
    ("30027", 401, "Login failure"),
    ("30028", 400, "Unauthorized execution"),
    ("30029", 400, "Account suspended"),
    ("30030", 400, "Endpoint request failed, please retry"),
    ("30031", 400, "{value} is an invalid token"),
    ("30032", 400, "The currency pair does not exist"),
    ("30033", 400, "Exchange domain does not exist"),
    ("30034", 400, "Exchange id does not exist"),
    ("30035", 400, "Trading is not supported on this site"),
    ("30036", 400, "No relevant data"),
    ("30037", 400, "Endpoint is offline or unavailable"),
    ("30038", 400, "Matching engine is being upgraded. Please try in about 1 minute."),
    ("30044", 400, "Endpoint request timeout"),
    ("33001", 400, "Margin account for this currency not enabled"),
    ("33002", 400, "Margin account for this currency is frozen"),
    ("33003", 400, "No loan balance"),
    ("33004", 400, "Loan amount is below the minimum"),
    ("33005", 400, "Repayment amount must exceed 0"),
    ("33006", 400, "Loan order not found"),
    ("33007", 400, "There is no such status"),
    ("33008", 400, "Loan amount exceeds the borrowable amount"),
    ("33009", 400, "User id is blank"),
    ("33010", 400, "Orders cannot be cancelled in phase 2 of the call auction"),
    ("33011", 400, "No latest market data"),
    ("33012", 400, "Order cancellation failed"),
    ("33013", 400, "Order placement failed"),
    ("33014", 400, "Order does not exist"),
    ("33015", 400, "Batch exceeds the maximum number of orders"),
    ("33016", 400, "This pair has no margin trading"),
    ("33017", 400, "Greater than the maximum available balance"),
    ("33018", 400, "Value must be smaller than 1"),
    ("33020", 400, "Request not supported"),
    ("33021", 400, "Currency and pair do not match"),
    ("33022", 400, "Pair and order do not match"),
    ("33023", 400, "Only market orders are accepted during price discovery"),
    ("33024", 400, "Trading amount too small"),
    ("33025", 400, "No base currency amount"),
    ("33026", 400, "Order already completed"),
    ("33027", 400, "Order has been cancelled or is being cancelled"),
    ("33028", 400, "Too many decimals in price"),
    ("33029", 400, "Too many decimals in size"),
    ("33032", 400, "Borrow request in progress, retry later"),
    ("33034", 400, "Only limit orders are accepted after the call auction has started"),
    ("33035", 400, "This order type cannot be cancelled"),
    ("33036", 400, "Exceeds the maximum number allowed"),
    ("33037", 400, "Buy price must be at most 130% of the trigger price"),
    ("33038", 400, "Sell price must be at least 70% of the trigger price"),
    ("33039", 400, "Callback rate must be above 0 and at most 5%"),
    ("33040", 400, "Activation price of a buy must be below the last price"),
    ("33041", 400, "Activation price of a sell must be above the last price"),
    ("33042", 400, "Order depth must be above 0 and at most 1%"),
    ("33043", 400, "Total amount must exceed 0"),
    ("33044", 400, "Average amount must lie between a thousandth of the total and the total"),
    ("33045", 400, "Price must not be 0"),
    ("33046", 400, "Sweep range must be above 0 and at most 1%"),
    ("33047", 400, "Sweep ratio must be above 0 and at most 100%"),
    ("33048", 400, "Single order limit must lie between a thousandth of the total and the total"),
    ("33049", 400, "Total amount must exceed 0"),
    ("33050", 400, "Time interval must lie between 5 and 120 seconds"),
    ("33051", 400, "Too many orders to cancel: at most 10 stop or trailing, 6 iceberg or time-weighted"),
    ("33059", 400, "client_oid or order_id is required"),
    ("33060", 400, "Only one of client_oid and order_id may be given"),
    ("33062", 400, "Leverage is too high for the current loan"),
    ("33063", 400, "Leverage is too low for the current margin"),
    ("33064", 400, "Leverage must not be below 2"),
    ("33065", 400, "Leverage exceeds the maximum"),
    ("34001", 400, "Account may not withdraw at present"),
    ("34002", 400, "Withdrawal address does not exist"),
    ("34003", 400, "{asset} cannot be withdrawn to this address"),
    ("34004", 400, "{asset} fee is below the minimum {limit}"),
    ("34005", 400, "{asset} fee is above the maximum {limit}"),
    ("34006", 400, "{asset} amount is below the minimum {limit}"),
    ("34007", 400, "{asset} amount is above the single maximum {limit}"),
    ("34008", 400, "Insufficient funds"),
    ("34009", 400, "24-hour withdrawal limit exceeded"),
    ("34010", 400, "Transfer amount must exceed 0"),
    ("34011", 400, "Conditions not met"),
    ("34012", 400, "The minimum withdrawal of NEO is 1, and it must be a whole number"),
    ("34013", 400, "Product id is required"),
    ("34014", 400, "Transfer restricted"),
    ("34016", 400, "Wallet frozen, transfers are paused"),
    ("34017", 400, "User frozen"),
    ("34018", 400, "Wrong funds password"),
    ("34019", 400, "Bind an e-mail address first"),
    ("34020", 400, "Set a funds password first"),
    ("34021", 400, "Verified address not found"),
    ("34026", 400, "Transfers too frequent"),
    ("34027", 400, "The fee must be a percentage of the amount"),
    ("34032", 400, "Operation not allowed"),
    ("34036", 400, "Parameters incorrect, see the documentation"),
    ("34037", 400, "Account type not supported"),
    ("34038", 400, "Transfers are limited after irregular fiat trades, contact support"),
    ("34039", 400, "Transfers are limited after irregular fiat trades, verify on the web or in the app"),
    ("34057", 400, "Transfers into the index area are closed"),
    ("34058", 400, "Transfer failed, retry later"),
    ("34059", 400, "Not logged in"),
    ("34060", 400, "API withdrawals are disabled for this account, use the web page"),
    ("34061", 400, "JPY withdrawals are suspended"),
    ("34062", 400, "No withdrawal within {limit} minutes after changing limits"),
    ("34063", 400, "Too many decimals in the fee"),
    ("34064", 400, "The smallest unit of the amount is {limit}"),
)

ERRORS_BY_CODE: Mapping[str, WireError] = {
    code: WireError(status=status, code=code, message=message) for code, status, message in _TABLE
}


def _variant(code: str, message: str) -> WireError:
    """The same code in another wording."""
    return WireError(status=ERRORS_BY_CODE[code].status, code=code, message=message)


_NOT_FOUND = WireError(status=404, code="404", message="Not Found")

_CODES: Mapping[Enum, str] = {
    FaultKind.API_KEY_MISSING: "30001",
    FaultKind.SIGNATURE_MISSING: "30002",
    FaultKind.TIMESTAMP_MISSING: "30003",
    FaultKind.PASSPHRASE_MISSING: "30004",
    FaultKind.TIMESTAMP_INVALID: "30005",
    FaultKind.TIMESTAMP_EXPIRED: "30008",
    FaultKind.API_KEY_UNKNOWN: "30006",
    FaultKind.PASSPHRASE_WRONG: "30015",
    FaultKind.SIGNATURE_WRONG: "30013",
    FaultKind.IP_NOT_ALLOWED: "30011",
    FaultKind.API_KEY_FROZEN: "30022",
    FaultKind.ACCOUNT_FROZEN: "30029",
    FaultKind.PERMISSION_DENIED: "30012",
    FaultKind.CONTENT_TYPE: "30007",
    FaultKind.BODY_EMPTY: "30020",
    FaultKind.BODY_TOO_LARGE: "30021",  # ASSUMED: the table has nothing closer
    FaultKind.BODY_NOT_JSON: "30021",
    FaultKind.ROUTE_OFF: "30019",
    FaultKind.RATE_LIMITED: "30026",
    FaultKind.PARAM_MISSING: "30023",
    FaultKind.PARAM_FORMAT: "30025",
    FaultKind.PARAM_VALUE: "30024",
    FaultKind.SYMBOL_UNKNOWN: "30032",
    FaultKind.ASSET_UNKNOWN: "30031",
    FaultKind.ORDER_UNKNOWN: "33014",
    FaultKind.NOT_LOGGED_IN: "30041",
    FaultKind.MAINTENANCE: "30038",
    FaultKind.INTERNAL: "30009",
    RejectReason.SYMBOL_UNKNOWN: "30032",
    RejectReason.ACCOUNT_UNKNOWN: "34059",
    RejectReason.ACCOUNT_FROZEN: "30029",
    RejectReason.ACCOUNT_EXISTS: "30030",
    RejectReason.ASSET_UNKNOWN: "30031",
    RejectReason.INSTRUMENT_HALTED: "33013",  # ASSUMED: the table's fallback for a placement
    RejectReason.AUCTION_LIMIT_ONLY: "33034",
    RejectReason.AUCTION_MARKET_ONLY: "33023",
    RejectReason.AUCTION_NO_CANCEL: "33010",
    RejectReason.ORDER_TERMS_INVALID: "30024",
    RejectReason.PRICE_NOT_POSITIVE: "33045",
    RejectReason.PRICE_OFF_TICK: "33028",
    RejectReason.QTY_NOT_POSITIVE: "33024",
    RejectReason.QTY_OFF_LOT: "33029",
    RejectReason.QTY_BELOW_MINIMUM: "33024",
    RejectReason.QTY_ABOVE_MAXIMUM: "33036",
    # Down to the stop orders': for rules that none of this venue's pairs has.
    RejectReason.QTY_OFF_STEP: "33029",
    RejectReason.NOTIONAL_BELOW_MINIMUM: "33024",
    RejectReason.MARKET_SELL_BELOW_MINIMUM: "33024",
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: "33036",
    RejectReason.BUDGET_BELOW_MINIMUM: "33024",
    RejectReason.BUDGET_ABOVE_MAXIMUM: "33036",
    RejectReason.PRICE_ABOVE_BAND: "33013",
    RejectReason.PRICE_BELOW_BAND: "33013",
    RejectReason.TRIGGER_MET_ALREADY: "33013",
    RejectReason.INSUFFICIENT_FUNDS: "33017",
    RejectReason.DUPLICATE_CLIENT_ID: "33013",
    RejectReason.TOO_MANY_OPEN_ORDERS: "33036",
    RejectReason.POST_ONLY_WOULD_TAKE: "33013",
    RejectReason.FOK_NOT_FILLABLE: "33013",
    RejectReason.PRICE_BAND_EXCEEDED: "33013",
    RejectReason.POSITION_UNKNOWN: "30024",  # never, like the next four: this venue has no contracts
    RejectReason.POSITION_SIDE_WRONG: "30024",
    RejectReason.POSITION_TERMS_CHANGED: "30024",
    RejectReason.LEVERAGE_OUT_OF_RANGE: "30024",
    RejectReason.QTY_ABOVE_CLOSABLE: "30024",
    RejectReason.MARGIN_TOO_SMALL: "30024",
    RejectReason.ORDER_UNKNOWN: "33014",
    RejectReason.ORDER_SYMBOL_MISMATCH: "33022",
    RejectReason.ORDER_FILLED: "33026",
    RejectReason.ORDER_CANCELLED: "33027",
    RejectReason.AMOUNT_NOT_POSITIVE: "33024",
    RejectReason.WALLET_FROZEN: "34016",
    RejectReason.SAME_WALLET: "34036",
    RejectReason.PAYMENT_UNKNOWN: "34036",
    RejectReason.PAYMENT_STEP_INVALID: "34032",
    OkFault.DEFAULT_RATE_LIMITED: "30014",
    OkFault.ENDPOINT_OFFLINE: "30037",
    OkFault.TRADING_OFF: "30035",
    OkFault.NO_DATA: "30036",
    OkFault.FOREIGN_ORDER: "30027",
    OkFault.STATE_UNKNOWN: "33007",
    OkFault.BATCH_TOO_LARGE: "33015",
    OkFault.NO_MARGIN: "33020",
    OkFault.ORDER_NOT_CANCELLABLE: "33035",
    OkFault.NO_ORDER_ID: "33059",
    OkFault.TWO_ORDER_IDS: "33060",
    OkFault.WITHDRAWALS_FROZEN: "34001",
    OkFault.ADDRESS_BOOK_EMPTY: "34002",
    OkFault.ADDRESS_MALFORMED: "34003",
    OkFault.FEE_TOO_LOW: "34004",
    OkFault.FEE_TOO_HIGH: "34005",
    OkFault.AMOUNT_TOO_LOW: "34006",
    OkFault.AMOUNT_TOO_HIGH: "34007",
    OkFault.FUNDS_TOO_LOW: "34008",
    OkFault.DAILY_LIMIT: "34009",
    OkFault.TRANSFER_AMOUNT: "34010",
    OkFault.CONDITIONS: "34011",
    OkFault.NEO_WHOLE: "34012",
    OkFault.TRANSFER_RESTRICTED: "34014",
    OkFault.USER_FROZEN: "34017",
    OkFault.FUNDS_PASSWORD_WRONG: "34018",
    OkFault.NO_EMAIL: "34019",
    OkFault.NO_FUNDS_PASSWORD: "34020",
    OkFault.ADDRESS_NOT_VERIFIED: "34021",
    OkFault.TRANSFERS_TOO_FREQUENT: "34026",
    OkFault.PARAMETERS: "34036",
    OkFault.ACCOUNT_TYPE: "34037",
    OkFault.API_WITHDRAWALS_OFF: "34060",
    OkFault.CASH_WITHDRAWALS_OFF: "34061",
    OkFault.LIMITS_CHANGED: "34062",
    OkFault.FEE_DECIMALS: "34063",
    OkFault.AMOUNT_DECIMALS: "34064",
}

# WebSocket codes that REST does not have (okj§11.2). Their "status" is never sent.
WS_ERRORS: Mapping[str, WireError] = {
    code: WireError(status=400, code=code, message=message)
    for code, message in (
        ("4001", "no data received in 30s"),
        ("4002", "Buffer full. cannot write data"),
        ("30000", "Url path error"),
        ("30001", "OK_ACCESS_KEY cannot be blank"),
        ("30002", "OK_ACCESS_SIGN cannot be blank"),
        ("30004", "OK_ACCESS_PASSPHRASE cannot be blank"),
        ("30005", "Invalid OK_ACCESS_TIMESTAMP"),
        ("30006", "Invalid OK_ACCESS_KEY"),
        ("30008", "Timestamp request expired"),
        ("30013", "Invalid sign"),
        ("30026", "Requested too frequent; endpoint limit exceeded"),
        ("30027", "Login failure"),
        ("30039", "Unrecognized request: {request}"),
        ("30040", "Channel {channel} doesn't exist"),
        ("30041", "User not logged in / User must be logged in"),
        ("30042", "Already logged in"),
        ("30043", "Internal system error"),
    )
}

WIRE_ERRORS: Mapping[Enum, WireError] = {
    **{kind: WS_ERRORS[code] if code == "30041" else ERRORS_BY_CODE[code] for kind, code in _CODES.items()},
    FaultKind.ROUTE_UNKNOWN: _NOT_FOUND,
    FaultKind.METHOD_NOT_ALLOWED: _NOT_FOUND,  # ASSUMED: okj§5 knows no 405
    OkFault.ORDER_FIELD_MISSING: _variant(
        "30023", "{{{field}}}The parameter cannot be empty. The required parameter cannot be empty."
    ),
    OkFault.STATE_NOT_A_NUMBER: _variant(
        "30025", "{{{field}}}Parameter value is incorrectly filled, only numbers can be filled in"
    ),
    OkFault.ENUM_FIELD: _variant("30024", "Invalid type {field}"),
    OkFault.ORDER_NOT_FOUND_404: WireError(status=404, code="33014", message="Order does not exist"),
}

# Statuses of live siblings that differ from the vendor's table (okj§3 and §5.2, captured 2020-11).
_OBSERVED_STATUS = {"30001": 401, "30006": 401, "33007": 500}


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """The reply to a failed request. Shapes: okj§5."""
    message = error.text(fault.detail)
    if error.status == 404 and error.code == "404":
        return WireResponse(404, _not_found_body())
    observed = call.desk.settings.observed
    if observed and fault.kind is FaultKind.BODY_EMPTY:
        return WireResponse(500, dumps({"error_message": "System error", "message": "System error"}))
    if call.route is not None and ORDER_LEVEL in call.route.tags and is_order_level(error.code):
        return order_failure_response(call, error.code, message)
    status = _OBSERVED_STATUS.get(error.code, error.status) if observed else error.status
    return WireResponse(status, dumps(request_failure(error.code, message)))


def request_failure(code: str, message: str) -> dict[str, object]:
    """The four fields that every client finds its own two in: some read `code`, some `error_code` (okj§5)."""
    return {"error_message": message, "code": int(code), "error_code": code, "message": message}


def is_order_level(code: str) -> bool:
    """Whether a failed order, not a failed request, is told: every order code, and a matching engine that is down."""
    return code.startswith("33") or code == "30038"


def order_failure_response(call: Call, code: str, message: str) -> WireResponse:
    """HTTP 400 by the vendor's table; live siblings answered 200 (`observed`)."""
    route = call.route
    assert route is not None
    body = call.body if isinstance(call.body, dict) else {}
    if CANCELS in route.tags:
        named = (call.path_params.get("order_ref"), body.get("order_id"), body.get("client_oid"))
        # Ids may come without quotes; blank ones are none.
        given = (str(each) for each in named if each and type(each) in (str, int))
        reply = cancel_failure(next(given, ""), code, message)
    else:
        reply = placing_failure(body.get("client_oid"), code, message)
    return WireResponse(200 if call.desk.settings.observed else 400, dumps(reply))


def placing_failure(client_oid: object, code: str, message: str) -> dict[str, object]:
    """An order that was not placed. Captured with an empty client id; the client's own is echoed when there was one."""
    return {
        "client_oid": client_oid if isinstance(client_oid, str) else "",
        "error_code": code,
        "error_message": message,
        "order_id": "-1",
        "result": False,
    }


def cancel_failure(order_ref: str, code: str, message: str) -> dict[str, object]:
    """A cancel that was refused, with the id that was sent. Captured from a live sibling."""
    by_order_id = is_order_id(order_ref)
    return {
        "client_oid": "" if by_order_id else order_ref,
        "code": code,
        "error_code": code,
        "error_message": message,
        "message": message,
        "order_id": order_ref if by_order_id else "",
        "result": False,
    }


def _not_found_body() -> bytes:
    """Captured from the newer gateway of the same company; this version's own is unverified (okj§5)."""
    return dumps(
        {"code": 404, "data": {}, "detailMsg": "", "error_code": "404", "error_message": "Not Found", "msg": "Not Found"}
    )
