"""Trading itself: instruments, books, matching, accounts, ledger, payments, read models, virtual time.

Knows no sockets, no JSON, no venue's words, no wall clock, no randomness and no `await`. Everything enters as a command
(`commands`) through `exchange.Exchange.execute` and leaves as events (`events`).
"""
