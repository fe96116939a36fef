"""HTX's errors: failures with HTTP 200, words in v1 and numbers in v2, and one code for several things (htx§7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.live import open_taker, trade
from mockex.conformance.cases.tables import Coded, coded_case, planned
from mockex.conformance.model import Level, Provenance
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

TROUBLE = ("timeout", "unavailable", "maintenance", "connection_lost")
NOT_ALLOWED = ("permission", "authentication")
BAD_ORDER = ("invalid_order", "bad_request", "refused_by_client")


def symbol_of(s: Session) -> Mapping[str, Json]:
    return {"symbol": s.facts.pair.symbol}


async def flagged(s: Session, flag: str) -> None:
    await s.venue.call("POST", "/flags", flag=flag, on=True)


async def orders_off(s: Session) -> Mapping[str, Json]:
    await flagged(s, "orders_off")
    return limit(s)


async def cancels_off(s: Session) -> Mapping[str, Json]:
    order_id = await placed(s, **limit(s))
    await flagged(s, "cancels_off")
    return {"symbol": s.facts.pair.symbol, "order_id": order_id}


async def not_open(s: Session) -> Mapping[str, Json]:
    await flagged(s, "not_open")
    return symbol_of(s)


async def last_price(s: Session) -> None:
    """Somebody has traded at the usual price, so that there is a band around it."""
    await open_taker(s)
    await trade(s, s.facts.pair.qty, s.facts.pair.price)


async def above_the_band(s: Session) -> Mapping[str, Json]:
    await last_price(s)
    return limit(s, "buy", price=s.facts.pair.price * Decimal("1.2"), qty=s.facts.pair.min_qty)


async def below_the_band(s: Session) -> Mapping[str, Json]:
    await last_price(s)
    return limit(s, "sell", price=s.facts.pair.price * Decimal("0.8"), qty=s.facts.pair.min_qty)


async def too_little_money(s: Session) -> Mapping[str, Json]:
    return limit(s, price=Decimal("10000"), qty=s.facts.pair.min_qty)


async def no_number(s: Session) -> Mapping[str, Json]:
    return {"symbol": s.facts.pair.symbol, "order_id": "no-such-order"}


async def client_id_with_dots(s: Session) -> Mapping[str, Json]:
    return {**limit(s), "client_id": "my.order:1"}


async def client_id_in_use(s: Session) -> Mapping[str, Json]:
    await s.client("place_order", **limit(s), client_id="in-use-1")
    return {**limit(s), "client_id": "in-use-1"}


async def unknown_symbol(s: Session) -> Mapping[str, Json]:
    return {"symbol": "nosuch"}


CODED = [
    coded_case("htx", row)
    for row in (
        Coded(
            number="010",
            code="base-system-error",
            title="A system error with HTTP 200 is told as trouble of the server.",
            requirement="A failed venue answers 200 with `status` error: the body decides, not the status.",
            source="htx§7",
            operation="open_orders",
            prepare=planned("base-system-error", "open_orders", symbol_of),
            kinds=TROUBLE,
            what="a system error",
        ),
        Coded(
            number="020",
            code="gateway-internal-error",
            title="A failure inside the gateway is told as one, not as a refusal of the order.",
            requirement="gateway-internal-error leaves open whether the order was placed: the client must not take it for "
            "refused.",
            source="htx§7",
            operation="place_order",
            prepare=planned("gateway-internal-error", "place_order", limit, executed=True),
            kinds=TROUBLE,
            what="a failure of the gateway",
        ),
        Coded(
            number="030",
            code="500",
            title="A system error of a v2 endpoint is told, though its reply is HTTP 200 with a number.",
            requirement="v2 endpoints have no `status`: a `code` other than 200 is a failure.",
            source="htx§7",
            operation="fee_rates",
            prepare=planned("500", "fee_rates", symbol_of),
            kinds=TROUBLE,
            what="a system error",
        ),
        Coded(
            number="040",
            code="1002",
            title="A v2 endpoint that is not allowed is told as such.",
            requirement="1002 says that the key may not do this, or that there is no such account.",
            source="htx§7",
            operation="fee_rates",
            prepare=planned("1002", "fee_rates", symbol_of),
            kinds=NOT_ALLOWED,
            what="a v2 refusal",
        ),
        Coded(
            number="050",
            code="1006",
            title="A limit of a v2 endpoint is told as one.",
            requirement="v2 endpoints say 1006 where v1 says rate-too-many-requests.",
            source="htx§7",
            operation="fee_rates",
            prepare=planned("1006", "fee_rates", symbol_of),
            kinds=("rate_limited",),
            what="a limit",
        ),
        Coded(
            number="060",
            code="2002",
            title="A parameter that a v2 endpoint refuses is told, and is no refused login.",
            requirement='2002 is `invalid field value in "symbols"` over REST, and a refused login on the socket.',
            source="htx§7",
            operation="fee_rates",
            prepare=unknown_symbol,
            kinds=("bad_symbol", "bad_request", "refused_by_client"),
            what="a wrong parameter",
        ),
        Coded(
            number="070",
            code="base-request-exceed-frequency-limit",
            title="A limit that is told with HTTP 200 is told as one.",
            requirement="Limits have two codes in v1, and one of them comes with HTTP 200.",
            source="htx§7",
            operation="open_orders",
            prepare=planned("base-request-exceed-frequency-limit", "open_orders", symbol_of),
            kinds=("rate_limited",),
            what="a limit",
        ),
        Coded(
            number="080",
            code="operation-forbidden-for-lock-account-state",
            title="A locked account is told as such.",
            requirement="A locked account places nothing; whoever tries on and on wins nothing.",
            source="htx§7",
            operation="place_order",
            prepare=planned("operation-forbidden-for-lock-account-state", "place_order", limit),
            kinds=NOT_ALLOWED,
            what="a locked account",
        ),
        Coded(
            number="090",
            code="order-disabled",
            title="A symbol that takes no orders is told as such.",
            requirement="order-disabled refuses new orders; those that there are can be cancelled.",
            source="htx§7",
            operation="place_order",
            prepare=orders_off,
            kinds=("invalid_order", "unavailable", "maintenance", "permission"),
            what="a symbol without orders",
        ),
        Coded(
            number="100",
            code="cancel-disabled",
            title="A symbol that takes no cancels is told as such.",
            requirement="cancel-disabled refuses cancels: the order lives on, whatever its owner wants.",
            source="htx§7",
            operation="cancel_order",
            prepare=cancels_off,
            kinds=("invalid_order", "unavailable", "maintenance", "permission"),
            what="a symbol without cancels",
            needs=("place_order",),
        ),
        Coded(
            number="110",
            code="",
            title="A market that is not open yet is not told as an unknown symbol.",
            requirement="invalid-parameter is the code of an unknown symbol, of a wrong parameter and of a market that is not "
            "open: its text tells them apart.",
            source="htx§3.2",
            operation="book",
            prepare=not_open,
            kinds=("unavailable", "maintenance", "other"),
            what="a market that is not open",
            level=Level.SHOULD,
        ),
        Coded(
            number="120",
            code="order-limitorder-price-max-error",
            title="A purchase far above the last price is told as a bad order.",
            requirement="A limit to buy may be at most 1.1 times the last price.",
            source="htx§4.3",
            operation="place_order",
            prepare=above_the_band,
            kinds=BAD_ORDER,
            what="a price above the band",
        ),
        Coded(
            number="130",
            code="order-limitorder-price-min-error",
            title="A sale far below the last price is told as a bad order.",
            requirement="A limit to sell must be at least 0.9 times the last price.",
            source="htx§4.3",
            operation="place_order",
            prepare=below_the_band,
            kinds=BAD_ORDER,
            what="a price below the band",
        ),
        Coded(
            number="140",
            code="order-value-min-error",
            title="An order that is worth too little is told as a bad order, though its quantity is large enough.",
            requirement="Price times quantity must reach `min-order-value`, beside the smallest quantity.",
            source="htx§4.2",
            operation="place_order",
            prepare=too_little_money,
            kinds=BAD_ORDER,
            what="an order of too little worth",
        ),
        Coded(
            number="170",
            code="validation-format-error",
            title="An id that is no number is told as a mistake, not as trouble.",
            requirement="An order's id is a number; other text is refused with `Format Error: order-id.`",
            source="htx§3.4",
            operation="order",
            prepare=no_number,
            kinds=("bad_request", "order_not_found", "invalid_order", "refused_by_client"),
            what="an id that is no number",
        ),
        Coded(
            number="180",
            code="invalid-client-order-id",
            title="A client id of the wrong form is told, and nothing placed under another one.",
            requirement="A client id has up to 64 letters, digits, dashes and underscores.",
            source="htx§3.4",
            operation="place_order",
            prepare=client_id_with_dots,
            kinds=BAD_ORDER,
            what="a client id with dots",
            needs=("place_order.client_id",),
        ),
        Coded(
            number="190",
            code="invalid-client-order-id",
            title="A client id that a live order has is told as taken.",
            requirement="A second order under the client id of a live one is refused with invalid-client-order-id.",
            source="htx§4.6",
            provenance=Provenance.PROPOSED,
            operation="place_order",
            prepare=client_id_in_use,
            kinds=BAD_ORDER,
            what="a client id in use",
            needs=("place_order.client_id",),
        ),
        Coded(
            number="200",
            code="order-holding-limit-failed",
            title="A code without a meaning of its own for the client is still told.",
            requirement="Codes come and go; one that a client has no class for must reach the user as it is.",
            source="htx§7",
            operation="place_order",
            prepare=planned("order-holding-limit-failed", "place_order", limit),
            kinds=(),
            what="a rare code",
            level=Level.SHOULD,
        ),
    )
]
"""One case for each code that calls for a reaction of its own."""
