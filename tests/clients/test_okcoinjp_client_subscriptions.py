"""Which channel an error event is about, and who waits for what."""

import pytest
from mockex.clients.okcoinjp import errors
from mockex.clients.okcoinjp.subscriptions import Subscriptions, blamed_channels
from mockex.clients.okcoinjp.vocabulary import StreamOp

OPEN = ["spot/ticker:BTC-JPY", "spot/order:BTC-JPY", "spot/order:ETH-JPY"]
UNKNOWN = errors.UnknownChannelError
LOGIN = errors.AuthenticationError
LIMIT = errors.RateLimitError


@pytest.mark.parametrize(
    ("error", "blamed"),
    [
        # The texts are those of the document and of captured frames.
        (UNKNOWN("Channel spot/order:ETH-JPY doesn't exist", code=30040), ["spot/order:ETH-JPY"]),
        (UNKNOWN("Channel SPOT/ORDER:eth-jpy doesn't exist", code=30040), ["spot/order:ETH-JPY"]),
        (UNKNOWN("Channel spot/order doesn't exist", code=30040), ["spot/order:BTC-JPY"]),
        (UNKNOWN("spot/ticker Channel : BTC-JPY doesn't exist", code=30040), ["spot/ticker:BTC-JPY"]),
        (UNKNOWN("no such channel", code=30040), ["spot/ticker:BTC-JPY"]),
        (LOGIN("User not logged in / User must be logged in", code=30041), ["spot/order:BTC-JPY"]),
        (LIMIT("Requested too frequent; endpoint limit exceeded", code=30026), OPEN),
        (
            errors.InvalidRequestError(
                'Unrecognized request: {"op":"subscribe","args":["spot/order:BTC-JPY","spot/order:ETH-JPY"]}', code=30039
            ),
            ["spot/order:BTC-JPY", "spot/order:ETH-JPY"],
        ),
    ],
)
def test_error_event_is_about(error: errors.OkcoinError, blamed: list[str]) -> None:
    assert list(blamed_channels(error, OPEN)) == blamed


def test_depth_is_not_blamed_for_depth5() -> None:
    channels = ["spot/depth:BTC-JPY", "spot/depth5:BTC-JPY"]

    assert blamed_channels(UNKNOWN("Channel spot/depth5 doesn't exist"), channels) == ("spot/depth5:BTC-JPY",)


def test_login_error_without_an_open_private_channel_is_about_none() -> None:
    assert blamed_channels(LOGIN("User not logged in", code=30041), ["spot/ticker:BTC-JPY"]) == ()


async def test_acknowledgement_settles_its_channel_in_any_case_of_letters() -> None:
    subscriptions = Subscriptions()
    first, second = subscriptions.want(["spot/ticker:btc-jpy", "spot/trade:btc-jpy"])

    subscriptions.acknowledge(StreamOp.SUBSCRIBE, "spot/ticker:BTC-JPY")

    assert (first.done(), second.done()) == (True, False)
    assert subscriptions.wanted == ("spot/ticker:btc-jpy", "spot/trade:btc-jpy")


async def test_refused_channel_is_wanted_no_longer_and_the_others_stay() -> None:
    subscriptions = Subscriptions()
    refused, other = subscriptions.want(["spot/x:A-B", "spot/ticker:A-B"])
    error = UNKNOWN("Channel spot/x:A-B doesn't exist", code=30040)

    assert subscriptions.refuse(error) == ("spot/x:A-B",)
    assert refused.exception() is error
    assert not other.done()
    assert subscriptions.wanted == ("spot/ticker:A-B",)


async def test_lost_connection_settles_unsubscriptions_only() -> None:
    subscriptions = Subscriptions()
    (wanted,) = subscriptions.want(["spot/ticker:A-B"])
    (ended,) = subscriptions.expect_end(["spot/trade:A-B"])

    subscriptions.connection_lost()

    assert (wanted.done(), ended.done()) == (False, True)


async def test_two_callers_of_one_channel_wait_for_one_answer() -> None:
    subscriptions = Subscriptions()

    assert subscriptions.want(["spot/ticker:A-B"]) == subscriptions.want(["spot/ticker:A-B"])
