"""Which connections belong to which key. Owns no connection: one that has ended is forgotten when its key is next looked at."""

from __future__ import annotations

from mockex.wire.connections import Connection
from mockex.wire.credentials import Credential


class Sessions:
    """Logged-in connections by key."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Connection]] = {}

    def admit(self, credential: Credential, connection: Connection, limit: int | None) -> bool:
        """Notes that the connection logs in with that key, unless `limit` of them are open already. O(limit)."""
        others = [other for other in self._by_key.get(credential.api_key, ()) if not other.closed and other.closing is None]
        self._by_key[credential.api_key] = others
        if limit is not None and len(others) >= limit:
            return False
        others.append(connection)
        return True
