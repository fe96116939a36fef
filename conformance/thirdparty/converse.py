"""Lets a test call a Python client from outside: `python -P converse.py CLIENT.py`, then JSON lines; see the package.

`CLIENT.py` defines `connect(settings)`, an asynchronous context manager whose value's methods may be called by name. Knows
the standard library only, because it runs in the clients' environments.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any


async def converse(path: str) -> None:
    settings = json.loads(await next_line())
    async with load_connect(path)(settings) as client:
        running: set[asyncio.Task[None]] = set()
        while line := await next_line():
            task = asyncio.create_task(answer(client, json.loads(line)))
            running.add(task)
            task.add_done_callback(running.discard)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def load_connect(path: str) -> Any:
    """`connect` of a file that is not on the import path: its folder has the client's own name and would hide the client."""
    spec = importlib.util.spec_from_file_location("client_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    connect: AbstractAsyncContextManager[Any] = module.connect
    return connect


async def next_line() -> str:
    """ "" at the end of the input."""
    return await asyncio.to_thread(sys.stdin.readline)


async def answer(client: Any, request: dict[str, Any]) -> None:
    """Makes one call and prints what came of it. A client's exceptions are results too, with all of their base classes."""
    try:
        result = getattr(client, request["call"])(*request.get("args", []), **request.get("kwargs", {}))
        if inspect.isawaitable(result):
            result = await result
        said = {"id": request["id"], "result": result}
    except Exception as error:
        types = [each.__name__ for each in type(error).__mro__ if issubclass(each, Exception)]
        said = {"id": request["id"], "error": {"types": types, "message": str(error)}}
    print(json.dumps(said, default=str), flush=True)


if __name__ == "__main__":
    asyncio.run(converse(sys.argv[1]))
