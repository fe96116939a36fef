"""The control API: an operator's functions as JSON over HTTP, on the control port only.

`calls.Control` turns request values into response values by one table of routes; `make_handler` puts it behind a listener.
"""

from mockex.server.control.calls import Control
from mockex.server.control.handler import make_handler
from mockex.server.control.routes import PREFIX, ControlledClock, ControlledServer

__all__ = ["PREFIX", "Control", "ControlledClock", "ControlledServer", "make_handler"]
