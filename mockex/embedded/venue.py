"""One venue of a running world in a program's hands: where it listens, its keys, and the operator's functions as methods.

Owns the Python face of the operator: keyword arguments in, plain values out. Knows no thread: every touch of the world goes
through `run`, which whoever owns the server gives, and which brings time up to date before and settles it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TypeVar

from mockex.embedded.contract import ContractHandle
from mockex.embedded.values import NOTHING, BalanceAmounts, Key, key_of
from mockex.operator import (
    accounts,
    actions,
    conditionals,
    contracts,
    instruments,
    keys,
    orders,
    payments,
    positions,
    recordings,
    service,
)
from mockex.operator import faults as fault_plans
from mockex.operator.accounts import AccountDetail, BalanceInput
from mockex.operator.contracts import ContractView
from mockex.operator.keys import KeyRequest, KeyView
from mockex.operator.positions import PositionInput, PositionView
from mockex.operator.views import AccountView, BookView, ConditionalView, InstrumentView, OrderView, PaymentView
from mockex.operator.words import Amount, word
from mockex.server.wallclock import steady_ns
from mockex.wire.recording import Entry

if TYPE_CHECKING:
    from mockex.server.runner import Server, TlsUrls, VenueUrls
    from mockex.simulation import Simulation

T = TypeVar("T")


class Run(Protocol):
    """Calls an action where the world lives and gives what it gives."""

    def __call__(self, action: Callable[[], T], /) -> T: ...


class VenueHandle:
    """One venue of a running world. Amounts may be given as text, int or Decimal, never as float; accounts by their id.

    Every method raises ValueError with what to do instead when the request does not fit, and then has changed nothing.
    """

    def __init__(self, name: str, server: Server, run: Run) -> None:
        self.name = name
        self._server = server
        self._run = run

    def __repr__(self) -> str:
        return f"<VenueHandle {self.name} at {self.rest_url}>"

    @property
    def _simulation(self) -> Simulation:
        return self._server.world.simulations[self.name]

    def _do(self, action: Callable[[Simulation], T]) -> T:
        return self._run(lambda: action(self._simulation))

    # --- where it is

    @property
    def _urls(self) -> VenueUrls:
        return self._server.urls.venues[self.name]

    @property
    def rest_url(self) -> str:
        """Scheme, host and port; the venue's paths start behind it."""
        return self._urls.rest

    @property
    def ws_urls(self) -> Mapping[str, str]:
        """Every WebSocket of the venue, by the venue's name for it."""
        return self._urls.ws

    @property
    def ws_url(self) -> str:
        """The venue's main WebSocket: the first that it declares."""
        return self._main(self.ws_urls)

    @property
    def _tls_urls(self) -> VenueUrls:
        return tls_urls(self._server).venues[self.name]

    @property
    def tls_rest_url(self) -> str:
        """As `rest_url`, over TLS. ValueError, as below, unless the world was asked for with `tls=True`."""
        return self._tls_urls.rest

    @property
    def tls_ws_urls(self) -> Mapping[str, str]:
        return self._tls_urls.ws

    @property
    def tls_ws_url(self) -> str:
        return self._main(self.tls_ws_urls)

    def _main(self, urls: Mapping[str, str]) -> str:
        if not urls:
            raise ValueError(f"{self.name} has no WebSocket")
        return next(iter(urls.values()))

    @property
    def keys(self) -> dict[str, Key]:
        """API keys by name: "alice", "bob", "viewer" (who may only read), and those of accounts made since."""
        return self._do(lambda simulation: {view["name"]: key_of(view) for view in keys.list_keys(simulation)})

    # --- accounts and money

    def balances(self, account: str) -> dict[str, dict[str, BalanceAmounts]]:
        """Wallet -> asset -> amounts, of every wallet and asset: `balances("alice")["spot"]["BTC"].available`."""

        def read(simulation: Simulation) -> dict[str, dict[str, BalanceAmounts]]:
            venue = simulation.venue
            found = {word(wallet): {asset.code: NOTHING for asset in venue.assets} for wallet in venue.wallets}
            for wallet, by_asset in accounts.get_account(simulation, account)["balances"].items():
                amounts = found.setdefault(wallet, {})
                for asset, balance in by_asset.items():
                    amounts[asset] = BalanceAmounts(
                        Decimal(balance["total"]), Decimal(balance["available"]), Decimal(balance["held"])
                    )
            return found

        return self._do(read)

    def account(self, account: str) -> AccountDetail:
        """Everything about an account: state, balances as text, owner, keys, live orders."""
        return self._do(lambda simulation: accounts.get_account(simulation, account))

    def create_account(
        self, account: str, balances: BalanceInput | None = None, *, keys: Iterable[KeyRequest] | None = None
    ) -> AccountDetail:
        """`balances`: asset -> amount, or wallet -> asset -> amount. Without `keys` one that may do everything."""
        wanted = None if keys is None else tuple(keys)
        return self._do(lambda each: accounts.create_account(each, account, balances=balances, keys=wanted))

    def create_key(
        self,
        account: str,
        name: str,
        *,
        permissions: Iterable[str] | None = None,
        allowed_ips: Iterable[str] = (),
    ) -> Key:
        """`permissions` of "read", "trade" and "withdraw"; None is all."""
        request = KeyRequest(
            name=name,
            permissions=None if permissions is None else tuple(permissions),
            allowed_ips=tuple(allowed_ips),
        )
        return key_of(self._do(lambda simulation: keys.create_key(simulation, account, request)))

    def deposit(self, account: str, asset: str, amount: Amount, *, wallet: str | None = None) -> AccountView:
        """Money at once, without a payment, into the wallet that trades unless `wallet` says otherwise."""
        return self._do(lambda simulation: accounts.deposit(simulation, account, asset, amount, wallet))

    def withdraw(self, account: str, asset: str, amount: Amount, *, wallet: str | None = None) -> AccountView:
        """Takes available money away at once, without a payment."""
        return self._do(lambda simulation: accounts.withdraw(simulation, account, asset, amount, wallet))

    def freeze(self, account: str, *, wallet: str | None = None) -> AccountView:
        """Freezes an account, or one wallet of it."""
        return self._do(lambda each: accounts.set_frozen(each, account, frozen=True, wallet=wallet))

    def thaw(self, account: str, *, wallet: str | None = None) -> AccountView:
        return self._do(lambda each: accounts.set_frozen(each, account, frozen=False, wallet=wallet))

    def freeze_key(self, name: str) -> KeyView:
        return self._do(lambda simulation: keys.set_frozen(simulation, name, frozen=True))

    def thaw_key(self, name: str) -> KeyView:
        return self._do(lambda simulation: keys.set_frozen(simulation, name, frozen=False))

    def remove_key(self, name: str) -> KeyView:
        """The venue does not know the key any more."""
        return self._do(lambda simulation: keys.remove_key(simulation, name))

    # --- payments

    def start_deposit(
        self,
        account: str,
        asset: str,
        amount: Amount,
        *,
        kind: str = "coin",
        wallet: str | None = None,
        chain: str = "",
        address: str = "",
        tag: str = "",
        needs_review: bool = False,
    ) -> PaymentView:
        """A "coin" or "cash" deposit that arrives step by step, into the funding wallet if demo accounts use one."""
        return self._do(
            lambda simulation: payments.start_deposit(
                simulation,
                account=account,
                asset=asset,
                amount=amount,
                kind=kind,
                wallet=wallet,
                chain=chain,
                address=address,
                tag=tag,
                needs_review=needs_review,
            )
        )

    def payments(self, account: str | None = None, *, limit: int = 100) -> list[PaymentView]:
        """Deposits and withdrawals, newest first."""
        return self._do(lambda simulation: payments.list_payments(simulation, account, limit))

    def step_payment(self, payment_id: str, event: str = "advance") -> PaymentView:
        """Takes a step by hand: "advance", "review", "cancel", "fail" or "refund"."""
        return self._do(lambda simulation: payments.step(simulation, payment_id, event))

    # --- orders

    def place(
        self,
        *,
        account: str,
        symbol: str,
        side: str,
        price: Amount | None = None,
        qty: Amount | None = None,
        notional: Amount | None = None,
        time_in_force: str = "gtc",
        post_only: bool = False,
        client_id: str | None = None,
        position: PositionInput | None = None,
    ) -> OrderView:
        """An order as any account, given back as it stands after matching: `place(...)["status"]`.

        With a `price` a limit order for `qty`; without one a market order for `qty`, or to spend `notional` (buys only). An
        order for a contract says what it does to a `position`: `{"leverage": 10}` opens one, `{"close": True}` reduces it.
        """
        return self._do(
            lambda simulation: orders.place(
                simulation,
                account=account,
                symbol=symbol,
                side=side,
                price=price,
                qty=qty,
                notional=notional,
                time_in_force=time_in_force,
                post_only=post_only,
                client_id=client_id,
                position=position,
            )
        )

    def cancel(self, order_id: str) -> OrderView:
        return self._do(lambda simulation: orders.cancel(simulation, order_id))

    def cancel_all(self, account: str, *, symbol: str | None = None) -> list[OrderView]:
        """An account's live orders, as they were left."""
        return self._do(lambda simulation: orders.cancel_all(simulation, account, symbol))

    def order(self, order_id: str) -> OrderView:
        return self._do(lambda simulation: orders.get(simulation, order_id))

    def orders(
        self, account: str | None = None, *, symbol: str | None = None, status: str = "live", limit: int = 100
    ) -> list[OrderView]:
        """Newest first. `status`: "live", "waiting", "filled", "cancelled" or "all"."""
        return self._do(lambda each: orders.list_orders(each, account=account, symbol=symbol, status=status, limit=limit))

    def conditional_orders(
        self, account: str | None = None, *, symbol: str | None = None, status: str = "waiting", limit: int = 100
    ) -> list[ConditionalView]:
        """Newest first; of venues that have such. `status`: "waiting", "triggered", "failed", "cancelled" or "all"."""
        return self._do(
            lambda each: conditionals.list_conditionals(each, account=account, symbol=symbol, status=status, limit=limit)
        )

    def cancel_conditional(self, conditional_id: str) -> ConditionalView:
        return self._do(lambda simulation: conditionals.cancel(simulation, conditional_id))

    # --- instruments

    def instruments(self) -> list[InstrumentView]:
        return self._do(instruments.list_instruments)

    def book(self, symbol: str, *, depth: int = 20) -> BookView:
        """The best levels of both sides, best first."""
        return self._do(lambda simulation: instruments.book(simulation, symbol, depth))

    def halt(self, symbol: str) -> InstrumentView:
        """No orders; cancels are taken."""
        return self._do(lambda simulation: instruments.halt(simulation, symbol))

    def resume(self, symbol: str) -> InstrumentView:
        return self._do(lambda simulation: instruments.resume(simulation, symbol))

    def set_phase(self, symbol: str, phase: str) -> InstrumentView:
        """ "continuous", "halted", "call_auction" or "price_discovery"."""
        return self._do(lambda simulation: instruments.set_phase(simulation, symbol, phase))

    # --- contracts

    def contract(self, symbol: str) -> ContractHandle:
        """One contract's prices, funding and positions, to read and to set."""
        return ContractHandle(symbol, self.name, self._server, self._run)

    def contracts(self) -> list[ContractView]:
        return self._do(contracts.list_contracts)

    def positions(self, account: str | None = None) -> list[PositionView]:
        """Positions in all contracts, of one account or all, oldest first."""
        return self._do(lambda simulation: positions.list_positions(simulation, account=account))

    # --- the wire

    def record(self, *, on: bool = True) -> None:
        """Starts a new recording of what the venue hears and says, forgetting the last one; or ends it and keeps it."""
        self._do(lambda simulation: recordings.record(simulation.desk.recorder, on=on, real_ns=steady_ns))

    def recording(self, after: int = 0) -> list[Entry]:
        """The recording's entries with numbers above `after`, oldest first: requests, responses, messages and more, each with
        its `kind`.
        """
        return self._do(lambda simulation: recordings.recording(simulation.desk.recorder, after=after))["entries"]

    # --- the service

    def fail_next(
        self,
        *,
        code: str,
        method: str | None = None,
        path: str | None = None,
        account: str | None = None,
        times: int = 1,
        executed: bool = False,
    ) -> service.FaultView:
        """The next `times` matching calls answer the venue's error `code`; `executed` ones are carried out all the same."""
        return self._do(
            lambda simulation: service.plan_fault(
                simulation, code=code, method=method, path=path, account=account, times=times, executed=executed
            )
        )

    def faults(self) -> list[service.FaultView]:
        """Planned faults that have not happened yet."""
        return self._do(service.list_faults)

    def plan_faults(self, *rules: Mapping[str, object], seed: int = 1) -> fault_plans.PlanView:
        """Adds rules that say where, when and what goes wrong: `{"where": {"channel": "spot/depth:*"}, "when": {"nth": 3},
        "what": {"action": "drop"}}`. `mockex.wire.chaos` describes them; the same seed lets the same happen.
        """
        return self._do(lambda simulation: fault_plans.plan(simulation, rules, seed=seed))

    def fault_rules(self) -> list[fault_plans.RuleView]:
        """All rules that were planned and not cleared, and how often each has matched and fired."""
        return self._do(lambda simulation: [rule for plan in fault_plans.list_plans(simulation) for rule in plan["rules"]])

    def clear_faults(self, rule: str | None = None) -> list[service.FaultView]:
        """Everything that was planned to go wrong, or one rule by its name. What it holds back leaves at once.

        Gives the faults of `fail_next` that had not happened yet.
        """

        def clear(simulation: Simulation) -> list[service.FaultView]:
            left = [] if rule is not None else service.list_faults(simulation)
            fault_plans.clear(simulation, rule)
            return left

        return self._do(clear)

    def set_maintenance(self, *, on: bool) -> None:
        self._do(lambda simulation: service.set_maintenance(simulation, on=on))

    def act(self, account: str, action: str, **arguments: str) -> dict[str, object]:
        """One of the venue's own account actions, such as verifying an address: those in its `account_actions`."""
        return self._do(lambda simulation: actions.act(simulation, account, action, arguments))

    def set_flag(self, flag: str, *, on: bool = True, account: str | None = None) -> list[service.FlagView]:
        """Puts the venue, or one account, into a condition that only this venue knows, or out of it."""
        return self._do(lambda simulation: service.set_flag(simulation, flag, on=on, account=account))

    def close_route(self, path: str, *, method: str | None = None) -> list[service.RouteView]:
        """Calls of that path answer that the interface is switched off."""
        return self._do(lambda each: service.set_route(each, path=path, open_=False, method=method))

    def open_route(self, path: str, *, method: str | None = None) -> list[service.RouteView]:
        return self._do(lambda each: service.set_route(each, path=path, open_=True, method=method))


def tls_urls(server: Server) -> TlsUrls:
    """ValueError for a server that does not listen with TLS."""
    urls = server.urls.tls
    if urls is None:
        raise ValueError("nothing here listens with TLS; ask for a world with tls=True")
    return urls
