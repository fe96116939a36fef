"""Cases of reference and market data; see `coinstore_expected`."""

from __future__ import annotations

from coinstore_expected import Case, D, ms, s
from mockex.clients.coinstore import Interval, Side
from mockex.clients.coinstore import aggregator as a
from mockex.clients.coinstore import market_models as m
from mockex.clients.coinstore import reference as r
from mockex.clients.coinstore.vocabulary import TagRule

BTCUSDT = r.Symbol(
    symbol_id=1,
    symbol="BTCUSDT",
    base_currency="btc",
    quote_currency="usdt",
    open_for_trade=True,
    listed_at=ms(1_609_813_531_019),
    price_decimals=0,
    quantity_decimals=4,
    least_limit_price=D("0.0002"),
    least_limit_quantity=D("0.2"),
    least_market_buy_amount=D("0.1"),
    least_market_sell_quantity=D("0.1"),
    maker_fee=D("0.006"),
    taker_fee=D("0.003"),
)
TRXUSDT = r.Symbol(
    symbol_id=2,
    symbol="trxUSDT",
    base_currency="trx",
    quote_currency="USDT",
    open_for_trade=True,
    listed_at=ms(1_609_813_531_019),
    price_decimals=6,
    quantity_decimals=2,
    least_limit_price=D("0.000001"),
    least_limit_quantity=D("1"),
    least_market_buy_amount=D("1"),
    least_market_sell_quantity=D("1"),
    maker_fee=D("0.002"),
    taker_fee=D("0.002"),
)
ETH = r.Currency(
    name="eth",
    code="eth",
    shown_decimals=6,
    chains=(
        r.Chain(
            currency="eth",
            name="eth",
            protocol=None,
            contract_address="23412374127384ghgdwq",
            deposit_open=False,
            withdraw_open=True,
            withdraw_fee=D("100"),
            withdraw_fee_rate=D("0"),
            least_withdraw_fee=D("0"),
            least_withdrawal=D("1"),
            largest_withdrawal=None,
            least_deposit=D("1"),
            burns_on_transfer=False,
            on_chain_burn_rate=D("0"),
            tag_rule=TagRule.NONE,
        ),
    ),
)
REFERENCE_CASES = (
    Case(
        fixture="rest/symbols",
        call=lambda client: client.reference.symbols(symbols=["BTCUSDT"], ids=[10]),
        expected=(BTCUSDT,),
    ),
    Case(fixture="rest/symbols", call=lambda client: client.reference.symbols(), expected=(TRXUSDT,), request=1, reply=1),
    Case(fixture="rest/currency", call=lambda client: client.reference.currency("ETH"), expected=ETH),
    Case(
        fixture="rest/config_symbols",
        call=lambda client: client.reference.symbol_ids(),
        expected=(r.SymbolId(symbol_id=4, symbol="BTCUSDT"),),
    ),
)

TRX_TICKER = m.Ticker(
    symbol="TRXUSDT",
    instrument_id=2,
    open=D("0.071842"),
    high=D("0.072453"),
    low=D("0.067985"),
    close=D("0.067998"),
    volume=D("24121351.85"),
    amount=D("1693799.10798965"),
    bid=D("0.0679"),
    bid_size=D("454.2"),
    ask=D("0.0681"),
    ask_size=D("542.6"),
    count=41723,
)
BOOK = m.Book(
    symbol="BTCUSDT",
    instrument_id=4,
    level=5,
    bids=(m.Level(price=D("41991.5"), quantity=D("0.548567")), m.Level(price=D("41991"), quantity=D("0.013168"))),
    asks=(m.Level(price=D("41995"), quantity=D("0.018144")), m.Level(price=D("41995.5"), quantity=D("0.008279"))),
)
WEEK = m.Candles(
    channel="4@kline@week_1",
    symbol="BTCUSDT",
    instrument_id=4,
    candles=(
        m.Candle(
            interval=Interval.WEEK_1,
            start=s(1_641_744_000),
            end=s(1_641_744_059),
            first_trade_id=14547884,
            last_trade_id=14799534,
            open=D("41628.2582"),
            high=D("52250.3884"),
            low=D("39654.039"),
            close=D("43196.0002"),
            volume=D("2307.742209"),
            amount=D("98630624.103511453"),
        ),
    ),
)
TRADE = m.Trade(
    symbol="BTCUSDT",
    instrument_id=4,
    trade_id=14867136,
    seq=14867136,
    price=D("41732.3305"),
    volume=D("0.011102"),
    taker_side=Side.BUY,
    at=s(1_642_495_112),
)
PRICES = (
    m.LastPrice(symbol_id=1, symbol="BTCUSDT", price=D("400")),
    m.LastPrice(symbol_id=4, symbol="AUTUSDT", price=D("1")),
)
MARKET_CASES = (
    Case(fixture="rest/tickers", call=lambda client: client.market.tickers(), expected=(TRX_TICKER,)),
    Case(fixture="rest/depth", call=lambda client: client.market.book("BTCUSDT", levels=5), expected=BOOK),
    Case(fixture="rest/depth", call=lambda client: client.market.book("BTCUSDT"), expected=BOOK, request=1),
    Case(
        fixture="rest/kline",
        call=lambda client: client.market.candles("BTCUSDT", interval=Interval.WEEK_1, size=1),
        expected=WEEK,
    ),
    Case(fixture="rest/trades", call=lambda client: client.market.trades("BTCUSDT", size=1), expected=(TRADE,)),
    Case(fixture="rest/ticker_price", call=lambda client: client.market.prices(), expected=PRICES),
    Case(
        fixture="rest/ticker_price",
        call=lambda client: client.market.prices("BTCUSDT", "EOSUSDT", "AUTUSDT"),
        expected=PRICES,
        request=1,
    ),
)

PAIR_TRADE = a.PairTrade(
    trade_id=14867136,
    price=D("41732.3305"),
    base_volume=D("0.011102"),
    quote_volume=D("463.31"),
    at=s(1_642_495_112),
    side="buy",
)
AGGREGATOR_CASES = (
    Case(
        fixture="rest/public_assets",
        call=lambda client: client.aggregator.assets(),
        expected=(
            a.Asset(
                currency="BTC",
                name="btc",
                unified_id=1,
                can_withdraw=True,
                can_deposit=True,
                least_withdrawal=D("0.001"),
                largest_withdrawal=D("100"),
                maker_fee=D("0.002"),
                taker_fee=D("0.002"),
            ),
        ),
    ),
    Case(
        fixture="rest/public_summary",
        call=lambda client: client.aggregator.summary(),
        expected=(
            a.PairSummary(
                pair="BTC_USDT",
                base_currency="BTC",
                quote_currency="USDT",
                last_price=D("41995"),
                lowest_ask=D("41995.5"),
                highest_bid=D("41991.5"),
                base_volume=D("2307.742209"),
                quote_volume=D("98630624.1"),
                change_percent=D("3.76"),
                highest_price=D("52250.3884"),
                lowest_price=D("39654.039"),
            ),
        ),
    ),
    Case(
        fixture="rest/public_ticker",
        call=lambda client: client.aggregator.tickers(),
        expected=(
            a.PairTicker(
                pair="BTC_USDT",
                base_id=1,
                quote_id=825,
                last_price=D("41995"),
                base_volume=D("2307.742209"),
                quote_volume=D("98630624.1"),
                frozen=False,
            ),
        ),
    ),
    Case(
        fixture="rest/public_orderbook",
        call=lambda client: client.aggregator.book("BTC_USDT", level=2, depth=5),
        expected=a.PairBook(
            at=s(1_642_495_112),
            bids=(m.Level(price=D("41991.5"), quantity=D("0.548567")),),
            asks=(m.Level(price=D("41995"), quantity=D("0.018144")),),
        ),
    ),
    Case(fixture="rest/public_trades", call=lambda client: client.aggregator.trades("BTC_USDT"), expected=(PAIR_TRADE,)),
    Case(
        fixture="rest/public_historical_trades",
        call=lambda client: client.aggregator.historical_trades("BTC_USDT"),
        expected=(PAIR_TRADE,),
    ),
)
