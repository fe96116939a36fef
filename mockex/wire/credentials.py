"""API keys: what a key may do, whose it is, and how to check its passphrase.

Owns keys and their store. Knows no header, no signature's text and no venue. Invariants: a passphrase is kept
only as a salted hash; a key belongs to one account for life; `repr` shows no secret. Generated keys come from
the caller's seeded generator, so the same world has the same keys.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from hmac import compare_digest

from mockex.wire.signing import HmacKey

_SALT_BYTES = 16
_IPV4_IN_IPV6 = "::ffff:"  # how a dual-stack listener reports an IPv4 peer

_PASSPHRASE_WORDS = (
    "amber", "birch", "cedar", "coral", "delta", "ember", "fable", "grove",
    "harbor", "indigo", "jasper", "kelp", "lagoon", "maple", "nectar", "onyx",
    "pebble", "quartz", "raven", "saffron", "tundra", "umber", "velvet", "willow",
)  # fmt: skip


class Permission(Enum):
    """What a key may be used for."""

    READ = auto()
    TRADE = auto()
    WITHDRAW = auto()


class HashedPassphrase:
    """A passphrase that can be checked but not read back.

    Salted by a text of the owner instead of by chance, so that worlds stay reproducible; and fast, because
    every request pays it: a deliberately slow hash would protect users that a simulator does not have.
    """

    __slots__ = ("_digest", "_salt")

    def __init__(self, passphrase: str, *, salt: str) -> None:
        self._salt = hashlib.blake2b(_utf8(salt), digest_size=_SALT_BYTES).digest()
        self._digest = self._hash(passphrase)

    def matches(self, passphrase: str) -> bool:
        """In constant time, for any text."""
        return compare_digest(self._digest, self._hash(passphrase))

    def _hash(self, passphrase: str) -> bytes:
        return hashlib.blake2b(_utf8(passphrase), digest_size=32, salt=self._salt).digest()


@dataclass(slots=True, kw_only=True, eq=False)
class Credential:
    """One API key. Only `frozen` and `removed` change after creation: who keeps the key sees there that it is no more."""

    api_key: str
    secret: str = field(repr=False)
    hmac_key: HmacKey = field(repr=False)
    passphrase: HashedPassphrase | None = field(repr=False)
    account_id: str
    label: str
    permissions: frozenset[Permission]
    allowed_ips: tuple[str, ...]
    frozen: bool = False
    removed: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it may be used at all."""
        return not self.frozen and not self.removed

    @classmethod
    def create(
        cls,
        *,
        api_key: str,
        secret: str,
        account_id: str,
        passphrase: str | None = None,
        label: str = "",
        permissions: frozenset[Permission] = frozenset(Permission),
        allowed_ips: tuple[str, ...] = (),
        algorithm: str = "sha256",
    ) -> Credential:
        """A key that signs with `algorithm` over the UTF-8 bytes of `secret`. No passphrase: None. No
        `allowed_ips`: any address.
        """
        return cls(
            api_key=api_key,
            secret=secret,
            hmac_key=HmacKey(secret.encode("utf-8"), algorithm),
            passphrase=None if passphrase is None else HashedPassphrase(passphrase, salt=api_key),
            account_id=account_id,
            label=label,
            permissions=permissions,
            allowed_ips=tuple(_plain_ip(ip) for ip in allowed_ips),
        )

    def passphrase_matches(self, passphrase: str) -> bool:
        """In constant time. A key without a passphrase matches none."""
        return self.passphrase is not None and self.passphrase.matches(passphrase)

    def allows_ip(self, ip: str) -> bool:
        """Whether a peer at `ip` may use the key."""
        return not self.allowed_ips or _plain_ip(ip) in self.allowed_ips


def _as_sent(api_key: str) -> str:
    return api_key


class CredentialStore:
    """The keys of one venue, found by key text. `normalise` maps the spellings that a venue takes for one key
    to one text.
    """

    __slots__ = ("_by_key", "_normalise")

    def __init__(self, *, normalise: Callable[[str], str] = _as_sent) -> None:
        self._normalise = normalise
        self._by_key: dict[str, Credential] = {}

    def add(self, credential: Credential) -> None:
        """ValueError if the key is taken."""
        key = self._normalise(credential.api_key)
        if key in self._by_key:
            raise ValueError(f"the API key {credential.api_key!r} exists already")
        self._by_key[key] = credential

    def get(self, api_key: str) -> Credential | None:
        return self._by_key.get(self._normalise(api_key))

    def of_account(self, account_id: str) -> tuple[Credential, ...]:
        """The account's keys, oldest first. O(all keys): for administration, not for requests."""
        return tuple(credential for credential in self._by_key.values() if credential.account_id == account_id)

    def freeze(self, api_key: str) -> Credential:
        """KeyError if there is no such key."""
        credential = self._by_key[self._normalise(api_key)]
        credential.frozen = True
        return credential

    def thaw(self, api_key: str) -> Credential:
        """KeyError if there is no such key."""
        credential = self._by_key[self._normalise(api_key)]
        credential.frozen = False
        return credential

    def remove(self, api_key: str) -> Credential:
        """KeyError if there is no such key."""
        credential = self._by_key.pop(self._normalise(api_key))
        credential.removed = True
        return credential

    def __len__(self) -> int:
        return len(self._by_key)


def without_dashes(api_key: str) -> str:
    """A `normalise` for venues whose keys are UUIDs that may be written with or without dashes, in either
    case.
    """
    return api_key.replace("-", "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaterial:
    """The texts that a user is shown once."""

    api_key: str
    secret: str = field(repr=False)
    passphrase: str | None = field(repr=False)


def uuid_key(rng: random.Random) -> str:
    """A key in the form of a random UUID: `6f1c2d0e-9a3b-4c5d-8e7f-0123456789ab`."""
    digits = f"{rng.getrandbits(128):032x}"
    variant = "89ab"[rng.getrandbits(2)]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def hex_secret(rng: random.Random) -> str:
    """A secret of 32 upper-case hexadecimal digits."""
    return f"{rng.getrandbits(128):032X}"


def readable_passphrase(rng: random.Random) -> str:
    """Three words and two digits: `maple-onyx-coral-47`."""
    words = "-".join(rng.sample(_PASSPHRASE_WORDS, 3))
    return f"{words}-{rng.randrange(10, 100)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStyle:
    """How a venue's key material looks. `passphrase` is None where a venue has none."""

    api_key: Callable[[random.Random], str] = uuid_key
    secret: Callable[[random.Random], str] = hex_secret
    passphrase: Callable[[random.Random], str] | None = readable_passphrase


def generate(rng: random.Random, *, style: KeyStyle) -> KeyMaterial:
    """Fresh key material; the same generator in the same state gives the same."""
    return KeyMaterial(
        api_key=style.api_key(rng),
        secret=style.secret(rng),
        passphrase=None if style.passphrase is None else style.passphrase(rng),
    )


def _utf8(text: str) -> bytes:
    """Header text may hold lone surrogates where the bytes were no UTF-8; they match nothing but must not
    fail.
    """
    return text.encode("utf-8", "surrogatepass")


def _plain_ip(ip: str) -> str:
    return ip.removeprefix(_IPV4_IN_IPV6)
