"""API keys and their store."""

import random
import re

import pytest

from mockex.wire.credentials import (
    Credential,
    CredentialStore,
    KeyStyle,
    Permission,
    generate,
    hex_secret,
    readable_passphrase,
    uuid_key,
    without_dashes,
)

KEY = "6f1c2d0e-9a3b-4c5d-8e7f-0123456789ab"


def make(
    api_key: str = KEY,
    *,
    account_id: str = "alice",
    passphrase: str | None = "maple-onyx-47",
    allowed_ips: tuple[str, ...] = (),
) -> Credential:
    return Credential.create(
        api_key=api_key, secret="S3CRET", account_id=account_id, passphrase=passphrase, allowed_ips=allowed_ips
    )


def test_a_passphrase_matches_only_itself() -> None:
    credential = make(passphrase="maple-onyx-47")
    assert credential.passphrase_matches("maple-onyx-47")
    for wrong in ("", "maple-onyx-4", "Maple-onyx-47", "maple-onyx-47 ", "通", "\udcff", "x" * 100_000):
        assert not credential.passphrase_matches(wrong)


def test_a_key_without_a_passphrase_matches_none() -> None:
    assert not make(passphrase=None).passphrase_matches("")


def test_a_passphrase_may_be_any_text() -> None:
    assert make(passphrase="通貨 🔑").passphrase_matches("通貨 🔑")
    assert make(passphrase="").passphrase_matches("")


def test_equal_passphrases_of_two_keys_are_not_stored_alike() -> None:
    one, other = make("key-1").passphrase, make("key-2").passphrase
    assert one is not None
    assert other is not None
    assert one._digest != other._digest


def test_a_credential_shows_no_secret() -> None:
    shown = repr(make())
    assert "S3CRET" not in shown
    assert "maple" not in shown
    assert KEY in shown


def test_a_credential_signs_with_its_secret() -> None:
    # RFC 4231, section 4.3.
    credential = Credential.create(api_key="k", secret="Jefe", account_id="alice")
    assert credential.hmac_key.hex(b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize(
    ("allowed", "ip", "allows"),
    [
        ((), "203.0.113.7", True),
        (("203.0.113.7",), "203.0.113.7", True),
        (("203.0.113.7",), "203.0.113.70", False),
        (("203.0.113.7", "198.51.100.1"), "198.51.100.1", True),
        (("203.0.113.7",), "::ffff:203.0.113.7", True),
        (("::ffff:203.0.113.7",), "203.0.113.7", True),
        (("2001:db8::1",), "2001:db8::1", True),
        (("203.0.113.7",), "", False),
    ],
)
def test_a_key_is_bound_to_its_addresses(allowed: tuple[str, ...], ip: str, allows: bool) -> None:
    assert make(allowed_ips=allowed).allows_ip(ip) is allows


def test_a_key_has_every_permission_unless_told_otherwise() -> None:
    assert make().permissions == {Permission.READ, Permission.TRADE, Permission.WITHDRAW}


def test_a_store_finds_keys_and_accounts() -> None:
    store = CredentialStore()
    first, second, other = make("k1"), make("k2"), make("k3", account_id="bob")
    for credential in (first, second, other):
        store.add(credential)
    assert store.get("k1") is first
    assert store.get("K1") is None
    assert store.of_account("alice") == (first, second)
    assert store.of_account("carol") == ()
    assert len(store) == 3


def test_a_taken_key_is_refused_and_the_store_unchanged() -> None:
    store = CredentialStore(normalise=without_dashes)
    first = make(KEY)
    store.add(first)
    with pytest.raises(ValueError, match="exists already"):
        store.add(make(KEY.replace("-", "")))
    assert store.get(KEY) is first
    assert len(store) == 1


@pytest.mark.parametrize("spelling", [KEY, KEY.replace("-", ""), KEY.upper()])
def test_a_normalising_store_takes_every_spelling_of_a_key(spelling: str) -> None:
    store = CredentialStore(normalise=without_dashes)
    credential = make(KEY)
    store.add(credential)
    assert store.get(spelling) is credential
    assert store.freeze(spelling).frozen
    assert not store.thaw(spelling).frozen
    assert store.remove(spelling) is credential
    assert store.get(KEY) is None


def test_whoever_keeps_a_key_sees_whether_it_is_still_good() -> None:
    store = CredentialStore()
    credential = make("k1")
    store.add(credential)
    assert credential.is_good
    store.freeze("k1")
    assert not credential.is_good
    store.thaw("k1")
    assert credential.is_good
    store.remove("k1")
    assert not credential.is_good


@pytest.mark.parametrize("hostile", ["", "-", "\udcff", "x" * 100_000])
def test_a_hostile_key_is_simply_unknown(hostile: str) -> None:
    store = CredentialStore(normalise=without_dashes)
    store.add(make())
    assert store.get(hostile) is None


def test_administering_an_unknown_key_is_a_key_error() -> None:
    store = CredentialStore()
    for action in (store.freeze, store.thaw, store.remove):
        with pytest.raises(KeyError):
            action("nobody")


def test_the_same_seed_gives_the_same_keys_and_another_seed_gives_others() -> None:
    style = KeyStyle()
    assert generate(random.Random(7), style=style) == generate(random.Random(7), style=style)
    assert generate(random.Random(7), style=style) != generate(random.Random(8), style=style)


def test_generated_material_has_the_shapes_it_promises() -> None:
    rng = random.Random(1)
    for _ in range(200):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid_key(rng))
        assert re.fullmatch(r"[0-9A-F]{32}", hex_secret(rng))
        assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-[0-9]{2}", readable_passphrase(rng))


def test_a_style_without_passphrase_generates_none() -> None:
    assert generate(random.Random(1), style=KeyStyle(passphrase=None)).passphrase is None


def test_generated_material_shows_no_secret() -> None:
    material = generate(random.Random(1), style=KeyStyle())
    assert material.secret not in repr(material)
    assert str(material.passphrase) not in repr(material)
