"""The dry run: what a rule would have done with what really came in over the last month. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import audit
from accounts.access import may
from accounts.models import User
from channels_app.models import Channel
from engagement import threads
from engagement.models import Conversation, Message, Rule, RuleTrial, RuleVersion
from engagement.rules import reading
from engagement.rules.matching import Seen
from engagement.rules.reading import Ready
from engagement.wordmatch import Text

SPAN = timedelta(days=30)
MOST = 50_000  # messages looked at, the newest first
KEPT = 60  # rows kept of those that fit, the newest first


@dataclass(frozen=True)
class Row:
    """One message that fits, and what would be done with its conversation as that stands now."""

    message: Message
    conversation: Conversation
    matched: str
    would: list[str]


def run(rule: Rule, *, by: User, now: datetime) -> RuleTrial:
    """Hold the newest version against the messages of the last month; its outcome is kept."""
    version, since = rule.newest, now - SPAN
    compiled, hours = reading.ready(version), reading.town_hours()
    looked, fitted, rows = 0, 0, list[list[object]]()
    for pk, seen in _seen(since, now):
        looked += 1
        found = compiled.conditions.fits(seen, hours)
        if found is not None:
            fitted += 1
            if len(rows) < KEPT:
                rows.append([pk, found])
    trial = RuleTrial.objects.create(
        version=version, since=since, looked=looked, whole=looked < MOST, fitted=fitted, rows=rows, by=by, at=now
    )
    audit.record("tried_rule", rule, by=by, now=now, version=version.n, looked=looked, fitted=fitted)
    return trial


def _seen(since: datetime, now: datetime) -> Iterator[tuple[int, Seen]]:
    """What residents wrote, newest first; not what was there before its channel came to Parley."""
    begun = {pk: at - threads.HISTORY_BEFORE for pk, at in Channel.objects.values_list("pk", "created_at")}
    rows = Message.objects.filter(ours=False, conversation__isnull=False, at__gte=since, at__lte=now)
    columns = ("pk", "text", "channel_id", "person__handle", "at", "language")
    for pk, text, channel, handle, at, language in (
        rows.order_by("-at", "-pk").values_list(*columns)[:MOST].iterator(chunk_size=2000)
    ):
        if at >= begun[channel]:
            yield pk, Seen(Text(text), channel, handle or "", at, language)


def of(version: RuleVersion) -> RuleTrial | None:
    """The newest dry run of this version."""
    return version.trials.order_by("-at", "-id").first()


def rows_of(trial: RuleTrial, user: User, now: datetime) -> list[Row]:
    """What fitted, as far as this person may see it, each conversation once."""
    matched = dict(trial.rows)
    seen = Conversation.objects.visible_to(user, now)
    found = Message.objects.filter(pk__in=list(matched), conversation__in=seen)
    found = found.select_related("conversation__assignee", "conversation__department", "conversation__channel__scope")
    compiled = reading.ready(trial.version)
    homes: dict[int, Row] = {}
    for message in found.prefetch_related("conversation__labels").order_by("-at", "-pk"):
        home = message.conversation
        if home is not None and home.pk not in homes:
            homes[home.pk] = Row(message, home, matched[message.pk], would(compiled, home, now))
    return list(homes.values())


def would(rule: Ready, home: Conversation, now: datetime) -> list[str]:
    """What the rule would do with this conversation, one sentence each; what it would leave alone is said too."""
    return [*_labels(rule, home), *_people(rule, home, now), *_priority(rule.version, home), *_told(rule)]


def _labels(rule: Ready, home: Conversation) -> Iterable[str]:
    there = {one.pk for one in home.labels.all()}
    for pk, name in rule.labels.items():
        yield f"carries {name} already" if pk in there else f"label {name}"


def _people(rule: Ready, home: Conversation, now: datetime) -> Iterable[str]:
    to, department = rule.version.assignee, rule.version.department
    if to and home.assignee:
        yield f"{home.assignee.name} has it already"
    elif to and not may(to, "answer", now, home.channel.scope):
        yield f"not to {to.name}, who does not answer there"
    elif to:
        yield f"give it to {to.name}"
    if department:
        yield f"{home.department} has it already" if home.department else f"give it to {department}"


def _priority(version: RuleVersion, home: Conversation) -> Iterable[str]:
    if version.priority:
        higher = version.priority > home.priority
        yield f"priority {version.get_priority_display().lower()}" if higher else "priority stays"


def _told(rule: Ready) -> Iterable[str]:
    if rule.notify:
        yield f"tell {', '.join(rule.notify.values())}"
