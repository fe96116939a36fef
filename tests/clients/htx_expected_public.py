"""Cases of the public endpoints; see `htx_expected`."""

from __future__ import annotations

from htx_expected import Case, D, ms
from mockex.clients.htx import Period, Side
from mockex.clients.htx import market_models as m
from mockex.clients.htx import reference_models as r
from mockex.clients.htx.vocabulary import DepthStep, MarketStatus, SymbolState


def level(price: str, size: str) -> m.Level:
    return m.Level(price=D(price), size=D(size))


def stats(o: str, c: str, low: str, high: str, amount: str, vol: str, count: int) -> m.Statistics:
    return m.Statistics(open=D(o), close=D(c), low=D(low), high=D(high), amount=D(amount), vol=D(vol), count=count)


BTCUSDT = r.SymbolRules(
    symbol="btcusdt",
    base_currency="btc",
    quote_currency="usdt",
    state=SymbolState.ONLINE,
    partition="main",
    api_trading=True,
    price_precision=2,
    amount_precision=6,
    value_precision=8,
    least_value=D("5"),
    least_limit_amount=D("0.0001"),
    largest_limit_amount=D("1000"),
    largest_limit_buy=D("1000"),
    largest_limit_sell=D("1000"),
    least_market_sell=D("0.0001"),
    largest_market_sell=D("100"),
    largest_market_buy_value=D("1000000"),
    largest_value=None,
    buy_limit_ratio=None,
    sell_limit_ratio=None,
    market_buy_ratio=None,
    market_sell_ratio=None,
)

CANDLES = (
    m.Candle(
        symbol="btcusdt",
        time=ms(1_629_769_200_000),
        statistics=stats("49056.37", "49025.51", "49022.86", "49056.38", "3.946281917950917", "193489.67275732", 196),
    ),
    m.Candle(
        symbol="btcusdt",
        time=ms(1_629_768_900_000),
        statistics=stats("48994.61", "49056.37", "48966.72", "49072.46", "30.72223099519689", "1505870.732227976", 1504),
    ),
)


def trade(match: int, trade_id: int, price: str, amount: str, at: int) -> m.Trade:
    return m.Trade(id=match, trade_id=trade_id, price=D(price), amount=D(amount), direction=Side.BUY, timestamp=ms(at))


def chain(**known: object) -> dict[str, object]:
    """What the three chains of the published currency share."""
    return {
        "display_name": None,
        "deposit_allowed": True,
        "withdraw_allowed": True,
        "fixed_fee": None,
        "least_fee": None,
        "largest_fee": None,
        "fee_rate": None,
        **known,
    }


USDT_CHAINS = (
    chain(
        chain="trc20usdt",
        base_chain="TRX",
        base_chain_protocol="TRC20",
        confirmations=999,
        fast_confirmations=999,
        least_deposit=D("100"),
        least_withdrawal=D("0.01"),
        largest_withdrawal=D("280000"),
        withdraw_precision=5,
        withdraw_fee_type="circulated",
        least_fee=D("0.1"),
        largest_fee=D("1"),
    ),
    chain(
        chain="usdt",
        base_chain="BTC",
        base_chain_protocol="OMNI",
        confirmations=30,
        fast_confirmations=15,
        least_deposit=D("0.0001"),
        least_withdrawal=D("2"),
        largest_withdrawal=D("19000"),
        withdraw_precision=7,
        withdraw_fee_type="ratio",
        fee_rate=D("0.001"),
    ),
    chain(
        chain="usdterc20",
        base_chain="ETH",
        base_chain_protocol="ERC20",
        confirmations=999,
        fast_confirmations=999,
        least_deposit=D("100"),
        least_withdrawal=D("1"),
        largest_withdrawal=D("18000"),
        withdraw_precision=6,
        withdraw_fee_type="fixed",
        fixed_fee=D("0.1"),
    ),
)

USDT_SETTINGS = r.CurrencySettings(
    currency="usdt",
    display_name="USDT",
    full_name="Tether USDT",
    state="online",
    deposit_enabled=True,
    withdraw_enabled=True,
    withdraw_precision=6,
    least_deposit=D("1"),
    least_withdrawal=D("10"),
    fast_confirmations=12,
    safe_confirmations=12,
)

REFERENCE_CASES = [
    Case(
        fixture="rest/market_symbols",
        call=lambda client: client.reference.market_symbols(["btc3lusdt", "x"], since_ms=7),
        path="/v1/settings/common/market-symbols",
        query="symbols=btc3lusdt%2Cx&ts=7",
        expected=r.Changes(
            rows=(
                r.SymbolRules(
                    symbol="btc3lusdt",
                    base_currency="btc3l",
                    quote_currency="usdt",
                    state=SymbolState.ONLINE,
                    partition="main",
                    api_trading=True,
                    price_precision=4,
                    amount_precision=4,
                    value_precision=8,
                    least_value=D("5"),
                    least_limit_amount=D("0.01"),
                    largest_limit_amount=D("199.0515"),
                    largest_limit_buy=D("199.0515"),
                    largest_limit_sell=D("199.0515"),
                    least_market_sell=D("0.01"),
                    largest_market_sell=D("199.0515"),
                    largest_market_buy_value=D("2500"),
                    largest_value=D("2500"),
                    buy_limit_ratio=D("1.1"),
                    sell_limit_ratio=D("0.9"),
                    market_buy_ratio=D("0.1"),
                    market_sell_ratio=D("0.1"),
                ),
            ),
            as_of_ms=1_641_880_897_191,
            complete=True,
        ),
        public=True,
    ),
    Case(
        fixture="rest/symbol_settings",
        call=lambda client: client.reference.symbol_settings(),
        path="/v2/settings/common/symbols",
        expected=r.Changes(
            rows=(
                r.SymbolSettings(
                    symbol="ethusdt",
                    display_name="ETH/USDT",
                    base_currency="eth",
                    quote_currency="usdt",
                    state=SymbolState.ONLINE,
                    partition="main",
                    trade_enabled=True,
                    opens_at=ms(1_514_779_200_000),
                    price_precision=2,
                    amount_precision=4,
                    value_precision=8,
                    fee_precision=8,
                ),
            ),
            as_of_ms=1_641_870_869_718,
            complete=True,
        ),
        public=True,
    ),
    Case(
        fixture="rest/symbol_settings_v1",
        call=lambda client: client.reference.symbol_settings_v1(),
        path="/v1/settings/common/symbols",
        expected=r.Changes(
            rows=(
                r.SymbolSettings(
                    symbol="agldusdt",
                    display_name="AGLD/USDT",
                    base_currency="agld",
                    quote_currency="usdt",
                    state=SymbolState.ONLINE,
                    partition="innovation",
                    trade_enabled=True,
                    opens_at=ms(1_630_668_600_000),
                    price_precision=4,
                    amount_precision=4,
                    value_precision=8,
                    fee_precision=8,
                ),
            ),
            as_of_ms=1_641_880_066_563,
            complete=True,
        ),
        public=True,
    ),
    Case(
        fixture="rest/currency_settings",
        call=lambda client: client.reference.currency_settings(since_ms=1),
        path="/v2/settings/common/currencies",
        query="ts=1",
        expected=r.Changes(rows=(USDT_SETTINGS,), as_of_ms=1_641_869_938_436, complete=True),
        public=True,
    ),
    Case(
        fixture="rest/currency_settings_v1",
        call=lambda client: client.reference.currency_settings_v1(),
        path="/v1/settings/common/currencys",
        expected=r.Changes(rows=(USDT_SETTINGS,), as_of_ms=1_641_872_721_891, complete=True),
        public=True,
    ),
    Case(
        fixture="rest/chain_settings",
        call=lambda client: client.reference.chain_settings(currency="nft"),
        path="/v1/settings/common/chains",
        query="currency=nft",
        expected=r.Changes(
            rows=(
                r.ChainSettings(
                    chain="hrc20nft",
                    currency="nft",
                    display_name="HECO",
                    deposit_enabled=True,
                    withdraw_enabled=True,
                    withdraw_precision=6,
                    least_deposit=D("160298"),
                    least_withdrawal=D("160298"),
                    fast_confirmations=10,
                    safe_confirmations=20,
                ),
            ),
            as_of_ms=1_641_880_897_191,
            complete=True,
        ),
        public=True,
    ),
    Case(
        fixture="rest/currencies",
        call=lambda client: client.reference.currencies("usdt", authorized_user=False),
        path="/v2/reference/currencies",
        query="authorizedUser=false&currency=usdt",
        expected=(
            r.Currency(
                currency="usdt",
                status="normal",
                chains=tuple(r.Chain(**fields) for fields in USDT_CHAINS),  # type: ignore[arg-type]  # names checked above
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/currency_names",
        call=lambda client: client.reference.currency_names(),
        path="/v1/common/currencys",
        expected=("usdt", "btc", "eth"),
        public=True,
    ),
    Case(
        fixture="rest/timestamp",
        call=lambda client: client.reference.timestamp_ms(),
        path="/v1/common/timestamp",
        expected=1_629_715_504_949,
        public=True,
    ),
    Case(
        fixture="rest/market_status",
        reply=1,
        call=lambda client: client.reference.market_state(),
        path="/v2/market-status",
        expected=r.MarketState(
            status=MarketStatus.HALTED,
            status_number=2,
            halt_start=ms(1_587_971_400_000),
            halt_end=ms(1_587_975_000_000),
            halt_reason=2,
            affected_symbols="btcusdt,ethusdt",
        ),
        public=True,
    ),
    Case(
        fixture="rest/trading_limits",
        call=lambda client: client.reference.trading_limits("aidocbtc"),
        path="/v1/common/exchange",
        query="symbol=aidocbtc",
        expected=r.TradingLimits(
            symbol="aidocbtc",
            buy_limit_ratio=D("1.1"),
            sell_limit_ratio=D("0.9"),
            least_limit_amount=D("1"),
            largest_limit_amount=D("5000000"),
            least_market_buy=D("0.0001"),
            largest_market_buy=D("100"),
            least_market_sell=D("1"),
            largest_market_sell=D("500000"),
        ),
        public=True,
    ),
]

MARKET_CASES = [
    Case(
        fixture="rest/tickers",
        call=lambda client: client.market.tickers(),
        path="/market/tickers",
        expected=(
            m.Ticker(
                symbol="smtusdt",
                statistics=stats("0.004659", "0.00468", "0.0046", "0.004696", "36551302.17544405", "170526.0643855023", 1709),
                bid=level("0.004651", "54300.341"),
                ask=level("0.004679", "1923.4879"),
            ),
            m.Ticker(
                symbol="ltcht",
                statistics=stats(
                    "12.795626", "12.918053", "12.568926", "12.918053", "1131.801675005825", "14506.9381937385", 923
                ),
                bid=level("12.912687", "0.1068"),
                ask=level("12.927032", "5.3228"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/merged",
        call=lambda client: client.market.ticker("btcusdt"),
        path="/market/detail/merged",
        query="symbol=btcusdt",
        expected=m.MergedTicker(
            symbol="btcusdt",
            id=272156789143,
            statistics=stats("50080", "49820.92", "48767", "50500", "12055.365781937457", "598561868.5709001", 420573),
            bid=level("49819.48", "2.58112"),
            ask=level("49819.49", "0.002411"),
            timestamp=ms(1_629_788_763_750),
        ),
        public=True,
    ),
    Case(
        fixture="rest/detail",
        call=lambda client: client.market.summary("btcusdt"),
        path="/market/detail",
        query="symbol=btcusdt",
        expected=m.Summary(
            symbol="btcusdt",
            id=272164011416,
            statistics=stats("50266.89", "49728.71", "48767", "50500", "12110.642402972368", "601037933.6834868", 420452),
        ),
        public=True,
    ),
    Case(
        fixture="rest/depth",
        call=lambda client: client.market.book("btcusdt", step=DepthStep.STEP_1, depth=5),
        path="/market/depth",
        query="depth=5&symbol=btcusdt&type=step1",
        expected=m.Depth(
            symbol="btcusdt",
            version=136107114472,
            timestamp=ms(1_629_790_438_215),
            bids=(
                level("49790.87", "0.779876"),
                level("49785.9", "0.000182"),
                level("49784.48", "0.002758"),
                level("49784.29", "0.05"),
                level("49783.06", "0.005038"),
            ),
            asks=(
                level("49790.88", "2.980472"),
                level("49790.89", "0.006613"),
                level("49792.16", "0.080302"),
                level("49792.67", "0.030112"),
                level("49793.23", "0.043103"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/full_book",
        call=lambda client: client.market.full_book("btcusdt"),
        path="/market/fullMbp",
        query="symbol=btcusdt",
        expected=m.Depth(
            symbol="btcusdt",
            version=136107114472,
            timestamp=ms(1_629_790_438_215),
            bids=(level("49790.87", "0.779876"), level("49785.9", "0.000182")),
            asks=(level("49790.88", "2.980472"), level("49790.89", "0.006613")),
        ),
        public=True,
    ),
    Case(
        fixture="rest/trade",
        call=lambda client: client.market.last_match("btcusdt"),
        path="/market/trade",
        query="symbol=btcusdt",
        expected=m.Match(
            symbol="btcusdt",
            id=136107843051,
            timestamp=ms(1_629_792_191_928),
            trades=(
                trade(136107843051348400000000000, 102517374388, "49806", "0.028416", 1_629_792_191_928),
                trade(136107843051348400000000000, 102517374387, "49806", "0.025794", 1_629_792_191_928),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/trades",
        call=lambda client: client.market.matches("btcusdt", size=2),
        path="/market/history/trade",
        query="size=2&symbol=btcusdt",
        expected=(
            m.Match(
                symbol="btcusdt",
                id=136108764379,
                timestamp=ms(1_629_793_656_939),
                trades=(trade(136108764379348400000000000, 102517381182, "49656.4", "0.000124", 1_629_793_656_939),),
            ),
            m.Match(
                symbol="btcusdt",
                id=136108763320,
                timestamp=ms(1_629_793_656_198),
                trades=(
                    trade(136108763320348400000000000, 102517381181, "49655", "0.01125", 1_629_793_656_198),
                    trade(136108763320348400000000000, 102517381180, "49651.35", "0.00083", 1_629_793_656_198),
                ),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/kline",
        call=lambda client: client.market.klines("btcusdt", Period.FIVE_MINUTES, size=2),
        path="/market/history/kline",
        query="period=5min&size=2&symbol=btcusdt",
        expected=CANDLES,
        public=True,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(
            "btcusdt", Period.FIVE_MINUTES, start=ms(1_629_768_900_999), end=ms(1_629_769_200_000), size=2
        ),
        path="/market/history/candles",
        query="from=1629768900&period=5min&size=2&symbol=btcusdt&to=1629769200",
        expected=CANDLES,
        public=True,
    ),
]
