"""Signs the empty text in a login, as headers of an upgrade may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import signing
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/060",
        "common/auth/300",
        "common/faults/170",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/220",
        "common/faults/230",
        "common/faults/280",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "common/streams/080",
        "common/streams/180",
        "common/streams/250",
        "ktx/auth/200",
        "ktx/auth/210",
        "ktx/faults/530",
        "ktx/faults/540",
        "ktx/faults/550",
        "ktx/streams/100",
        "ktx/streams/110",
        "ktx/streams/120",
        "ktx/streams/130",
        "ktx/streams/140",
        "ktx/streams/150",
        "ktx/streams/160",
        "ktx/streams/170",
        "ktx/streams/500",
        "ktx/streams/510",
        "ktx/streams/520",
        "ktx/streams/530",
        "ktx/streams/540",
        "ktx/streams/550",
        "ktx/streams/560",
        "ktx/streams/570",
        "ktx/streams/580",
        "ktx/streams/590",
        "ktx/streams/600",
        "ktx/streams/610",
    }
)
SHOWS_IN = frozenset({"stream_open"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing._LOGIN_TEXT = b""
        await super().start(settings)
