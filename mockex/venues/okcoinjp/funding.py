"""The funding account of OKCoin Japan: balances, transfers, ledger, valuation, deposits; and the venue's time.

Source: okj§7 and §6, limits okj§4. Withdrawals have a file of their own; all routes are here.
"""

from __future__ import annotations

from fractions import Fraction

from mockex.core.commands import TransferFunds
from mockex.core.events import FundsTransferred
from mockex.core.exchange import wallet_balances
from mockex.core.ledger import Balance, LedgerEntry
from mockex.core.markets import Market
from mockex.core.payments import Payment, PaymentKind
from mockex.core.policy import DAY_NS
from mockex.core.units import Instrument, Ticks, Wallet
from mockex.venues.okcoinjp import chains, funding_codec
from mockex.venues.okcoinjp.chains import CASH
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.funding_calls import (
    Condition,
    atoms_of,
    carry_out,
    customers,
    json_params,
    known_asset,
    query_params,
    refuse_in,
)
from mockex.venues.okcoinjp.instruments import ATOM_DECIMALS
from mockex.venues.okcoinjp.limits import default_limit, per_seconds
from mockex.venues.okcoinjp.pages import MAX_ROWS, page_of, page_response
from mockex.venues.okcoinjp.withdrawals import (
    cash_withdrawal,
    cash_withdrawal_history,
    withdrawal,
    withdrawal_history,
)
from mockex.wire.credentials import Permission
from mockex.wire.decimals import plain
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault
from mockex.wire.json import dumps, number
from mockex.wire.limits import RateRule
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route
from mockex.wire.timestamps import iso_ms, unix_seconds_ms

LEDGER_WINDOW_NS = 30 * DAY_NS  # okj§7: the last month; 30 days ASSUMED
VALUATION_DECIMALS = 8  # as many as the example's balance has

TRANSFER_LIMIT = per_seconds(1, 2, "transfers of one currency")  # okj§4, with an error code of its own

_TRANSFER_CONDITIONS: tuple[Condition, ...] = (
    ("user_frozen", OkFault.USER_FROZEN),
    ("transfer_restricted", OkFault.TRANSFER_RESTRICTED),
    ("kyc_incomplete", OkFault.CONDITIONS),
)

_COIN_DEPOSITS = frozenset({PaymentKind.COIN_DEPOSIT, PaymentKind.INTERNAL_DEPOSIT})


def time(call: Call) -> WireResponse:
    """`epoch` is text, although the document prints a number: two of the vendor's SDKs declare a string (okj§6)."""
    now_ns = call.desk.wall_ns()
    return WireResponse(200, dumps({"iso": iso_ms(now_ns), "epoch": unix_seconds_ms(now_ns)}))


# --- balances


def wallet(call: Call) -> WireResponse:
    """Every currency that the account has ever had here, also when nothing is left of it, as in the example."""
    balances = wallet_balances(call.desk.account(call.account_id), Wallet.FUNDING)
    return WireResponse(200, dumps([funding_codec.encode_wallet(balance) for balance in balances]))


def wallet_of_currency(call: Call) -> WireResponse:
    """A list of one. A currency that was never held shows zeros, and reading it leaves no trace."""
    asset = known_asset(call.desk, call.path_params["currency"])
    account = call.desk.account(call.account_id)
    balance = account.wallets[Wallet.FUNDING].get(asset) or Balance(account, Wallet.FUNDING, asset)
    return WireResponse(200, dumps([funding_codec.encode_wallet(balance)]))


def transfer(call: Call) -> WireResponse:
    """Between the funding and the spot account, at once. Extra fields such as ccxt's `type` are ignored."""
    request = funding_codec.decode_transfer(json_params(call))
    asset = known_asset(call.desk, request.currency)
    if request.amount <= 0:
        raise ApiFault(OkFault.TRANSFER_AMOUNT)
    if not call.desk.admit(TRANSFER_LIMIT, (call.account_id, asset)).allowed:
        raise ApiFault(OkFault.TRANSFERS_TOO_FREQUENT)
    refuse_in(call, _TRANSFER_CONDITIONS)
    command = TransferFunds(
        account_id=call.account_id,
        asset=asset,
        amount=atoms_of(request.amount, decimals=chains.AMOUNT_DECIMALS),
        source=request.source,
        target=request.target,
    )
    done = carry_out(call, command)[0]
    assert isinstance(done, FundsTransferred), f"a transfer began with {done!r}"
    return WireResponse(200, dumps(funding_codec.encode_transfer(done)))


def ledger(call: Call) -> WireResponse:
    """The last month, of one currency or of all. A blank `currency` is no absent one here (captured: 30031)."""
    balances = call.desk.account(call.account_id).wallets[Wallet.FUNDING]
    chosen = list(balances.values())
    if "currency" in call.query:
        found = balances.get(known_asset(call.desk, call.query["currency"]))
        chosen = [] if found is None else [found]
    kind = funding_codec.decode_entry_kind(query_params(call))
    page = page_of(call)
    since_ns = call.desk.clock.now_ns() - LEDGER_WINDOW_NS

    def wanted(entry: LedgerEntry) -> bool:
        return entry.time_ns >= since_ns and kind in (None, entry.kind)

    entries = call.desk.exchange.entries(
        chosen, older_than=page.older_than, newer_than=page.newer_than, limit=page.limit, where=wanted
    )
    rows = [funding_codec.encode_funding_entry(entry) for entry in entries]
    return page_response(rows, [entry.entry_id for entry in entries])


# --- valuation


def asset_valuation(call: Call) -> WireResponse:
    """What one account or all are worth in yen. `valuation_currency`, which the example sends, is ignored."""
    account_type = query_params(call).optional_integer("account_type") or funding_codec.TOTAL
    wallets = list(Wallet)
    if account_type != funding_codec.TOTAL:
        wallets = [funding_codec.wallet_of(account_type, "account_type")]
    account = call.desk.account(call.account_id)
    value = Fraction(0)
    for chosen in wallets:
        for balance in wallet_balances(account, chosen):
            value += balance.total * price_in_cash(call.desk, balance.asset)
    yen = value / 10**ATOM_DECIMALS
    reply = {
        "account_type": str(account_type),
        # Not quoted in the example; what is finer than its 8 decimals is cut (ASSUMED).
        "balance": number(plain(int(yen * 10**VALUATION_DECIMALS), VALUATION_DECIMALS)),
        "valuation_currency": CASH,
        "timestamp": iso_ms(call.desk.clock.now_ns()),
    }
    return WireResponse(200, dumps(reply))


def price_in_cash(desk: Desk, asset: str) -> Fraction:
    """Yen for one unit: by the currency's own pair, else over one other currency; 0 where nothing prices it (ASSUMED)."""
    if asset == CASH:
        return Fraction(1)
    markets = [market for market in desk.exchange.markets.values() if market.instrument.base.code == asset]
    for market in markets:
        if market.instrument.quote.code == CASH:
            return _price(desk, market)
    for market in markets:
        quote = desk.exchange.markets.get(f"{market.instrument.quote.code}-{CASH}")
        if quote is not None:
            return _price(desk, market) * _price(desk, quote)
    return Fraction(0)


def _price(desk: Desk, market: Market) -> Fraction:
    """The last price, else the middle of the book, else where the listing starts, else 0."""
    last = market.ticker.at(desk.clock.now_ns()).last_price
    if last is not None:
        return _in_quote(market.instrument, last)
    bid, ask = market.book.bids.best, market.book.asks.best
    if bid is not None and ask is not None:
        return _in_quote(market.instrument, bid.price + ask.price) / 2
    listing = desk.listings.get(market.instrument.symbol)
    return Fraction(0) if listing is None else Fraction(listing.reference_price)


def _in_quote(instrument: Instrument, price: Ticks) -> Fraction:
    scale = instrument.price_scale
    return Fraction(price * scale.step, 10**scale.decimals)


# --- currencies and chains


def currencies(call: Call) -> WireResponse:
    """A row for each currency and chain; yen stand as their own chain (ASSUMED)."""
    rows = []
    for asset in call.desk.exchange.assets:
        name = chains.CHINESE_NAMES.get(asset, "")
        for chain in chains.chains_of(asset):
            least = funding_codec.decimal_text(chain.min_withdrawal)
            rows.append(funding_codec.encode_currency(asset, chain.name, name=name, min_withdrawal=least, can_withdraw=True))
        if asset == CASH:
            least = funding_codec.decimal_text(chains.CASH_MIN_WITHDRAWAL)
            is_open = "cash_withdrawals_off" not in call.desk.flags
            rows.append(funding_codec.encode_currency(asset, asset, name=name, min_withdrawal=least, can_withdraw=is_open))
    return WireResponse(200, dumps(rows))


def withdrawal_fee(call: Call) -> WireResponse:
    """The range of network fees of each chain, of one currency or of all."""
    named = query_params(call).optional_text("currency")
    asset = None if named is None else known_asset(call.desk, named)
    rows = [funding_codec.encode_chain_fee(chain) for chain in chains.CHAINS if asset in (None, chain.asset)]
    return WireResponse(200, dumps(rows))


# --- deposits


def deposit_address(call: Call) -> WireResponse:
    """A currency's addresses, the current one of each chain before the old ones. Yen have none: an empty list."""
    asset = known_asset(call.desk, query_params(call).text("currency"))
    rows = [
        funding_codec.encode_deposit_address(entry.chain, entry.address, entry.tag)
        for entry in customers(call).customer(call.account_id).deposit_addresses
        if entry.chain.asset == asset
    ]
    return WireResponse(200, dumps(rows))


def deposit_history(call: Call) -> WireResponse:
    """The newest coin deposits, of the path's currency or of all."""
    named = call.path_params.get("currency")
    asset = None if named is None else known_asset(call.desk, named)
    found = call.desk.exchange.payments(
        call.desk.account(call.account_id),
        limit=MAX_ROWS,
        where=lambda payment: payment.kind in _COIN_DEPOSITS and asset in (None, payment.asset),
    )
    return WireResponse(200, dumps([_deposit_row(call, payment) for payment in found]))


def _deposit_row(call: Call, payment: Payment) -> dict[str, str]:
    """Whoever made the deposit may have left its address open: then it came to the customer's current one."""
    state = customers(call)
    chain = funding_codec.chain_of(payment)
    address, tag = payment.address, payment.tag
    if not address and chain is not None:
        current = state.customer(call.account_id).deposit_address(chain)
        address, tag = current.address, current.tag
    return funding_codec.encode_deposit(
        payment,
        address=address,
        tag=tag,
        txid=state.txid(chain, payment.payment_id),
        legacy=call.desk.switch("legacy_status"),
    )


def cash_deposit_history(call: Call) -> WireResponse:
    found = call.desk.exchange.payments(
        call.desk.account(call.account_id),
        limit=MAX_ROWS,
        where=lambda payment: payment.kind is PaymentKind.CASH_DEPOSIT,
    )
    legacy = call.desk.switch("legacy_status")
    return WireResponse(200, dumps([funding_codec.encode_cash_deposit(payment, legacy=legacy) for payment in found]))


# --- routes


def _route(method: str, path: str, handler: Handler, limit: RateRule | None, permission: Permission = Permission.READ) -> Route:
    return Route(method=method, path=f"/api/account/v3{path}", handler=handler, permission=permission, limit=limit)


# That a transfer takes the permission to trade is ASSUMED: captures only show that the one to read is not enough.
FUNDING_ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/general/v3/time", handler=time, limit=default_limit()),
    _route("GET", "/wallet", wallet, default_limit()),
    _route("GET", "/wallet/{currency}", wallet_of_currency, default_limit()),
    _route("GET", "/currencies", currencies, default_limit()),
    _route("GET", "/asset-valuation", asset_valuation, per_seconds(1, 30, "asset-valuation")),
    _route("POST", "/transfer", transfer, None, Permission.TRADE),  # TRANSFER_LIMIT, once the currency is known
    _route("GET", "/ledger", ledger, per_seconds(20, 2, "funding ledger")),
    _route("POST", "/jpywithdrawal", cash_withdrawal, per_seconds(1, 120, "jpywithdrawal"), Permission.WITHDRAW),
    _route("GET", "/jpyWithdrawal/history", cash_withdrawal_history, default_limit()),
    _route("GET", "/jpyDeposit/history", cash_deposit_history, default_limit()),
    _route("POST", "/withdrawal", withdrawal, per_seconds(1, 10, "withdrawal"), Permission.WITHDRAW),
    _route("GET", "/withdrawal/history", withdrawal_history, default_limit()),
    _route("GET", "/withdrawal/history/{currency}", withdrawal_history, default_limit()),
    _route("GET", "/withdrawal/fee", withdrawal_fee, default_limit()),
    _route("GET", "/deposit/address", deposit_address, per_seconds(20, 2, "deposit address")),
    _route("GET", "/deposit/history", deposit_history, default_limit()),
    _route("GET", "/deposit/history/{currency}", deposit_history, default_limit()),
)
