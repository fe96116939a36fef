"""Signs public requests too, and makes none without a key."""

from __future__ import annotations

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


rest.RestTransport.get_public = rest.RestTransport.get_private


class Driver(Reference):
    client = {**Reference.client, "name": "faux: everything is signed"}
