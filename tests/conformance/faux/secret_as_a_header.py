"""Sends the secret beside the key, as some other venue had it."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import Credentials

FAILS: frozenset[str] = frozenset()


honest = rest.signed_headers


def signed_headers(credentials: Credentials, **signed: Any) -> dict[str, str]:
    return {**honest(credentials, **signed), "OK-ACCESS-SECRET": credentials.secret}


rest.signed_headers = signed_headers


class Driver(Reference):
    client = {**Reference.client, "name": "faux: secret as a header"}
