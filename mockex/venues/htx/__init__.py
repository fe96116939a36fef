"""HTX spot, formerly Huobi Global.

Source: the vendor's documents of 2021 and late 2025, with recordings and other people's clients where they are silent; every
deviation is in QUIRKS.md. Sections cited as htx§n are those of the venue's specification.
"""

from __future__ import annotations

import random

from mockex.core.units import Wallet
from mockex.venues.htx.account_streams import ACCOUNT_SOCKET
from mockex.venues.htx.actions import ACCOUNT_ACTIONS
from mockex.venues.htx.auth import HOST_NAMES
from mockex.venues.htx.error_codes import ERRORS_BY_CODE
from mockex.venues.htx.errors import WIRE_ERRORS, render_fault
from mockex.venues.htx.instruments import ASSETS, LISTINGS, symbol_of
from mockex.venues.htx.market_data import NOT_OPEN_FLAG
from mockex.venues.htx.order_entry import TRADING_FLAGS
from mockex.venues.htx.periods import CANDLES_KEPT, PERIODS
from mockex.venues.htx.policy import OPEN_ORDER_CAPS, POLICY, adapt_policy
from mockex.venues.htx.routes import ROUTES, STAGES
from mockex.venues.htx.state import make_state
from mockex.venues.htx.streams import FEED_SOCKET, MARKET_SOCKET
from mockex.wire.credentials import KeyStyle
from mockex.wire.venue import Switch, Venue


def _key_text(rng: random.Random) -> str:
    """`e2c9a1b0-99d4f3e7-84a0b6c2-7d1f3`: the form of the document's examples, of keys and secrets alike."""
    digits = f"{rng.getrandbits(116):029x}"
    return f"{digits[:8]}-{digits[8:16]}-{digits[16:24]}-{digits[24:]}"


VENUE = Venue(
    name="htx",
    title="HTX spot",
    source="https://huobiapi.github.io/docs/spot/v1/en",
    port_offset=2,
    routes=ROUTES,
    stages=STAGES,
    sockets={"market": MARKET_SOCKET, "feed": FEED_SOCKET, "account": ACCOUNT_SOCKET},
    fallback_socket=None,
    faults=WIRE_ERRORS,
    errors_by_code=ERRORS_BY_CODE,
    render_fault=render_fault,
    assets=ASSETS,
    listings=LISTINGS,
    symbol_of=symbol_of,
    policy=POLICY,
    adapt_policy=adapt_policy,
    candle_buckets=tuple(PERIODS.values()),
    candles_kept=CANDLES_KEPT,
    # As long as the documents' examples (htx§4.6); they only have to ascend.
    id_starts={
        "order": 1_322_796_192_271_763,
        "trade": 102_517_374_388,
        "match": 136_107_843_051,
        "ledger entry": 630_793_863_411_068,
        "transfer": 137_228_381,
        "payment": 45_182_894,
    },
    make_state=make_state,
    demo_wallets=(Wallet.SPOT,),
    further_wallets=(Wallet.FUNDING, Wallet.FUTURES, Wallet.COIN_SWAP, Wallet.LINEAR_SWAP),
    host_names=HOST_NAMES,
    key_style=KeyStyle(api_key=_key_text, secret=_key_text, passphrase=None),
    switches={
        "seed_compat": Switch(
            default=False,
            help="take what a widespread guide says and the venue refuses: a POST signed over its body, the signature in a "
            "header, times in milliseconds, the period 1hour",
        ),
        "reused_client_ids": Switch(default=False, help="the client id of an open order may be used again"),
        "open_order_cap": Switch(
            default="none",
            help="open orders of one account in one pair; one more is refused with order-amount-over-limit",
            choices=tuple(OPEN_ORDER_CAPS),
        ),
    },
    flags={NOT_OPEN_FLAG: "market data answer 'symbol trade not open now'", **TRADING_FLAGS},
    account_actions=ACCOUNT_ACTIONS,
    capabilities=frozenset({"spot", "rest", "websocket"}),
)
