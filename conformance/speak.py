"""Hosts a driver written in Python: `python -P speak.py DRIVER.py`. The protocol is described in PROTOCOL.md.

`DRIVER.py` defines a class `Driver`. Each session gets a new one, made without arguments:

- `client = {"name": .., "version": .., "language": "Python"}`; `features`, the capabilities that are no operation (optional)
- `start(settings)` and `stop()`; `settle()` if there is a better way than giving the event loop some turns
- a method for each operation that it offers, sync or async, which takes the parameters by name and returns the result, None
  for {}. What it raises is answered as the client's error; NotImplementedError says that this client cannot do it.
- `describe(error)` turns an exception into the protocol's error: a dict with `kind` and `message` at least (optional)

Owns the conversation on stdin and stdout, the one event loop of the process, and its end. Knows no client, and the standard
library only, because it runs in the clients' own environments. A driver file in a folder with `__init__.py` may import its
neighbours relatively; any other one finds them by their names, after everything that is installed.
Invariants: each request is answered once, in order, whatever the driver does; nothing else ever stands on stdout; the client's
background tasks run on between requests; the process ends when its input does.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

PROTOCOL = 1
SCHEMA = Path(__file__).with_name("protocol.schema.json")

HOUSEKEEPING = ("start", "stop", "settle")
"""Operations that every driver answers: they are no capabilities."""

SETTLING_TURNS = 50
"""Turns of the loop for a driver without a `settle`: what lies in a socket travels through a client in far fewer."""

LEAVE_SECONDS = 5.0
"""How long a driver may take to leave once its input has ended or it was told to go. Then the process ends regardless."""

BAD_CALL, DRIVER_BROKEN = 2, 1

Fields = dict[str, Any]


class UnsupportedError(Exception):
    """The driver does not offer what is asked for."""


class BadRequestError(Exception):
    """The runner asked for something that no driver could answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of input that could be read."""

    number: int
    operation: str
    params: Fields


# --- the driver file


def load(path: Path) -> type[Any]:
    """The class `Driver` of that file. Raises what the file raises, and ImportError if there is no such class."""
    if (path.parent / "__init__.py").exists():
        # A name of our own: the folder's may be that of the very client that it drives.
        _execute("driver_package", path.parent / "__init__.py", folder=path.parent)
        name = f"driver_package.{path.stem}"
    else:
        name = "driver_file"
        sys.path.append(str(path.parent))  # last, so that nothing of it hides what is installed
    driver = getattr(_execute(name, path), "Driver", None)
    if not isinstance(driver, type):
        raise ImportError(f"{path} defines no class Driver")
    for needed in ("start", "stop"):
        if not callable(getattr(driver, needed, None)):
            raise ImportError(f"the class Driver in {path} has no method {needed}")
    return driver


def _execute(name: str, path: Path, *, folder: Path | None = None) -> ModuleType:
    inside = None if folder is None else [str(folder)]
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=inside)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def operations() -> tuple[str, ...]:
    """The names of all operations of the protocol."""
    return tuple(json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]["operations"])


# --- one session after the other


class Host:
    """Answers requests with a driver. Knows no lines and no processes."""

    def __init__(self, driver_class: type[Any], names: Iterable[str]) -> None:
        self._driver_class = driver_class
        self._names = tuple(names)
        self._driver: Any = None  # of the session, if there is one
        self._latest: Any = None  # made last: it describes errors of its end, and of a start that failed, too

    async def answer(self, request: Request) -> Fields:
        """The reply, without its number. Raises nothing but what ends the process."""
        try:
            return {"result": await self._result(request)}
        except (UnsupportedError, NotImplementedError) as lacking:
            return {"unsupported": str(lacking) or f"this client has no {request.operation}"}
        except BadRequestError as error:
            return {"error": {"kind": "bad_request", "message": str(error)}}
        except BaseException as error:  # a client may also raise SystemExit, or cancel the task that it runs in
            return {"error": _described(error, self._latest)}

    async def _result(self, request: Request) -> Fields:
        if request.operation not in self._names:
            raise UnsupportedError(f"there is no operation {request.operation!r}")
        if request.operation == "start":
            return await self._start(request.params)
        if self._driver is None:
            if request.operation == "stop":
                return {}
            raise BadRequestError(f"{request.operation} before start")
        if request.operation == "stop":
            driver, self._driver = self._driver, None  # the session is over, whatever comes of this
            await _given(driver.stop())
            return {}
        method = getattr(self._driver, request.operation, None)
        if method is None and request.operation == "settle":
            for _ in range(SETTLING_TURNS):
                await asyncio.sleep(0)
            return {}
        if not callable(method):
            raise UnsupportedError(f"this driver has no {request.operation}")
        return _checked(request.operation, await _call(request.operation, method, request.params))

    async def _start(self, settings: Fields) -> Fields:
        await self.end()
        if settings.get("protocol") != PROTOCOL:
            raise BadRequestError(f"this host speaks version {PROTOCOL} of the protocol, not {settings.get('protocol')!r}")
        driver = self._latest = self._driver_class()
        try:
            await _given(driver.start(settings))
            started = self._introduction(driver)
        except BaseException:
            await _stop_quietly(driver)
            raise
        self._driver = driver
        return started

    def _introduction(self, driver: Any) -> Fields:
        """The result of `start`."""
        client = driver.client
        offered = [name for name in self._names if name not in HOUSEKEEPING and callable(getattr(driver, name, None))]
        return {
            "protocol": PROTOCOL,
            "client": {name: str(client[name]) for name in ("name", "version", "language")},
            "capabilities": [*offered, *getattr(driver, "features", ())],
        }

    async def end(self) -> None:
        """Ends the session, if there is one. Raises nothing."""
        driver, self._driver = self._driver, None
        await _stop_quietly(driver)


def _described(error: BaseException, driver: Any) -> Fields:
    """The error as the driver describes it, else as its classes do; then with its traceback on stderr."""
    classes = ", ".join(each.__name__ for each in type(error).__mro__ if each not in (Exception, BaseException, object))
    described: Fields = {"kind": "other", "message": str(error), "exception": classes or type(error).__name__}
    if hasattr(driver, "describe") and isinstance(error, Exception):
        try:
            described |= driver.describe(error)
            described["message"] = str(described["message"])
        except Exception:  # the driver's own words are a nicety: what goes wrong with them must not hide the error
            traceback.print_exc(file=sys.stderr)
    if described["kind"] == "other":
        traceback.print_exception(error, file=sys.stderr)
    return described


async def _stop_quietly(driver: Any) -> None:
    """Ends what nobody asks about any more. What it raises is for the log only."""
    try:
        if driver is not None:
            await _given(driver.stop())
    except (Exception, SystemExit):
        traceback.print_exc(file=sys.stderr)


async def _call(operation: str, method: Callable[..., Any], params: Mapping[str, Any]) -> Any:
    """Calls it with what it takes. A parameter that it does not know is something that this driver cannot do."""
    accepted = inspect.signature(method).parameters
    if not any(each.kind is each.VAR_KEYWORD for each in accepted.values()):
        unknown = [name for name in params if name not in accepted]
        if unknown:
            raise UnsupportedError(f"this driver's {operation} takes no {', '.join(unknown)}")
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    missing = [
        name for name, each in accepted.items() if each.kind in named and each.default is each.empty and name not in params
    ]
    if missing:
        raise BadRequestError(f"{operation} without {', '.join(missing)}")
    return await _given(method(**params))


async def _given(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def _checked(operation: str, result: Any) -> Fields:
    """What a method may return. TypeError for anything that could not be sent as a result."""
    if result is None:
        return {}
    if not isinstance(result, dict):
        raise TypeError(f"the driver's {operation} returned {type(result).__name__}, not a dict")
    return result


# --- lines


def read_request(line: bytes) -> Request:
    """BadRequestError for a line that is no request, its number in `args[1]`: 0 if there is none to be found."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"not a line of JSON: {error}", 0) from None
    if not isinstance(message, dict):
        raise BadRequestError("not a JSON object", 0)
    number = message.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise BadRequestError(f"no id of a request: {number!r}", 0)
    operation, params = message.get("op"), message.get("params", {})
    if not isinstance(operation, str) or not isinstance(params, dict):
        raise BadRequestError("a request is {id, op, params}", number)
    return Request(number=number, operation=operation, params=params)


def write_reply(number: int, reply: Mapping[str, Any]) -> bytes:
    """One line. What JSON cannot hold is the driver's mistake, and becomes an error."""
    try:
        text = json.dumps({"id": number, **reply}, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        reply = {"error": {"kind": "other", "message": f"the driver's result is not JSON: {error}"}}
        text = json.dumps({"id": number, **reply}, separators=(",", ":"))
    return text.encode("ascii") + b"\n"


# --- the process


class Conversation:
    """Reads requests and writes replies until there are no more, or the process is told to go."""

    def __init__(self, host: Host, input_fd: int, output_fd: int) -> None:
        self._host = host
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._told_to_go = asyncio.Event()

    async def run(self) -> None:
        """Returns once the driver has stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        threading.Thread(target=self._read, name="stdin", daemon=True).start()
        talking = asyncio.ensure_future(self._talk())
        leaving = asyncio.ensure_future(self._told_to_go.wait())
        await asyncio.wait({talking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        _leave_at_the_latest()
        for task in (talking, leaving):
            task.cancel()
        await asyncio.gather(talking, leaving, return_exceptions=True)
        await self._host.end()

    async def _talk(self) -> None:
        while (line := await self._lines.get()) is not None:
            if line.strip() and not self._write(await self._reply(line)):
                return  # nobody listens any more

    async def _reply(self, line: bytes) -> bytes:
        try:
            request = read_request(line)
        except BadRequestError as error:
            message, number = error.args
            return write_reply(number, {"error": {"kind": "bad_request", "message": message}})
        # A task of its own: a client that cancels the task it runs in ends this request and not the conversation.
        answering = asyncio.ensure_future(self._host.answer(request))
        try:
            await asyncio.wait({answering})  # which, unlike the task itself, cannot swallow a cancellation of this one
            if answering.cancelled():  # at its very end, too late for the host to catch it
                cancelled = asyncio.CancelledError("the driver cancelled the task that it was called in")
                return write_reply(request.number, {"error": _described(cancelled, None)})
            return write_reply(request.number, answering.result())
        finally:
            answering.cancel()

    def _write(self, line: bytes) -> bool:
        """False if the reader has gone. Complete when it returns: nothing is buffered here."""
        try:
            while line:
                line = line[os.write(self._output_fd, line) :]
        except OSError:
            return False
        return True

    def _read(self) -> None:
        """In a thread, so that any kind of input will do. Unbuffered reads hold no lock that the interpreter's end needs."""
        rest = b""
        while chunk := self._chunk():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._hand_over(line)
        if rest:
            self._hand_over(rest)
        _leave_at_the_latest()
        self._hand_over(None)

    def _chunk(self) -> bytes:
        """b"" at the end of the input."""
        try:
            return os.read(self._input_fd, 1 << 16)
        except OSError:  # a terminal that is gone
            return b""

    def _hand_over(self, line: bytes | None) -> None:
        self._in_loop(lambda: self._lines.put_nowait(line))

    def _on_signal(self, _number: int, _frame: object) -> None:
        _leave_at_the_latest()
        self._in_loop(self._told_to_go.set)

    def _in_loop(self, action: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it the need
            self._loop.call_soon_threadsafe(action)


def _leave_at_the_latest() -> None:
    """From now on the process has so much time: a client may have blocked the loop, or left threads that keep it alive."""

    def leave() -> None:
        threading.Event().wait(LEAVE_SECONDS)
        os._exit(DRIVER_BROKEN)

    threading.Thread(target=leave, name="leave", daemon=True).start()


def _keep_the_line_clear() -> tuple[int, int]:
    """Private descriptors of stdin and stdout. What anybody prints goes to stderr, and nobody else reads the requests."""
    input_fd, output_fd = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return input_fd, output_fd


async def _converse(driver_class: type[Any], input_fd: int, output_fd: int) -> None:
    await Conversation(Host(driver_class, operations()), input_fd, output_fd).run()


def main(arguments: list[str]) -> int:
    """0 after an orderly end, 2 for a driver that cannot be loaded."""
    if len(arguments) != 1:
        print("usage: python -P speak.py DRIVER.py", file=sys.stderr)
        return BAD_CALL
    input_fd, output_fd = _keep_the_line_clear()
    own_folder = str(Path(__file__).resolve().parent)
    sys.path[:] = [folder for folder in sys.path if folder != own_folder]  # there without -P, and it would hide modules
    path = Path(arguments[0]).resolve()
    try:
        driver_class = load(path)
    except Exception as error:  # loading runs the driver's file, which may raise whatever it likes
        if path.exists():
            traceback.print_exc(file=sys.stderr)
        print(f"the driver cannot be loaded: {error}", file=sys.stderr)
        return BAD_CALL
    asyncio.run(_converse(driver_class, input_fd, output_fd))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
