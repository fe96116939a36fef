"""One login: its token on whichever connection there is, and its state machine.

Owns: logging in and out, what states lead to, asking anew after each READY.
Must not know: sockets, other logins, when connections come and go: the client tells.
Invariants: an operation is sent in READY alone; a token is never used on a connection other than its own; the client never
reconnects because of a state, as the gateway renews its own links (gw§12).
Source: gw§5, gw§8, gw§12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.feed import Broadcast
from mockex.clients.shared.tasks import cancel, fail

from . import events as ev
from .account import Account
from .connection import GatewayTiming
from .errors import (
    AlreadyLoggedInError,
    ConnectionLostError,
    GatewayError,
    LoginFailedError,
    LoginTroubledError,
    MalformedReplyError,
    NotSentError,
    RequestTimeoutError,
)
from .exchange import Exchange
from .frames import Login, Reply, State, login_fields
from .operations import Operations
from .states import Phase, next_phase
from .tokens import TokenFrame
from .vocabulary import Operation, StateCode


class Session:
    """A login that lasts: it is made anew on every connection until it is logged out, or fails for good."""

    def __init__(
        self,
        login: Login,
        exchange: Exchange,
        readers: Broadcast[ev.GatewayEvent],
        *,
        timing: GatewayTiming,
        stopwatch: Stopwatch,
        forget: Callable[[Session], None],
    ) -> None:
        """`forget` is called when the login is over for good. To be made inside a running loop."""
        self.login = login
        self.trading = Operations(
            self,
            exchange,
            readers,
            ready_token=self._ready_token,
            push_settles=lambda: stopwatch.await_answer(timing.reply_follows_push_within),
        )
        self._exchange = exchange
        self._readers = readers
        self._timing = timing
        self._stopwatch = stopwatch
        self._forget = forget
        self._phase = Phase.OFFLINE
        self._token: str | None = None
        self._has_been_ready = False  # with this token
        self._last_error = ""  # of the latest state that told one
        self._patient = False  # a login has been sent before: a refusal may be due to that one
        self._failure: GatewayError | None = None
        self._accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._moved = asyncio.Event()  # for the keeper
        self._usable = asyncio.Event()  # reconciled, or over
        self._keeper: asyncio.Task[None] | None = None
        self._reconciling: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<Session {self.login.platform} {', '.join(self.login.symbols)}: {self._phase.name}>"

    # --- for users ---

    @property
    def phase(self) -> Phase:
        """Where the login stands."""
        return self._phase

    @property
    def token(self) -> str | None:
        """Opaque. None while there is none."""
        return self._token

    @property
    def account(self) -> Account:
        """Orders, assets and positions as far as told. Not renewed while the phase is not READY."""
        return self.trading.account

    async def ready(self) -> None:
        """Wait until operations are possible and the account is known. The error of a login that failed."""
        while not self._usable.is_set():
            await self._usable.wait()
        if self._failure is not None:
            raise self._failure

    async def log_out(self) -> None:
        """Log out; orders stay open. The error if the gateway does not confirm it. Harmless to repeat."""
        if self._phase in (Phase.LOGGED_OUT, Phase.FAILED):
            return
        self._over(Phase.LOGGED_OUT, NotSentError(f"{self.login.platform} was logged out"))
        await self._stop_tasks()
        await self._leave()

    def _ready_token(self) -> str:
        if self._phase is not Phase.READY or self._token is None:
            raise NotSentError(f"{self.login.platform} is not ready: {self._phase.name}")
        return self._token

    # --- for the client ---

    def begin(self) -> None:
        """There is a connection: log in."""
        self._keeper = asyncio.create_task(self._keep())

    async def end(self) -> None:
        """The connection has ended, and the token with it."""
        self._token = None
        self._patient = True  # a login that was cut off may have come about: the gateway need not have missed this connection
        if self._phase is not Phase.LOGGED_OUT:
            self._move(Phase.OFFLINE)
        await self._stop_tasks()

    def close(self) -> None:
        """There will be no connection any more."""
        if self._failure is None:
            self._over(Phase.LOGGED_OUT, ConnectionLostError("the client is closed"))

    async def accepted(self) -> None:
        """Wait for the first reply to the login. Its error if it is a refusal."""
        await asyncio.shield(self._accepted)

    # --- the life of a login ---

    async def _keep(self) -> None:
        """Log in, and again whenever that helps, until the connection ends or the login is over for good."""
        while await self._log_in():
            error = await self._until_hopeless()
            with suppress(GatewayError):
                await self._leave()
            if error is not None:
                self._give_up(error)
                return
            error = LoginTroubledError(self._last_error, code=StateCode.GENERAL_ERROR)
            self._readers.emit(ev.LoginDelayed(session=self, error=error))

    async def _log_in(self) -> bool:
        """False if the connection has ended, or the login is refused for good."""
        while True:
            self._move(Phase.LOGGING_IN)
            try:
                await self._exchange.ask(Operation.LOGIN, login_fields(self.login), on_reply=self._on_token)
                return True
            except ConnectionLostError:
                return False
            except GatewayError as error:
                if not self._patient or not isinstance(error, AlreadyLoggedInError | RequestTimeoutError):
                    self._give_up(error)
                    return False
                self._readers.emit(ev.LoginDelayed(session=self, error=error))
            await self._stopwatch.sleep(self._timing.repeat_login_after)

    def _on_token(self, reply: Reply) -> None:
        """At once with the reply: states and pushes of the token may come in the same breath, or have come before."""
        token = reply.row.text("token")
        if not token:
            raise MalformedReplyError("a login without a token")
        self._token = token
        self._patient = True
        self._has_been_ready = False
        self._move(Phase.WAITING)
        if not self._accepted.done():
            self._accepted.set_result(None)
        self._exchange.claim(token, self._take)

    async def _until_hopeless(self) -> GatewayError | None:
        """The error of a login that cannot be mended, or None for one that another attempt may mend."""
        while True:
            self._moved.clear()
            match self._phase:
                case Phase.FAILED:
                    return LoginFailedError(self._last_error, code=StateCode.PARAM_MISS)
                case Phase.TROUBLED if await self._stays_troubled():
                    return None
                case Phase.TROUBLED:
                    continue
                case _:
                    await self._moved.wait()

    async def _stays_troubled(self) -> bool:
        """False as soon as trouble has ended; True if it lasts."""
        patience = asyncio.ensure_future(self._stopwatch.sleep(self._timing.trouble_within))
        try:
            while self._phase is Phase.TROUBLED and not patience.done():
                self._moved.clear()
                moved = asyncio.ensure_future(self._moved.wait())
                await asyncio.wait({patience, moved}, return_when=asyncio.FIRST_COMPLETED)
                await cancel(moved)
            return self._phase is Phase.TROUBLED
        finally:
            await cancel(patience)

    async def _leave(self) -> None:
        """Log the token out, if there is one. The error if the gateway does not confirm that."""
        token, self._token = self._token, None
        if token is None:
            return
        self._exchange.release(token)
        await self._exchange.ask(Operation.LOGOUT, {}, token=token, answer_within=self._timing.logout_within)

    def _give_up(self, error: GatewayError) -> None:
        self._over(Phase.FAILED, error)
        self._readers.emit(ev.LoginFailed(session=self, error=error))

    def _over(self, phase: Phase, error: GatewayError) -> None:
        self._failure = error
        self._move(phase)
        self._usable.set()
        fail(self._accepted, error)
        self._forget(self)

    def _move(self, phase: Phase) -> None:
        self._phase = phase
        self._moved.set()
        if phase is not Phase.READY:
            self._usable.clear()
            if self._reconciling is not None:
                self._reconciling.cancel()

    async def _stop_tasks(self) -> None:
        await cancel(*(task for task in (self._keeper, self._reconciling) if task is not None))

    # --- what comes for the token ---

    def _take(self, frame: TokenFrame) -> None:
        if isinstance(frame, State):
            self._on_state(frame)
            return
        try:
            self.trading.on_notice(frame)
        except MalformedReplyError as error:
            self._readers.emit(ev.ErrorReported(error=error, session=self))

    def _on_state(self, state: State) -> None:
        code = _known(state.code)
        if code is not None:
            phase = next_phase(self._phase, code, has_been_ready=self._has_been_ready)
            if code in (StateCode.PARAM_MISS, StateCode.GENERAL_ERROR):
                self._last_error = state.message
            self._has_been_ready |= phase is Phase.READY
            if phase is not self._phase:
                self._move(phase)
        self._readers.emit(ev.StateReported(session=self, code=state.code, message=state.message, phase=self._phase))
        if code is StateCode.READY and self._phase is Phase.READY:
            self._reconcile()

    def _reconcile(self) -> None:
        if self._reconciling is not None:
            self._reconciling.cancel()
        self._reconciling = asyncio.create_task(self._ask_anew())

    async def _ask_anew(self) -> None:
        await self.trading.reconcile(self.login.symbols)
        self._usable.set()
        self._readers.emit(ev.Reconciled(session=self))


def _known(code: int) -> StateCode | None:
    try:
        return StateCode(code)
    except ValueError:
        return None
