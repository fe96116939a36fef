"""A test authority made on the spot, and the certificates by which listeners are known over TLS.

Owns the authority's key, which lives as long as the server and is never kept on disk, and the file with its certificate, which
clients are told to trust. Knows no socket and no venue. Only a server that listens with TLS imports this.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from mockex.server.files import write_whole

LOOPBACK = ("127.0.0.1", "::1", "localhost")

_PROTOCOLS = ("http/1.1",)  # RFC 7301; nothing here speaks HTTP/2


class Authority:
    """`certificate_file`: its certificate as PEM, absolute path."""

    def __init__(self, certificate_file: Path | None) -> None:
        """Writes the file; None: one in a temporary folder, which `close` removes. OSError if it cannot be written."""
        self._ca = trustme.CA(organization_name="mockex", organization_unit_name="test authority")
        self._folder: TemporaryDirectory[str] | None = None
        if certificate_file is None:
            self._folder = TemporaryDirectory(prefix="mockex-tls-")
            certificate_file = Path(self._folder.name, "ca.pem")
        self.certificate_file = certificate_file.absolute()
        write_whole(self.certificate_file, self._ca.cert_pem.bytes().decode("ascii"))

    def context(self, names: Iterable[str]) -> ssl.SSLContext:
        """For a listener that shows one certificate for all of `names`, host names and addresses, whatever name a client asks
        for. ValueError for a name that no certificate can bear.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(_PROTOCOLS)
        certificate = self._ca.issue_cert(*dict.fromkeys(names), organization_name="mockex")
        certificate.configure_cert(context)
        return context

    def close(self) -> None:
        """Takes a temporary file away, and leaves one that somebody asked for. Twice does no harm."""
        if self._folder is not None:
            self._folder.cleanup()
