"""The dialect of the market sockets, `/ws` and `/feed`.

Owns: what is sent and received there, except compression: requests with ids, acknowledgements, pushes by topic.
Must not know: connections, subscriptions, time.
Source: HTX document, "Websocket Market Data"; htx§5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import channels as names
from . import market_models as m
from .error_codes import v1_failure
from .errors import MalformedReplyError
from .events import AllTickers, AnswerValue, PushValue, RawPush
from .fields import Row
from .frames import Acknowledged, Answer, Data, Frame, Message, Ping, Refused
from .vocabulary import StreamOp

_PUSHES: Mapping[str, Callable[[str, Row], PushValue]] = MappingProxyType(
    {
        "kline": m.decode_candle,
        "depth": m.decode_depth,
        "mbp": m.decode_book_change,
        "mbp.refresh": m.decode_book_image,
        "bbo": m.decode_best_prices,
        "trade.detail": m.decode_match,
        "detail": m.decode_summary,
        "ticker": m.decode_ticker_update,
    }
)


def _candles(symbol: str, message: Row) -> AnswerValue:
    return tuple(m.decode_candle(symbol, row) for row in message.rows("data", "candle"))


def _trades(symbol: str, message: Row) -> AnswerValue:
    return tuple(m.decode_trade(row) for row in message.rows("data", "trade"))


_ANSWERS: Mapping[str, Callable[[str, Row], AnswerValue]] = MappingProxyType(
    {
        "kline": _candles,
        "trade.detail": _trades,
        "depth": lambda symbol, message: m.decode_depth(symbol, message.row("data")),
        "mbp": lambda symbol, message: m.decode_book_image(symbol, message.row("data")),
        "detail": lambda symbol, message: m.decode_summary(symbol, message.row("data")),
    }
)


def _kind(channel: str) -> str:
    """`mbp` of `market.btcusdt.mbp.150`: the topic without its symbol and its last parameter."""
    what = ".".join(channel.split(".")[2:])
    for kind in ("mbp.refresh", "mbp", "kline", "depth"):
        if what.startswith(f"{kind}."):
            return kind
    return what


class MarketDialect:
    """Knows no login. Errors name requests by id, so every request has one."""

    __slots__ = ()

    def login(self) -> Message | None:
        return None

    def subscription(self, op: StreamOp, channel: str, request_id: str) -> Message:
        return {op.value: channel, "id": request_id}

    def request(self, channel: str, request_id: str, bounds: Mapping[str, int]) -> Message:
        return {StreamOp.REQUEST.value: channel, "id": request_id, **bounds}

    def pong(self, ping: Ping) -> Message:
        return {"pong": ping.stamp}

    def decode(self, payload: object) -> Frame:
        row = Row.of(payload, "stream message")
        if row.has("ping"):
            return Ping(stamp=row.integer("ping"))
        if row.has("ch"):
            return Data(channel=row.text("ch"), message=row)
        if row.raw.get("status") == "error":
            return Refused(error=v1_failure(row.raw, http_status=None), request_id=row.optional_text("id"))
        if row.has("subbed"):
            return Acknowledged(op=StreamOp.SUBSCRIBE, channel=row.text("subbed"))
        if row.has("unsubbed"):
            return Acknowledged(op=StreamOp.UNSUBSCRIBE, channel=row.text("unsubbed"))
        if row.has("rep"):
            return Answer(request_id=row.text("id"), channel=row.text("rep"), message=row)
        raise MalformedReplyError(f"a message of no known kind: {sorted(row.raw)}")

    def decode_push(self, data: Data) -> PushValue:
        if data.channel == names.ALL_TICKERS:
            return AllTickers(tickers=m.decode_tickers(data.message.get("data")))
        decoder = _PUSHES.get(_kind(data.channel))
        if decoder is None:
            return RawPush(fields=data.message.raw)
        return decoder(m.symbol_of(data.channel), data.message.row("tick"))

    def decode_answer(self, answer: Answer) -> AnswerValue:
        decoder = _ANSWERS.get(_kind(answer.channel))
        if decoder is None:
            return RawPush(fields=answer.message.raw)
        return decoder(m.symbol_of(answer.channel), answer.message)
