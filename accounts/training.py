"""Training before keys: the modules, who must have passed them, and the attempts.

Guarantees: an attempt and what was asked in it never change; a pass is good to the end of its last day by the town's
clocks; editing a module takes nobody's pass away before the day named for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.text import slugify

from accounts import audit, lessons, walltime
from accounts.gate import Fact, Lapse, require
from accounts.lessons import Lesson
from accounts.models import Town, TrainingAttempt, TrainingModule, TrainingRule, TrainingVersion, User
from accounts.models.grants import ROLES
from accounts.refusals import Invalid, LostRace

__all__ = ["Fact", "Lapse", "add", "answer", "put_away", "require", "revise", "rule", "ship", "take_up"]

GRACE = timedelta(days=14)


def ship(now: datetime, *, by: User | None = None, grace: timedelta = GRACE) -> list[TrainingModule]:
    """Add the modules that come with Parley and are not here yet, each bound to the roles it is meant for."""
    here = set(TrainingModule.objects.values_list("slug", flat=True))
    added = []
    with transaction.atomic():
        for place, one in enumerate(lessons.shipped(), 1):
            if one.slug not in here:
                module = _store(one.slug, one.lesson, place, by=by, now=now)
                rule(module, dict.fromkeys(one.roles, grace), by=by, now=now)
                added.append(module)
    return added


def add(lesson: Lesson, *, by: User, now: datetime) -> TrainingModule:
    """A module of the town's own; nobody must hold it until a rule says so."""
    check(lesson)
    slug = slugify(lesson.title)[:40] or "module"
    taken = TrainingModule.objects.filter(slug__startswith=slug).count()
    place = (TrainingModule.objects.aggregate(most=Max("place"))["most"] or 0) + 1
    try:
        with transaction.atomic():
            return _store(f"{slug}-{taken}" if taken else slug, lesson, place, by=by, now=now)
    except IntegrityError as error:
        raise LostRace("A colleague made a module of this name at the same moment.") from error


def revise(
    module: TrainingModule, lesson: Lesson, number: int, *, by: User, now: datetime, again_on: date | None = None
) -> TrainingVersion:
    """A new version on top of `number`. Passes of earlier ones go on counting, or until the end of `again_on`."""
    check(lesson)
    fields: dict[str, object] = {"number": F("number") + 1, "title": lesson.title}
    if again_on is not None:
        until = walltime.end_of_day(again_on, Town.here().zone)
        if until <= now:
            raise Invalid("The day by which people take it again must not be past.")
        fields |= {"counts_from": number + 1, "again_from": until}
    with transaction.atomic():
        was = module.versions.get(number=number)
        if not TrainingModule.objects.filter(pk=module.pk, number=number).update(**fields):
            raise LostRace(
                "A colleague changed this module while you had it open.",
                next_step="Open it again and make your change on top of theirs.",
            )
        version = TrainingVersion.objects.create(
            module=module, number=number + 1, by=by, at=now, changed=_what_changed(was, lesson), **lesson.stored()
        )
        again = again_on.isoformat() if again_on else None
        audit.record("revised_training", version.module, by=by, now=now, was=number, became=number + 1, again_on=again)
    return version


def rule(module: TrainingModule, roles: Mapping[str, timedelta], *, by: User | None, now: datetime) -> None:
    """Set which roles must hold the module, each with the grace new people have. Rules that stay keep their start."""
    if set(roles) - set(dict(ROLES)):
        raise Invalid("Choose roles from the list.")
    with transaction.atomic():
        was = {one.role: one for one in module.rules.select_for_update()}
        before = {role: one.grace.days for role, one in was.items()}
        module.rules.exclude(role__in=roles).delete()
        for role, grace in roles.items():
            if role not in was:
                TrainingRule.objects.create(module=module, role=role, grace=grace, since=now)
            elif was[role].grace != grace:
                module.rules.filter(role=role).update(grace=grace)
        became = {role: grace.days for role, grace in roles.items()}
        if became != before:
            audit.record("changed_training_rules", module, by=by, now=now, was=before, became=became)


def put_away(module: TrainingModule, *, by: User, now: datetime) -> None:
    """Nobody needs it and nobody can take it; what was passed stays on record."""
    if TrainingModule.objects.offered().filter(pk=module.pk).update(put_away_at=now):
        audit.record("put_away_training", module, by=by, now=now)


def take_up(module: TrainingModule, *, by: User, now: datetime) -> None:
    if TrainingModule.objects.exclude(put_away_at=None).filter(pk=module.pk).update(put_away_at=None):
        audit.record("took_up_training", module, by=by, now=now)


def answer(
    user: User, module: TrainingModule, number: int, chosen: Sequence[Sequence[int]], now: datetime
) -> TrainingAttempt:
    """Keep an attempt at version `number`: `chosen` holds the options ticked, question by question."""
    if module.put_away_at is not None:
        raise Invalid("This module is not used any more.")
    if number != module.number:
        raise LostRace(
            "This module was changed while you had it open.", next_step="Open it again; nothing was counted."
        )
    version = module.versions.get(number=number)
    questions = lessons.read(version.questions)
    if len(chosen) != len(questions) or not all(chosen):
        raise Invalid("Answer every question; nothing was counted.")
    right = sum(question.is_right(options) for question, options in zip(questions, chosen, strict=True))
    passed = right >= lessons.needed(len(questions), version.pass_mark)
    with transaction.atomic():
        attempt = TrainingAttempt.objects.create(
            user=user,
            version=version,
            answers=[sorted(set(options)) for options in chosen],
            right=right,
            asked=len(questions),
            at=now,
            good_until=good_until(now, version.months, Town.here().zone) if passed else None,
        )
        act = "passed_training" if passed else "failed_training"
        audit.record(act, module, by=user, now=now, right=right, asked=len(questions), version=number)
    return attempt


def good_until(now: datetime, months: int, zone: str) -> datetime:
    """The end of the day so many months on, by the town's clocks."""
    return walltime.end_of_day(walltime.months_later(walltime.to_wall(now, zone).date(), months), zone)


def check(lesson: Lesson) -> None:
    found = lessons.problems(lesson)
    if found:
        raise Invalid(" ".join(found), next_step="Nothing was saved yet.")


def _store(slug: str, lesson: Lesson, place: int, *, by: User | None, now: datetime) -> TrainingModule:
    module = TrainingModule.objects.create(slug=slug, title=lesson.title, place=place)
    TrainingVersion.objects.create(module=module, number=1, by=by, at=now, changed="First version", **lesson.stored())
    audit.record("added_training", module, by=by, now=now)
    return module


def _what_changed(was: TrainingVersion, lesson: Lesson) -> str:
    new = lesson.stored()
    names = {"title": "the title", "summary": "the summary", "body": "the text", "questions": "the questions"}
    names |= {"pass_mark": "the pass mark", "months": "how long it is good for"}
    parts = [words for name, words in names.items() if getattr(was, name) != _plain(new[name])]
    return f"Changed: {', '.join(parts)}" if parts else "Nothing was changed"


def _plain(value: object) -> object:
    """As JSON gives it back: lists for tuples."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value
