"""KTX: spot, and linear perpetuals in USDT.

Source: the vendor's document of early 2025 (profile `gen1`) and its later revisions (`gen2`); every deviation is in QUIRKS.md.
Sections cited as ktx§n are those of the venue's specification.
"""

from __future__ import annotations

import random
from dataclasses import replace

from mockex.core.units import Wallet
from mockex.venues.ktx import gen1, gen2, gen2_accounts, gen2_errors, gen2_routes
from mockex.venues.ktx.envelopes import WRAP_SWITCH
from mockex.venues.ktx.error_codes import GEN1_ERRORS, GEN2_ERRORS
from mockex.venues.ktx.errors import WIRE_ERRORS, render_fault
from mockex.venues.ktx.generations import GEN1, GEN2
from mockex.venues.ktx.ids import ID_STARTS, exchange_order_id
from mockex.venues.ktx.instruments import ASSETS, LISTINGS, symbol_of
from mockex.venues.ktx.limits import SWITCHES as LIMIT_SWITCHES
from mockex.venues.ktx.order_codec import order_id_text
from mockex.venues.ktx.orders import EMPTY_SWITCH
from mockex.venues.ktx.periods import CANDLES_KEPT, TIME_FRAMES
from mockex.venues.ktx.policy import POLICY
from mockex.venues.ktx.routes import ROUTES, STAGES
from mockex.venues.ktx.state import state_maker
from mockex.venues.ktx.streams import MARKET_SOCKET
from mockex.venues.ktx.user_streams import USER_SOCKET
from mockex.wire.credentials import KeyStyle
from mockex.wire.venue import OrderIds, Switch, Venue


def _hex_text(rng: random.Random) -> str:
    """40 lower-case hexadecimal digits, keys and secrets alike (ktx§3)."""
    return f"{rng.getrandbits(160):040x}"


_GEN1 = Venue(
    name="ktx",
    title="KTX spot and perpetuals",
    source="https://github.com/KTX-private/api-zh",
    port_offset=1,
    routes=ROUTES,
    stages=STAGES,
    sockets={"market": MARKET_SOCKET, "user": USER_SOCKET},
    fallback_socket=None,
    faults=WIRE_ERRORS,
    errors_by_code=GEN1_ERRORS.by_code,
    render_fault=render_fault,
    assets=ASSETS,
    listings=LISTINGS,
    symbol_of=symbol_of,
    policy=POLICY,
    candle_buckets=tuple(TIME_FRAMES.values()),
    candles_kept=CANDLES_KEPT,
    id_starts=ID_STARTS,
    order_ids=OrderIds(shown=order_id_text, own=exchange_order_id),
    make_state=state_maker(gen1.SPOKEN),
    demo_wallets=(Wallet.SPOT,),
    host_names=(
        *("api.ktx.com", "api-user.ktx.com", "api.ktx.tel"),
        *("stream-market.ktx.com", "ktx-user.ktx.com", "user-wss.ktx360.com"),
        *("m-stream.ktx.com", "u-stream.ktx.com"),  # of gen2
    ),
    key_style=KeyStyle(api_key=_hex_text, secret=_hex_text, passphrase=None),
    profiles=(GEN1, GEN2),
    switches={
        EMPTY_SWITCH: Switch(default=False, help="cancelling all orders answers with an empty list, as a footnote says"),
        WRAP_SWITCH: Switch(default=False, help="replies are wrapped in state and result, as the live service does"),
        **LIMIT_SWITCHES,
    },
    capabilities=frozenset({"spot", "perpetuals", "rest", "websocket"}),
)

_GEN2 = replace(
    _GEN1,
    routes=gen2_routes.ROUTES,
    sockets={
        "market": replace(MARKET_SOCKET, hosts=frozenset({"m-stream.ktx.com"})),
        "user": replace(USER_SOCKET, hosts=frozenset({"u-stream.ktx.com"})),
    },
    faults=gen2_errors.WIRE_ERRORS,
    errors_by_code=GEN2_ERRORS.by_code,
    render_fault=gen2_errors.render_fault,
    make_state=state_maker(gen2.SPOKEN),
    further_wallets=(gen2_accounts.MAIN_WALLET,),
)

VENUE = replace(_GEN1, by_profile={GEN2: _GEN2})
