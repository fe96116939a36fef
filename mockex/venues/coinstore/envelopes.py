"""The envelopes of Coinstore's successful replies. Source: cs§4: what says that all is well differs by family of endpoints."""

from __future__ import annotations

from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse

OK, OK_TEXT = 0, "0"


def plain(data: object) -> WireResponse:
    """Market data, accounts and orders: a number, and no text."""
    return WireResponse(200, dumps({"data": data, "code": OK}))


def with_blank_message(data: object) -> WireResponse:
    """The last prices."""
    return WireResponse(200, dumps({"code": OK, "message": "", "data": data}))


def success(data: object) -> WireResponse:
    """The rules of pairs, and funding: a text, and a word."""
    return WireResponse(200, dumps({"code": OK_TEXT, "message": "Success", "data": data}))


def historical(data: object) -> WireResponse:
    """What aggregators read."""
    return WireResponse(200, dumps({"code": OK_TEXT, "message": None, "data": data}))


def success_without_data() -> WireResponse:
    """A transfer."""
    return WireResponse(200, dumps({"code": OK_TEXT, "message": "Success"}))
