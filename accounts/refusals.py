"""Refusals: what staff are told when Parley will not do something.

A refusal carries a sentence, the policy clause it rests on (where there is one) and what to do next; one middleware
shows it. Every other exception is a bug and surfaces as one.
"""

from __future__ import annotations


class Refusal(Exception):
    """`words`: one sentence for staff. `next_step`: what to do now, or "". `rule`: what of the policy it rests on, by
    an id of `policy.ruling`; pages show that rule's clause. `clause` names one in words where there is no rule.
    """

    status = 409
    rule = "in_order"

    def __init__(self, words: str, *, clause: str = "", next_step: str = "", rule: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.clause = clause
        self.next_step = next_step
        self.rule = rule or type(self).rule


class IllegalMove(Refusal):
    """The thing cannot go from the state it is in to the one asked for."""


class LostRace(Refusal):
    """Somebody or something else changed it first; nothing was done."""

    rule = "one_at_a_time"


class NotAllowed(Refusal):
    """The person's roles do not include this act here."""

    status = 403
    rule = "rights"


class Invalid(Refusal):
    """What was entered cannot be used; the words say which part and why."""

    status = 422
    rule = "complete"
