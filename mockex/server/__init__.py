"""Real sockets and real time around a simulated world: listeners, HTTP, WebSocket, the control API.

Everything that knows aiohttp is in here, and nothing in here knows a trading rule or a venue's words. The server moves bytes
in and out and keeps the world's clock in step; a request, a message or a timer runs in the world without giving up control.
"""
