"""KTX perpetuals (gw§9)."""

from __future__ import annotations

from mockex.gateway.platforms._ktx_future import KtxPerpetuals

PLATFORM = KtxPerpetuals("ktx_future")
