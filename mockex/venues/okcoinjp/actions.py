"""What an operator may do to one customer of OKCoin Japan: addresses, the funds password, withdrawal limits.

The venue's own website does these; its API only meets the results (okj§5.3 and §7).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.venues.okcoinjp.chains import Chain, chain_named, chains_of
from mockex.venues.okcoinjp.state import ChainAddress
from mockex.wire.decimals import DecimalError, parse
from mockex.wire.desk import Desk
from mockex.wire.venue import AccountAction

Arguments = Mapping[str, str]

_CURRENCY = "a listed currency"
_CHAIN = "one of the currency's chains; its first when left out"


def _asset(desk: Desk, arguments: Arguments) -> str:
    asset = arguments["currency"].upper()
    if asset not in desk.exchange.assets:
        raise ValueError(f"there is no currency {arguments['currency']!r}; there are {', '.join(desk.exchange.assets)}")
    return asset


def _chain(desk: Desk, arguments: Arguments) -> Chain:
    asset = _asset(desk, arguments)
    chains = chains_of(asset)
    if not chains:
        raise ValueError(f"{asset} is on no chain")
    name = arguments.get("chain")
    chain = chains[0] if name is None else chain_named(asset, name)
    if chain is None:
        raise ValueError(f"{asset} has no chain {name!r}; it has {', '.join(each.name for each in chains)}")
    return chain


def _view(entry: ChainAddress) -> dict[str, object]:
    return {"currency": entry.chain.asset, "chain": entry.chain.name, "address": entry.address, "tag": entry.tag}


def _add_address(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    chain = _chain(desk, arguments)
    desk.state.add_address(account_id, chain, arguments["address"], arguments.get("tag", ""))
    return {"address_book": [_view(entry) for entry in desk.state.customer(account_id).address_book]}


def _clear_address_book(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    desk.state.clear_address_book(account_id)
    return {"address_book": []}


def _show_addresses(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    customer = desk.state.customer(account_id)
    return {
        "address_book": [_view(entry) for entry in customer.address_book],
        "deposit_addresses": [_view(entry) for entry in customer.deposit_addresses],
    }


def _renew_deposit_address(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    return _view(desk.state.renew_deposit_address(account_id, _chain(desk, arguments)))


def _set_funds_password(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    password = arguments.get("password")
    desk.state.set_funds_password(account_id, password)
    return {"has_funds_password": password is not None}


def _change_daily_limit(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    asset = _asset(desk, arguments)
    try:
        limit = parse(arguments["limit"])
    except DecimalError as error:
        raise ValueError(f"limit: {error}") from None
    desk.state.change_daily_limit(account_id, asset, limit)
    return {"currency": asset, "limit": format(limit, "f")}


ACCOUNT_ACTIONS: Mapping[str, AccountAction] = {
    "show_addresses": AccountAction(help="Lists verified and deposit addresses.", run=_show_addresses),
    "add_address": AccountAction(
        help="Verifies an address for withdrawals.",
        run=_add_address,
        takes={"currency": _CURRENCY, "chain": _CHAIN, "address": "in the chain's own form", "tag": "where the chain has tags"},
        optional=frozenset({"chain", "tag"}),
    ),
    "clear_address_book": AccountAction(help="Forgets every verified address: 34002.", run=_clear_address_book),
    "renew_deposit_address": AccountAction(
        help="Gives the account a new deposit address; the old ones stay valid.",
        run=_renew_deposit_address,
        takes={"currency": _CURRENCY, "chain": _CHAIN},
        optional=frozenset({"chain"}),
    ),
    "set_funds_password": AccountAction(
        help="Sets the password of withdrawals, or takes it away: 34020.",
        run=_set_funds_password,
        takes={"password": "the new one; none when left out"},
        optional=frozenset({"password"}),
    ),
    "change_daily_limit": AccountAction(
        help="Changes what may be withdrawn in 24 hours; for an hour after it, nothing may: 34062.",
        run=_change_daily_limit,
        takes={"currency": _CURRENCY, "limit": "a decimal number"},
    ),
}
