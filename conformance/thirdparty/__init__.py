"""Trading clients that other people wrote, run unmodified against a simulated venue.

Each folder here is one client: `client.toml` says which, `requirements.txt` or `package.json` with its lock file pins it and
everything it needs, and its scripts let a test talk to it. The scripts run under the client's own environment, never under
the project's, and know nothing of mockex: they get a URL and keys, and print what the client returned.
"""
