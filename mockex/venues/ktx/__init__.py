"""KTX: spot, and linear perpetuals in USDT.

Source: the vendor's document of early 2025 (profile `gen1`) and its later revisions (`gen2`); every deviation is in QUIRKS.md.
Sections cited as ktx§n are those of the venue's specification.
"""

from __future__ import annotations

import random

from mockex.core.units import Wallet
from mockex.venues.ktx.envelopes import GEN2, WRAP_SWITCH
from mockex.venues.ktx.error_codes import ERRORS_BY_CODE
from mockex.venues.ktx.errors import WIRE_ERRORS, render_fault
from mockex.venues.ktx.ids import ID_STARTS, exchange_order_id
from mockex.venues.ktx.instruments import ASSETS, LISTINGS, symbol_of
from mockex.venues.ktx.limits import SWITCHES as LIMIT_SWITCHES
from mockex.venues.ktx.order_codec import order_id_text
from mockex.venues.ktx.orders import EMPTY_SWITCH
from mockex.venues.ktx.periods import CANDLES_KEPT, TIME_FRAMES
from mockex.venues.ktx.policy import POLICY
from mockex.venues.ktx.routes import ROUTES, STAGES
from mockex.venues.ktx.state import make_state
from mockex.venues.ktx.streams import MARKET_SOCKET
from mockex.venues.ktx.user_streams import USER_SOCKET
from mockex.wire.credentials import KeyStyle
from mockex.wire.venue import OrderIds, Switch, Venue


def _hex_text(rng: random.Random) -> str:
    """40 lower-case hexadecimal digits, keys and secrets alike (ktx§3)."""
    return f"{rng.getrandbits(160):040x}"


VENUE = Venue(
    name="ktx",
    title="KTX spot and perpetuals",
    source="https://github.com/KTX-private/api-zh",
    port_offset=1,
    routes=ROUTES,
    stages=STAGES,
    sockets={"market": MARKET_SOCKET, "user": USER_SOCKET},
    fallback_socket=None,
    faults=WIRE_ERRORS,
    errors_by_code=ERRORS_BY_CODE,
    render_fault=render_fault,
    assets=ASSETS,
    listings=LISTINGS,
    symbol_of=symbol_of,
    policy=POLICY,
    candle_buckets=tuple(TIME_FRAMES.values()),
    candles_kept=CANDLES_KEPT,
    id_starts=ID_STARTS,
    order_ids=OrderIds(shown=order_id_text, own=exchange_order_id),
    make_state=make_state,
    demo_wallets=(Wallet.SPOT,),
    host_names=("api.ktx.com", "api-user.ktx.com", "stream-market.ktx.com", "ktx-user.ktx.com", "user-wss.ktx360.com"),
    key_style=KeyStyle(api_key=_hex_text, secret=_hex_text, passphrase=None),
    profiles=("gen1", GEN2),
    switches={
        EMPTY_SWITCH: Switch(default=False, help="cancelling all orders answers with an empty list, as a footnote says"),
        WRAP_SWITCH: Switch(default=False, help="replies are wrapped in state and result, as the live service does"),
        **LIMIT_SWITCHES,
    },
    capabilities=frozenset({"spot", "perpetuals", "rest", "websocket"}),
)
