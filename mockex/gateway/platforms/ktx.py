"""KTX spot (gw§9)."""

from __future__ import annotations

from mockex.clients.ktx import Market
from mockex.gateway.platforms._ktx import KtxPlatform

PLATFORM = KtxPlatform("ktx", Market.SPOT)
