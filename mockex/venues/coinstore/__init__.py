"""Coinstore spot.

Source: the vendor's document of July 2025 and what was observed of the service; every deviation is in QUIRKS.md. Sections cited
as cs§n are those of the venue's specification.
"""

from __future__ import annotations

import random

from mockex.core.units import Wallet
from mockex.venues.coinstore.addresses import ACCOUNT_ACTIONS
from mockex.venues.coinstore.auth import DEFAULT_TOLERANCE_MS, TOLERANCE_SWITCH, TOLERANCES_MS
from mockex.venues.coinstore.error_codes import ERRORS_BY_CODE
from mockex.venues.coinstore.errors import STRICT_SWITCH, WIRE_ERRORS, render_fault
from mockex.venues.coinstore.ids import ID_STARTS, ORDER_ID_SECOND_BITS
from mockex.venues.coinstore.instruments import ASSETS, LISTINGS, symbol_of
from mockex.venues.coinstore.order_reads import AS_LIST_SWITCH, LEAVES_ZERO_SWITCH
from mockex.venues.coinstore.orders import ALIAS_SWITCH
from mockex.venues.coinstore.periods import CANDLES_KEPT, INTERVALS
from mockex.venues.coinstore.policy import POLICY, POST_ONLY_SWITCH, adapt_policy
from mockex.venues.coinstore.routes import ROUTES, STAGES
from mockex.venues.coinstore.state import ACCOUNT_FLAGS, FLAGS, make_state
from mockex.venues.coinstore.streams import SOCKET
from mockex.wire.credentials import KeyStyle
from mockex.wire.venue import Switch, Venue


def _hex_text(rng: random.Random) -> str:
    """32 lower-case hexadecimal digits, keys and secrets alike (cs§3, observed)."""
    return f"{rng.getrandbits(128):032x}"


VENUE = Venue(
    name="coinstore",
    title="Coinstore spot",
    source="https://coinstore-openapi.github.io/en/index.html",
    port_offset=3,
    routes=ROUTES,
    stages=STAGES,
    sockets={"stream": SOCKET},
    fallback_socket=None,
    faults=WIRE_ERRORS,
    errors_by_code=ERRORS_BY_CODE,
    render_fault=render_fault,
    assets=ASSETS,
    listings=LISTINGS,
    symbol_of=symbol_of,
    policy=POLICY,
    adapt_policy=adapt_policy,
    candle_buckets=tuple(INTERVALS.values()),
    candles_kept=CANDLES_KEPT,
    id_starts=ID_STARTS,
    id_second_bits={"order": ORDER_ID_SECOND_BITS},
    make_state=make_state,
    demo_wallets=(Wallet.SPOT,),
    further_wallets=(Wallet.FUNDING,),  # the stub of futures (cs§7.14)
    host_names=("api.coinstore.com", "futures.api.coinstore.com", "ws.coinstore.com"),
    key_style=KeyStyle(api_key=_hex_text, secret=_hex_text, passphrase=None),
    switches={
        TOLERANCE_SWITCH: Switch(
            default=DEFAULT_TOLERANCE_MS,
            choices=TOLERANCES_MS,
            help="how far X-CS-EXPIRES may be from the venue's time, in milliseconds; 0: as far as it likes",
        ),
        POST_ONLY_SWITCH: Switch(default=False, help="a post-only order that would take is refused, not cancelled at once"),
        ALIAS_SWITCH: Switch(default=False, help="a placed order's id comes as order_id too, as in the document's sample"),
        STRICT_SWITCH: Switch(default=False, help="what the documents no longer have is gone, and unknown keys get HTTP 401"),
        LEAVES_ZERO_SWITCH: Switch(default=False, help="v1 open orders have nothing left, as in the document's sample"),
        AS_LIST_SWITCH: Switch(default=False, help="v2 order details are a list with one order, as in the document"),
    },
    flags=FLAGS,
    account_flags=ACCOUNT_FLAGS,
    account_actions=ACCOUNT_ACTIONS,
    capabilities=frozenset({"spot", "rest", "websocket"}),
)
