"""What a case works with: the client through its driver, the venue through its control API, the wire through its recording.

Owns the asking and the checking: every check says what was expected, what was seen, and where on the wire. Knows no process
management and no verdict; how a case ends is told by its exceptions.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

from mockex.conformance.facts import Facts
from mockex.conformance.model import Case
from mockex.conformance.protocol import HOUSEKEEPING, VERSION, Json
from mockex.conformance.simulator import GATEWAY, FreshWorld, OperatorRefused, Simulator, secrets_of
from mockex.conformance.trace import REQUEST, Entry, Trace

T = TypeVar("T")

CLIENT_PATIENCE_MS = 5_000
"""How long a client is told to wait for a reply."""

MEANWHILE_S = 0.1
_PUSHED_BY_CLOCK = {"book_watch": "book_push_ms", "next_event": "push_ms"}
"""Operations that wait for pushes, and what a venue's facts call the pace of those that come by its clock."""
"""Of real time, before the venue's time moves on for a client that waits for a book."""

_STEP_LENGTH = 400
_NOT_SHOWN = frozenset({"credentials", "password", "instruments", "platform_credentials", "rest", "ws"})
"""Parameters that steps leave out: secrets, what is long, and addresses, which differ from run to run."""


class CaseFailed(Exception):  # noqa: N818  # a finding about the client, not an error of this program
    """The client does not meet the requirement."""

    def __init__(self, what: str, *, expected: str, seen: str, at: Sequence[Entry] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.seen = seen
        self.at = tuple(at)


class Unsupported(Exception):  # noqa: N818  # likewise
    """The case cannot be examined with this client: it does not offer or tell what is needed."""


class NotSeen(Exception):  # noqa: N818  # likewise
    """What the case is about did not happen on the wire, so that there is nothing to judge."""


class DriverLied(Exception):  # noqa: N818  # likewise
    """The driver declared a capability that it does not have."""


class Conversation(Protocol):
    """The driver, as far as a session needs it."""

    async def call(self, operation: str, params: Mapping[str, Json], *, seconds: float) -> Json: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the client raised. `kind` is one of the protocol's; `code`, `status` only if the client tells them."""

    kind: str
    message: str
    code: str | None
    status: int | None
    exception: str | None

    def __str__(self) -> str:
        told = [f"code {self.code}"] if self.code else []
        told += [f"status {self.status}"] if self.status else []
        told += [self.exception] if self.exception else []
        return f"{self.kind} ({', '.join([*told, self.message])})"

    def mentions(self, codes: Iterable[str]) -> bool:
        """Whether its code is one of these, or its message has one of them as a word."""
        words = self.message.replace('"', " ").replace(":", " ").replace(",", " ").split()
        return any(code == self.code or code in words for code in codes)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation came to: either is None."""

    result: Json
    refusal: Refusal | None


class Client:
    """The client under examination. Calling it is asking its driver."""

    def __init__(self, driver: Conversation, *, capabilities: frozenset[str], patience: float) -> None:
        self._driver = driver
        self._patience = patience
        self.capabilities = capabilities
        self.steps: list[str] = []
        """What it was asked and what it said, in order."""
        self.meanwhile: dict[str, Callable[[], Awaitable[None]]] = {}
        """By operation: called again and again while it is carried out, where the venue pushes by its clock."""

    def has(self, capability: str) -> bool:
        return capability in self.capabilities

    def need(self, *capabilities: str) -> None:
        """Unsupported unless the client has all of them."""
        missing = [each for each in capabilities if each not in self.capabilities]
        if missing:
            raise Unsupported(f"the client does not offer {', '.join(missing)}")

    async def __call__(self, operation: str, **params: Json) -> Json:
        """The result. CaseFailed if the client refuses: use `attempt` where it may."""
        outcome = await self.attempt(operation, **params)
        if outcome.refusal is not None:
            raise CaseFailed(f"{operation} is carried out", expected="a result", seen=f"an error: {outcome.refusal}")
        return outcome.result

    async def attempt(self, operation: str, **params: Json) -> Outcome:
        """The result or the refusal. Unsupported if the client does not offer the operation."""
        if operation not in HOUSEKEEPING:
            self.need(operation)
        reply = await self._reply(operation, params)
        shown = {name: value for name, value in params.items() if name not in _NOT_SHOWN}
        said = reply.get("result", reply.get("error", reply.get("unsupported")))
        self.steps.append(_cut(f"{operation} {_compact(shown)} -> {_compact(said)}"))
        if "unsupported" in reply:
            raise DriverLied(f"it declares {operation}, and answers: unsupported, {reply['unsupported']}")
        if "error" in reply:
            error = reply["error"]
            told = {name: error.get(name) for name in ("code", "status", "exception")}
            return Outcome(None, Refusal(kind=error["kind"], message=error["message"], **told))
        return Outcome(reply["result"], None)

    async def _reply(self, operation: str, params: Mapping[str, Json]) -> Json:
        asking = asyncio.ensure_future(self._driver.call(operation, params, seconds=self._patience))
        try:
            time_goes_on = self.meanwhile.get(operation)
            while time_goes_on is not None and not (await asyncio.wait([asking], timeout=MEANWHILE_S))[0]:
                await time_goes_on()
            return await asking
        finally:
            asking.cancel()

    async def refused(self, operation: str, what: str, **params: Json) -> Refusal:
        """The refusal. CaseFailed, saying `what` should have happened, if the client gives a result."""
        outcome = await self.attempt(operation, **params)
        if outcome.refusal is None:
            raise CaseFailed(what, expected="an error", seen=f"a result: {_cut(_compact(outcome.result))}")
        return outcome.refusal

    async def settle(self) -> None:
        """All that the client has received so far has been worked off."""
        await self("settle")


class Venue:
    """The venue in its operator's hands. All amounts are text or Decimal; what does not fit is a mistake of the case."""

    def __init__(self, simulator: Simulator, name: str) -> None:
        """`name`: the venue, if there are several."""
        self._simulator = simulator
        self._name = name

    async def call(self, method: str, path: str, /, **fields: object) -> Any:
        """Any control call about the venue: `call("POST", "/accounts/alice/flags", flag=..., on=True)`.

        CaseFailed if the world is not such that it could be done: by then the client has done something else than asked.
        """
        return await self._done(partial(self._simulator.about_venue, venue=self._name), method, path, fields)

    async def gateway(self, method: str, path: str, /, **fields: object) -> Any:
        """Likewise about what stands before the venue: `gateway("POST", "/drop")` cuts its links."""
        return await self._done(self._simulator.call, method, f"{GATEWAY}{path}", fields)

    async def _done(self, call: Callable[..., Awaitable[Any]], method: str, path: str, fields: Mapping[str, object]) -> Any:
        try:
            return await call(method, path, _plain(fields) if fields or method == "POST" else None)
        except OperatorRefused as refused:
            raise CaseFailed(
                "orders and balances are where the client's orders lead",
                expected=f"{method} {path} can be done",
                seen=str(refused),
            ) from None

    async def place(
        self, account: str, symbol: str, side: str, qty: Decimal | str, price: Decimal | str | None = None, **more: object
    ) -> Any:
        """An order of somebody else: with a price a limit order, without one a market order. The order, as it stands then."""
        given = {} if price is None else {"price": price}
        return await self.call("POST", "/orders", account=account, symbol=symbol, side=side, qty=qty, **given, **more)

    async def cancel(self, order_id: str) -> Any:
        return await self.call("DELETE", f"/orders/{order_id}")

    async def order(self, order_id: str) -> Any:
        """The order as the venue has it, with its fills."""
        return await self.call("GET", f"/orders/{order_id}")

    async def orders(self, account: str, status: str = "all") -> list[Any]:
        """An account's orders, newest first: "live", "filled", "cancelled" or "all"."""
        path = f"/orders?account={account}&status={status}&limit=1000"
        answer = await self._simulator.about_venue("GET", path, venue=self._name)
        found: list[Any] = answer["orders"]
        return found

    async def account(self, account: str) -> Any:
        """Everything about an account: `["balances"][wallet][asset]` has total, available, held as text."""
        return await self.call("GET", f"/accounts/{account}")

    async def deposit(self, account: str, asset: str, amount: Decimal | str, wallet: str | None = None) -> Any:
        """Money at once."""
        given = {} if wallet is None else {"wallet": wallet}
        return await self.call("POST", f"/accounts/{account}/deposit", asset=asset, amount=amount, **given)

    async def halt(self, symbol: str) -> Any:
        return await self.call("POST", f"/instruments/{symbol}/halt")

    async def resume(self, symbol: str) -> Any:
        return await self.call("POST", f"/instruments/{symbol}/resume")

    async def maintenance(self, *, on: bool) -> Any:
        return await self.call("POST", "/maintenance", on=on)

    async def plan(self, *rules: Mapping[str, object], seed: int = 1) -> Any:
        """Faults from now on: see `POST /_mockex/v1/faults`."""
        fields = {"venue": self._name, "seed": seed, "rules": list(rules)}
        return await self._simulator.call("POST", "/faults", fields)

    async def clear_faults(self) -> Any:
        return await self._simulator.call("DELETE", f"/faults?venue={self._name}")

    async def advance(self, seconds: float | Decimal | str) -> None:
        """Moves the venue's time, not the client's: see `Session.pass_time` for both."""
        await self._simulator.call("POST", "/clock/advance", {"seconds": str(seconds)})

    async def now_ms(self) -> int:
        """The venue's time."""
        clock = await self._simulator.call("GET", "/clock")
        return int(clock["now_ns"]) // 1_000_000


class Session:
    """One case's client, venue and wire.

    `facts` are the venue's words and numbers. Checks raise CaseFailed; `note` adds a remark to the report.
    """

    def __init__(
        self,
        *,
        case: Case,
        facts: Facts,
        client: Client,
        simulator: Simulator,
        world: FreshWorld,
        profile: str,
        instruments: Sequence[Json],
    ) -> None:
        self.case = case
        self.facts = facts
        self.client = client
        self.venue = Venue(simulator, simulator.desk)
        self._simulator = simulator
        for operation, number in _PUSHED_BY_CLOCK.items():
            if (push_ms := facts.numbers.get(number)) is not None:
                client.meanwhile[operation] = partial(self.venue.advance, push_ms / 1_000)
        self.world = world
        self.instruments = tuple(instruments)
        self.wire = Trace(simulator.recording, secrets_of(world.all_keys, facts.words))
        self.notes: list[str] = []
        self._offset_ms = 0
        self._started: dict[str, Json] = {
            "protocol": VERSION,
            "venue": facts.venue,
            "profile": profile,
            "rest": world.rest,
            "ws": dict(world.ws),
            "credentials": None if case.world.key is None else world.keys[case.world.key].credentials(),
            "instruments": list(instruments),
            "clock_offset_ms": 0,
            "timeout_ms": CLIENT_PATIENCE_MS,
        }
        if elsewhere := [each for each in facts.traded_on(case.world.platforms) if each.venue != simulator.desk]:
            assert case.world.key is not None, "who trades on several platforms has a key"
            self._started["platform_credentials"] = {
                each.name: world.keys_at[each.venue][case.world.key].credentials() for each in elsewhere
            }

    def at(self, platform: str) -> Venue:
        """The venue behind a platform, by what cases call that, in its operator's hands."""
        (found,) = self.facts.traded_on([platform])
        return Venue(self._simulator, found.venue)

    # --- the client's life and time

    def first_message(self) -> dict[str, Json]:
        """What a client is told at the beginning."""
        return dict(self._started)

    async def start(self, **other: Json) -> Json:
        """A new client; `other` members of the first message than usual: `credentials={...}`, `clock_offset_ms=40_000`."""
        self._started |= other
        self._offset_ms = self._started["clock_offset_ms"]
        return await self.client("start", **self._started)

    async def pass_time(self, seconds: Decimal | float, *, step: Decimal | float = 1) -> None:
        """Time passes for client and venue, in steps of whole milliseconds, the client's timers first. Unsupported if its time
        cannot be moved.
        """
        self.client.need("clock", "elapse")
        left_ms = round(seconds * 1_000)
        while left_ms > 0:
            step_ms = min(left_ms, round(step * 1_000))
            left_ms -= step_ms
            self._offset_ms += step_ms
            await self.client("clock", offset_ms=self._offset_ms)
            await self.client("elapse", ms=step_ms)
            await self.client.settle()
            await self.venue.advance(Decimal(step_ms) / 1_000)
            await self.client.settle()

    # --- checks

    def note(self, text: str) -> None:
        """For the report, whatever the verdict."""
        self.notes.append(text)

    def fail(self, what: str, *, expected: object, seen: object, at: Entry | Sequence[Entry] = ()) -> NoReturn:
        """`what` should have been, as a clause: "the order is placed once"."""
        places = (at,) if isinstance(at, Entry) else tuple(at)
        raise CaseFailed(what, expected=_words(expected), seen=_words(seen), at=places)

    def expect(self, holds: object, what: str, *, expected: object, seen: object, at: Entry | Sequence[Entry] = ()) -> None:
        """Fails unless `holds` is true."""
        if not holds:
            self.fail(what, expected=expected, seen=seen, at=at)

    def equal(self, seen: object, expected: object, what: str, *, at: Entry | Sequence[Entry] = ()) -> None:
        """Fails unless the two are equal, types included: text is not a number, and `1` is not `True`."""
        self.expect(seen == expected and type(seen) is type(expected), what, expected=expected, seen=seen, at=at)

    def amount(self, seen: Json, expected: Decimal | str, what: str, *, at: Entry | Sequence[Entry] = ()) -> None:
        """Fails unless the client's text is exactly this number, however it is written. Unsupported if it tells none."""
        text = self.told(seen, what)
        try:
            holds = Decimal(text) == Decimal(expected)
        except InvalidOperation:
            holds = False
        self.expect(holds, what, expected=expected, seen=text, at=at)

    def told(self, value: Json, what: str) -> Json:
        """The value. Unsupported if the client does not tell it."""
        if value is None:
            raise Unsupported(f"the client does not tell: {what}")
        return value

    def single(self, rows: Sequence[T], what: str) -> T:
        """The only one. CaseFailed if there is none, or several."""
        self.expect(len(rows) == 1, what, expected="one", seen=len(rows))
        return rows[0]

    def member(self, row: Mapping[str, Json], name: str) -> Json:
        """A member of a result. Unsupported if the client does not tell it."""
        return self.told(row.get(name), name)

    async def one_request(self, operation: str, *, since: int = 0) -> Entry:
        """The only request that the client sent to carry an operation out. CaseFailed if there was none, or several."""
        sent = await self.wire.requests(self.facts.route(operation), since=since)
        if len(sent) != 1:
            self.fail(f"{operation} sends one request", expected="1 request", seen=f"{len(sent)} requests", at=sent)
        return sent[0]

    async def accepted(self) -> None:
        """Fails if the venue refused any request of the session."""
        await self.wire.read()
        for request in [each for each in self.wire.seen if each.kind == REQUEST]:
            answer = self.wire.response_to(request)
            if answer is not None and answer.get("error"):
                self.fail("the venue accepts what is sent", expected="no error", seen=answer.summary(), at=(request, answer))


def _words(value: object) -> str:
    """For people. JSON where it is data, so that text and numbers can be told apart."""
    if isinstance(value, str) and " " in value:
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return _cut(value.summary() if isinstance(value, Entry) else _compact(value))


def _compact(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str)
    except (TypeError, ValueError):
        return repr(value)


def _cut(text: str) -> str:
    return text if len(text) <= _STEP_LENGTH else f"{text[: _STEP_LENGTH - 1]}…"


def _plain(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in fields.items()}
