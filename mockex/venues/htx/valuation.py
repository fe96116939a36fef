"""What a customer's accounts are worth. Source: htx§3.3, and the vendor's document for the numbers of account types.

Prices are last ones, else those with which the listing starts; a currency that nothing prices is worth nothing (ASSUMED).
The day's profit is what prices, since the first of the day of UTC+8, have made of what is there now (ASSUMED).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from mockex.core.ledger import Account
from mockex.core.markets import Market
from mockex.core.units import Ticks, Wallet
from mockex.venues.htx.account_calls import query_params
from mockex.venues.htx.codec import ms
from mockex.venues.htx.envelopes import reply
from mockex.venues.htx.instruments import ATOM_DECIMALS
from mockex.venues.htx.periods import DAY
from mockex.wire.decimals import plain
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import number
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

UNIT, MONEY = "BTC", "USDT"
VALUE_DECIMALS, RATE_DECIMALS = 8, 18

# `distributionType`, of the sixteen that there are, of the accounts that customers have here.
_TYPES: Mapping[str, Wallet] = {
    "1": Wallet.SPOT,
    "4": Wallet.FUTURES,
    "5": Wallet.FUNDING,
    "7": Wallet.COIN_SWAP,
    "11": Wallet.LINEAR_SWAP,
}

PriceOf = Callable[[Market], Fraction]


def valuation(call: Call) -> WireResponse:
    """Of one type of account, or of all; in bitcoin, which is all that the document offers."""
    params = query_params(call)
    chosen = params.optional_text("accountType")
    if chosen is not None and chosen not in _TYPES:
        raise ApiFault(FaultKind.PARAM_VALUE, field="accountType")
    if params.optional_text("valuationCurrency") not in (None, UNIT):
        raise ApiFault(FaultKind.PARAM_VALUE, field="valuationCurrency")
    desk, account = call.desk, call.desk.account(call.account_id)
    worth = {
        kind: _worth(desk, account, wallet, lambda market: _last_price(desk, market))
        for kind, wallet in _TYPES.items()
        if chosen in (None, kind)
    }
    total = sum(worth.values(), Fraction(0))
    before = sum(
        (
            _worth(desk, account, wallet, lambda market: _opening_price(desk, market))
            for kind, wallet in _TYPES.items()
            if kind in worth
        ),
        Fraction(0),
    )
    data = {
        "updated": {"success": True, "time": ms(desk.clock.now_ns())},
        "todayProfitRate": _text(total / before - 1 if before else Fraction(0), RATE_DECIMALS),
        "totalBalance": _text(total, VALUE_DECIMALS),
        "todayProfit": _text(total - before, VALUE_DECIMALS),
        "profitAccountBalanceList": [
            {
                "distributionType": kind,
                "balance": number(_text(value, VALUE_DECIMALS)),
                "success": True,
                "accountBalance": _text(value, VALUE_DECIMALS),
            }
            for kind, value in worth.items()
        ],
    }
    return reply(call, {"code": 200, "data": data, "success": True})


def _text(value: Fraction, decimals: int) -> str:
    """Cut, not rounded (ASSUMED)."""
    return plain(int(value * 10**decimals), decimals)


def _worth(desk: Desk, account: Account, wallet: Wallet, price_of: PriceOf) -> Fraction:
    """In whole bitcoin."""
    balances, unit = account.wallets[wallet].values(), Fraction(1, 10**ATOM_DECIMALS)
    return sum((balance.total * unit * _in_unit(desk, balance.asset, price_of) for balance in balances), Fraction(0))


def _in_unit(desk: Desk, asset: str, price_of: PriceOf) -> Fraction:
    """Bitcoin for one unit: by the currency's pair with it, else by way of the common money."""
    if asset == UNIT:
        return Fraction(1)
    symbol_of, markets = desk.venue.symbol_of, desk.exchange.markets
    assert symbol_of is not None
    direct = markets.get(symbol_of(asset, UNIT))
    if direct is not None:
        return price_of(direct)
    unit_market = markets.get(symbol_of(UNIT, MONEY))
    own_market = markets.get(symbol_of(asset, MONEY))
    unit_price = Fraction(0) if unit_market is None else price_of(unit_market)
    if not unit_price or (own_market is None and asset != MONEY):
        return Fraction(0)
    return (Fraction(1) if own_market is None else price_of(own_market)) / unit_price


def _last_price(desk: Desk, market: Market) -> Fraction:
    last = market.ticker.at(desk.clock.now_ns()).last_price
    return _listed_price(desk, market) if last is None else _in_quote(market, last)


def _opening_price(desk: Desk, market: Market) -> Fraction:
    day = market.candles.filled(DAY, now_ns=desk.clock.now_ns(), limit=1)
    return _in_quote(market, day[0].open) if day else _last_price(desk, market)


def _listed_price(desk: Desk, market: Market) -> Fraction:
    listing = desk.listings.get(market.instrument.symbol)
    return Fraction(0) if listing is None else Fraction(listing.reference_price)


def _in_quote(market: Market, price: Ticks) -> Fraction:
    scale = market.instrument.price_scale
    return Fraction(price * scale.step, 10**scale.decimals)
