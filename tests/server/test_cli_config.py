"""What the command line and the file say, and how clearly it is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from server_rig import START_NS, TOY

from mockex.cli import cli, serve
from mockex.config import GatewayOptions, Options, ServeConfig, VenueOptions, decide, read_file
from mockex.config_tables import ConfigError
from mockex.gateway.platform import MarginMode
from mockex.server.runner import CONTROL, GATEWAY, GatewaySettings, TlsSettings
from mockex.simulation import SimulationSettings
from mockex.wire.venue import Listing
from mockex.world import SimulatedWorld, installed_venues

INSTRUMENT = """
[[venues.toyx.instruments]]
symbol = "AAA2-BBB"
base = "AAA"
quote = "BBB"
tick_size = "0.5"
lot_size = 0.01
min_qty = 1
reference_price = 2.5e2
"""

EVERYTHING = f"""
serve = ["toyx"]
host = "127.0.0.9"
port_base = 20000
control_port = 20500
seed = 7
market = "quiet"
clock = "frozen"
limits = false
tls = true
tls_ca = "authority.pem"
ready_file = "ready.json"

[gateway]
port = 20300
switches = {{ legacy_quirks = true, margin_mode = "fixed" }}

[venues.toyx]
port = 0
tls_port = 20600
profile = "observed"
limits = true

[venues.toyx.switches]
sockets_closed = true
mood = "bad"
{INSTRUMENT}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mockex.toml"
    path.write_text(text, encoding="utf-8")
    return path


def decided(options: Options) -> ServeConfig:
    return decide(options, installed_venues(), start_ns=START_NS)


def toy_settings_of(config: ServeConfig) -> SimulationSettings:
    return config.server.world.venue_settings[TOY]


# --- what is understood


def test_nothing_said_means_every_venue_live_at_the_default_ports() -> None:
    config = decided(Options())

    assert config.ready_file is None
    assert (config.server.host, config.server.clock) == ("127.0.0.1", "real")
    assert config.server.ports == {CONTROL: 9_870, GATEWAY: 9_878, TOY: 9_870 + 77}
    assert config.server.tls is None
    assert (config.server.gateway, config.server.needs_gateway) == (GatewaySettings(), False)
    world = config.server.world
    assert (world.start_ns, world.venues, world.seed, world.market) == (START_NS, (TOY,), 1, "live")
    assert toy_settings_of(config) == SimulationSettings()


def test_a_file_may_say_everything(tmp_path: Path) -> None:
    config = decided(read_file(written(tmp_path, EVERYTHING), installed_venues()))

    assert config.ready_file == Path("ready.json")
    assert (config.server.host, config.server.clock) == ("127.0.0.9", "frozen")
    assert config.server.ports == {CONTROL: 20_500, GATEWAY: 20_300, TOY: 0, "toyx.tls": 20_600}
    assert config.server.tls == TlsSettings(ca_file=Path("authority.pem"))
    assert config.server.gateway == GatewaySettings(legacy_quirks=True, margin_mode=MarginMode.FIXED)
    world = config.server.world
    assert (world.venues, world.seed, world.market) == ((TOY,), 7, "quiet")
    assert toy_settings_of(config) == SimulationSettings(
        profile="observed",
        switches={"sockets_closed": True, "mood": "bad"},
        limits_enabled=True,
        listings=(
            Listing(
                symbol="AAA2-BBB",
                base="AAA",
                quote="BBB",
                tick_size=Decimal("0.5"),
                lot_size=Decimal("0.01"),
                min_qty=Decimal(1),
                reference_price=Decimal(250),
            ),
        ),
    )
    assert set(SimulatedWorld(world).simulations[TOY].listings) == {"AAA-BBB", "AAA2-BBB"}


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, ""), installed_venues()) == Options()


def test_what_was_typed_wins_over_what_is_written() -> None:
    file = Options(
        seed=1,
        market="live",
        limits=True,
        tls=False,
        tls_ca=Path("ca"),
        venues={TOY: VenueOptions(port=1, tls_port=3, profile="observed", switches={"mood": "bad"})},
    )
    typed = Options(seed=2, limits=False, tls=True, venues={TOY: VenueOptions(port=2, switches={"sockets_closed": True})})

    assert typed.over(file) == Options(
        seed=2,
        market="live",
        limits=False,
        tls=True,
        tls_ca=Path("ca"),
        venues={TOY: VenueOptions(port=2, tls_port=3, profile="observed", switches={"mood": "bad", "sockets_closed": True})},
    )


def test_a_port_base_of_zero_takes_any_free_port_for_all() -> None:
    assert decided(Options(port_base=0)).server.ports == {CONTROL: 0, GATEWAY: 0, TOY: 0}
    assert decided(Options(port_base=0, tls=True)).server.ports == {CONTROL: 0, GATEWAY: 0, TOY: 0, "toyx.tls": 0}


def test_there_is_no_gateway_if_somebody_says_so_whatever_a_file_says_of_it() -> None:
    file = Options(gateway=GatewayOptions(port=9_000, switches={"legacy_quirks": True}))
    config = decided(Options(gateway=GatewayOptions(on=False)).over(file))

    assert config.server.gateway is None
    assert GATEWAY not in config.server.ports


def test_who_names_the_gateways_port_needs_the_gateway() -> None:
    config = decided(Options(gateway=GatewayOptions(port=9_000)).over(Options(gateway=GatewayOptions(on=False))))

    assert (config.server.gateway, config.server.needs_gateway) == (GatewaySettings(), True)
    assert config.server.ports[GATEWAY] == 9_000


def test_settings_of_a_gateway_that_is_not_wanted_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="settings of the gateway, but no gateway"):
        decided(Options(gateway=GatewayOptions(on=False, port=9_000)))


def test_tls_listens_a_hundred_above() -> None:
    ports = {CONTROL: 20_000, GATEWAY: 20_008, TOY: 20_077, "toyx.tls": 20_177}
    assert decided(Options(port_base=20_000, tls=True)).server.ports == ports
    moved = Options(port_base=20_000, tls=True, venues={TOY: VenueOptions(port=5)})
    assert decided(moved).server.ports == {**ports, TOY: 5}


@pytest.mark.parametrize(
    ("ready_file", "tls_ca", "written"),
    [
        (None, None, None),
        ("there/ready.json", None, "there/ready.ca.pem"),
        ("ready", None, "ready.ca.pem"),
        ("there/ready.json", "here/ca.pem", "here/ca.pem"),
        (None, "here/ca.pem", "here/ca.pem"),
    ],
)
def test_the_authority_is_written_beside_the_ready_file_or_where_it_is_wanted(
    ready_file: str | None, tls_ca: str | None, written: str | None
) -> None:
    options = Options(tls=True, ready_file=ready_file and Path(ready_file), tls_ca=tls_ca and Path(tls_ca))

    assert decided(options).server.tls == TlsSettings(ca_file=written and Path(written))


def test_switched_off_limits_hold_for_every_venue_that_does_not_say_otherwise() -> None:
    assert not toy_settings_of(decided(Options(limits=False))).limits_enabled
    kept = Options(limits=False, venues={TOY: VenueOptions(limits=True)})
    assert toy_settings_of(decided(kept)).limits_enabled


# --- what is not


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("sed = 1", "sed: unknown key; expected one of serve, host, port_base"),
        ("seed = 'one'", "seed: expected a whole number from 0 to 9223372036854775807, not 'one'"),
        ("seed = -1", "seed: expected a whole number from 0"),
        ("seed = true", "seed: expected a whole number"),
        ("seed = 1.0", "seed: expected a whole number"),
        ("host = ''", "host: expected text, not ''"),
        ("market = 'wild'", "market: expected live or quiet, not 'wild'"),
        ("clock = 1", "clock: expected real or frozen, not 1"),
        ("limits = 'no'", "limits: expected true or false, not 'no'"),
        ("port_base = 70000", "port_base: expected a whole number from 0 to 65535, not 70000"),
        ("ready_file = 1", "ready_file: expected a path, not 1"),
        ("tls = 'yes'", "tls: expected true or false, not 'yes'"),
        ("tls_ca = ''", "tls_ca: expected a path, not ''"),
        ("[venues.toyx]\ntls_port = 70000", "venues.toyx.tls_port: expected a whole number from 0 to 65535, not 70000"),
        (r'ready_file = "a\u0000b"', "ready_file: expected a path, not "),
        pytest.param(f"seed = {'[' * 50_000}", "nested too deeply", id="deep"),
        ("serve = 'toyx'", "serve: expected a list of toyx, not 'toyx'"),
        ("serve = []", "serve: expected a list of toyx, not []"),
        ("serve = ['other']", "serve: expected a list of toyx, not ['other']"),
        ("venues = 1", "venues: expected a table, not 1"),
        ("[venues.other]", "venues.other: unknown key; expected toyx"),
        ("venues.toyx = 'on'", "venues.toyx: expected a table, not 'on'"),
        ("[venues.toyx]\nprot = 1", "venues.toyx.prot: unknown key; expected one of"),
        ("[venues.toyx]\nport = 'x'", "venues.toyx.port: expected a whole number from 0 to 65535, not 'x'"),
        ("[venues.toyx]\nprofile = 'real'", "venues.toyx.profile: expected documented or observed, not 'real'"),
        (
            "[venues.toyx.switches]\nmoods = 'bad'",
            "venues.toyx.switches.moods: unknown key; expected one of sockets_closed, mood, patience",
        ),
        ("[venues.toyx.switches]\nmood = 'ugly'", "venues.toyx.switches.mood: expected good or bad, not 'ugly'"),
        (
            "[venues.toyx.switches]\npatience = 0",
            "venues.toyx.switches.patience: expected a whole number from 1 to 1000000000, not 0",
        ),
        (
            "[venues.toyx.switches]\npatience = true",
            "venues.toyx.switches.patience: expected a whole number from 1 to 1000000000, not true",
        ),
        ("[venues.toyx.switches]\nsockets_closed = 1", "venues.toyx.switches.sockets_closed: expected true or false, not 1"),
        ("[venues.toyx]\ninstruments = 1", "venues.toyx.instruments: expected tables, each under [[venues.toyx.instruments]]"),
        (INSTRUMENT.replace('"0.5"', '"half"'), "venues.toyx.instruments[0].tick_size: expected a positive number, not 'half'"),
        (INSTRUMENT.replace('"0.5"', "0"), "venues.toyx.instruments[0].tick_size: expected a positive number, not 0"),
        (INSTRUMENT.replace('"0.5"', "-0.5"), "venues.toyx.instruments[0].tick_size: expected a positive number, not -0.5"),
        (INSTRUMENT.replace('"0.5"', "nan"), "venues.toyx.instruments[0].tick_size: expected a positive number, not NaN"),
        (INSTRUMENT.replace('"0.5"', "1e99"), "venues.toyx.instruments[0].tick_size: expected a positive number, not 1E+99"),
        (INSTRUMENT.replace('"0.5"', "true"), "venues.toyx.instruments[0].tick_size: expected a positive number, not true"),
        (INSTRUMENT.replace('"0.5"', '"1e-30"'), "venues.toyx.instruments[0]: AAA2-BBB: one lot at one tick in BBB atoms must"),
        (INSTRUMENT.replace('"AAA"', '"ZZZ"'), "venues.toyx.instruments[0]: AAA2-BBB: asset ZZZ is not listed"),
        (INSTRUMENT.replace('quote = "BBB"', ""), "venues.toyx.instruments[0].quote: missing"),
        (INSTRUMENT + "tick = 1", "venues.toyx.instruments[0].tick: unknown key; expected one of symbol, base"),
        ("seed = ", "not TOML: "),
        ("seed = 1\nseed = 2", "not TOML: "),
    ],
)
def test_a_file_is_refused_in_one_line_that_names_the_key(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        read_file(path, installed_venues())

    assert str(refused.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mockex.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not TOML"):
        read_file(path, installed_venues())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mockex\.toml: No such file or directory"):
        read_file(tmp_path / "mockex.toml", installed_venues())


def test_ports_beyond_the_last_are_refused() -> None:
    with pytest.raises(ConfigError, match="port base 65500 puts toyx at port 65577; the highest is 65535"):
        decided(Options(port_base=65_500))


def test_ports_for_tls_beyond_the_last_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"port base 65400 puts toyx\.tls at port 65577; the highest is 65535"):
        decided(Options(port_base=65_400, tls=True))


@pytest.mark.parametrize("tls", [None, False])
@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (Options(tls_ca=Path("ca.pem")), "a certificate at ca.pem"),
        (Options(venues={TOY: VenueOptions(tls_port=0)}), "a port for toyx.tls"),
    ],
    ids=["certificate", "port"],
)
def test_wishes_about_tls_without_tls_are_refused(wish: Options, complaint: str, tls: bool | None) -> None:
    with pytest.raises(ConfigError) as refused:
        decided(replace(wish, tls=tls))

    assert str(refused.value) == f"{complaint}, but no TLS: add --tls, or tls = true in the file"


def test_one_file_cannot_be_two() -> None:
    with pytest.raises(ConfigError, match="ready cannot be both the ready file and the certificate of TLS"):
        decided(Options(tls=True, tls_ca=Path("ready"), ready_file=Path("ready").absolute()))


def test_every_option_of_the_command_line_has_help() -> None:
    assert [option.name for option in serve.params if not getattr(option, "help", None)] == []


def test_the_list_of_venues_shows_what_can_be_set() -> None:
    shown = CliRunner().invoke(cli, ["venues"]).output

    for word in (TOY, "9947", "documented", "observed", "toyx.sockets_closed=false", "toyx.mood=good", "good or bad"):
        assert word in shown


def test_the_list_of_venues_is_whole_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = CliRunner().invoke(cli, ["venues"]).output
    texts = [installed_venues()[TOY].source, *(each.help for each in installed_venues()[TOY].switches.values())]

    assert "…" not in shown
    assert [text for text in texts if text[:20] not in shown] == []
