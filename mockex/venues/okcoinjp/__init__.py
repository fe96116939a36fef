"""OKCoin Japan v3, spot and funding: the legacy API of the venue now called OKJ.

Source: the vendor's document "V3 Beta" (newest change 2024-02-15), https://dev.okcoin.jp/zh, with its gaps filled from
sibling services; every deviation is in QUIRKS.md. Sections cited as okj§n are those of the venue's specification.
"""

from __future__ import annotations

from mockex.core.units import Wallet
from mockex.venues.okcoinjp.actions import ACCOUNT_ACTIONS
from mockex.venues.okcoinjp.errors import ERRORS_BY_CODE, WIRE_ERRORS, WS_ERRORS, render_fault
from mockex.venues.okcoinjp.instruments import ASSETS, LISTINGS, symbol_of
from mockex.venues.okcoinjp.policy import PAYMENT_STEPS, POLICY, adapt_policy
from mockex.venues.okcoinjp.routes import ROUTES, STAGES
from mockex.venues.okcoinjp.spot_market import CANDLE_HISTORY, CANDLES
from mockex.venues.okcoinjp.spot_orders import OPEN_ORDER_CAPS
from mockex.venues.okcoinjp.state import ACCOUNT_FLAGS, FLAGS, FUNDING_SWITCHES, make_state
from mockex.venues.okcoinjp.streams import MAIN_SOCKET, WRONG_PATH_SOCKET
from mockex.wire.credentials import KeyStyle, without_dashes
from mockex.wire.venue import Switch, Venue

VENUE = Venue(
    name="okcoinjp",
    title="OKCoin Japan v3",
    source="https://dev.okcoin.jp/zh",
    port_offset=4,
    routes=ROUTES,
    stages=STAGES,
    sockets={"main": MAIN_SOCKET},
    fallback_socket=WRONG_PATH_SOCKET,
    faults=WIRE_ERRORS,
    errors_by_code={**ERRORS_BY_CODE, "30043": WS_ERRORS["30043"]},  # the latter only on a WebSocket, only planned
    render_fault=render_fault,
    assets=ASSETS,
    listings=LISTINGS,
    symbol_of=symbol_of,
    policy=POLICY,
    adapt_policy=adapt_policy,
    candle_buckets=tuple(CANDLES.values()),
    candles_kept=CANDLE_HISTORY,
    # Ids as long as the document's examples; they only have to ascend.
    id_starts={
        "order": 2_510_789_768_709_120,
        "ledger entry": 8_161_858_573,
        "transfer": 754_147,
        "payment": 67_485,
    },
    make_state=make_state,
    demo_wallets=(Wallet.SPOT, Wallet.FUNDING),
    normalise_key=without_dashes,
    key_style=KeyStyle(),
    host_names=("www.okcoin.jp", "connect.okcoin.jp", "www.okj.com", "connect.okj.com"),  # okj§2: then and today
    switches={
        "strict_precision": Switch(
            default=False, help="refuse prices and sizes with too many decimals (33028, 33029) instead of truncating"
        ),
        "batch_key": Switch(
            default="underscore",
            choices=("underscore", "dash"),
            help="how batch_orders spells the pair in its reply: btc_jpy as documented, or btc-jpy",
        ),
        "open_order_cap": Switch(
            default="none",
            choices=tuple(OPEN_ORDER_CAPS),
            help="how many live orders an account may have in one pair before the next is refused with 33036",
        ),
        "payment_step": Switch(
            default="1s",
            choices=tuple(PAYMENT_STEPS),
            help="pause before each step of a deposit or withdrawal; by hand: only an operator moves them on",
        ),
        **FUNDING_SWITCHES,
    },
    flags={"trading_off": "order endpoints answer 30035: trading is not supported on this site", **FLAGS},
    account_flags=ACCOUNT_FLAGS,
    account_actions=ACCOUNT_ACTIONS,
    capabilities=frozenset({"spot", "funding", "rest", "websocket"}),
)
