"""API keys: who may sign as whom. A simulator's operator sees every secret: the keys open nothing but the simulator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TypedDict

from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.operator.words import check_name, member_named, the_account, word
from mockex.simulation import ALL_PERMISSIONS, AccessKey, Simulation
from mockex.wire.credentials import Credential, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """A key to be made. `permissions` of "read", "trade" and "withdraw", None for all; no `allowed_ips`: any address."""

    name: str
    permissions: tuple[str, ...] | None = None
    allowed_ips: tuple[str, ...] = ()


class KeyView(TypedDict):
    """`name` is what the operator calls the key. No `allowed_ips`: any address may use it."""

    name: str
    account: str
    api_key: str
    secret: str
    passphrase: str | None
    permissions: list[str]
    allowed_ips: list[str]
    frozen: bool


class IssuedKey(TypedDict):
    """A key as a client needs it. `name` is what the operator calls it."""

    name: str
    api_key: str
    secret: str
    passphrase: str | None
    permissions: list[str]


def issued(simulation: Simulation) -> list[IssuedKey]:
    """All keys of a venue, oldest first, for whoever is to use them."""
    return [
        IssuedKey(
            name=key.name,
            api_key=key.material.api_key,
            secret=key.material.secret,
            passphrase=key.material.passphrase,
            permissions=[word(permission) for permission in Permission if permission in key.permissions],
        )
        for key in simulation.keys.values()
    ]


def list_keys(simulation: Simulation, account_id: str | None = None) -> list[KeyView]:
    """Oldest first. NotFoundError if there is no such account."""
    if account_id is not None:
        the_account(simulation, account_id)
    return [_view(simulation, key) for key in simulation.keys.values() if account_id in (None, key.account_id)]


def check_keys(simulation: Simulation, requests: Iterable[KeyRequest]) -> tuple[KeyRequest, ...]:
    """The requests, if every one can be granted. OperatorError for a name that is taken or asked for twice, a permission
    that does not exist or an address that is none.
    """
    taken = set(simulation.keys)
    checked = []
    for request in requests:
        check_name(request.name, "a key's name")
        if request.name in taken:
            raise OperatorError(f"a key called {request.name!r} exists already; choose another name")
        taken.add(request.name)
        _granted(request)
        checked.append(replace(request, allowed_ips=tuple(_checked_ip(text) for text in request.allowed_ips)))
    return tuple(checked)


def create_key(simulation: Simulation, account_id: str, request: KeyRequest) -> KeyView:
    """A new key of an account. Errors as of `check_keys`; NotFoundError if there is no such account."""
    the_account(simulation, account_id)
    (checked,) = check_keys(simulation, (request,))
    key = simulation.add_key(checked.name, account_id, permissions=_granted(checked), allowed_ips=checked.allowed_ips)
    return _view(simulation, key)


def set_frozen(simulation: Simulation, name: str, *, frozen: bool) -> KeyView:
    """NotFoundError if no key has that name."""
    key = _the_key(simulation, name)
    _credential(simulation, key).frozen = frozen
    return _view(simulation, key)


def remove_key(simulation: Simulation, name: str) -> KeyView:
    """The venue does not know the key any more. Gives it as it was. NotFoundError if no key has that name."""
    key = _the_key(simulation, name)
    last = _view(simulation, key)
    simulation.desk.credentials.remove(key.material.api_key)
    del simulation.keys[name]
    return last


def _the_key(simulation: Simulation, name: str) -> AccessKey:
    key = simulation.keys.get(name)
    if key is None:
        raise NotFoundError(f"no key is called {name!r}; there are {', '.join(simulation.keys)}")
    return key


def _credential(simulation: Simulation, key: AccessKey) -> Credential:
    credential = simulation.desk.credentials.get(key.material.api_key)
    assert credential is not None, f"the key {key.name} has no credential"
    return credential


def _granted(request: KeyRequest) -> frozenset[Permission]:
    if request.permissions is None:
        return ALL_PERMISSIONS
    return frozenset(member_named(Permission, text, "a permission") for text in request.permissions)


def _checked_ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise OperatorError(f"an allowed address is an IPv4 or IPv6 address, not {text!r}") from None


def _view(simulation: Simulation, key: AccessKey) -> KeyView:
    credential = _credential(simulation, key)
    return KeyView(
        name=key.name,
        account=key.account_id,
        api_key=key.material.api_key,
        secret=key.material.secret,
        passphrase=key.material.passphrase,
        permissions=[word(permission) for permission in Permission if permission in credential.permissions],
        allowed_ips=list(credential.allowed_ips),
        frozen=credential.frozen,
    )
