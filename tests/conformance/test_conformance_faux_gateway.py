"""The wrong clients of the gateway. Those of the first venue prove the shared cases, these the gateway's own."""

from __future__ import annotations

from faux_checks import WrongClients

VENUE = "gateway"


class TestWrongClientsOfTheGateway(WrongClients):
    pass
