"""Making, changing, ordering and switching rules, and taking back what one of them did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace
from engagement import handling, urgency
from engagement.models import Conversation, Rule, RuleFiring, RuleVersion
from engagement.rules import trying
from engagement.rules.telling import PRIORITIES
from policy.moves import move

MANY = ("channels", "labels", "notify")
CONDITIONS = ("words", "channels", "authors", "languages")
ACTS = ("labels", "assignee", "department", "priority", "notify")
FRESH = timedelta(days=30)  # how long a dry run holds


def make(name: str, said: Mapping[str, Any], *, by: User, now: datetime) -> Rule:
    """A new rule, off and last in the order."""
    _complete(name, said)
    with transaction.atomic():
        last = Rule.objects.exclude(state="dropped").aggregate(last=Max("place"))["last"] or 0
        rule = Rule.objects.create(name=name, place=last + 1, made_by=by, made_at=now)
        _version(rule, said, 1, by, now)
        audit.record("made_rule", rule, by=by, now=now)
    return rule


def change(rule: Rule, name: str, said: Mapping[str, Any], version: int, *, by: User, now: datetime) -> Rule:
    """Another version. A rule that was on is off with it, until the new one had its dry run."""
    _complete(name, said)
    with transaction.atomic():
        fresh = Rule.objects.select_for_update().get(pk=rule.pk)
        if fresh.newest.n != version:
            raise LostRace("Somebody else changed this rule meanwhile.", next_step="Look at it again first.")
        if fresh.state == "on":
            move(fresh, "off", now=now, by=by, reason="It was changed")
        Rule.objects.filter(pk=rule.pk).update(name=name)
        _version(fresh, said, version + 1, by, now)
        audit.record("changed_rule", fresh, by=by, now=now, was=fresh.name, became=name, version=version + 1)
    fresh.refresh_from_db()
    return fresh


def switch_on(rule: Rule, *, by: User, now: datetime) -> Rule:
    """From now on it acts on what comes in. Only what its dry run has shown is let loose."""
    trial = trying.of(rule.newest)
    if trial is None:
        raise Invalid("This rule had no dry run as it is now.", next_step="Try it on last month's conversations first.")
    if trial.at < now - FRESH:
        raise Invalid("Its dry run is more than a month old.", next_step="Try it again on what came in since.")
    return move(rule, "on", now=now, by=by, reason=f"Dry run: {trial.fitted} of {trial.looked} messages fitted")


def switch_off(rule: Rule, *, by: User, now: datetime) -> Rule:
    return move(rule, "off", now=now, by=by)


def drop(rule: Rule, *, by: User, now: datetime) -> Rule:
    """Take it away; what it did stays written down."""
    return move(rule, "dropped", now=now, by=by)


def reorder(rule: Rule, up: bool, *, by: User, now: datetime) -> None:
    """One place up or down among the rules there are."""
    with transaction.atomic():
        rows = list(Rule.objects.select_for_update().exclude(state="dropped").order_by("place", "id"))
        at = next((n for n, one in enumerate(rows) if one.pk == rule.pk), None)
        to = None if at is None else at - 1 if up else at + 1
        if at is None or to is None or not 0 <= to < len(rows):
            return
        rows[at], rows[to] = rows[to], rows[at]
        for place, one in enumerate(rows, 1):
            one.place = place
        Rule.objects.bulk_update(rows, ["place"])
        audit.record("ordered_rules", rule, by=by, now=now, became=[one.name for one in rows])


def undo(firing: RuleFiring, *, by: User, now: datetime) -> RuleFiring:
    """Take back what this firing changed and nobody has changed since. What people were told stays told."""
    with transaction.atomic():
        fresh = RuleFiring.objects.select_for_update().select_related("rule", "conversation").get(pk=firing.pk)
        if fresh.undone_at is not None:
            raise IllegalMove("This was taken back already.")
        home = handling.hold(fresh.conversation)
        back = _take_back(home, fresh.did)
        RuleFiring.objects.filter(pk=fresh.pk).update(undone_at=now, undone_by=by)
        audit.record("undid_rule", home, by=by, now=now, rule=str(fresh.rule), version=fresh.version.n, became=back)
        handling.touch(home)
        if "priority" in fresh.did:
            urgency.note_change(home, now, by=by)
    fresh.refresh_from_db()
    return fresh


def _take_back(home: Conversation, did: Mapping[str, Any]) -> list[str]:
    """Undo each act that still stands; returns what was undone, in words."""
    back = []
    there = set(home.labels.values_list("pk", flat=True))
    for pk, name in did.get("labels", ()):
        if pk in there:
            home.labels.remove(pk)
            back.append(f"label {name}")
    changes: dict[str, Any] = {}
    for column in ("assignee", "department"):
        pk, name = did.get(column, (None, ""))
        if pk and getattr(home, f"{column}_id") == pk:
            changes[column] = None
            back.append(name)
    was, became = did.get("priority", (None, None))
    if became is not None and home.priority == became:
        changes["priority"] = was
        back.append(f"priority {PRIORITIES[became]}")
    if changes:
        Conversation.objects.filter(pk=home.pk).update(**changes)
        home.refresh_from_db()
    return back


def _complete(name: str, said: Mapping[str, Any]) -> None:
    if not name.strip():
        raise Invalid("Give the rule a name.")
    if not _any(said, CONDITIONS) and said.get("hours", "any") == "any":
        raise Invalid("Say when the rule holds: words, a channel, an author, a language or a time.")
    if not _any(said, ACTS):
        raise Invalid("Say what the rule does: label, assign, prioritise or tell somebody.")


def _any(said: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(said.get(name) for name in names)


def _version(rule: Rule, said: Mapping[str, Any], n: int, by: User, now: datetime) -> RuleVersion:
    plain = {name: value for name, value in said.items() if name not in MANY}
    row = RuleVersion.objects.create(rule=rule, n=n, by=by, at=now, **plain)
    for name in MANY:
        getattr(row, name).set(said.get(name) or ())
    return row
