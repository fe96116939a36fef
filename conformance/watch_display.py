"""What a person sees of a watched venue: addresses and keys first, then findings as they come.

Owns these words. What a client said is shown as plain text.
"""

from __future__ import annotations

from mockex.conformance.model import Case, Verdict
from mockex.conformance.outcomes import OF_FAILURE
from mockex.conformance.simulator import FreshWorld
from mockex.conformance.terminal import STYLES
from mockex.conformance.visible import one_line
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

SHOWN_OF_ONE_RULE = 3
UNFOLDED_WIDTH = 1_000


class WatchDisplay:
    """Prints the first findings of each rule, and then every tenth, hundredth and so on. Nothing but the start if `quiet`."""

    def __init__(self, console: Console, *, rules: int, seconds: float | None, quiet: bool) -> None:
        self._console = console
        self._rules = rules
        self._end = "Ctrl-C ends it" if seconds is None else f"it ends after {seconds:g} s, or with Ctrl-C"
        self._quiet = quiet
        self._status: Status | None = None

    def serving(self, world: FreshWorld) -> None:
        """The addresses and keys, never folded: a key over two lines cannot be copied. Of several venues each has its own."""
        several = len(world.keys_at) > 1
        table = Table(*(["venue"] if several else []), "account", "API key", "secret", "passphrase", box=None, pad_edge=False)
        for venue, keys in world.keys_at.items():
            for key in keys.values():
                table.add_row(*([venue] if several else []), key.name, key.api_key, key.secret, key.passphrase or "")
        wide = Console(file=self._console.file, width=UNFOLDED_WIDTH, highlight=False, markup=False)
        wide.print("\n".join(filter(None, (world.rest, *world.ws.values()))), "", table, "", sep="\n")
        wide.print(f"Connect your program. {self._rules} rules judge what it sends; {self._end}.")
        if self._console.is_terminal and not self._quiet:
            self._status = self._console.status("nothing has come yet")
            self._status.start()

    def found(self, case: Case, text: str, count: int) -> None:
        """One finding, the `count`th of its rule."""
        if self._quiet or not (count <= SHOWN_OF_ONE_RULE or set(str(count)[1:]) == {"0"}):
            return
        verdict = OF_FAILURE[case.level]
        shown = "note" if verdict is Verdict.PASS else verdict.value
        line = Text.assemble((f"{shown:<11}", STYLES[verdict]), f" {case.id}  {one_line(text)}")
        self._console.print(line if count == 1 else line.append(f" (time {count})"), soft_wrap=True)

    def looked(self, entries: int, exercised: int) -> None:
        """So much has been seen."""
        if self._status is not None:
            self._status.update(f"{entries} entries on the wire, {exercised} of {self._rules} rules exercised")

    def close(self) -> None:
        """The terminal is the caller's again. Twice does no harm."""
        if self._status is not None:
            self._status.stop()
            self._status = None
