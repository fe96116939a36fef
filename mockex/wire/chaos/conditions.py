"""Conditions of a whole venue that a fault plan brings about, and their end.

Owns which rules have begun what. Invariant: when the last of them is over, the venue is as it was before the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockex.core.clock import Timer
from mockex.core.commands import SetPhase
from mockex.core.markets import MarketPhase
from mockex.wire.chaos.actions import Action
from mockex.wire.chaos.rules import Rule

if TYPE_CHECKING:
    from mockex.wire.desk import Desk


class Conditions:
    """What rules have begun at a venue, and what they will."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._begun: dict[Rule, Timer | None] = {}
        self._awaited: dict[Rule, Timer] = {}
        self._was_in_maintenance = False
        self._phase_before: dict[str, MarketPhase] = {}

    def await_moment(self, rule: Rule, fire: Callable[[], None]) -> None:
        """Fires a rule that waits for nothing but its time, maybe at once."""
        if rule.when.from_ns == 0:
            fire()
            return

        def due() -> None:
            del self._awaited[rule]
            fire()

        self._awaited[rule] = self._desk.clock.call_at(rule.made_ns + rule.when.from_ns, due)

    def begin(self, rule: Rule) -> None:
        """Until the rule's time is over, or it is cleared."""
        if rule.action is Action.MAINTENANCE and not self._of(Action.MAINTENANCE):
            self._was_in_maintenance = self._desk.in_maintenance
        if rule.action is Action.HALT:
            symbol = str(rule.arguments["symbol"])
            if not self._of(Action.HALT, symbol):
                self._phase_before[symbol] = self._desk.exchange.markets[symbol].phase
        span_ns = rule.span_ns("for_ms" if rule.action is Action.CLOCK_SKEW else "ms")
        self._begun[rule] = None if span_ns is None else self._desk.clock.call_after(span_ns, lambda: self.release(rule))
        self._apply(rule)

    def release(self, rule: Rule) -> None:
        """Ends what the rule has begun, or was to begin."""
        awaited = self._awaited.pop(rule, None)
        if awaited is not None:
            awaited.cancel()
        if rule in self._begun:
            timer = self._begun.pop(rule)
            if timer is not None:
                timer.cancel()
            self._apply(rule)

    def _apply(self, rule: Rule) -> None:
        """Makes the venue what the rules that have begun want of it, after `rule` began or ended."""
        desk = self._desk
        match rule.action:
            case Action.CLOCK_SKEW:
                desk.skew_ns = sum(each.span_ns() or 0 for each in self._of(Action.CLOCK_SKEW))
            case Action.MAINTENANCE:
                desk.in_maintenance = bool(self._of(Action.MAINTENANCE)) or self._was_in_maintenance
            case Action.HALT:
                symbol = str(rule.arguments["symbol"])
                if self._of(Action.HALT, symbol):
                    desk.execute(SetPhase(symbol=symbol, phase=MarketPhase.HALTED))
                elif desk.exchange.markets[symbol].phase is MarketPhase.HALTED:  # else an operator has resumed it meanwhile
                    desk.execute(SetPhase(symbol=symbol, phase=self._phase_before[symbol]))
            case _:
                raise AssertionError(f"{rule.action} is no condition of a venue")

    def _of(self, action: Action, symbol: str | None = None) -> list[Rule]:
        """The rules with that action that have begun."""
        return [rule for rule in self._begun if rule.action is action and symbol in (None, rule.arguments.get("symbol"))]
