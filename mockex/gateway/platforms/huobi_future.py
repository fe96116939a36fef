"""What the gateway of old offered as HTX's futures: the same perpetuals as KTX's (gw§9).

HTX's own contracts are margined in coins and named otherwise (`BTC180914`); pairs like `BTC/USDT` have no mapping to them.
"""

from __future__ import annotations

from mockex.gateway.platforms._ktx_future import KtxPerpetuals

PLATFORM = KtxPerpetuals("huobi_future")
