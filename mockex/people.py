"""Made-up people behind the accounts: names, addresses, e-mails. The same seed and account give the same person."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, cast

from faker import Faker

from mockex.wire.desk import Person


class _Faker(Protocol):
    """The part of faker used here; its own methods come from providers that a type checker does not see."""

    def seed_instance(self, seed: str) -> None: ...
    def first_name(self) -> str: ...
    def last_name(self) -> str: ...
    def address(self) -> str: ...
    def numerify(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _faker() -> _Faker:
    """Building one takes longer than making a hundred people. Seeded anew for each, so that sharing cannot show."""
    return cast(_Faker, Faker("en_US"))


def person(seed: str, account_id: str) -> Person:
    """The owner of an account. E-mail addresses lie at a reserved domain (RFC 2606)."""
    faker = _faker()
    faker.seed_instance(f"{seed}/{account_id}")
    last_name = faker.last_name()
    return Person(
        name=f"{faker.first_name()} {last_name}",
        email=f"{account_id}.{last_name.lower()}@example.com",
        phone=faker.numerify("080########"),
        address=faker.address().replace("\n", ", "),
    )
