"""What the gateway of old offered as Huobi's futures, with the perpetuals of KTX behind it (gw§9).

The contracts of the original were margined in coins and named otherwise (`BTC180914`): pairs like `BTC/USDT` have no mapping to
them.
"""

from __future__ import annotations

from mockex.clients.ktx import Market
from mockex.gateway.platforms._ktx import ktx_platform

PLATFORM = ktx_platform("huobi_future", Market.PERPETUAL)
