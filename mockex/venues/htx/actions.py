"""What an operator may do to one customer of HTX: the addresses for withdrawals and deposits.

The venue's own website does these; its API only meets the results (htx§3.5).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.venues.htx.chains import Chain, chain_named, chains_of, default_chain
from mockex.wire.desk import Desk
from mockex.wire.venue import AccountAction

Arguments = Mapping[str, str]

_CURRENCY = "a listed currency"
_CHAIN = "one of the currency's chains; where withdrawals go that name none, when left out"


def _chain(desk: Desk, arguments: Arguments) -> Chain:
    asset = arguments["currency"].upper()
    if asset not in desk.exchange.assets:
        raise ValueError(f"there is no currency {arguments['currency']!r}; there are {', '.join(desk.exchange.assets)}")
    name = arguments.get("chain")
    chain = default_chain(asset) if name is None else chain_named(asset, name)
    if chain is None:
        raise ValueError(f"{asset} has no chain {name!r}; it has {', '.join(each.name for each in chains_of(asset))}")
    return chain


def _book(desk: Desk, account_id: str) -> list[dict[str, object]]:
    return [
        {"currency": entry.chain.asset, "chain": entry.chain.name, "address": entry.address, "note": entry.note}
        for entry in desk.state.customers.address_book(account_id)
    ]


def _show_addresses(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    customers = desk.state.customers
    deposits = [
        {"currency": chain.asset, "chain": chain.name, "address": customers.deposit_address(account_id, chain)}
        for asset in desk.exchange.assets
        for chain in chains_of(asset)
    ]
    return {"address_book": _book(desk, account_id), "deposit_addresses": deposits}


def _add_address(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    chain, note = _chain(desk, arguments), arguments.get("note", "")
    desk.state.customers.list_address(account_id, chain, arguments["address"], note=note)
    return {"address_book": _book(desk, account_id)}


def _clear_address_book(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    desk.state.customers.clear_address_book(account_id)
    return {"address_book": []}


def _renew_deposit_address(desk: Desk, account_id: str, arguments: Arguments) -> Mapping[str, object]:
    chain = _chain(desk, arguments)
    address = desk.state.customers.renew_deposit_address(account_id, chain)
    return {"currency": chain.asset, "chain": chain.name, "address": address}


ACCOUNT_ACTIONS: Mapping[str, AccountAction] = {
    "show_addresses": AccountAction(help="Lists the addresses for withdrawals and for deposits.", run=_show_addresses),
    "add_address": AccountAction(
        help="Lists an address for withdrawals.",
        run=_add_address,
        takes={"currency": _CURRENCY, "chain": _CHAIN, "address": "in the chain's own form", "note": "the customer's own word"},
        optional=frozenset({"chain", "note"}),
    ),
    "clear_address_book": AccountAction(
        help="Forgets every listed address: api-not-support-temp-addr.", run=_clear_address_book
    ),
    "renew_deposit_address": AccountAction(
        help="Gives the account a new deposit address, also for the other coins of the same chain.",
        run=_renew_deposit_address,
        takes={"currency": _CURRENCY, "chain": _CHAIN},
        optional=frozenset({"chain"}),
    ),
}
