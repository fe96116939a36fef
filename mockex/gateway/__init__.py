"""The trading gateway: one WebSocket for orders on many platforms, each reached by its reference client.

Owns: its protocol, its logins, and its platforms, found by listing the folder `platforms`. Must not know: the simulator.
Source: the gateway's specification, cited as gw§n.
"""
