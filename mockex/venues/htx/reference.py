"""Public reference data (htx§3.1). Thin: read the query, ask the exchange, encode."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockex.core.markets import Market, MarketPhase
from mockex.core.units import Asset
from mockex.venues.htx import reference_codec
from mockex.venues.htx.chains import CHAINS, Chain
from mockex.venues.htx.codec import MS_NS, Row, ms
from mockex.venues.htx.envelopes import settings, v1, v2
from mockex.venues.htx.errors import V2
from mockex.venues.htx.limits import default_limit, per_seconds
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

NORMAL, HALTED = 1, 2  # htx§3.1; 3, cancel-only, is a state that no operator can choose here
URGENT_MAINTENANCE = 2

_BOOLEANS = {"true": True, "false": False}


def _params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def _markets(call: Call) -> list[Market]:
    return list(call.desk.exchange.markets.values())


def _assets(call: Call) -> list[Asset]:
    return list(call.desk.exchange.assets.values())


def symbols(call: Call) -> WireResponse:
    return v1(call, [reference_codec.encode_symbol(market) for market in _markets(call)])


def timestamp(call: Call) -> WireResponse:
    return v1(call, ms(call.desk.wall_ns()))


def currency_names(call: Call) -> WireResponse:
    return v1(call, [asset.code.lower() for asset in _assets(call)])


def currencies(call: Call) -> WireResponse:
    """Also tells of chains. `authorizedUser` asks for what a signed-in user may use, which is the same here (ASSUMED)."""
    params = _params(call)
    params.optional_choice("authorizedUser", _BOOLEANS)
    name = params.optional_text("currency")
    found = [asset for asset in _assets(call) if name is None or asset.code.lower() == name]
    if not found:
        raise ApiFault(FaultKind.PARAM_VALUE, field="currency")
    return v2(call, [reference_codec.encode_currency(asset) for asset in found], success=True)


def market_status(call: Call) -> WireResponse:
    """Halted as soon as one market is. It began when somebody first asked; no end is known, so none is told (ASSUMED)."""
    halted = [market.instrument.symbol for market in _markets(call) if market.phase is MarketPhase.HALTED]
    now_ns = call.desk.clock.now_ns()
    since_ns = call.state.setting_since_ns("halted", tuple(halted), now_ns)
    if not halted:
        return v2(call, {"marketStatus": NORMAL})
    return v2(
        call,
        {
            "marketStatus": HALTED,
            "haltStartTime": ms(since_ns),
            "haltReason": URGENT_MAINTENANCE,
            "affectedSymbols": "all" if len(halted) == len(_markets(call)) else ",".join(halted),
        },
    )


def trading_limits(call: Call) -> WireResponse:
    symbol = _params(call).text("symbol")
    market = call.desk.exchange.markets.get(symbol)
    if market is None:
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=symbol[:32])
    return v1(call, reference_codec.encode_trading_limits(market.instrument))


# --- settings: lists that can be asked for what has changed


def _changes(call: Call, rows: Iterable[tuple[str, object, Row]]) -> WireResponse:
    """Rows with a name and what of them can change. With `ts`, only those that have changed since, in milliseconds.

    A `ts` from before the world began gets everything.
    """
    now_ns, state = call.desk.clock.now_ns(), call.state
    known_ms = _params(call).optional_integer("ts")
    dated = [(state.setting_since_ns(name, value, now_ns), row) for name, value, row in rows]
    newest_ns = max((since_ns for since_ns, _ in dated), default=state.opened_ns)
    if known_ms is None or known_ms < ms(state.opened_ns):
        return settings(call, [row for _, row in dated], changed_ns=newest_ns, full=True)
    changed = [row for since_ns, row in dated if since_ns // MS_NS > known_ms]
    return settings(call, changed, changed_ns=newest_ns, full=False)


def market_symbols(call: Call) -> WireResponse:
    """`symbols`: only those; unknown ones are skipped (ASSUMED)."""
    wanted = _params(call).optional_text("symbols")
    names = None if wanted is None else set(wanted.split(","))
    return _changes(
        call,
        [
            (f"symbol {market.instrument.symbol}", market.phase, reference_codec.encode_market_symbol(market))
            for market in _markets(call)
            if names is None or market.instrument.symbol in names
        ],
    )


def _symbol_settings(encode: Callable[[Market, int], Row]) -> Handler:
    def handler(call: Call) -> WireResponse:
        return _changes(
            call,
            [
                (f"symbol {market.instrument.symbol}", market.phase, encode(market, 1_000_000_000 - index))
                for index, market in enumerate(_markets(call))
            ],
        )

    return handler


def _currency_settings(encode: Callable[[Asset, int, bool], Row]) -> Handler:
    def handler(call: Call) -> WireResponse:
        quotes = {market.instrument.quote for market in _markets(call)}
        return _changes(
            call,
            [
                (f"currency {asset.code}", None, encode(asset, weight, asset in quotes))
                for weight, asset in enumerate(_assets(call), 10_000)
            ],
        )

    return handler


def chain_settings(call: Call) -> WireResponse:
    """`currency`: only its chains; none for an unknown one (ASSUMED). `show-desc` is ignored: descriptions are always there."""
    wanted = _params(call).optional_text("currency")

    def shown(chain: Chain) -> bool:
        return wanted is None or chain.asset.lower() == wanted

    rows = [(f"chain {chain.name}", None, reference_codec.encode_chain(chain)) for chain in CHAINS if shown(chain)]
    return _changes(call, rows)


def _route(path: str, handler: Handler, *, tags: frozenset[str] = frozenset()) -> Route:
    return Route(method="GET", path=path, handler=handler, limit=per_seconds(100, 2, path), tags=tags)


REFERENCE_ROUTES = (
    _route("/v1/common/symbols", symbols),
    _route("/v1/settings/common/market-symbols", market_symbols),
    _route("/v1/settings/common/symbols", _symbol_settings(reference_codec.encode_symbol_setting_v1)),
    _route("/v2/settings/common/symbols", _symbol_settings(reference_codec.encode_symbol_setting)),
    _route("/v2/settings/common/currencies", _currency_settings(reference_codec.encode_currency_setting)),
    _route("/v1/settings/common/currencys", _currency_settings(reference_codec.encode_currency_setting_v1)),
    _route("/v1/settings/common/chains", chain_settings),
    _route("/v2/reference/currencies", currencies, tags=frozenset({V2})),
    _route("/v1/common/currencys", currency_names),
    _route("/v1/common/timestamp", timestamp),
    _route("/v2/market-status", market_status, tags=frozenset({V2})),
    Route(
        method="GET",
        path="/v1/common/exchange",
        handler=trading_limits,
        limit=default_limit("/v1/common/exchange"),
    ),
)
