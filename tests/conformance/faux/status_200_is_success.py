"""Looks at the status of a reply alone."""

from __future__ import annotations

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS: frozenset[str] = frozenset()


honest = rest.error_in


def error_in(payload: object, *, http_status: int) -> OkcoinError | None:
    return None if http_status == 200 else honest(payload, http_status=http_status)


rest.error_in = error_in


class Driver(Reference):
    client = {**Reference.client, "name": "faux: status 200 is success"}
