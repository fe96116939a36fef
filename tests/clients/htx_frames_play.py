"""Published frames of HTX's sockets, and what the client reads in them."""

from typing import Any

from mockex.clients.htx import AccountDialect, Credentials, ServerClock
from mockex.clients.htx.frames import Data, Dialect
from mockex.fixtures import load

ACCOUNT = AccountDialect(
    Credentials(api_key="mockkey-0001", secret="mocksecret-0001"),
    clock=ServerClock(lambda: 1_704_164_645_000_000_000),
    host="api.huobi.pro",
    path="/ws/v2",
)


def published(name: str, index: int = 0) -> Any:
    """A frame of a file of the fixtures."""
    return load("htx", f"ws/{name}")["frames"][index]["frame"]


def push(dialect: Dialect, message: Any) -> Any:
    """What a published frame tells; it is a push."""
    frame = dialect.decode(message)
    assert isinstance(frame, Data)
    return dialect.decode_push(frame)
