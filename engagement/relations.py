"""Relationships: whom the town works with, by which accounts they are known, and when we were last in touch.

A resident has no record here and no page of their own: what they wrote stands in the threads they started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app.models.channels import PLATFORMS
from engagement import aside
from engagement.models import Contact, Conversation, OutreachPost, Person, Relationship, RelationshipHandle

FACTS = ("kind", "name", "about", "language", "owner", "basis", "reach", "reach_source", "quiet_days")
NEEDS_BASIS = (
    "A private individual is not added without a stated basis: their own consent, or a public duty that names them. "
    "What residents write stays in the threads they started."
)
MOST_THREADS = 30
# Beside a conversation: the record whose account wrote it, for `partner_of`.
PARTNER = """(SELECT jsonb_build_object('key', r.key, 'name', r.name, 'kind', r.kind,
    'owner', (SELECT name FROM accounts_user WHERE id = r.owner_id))
   FROM engagement_relationshiphandle h JOIN engagement_relationship r ON r.id = h.relationship_id
  WHERE h.platform = (SELECT platform FROM channels_app_channel WHERE id = engagement_conversation.channel_id)
    AND h.handle = (SELECT lower(ltrim(handle, '@')) FROM engagement_person
                     WHERE id = engagement_conversation.person_id))"""
Handles = list[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """One line of the history, newest first."""

    on: date
    kind: str
    words: str
    url: str = ""
    by: str = ""


@dataclass(frozen=True)
class Quiet:
    """A relationship that has gone quiet: since when, or never in touch at all."""

    relationship: Relationship
    last: date | None
    days: int


def normal(handle: str) -> str:
    """A handle as it is compared: lower case, no @ in front."""
    return handle.strip().lstrip("@").lower()


def read_handles(text: str) -> Handles:
    """One account per line: the platform's name, then the handle."""
    names = {name.lower(): key for key, name in PLATFORMS} | {key: key for key, _ in PLATFORMS}
    found: Handles = []
    for line in text.splitlines():
        if not line.strip():
            continue
        platform, _, handle = line.strip().partition(" ")
        if platform.lower() not in names or not normal(handle) or len(normal(handle)) > 120:
            known = ", ".join(name for _, name in PLATFORMS)
            raise Invalid(f"“{line.strip()[:60]}” is no account.", next_step=f"Write one of {known}, then the handle.")
        if names[platform.lower()] == "mastodon" and "@" not in normal(handle):
            raise Invalid("On Mastodon a handle has its server.", next_step="Write @foodbank@social.example.")
        found.append((names[platform.lower()], normal(handle)))
    return list(dict.fromkeys(found))


def add(facts: Mapping[str, Any], handles: Handles, *, by: User, now: datetime) -> Relationship:
    """A new record; a private individual only with a stated basis."""
    require(by, "note", now)
    try:
        with transaction.atomic():
            one = Relationship.objects.create(**_checked(facts), by=by, at=now)
            _set_handles(one, handles)
            audit.record("added_relationship", one, by=by, now=now, kind=one.kind, basis=one.basis)
    except IntegrityError:
        raise _taken(handles) from None
    return one


def change(
    one: Relationship, facts: Mapping[str, Any], handles: Handles, version: int, *, by: User, now: datetime
) -> None:
    """Correct a record; what it said before is in the audit trail."""
    require(by, "note", now)
    told = _checked(facts)
    try:
        with transaction.atomic():
            fresh = Relationship.objects.select_for_update().get(pk=one.pk)
            if fresh.version != version:
                raise LostRace("A colleague changed this record meanwhile.", next_step="Load it again, then change it.")
            if told["kind"] not in Relationship.TOGETHER and fresh.stakes.exists():
                raise IllegalMove("It stands on the stakeholder map, which holds no persons.")
            was = {name: str(getattr(fresh, name)) for name in FACTS if getattr(fresh, name) != told[name]}
            Relationship.objects.filter(pk=one.pk).update(**told, version=version + 1)
            _set_handles(fresh, handles)
            audit.record("changed_relationship", one, by=by, now=now, was=was)
    except IntegrityError:
        raise _taken(handles, one) from None


def put_away(one: Relationship, *, by: User, now: datetime) -> None:
    """Out of the lists; the accounts are free again. Nothing of the history is shown any more."""
    require(by, "note", now)
    with transaction.atomic():
        one.handles.all().delete()
        Relationship.objects.filter(pk=one.pk).update(active=False)
        audit.record("put_relationship_away", one, by=by, now=now)


def note_contact(one: Relationship, kind: str, words: str, on: date, *, by: User, now: datetime) -> Contact:
    """Write down that we were in touch, or a note."""
    require(by, "note", now)
    if on > timezone.localdate(now):
        raise Invalid("That day is still to come.", next_step="Set a follow-up for it instead.")
    if kind not in dict(Contact.KINDS) or not words.strip():
        raise Invalid("Say in a few words what it was.")
    made = Contact.objects.create(relationship=one, kind=kind, words=words.strip()[:500], on=on, by=by, at=now)
    audit.record("noted_contact", one, by=by, now=now, contact=kind, on=on.isoformat())
    return made


def snooze(one: Relationship, until: date | None, reason: str, *, by: User, now: datetime) -> None:
    """Leave it quiet until a day, for a reason; without a day it is back on the list."""
    require(by, "note", now)
    if until is not None and until <= timezone.localdate(now):
        raise Invalid("Choose a day that is still to come.")
    if until is not None and not reason.strip():
        raise Invalid("Say why it may stay quiet.")
    Relationship.objects.filter(pk=one.pk).update(snoozed_until=until, snooze_reason=reason.strip()[:200])
    audit.record("snoozed_relationship", one, by=by, now=now, until=str(until or ""), reason=reason.strip())


def follow_up(one: Relationship, on: date | None, words: str, *, by: User, now: datetime) -> None:
    """Remember to do something on a day; without a day the reminder is gone."""
    require(by, "note", now)
    if on is not None and not words.strip():
        raise Invalid("Say what is to be done then.")
    Relationship.objects.filter(pk=one.pk).update(follow_up_on=on, follow_up_words=words.strip()[:200] if on else "")
    audit.record("set_follow_up", one, by=by, now=now, on=str(on or ""), words=words.strip())


def due_follow_ups(user: User, today: date) -> list[Relationship]:
    """What this person is to be reminded of: their own relationships to follow up by today."""
    rows = Relationship.objects.filter(owner=user, active=True, follow_up_on__lte=today)
    return list(rows.order_by("follow_up_on")[:10])


def partner_of(conversation: Conversation) -> Relationship | None:
    """The record whose account wrote this, as far as naming it needs; None for everybody else."""
    row: Any = conversation
    if not hasattr(row, "told_beside"):
        rows = Conversation.objects.annotate(told_beside=aside.of({"partner": PARTNER}))
        row = rows.only("key").get(pk=conversation.pk)
    known = row.told_beside["partner"]
    if known is None:
        return None
    owner = User(name=known["owner"])
    return Relationship(key=UUID(known["key"]), name=known["name"], kind=known["kind"], owner=owner)


def history(one: Relationship, user: User, now: datetime) -> list[Event]:
    """Threads by their accounts as far as this person sees them, contacts, what we wrote at theirs; newest first."""
    people = [pk for pks in authors(one.handles.all()).values() for pk in pks]
    threads = Conversation.objects.visible_to(user, now).filter(person__in=people).select_related("channel")
    tz = Town.here().tz
    found = [
        Event(row.last_at.astimezone(tz).date(), f"Thread, {row.get_state_display().lower()}", row.excerpt or str(row),
              f"/inbox/{row.key}/", row.channel.name)
        for row in threads.order_by("-last_at")[:MOST_THREADS]
    ]  # fmt: skip
    found += [
        Event(row.on, row.get_kind_display(), row.words, by=row.by.name) for row in one.contacts.select_related("by")
    ]
    posts = OutreachPost.objects.filter(place__relationship=one).select_related("by", "place")
    found += [Event(row.on, f"Wrote at {row.place}", row.words, row.url, row.by.name) for row in posts]
    return sorted(found, key=lambda event: event.on, reverse=True)


def last_contacts(rows: Sequence[Relationship]) -> dict[int, date]:
    """When we were last in touch with each: their thread, a contact, or something we wrote at theirs."""
    tz = Town.here().tz
    pks = [row.pk for row in rows]
    people = authors(RelationshipHandle.objects.filter(relationship__in=pks))
    talked = dict(
        Conversation.objects.filter(person__in=[pk for some in people.values() for pk in some])
        .values_list("person").annotate(last=Max("last_at"))
    )  # fmt: skip
    found: dict[int, date] = {}
    dated = [(pk, talked[one].astimezone(tz).date()) for pk, some in people.items() for one in some if one in talked]
    met = Contact.objects.filter(relationship__in=pks).exclude(kind="note").values_list("relationship")
    dated += list(met.annotate(last=Max("on")))
    wrote = OutreachPost.objects.filter(place__relationship__in=pks).values_list("place__relationship")
    dated += list(wrote.annotate(last=Max("on")))
    for pk, day in dated:
        found[pk] = max(day, found.get(pk, day))
    return found


def gone_quiet(rows: Sequence[Relationship], last: Mapping[int, date], today: date) -> list[Quiet]:
    """Those without contact for their days, the longest quiet first; snoozed ones only once their day has come."""
    tz, found = Town.here().tz, []
    for row in rows:
        if not row.active or (row.snoozed_until and row.snoozed_until > today):
            continue
        since = last.get(row.pk) or row.at.astimezone(tz).date()
        if (today - since).days >= row.quiet_days:
            found.append(Quiet(row, last.get(row.pk), (today - since).days))
    return sorted(found, key=lambda one: (-one.days, one.relationship.name))


def new_this_week(now: datetime) -> int:
    """Organisations and groups added this week (Monday to Sunday in town) whose first contact is logged."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    start = datetime.combine(monday, time(0), tzinfo=Town.here().tz)
    rows = Relationship.objects.filter(kind__in=Relationship.TOGETHER, at__gte=start, active=True)
    touched = Contact.objects.exclude(kind="note").filter(on__gte=monday).values("relationship")
    return rows.filter(pk__in=touched).count()


def authors(handles: Iterable[RelationshipHandle]) -> dict[int, list[int]]:
    """The authors behind these accounts, by relationship."""
    wanted = {(one.platform, one.handle): one.relationship_id for one in handles}
    forms = [form for _, handle in wanted for form in (handle, f"@{handle}")]
    found: dict[int, list[int]] = {}
    rows = Person.objects.annotate(low=Lower("handle")).filter(low__in=forms)
    for pk, platform, handle in rows.values_list("pk", "channel__platform", "low"):
        home = wanted.get((platform, normal(handle)))
        if home is not None:
            found.setdefault(home, []).append(pk)
    return found


def _set_handles(one: Relationship, handles: Handles) -> None:
    kept = {(row.platform, row.handle): row for row in one.handles.all()}
    gone = [row.pk for ref, row in kept.items() if ref not in handles]
    RelationshipHandle.objects.filter(pk__in=gone).delete()
    for platform, handle in handles:
        if (platform, handle) not in kept:
            RelationshipHandle.objects.create(relationship=one, platform=platform, handle=handle)


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: facts.get(name) for name in FACTS}
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in kept.items()}
    if not kept["name"]:
        raise Invalid("Say who it is.")
    if kept["kind"] == "person" and not kept["basis"]:
        raise Invalid(NEEDS_BASIS)
    if kept["kind"] not in Relationship.TOGETHER:
        kept |= {"reach": None, "reach_source": ""}
    return kept


def _taken(handles: Handles, one: Relationship | None = None) -> Invalid:
    for platform, handle in handles:
        row = RelationshipHandle.objects.filter(platform=platform, handle=handle).exclude(relationship=one).first()
        if row is not None:
            return Invalid(f"@{handle} belongs to {row.relationship} already.", next_step="Change it there first.")
    return Invalid("An account is named twice.", next_step="Load the page again.")
