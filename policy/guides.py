"""The guides as they hold: which version, which clause a rule rests on, and who still has to read them.

Until the town adopts its own, the shipped text stands in for the clauses, marked as not adopted; nobody owes reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts import audit
from accounts.access import EVERYONE
from accounts.models import Grant, Notification, User
from accounts.notifications import tell
from accounts.refusals import Invalid, Refusal
from policy import ruling, shipped
from policy.models import GUIDES, Acknowledgement, Clause, GuideVersion, PolicyChoices
from policy.shipped import Words

NAMES = dict(GUIDES)
SHORT = {"policy": "Policy", "voice": "Voice"}


@dataclass(frozen=True)
class ClauseRef:
    """A clause to point at: "Policy 4.2", its address, its title."""

    label: str
    url: str
    title: str
    guide: str
    anchor: str


def versions() -> dict[str, GuideVersion]:
    """The version of each guide that holds; guides not adopted yet are left out."""
    return {row.guide: row for row in GuideVersion.objects.current().select_related("approved_by")}


def current(guide: str) -> GuideVersion | None:
    return GuideVersion.objects.current().filter(guide=guide).select_related("approved_by", "asked_by").first()


def words_of(version: GuideVersion) -> tuple[Words, ...]:
    """The clauses of a version, in order."""
    return tuple(_words(row) for row in version.clauses.all())


def clauses(guide: str) -> tuple[Words, ...]:
    """The clauses that hold; the shipped ones where the town has adopted none."""
    version = current(guide)
    return _clauses_of(version.key) if version else shipped.clauses(guide)


def everything() -> dict[str, tuple[Words, ...]]:
    """The clauses of both guides."""
    held = dict(GuideVersion.objects.current().values_list("guide", "key"))
    return {guide: _clauses_of(held[guide]) if guide in held else shipped.clauses(guide) for guide in NAMES}


def clauses_by_rule() -> dict[str, ClauseRef]:
    """The clause each check, refusal and permission rule rests on, by its id."""
    return by_rule(dict(GuideVersion.objects.current().values_list("guide", "key")))


def by_rule(held: Mapping[str, UUID]) -> dict[str, ClauseRef]:
    """The same, from the keys of the versions that hold, by guide."""
    return _by_rule(tuple(held.get(guide) for guide in NAMES))


def cited(refusal: Refusal) -> str:
    """A refusal in one line of a form: its words, what to do, and the clause it rests on."""
    clause = clauses_by_rule().get(refusal.rule)
    whole = f"{refusal.words} {refusal.next_step}".strip()
    return f"{whole} ({clause.label}: {clause.title})" if clause else whole


def ref(guide: str, clause: Words) -> ClauseRef:
    url = f"{reverse('policy:guide', args=[guide])}#{clause.anchor}"
    return ClauseRef(f"{SHORT[guide]} {clause.number}", url, clause.title, guide, clause.anchor)


def find(guide: str, anchor: str) -> Words | None:
    return next((one for one in clauses(guide) if one.anchor == anchor), None)


# --- reading and acknowledging ---------------------------------------------------------------------------------------


def owed(user: User, now: datetime) -> list[GuideVersion]:
    """The versions in force that this person has not acknowledged yet."""
    if not _bound(now).filter(pk=user.pk).exists():
        return []
    read = Acknowledgement.objects.filter(user=user).values_list("version", flat=True)
    return [row for row in GuideVersion.objects.current() if row.pk not in set(read)]


def due_at(version: GuideVersion, user: User) -> datetime:
    """Until when rights do not rest for it: the grace for those who were here, at once for whoever came later."""
    approved_at = version.approved_at
    if approved_at is None:
        raise Invalid("This version is not in force.")
    if user.joined_at and user.joined_at > approved_at:
        return user.joined_at
    return approved_at + timedelta(days=PolicyChoices.here().grace_days)


def acknowledged(user: User, now: datetime) -> bool:
    """Nothing is left to be read whose grace is over."""
    return not [version for version in owed(user, now) if due_at(version, user) <= now]


def acknowledge(version: GuideVersion, *, by: User, now: datetime) -> None:
    """`by` says that they have read it. Saying so twice is saying it once."""
    held = current(version.guide)
    if held is None or held.pk != version.pk:
        raise Invalid("Another version holds by now.", next_step="Read that one.", rule="guides")
    _, new = Acknowledgement.objects.get_or_create(version=version, user=by, defaults={"at": now})
    if new:
        audit.record("acknowledged", version, by=by, now=now)
        told = Notification.objects.filter(user=by, event="policy.to_read", url=_address(version), read_at=None)
        told.update(read_at=now)


def outstanding(version: GuideVersion, now: datetime) -> list[User]:
    """Who still has to read it."""
    read = Acknowledgement.objects.filter(version=version).values("user")
    return list(_bound(now).exclude(pk__in=read).order_by("name"))


def remind(version: GuideVersion, *, by: User | None, now: datetime) -> int:
    """Tell everybody who has not read it yet, at most once a day each; how many."""
    people = outstanding(version, now)
    for user in people:
        words = f"Please read and acknowledge: {version}, in force since {_day(version)}."
        once = f"guide:{version.key}:{user.pk}:{now.date()}"
        tell(user, "policy.to_read", words, _address(version), now=now, once=once)
    if by is not None:
        audit.record("reminded", version, by=by, now=now, people=len(people))
    return len(people)


def _address(version: GuideVersion) -> str:
    return reverse("policy:guide", args=[version.guide])


def _bound(now: datetime) -> QuerySet[User]:
    """Everybody who has a role now."""
    held = Grant.objects.current(now).filter(role__in=EVERYONE)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def _day(version: GuideVersion) -> str:
    return f"{version.approved_at.day} {version.approved_at:%B %Y}" if version.approved_at else "today"


def _words(row: Clause) -> Words:
    asked = tuple(line.strip() for line in row.questions.splitlines() if line.strip())
    return Words(row.anchor, row.chapter, row.title, row.text, tuple(row.rules), asked, row.number)


@lru_cache(maxsize=16)
def _clauses_of(key: UUID) -> tuple[Words, ...]:
    """An approved version never changes, so its clauses are read once per process."""
    return tuple(_words(row) for row in Clause.objects.filter(version__key=key))


@lru_cache(maxsize=16)
def _by_rule(held: tuple[UUID | None, ...]) -> dict[str, ClauseRef]:
    rows: dict[str, Iterable[str]] = {}
    refs = {}
    for guide, key in zip(NAMES, held, strict=True):
        for one in _clauses_of(key) if key else shipped.clauses(guide):
            place = f"{guide}#{one.anchor}"
            rows[place], refs[place] = one.rules, ref(guide, one)
    return {rule: refs[place] for rule, place in ruling.covered(rows).items()}
