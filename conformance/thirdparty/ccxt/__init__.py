"""ccxt as a client under test. The files here run in its own environment and know nothing of mockex."""
