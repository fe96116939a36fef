"""Public paths that came with `gen2`. Source: ktx§14, bodies by the vendor's document of 2026."""

from __future__ import annotations

from mockex.core.contract import Contract
from mockex.core.contract_terms import MarginTier
from mockex.core.positions import Position
from mockex.venues.ktx import codec
from mockex.venues.ktx.codec import Row
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.instruments import MAX_VALUE
from mockex.venues.ktx.market_data import spare_domains
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route


def ping(call: Call) -> WireResponse:
    return reply(call, {})


def time(call: Call) -> WireResponse:
    """By the venue's own clock, which checks expiry too."""
    return reply(call, {"time": codec.ms_text(call.desk.wall_ns())})


def coins(call: Call) -> WireResponse:
    """What may be transferred. Nothing can be deposited or withdrawn here, so there are no chains (ASSUMED)."""
    return reply(
        call,
        [
            {"asset": asset.code, "valid_decimals": asset.decimals, "enable_transfer": 1, "chains": []}
            for asset in call.desk.exchange.assets.values()
        ],
    )


# --- contracts


def tier_rules(call: Call) -> WireResponse:
    """Of every contract. The last tier is for any value: it says the greatest value of an order (ASSUMED)."""
    return reply(call, {contract.symbol: _tier_rows(contract) for contract in _contracts(call)})


def _tier_rows(contract: Contract) -> list[Row]:
    quote = contract.market.instrument.quote

    def row(number: int, tier: MarginTier) -> Row:
        return {
            "no": number,
            "positionValue": str(MAX_VALUE) if tier.max_value is None else codec.amount_text(quote, tier.max_value),
            "maintainMarginRate": codec.rate_text(tier.maintenance_rate),
            "initMarginRate": codec.rate_text(tier.initial_rate),
            "maxLeverage": str(tier.max_leverage),
        }

    return [row(number, tier) for number, tier in enumerate(contract.terms.tiers, start=1)]


def contracts(call: Call) -> WireResponse:
    now_ns = call.desk.clock.now_ns()
    return reply(call, [_summary(contract, now_ns) for contract in _contracts(call)])


def _summary(contract: Contract, now_ns: int) -> Row:
    """Open interest is what is held long, or short, in all. Prices that there are not are 0 (ASSUMED)."""
    market = contract.market
    instrument, view, book = market.instrument, market.ticker.at(now_ns), market.book
    bid, ask, index = book.bids.best, book.asks.best, contract.index
    open_qty = max(0, contract.insurance_qty) + sum(map(_long_qty, contract.positions.values()))
    row: Row = {
        "ticker_id": instrument.symbol,
        "base_currency": instrument.base.code,
        "quote_currency": instrument.quote.code,
        "last_price": codec.price_text(instrument, view.last_price),
        "base_volume": codec.qty_text(instrument, view.base_qty),
        "quote_volume": codec.amount_text(instrument.quote, view.quote_amount),
        "bid": codec.price_text(instrument, bid.price if bid else 0),
        "ask": codec.price_text(instrument, ask.price if ask else 0),
        "high": codec.price_text(instrument, view.high_price),
        "low": codec.price_text(instrument, view.low_price),
        "product_type": "Perpetual",
        "open_interest": codec.qty_text(instrument, open_qty),
        "open_interest_usd": codec.amount_text(instrument.quote, (contract.mark or 0) * open_qty * contract.unit),
        "index_price": codec.price_text(instrument, 0 if index is None else round(index)),
    }
    if contract.funding is not None:
        funding = codec.encode_funding(contract, contract.funding, now_ns)
        row |= {"funding_rate": funding["fundingRate"], "next_funding_rate_timestamp": funding["nextFundingTime"]}
    return row


def _long_qty(position: Position) -> int:
    return max(0, position.signed_qty)


def _contracts(call: Call) -> list[Contract]:
    found = call.desk.exchange.contracts
    return [] if found is None else list(found.by_symbol.values())


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler)


PUBLIC_ROUTES = (
    _route("/api/v1/ping", ping),
    _route("/api/v1/time", time),
    _route("/api/v1/coins", coins),
    _route("/api/v1/pu/getPositionTierRules", tier_rules),
    _route("/api/v1/pu/contracts", contracts),
    _route("/api/v1/pu/domains", spare_domains),
)
