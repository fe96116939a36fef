"""Which commands of a connection are unanswered.

Owns: the ids of commands, and the assignment of answers, which carry none: they follow the echoes, which do (cs§9.1).
Must not know: connections, which channels are wanted.
Invariant: an id is never used twice on one stream.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from . import channels as names
from .frames import Subscription
from .market_models import Candles
from .vocabulary import StreamOp

#: Commands that an answer follows. Candles come by themselves, and nothing answers a pong.
_ANSWERED = frozenset({StreamOp.SUBSCRIBE, StreamOp.UNSUBSCRIBE, StreamOp.LIST, StreamOp.LOGIN})

Outcome = None | Candles | tuple[Subscription, ...]


@dataclass(eq=False, slots=True, kw_only=True)
class Command:
    """One command, until it is answered. A login has no id."""

    op: StreamOp
    id: int | None
    channel: str | None
    answer: asyncio.Future[Outcome] = field(repr=False)


class Commands:
    """The book-keeping of one stream. All methods are synchronous; futures belong to the running loop."""

    __slots__ = ("_echoed", "_ids", "_unanswered")

    def __init__(self) -> None:
        self._ids = 0
        self._unanswered: dict[Command, None] = {}  # in the order sent
        self._echoed: deque[Command | None] = deque()  # None for one that is not waited for any more

    def issue(self, op: StreamOp, channel: str | None = None) -> Command:
        """A command to send. A login gets no id."""
        command_id = None
        if op is not StreamOp.LOGIN:
            self._ids += 1
            command_id = self._ids
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        command = Command(op=op, id=command_id, channel=channel, answer=answer)
        self._unanswered[command] = None
        return command

    def id_of(self, command: Command) -> int:
        """The id of a command that has one."""
        assert command.id is not None, f"{command.op} has no id"
        return command.id

    def abandon(self, command: Command) -> None:
        """Its answer is not waited for any more."""
        self._unanswered.pop(command, None)
        self._echoed = deque(None if echoed is command else echoed for echoed in self._echoed)

    def abandon_subscription(self, channel: str) -> None:
        """As `abandon`, for every unanswered subscription of a channel."""
        for command in [c for c in self._unanswered if c.op is StreamOp.SUBSCRIBE and c.channel == channel]:
            self.abandon(command)

    def echo(self, op: StreamOp | None, command_id: int | None) -> None:
        """The venue received a command: its answer, if it has one, comes after those of the commands echoed before."""
        if op in _ANSWERED:
            self._echoed.append(next((c for c in self._unanswered if (c.op, c.id) == (op, command_id)), None))

    def take(self, op: StreamOp | None) -> Command | None:
        """The command that an answer is about, which is then no longer unanswered. None if nobody waits for it.

        `op` is what the answer says of itself, if anything. An answer that no echo announced is about the first command that
        fits.
        """
        if self._echoed:
            command = self._echoed.popleft()
        else:
            command = next((c for c in self._unanswered if op in (None, c.op)), None)
        if command is not None:
            self._unanswered.pop(command, None)
        return command

    def take_request(self, channel: str) -> Command | None:
        """The first request for candles of a channel, which is then no longer unanswered."""
        for command in self._unanswered:
            if command.op is StreamOp.REQUEST and command.channel is not None and names.same(command.channel, channel):
                del self._unanswered[command]
                return command
        return None

    def frames_lost(self) -> None:
        """Answers may be among the missing messages, so echoes do not tell any more whose turn it is."""
        self._echoed.clear()

    def connection_lost(self) -> Iterable[Command]:
        """Forget everything. Returns what was unanswered, in the order sent."""
        lost = tuple(self._unanswered)
        self._unanswered.clear()
        self._echoed.clear()
        return lost
