"""A link to any venue: what all platforms do alike.

Owns: the operations, what they refuse by themselves, the order in which the account's news are told, and how it is found out
what was missed.
Must not know: venues; connections (`_life`).
Invariants: no order is sent twice; for one event order, fill, position and assets are told in this order (gw§7); what is told
of orders never goes back (`_orders`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar, assert_never

from mockex.clients.shared.clock import NS_PER_MS
from mockex.clients.shared.tasks import cancel
from mockex.gateway.platform import (
    Action,
    Asset,
    Cancelled,
    Fill,
    Line,
    Listener,
    Order,
    OrderRequest,
    OrderStatus,
    OrderType,
    PlatformError,
    Position,
    Refusal,
    SymbolInfo,
    Time,
)
from mockex.gateway.platforms._desk import (
    AssetsChanged,
    Desk,
    Ended,
    Missed,
    News,
    OrderNews,
    PositionChanged,
    is_number,
)
from mockex.gateway.platforms._life import Inbox, Life
from mockex.gateway.platforms._orders import EXACT, OrderLog, ended

#: How often at most a position is told because the market moved (gw§9).
MARKS_EVERY: Final = timedelta(seconds=1)

ResultT = TypeVar("ResultT")


class VenueLink:
    """One login at one venue: a `Link`."""

    def __init__(
        self, desk: Desk, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line, lacks: str | None = None
    ) -> None:
        """Begins at once, on a task of its own. `lacks`: what is missing in the login, which then is refused."""
        self._desk = desk
        self._pairs = tuple(dict.fromkeys(pairs))
        self._listener = listener
        self._time = time
        self._blunt = line.blunt
        if line.blunt:
            desk.errors = replace(desk.errors, verbatim=True)
        self._log = OrderLog()
        self._unheard: set[str] = set()  # placed orders of which nothing had been heard when they were last looked after
        self._assets_due = False
        self._positions_due: dict[str, None] = {}
        self._told_assets: Mapping[str, Asset] | None = None
        self._told_positions: dict[str, Position] = {}
        self._caught_up = False  # at least once
        self._life = Life(desk, self._pairs, crew=self, listener=listener, time=time, line=line, lacks=lacks)
        self._life.begin()

    # --- life

    def drop(self) -> None:
        self._life.drop()

    async def close(self) -> None:
        await self._life.close()
        await self._desk.close()

    # --- operations

    async def place(self, request: OrderRequest) -> str:
        info = await self._info(request.pair)
        if not self._blunt:
            _check(request, info)
        order_no = await self._asked(self._desk.place(request))
        self._log.expect(request.pair, order_no)
        return order_no

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        await self._info(pair)
        wanted = [order_no for order_no in dict.fromkeys(order_nos) if await self._may_be_open(pair, order_no)]
        outcomes = await self._asked(self._desk.cancel(pair, wanted)) if wanted else ()
        found = {outcome.order_no: outcome for outcome in outcomes}
        return [found.get(order_no) or Cancelled(order_no=order_no, error=Refusal.ORDER_NOT_FOUND) for order_no in order_nos]

    async def cancel_all(self, pair: str) -> Sequence[Cancelled]:
        order_nos = [order.order_no for order in await self.open_orders(pair)]
        outcomes = await self._asked(self._desk.cancel(pair, order_nos)) if order_nos else ()
        # One that was filled in between was not open any more.
        return [outcome for outcome in outcomes if outcome.error != Refusal.ORDER_NOT_FOUND]

    async def open_orders(self, pair: str) -> Sequence[Order]:
        await self._info(pair)
        return sorted(map(self._timed, await self._asked(self._desk.open_orders(pair))), key=_age)

    async def assets(self) -> Mapping[str, Asset]:
        return (await self._asked(self._desk.fetch_holdings())).assets()

    async def position(self, pair: str) -> Position:
        await self._info(pair)
        if not self._desk.contracts:
            raise PlatformError(Refusal.NOT_SUPPORTED)
        return (await self._asked(self._desk.fetch_holdings())).position(pair)

    async def symbol_info(self, pair: str) -> SymbolInfo:
        return await self._info(pair)

    async def _info(self, pair: str) -> SymbolInfo:
        if self._blunt and not self._desk.listed:  # nobody has reached the venue yet
            await self._asked(self._desk.load())
        try:
            return self._desk.listed[pair]
        except KeyError:
            raise PlatformError(Refusal.SYMBOL_NOT_FOUND) from None

    async def _may_be_open(self, pair: str, order_no: str) -> bool:
        """Venues cancel by number alone, whatever the pair: what is of another one is found out before."""
        if not is_number(order_no):
            return False
        if self._blunt:
            return self._log.pair_of(order_no) in (pair, None)
        known = self._log.get(order_no)
        if known is None and self._log.pair_of(order_no) is None:
            known = await self._asked(self._desk.order(pair, order_no))
            return known is not None and known.open
        return self._log.pair_of(order_no) == pair and (known is None or not ended(known))

    async def _asked(self, answer: Awaitable[ResultT]) -> ResultT:
        try:
            return await answer
        except self._desk.errors.every as error:
            raise self._desk.errors.platform_error(error) from error

    # --- what the stream tells

    async def work(self, inbox: Inbox) -> None:
        """Until cancelled."""
        ticking = asyncio.create_task(self._follow_marks(inbox)) if self._desk.contracts else None
        try:
            while True:
                await self._take_in(await inbox.get())
                if inbox.empty():
                    await self._tell_holdings()
        finally:
            if ticking is not None:
                await cancel(ticking)

    def finish(self, rest: Sequence[News]) -> None:
        for news in rest:
            if isinstance(news, OrderNews) and (news.dated or self._log.get(news.order.order_no) is not None):
                self._tell_order(news.order, news.fills)

    def look_after(self, inbox: Inbox) -> None:
        unheard = {order_no for _, order_no in self._log.unfinished() if self._log.get(order_no) is None}
        if self._log.lacking_fills() or unheard & self._unheard:
            inbox.put_nowait(Missed())
        self._unheard = unheard

    async def _take_in(self, news: News) -> None:
        match news:
            case OrderNews():
                await self._on_order(news)
            case AssetsChanged():
                self._assets_due = True
            case PositionChanged():
                self._positions_due[news.pair] = None
            case Missed():
                await self._repair()
            case Ended():
                pass
            case _:
                assert_never(news)

    async def _on_order(self, news: OrderNews) -> None:
        order = news.order
        known = self._log.get(order.order_no)
        if not news.dated and known is None:
            order = await self._dated(order)
        self._tell_order(order, news.fills)
        if self._log.lacks_fills(order.order_no):
            with suppress(self._desk.errors.every):  # `look_after` sees to it
                await self._fetch_fills(order)

    async def _dated(self, order: Order) -> Order:
        """With the time of its creation, as far as the venue answers."""
        with suppress(self._desk.errors.every):
            asked = await self._desk.order(order.pair, order.order_no)
            if asked is not None:
                return replace(order, created_ms=asked.created_ms)
        return order

    def _timed(self, order: Order) -> Order:
        """With times that do not go back: venues tell them in more and less detail."""
        known = self._log.get(order.order_no)
        if known is None:
            return replace(order, updated_ms=max(order.updated_ms, order.created_ms))
        return replace(order, created_ms=known.created_ms, updated_ms=max(order.updated_ms, known.updated_ms))

    def _tell_order(self, order: Order, fills: Sequence[Fill] = (), *, again: bool = False) -> None:
        known = self._log.get(order.order_no)
        order = self._timed(order)
        if self._log.take(order):
            self._listener.order(order)
        elif again and known is not None and known.open:
            self._listener.order(known)
        for fill in fills:
            if self._log.take_fill(fill):
                self._listener.fill(fill)

    async def _fetch_fills(self, order: Order) -> None:
        for fill in await self._desk.fills(order):
            if self._log.take_fill(fill):
                self._listener.fill(fill)

    async def _follow_marks(self, inbox: Inbox) -> None:
        while True:
            await self._time.stopwatch.sleep(MARKS_EVERY)
            for pair in self._desk.holdings.exposed():
                inbox.put_nowait(PositionChanged(pair=pair))

    async def _tell_holdings(self) -> None:
        """Positions before assets, each only if it is not what was told."""
        if self._desk.contracts and (self._assets_due or self._positions_due):
            with suppress(self._desk.errors.every):  # without an answer, by the marks of before
                await self._desk.refresh()
            self._assets_due = True
        due, self._positions_due = self._positions_due, {}
        for pair in due:
            position = self._desk.holdings.position(pair)
            if not _same(position, self._told_positions.get(pair)):
                self._told_positions[pair] = position
                self._listener.position(position)
        if self._assets_due:
            self._assets_due = False
            self._tell_assets(again=False)

    def _tell_assets(self, *, again: bool) -> None:
        assets = self._desk.holdings.assets()
        if again or assets != self._told_assets:
            self._told_assets = assets
            self._listener.assets(assets)

    # --- finding out what was missed

    async def catch_up(self) -> None:
        """What is open and what there is, told again; and what came about without a connection, told once."""
        self._desk.note_holdings(await self._desk.fetch_holdings())
        self._tell_assets(again=True)
        await self._compare_orders(again=True)
        if self._caught_up:
            self._positions_due |= dict.fromkeys((*self._told_positions, *self._desk.holdings.exposed()))
            await self._tell_holdings()
        else:  # what there was before the login is no change
            self._told_positions = {pair: self._desk.holdings.position(pair) for pair in self._desk.holdings.exposed()}
        self._caught_up = True

    async def _repair(self) -> None:
        with suppress(self._desk.errors.every, PlatformError):
            await self._compare_orders(again=False)
            self._desk.note_holdings(await self._desk.fetch_holdings())
            self._assets_due = True
            self._positions_due |= dict.fromkeys((*self._told_positions, *self._desk.holdings.exposed()))

    async def _compare_orders(self, *, again: bool) -> None:
        pairs = dict.fromkeys((*self._pairs, *(pair for pair, _ in self._log.unfinished())))
        for pair in pairs:
            opened = sorted(await self._desk.open_orders(pair), key=_age)
            if not self._caught_up:
                await self._skip_the_past(pair, opened)
            for order in opened:
                self._tell_order(order, again=again)
            still_open = {order.order_no for order in opened}
            for _, order_no in [each for each in self._log.unfinished() if each[0] == pair and each[1] not in still_open]:
                await self._learn_end(pair, order_no)
            await self._find_unknown(pair)
        for order in self._log.lacking_fills():
            await self._fetch_fills(order)

    async def _skip_the_past(self, pair: str, opened: Sequence[Order]) -> None:
        """Fills from before the login are not told."""
        for order in opened:
            if self._log.pair_of(order.order_no) is None:
                self._log.take(replace(order, remain=order.quantity, status=OrderStatus.NONE))
                if order.remain != order.quantity:
                    for fill in await self._desk.fills(order):
                        self._log.take_fill(fill)
        for _, fill_no in await self._desk.recent_fills(pair):
            self._log.note_fill(pair, fill_no)

    async def _learn_end(self, pair: str, order_no: str) -> None:
        """An order that is not open any more, or never was heard of."""
        order = await self._desk.order(pair, order_no)
        known = self._log.get(order_no)
        if order is not None:
            self._tell_order(order)
        elif known is None:
            self._log.forget(order_no)
        else:  # venues forget orders that were cancelled without a fill
            now_ms = self._time.now_ns() // NS_PER_MS
            self._tell_order(replace(known, status=OrderStatus.CANCELED, updated_ms=now_ms))

    async def _find_unknown(self, pair: str) -> None:
        """Orders that came and ended without a message that arrived, by their fills."""
        newer = [each for each in await self._desk.recent_fills(pair) if self._log.is_newer(pair, each[1])]
        for order_no in dict.fromkeys(order_no for order_no, _ in newer):
            if self._log.get(order_no) is None:
                order = await self._desk.order(pair, order_no)
                if order is not None:
                    self._tell_order(order)


def _age(order: Order) -> tuple[int, int]:
    return order.created_ms, int(order.order_no) if is_number(order.order_no) else 0


def _check(request: OrderRequest, info: SymbolInfo) -> None:
    """PlatformError for what is off the grid of the pair."""
    if request.price is not None and not _fits(request.price, info.price_tick):
        raise PlatformError(Refusal.PRICE)
    spends_quote = request.position is None and request.order_type is OrderType.MARKET and request.action is Action.BUY
    if not spends_quote and not _fits(request.quantity, info.size_tick):
        raise PlatformError(Refusal.QUANTITY)


def _fits(amount: Decimal, tick: Decimal) -> bool:
    """True for a whole number of ticks."""
    try:
        return not EXACT.remainder(amount, tick)
    except InvalidOperation:  # beyond all amounts
        return False


def _same(position: Position, told: Position | None) -> bool:
    """Whether both say the same, whenever. A position that never was is like one that was told empty."""
    before = told or Position(pair=position.pair, updated_ms=0, margin_mode=position.margin_mode)
    return replace(position, updated_ms=before.updated_ms) == before
