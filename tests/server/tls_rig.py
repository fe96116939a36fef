"""A server that listens for TLS as well, and clients that come to it that way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from server_rig import RawClient, tls_urls, toy_settings

from mockex.server.runner import Server, TlsSettings

REST_HOST, STREAM_HOST = "api.toyx.example", "stream.toyx.example"


def tls_server() -> Server:
    return Server(toy_settings(tls=TlsSettings()))


def secure_client(server: Server, name: str = REST_HOST, **options: Any) -> RawClient:
    return RawClient(server, tls_name=name, **options)


def tls_address(server: Server) -> tuple[str, int]:
    address = urlsplit(tls_urls(server).rest)
    assert address.hostname is not None
    assert address.port is not None
    return address.hostname, address.port
