"""A lane: one simulator and one driver, which run one case after the other.

Owns a case's course from the fresh world to the verdict. A driver that errs is replaced before the next case, and so is a
simulator that no longer answers; that one is no fault of the client, and is said to be so.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mockex.conformance.driver import DriverError, DriverProcess, DriverSpec
from mockex.conformance.facts import Facts
from mockex.conformance.model import DEFAULT_PROFILE, Case, Level, Provenance, Verdict, WorldWish
from mockex.conformance.outcomes import OF_FAILURE, CaseOutcome, errored, not_run, result_of
from mockex.conformance.protocol import ProtocolError, capabilities
from mockex.conformance.results import CaseResult, ClientInfo
from mockex.conformance.session import CaseFailed, Client, DriverLied, NotSeen, Session, Unsupported
from mockex.conformance.simulator import OperatorRefused, Simulator, SimulatorError
from mockex.conformance.trace import FAULT, Fields

OPERATION_SECONDS = 15.0  # longer than a client is told to wait, so that its own patience shows first
STOP_SECONDS = 5.0


class Lane:
    """Not to be used by two cases at once. `start_driver`: another way to get the driver's process than by its command."""

    def __init__(
        self,
        simulator: Simulator,
        spec: DriverSpec,
        *,
        facts: Facts,
        seed: int,
        case_seconds: float,
        start_driver: Callable[[DriverSpec], Awaitable[DriverProcess]] = DriverProcess.start,
    ) -> None:
        self.client: ClientInfo | None = None
        self.capabilities: frozenset[str] = frozenset()
        self._simulator = simulator
        self._spec = spec
        self._facts = facts
        self._seed = seed
        self._case_seconds = case_seconds
        self._start_driver = start_driver
        self._driver: DriverProcess | None = None
        self._instruments: Mapping[str, Sequence[Fields]] | None = None  # by venue
        self._log_read = 0
        self._simulator_is_silent = False

    async def close(self) -> None:
        """No driver is left. Twice does no harm."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            await driver.close()

    async def introduce(self) -> None:
        """Starts the driver and learns who the client is. DriverError with all that is known if it does not behave."""
        session: Session | None = None
        try:
            session = await self._session(INTRODUCTION)
            await self._begin(session)
            if wrong := await self._end():
                raise DriverError(wrong)
        except (DriverError, DriverLied, ProtocolError) as error:
            said = await self._discard()
            mask = str if session is None else session.wire.masked
            raise DriverError(mask(f"{error}\nIts last words:\n{said}" if said else str(error))) from None

    async def run(self, case: Case, trace_file: Path) -> CaseResult:
        """The case's result. Its recording is written to `trace_file`, if there is one."""
        begun = time.monotonic()
        missing = [each for each in case.needs if each not in self.capabilities]
        if self.client is not None and missing:
            return not_run(case, Verdict.UNSUPPORTED, reason=f"the client does not offer {', '.join(missing)}")
        try:
            session = await self._session(case)
        except SimulatorError as error:
            return not_run(case, Verdict.ERRORED, reason=f"the simulator: {error}")
        except DriverError as error:
            return not_run(case, Verdict.ERRORED, reason=f"the driver: {error}")
        outcome = await self._clean_up(session, await self._examine(session))
        session.wire.write(trace_file)
        return result_of(
            case,
            outcome,
            session.wire.masked,
            notes=session.notes,
            steps=session.client.steps,
            faults=[each.summary() for each in session.wire.seen if each.kind == FAULT],
            milliseconds=round((time.monotonic() - begun) * 1_000),
        )

    async def _examine(self, session: Session) -> CaseOutcome:
        """What the case's steps say, or why they could not."""
        case = session.case
        try:
            async with asyncio.timeout(self._case_seconds):
                await self._begin(session)
                assert case.steps is not None, "nobody runs what only a watched client shows"
                await case.steps(session)
        except CaseFailed as failed:
            return CaseOutcome(verdict=OF_FAILURE[case.level], failure=failed)
        except Unsupported as lacking:
            return CaseOutcome(verdict=Verdict.UNSUPPORTED, reason=str(lacking))
        except NotSeen as absent:
            return CaseOutcome(verdict=Verdict.SKIPPED, reason=str(absent))
        except (DriverLied, DriverError) as error:
            return errored(f"the driver: {error}")
        except SimulatorError as error:
            return errored(f"the simulator: {error}")
        except TimeoutError:
            return errored(f"not finished within {self._case_seconds:g} s")
        except ProtocolError as error:
            return errored(f"the case: {error}")
        except Exception as error:  # a case's own mistake must not end the run
            return errored(f"the case: {type(error).__name__}: {error}")
        return CaseOutcome(verdict=Verdict.PASS)

    async def _clean_up(self, session: Session, outcome: CaseOutcome) -> CaseOutcome:
        """Ends the session. The outcome, unless the driver or the simulator turns out to be broken."""
        if outcome.verdict is Verdict.ERRORED:
            outcome = replace(outcome, stderr=await self._discard())
        elif wrong := await self._end():
            outcome = replace(errored(f"the driver: {wrong}"), stderr=await self._discard())
        broken = await self._simulator_broke(session)
        if broken and outcome.verdict is not Verdict.ERRORED:
            return errored(f"the simulator: {broken}")
        return outcome

    # --- a session

    async def _session(self, case: Case) -> Session:
        if self._simulator_is_silent:
            await self._simulator.restart()
            self._simulator_is_silent, self._log_read = False, 0
        try:
            world = await self._simulator.reset(case.world, seed=case_seed(self._seed, case.id))
        except OperatorRefused:
            raise
        except SimulatorError:
            self._simulator_is_silent = True
            raise
        if self._instruments is None:
            self._instruments = {name: await self._simulator.instruments(name) for name in self._facts.served}
        if self._driver is None:
            self._driver = await self._start_driver(self._spec)
        client = Client(self._driver, capabilities=self.capabilities, patience=OPERATION_SECONDS)
        return Session(
            case=case,
            facts=self._facts,
            client=client,
            simulator=self._simulator,
            world=world,
            profile=case.world.profile or DEFAULT_PROFILE,
            instruments=self._facts.offered(self._instruments, case.world.platforms),
        )

    async def _begin(self, session: Session) -> None:
        """Starts the client and takes it at its word."""
        assert self._driver is not None
        earlier, self._driver.sessions = self._driver.sessions, self._driver.sessions + 1
        try:
            await self._start(session)
        except DriverError as error:
            if not earlier:
                raise
            count = "one session" if earlier == 1 else f"{earlier} sessions"
            raise DriverError(f"{error}; this process had {count} before, and each start must begin anew") from None

    async def _start(self, session: Session) -> None:
        outcome = await session.client.attempt("start", **session.first_message())
        if outcome.refusal is not None:
            raise DriverError(f"start failed: {outcome.refusal}")
        declared = frozenset(outcome.result["capabilities"])
        unknown = declared - capabilities()
        if unknown:
            raise DriverError(f"it declares capabilities that there are not: {', '.join(sorted(unknown))}")
        client = ClientInfo(**{**outcome.result["client"], "name": outcome.result["client"]["name"] or self._spec.label})
        if self.client is None:
            self.client, self.capabilities = client, declared
        elif (self.client, self.capabilities) != (client, declared):
            raise DriverError("it declares something else than before")
        session.client.capabilities = declared

    async def _end(self) -> str:
        """Ends the client's session. What the driver did wrong thereby; empty if nothing."""
        assert self._driver is not None
        try:
            reply = await self._driver.call("stop", {}, seconds=STOP_SECONDS)
            self._driver.nothing_unasked()
        except DriverError as error:
            return str(error)
        return "" if "result" in reply else f"stop failed: {reply.get('error', reply)}"

    async def _discard(self) -> str:
        """The driver is gone. What it last wrote to its standard error."""
        if self._driver is None:
            return ""
        driver, self._driver = self._driver, None
        await driver.kill()
        return driver.stderr()

    async def _simulator_broke(self, session: Session) -> str:
        """What the simulator itself did wrong meanwhile; empty if nothing."""
        try:
            await session.wire.read()
            invariants = await self._simulator.call("GET", "/invariants")
        except SimulatorError as error:
            self._simulator_is_silent = True
            return str(error)
        if not invariants["ok"]:
            return f"its books do not add up: {invariants}"
        written = self._simulator.log()
        fresh, self._log_read = written[self._log_read :], len(written)
        found = fresh.find("Traceback")
        return "" if found < 0 else fresh[found : found + 2_000]


def case_seed(seed: int, case_id: str) -> int:
    """The seed of a case's world: another one for each case, the same whatever else is run."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{case_id}".encode()).digest()[:6])


async def _no_steps(session: Session) -> None:
    """The first message is all."""


INTRODUCTION = Case(
    id="common/reference/000",
    title="The client starts.",
    requirement="",
    source="",
    level=Level.INFO,
    provenance=Provenance.PROPOSED,
    needs=(),
    world=WorldWish(),
    steps=_no_steps,
)
"""What a lane runs to learn who the client is; no report shows it."""
