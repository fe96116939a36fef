"""The venue's own client for Python as a client under test. The files here run in its own environment and know no mockex."""
