"""Logins of the gateway: what they say, what becomes of wrong ones, and the life of their tokens (gw§5, gw§8)."""

from __future__ import annotations

from mockex.conformance.cases.gateway.wire import (
    ELSEWHERE,
    ON_BOTH,
    ON_TWO_VENUES,
    PARAM_MISS,
    QUIRKY,
    SPOT,
    STREAM,
    TALKS,
    asked,
    one_asked,
    platform,
    replies,
    said,
    states,
    stranger,
    taken,
)
from mockex.conformance.cases.live import place, price, text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Refusal, Session
from mockex.conformance.trace import CLOSE, IN

QUICK_MS = 1_500


@case(
    "gateway/auth/010",
    "A login names the platform, the symbols as BASE/QUOTE, and the key.",
    requirement="`platform`, `symbols`, `access_key` and `secret_key` are all required; symbols are a list of texts.",
    source="gw§5",
    needs=STREAM,
)
async def login_says_all(s: Session) -> None:
    await s.client("stream_open", private=True)
    login = await one_asked(s, "login")
    s.equal(login.get("platform"), platform(s).name, "the login names the platform")
    wanted = sorted(f"{each['base']}/{each['quote']}" for each in s.instruments)
    s.equal(sorted(login.get("symbols") or []), wanted, "the login names the symbols")
    s.equal(login.get("access_key"), s.world.keys[ME].api_key, "the login has the key")


@case(
    "gateway/auth/020",
    "Every request after the login has the login's token.",
    requirement="`token` is part of every operation but ping and login; it is opaque.",
    source="gw§3",
    needs=(*STREAM, "place_order", "open_orders"),
)
async def token_goes_along(s: Session) -> None:
    await s.client("stream_open", private=True)
    await place(s, "buy", s.facts.pair.qty, price(s, 0))
    await s.client("open_orders", symbol=s.facts.pair.symbol)
    (reply,) = await replies(s, "login")
    requests = await s.wire.entries(IN, where=lambda each: said(each).get("op") in TALKS)
    for each in requests:
        s.equal(said(each).get("token"), said(reply)["token"], "the request has the token", at=(reply, each))


async def _refused_login(s: Session, instruments: Json) -> Refusal:
    await s.start(instruments=instruments, timeout_ms=QUICK_MS)
    return await s.client.refused("stream_open", "a login that leads to code 1 is an error", private=True)


def _nowhere(s: Session) -> Json:
    return [{**each, "platform": "nowhere"} for each in s.instruments]


def _unlisted(s: Session) -> Json:
    return [{**s.instruments[0], "symbol": "NO_SUCH", "base": "NO", "quote": "SUCH"}]


@case(
    "gateway/auth/030",
    "A login to a platform that there is not is told as an error, though its reply says yes.",
    requirement="A bad platform does not fail the reply: the token is issued, then state code 1 arrives.",
    source="gw§5",
    needs=STREAM,
)
async def bad_platform(s: Session) -> None:
    refusal = await _refused_login(s, _nowhere(s))
    s.equal(await states(s), [PARAM_MISS], "the gateway says what is wrong")
    s.expect(refusal.kind != "timeout", "the error is the gateway's", expected="any kind but timeout", seen=str(refusal))


@case(
    "gateway/auth/040",
    "A login that led to code 1 is logged out.",
    requirement="After code 1 the identity stays taken until logout or disconnect; only another login helps.",
    source="gw§12",
    needs=STREAM,
)
async def wrong_login_is_given_up(s: Session) -> None:
    await _refused_login(s, _nowhere(s))
    await s.client.settle()
    gone = await s.wire.wait(IN, CLOSE, where=lambda each: each.kind == CLOSE or said(each).get("op") == "logout")
    s.expect(gone, "the login is ended", expected="a logout, or the end of the socket", seen="neither")


@case(
    "gateway/auth/050",
    "A login with a symbol that the venue does not list is told as an error.",
    requirement="A bad symbol does not fail the reply: state code 1 follows.",
    source="gw§5",
    needs=STREAM,
)
async def bad_symbol(s: Session) -> None:
    refusal = await _refused_login(s, _unlisted(s))
    s.expect(refusal.kind != "timeout", "the error is the gateway's", expected="any kind but timeout", seen=str(refusal))


@case(
    "gateway/auth/060",
    "States that come before the reply to their login count.",
    requirement="The original service sends code 1 before the reply, with a token that the client has not seen: states "
    "of unknown tokens are to be kept until then.",
    source="gw§5",
    needs=STREAM,
    world=QUIRKY,
)
async def states_before_the_reply(s: Session) -> None:
    refusal = await _refused_login(s, _nowhere(s))
    s.expect(refusal.kind != "timeout", "the error is the gateway's", expected="any kind but timeout", seen=str(refusal))


@case(
    "gateway/auth/070",
    "A key that is logged in elsewhere is an error.",
    requirement="A second login of one key to one platform fails: `Do not log in repeat`.",
    source="gw§5",
    needs=STREAM,
)
async def logged_in_elsewhere(s: Session) -> None:
    async with stranger(s) as other:
        await other.log_in(s)
        await s.start(timeout_ms=QUICK_MS)
        await s.client.refused("stream_open", "a login that is refused is an error", private=True)


@case(
    "gateway/auth/080",
    "Every token is logged out before the socket is closed.",
    requirement="The document recommends to log out first.",
    source="gw§12",
    level=Level.SHOULD,
    needs=(*STREAM, "stream_close"),
    world=ON_BOTH,
)
async def leaves_politely(s: Session) -> None:
    await s.client("stream_open", private=True)
    await s.client("stream_close")
    tokens = sorted(said(each)["token"] for each in await replies(s, "login"))
    left = sorted(said(each).get("token", "") for each in await asked(s, "logout"))
    s.equal(left, tokens, "each token is logged out")


@case(
    "gateway/auth/090",
    "After the end of a stream another one logs in anew.",
    requirement="A token is dead after the logout, and after the end of its socket; the key can log in again.",
    source="gw§5",
    needs=(*STREAM, "stream_close", "place_order"),
)
async def logs_in_anew(s: Session) -> None:
    for _ in range(2):
        await s.client("stream_open", private=True)
        await place(s, "buy", s.facts.pair.qty, price(s, 0))
        await s.client("stream_close")
    s.equal(len(await asked(s, "login")), 2, "each stream has a login of its own")
    s.equal(len(await s.venue.orders(ME)), 2, "orders are placed with either")


@case(
    "gateway/auth/100",
    "One key logs in to two platforms, and each order goes to its own.",
    requirement="The same key may log in to two platforms at once; a token belongs to one of them.",
    source="gw§5",
    needs=(*STREAM, "place_order", "place_order.position"),
    world=ON_BOTH,
)
async def two_platforms(s: Session) -> None:
    spot, contract = s.facts.pair, s.facts.contract
    await s.client("stream_open", private=True)
    logins = [said(each)["platform"] for each in await asked(s, "login")]
    s.equal(sorted(logins), sorted(platform(s, each).name for each in ON_BOTH.platforms), "there is a login for each platform")
    await place(s, "buy", spot.qty, spot.price)
    terms = {"side": "buy", "type": "limit", "price": f"{contract.price:f}", "qty": f"{contract.qty:f}"}
    await s.client("place_order", symbol=contract.symbol, **terms, position={"merge": "long"})
    seen = sorted(each["symbol"] for each in await s.venue.orders(ME))
    s.equal(seen, sorted([spot.symbol, contract.symbol]), "each order is where it was meant to be")


@case(
    "gateway/auth/110",
    "Several platforms share one socket.",
    requirement="One socket is enough for many platforms: several logins, each with a token of its own.",
    source="gw§1",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=STREAM,
    world=ON_BOTH,
)
async def one_socket_for_all(s: Session) -> None:
    await s.client("stream_open", private=True)
    sockets = await taken(s)
    s.equal(len(sockets), 1, "there is one socket", at=sockets)


@case(
    "gateway/auth/120",
    "Each platform is logged in to with the key of its own venue.",
    requirement="An identity is a key at a platform; several venues stand behind one gateway, each with keys of its own.",
    source="gw§5",
    needs=(*STREAM, "place_order"),
    world=ON_TWO_VENUES,
)
async def keys_of_two_venues(s: Session) -> None:
    other = platform(s, ELSEWHERE)
    assert other.pair is not None
    await s.client("stream_open", private=True)
    logins = {said(each)["platform"]: said(each)["access_key"] for each in await asked(s, "login")}
    own = {platform(s, name): s.world.keys_at[platform(s, name).venue][ME].api_key for name in ON_TWO_VENUES.platforms}
    s.equal(logins, {each.name: key for each, key in own.items()}, "each login has the key of its venue")
    for pair in (s.facts.pair, other.pair):
        await s.client("place_order", symbol=pair.symbol, side="buy", type="limit", price=text(pair.price), qty=text(pair.qty))
    for name, pair in ((SPOT, s.facts.pair), (ELSEWHERE, other.pair)):
        seen = [each["symbol"] for each in await s.at(name).orders(ME)]
        s.equal(seen, [pair.symbol], "each venue has its own order")
