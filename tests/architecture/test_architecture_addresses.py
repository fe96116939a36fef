"""Where venues listen: ports that never meet, and names that a certificate can bear."""

from __future__ import annotations

import ssl

import aiohttp

from mockex.config import Options, decide
from mockex.embedded import World
from mockex.world import installed_venues


def test_no_two_listeners_want_the_same_port() -> None:
    venues = installed_venues()
    ports = decide(Options(tls=True), venues, start_ns=0).server.ports

    assert len(set(ports.values())) == len(ports) == 2 + 2 * len(venues)
    assert all(0 < venue.port_offset < 100 for venue in venues.values())


async def test_every_venue_says_its_host_names_and_is_certified_for_them() -> None:
    async with World(tls=True) as world, aiohttp.ClientSession() as session:
        trust = ssl.create_default_context(cafile=world.tls_ca)
        for name, venue in installed_venues().items():
            assert venue.host_names, name
            for host in venue.host_names:
                async with session.get(world[name].tls_rest_url, ssl=trust, server_hostname=host) as reply:
                    assert reply.status < 500
