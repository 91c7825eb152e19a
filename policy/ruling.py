"""What rests on clauses: the checks, and the refusals and permission rules of the desk, each with a name in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy.checks.catalogue import RULES

# Refusals carry one of these ids (see `accounts.refusals`); so do the rules that approvals name.
REFUSALS: dict[str, str] = {
    "rights": "What a role includes",
    "accounts": "Accounts and invitations",
    "acknowledgement": "Reading the guides before publishing",
    "training": "Training before publishing",
    "agencies": "Access that ends on a date",
    "leavers": "Switching off whoever leaves",
    "channels": "Opening, pausing and closing channels",
    "second_factor": "A second factor when signing in",
    "reauthentication": "Asking for the password again",
    "sign_in": "Signing in",
    "one_at_a_time": "Two people changing the same thing",
    "in_order": "Steps in their order",
    "complete": "What was entered has to be complete",
    "in_time": "Times that are still to come",
    "never_twice": "Nothing is sent twice",
    "permitted": "Permitted, with sign-off, or not",
    "own_post": "Publishers answer for their own posts",
    "own_reply": "Officers answer for their own replies",
    "own_delete": "Publishers may take posts down",
    "own_hide": "Publishers may hide a comment",
    "own_unhide": "Publishers may show a comment again",
    "honesty": "Labels on paid, edited and machine-made content",
    "consent": "Consent of people in pictures",
    "consent_of_children": "Consent for pictures of children",
    "media": "Pictures and other files",
    "sign_off": "Sign-off of exact words by another person",
    "second_pair_of_eyes": "Sign-off for those who do not publish alone",
    "asked": "Sign-off because somebody asked for it",
    "correction_signed": "Sign-off of corrections",
    "second_look": "The second look in a team of one",
    "reply_tier": "Sign-off of replies with risk",
    "final_say": "Who has the final say",
    "response": "Closing without an answer needs a reason",
    "signed_replies": "Replies are signed",
    "criticism": "Criticism stays up",
    "statutory": "Handing over legal requests",
    "private_stays_private": "Private messages are answered privately",
    "listening": "Listening to topics, not people",
    "moderation": "Grounds for hiding a comment",
    "moderation_steps": "Steps before a comment is hidden",
    "correction": "Correcting mistakes",
    "deleting": "Taking a post down",
    "stopping": "Stopping all publishing",
    "emergency": "Emergency mode",
    "election": "Election mode",
    "mourning": "Mourning mode",
    "records": "Records are kept",
    "disposal": "Removing a record",
    "override": "Setting a finding aside",
    "practice": "Practice reaches nobody outside",
    "guides": "Changing the guides",
}


def every() -> dict[str, str]:
    """Everything that rests on a clause, with its name: checks first."""
    return {rule.id: rule.title for rule in RULES.values()} | REFUSALS


def name_of(rule: str) -> str:
    return every().get(rule, rule)


def covered(rules_of: Mapping[str, Iterable[str]], checks: Iterable[str] = RULES) -> dict[str, str]:
    """Which clause each rule rests on: {anchor: its rules} turned round.

    A single letter in a clause's rules covers the whole family of checks, except those another clause names.
    """
    named = {rule: anchor for anchor, rules in rules_of.items() for rule in rules}
    families = {rule: anchor for rule, anchor in named.items() if len(rule) == 1}
    found = {rule: anchor for rule, anchor in named.items() if len(rule) > 1}
    for rule in checks:
        if rule not in found and rule[0] in families:
            found[rule] = families[rule[0]]
    return found


def uncovered(rules: Iterable[str]) -> list[str]:
    """What would rest on no clause if only these rules had one."""
    known = covered({"": list(rules)})
    return [rule for rule in every() if rule not in known]
