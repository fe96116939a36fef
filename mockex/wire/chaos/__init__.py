"""Fault plans: seeded rules that say where, when and what goes wrong between a venue and its clients.

A rule is a JSON object `{"name"?, "where"?, "when"?, "what"}`; a plan is some rules and a seed. The actions with their
arguments and defaults are rows of one table, `actions.ACTIONS`, which also makes the list that the control API shows.

where (all that is given must match; `*` in route, operation and channel stands for any text)
  route        "POST /api/x/{id}", method and template, or the template alone: requests over HTTP
  operation    a request on a WebSocket, by the venue's name for it
  channel      a push, by its channel in the venue's canonical spelling; `opening`: only what a new subscriber gets at once,
               or only what comes later
  socket       the venue's name of a WebSocket
  account      requests, pushes and connections of that account

when (nothing: at every match)
  nth, first, after, every    the nth match; the first n; every one after the first n; each nth. Counted for each rule apart,
               also while another rule strikes
  percent      that share of matches, "12.5", drawn from the rule's own generator: Random("<seed>/<rule's name>")
  state        only while the account that is concerned has an order in that state: order_open, order_partly_filled,
               order_filled, order_cancelled or order_waiting (for its trigger). Of a push about an order: that order is in it
  from_ms, until_ms           only in that span of virtual time since the plan was made
  times        at most so often in all

what (an action and its arguments; `?`: may be left out)
  of requests over HTTP      delay {ms}, delay_before {ms}, http_error {status?, body?, executed?}, rate_limited, reset,
                             error {code, executed?} (also of operations), lose_reply, reply_after_push, stale {ms} (of reads)
  of pushes                  drop, duplicate, reorder, delay {ms} (with channel, opening or socket), corrupt_checksum
  of sockets                 stall {ms?} and close {code?, reason?, before?}: at a push, at an operation, or, with neither
                             channel nor operation given, at any message of the server; refuse {status?}: upgrades
  of the venue               clock_skew {ms, for_ms?}, maintenance {ms?}, halt {symbol, ms?}: once, at the request that the rule
                             strikes at; at `from_ms`, or at once, if it names neither a place nor a count

`delay_before` checks a request at once, its signature included, and carries it out later. A share or a count goes over all
connections that a rule is about. Clearing a rule lets go of what it holds back, in order, and ends what it has begun.
A request is met once it has passed the venue's own checks: a wrong signature stays a wrong signature. At most one rule strikes
at a time, the first in order that is due; conditions of the whole venue come about besides. All times are virtual.
A venue without rules behaves, to the byte, as if this package did not exist.
"""
