"""Who has learned what: every person against every module, what is missing, and the reminders before it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts import notifications, walltime
from accounts.gate import last_day
from accounts.models import Grant, Town, TrainingAttempt, TrainingModule, TrainingRule, User

SOON = timedelta(days=30)
REMIND = (1, 7, 14, 30)  # days before
GRANT_REMIND = (1, 7, 14)
WORDS = {"good": "Passed", "soon": "Runs out soon", "owed": "To be passed", "missing": "Missing", "": "Not needed"}


@dataclass(frozen=True)
class Skill:
    """One person and one module. `state`: good, soon, owed (in the time of grace), missing, or empty: not needed.

    `until` is how long the last pass (row id `attempt`) is good, or by when a first one is owed; `needed` is whether a
    role of theirs asks for it.
    """

    module: TrainingModule
    state: str
    needed: bool
    until: datetime | None = None
    attempt: int | None = None

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def last_day(self) -> str:
        return last_day(self.until) if self.until else ""

    @property
    def short_day(self) -> str:
        """The same where there is little room: "3 May 2026" with the month in three letters."""
        return date_format(localtime(self.until - timedelta(seconds=1)), "j M Y") if self.until else ""


@dataclass(frozen=True)
class _Pass:
    until: datetime
    attempt: int


def matrix(people: Sequence[User], now: datetime) -> dict[int, list[Skill]]:
    """For each person's row id their skills, in the modules' order. Four queries, however many people."""
    modules = list(TrainingModule.objects.offered())
    roles, rules, passes = _roles(people, now), _rules(), _passes(people)
    return {
        one.pk: [_skill(one, module, roles[one.pk], rules, passes.get((one.pk, module.pk)), now) for module in modules]
        for one in people
    }


def of(user: User, now: datetime) -> list[Skill]:
    return matrix([user], now)[user.pk]


def gaps(now: datetime) -> list[tuple[User, Skill]]:
    """Who lacks what their role needs, the missing before those with time left."""
    people = list(User.objects.filter(is_active=True))
    found = matrix(people, now)
    short = [(one, skill) for one in people for skill in found[one.pk] if skill.state in {"missing", "owed"}]
    return sorted(short, key=lambda pair: (pair[1].state == "owed", pair[0].name))


def remind(now: datetime) -> int:
    """Tell people what runs out, and that a right of theirs ends; once per step. Returns how many were told."""
    return _remind_of_training(now) + _remind_of_grants(now)


def _remind_of_training(now: datetime) -> int:
    people, told = list(User.objects.filter(is_active=True)), 0
    zone = Town.here().zone
    for one, skills in matrix(people, now).items():
        user = next(person for person in people if person.pk == one)
        for skill in skills:
            if skill.needed and skill.until:
                told += _remind(user, skill, zone, now)
    return told


def _remind(user: User, skill: Skill, zone: str, now: datetime) -> int:
    title, url = skill.module.title, reverse("accounts:take-training", args=[skill.module.key])
    until: datetime = skill.until  # type: ignore[assignment]
    mark = f"{skill.module.pk}:{until:%Y%m%d}"
    if skill.state == "missing":
        if now - until > SOON:
            return 0
        lacks = "has run out" if skill.attempt else "is not passed yet"
        words = f"Your training “{title}” {lacks}. Until you pass it you cannot publish, answer or sign off."
        managers = f"{user.name} may not publish, answer or sign off: the training “{title}” {lacks}."
        notes = notifications.tell_role(
            "change_training", None, "training.missing", managers, reverse("accounts:skills"), now=now,
            once=f"training-missing:{user.pk}:{mark}", besides=[user],
        )  # fmt: skip
        said = notifications.tell(user, "training.due", words, url, now=now, once=f"training-ended:{mark}")
        return len(notes) + bool(said)
    step = _step(until, zone, now, REMIND)
    if step is None:
        return 0
    day = skill.last_day
    words = f"Your training “{title}” is good until {day}." if skill.state != "owed" else f"Pass “{title}” by {day}."
    return bool(notifications.tell(user, "training.due", words, url, now=now, once=f"training:{mark}:{step}"))


def _remind_of_grants(now: datetime) -> int:
    """People who are here for a time, and the administrators, before the day comes."""
    zone, told = Town.here().zone, 0
    ending = Grant.objects.current(now).filter(user__is_active=True, ends_at__lte=now + timedelta(days=15))
    for grant in ending.select_related("user", "scope"):
        step = _step(grant.ends_at, zone, now, GRANT_REMIND)  # type: ignore[arg-type]
        if step is None:
            continue
        day, once = last_day(grant.ends_at), f"grant:{grant.pk}:{step}"  # type: ignore[arg-type]
        words = f"Your right as {grant} ends at the end of {day}."
        told += bool(
            notifications.tell(grant.user, "right.ends", words, reverse("accounts:profile"), now=now, once=once)
        )
        about = f"{grant.user.name}: {grant} ends at the end of {day}."
        page = reverse("accounts:person", args=[grant.user.key])
        told += len(
            notifications.tell_role("grant", None, "right.ends", about, page, now=now, once=once, besides=[grant.user])
        )
    return told


def _step(until: datetime, zone: str, now: datetime, steps: Sequence[int]) -> int | None:
    """Which reminder it is time for: the smallest step not yet above the whole days left, None while none is due."""
    last = walltime.to_wall(until - timedelta(seconds=1), zone).date()
    left = (last - walltime.to_wall(now, zone).date()).days
    return next((step for step in steps if left <= step), None)


def _roles(people: Iterable[User], now: datetime) -> dict[int, set[str]]:
    roles: dict[int, set[str]] = defaultdict(set)
    for user, role in Grant.objects.filter(user__in=people).current(now).values_list("user_id", "role"):
        roles[user].add(role)
    return roles


def _rules() -> dict[tuple[int, str], TrainingRule]:
    return {(rule.module_id, rule.role): rule for rule in TrainingRule.objects.all()}


def _passes(people: Iterable[User]) -> dict[tuple[int, int], _Pass]:
    """The longest pass of each person in each module; an old version's only until it stops counting."""
    best: dict[tuple[int, int], _Pass] = {}
    rows = TrainingAttempt.objects.filter(Q(user__in=people)).passed().select_related("version__module")
    for attempt in rows.order_by("pk"):
        module, until = attempt.version.module, attempt.good_until
        if attempt.version.number < module.counts_from and module.again_from:
            until = min(until, module.again_from)  # type: ignore[type-var]
        known = best.get((attempt.user_id, module.pk))
        if until and (known is None or until > known.until):
            best[attempt.user_id, module.pk] = _Pass(until, attempt.pk)
    return best


def _skill(
    user: User,
    module: TrainingModule,
    roles: set[str],
    rules: dict[tuple[int, str], TrainingRule],
    held: _Pass | None,
    now: datetime,
) -> Skill:
    asking = [rules[module.pk, role] for role in roles if (module.pk, role) in rules]
    needed = bool(asking)
    if held and held.until > now:
        state = "soon" if needed and held.until - now <= SOON else "good"
        return Skill(module, state, needed, held.until, held.attempt)
    if not needed:
        return Skill(module, "", needed, held.until if held else None, held.attempt if held else None)
    due = min(max(rule.since, user.joined_at or rule.since) + rule.grace for rule in asking)
    if due > now:
        return Skill(module, "owed", needed, due)
    return Skill(module, "missing", needed, held.until if held else due, held.attempt if held else None)
