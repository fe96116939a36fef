"""PROTOCOL.md does not drift from the schema, and what it shows works as shown."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from mockex.conformance import protocol
from mockex.conformance.driver import DriverProcess, DriverSpec
from protocol_tables import PAGE, written
from reference_rig import SETTINGS

from mockex.world import installed_venues

TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
PROGRAM, HOSTED = (text for language, text in BLOCKS if language == "python")
PATIENCE_SECONDS = 60.0


def test_the_tables_are_those_of_the_schema() -> None:
    assert written(TEXT) == TEXT, "python tests/conformance/protocol_tables.py writes them anew"


def test_every_kind_of_error_is_explained() -> None:
    section = TEXT.partition("\n## Errors\n")[2].partition("\n## ")[0]
    kinds = protocol.schema()["definitions"]["error"]["properties"]["kind"]["enum"]

    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == kinds


def test_the_version_is_the_one_that_is_spoken() -> None:
    assert TEXT.startswith(f"# The driver protocol, version {protocol.VERSION}\n")


def test_no_venue_is_named() -> None:
    assert [name for name in installed_venues() if name in TEXT] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", TEXT))
def test_a_link_leads_somewhere(link: str) -> None:
    assert PAGE.parent.joinpath(link).exists()


def test_the_conversation_is_one_of_the_protocol() -> None:
    lines = next(text for language, text in BLOCKS if language == "jsonl").splitlines()
    said = [(line[0], json.loads(line[1:])) for line in lines]

    assert [direction for direction, _ in said] == [">", "<"] * (len(said) // 2)
    declared: set[str] = set()
    for number, ((_, asked), (_, answered)) in enumerate(zip(said[::2], said[1::2], strict=True), 1):
        assert json.loads(protocol.encode_request(number, asked["op"], asked["params"])) == asked
        protocol.decode_reply(json.dumps(answered).encode(), number, asked["op"])
        if asked["op"] == "start":
            declared = set(answered["result"]["capabilities"])
            assert declared <= protocol.capabilities()
        else:
            assert asked["op"] in declared | protocol.HOUSEKEEPING


class _TickerVenue(BaseHTTPRequestHandler):
    """Knows one ticker."""

    def do_GET(self) -> None:
        known = self.path == "/ticker/BTC-JPY"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(b'{"last": "7000000.50"}' if known else b"")

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def venue_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _TickerVenue) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[DriverProcess]:
    process = await DriverProcess.start(DriverSpec(label="shown", command=[sys.executable, *command]))
    try:
        yield process
    finally:
        await process.close()


async def ask(process: DriverProcess, operation: str, **params: Any) -> Any:
    """The reply, which has been checked against the schema."""
    return await process.call(operation, params, seconds=PATIENCE_SECONDS)


async def test_the_driver_shown_works(tmp_path: Path, venue_url: str) -> None:
    script = tmp_path / "my_driver.py"
    script.write_text(PROGRAM)
    settings = {**SETTINGS, "rest": venue_url, "ws": {}, "credentials": None}

    async with running(str(script)) as process:
        started = (await ask(process, "start", **settings))["result"]
        ticker = await ask(process, "ticker", symbol="BTC-JPY")
        unknown = await ask(process, "ticker", symbol="NO-JPY")
        lacking = await ask(process, "balances")
        assert (await ask(process, "settle"))["result"] == {}
        assert (await ask(process, "stop"))["result"] == {}

    assert started["capabilities"] == ["ticker"]
    assert ticker["result"] == {"ticker": {"symbol": "BTC-JPY", "last": "7000000.50"}}
    assert unknown["error"] == {"kind": "other", "message": "HTTP Error 404: Not Found", "exception": "HTTPError"}
    assert lacking["unsupported"] == "my-client has no balances"


async def test_the_hosted_driver_shown_works(tmp_path: Path) -> None:
    script = tmp_path / "my_driver.py"
    script.write_text(HOSTED)
    settings = {**SETTINGS, "rest": "http://127.0.0.1:1", "ws": {}, "credentials": None}

    async with running("-m", "mockex.conformance.speak", str(script)) as process:
        started = (await ask(process, "start", **settings))["result"]
        ticker = await ask(process, "ticker", symbol="BTC-JPY")
        unknown = await ask(process, "ticker", symbol="NO-JPY")
        assert (await ask(process, "stop"))["result"] == {}

    assert started["capabilities"] == ["ticker", "error.code"]
    assert ticker["result"] == {"ticker": {"symbol": "BTC-JPY", "last": "7000000"}}
    assert unknown["error"].items() >= {"kind": "bad_symbol", "message": "no NO-JPY"}.items()
