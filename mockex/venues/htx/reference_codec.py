"""HTX's rows about symbols, currencies and chains, as each endpoint spells them. Source: htx§3.1 and its examples.

Everything about a symbol follows from its instrument, so a pair that an operator lists is described as well as the venue's own.
Texts, icons, opening times and ratios of margin trading, which the simulator does not have, are ASSUMED constants.
"""

from __future__ import annotations

from mockex.core.markets import Market, MarketPhase
from mockex.core.units import Asset, Atoms, Instrument, Lots
from mockex.venues.htx.chains import Chain, chains_of
from mockex.venues.htx.codec import Row, decimal_double, double, qty_number, quote_number
from mockex.venues.htx.instruments import FULL_NAMES, VALUE_PRECISION, amount_precision
from mockex.venues.htx.policy import BUY_LIMIT_RATIO, MARKET_RATIO, SELL_LIMIT_RATIO
from mockex.wire.json import Number

UNLIMITED = 10**12  # of an instrument without a maximum, where the row must have a number
OPENED_MS = 1_514_779_200_000  # htx§3.1's example; no pair opens or closes here
FAR_FUTURE_MS = 1_893_470_400_000

PHASE_STATES = {
    MarketPhase.CONTINUOUS: "online",
    MarketPhase.HALTED: "suspend",
    MarketPhase.CALL_AUCTION: "online",
    MarketPhase.PRICE_DISCOVERY: "online",
}


def is_tradable(market: Market) -> bool:
    return market.phase is not MarketPhase.HALTED


def _most_lots(instrument: Instrument, qty: Lots | None) -> Number:
    return double(UNLIMITED, 0) if qty is None else qty_number(instrument, qty)


def _most_money(instrument: Instrument, amount: Atoms | None) -> Number:
    return double(UNLIMITED, 0) if amount is None else quote_number(instrument, amount)


class _Rules:
    """An instrument's published figures, for rows that only name them differently."""

    def __init__(self, instrument: Instrument) -> None:
        limits = instrument.limits
        self.price_precision = instrument.price_scale.decimals
        self.amount_precision = amount_precision(instrument)
        self.least = qty_number(instrument, instrument.min_qty)
        self.most = _most_lots(instrument, instrument.max_qty)
        self.most_bought = _most_lots(instrument, limits.max_limit_buy or instrument.max_qty)
        self.most_offered = _most_lots(instrument, limits.max_limit_sell or instrument.max_qty)
        self.least_value = quote_number(instrument, limits.min_notional or 0)
        self.least_sold = self.least if limits.min_market_sell is None else qty_number(instrument, limits.min_market_sell)
        sold = instrument.max_qty if limits.max_market_sell is None else limits.max_market_sell
        self.most_sold = _most_lots(instrument, sold)
        self.least_spent = quote_number(instrument, limits.min_budget or 0)
        self.most_spent = _most_money(instrument, limits.max_budget)


def encode_symbol(market: Market) -> Row:
    """A row of `/v1/common/symbols`."""
    instrument = market.instrument
    rules = _Rules(instrument)
    return {
        "base-currency": instrument.base.code.lower(),
        "quote-currency": instrument.quote.code.lower(),
        "price-precision": rules.price_precision,
        "amount-precision": rules.amount_precision,
        "symbol-partition": "main",
        "symbol": instrument.symbol,
        "state": PHASE_STATES[market.phase],
        "value-precision": VALUE_PRECISION,
        "min-order-amt": rules.least,
        "max-order-amt": rules.most,
        "min-order-value": rules.least_value,
        "limit-order-min-order-amt": rules.least,
        "limit-order-max-order-amt": rules.most,
        "limit-order-max-buy-amt": rules.most_bought,
        "limit-order-max-sell-amt": rules.most_offered,
        "sell-market-min-order-amt": rules.least_sold,
        "sell-market-max-order-amt": rules.most_sold,
        "buy-market-max-order-value": rules.most_spent,
        "api-trading": "enabled",
        "tags": "",
    }


def encode_market_symbol(market: Market) -> Row:
    """A row of `/v1/settings/common/market-symbols`: the same in short."""
    instrument = market.instrument
    rules = _Rules(instrument)
    return {
        "symbol": instrument.symbol,
        "state": PHASE_STATES[market.phase],
        "bc": instrument.base.code.lower(),
        "qc": instrument.quote.code.lower(),
        "pp": rules.price_precision,
        "ap": rules.amount_precision,
        "sp": "main",
        "vp": VALUE_PRECISION,
        "minoa": rules.least,
        "maxoa": rules.most,
        "minov": rules.least_value,
        "lominoa": rules.least,
        "lomaxoa": rules.most,
        "lomaxba": rules.most_bought,
        "lomaxsa": rules.most_offered,
        "smminoa": rules.least_sold,
        "blmlt": decimal_double(BUY_LIMIT_RATIO),
        "slmgt": decimal_double(SELL_LIMIT_RATIO),
        "smmaxoa": rules.most_sold,
        "bmmaxov": rules.most_spent,
        "msormlt": decimal_double(MARKET_RATIO),
        "mbormlt": decimal_double(MARKET_RATIO),
        "at": "enabled",
        "tags": "",
    }


def _settings(market: Market, weight: int) -> Row:
    """What both forms of the symbol settings share."""
    instrument = market.instrument
    return {
        "tags": "",
        "state": PHASE_STATES[market.phase],
        "bcdn": instrument.base.code,
        "qcdn": instrument.quote.code,
        "elr": None,
        "tpp": instrument.price_scale.decimals,
        "tap": amount_precision(instrument),
        "ttp": VALUE_PRECISION,
        "fp": VALUE_PRECISION,
        "cd": False,
        "te": is_tradable(market),
        "sp": "main",
        "d": None,
        "bc": instrument.base.code.lower(),
        "qc": instrument.quote.code.lower(),
        "toa": OPENED_MS,
        "w": weight,
    }


def encode_symbol_setting(market: Market, weight: int) -> Row:
    """A row of `/v2/settings/common/symbols`. `weight`: symbols are sorted by it."""
    instrument = market.instrument
    return {
        **_settings(market, weight),
        "sc": instrument.symbol,
        "dn": f"{instrument.base.code}/{instrument.quote.code}",
        "whe": False,
        "wr": "1.5",
        "lr": 5,
        "smlr": None,
        "flr": None,
        "p": [],
    }


def encode_symbol_setting_v1(market: Market, weight: int) -> Row:
    """A row of `/v1/settings/common/symbols`, its older variant."""
    instrument = market.instrument
    return {
        **_settings(market, weight),
        "symbol": instrument.symbol,
        "sn": f"{instrument.base.code}/{instrument.quote.code}",
        "tm": "PRO",
        "ve": True,
        "we": False,
        "dl": False,
        "ce": True,
        "tet": OPENED_MS,
        "tca": FAR_FUTURE_MS,
        "voa": OPENED_MS,
        "vca": FAR_FUTURE_MS,
    }


def encode_trading_limits(instrument: Instrument) -> Row:
    """The answer of `/v1/common/exchange`."""
    rules = _Rules(instrument)
    return {
        "symbol": instrument.symbol,
        "buy-limit-must-less-than": decimal_double(BUY_LIMIT_RATIO),
        "sell-limit-must-greater-than": decimal_double(SELL_LIMIT_RATIO),
        "limit-order-must-greater-than": rules.least,
        "limit-order-must-less-than": rules.most,
        "market-buy-order-must-greater-than": rules.least_spent,
        "market-buy-order-must-less-than": rules.most_spent,
        "market-sell-order-must-greater-than": rules.least_sold,
        "market-sell-order-must-less-than": rules.most_sold,
        "market-buy-order-rate-must-less-than": decimal_double(MARKET_RATIO),
        "market-sell-order-rate-must-less-than": decimal_double(MARKET_RATIO),
        "circuit-break-when-greater-than": 10_000,  # of the example; no circuit breaks here
        "circuit-break-when-less-than": 10,
    }


# --- currencies and chains


def encode_currency(asset: Asset) -> Row:
    """A row of `/v2/reference/currencies`."""
    return {
        "currency": asset.code.lower(),
        "assetType": 1,
        "instStatus": "normal",
        "chains": [_chain_reference(chain) for chain in chains_of(asset.code)],
    }


def _chain_reference(chain: Chain) -> Row:
    row: Row = {"chain": chain.name, "displayName": chain.title, "fullName": ""}
    if chain.base is not None:
        row |= {"baseChain": chain.base, "baseChainProtocol": chain.protocol, "isDynamic": False}
    row |= {
        "numOfConfirmations": chain.confirmations,
        "numOfFastConfirmations": chain.fast_confirmations,
        "depositStatus": "allowed",
        "minDepositAmt": chain.min_deposit,
        "withdrawStatus": "allowed",
        "minWithdrawAmt": chain.min_withdrawal,
        "maxWithdrawAmt": chain.max_withdrawal,
        "withdrawQuotaPerDay": chain.daily_quota,
        "withdrawQuotaPerYear": None,
        "withdrawQuotaTotal": None,
        "withdrawPrecision": chain.precision,
    }
    if chain.fee_max is None:
        row |= {"withdrawFeeType": "fixed", "transactFeeWithdraw": chain.fee}
    else:
        row |= {"withdrawFeeType": "circulated", "minTransactFeeWithdraw": chain.fee, "maxTransactFeeWithdraw": chain.fee_max}
    return {**row, "addrWithTag": chain.tagged, "addrDepositTag": chain.tagged}


def _deposit_text(chain: Chain) -> str:
    return f"Minimum deposit amount: {chain.min_deposit} {chain.asset}. Any deposits below it will not be credited."


def _withdrawal_text(chain: Chain) -> str:
    return f"Minimum withdrawal amount: {chain.min_withdrawal} {chain.asset} ({chain.title})."


def _currency_setting(asset: Asset, weight: int) -> Row:
    """What both forms of the currency settings share: figures of the currency's usual chain."""
    chain = chains_of(asset.code)[0]
    return {
        "tags": "",
        "state": "online",
        "cawt": chain.tagged,
        "fc": chain.fast_confirmations,
        "sc": chain.confirmations,
        "sp": "8",
        "de": True,
        "cd": False,
        "v": True,
        "whe": False,
        "fn": FULL_NAMES[asset.code],
        "wp": chain.precision,
        "w": weight,
        "dma": chain.min_deposit,
        "wma": chain.min_withdrawal,
        "dn": asset.code,
        "dd": _deposit_text(chain),
        "svd": None,
        "swd": None,
        "sdd": None,
        "wd": _withdrawal_text(chain),
    }


def encode_currency_setting(asset: Asset, weight: int, is_quote: bool) -> Row:
    """A row of `/v2/settings/common/currencies`."""
    chain = chains_of(asset.code)[0]
    return {
        **_currency_setting(asset, weight),
        "cc": asset.code.lower(),
        "qc": is_quote,
        "ft": chain.base.lower() if chain.base else asset.code.lower(),
        "at": 1,
        "wed": True,
    }


def encode_currency_setting_v1(asset: Asset, weight: int, is_quote: bool) -> Row:
    """A row of `/v1/settings/common/currencys`, its older variant."""
    chain = chains_of(asset.code)[0]
    return {
        **_currency_setting(asset, weight),
        "name": asset.code.lower(),
        "iqc": is_quote,
        "ct": chain.base.lower() if chain.base else asset.code.lower(),
        "we": True,
        "oe": 1,
        "wet": OPENED_MS,
        "det": OPENED_MS,
        "cp": "all",
        "vat": OPENED_MS,
        "ss": [],
    }


def encode_chain(chain: Chain) -> Row:
    """A row of `/v1/settings/common/chains`."""
    usual = chains_of(chain.asset)[0]
    family = (chain.base or chain.asset).lower()
    return {
        "chain": chain.name,
        "currency": chain.asset.lower(),
        "code": chain.name,
        "ct": "live",
        "ac": family,
        "default": int(chain is usual),
        "dma": chain.min_deposit,
        "wma": chain.min_withdrawal,
        "de": True,
        "we": True,
        "wp": chain.precision,
        "ft": family,
        "dn": chain.title,
        "fn": "",
        "awt": chain.tagged,
        "adt": chain.tagged,
        "ao": False,
        "fc": chain.fast_confirmations,
        "sc": chain.confirmations,
        "v": True,
        "sda": "",
        "swa": "",
        "deposit-tips-desc": _deposit_text(chain),
        "withdraw-desc": _withdrawal_text(chain),
        "suspend-deposit-desc": "",
        "suspend-withdraw-desc": "",
        "replace-chain-info-desc": "",
        "replace-chain-notification-desc": "",
        "replace-chain-popup-desc": "",
    }
