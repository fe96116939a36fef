"""Coinstore's error table. Source: cs§11; slugs in the spelling of the live service where that was observed.

Codes and slugs marked ASSUMED are the specification's placeholders: nobody has seen what the venue says there. All are HTTP 200
unless a row says otherwise (cs§3.3 and cs§4).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.wire.faults import WireError

# (name, code, slug, HTTP status). One code has several slugs, so a row has a name of its own.
_ROWS = (
    ("signature-failed", "401", "signature-failed", 200),
    ("user-not-login", "401", "user-not-login", 200),  # observed
    ("unauthorized", "1401", "Unauthorized", 200),  # observed in this spelling
    ("signature-error", "3005", "signature error", 200),
    ("symbol-not-found", "3011", "symbol not found", 200),
    ("part-trade-limit", "3012", "part-trade-limit", 200),
    ("trade-limit", "3013", "trade-limit", 200),
    ("user-trade-limit", "3014", "user-trade-limit", 200),
    ("user-part-trade-limit", "3015", "user-part-trade-limit", 200),
    ("order-not-found", "3103", "order-not-found", 200),
    ("quantity-precision", "3104", "quantity-precision-error", 200),  # the code observed, the slug ASSUMED
    ("price-precision", "3105", "price-precision-error", 200),  # ASSUMED
    ("amount-precision", "3106", "amount-precision-error", 200),  # the code observed, the slug ASSUMED
    ("duplicate-order", "3111", "duplicate-order", 200),
    ("account-insufficient", "3113", "account-insufficient", 200),
    ("below-min-size", "3190", "order-size-too-small", 200),  # ASSUMED, like the next three
    ("below-min-value", "3191", "order-value-too-small", 200),
    ("below-min-price", "3192", "order-price-too-small", 200),
    ("active-order-limit", "3195", "active-order-limit", 200),
    ("order-not-exist", "4003", "order-not-exist", 200),  # the code observed, the slug ASSUMED
    ("sub-user", "6001", "sub-user-operator-business-error", 200),
    ("field-required", "400", "{field}-required", 200),  # code ASSUMED; the slug is documented once
    ("field-invalid", "400", "{field}-invalid", 200),  # ASSUMED
    ("transfer-amount", "102150400", "amount error", 200),
    ("transfer-field", "101040502", "request field missing", 200),
    ("transfer-currency", "101040502", "unsupported currency", 200),
    ("transfer-funds", "102150808", "insufficient balance", 200),
    ("too-many-visits", "429", "too many visits", 429),
    ("bad-request", "400", "Bad Request", 400),
    ("not-found", "404", "Not Found", 404),
    ("method-not-allowed", "405", "Method Not Allowed", 405),  # ASSUMED
    ("internal", "500", "Internal Server Error", 500),
    ("maintenance", "503", "Service Unavailable", 503),  # ASSUMED
)

ERRORS: Mapping[str, WireError] = {
    name: WireError(status=status, code=code, message=message) for name, code, message, status in _ROWS
}

ERRORS_BY_CODE: Mapping[str, WireError] = {
    **{error.code: error for error in reversed(list(ERRORS.values()))},
    "400": ERRORS["bad-request"],
}
"""Of the rows of one code the first, but of 400 the one that is an HTTP status."""

HTTP_ERRORS = frozenset(ERRORS[name] for name in ("bad-request", "not-found", "method-not-allowed", "internal", "maintenance"))
"""Those that come from the web server in front and have its body (cs§4)."""

GATE_ERRORS = frozenset(
    ERRORS[name] for name in ("signature-failed", "user-not-login", "unauthorized", "signature-error", "too-many-visits")
)
"""Those of whoever checks keys and counts requests: the same body on every path."""
