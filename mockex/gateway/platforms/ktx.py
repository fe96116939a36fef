"""KTX spot (gw§9)."""

from __future__ import annotations

from mockex.clients.ktx import Market
from mockex.gateway.platforms._ktx import ktx_platform

PLATFORM = ktx_platform("ktx", Market.SPOT)
