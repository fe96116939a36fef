"""`mockex.World`: simulated exchanges inside a program, on its own event loop."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from mockex.clients.okcoinjp.client import OkcoinClient
from mockex.clients.okcoinjp.errors import OkcoinError
from mockex.clients.okcoinjp.signing import Credentials

import mockex
from mockex.embedded import Key, VenueHandle
from mockex.operator.keys import KeyRequest

START = datetime(2026, 1, 1, tzinfo=UTC)
INSTRUMENTS = "/api/spot/v3/instruments"
SELL = {"account": "bob", "symbol": "BTC-JPY", "side": "sell", "price": "5000000", "qty": "0.01"}


@pytest.fixture
async def world() -> AsyncIterator[mockex.RunningWorld]:
    options: dict[str, Any] = {"venues": ["okcoinjp"], "balances": {"alice": {"BTC": "1", "JPY": 100_000}}}
    async with mockex.World(**options) as running:
        yield running
        running.check()


@pytest.fixture
def venue(world: mockex.RunningWorld) -> VenueHandle:
    return world.okcoinjp


@pytest.fixture
async def client(venue: VenueHandle) -> AsyncIterator[OkcoinClient]:
    async with OkcoinClient(venue.rest_url, credentials=Credentials(**venue.keys["alice"])) as opened:
        yield opened


async def status_of(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


async def test_a_client_signs_with_its_own_clock_and_sees_its_balance(client: OkcoinClient) -> None:
    reply = await client.rest.get_private("/api/spot/v3/accounts/BTC")
    assert isinstance(reply.payload, dict)
    assert Decimal(str(reply.payload["available"])) == 1


async def test_the_operators_orders_meet_the_clients(venue: VenueHandle, client: OkcoinClient) -> None:
    venue.place(**SELL)
    order = {"type": "limit", "side": "buy", "instrument_id": "BTC-JPY", "price": "5000000", "size": "0.01"}
    reply = await client.rest.post_private("/api/spot/v3/orders", order)
    assert isinstance(reply.payload, dict)
    placed = venue.order(str(reply.payload["order_id"]))
    assert (placed["status"], placed["account"]) == ("filled", "alice")
    assert venue.balances("alice")["spot"]["JPY"].total == Decimal(50_000)
    assert venue.book("BTC-JPY")["asks"] == []


async def test_a_planned_fault_reaches_the_client_once(venue: VenueHandle, client: OkcoinClient) -> None:
    venue.fail_next(code="30030", method="GET", path="/api/spot/v3/accounts/{currency}", account="alice")
    with pytest.raises(OkcoinError) as failure:
        await client.rest.get_private("/api/spot/v3/accounts/BTC")
    assert failure.value.code == 30030
    assert venue.faults() == []
    await client.rest.get_private("/api/spot/v3/accounts/BTC")


async def test_maintenance_stops_the_clients_orders(venue: VenueHandle, client: OkcoinClient) -> None:
    venue.set_maintenance(on=True)
    order = {"type": "limit", "side": "buy", "instrument_id": "BTC-JPY", "price": "5000000", "size": "0.01"}
    with pytest.raises(OkcoinError) as failure:
        await client.rest.post_private("/api/spot/v3/orders", order)
    assert failure.value.code == 30038
    assert venue.orders("alice", status="all") == []
    venue.set_maintenance(on=False)
    await client.rest.post_private("/api/spot/v3/orders", order)
    assert len(venue.orders("alice")) == 1


async def test_a_push_leaves_after_an_operators_order(venue: VenueHandle, world: mockex.RunningWorld) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(venue.ws_url) as socket:
        await socket.send_json({"op": "subscribe", "args": ["spot/trade:BTC-JPY"]})
        await socket.receive(timeout=20)
        venue.place(**SELL)
        venue.place(**{**SELL, "account": "alice", "side": "buy"})
        world.clock.advance(seconds=1)
        message = await socket.receive(timeout=20)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)


async def test_orders_are_listed_and_cancelled(venue: VenueHandle) -> None:
    first, second = venue.place(**SELL), venue.place(**SELL, client_id="mine")
    assert venue.cancel(first["order_id"])["status"] == "cancelled"
    assert [order["client_id"] for order in venue.orders("bob", symbol="BTC-JPY")] == ["mine"]
    assert [order["order_id"] for order in venue.cancel_all("bob", symbol="BTC-JPY")] == [second["order_id"]]
    assert len(venue.orders(status="cancelled", limit=5)) == 2


async def test_balances_name_every_wallet_and_asset(venue: VenueHandle) -> None:
    venue.place(account="alice", symbol="BTC-JPY", side="sell", price="9000000", qty="0.25")
    balances = venue.balances("alice")
    assert balances["spot"]["BTC"] == (Decimal(1), Decimal("0.75"), Decimal("0.25"))
    assert balances["funding"]["XRP"].total == 0
    assert balances.keys() == {"spot", "funding"}


async def test_money_is_given_and_taken(venue: VenueHandle) -> None:
    venue.deposit("alice", "BTC", "0.5")
    venue.deposit("alice", "BTC", 2, wallet="funding")
    venue.withdraw("alice", "JPY", Decimal("0.01"))
    balances = venue.balances("alice")
    assert balances["spot"]["BTC"].total == Decimal("1.5")
    assert balances["funding"]["BTC"].total == 2
    assert balances["spot"]["JPY"].total == Decimal("99999.99")
    with pytest.raises(ValueError, match="amount must be a decimal number"):
        venue.deposit("alice", "BTC", 0.1)  # type: ignore[arg-type]  # what a careless caller writes
    assert venue.balances("alice") == balances


async def test_accounts_and_keys_are_made_frozen_and_removed(venue: VenueHandle) -> None:
    made = venue.create_account("carol", {"BTC": "3"}, keys=[KeyRequest(name="c", permissions=("read",))])
    assert [key["permissions"] for key in made["keys"]] == [["read"]]
    assert venue.account("carol") == made
    key = venue.create_key("carol", "d", allowed_ips=["10.0.0.1"])
    assert venue.keys["d"] == key
    async with OkcoinClient(venue.rest_url, credentials=Credentials(**key)) as elsewhere:
        with pytest.raises(OkcoinError):
            await elsewhere.rest.get_private("/api/spot/v3/accounts")
    assert venue.freeze_key("c")["frozen"]
    assert not venue.thaw_key("c")["frozen"]
    venue.remove_key("c")
    assert list(venue.keys) == ["alice", "bob", "viewer", "d"]
    assert venue.freeze("carol")["frozen"]
    with pytest.raises(ValueError, match="the account is frozen; thaw it first"):
        venue.place(**{**SELL, "account": "carol"})
    assert not venue.thaw("carol")["frozen"]


async def test_a_key_is_a_mapping_that_hides_its_secret() -> None:
    key = Key(api_key="k", secret="s", passphrase="p")
    assert dict(**key) == {"api_key": "k", "secret": "s", "passphrase": "p"}
    assert (len(key), list(key), key["secret"]) == (3, ["api_key", "secret", "passphrase"], "s")
    assert repr(key) == "Key(api_key='k')"
    without = Key(api_key="k", secret="s", passphrase=None)
    assert dict(**without) == {"api_key": "k", "secret": "s"}
    for name in ("passphrase", "keys", "nothing"):
        with pytest.raises(KeyError):
            without[name]


async def test_payments_follow_the_clock_or_the_hand(venue: VenueHandle, world: mockex.RunningWorld) -> None:
    coins = venue.start_deposit("alice", "BTC", "0.1", chain="Bitcoin")
    cash = venue.start_deposit("alice", "JPY", "100", kind="cash", wallet="spot")
    assert venue.step_payment(cash["payment_id"], "fail")["status"] == "failed"
    world.clock.advance(timedelta(seconds=2))
    assert [(payment["kind"], payment["status"]) for payment in venue.payments("alice")] == [
        ("cash_deposit", "failed"),
        ("coin_deposit", "done"),
    ]
    assert coins["status"] == "waiting"
    assert venue.balances("alice")["funding"]["BTC"].total == Decimal("0.1")


async def test_instruments_and_routes_open_and_close(venue: VenueHandle) -> None:
    assert venue.halt("BTC-JPY")["phase"] == "halted"
    with pytest.raises(ValueError, match="the instrument is halted; resume it first"):
        venue.place(**SELL)
    assert venue.resume("BTC-JPY")["phase"] == "continuous"
    assert venue.set_phase("BTC-JPY", "call_auction")["phase"] == "call_auction"
    assert [each["phase"] for each in venue.instruments()][:2] == ["call_auction", "continuous"]
    venue.close_route(INSTRUMENTS)
    assert await status_of(venue.rest_url + INSTRUMENTS) == 400
    venue.open_route(INSTRUMENTS)
    assert await status_of(venue.rest_url + INSTRUMENTS) == 200
    (flag, *_) = venue.set_flag("withdrawals_frozen", account="alice")
    assert (flag["flag"], flag["on"]) == ("withdrawals_frozen", True)


async def test_time_stands_still_until_it_is_moved() -> None:
    async with mockex.World(venues=["okcoinjp"], start=START) as world:
        clock = world.clock
        assert clock.frozen
        assert clock.now == START
        assert clock.advance(seconds=0.1) == START + timedelta(milliseconds=100)
        assert clock.advance(timedelta(hours=1), seconds="0.9") == START + timedelta(hours=1, seconds=1)
        assert clock.now_ms() == 1_767_229_201_000
        for wrong in ({"seconds": -1}, {"seconds": "1e-12"}, {"seconds": "soon"}, {"seconds": 1e20}):
            with pytest.raises(ValueError):
                clock.advance(**wrong)
        assert clock.now_ns() == 1_767_229_201_000_000_000


async def test_a_world_may_follow_real_time() -> None:
    async with mockex.World(venues=["okcoinjp"], clock="real") as world:
        assert not world.clock.frozen
        assert abs(world.clock.now - datetime.now(UTC)) < timedelta(seconds=60)
        before = world.clock.now_ns()
        assert world.clock.now_ns() > before
        world.clock.freeze()
        assert world.clock.now_ns() == world.clock.now_ns()
        world.clock.resume()
        assert not world.clock.frozen


async def test_a_world_may_be_reached_by_the_real_names_over_tls() -> None:
    names = ("www.okcoin.jp", "connect.okcoin.jp", "www.okj.com", "connect.okj.com")  # okj§2
    async with mockex.World(venues=["okcoinjp"], tls=True) as world, aiohttp.ClientSession() as session:
        venue, trust = world.okcoinjp, ssl.create_default_context(cafile=world.tls_ca)
        for name in names:
            async with session.get(f"{venue.tls_rest_url}{INSTRUMENTS}", ssl=trust, server_hostname=name) as reply:
                assert reply.status == 200
        assert venue.tls_ws_urls == {"main": venue.tls_ws_url}
        async with session.ws_connect(venue.tls_ws_url, ssl=trust) as stream:
            await stream.send_str(json.dumps({"op": "subscribe", "args": ["spot/ticker:BTC-JPY"]}))
            assert (await stream.receive(timeout=20)).type is aiohttp.WSMsgType.BINARY
        written = world.tls_ca

    assert not written.exists()


async def test_limits_are_enforced_on_request_and_follow_the_clock() -> None:
    async with mockex.World(venues=["okcoinjp"], limits=True) as world:
        url = world.okcoinjp.rest_url + INSTRUMENTS
        statuses = [await status_of(url) for _ in range(21)]  # 20 per 2 seconds (okj§4)
        assert statuses == [200] * 20 + [429]
        world.clock.advance(seconds=2)
        assert await status_of(url) == 200


async def test_a_reset_gives_the_same_keys_and_balances_and_no_orders(venue: VenueHandle, world: mockex.RunningWorld) -> None:
    keys, balances = venue.keys, venue.balances("bob")
    venue.place(**SELL)
    world.reset()
    assert venue.keys == keys
    assert venue.balances("bob") == balances
    assert venue.orders(status="all") == []


async def test_a_recording_shows_what_a_client_sent_and_got(venue: VenueHandle, client: OkcoinClient) -> None:
    await client.rest.get_private("/api/spot/v3/accounts/BTC")
    assert venue.recording() == []
    venue.record()
    await client.rest.get_private("/api/spot/v3/accounts/BTC")
    asked, answered = venue.recording()
    assert (asked["kind"], asked["route"], asked["key"]) == ("request", "GET /api/spot/v3/accounts/{currency}", "alice")
    assert (answered["to"], answered["status"], answered["delivery"]) == (1, 200, "sent")
    assert venue.recording(after=1) == [answered]
    venue.record(on=False)
    await client.rest.get_private("/api/spot/v3/accounts/BTC")
    assert venue.recording() == [asked, answered]
    with pytest.raises(ValueError, match="after is 0 or more, not -1"):
        venue.recording(after=-1)


async def test_a_reset_drops_the_recording(venue: VenueHandle, world: mockex.RunningWorld, client: OkcoinClient) -> None:
    venue.record()
    await client.rest.get_private("/api/spot/v3/accounts/BTC")
    world.reset()
    await client.rest.get_private("/api/spot/v3/accounts/BTC")
    assert venue.recording() == []


async def test_a_reset_knows_nothing_of_what_the_control_api_chose_for_one_world(
    venue: VenueHandle, world: mockex.RunningWorld
) -> None:
    keys = venue.keys
    url, other = f"{world.control_url}/_mockex/v1/reset", {"seed": 5, "clock": "real"}
    async with aiohttp.ClientSession() as session, session.post(url, json=other) as response:
        assert response.status == 200
    assert venue.keys != keys
    world.reset()
    assert (venue.keys, world.clock.frozen) == (keys, True)


async def test_the_same_seed_gives_the_same_keys_and_another_one_does_not() -> None:
    async def alice(seed: int) -> Key:
        async with mockex.World(venues=["okcoinjp"], seed=seed) as world:
            return world.okcoinjp.keys["alice"]

    assert await alice(5) == await alice(5)
    assert await alice(5) != await alice(6)


async def test_settings_reach_their_venue() -> None:
    options: dict[str, Any] = {"profiles": {"okcoinjp": "observed"}, "switches": {"okcoinjp": {"batch_key": "dash"}}}
    async with mockex.World(venues=["okcoinjp"], **options) as world:
        state = world.state()["venues"]["okcoinjp"]
    assert state["profile"] == "observed"
    assert state["switches"]["batch_key"] == "dash"


async def test_the_control_api_is_there(world: mockex.RunningWorld) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{world.control_url}/_mockex/v1/state") as response:
        assert json.loads(await response.text())["urls"]["okcoinjp"]["rest"] == world.okcoinjp.rest_url


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"venues": ["mtgox"]}, "there is no venue 'mtgox'; there are"),
        ({"venues": "okcoinjp"}, r"venues is a list of names: \['okcoinjp'\]"),
        ({"venues": 5}, "venues is a list of names, not 5"),
        ({"market": "wild"}, '"quiet" or "live"'),
        ({"seed": "7"}, "seed is a whole number, not '7'"),
        ({"limits": "off"}, "limits is True or False, not 'off'"),
        ({"start": "2026-01-01"}, "start is a datetime with a time zone, "),
        ({"profiles": ["observed"]}, "profiles is a dict of venue -> profile, "),
        ({"switches": {"okcoinjp": True}}, "switches is a dict of venue -> switch -> value, "),
        ({"balances": {"alice": "1000"}}, "balances is a dict of account -> asset -> amount, "),
        ({"clock": "wound"}, '"frozen" or "real"'),
        ({"start": datetime(2026, 1, 1)}, "start needs a time zone"),  # noqa: DTZ001  # the mistake under test
        ({"start": datetime(1969, 1, 1, tzinfo=UTC)}, "start lies between 1970 and 2262"),
        ({"balances": {"a b": {}}}, "an account's name is 1 to 64 printable"),
        ({"profiles": {"mtgox": "x"}}, "settings for 'mtgox', which is not among the venues: okcoinjp"),
        ({"profiles": {"okcoinjp": "imagined"}}, "has no profile 'imagined'"),
        ({"switches": {"okcoinjp": {"turbo": True}}}, "has no switch 'turbo'"),
        ({"balances": {"alice": {"DOGE": "1"}}}, "has no asset 'DOGE'"),
        ({"balances": {"alice": {"BTC": 0.5}}}, "the balance of BTC must be a decimal number"),
        ({"balances": {"alice": {"BTC": "-1"}}}, "cannot be negative"),
    ],
)
async def test_a_world_that_cannot_be_says_why(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        async with mockex.World(**{"venues": ["okcoinjp"], **options}):
            pass


async def test_time_moves_by_a_timedelta_or_by_seconds_alone(world: mockex.RunningWorld) -> None:
    before = world.clock.now_ns()
    with pytest.raises(TypeError, match=r"by a timedelta or by seconds=\.\.\., not by 60"):
        world.clock.advance(60)  # type: ignore[arg-type]  # the mistake under test
    assert world.clock.now_ns() == before


async def test_an_unknown_venue_is_named_with_those_there_are(world: mockex.RunningWorld) -> None:
    with pytest.raises(AttributeError, match="this world has no venue 'okcoinpj'; it has okcoinjp"):
        world.okcoinpj  # noqa: B018  # reading it is the test
    with pytest.raises(KeyError, match="it has okcoinjp"):
        world["okcoinpj"]
    assert world.venues == ("okcoinjp",)


async def test_a_broken_world_is_reported() -> None:
    async with mockex.World(venues=["okcoinjp"]) as world:
        world.check()

        def rob(simulated: Any) -> None:
            account = simulated.simulations["okcoinjp"].desk.exchange.accounts["alice"]
            next(iter(next(iter(account.wallets.values())).values())).total += 1

        world.inside(rob)
        with pytest.raises(AssertionError, match=r"okcoinjp: .* is not conserved: 1 atoms too many"):
            world.check()


def test_the_package_has_a_version_and_nothing_by_another_name() -> None:
    assert mockex.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="has no attribute 'Wordl'"):
        mockex.Wordl  # noqa: B018  # reading it is the test
