"""Protocol mechanisms that venues share: the request pipeline, signing, limits, paging, subscriptions, fan-out.

Knows no sockets and no venue's words. Everything here is plain `def`: a request runs from its bytes to its reply and its
pushes without giving up control, which is what makes it atomic.
"""
