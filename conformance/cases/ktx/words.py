"""KTX's words on the wire, as far as cases need them: headers, paths, names of candles, and what a signature is.

Knows one venue and no client. Sections cited as ktx§n are those of the venue's specification.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from mockex.conformance.protocol import Json
from mockex.conformance.trace import Entry

KEY, SIGN, EXPIRES, USAGE = "api-key", "api-sign", "api-expire-time", "ktx-usage"

ACCOUNTS, LEDGER, ORDER, ORDERS = "/api/v1/accounts", "/api/v1/ledger", "/api/v1/order", "/api/v1/orders"
DELETE_ORDER = "/api/v1/order/delete"

SECRET_A, SECRET_B = "b825a03636ca09c884ca11d71cfc4217a98cb8bf", "ca55beb9e45d4f30b3959b464402319b9e12bac7"
"""Of the document's samples (ktx§3)."""

WEEK_S, MONTH_S = 604_800, 2_592_000

SPANS: Mapping[int, str] = {
    60: "1m",
    180: "3m",
    300: "5m",
    900: "15m",
    1_800: "30m",
    3_600: "1h",
    7_200: "2h",
    14_400: "4h",
    21_600: "6h",
    43_200: "12h",
    86_400: "1d",
    259_200: "3d",
    WEEK_S: "1W",
    MONTH_S: "1M",
}
"""Seconds of a candle -> its name over REST (ktx§6)."""

BOTH_SPELLINGS: Mapping[str, tuple[str, ...]] = {"1W": ("1w", "1W"), "3d": ("3d",)}
"""The stream spells the week otherwise and leaves three days out; the simulator takes either (ktx§8)."""

SIGNED: Mapping[str, str] = {
    "asset=BTC": "398edb4c202b20b9cb29780ae83506a4ed40e6838a386ab3d5c1ffad824f7e9f",
    "": "058a9d0c93842fdaf07312eab4290f3b056b1c2d735205de4f3906a4e6b7c8c4",
    "asset=BTC&end_time=1651895799668&limit=10": "b7fcfc46bfeb746cf72ff9bba8afcf5604395955e0e77365f069b1f1b81fbe95",
    "limit=2&status=settled&market=spot&symbol=BTC_USDT": "f5174ab3ecf63f43167afa701e0d5ef31dd774f0c6b98836cb8daf85e86a4513",
    "limit=2&market=spot&status=settled&symbol=BTC_USDT": "eccbadcbb3af757701eb636fbf9347dc5b54474809c9f51dbe628d4f16454ee2",
    "id=c:123": "5ab514685279549b310d047065bec2bb2ac2ee255603434396c26e7b7f037df1",
    "id=c%3A123": "4b236b47b67bb8bd47e12e8903991b4ead7231487846634a93a08e641d0421b3",
    '{"symbol":"BTC_USDT","quantity":"0.0001","price":"90000","type":"limit","market":"spot"}': (
        "006bc6ce3f2b4fc7c8b022bac6e54bf84800bff684e69fa054d157950860aeaf"
    ),
    '{"symbol": "BTC_USDT", "quantity": "0.0001", "price": "90000", "type": "limit", "market": "spot"}': (
        "33ae35955c9c2caac576bf53fc8a46d179ecd8cc0908091c6f610bfc08890aa9"
    ),
    '{"id":"14244173146202090"}': "6e3e86c4d2b1265613b84acb56824c399e25903b21aa9ba369398189c68fa0ec",
    '{"symbol":"BTC_USDT"}': "d0ff75a1851345cd110bf0167bd26fe2755aa8b88c5aa7bb06f93b3776f70e83",
    '{"market":"spot","symbol":"BTC_USDT"}': "3c310a9e6860d3c0e5111f565d3144f37686a4914b529dcceb1ca1d5c9b6aa52",
}
"""What is signed -> its signature with `SECRET_A`: the rows of the table for requests (ktx§3)."""

LOGINS: Mapping[str, str] = {
    SECRET_A: "cc6ac68febaa333c3af941df169065219c3dd470c3c2eddb54c26bd9570030ac",
    SECRET_B: "6c288546a7480d94931f4b7c64d46741dde671042128a2364b8b313cd51094de",
}
"""Secret -> the signature of a LOGIN (ktx§3)."""


def header(request: Entry, name: str) -> str | None:
    """Of a request, by its name in lower case."""
    told = request["headers"].get(name)
    return None if told is None else str(told)


def message_of(request: Entry) -> str:
    """What a request signs: the raw query of a GET, the raw body of anything else (ktx§3)."""
    return str(request["target"]).partition("?")[2] if request["method"] == "GET" else request.body


def signature(secret: str, message: str) -> str:
    """By the table where it has the message, else worked out."""
    if secret == SECRET_A and message in SIGNED:
        return SIGNED[message]
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def query_of(text: str) -> list[list[str]]:
    """`a=1&b=2` as parameters of a request, in their order."""
    return [[name, value] for name, _, value in (each.partition("=") for each in text.split("&"))] if text else []


def sample_key(secret: str) -> dict[str, Json]:
    """A key with that secret. The venue knows no such key: what a client signs with it is looked at, not accepted."""
    return {"name": "sample", "api_key": secret[::-1], "secret": secret, "passphrase": None}
