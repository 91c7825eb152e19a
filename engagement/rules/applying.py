"""Doing what the rules say with what comes in, in the transaction that files it: once per message, or not at all.

Rules are read in one question and made ready once per batch; a message is then asked about those alone of which a word
is in it. In their order, each that fits adds its labels, gives the conversation to somebody where nobody has it yet,
and raises its priority; none takes anything away, and none ever answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import F

from accounts import notifications
from accounts.access import may
from accounts.models import User
from channels_app.models import Channel
from engagement import handling, threads, urgency
from engagement.models import Conversation, Message, Person, Rule, RuleFiring
from engagement.rules.indexing import Index
from engagement.rules.matching import Seen
from engagement.rules.reading import Ready, in_force, town_hours
from engagement.wordmatch import Text
from policy import adding
from policy.clocks import Hours

COLUMNS = [field.attname for field in RuleFiring._meta.concrete_fields if not field.primary_key]


@dataclass
class Batch:
    """What this batch has changed so far, to be written at its end."""

    channel: Channel
    now: datetime
    firings: list[RuleFiring] = field(default_factory=list)
    changed: dict[int, Conversation] = field(default_factory=dict)
    labels: dict[int, set[int]] = field(default_factory=dict)
    given: dict[int, list[Conversation]] = field(default_factory=lambda: defaultdict(list))
    told: dict[tuple[int, int], list[Conversation]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, User] = field(default_factory=dict)
    allowed: dict[tuple[str, int], bool] = field(default_factory=dict)

    def may(self, user: User, act: str) -> bool:
        """Whether this person may do it on this channel; asked once per batch."""
        if (act, user.pk) not in self.allowed:
            self.allowed[act, user.pk] = user.is_active and may(user, act, self.now, self.channel.scope)
        return self.allowed[act, user.pk]


def apply(channel: Channel, new: Sequence[Message], now: datetime) -> list[RuleFiring]:
    """Let the rules that are on see the new messages of residents; the caller's transaction files these."""
    asked = [one for one in new if not one.ours and one.conversation_id and not threads.is_history(channel, one.at)]
    if not asked:
        return []
    rules = [one for one in in_force() if not one.conditions.channels or channel.pk in one.conditions.channels]
    if not rules:
        return []
    hours = town_hours() if any(one.conditions.hours != "any" for one in rules) else None
    hits = list(_hits(channel, asked, rules, hours))
    if not hits:
        return []
    batch = Batch(channel, now, people=_people(rule for _, rule, _ in hits))
    homes = _held({message.conversation_id for message, _, _ in hits if message.conversation_id})
    batch.labels = _labels_of(homes)
    for message, rule, found in hits:
        home = homes.get(message.conversation_id or 0)
        if home is not None and home.state == "open":
            _fire(batch, rule, home, message, found)
    _write(batch)
    _tell(batch)
    return batch.firings


def _hits(
    channel: Channel, asked: Sequence[Message], rules: Sequence[Ready], hours: Hours | None
) -> Iterable[tuple[Message, Ready, str]]:
    """Each message with each rule that fits it, in the order of the rules."""
    names = _authors(asked) if any(one.conditions.authors for one in rules) else {}
    index = Index([one.conditions.words for one in rules])
    for message in asked:
        author = names.get(message.person_id or 0, "")
        seen = Seen(Text(message.text), channel.pk, author, message.at, message.language)
        for place in index.worth(seen.text):
            found = rules[place].conditions.fits(seen, hours)
            if found is not None:
                yield message, rules[place], found


def _people(rules: Iterable[Ready]) -> dict[int, User]:
    """Everybody whom these rules tell or give something."""
    wanted: set[int] = set()
    for one in rules:
        wanted |= {*one.notify, *([one.version.assignee_id] if one.version.assignee_id else [])}
    return User.objects.in_bulk(wanted) if wanted else {}


def _authors(asked: Sequence[Message]) -> dict[int, str]:
    people = Person.objects.filter(pk__in={one.person_id for one in asked if one.person_id})
    return dict(people.values_list("pk", "handle"))


def _held(pks: set[int]) -> dict[int, Conversation]:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("channel").filter(pk__in=pks)
    rows = rows.order_by("pk")
    return {row.pk: row for row in rows}


def _labels_of(homes: Iterable[int]) -> dict[int, set[int]]:
    kept: dict[int, set[int]] = defaultdict(set)
    rows = Conversation.labels.through.objects.filter(conversation__in=list(homes))
    for home, label in rows.values_list("conversation_id", "label_id"):
        kept[home].add(label)
    return kept


def _fire(batch: Batch, rule: Ready, home: Conversation, message: Message, found: str) -> None:
    version, did = rule.version, dict[str, Any]()
    added = {pk: name for pk, name in rule.labels.items() if pk not in batch.labels[home.pk]}
    if added:
        batch.labels[home.pk] |= set(added)
        did["labels"] = [[pk, name] for pk, name in added.items()]
    if version.assignee and home.assignee_id is None:
        if batch.may(version.assignee, "answer"):
            home.assignee = version.assignee
            did["assignee"] = [version.assignee.pk, version.assignee.name]
            batch.given[version.assignee.pk].append(home)
        else:
            did["not"] = f"{version.assignee.name} does not answer on {batch.channel}."
    if version.department and home.department_id is None:
        home.department = version.department
        did["department"] = [version.department.pk, str(version.department)]
    if version.priority and version.priority > home.priority:
        did["priority"] = [home.priority, version.priority]
        home.priority = version.priority
    for pk in rule.notify:
        user = batch.people[pk]
        if batch.may(user, "see_inbox"):
            batch.told[version.rule_id, pk].append(home)
            did.setdefault("told", []).append(user.name)
    if did:
        batch.changed[home.pk] = home
    batch.firings.append(
        RuleFiring(
            rule=version.rule,
            version=version,
            conversation=home,
            message=message,
            matched=found[:120],
            did=did,
            at=batch.now,
        )
    )


def _write(batch: Batch) -> None:
    through = Conversation.labels.through
    added = [
        through(conversation_id=one.conversation_id, label_id=pk)
        for one in batch.firings
        for pk, _ in one.did.get("labels", ())
    ]
    through.objects.bulk_create(added, ignore_conflicts=True)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for pk, home in batch.changed.items():
        alike[home.assignee_id, home.department_id, home.priority].append(pk)
    for (assignee, department, priority), pks in alike.items():
        rows = Conversation.objects.filter(pk__in=pks)
        rows.update(assignee=assignee, department=department, priority=priority, version=F("version") + 1)
    adding.add(RuleFiring, COLUMNS, map(attrgetter(*COLUMNS), batch.firings))
    raised = {one.conversation_id for one in batch.firings if "priority" in one.did}
    urgency.note_changes([batch.changed[pk] for pk in sorted(raised)], batch.now, by=None)


def _tell(batch: Batch) -> None:
    """One notice for each person and rule, however many messages a batch brings."""
    for pk, homes in batch.given.items():
        words = f"A rule gave you: {homes[0]}" if len(homes) == 1 else f"Rules gave you {len(homes)} conversations"
        once = f"rules-gave:{batch.firings[0].message_id}"
        url = handling.address(homes[0]) if len(homes) == 1 else "/inbox/?tab=mine"
        notifications.tell(batch.people[pk], "inbox.assigned", words, url, now=batch.now, once=once)
    rules: dict[int, Rule] = {one.rule_id: one.rule for one in batch.firings}
    for (rule, pk), homes in batch.told.items():
        first = f"{rules[rule]}: {homes[0]}"
        words = first if len(homes) == 1 else f"{rules[rule]}: {len(homes)} conversations"
        once = f"rule:{rule}:{homes[0].pk}:{batch.firings[0].message_id}"
        url = handling.address(homes[0]) if len(homes) == 1 else "/inbox/?tab=team"
        notifications.tell(batch.people[pk], "inbox.rule", words, url, now=batch.now, once=once)
