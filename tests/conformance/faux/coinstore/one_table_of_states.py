"""Reads the states of withdrawals by the table of deposits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_words
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.vocabulary import WithdrawalState

FAILS = frozenset(
    {
        "coinstore/funding/030",
        "common/funding/090",
    }
)
SHOWS_IN = frozenset({"withdrawals"})


KNOWN = {state.value: status for state, status in driver_words._DEPOSIT_STATUS.items()}
STATUS = {state: KNOWN.get(state.value, "pending") for state in WithdrawalState}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words._WITHDRAWAL_STATUS = STATUS
        await super().start(settings)
