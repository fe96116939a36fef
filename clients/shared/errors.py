"""What every client's failures have in common.

Must not know: any venue, HTTP, WebSocket or JSON.
"""

from __future__ import annotations

from typing import ClassVar


class VenueError(Exception):
    """The venue refused a request, or no usable answer came.

    `code` is the venue's, None if there was none. `http_status` is None for WebSocket and for lost connections.
    """

    #: True if the request may have been carried out in spite of the error. Look at orders before trying again.
    outcome_unknown: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str | int | None = None, http_status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.http_status = http_status

    def __str__(self) -> str:
        return self.message if self.code is None else f"{self.code}: {self.message}"
