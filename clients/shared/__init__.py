"""What the reference clients need in the same form: typed JSON, HTTP, a socket, events, and a connection that renews itself.

Must not know: any venue. Errors are handed in, so that a client's exceptions are all of its own family.
"""
