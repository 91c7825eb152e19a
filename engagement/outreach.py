"""Taking part in other people's groups and pages: by their rules, by the people we named, always saying who we are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from engagement import relations
from engagement.models import Contact, OutreachPlace, OutreachPost, PeopleChoices, Relationship, RelationshipHandle

FACTS = ("name", "url", "relationship", "house_rules", "disclosure")
OWN_PAGE = "The town answers on its own page instead."


def add(facts: Mapping[str, Any], people: Iterable[User], *, by: User, now: datetime) -> OutreachPlace:
    """A group or page of others where we may take part."""
    require(by, "note", now)
    with transaction.atomic():
        one = OutreachPlace.objects.create(**{name: facts.get(name) for name in FACTS}, by=by, at=now)
        one.may_post.set(people)
        audit.record("added_place", one, by=by, now=now)
    return one


def change(one: OutreachPlace, facts: Mapping[str, Any], people: Iterable[User], *, by: User, now: datetime) -> None:
    """Correct its rules, or who of us may write there."""
    require(by, "note", now)
    with transaction.atomic():
        OutreachPlace.objects.filter(pk=one.pk).update(**{name: facts.get(name) for name in FACTS})
        one.may_post.set(people)
        audit.record("changed_place", one, by=by, now=now)


def log(one: OutreachPlace, words: str, url: str, on: date, *, by: User, now: datetime) -> OutreachPost:
    """Write down what was said there. It holds the line that says who we are, or it is not logged as ours to keep."""
    require(by, "note", now)
    if PeopleChoices.here().own_page_only:
        raise IllegalMove(OWN_PAGE, next_step="Answer on one of our channels and link to it from there.")
    if not one.may_post.filter(pk=by.pk).exists():
        raise NotAllowed(
            f"You are not among those who write at {one}.", next_step="Ask one of them, or be named there."
        )
    if not discloses(words, one.disclosure):
        raise Invalid(
            f"It does not say who we are. The line is: {one.disclosure}", next_step="Add it there, then log the words."
        )
    if on > timezone.localdate(now):
        raise Invalid("That day is still to come.")
    with transaction.atomic():
        made = OutreachPost.objects.create(place=one, words=words.strip(), url=url, on=on, by=by, at=now)
        audit.record("took_part", one, by=by, now=now, url=url)
        if one.relationship is not None:
            first = f"Took part at {one}"
            Contact.objects.create(relationship=one.relationship, kind="outreach", words=first, on=on, by=by, at=now)
    return made


def discloses(words: str, disclosure: str) -> bool:
    """Whether the words hold the line that says who we are; spaces and capitals do not matter."""
    flat = [re.sub(r"\s+", " ", text).strip().casefold() for text in (words, disclosure)]
    return bool(flat[1]) and flat[1] in flat[0]


def choose(own_page_only: bool, weekly_goal: int, community_name: str, *, by: User, now: datetime) -> None:
    """Whether we take part at others' at all, how many new relationships a week we aim for, what we call ourselves."""
    require(by, "change_lists", now)
    was = PeopleChoices.here()
    facts = {"own_page_only": own_page_only, "weekly_goal": weekly_goal, "community_name": community_name.strip()}
    PeopleChoices.objects.update_or_create(pk=1, defaults=facts)
    told = {name: getattr(was, name) for name in facts}
    audit.record("chose_outreach", None, by=by, now=now, subject="Outreach", was=told, became=facts)


def goal(now: datetime) -> tuple[int, int]:
    """How many new relationships count this week, and the goal."""
    return relations.new_this_week(now), PeopleChoices.here().weekly_goal


# --- the follow plan -------------------------------------------------------------------------------------------------


def accounts_to_follow() -> QuerySet[RelationshipHandle]:
    """The accounts of organisations and groups: the only ones a follow plan holds."""
    rows = RelationshipHandle.objects.filter(
        relationship__kind__in=Relationship.TOGETHER, relationship__active=True
    ).select_related("relationship", "noted_by")
    return rows.order_by("relationship__name", "platform")


def note_follow(
    one: RelationshipHandle, planned: bool, followed_on: date | None, back_on: date | None, *, by: User, now: datetime
) -> None:
    """Note by hand that we follow them and that they follow us. Parley follows nobody by itself."""
    require(by, "note", now)
    if one.relationship.kind not in Relationship.TOGETHER:
        raise IllegalMove("Only organisations and groups are in the follow plan.")
    RelationshipHandle.objects.filter(pk=one.pk).update(
        to_follow=planned, followed_on=followed_on, back_on=back_on, noted_by=by
    )
    told: dict[str, Any] = {"planned": planned, "followed": str(followed_on or ""), "back": str(back_on or "")}
    audit.record("noted_follow", one.relationship, by=by, now=now, account=str(one), **told)
