"""Trading clients that other people wrote, run unmodified against a simulated venue.

Each folder here is one client. `client.toml` says which, `requirements.txt` or `package-lock.json` pins it with everything
that it needs, and the folder's scripts let a test talk to it. A script runs under the client's own environment, never under
the project's, and knows nothing of mockex: it gets a URL and keys, and prints what the client returned.

A conversation is JSON, one value a line:

    test  -> script   {"rest": "http://...", "ws": {"main": "ws://..."}, "key": "...", "secret": "...", ...}
    test  -> script   {"id": 1, "call": "fetch_ticker", "args": ["BTC/JPY"], "kwargs": {}}
    script -> test    {"id": 1, "result": {...}}   or   {"id": 1, "error": {"types": ["BadSymbol", ...], "message": "..."}}

Calls run side by side, so a call that waits for a push does not keep another from being made. The end of the input ends the
script. `converse.py` does this for the clients in Python.

A folder's `driver.py` or `driver.js` speaks another protocol, that of `mockex conform`: see PROTOCOL.md. `[conform]` in its
`client.toml` says what the client is called there and for which venues it has a driver. FINDINGS.md tells what they fail.
"""
