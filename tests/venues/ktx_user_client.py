"""A client of KTX's user socket in few words: it signs by itself. And orders for contracts, past REST."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ktx_support import Bench, Socket, signature

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.events import Event, OrderAccepted, Rejected
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.units import Wallet

STREAMS = ("order", "position", "account")
VERIFY = b"/user/verify"
PERPETUAL = "BTC_USDT_SWAP"
LOGGED_IN = {"result": "success", "op": "LOGIN"}

Said = tuple[str, Any]
"""A push: its stream and its data."""


class UserSocket(Socket):
    """One connection to the user socket."""

    def __init__(
        self,
        bench: Bench,
        *,
        path: str = "/user",
        host: str = "",
        query: str = "",
        headers: Mapping[str, str] | None = None,
        ip: str = "127.0.0.1",
    ) -> None:
        found = bench.simulation.socket_for(path, host)
        assert found is not None
        opened = bench.simulation.open_connection(
            found[0], ip, lambda _: None, path=path, host=host, query=query, headers=headers or {}
        )
        super().__init__(bench, opened)

    @classmethod
    def of(cls, bench: Bench, who: str = "alice") -> UserSocket:
        """One that has logged in."""
        socket = cls(bench)
        assert socket.login(who) == [LOGGED_IN]
        return socket

    def login(self, who: str = "alice", **changes: Any) -> list[Any]:
        return self.send({"method": "LOGIN", "auth": {**auth(self.bench, who), **changes}})

    @property
    def is_in(self) -> bool:
        return self.connection.credential is not None

    def said(self) -> list[Said]:
        """What was pushed since the last look."""
        messages = self.messages()
        assert all(message.keys() == {"stream", "data"} for message in messages), messages
        return [(message["stream"], message["data"]) for message in messages]

    def rows(self, stream: str) -> list[Any]:
        return [data for name, data in self.said() if name == stream]


def auth(bench: Bench, who: str = "alice", text: bytes = VERIFY) -> dict[str, str]:
    """Key and signature, of a LOGIN or of an upgrade."""
    material = bench.simulation.keys[who].material
    return {"api-key": material.api_key, "api-sign": signature(material.secret, text)}


def customer(bench: Bench, name: str, balance: str = "100000") -> None:
    """Another customer, with so much money and a key."""
    bench.simulation.open_account(name, {(Wallet.SPOT, "USDT"): Decimal(balance)})
    bench.simulation.add_key(name, name)


def order(
    bench: Bench,
    who: str,
    side: str,
    qty: str,
    price: str | None,
    *,
    symbol: str = PERPETUAL,
    merge: PositionMerge | None = None,
    method: MarginMethod = MarginMethod.ISOLATED,
    leverage: int = 10,
    close: bool = False,
    position_id: int | None = None,
    ioc: bool = False,
    post_only: bool = False,
    client_id: str | None = None,
) -> tuple[Event, ...]:
    """Places an order. `price` None: a market order. Of a contract, the merged position that the side opens, unless told."""
    instrument = bench.desk.exchange.markets[symbol].instrument
    opens = PositionMerge.LONG if (side == "buy") is not close else PositionMerge.SHORT
    terms = PositionTerms(merge=merge or opens, margin_method=method, leverage=leverage, close=close, position_id=position_id)
    return bench.desk.execute(
        PlaceOrder(
            account_id=who,
            symbol=symbol,
            side=Side[side.upper()],
            order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
            time_in_force=TimeInForce.IOC if ioc else TimeInForce.GTC,
            limit_price=None if price is None else int(Decimal(price) / instrument.price_scale.increment),
            order_qty=int(Decimal(qty) / instrument.qty_scale.increment),
            post_only=post_only,
            client_id=client_id,
            position=terms if instrument.contract is not None else None,
        )
    )


def placed(*args: Any, **terms: Any) -> Order:
    """The same for an order that must be accepted."""
    first = order(*args, **terms)[0]
    assert isinstance(first, OrderAccepted), first
    return first.order


def cancel(bench: Bench, who: str, taken: Order) -> None:
    first = bench.desk.execute(CancelOrder(account_id=who, order_id=taken.order_id))[0]
    assert not isinstance(first, Rejected), first
