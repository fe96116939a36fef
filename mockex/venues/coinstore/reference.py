"""Public reference data: the rules of pairs, currencies and their chains (cs§7.1, cs§7.2)."""

from __future__ import annotations

from decimal import Decimal

from mockex.core.markets import Market, MarketPhase
from mockex.core.units import Instrument
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.chains import Chain, asset_of, chains_of
from mockex.venues.coinstore.envelopes import success
from mockex.venues.coinstore.errors import CoinstoreFault
from mockex.venues.coinstore.instruments import FULL_NAMES, min_price, spelled
from mockex.venues.coinstore.market_data import params_of
from mockex.wire.decimals import exact_units, fixed, plain
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

ONLINE_MS = 1_609_813_531_019  # cs§7.1's example: no pair opens here while the simulator runs
SHOWN_DECIMALS = 8

_MAX_NAME = 64  # no pair has so long a name; Python refuses to print the longest numbers


def is_open(market: Market) -> bool:
    return market.phase is not MarketPhase.HALTED


def symbols(call: Call) -> WireResponse:
    """The pairs that the body names by code, in any case, or by number; all if it names none. Unknown ones are skipped
    (proposed).
    """
    body = call.body
    if not isinstance(body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    codes = {code.upper() for code in _names(body, "symbolCodes")}
    numbers = set(_names(body, "symbolIds"))
    rows = []
    for symbol, market in call.desk.exchange.markets.items():
        pair_id = call.state.pair_id(symbol)
        if not (codes or numbers) or symbol in codes or str(pair_id) in numbers:
            rows.append(encode_symbol(call, market, pair_id))
    return success(rows)


def _names(body: dict[str, JsonValue], name: str) -> list[str]:
    """Codes or numbers, as text."""
    values = body.get(name)
    if values is None:
        return []
    if not isinstance(values, list) or not all(type(value) in (str, int) for value in values):
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
    return [str(value)[:_MAX_NAME] for value in values]


def encode_symbol(call: Call, market: Market, pair_id: int) -> codec.Row:
    """`tickSz` and `lotSz` are numbers of decimals."""
    instrument = market.instrument
    limits, fees = instrument.limits, call.desk.exchange.policy.fees
    sold = instrument.min_qty if limits.min_market_sell is None else limits.min_market_sell
    symbol, base, quote = spelled(instrument)
    return {
        "symbolId": pair_id,
        "symbolCode": symbol,
        "tradeCurrencyCode": base,
        "quoteCurrencyCode": quote,
        "openTrade": is_open(market),
        "onLineTime": ONLINE_MS,
        "tickSz": decimals_of_price(instrument),
        "lotSz": decimals_of_qty(instrument),
        "minLmtPr": _decimal_text(min_price(instrument)),
        "minLmtSz": codec.qty_text(instrument, instrument.min_qty),
        "minMktVa": codec.amount_text(instrument.quote, limits.min_budget or 0),
        "minMktSz": codec.qty_text(instrument, sold),
        "makerFee": plain(fees.maker_rate, 9),
        "takerFee": plain(fees.taker_rate, 9),
    }


def decimals_of_price(instrument: Instrument) -> int:
    return instrument.price_scale.decimals


def decimals_of_qty(instrument: Instrument) -> int:
    return instrument.qty_scale.decimals


def _decimal_text(value: Decimal) -> str:
    decimals = 18
    return plain(exact_units(value, decimals), decimals)


def currency(call: Call) -> WireResponse:
    """One currency with its chains. An unknown one: the error of funding (proposed)."""
    code = params_of(call).text("currencyCode")
    asset = asset_of(code)
    if asset is None or asset not in call.desk.exchange.assets:
        raise ApiFault(CoinstoreFault.FUNDING_CURRENCY, value=code[:32])
    return success(
        {
            "name": FULL_NAMES.get(asset, asset),
            "code": asset.lower(),
            "showPrecision": SHOWN_DECIMALS,
            "chainDataList": [encode_chain(call, chain) for chain in chains_of(asset)],
        }
    )


def encode_chain(call: Call, chain: Chain) -> codec.Row:
    """Amounts have 8 decimals; a maximum of 0 is none (proposed)."""
    shut = call.state.is_closed(chain)
    return {
        "currencyCode": chain.code.lower(),
        "chainName": chain.name,
        "chainProtocol": chain.protocol,
        "contractAddress": chain.contract,
        "depositOpen": int(not shut),
        "withdrawOpen": int(not shut),
        "withdrawFee": eight_decimals(chain.fee),
        "withdrawMin": eight_decimals(chain.min_withdrawal),
        "withdrawMax": eight_decimals(chain.max_withdrawal),
        "depositMin": eight_decimals(chain.min_deposit),
        "withdrawFeePlatform": eight_decimals(chain.platform_rate),
        "burningState": 0,
        "withdrawFeeOnChain": eight_decimals("0"),
        "tagType": int(chain.tag),
        "withdrawFeeMin": eight_decimals(chain.min_fee),
    }


def eight_decimals(amount: str) -> str:
    """`0.00040000`."""
    return fixed(exact_units(Decimal(amount), SHOWN_DECIMALS), SHOWN_DECIMALS, SHOWN_DECIMALS)


REFERENCE_ROUTES = (
    Route(method="POST", path="/api/v2/public/config/spot/symbols", handler=symbols),
    Route(method="GET", path="/api/fi/v1/common/currency", handler=currency),
)
