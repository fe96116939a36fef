"""What an operator may do to a simulated venue, beside what its customers do over the wire.

Plain functions over a `Simulation`, by noun: `accounts`, `keys`, `orders`, `instruments`, `payments`, `service`, `overview`.
Owns the operator's words and views: texts that no venue's codec uses, amounts as decimal text, times as ISO 8601 UTC. Knows
no HTTP, no thread and no venue. The control port, the embedded world and the pytest fixture are thin layers over it.
Invariants: state changes only through `Desk.execute` or a switch of the desk; a call that raises has changed nothing.
"""
